#include "cache/buyer.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "aws/ce.h"
#include "base/app.h"
#include "base/limits.h"
#include "cache/derive.h"

/* One key that the purchase fills, on its way to both stores. */
struct item {
	struct key key;
	bool seen_exists;	/* in S3, before the purchase */
	bool seen_foreign;
	char seen_etag[132];
	struct buf text;	/* envelope */
	struct entry entry;
	bool final;
	char etag[132];		/* once stored in S3 */
	int64_t last_modified;
};

struct work {
	const struct buyer_request *rq;
	struct session *s;
	struct item items[BUYER_KEYS];
	size_t count;
	bool share;		/* S3 is to be written */
	bool dropped;		/* invalidated meanwhile: store nowhere */
};

void
buyer_result_init(struct buyer_result *r, size_t max)
{
	memset(r, 0, sizeof *r);
	buf_init(&r->text, max);
}

void
buyer_result_clear(struct buyer_result *r)
{
	buf_clear(&r->text);
}

static void
work_init(struct work *w, const struct buyer_request *rq)
{
	const char *type;
	size_t i;

	memset(w, 0, sizeof *w);
	w->rq = rq;
	w->s = rq->session;
	w->share = rq->seen != NULL;
	for (i = 0; i < BUYER_KEYS; i++) {
		type = purchase_fills(rq->purchase->name, rq->key->type, i);
		if (type == NULL)
			break;
		w->items[i].key = *rq->key;
		snprintf(w->items[i].key.type, sizeof w->items[i].key.type,
		    "%s", type);
		buf_init(&w->items[i].text, LIMIT_OBJECT + LIMIT_METADATA);
		w->items[i].last_modified = -1;
		w->count++;
	}
}

static void
work_clear(struct work *w)
{
	size_t i;

	for (i = 0; i < w->count; i++)
		buf_clear(&w->items[i].text);
}

static void
seen_by(struct item *item, const struct seek *k)
{
	item->seen_exists = k->remote.exists;
	item->seen_foreign = seek_untouchable(k);
	memcpy(item->seen_etag, k->remote.etag, sizeof item->seen_etag);
}

/*
 * What lies at each key before money is spent. The purchase's own key and
 * the one asked for were read by the caller; the others take a HEAD each. One that cannot be looked
 * at is written only where nothing is.
 */
static void
look(struct work *w)
{
	const struct seek *asked = w->rq->asked;
	struct remote_entry remote;
	size_t i;

	if (!w->share)
		return;
	seen_by(&w->items[0], w->rq->seen);
	for (i = 1; i < w->count; i++) {
		struct item *item = &w->items[i];

		if (strcmp(item->key.type, asked->key.type) == 0) {
			seen_by(item, asked);
			continue;
		}
		remote_init(&remote, 0);
		if (remote_look(w->s, &item->key, &remote) == REMOTE_FOREIGN)
			item->seen_foreign = true;
		item->seen_exists = remote.exists;
		memcpy(item->seen_etag, remote.etag, sizeof item->seen_etag);
		remote_clear(&remote);
	}
}

static void
data_through(const struct entry_coverage *coverage, char out[11])
{
	char text[DATE_ROOM];

	out[0] = '\0';
	if (!coverage->known || coverage->empty)
		return;
	date_format_day(date_of(date_start(coverage->end) - 1), text);
	memcpy(out, text, 11);
}

/* The envelope of one item around its data. */
static int
seal(struct work *w, struct item *item, struct span data, int64_t timestamp,
    struct err *err)
{
	const struct buyer_request *rq = w->rq;
	const char *by = config_text(w->s->set.config, CONFIG_REFRESHED_BY);
	struct entry_metadata m = { .timestamp = timestamp, .ttl = rq->ttl,
		.expires_at = timestamp + rq->ttl, .estimated = -1 };
	struct entry_coverage coverage;
	const char *reason;

	if (entry_coverage(data, &coverage, err) != 0)
		return -1;
	if (coverage.known)
		m.estimated = coverage.estimated;
	data_through(&coverage, m.data_through);
	memcpy(m.account_id, item->key.account, sizeof m.account_id);
	memcpy(m.data_type, item->key.type, sizeof m.data_type);
	month_format(item->key.month, m.period);
	snprintf(m.profile_name, sizeof m.profile_name, "%s",
	    session_profile_name(w->s));
	snprintf(m.refreshed_by, sizeof m.refreshed_by, "%s",
	    by == NULL ? "" : by);
	snprintf(m.source, sizeof m.source, "ce:%s", rq->purchase->operation);
	memcpy(m.request_sha256, rq->purchase->request_sha256,
	    sizeof m.request_sha256);
	snprintf(m.app_version, sizeof m.app_version, "%s", APP_VERSION);
	entry_build(&m, data, &item->text);
	if (buf_check(&item->text, "entry", err) != 0)
		return -1;
	if (entry_parse(buf_view(&item->text), false, &item->entry,
	    &reason) != ENTRY_SOUND)
		return err_set(err, ERR_INTERNAL,
		    "the entry that was built is not sound: %s", reason);
	item->final = coverage.known && entry_final(&m, &coverage);
	return 0;
}

static int
seal_all(struct work *w, struct span answer, int64_t timestamp,
    struct err *err)
{
	struct buf data, derived;
	size_t i;
	int result = -1;

	buf_init(&data, LIMIT_OBJECT);
	buf_init(&derived, LIMIT_OBJECT);
	purchase_wrap(w->rq->purchase->operation, answer, &data);
	if (buf_check(&data, "Cost Explorer's answer", err) != 0 ||
	    seal(w, &w->items[0], buf_view(&data), timestamp, err) != 0)
		goto out;
	for (i = 1; i < w->count; i++) {
		buf_reset(&derived);
		if (derive_data(w->items[i].key.type, buf_view(&data),
		    &derived, err) != 0 ||
		    buf_check(&derived, "entry", err) != 0 ||
		    seal(w, &w->items[i], buf_view(&derived), timestamp,
		    err) != 0)
			goto out;
	}
	result = 0;
out:
	buf_clear(&data);
	buf_clear(&derived);
	return result;
}

static int64_t
skew(const struct work *w)
{
	int64_t difference = w->rq->now - session_now(w->s);

	return difference >= -2 && difference <= 2 ? 0 : difference;
}

static void
keep_local(struct work *w, struct item *item)
{
	struct local *local = session_local(w->s);
	struct local_facts facts = {
		.last_modified = item->last_modified,
		.skew = skew(w),
		.validated_at = session_now(w->s),
		.final = item->final,
		.origin = item->etag[0] == '\0' ? LOCAL_BOUGHT : LOCAL_REMOTE,
	};
	struct err err = { 0 };

	memcpy(facts.etag, item->etag, sizeof facts.etag);
	if (local == NULL) {
		session_keep(w->s, &item->key, &facts,
		    buf_view(&item->text));
		return;
	}
	w->s->local_written = true;
	if (local_write(local, &item->key, &facts, buf_view(&item->text),
	    &err) != 0) {
		degraded_add(w->rq->degraded, "local-store");
		log_warn(w->s->set.log, "cannot keep a local copy: %s",
		    err.message);
	}
}

static void
drop_local(struct work *w)
{
	struct local *local = session_local(w->s);
	struct err err = { 0 };
	size_t i;

	for (i = 0; local != NULL && i < w->count; i++)
		if (local_remove(local, &w->items[i].key, &err) < 0)
			log_warn(w->s->set.log, "%s", err.message);
}

/* A lease that was not renewed in time may be somebody else's by now. */
static bool
may_write(struct work *w)
{
	if (w->rq->lease == NULL || lease_alive(w->rq->lease))
		return true;
	degraded_add(w->rq->degraded, "lease-lost");
	return false;
}

/* Another machine's entry is newer than what was just bought: it stands. */
static void
take_newer(struct work *w, struct remote_entry *theirs,
    struct buyer_result *out)
{
	struct item *item = &w->items[0];
	struct buf swap = item->text;

	log_step(w->s->set.log, "'%s' in S3 is newer than this purchase: it "
	    "stands", item->key.type);
	item->text = theirs->text;
	theirs->text = swap;
	item->entry = theirs->entry;
	memcpy(item->etag, theirs->etag, sizeof item->etag);
	item->last_modified = theirs->last_modified;
	out->newer = true;
}

enum reread { REREAD_OURS, REREAD_NEWER, REREAD_OLDER, REREAD_FAILED };

/*
 * The conditional PUT was refused: our own first attempt may have won, or
 * somebody wrote meanwhile (fencing, design section 6).
 */
static enum reread
reread(struct work *w, struct remote_entry *theirs)
{
	struct item *item = &w->items[0];

	if (remote_get(w->s, &item->key, NULL, theirs) != REMOTE_FOUND)
		return theirs->found == REMOTE_ABSENT || theirs->exists ?
		    REREAD_OLDER : REREAD_FAILED;
	if (strcmp(theirs->entry.metadata.content_sha256,
	    item->entry.metadata.content_sha256) == 0 &&
	    theirs->entry.metadata.timestamp ==
	    item->entry.metadata.timestamp)
		return REREAD_OURS;
	return theirs->entry.metadata.timestamp >
	    item->entry.metadata.timestamp ? REREAD_NEWER : REREAD_OLDER;
}

static void
share_failed(struct work *w, struct buyer_result *out, const struct err *err)
{
	const char *word = err->class == ERR_DENIED ? "s3-put-denied" :
	    err->class == ERR_BUCKET ? "s3-no-bucket" :
	    err->class == ERR_NETWORK ? "s3-unreachable" : "s3-error";

	out->store_err = *err;
	degraded_s3(w->rq->degraded, word, "s3:PutObject", err);
}

/* The purchase's own entry; true when what is printed is in S3. */
static bool
share_first(struct work *w, struct buyer_result *out)
{
	struct item *item = &w->items[0];
	struct remote_write write = { .metadata = &item->entry.metadata,
		.envelope = buf_view(&item->text) };
	struct remote_written written;
	struct remote_entry theirs;
	struct err err = { 0 };
	bool exists = item->seen_exists;
	char etag[132];
	bool done = false;
	int round;

	remote_init(&theirs, LIMIT_OBJECT);
	memcpy(etag, item->seen_etag, sizeof etag);
	for (round = 0; round < 3 && !done; round++) {
		if (!may_write(w)) {
			err_set(&err, ERR_NETWORK, "the lease was lost");
			goto out;
		}
		write.if_match = exists ? etag : NULL;
		write.if_absent = !exists;
		switch (remote_put(w->s, &item->key, &write, &written, &err)) {
		case REMOTE_STORED:
			memcpy(item->etag, written.etag, sizeof item->etag);
			item->last_modified = written.date;
			done = true;
			continue;
		case REMOTE_GONE:
			/* With the lease still ours it expired or was
			 * removed by hand; else an invalidate came between,
			 * and wins. */
			if (w->rq->lease != NULL && lease_ours(w->rq->lease)) {
				exists = false;
				continue;
			}
			w->dropped = true;
			goto out;
		case REMOTE_FAILED:
			goto out;
		case REMOTE_REFUSED:
			break;
		}
		switch (reread(w, &theirs)) {
		case REREAD_OURS:
			memcpy(item->etag, theirs.etag, sizeof item->etag);
			item->last_modified = theirs.last_modified;
			done = true;
			break;
		case REREAD_NEWER:
			take_newer(w, &theirs, out);
			done = true;
			break;
		case REREAD_OLDER:
			exists = theirs.exists;
			memcpy(etag, theirs.etag, sizeof etag);
			break;
		case REREAD_FAILED:
			err = theirs.err;
			goto out;
		}
	}
	if (!done)
		err_set(&err, ERR_NETWORK, "cannot write '%s' to S3: others "
		    "keep writing it", item->key.type);
out:
	remote_clear(&theirs);
	if (err.class != ERR_NONE)
		share_failed(w, out, &err);
	return done;
}

/* The derived ones: each conditional on what was seen; a refused one is left
 * as it is. */
static void
share_rest(struct work *w, struct buyer_result *out)
{
	struct remote_written written;
	struct err err = { 0 };
	size_t i;

	for (i = 1; i < w->count; i++) {
		struct item *item = &w->items[i];
		struct remote_write write = {
			.metadata = &item->entry.metadata,
			.envelope = buf_view(&item->text),
			.if_match = item->seen_exists ? item->seen_etag : NULL,
			.if_absent = !item->seen_exists,
		};

		if (item->seen_foreign)
			continue;
		if (!may_write(w))
			return;
		err_clear(&err);
		switch (remote_put(w->s, &item->key, &write, &written, &err)) {
		case REMOTE_STORED:
			memcpy(item->etag, written.etag, sizeof item->etag);
			item->last_modified = written.date;
			break;
		case REMOTE_FAILED:
			share_failed(w, out, &err);
			break;
		default:
			log_step(w->s->set.log, "'%s' has been written by "
			    "somebody else meanwhile", item->key.type);
			break;
		}
	}
}

/* Newer data came in for the purchase's key: what is derived follows it. */
static int
derive_again(struct work *w, struct err *err)
{
	const struct entry_metadata *m = &w->items[0].entry.metadata;
	struct buf derived;
	size_t i;
	int result = 0;

	buf_init(&derived, LIMIT_OBJECT);
	for (i = 1; i < w->count && result == 0; i++) {
		buf_reset(&derived);
		buf_reset(&w->items[i].text);
		result = derive_data(w->items[i].key.type,
		    w->items[0].entry.data, &derived, err);
		if (result == 0)
			result = buf_check(&derived, "entry", err);
		if (result == 0)
			result = seal(w, &w->items[i], buf_view(&derived),
			    m->timestamp, err);
	}
	buf_clear(&derived);
	return result;
}

static int
store(struct work *w, struct buyer_result *out, struct err *err)
{
	size_t i;

	for (i = 0; i < w->count; i++)
		keep_local(w, &w->items[i]);
	out->shared = true;
	if (!w->share)
		return 0;
	if (w->items[0].seen_foreign) {
		out->shared = false;
		return 0;
	}
	out->shared = share_first(w, out);
	if (w->dropped) {
		drop_local(w);
		out->shared = false;
		return 0;
	}
	if (out->newer && derive_again(w, err) != 0)
		return -1;
	if (out->shared && !out->newer)
		share_rest(w, out);
	for (i = 0; out->shared && i < w->count; i++)
		keep_local(w, &w->items[i]);
	return 0;
}

/* Somebody invalidated while we bought: what we wrote goes again. */
static void
take_back(struct work *w)
{
	struct session *s = w->s;
	struct buf object;
	struct err err;
	size_t i;

	log_step(s->set.log, "invalidated during the purchase: nothing is "
	    "stored");
	drop_local(w);
	for (i = 0; i < w->count; i++) {
		struct item *item = &w->items[i];

		if (item->etag[0] == '\0')
			continue;
		buf_init(&object, LIMIT_KEY);
		key_object(buf_string(&s->prefix), &item->key, &object);
		err_clear(&err);
		if (s3_delete(s->s3, buf_string(&object),
		    remote_conditional_delete(s, &item->key) ? item->etag :
		    NULL, &err) == S3_ERROR)
			log_warn(s->set.log, "cannot take back '%s': %s",
			    item->key.type, err.message);
		item->etag[0] = '\0';
		buf_clear(&object);
	}
}

static void
release(struct work *w, struct buyer_result *out)
{
	session_clean_up(w->s);
	if (w->rq->lease == NULL)
		return;
	switch (lease_release(w->rq->lease)) {
	case LEASE_INVALIDATED:
		if (!out->newer)
			take_back(w);
		out->etag[0] = '\0';
		break;
	case LEASE_LOST:
		degraded_add(w->rq->degraded, "lease-lost");
		break;
	case LEASE_RELEASED:
		break;
	}
}

/* Asked by the purchase before each page. */
static int
before_page(void *state, int pages, struct err *err)
{
	struct work *w = state;

	w->s->paying = true;
	if (w->rq->lease == NULL || lease_alive(w->rq->lease))
		return 0;
	degraded_add(w->rq->degraded, "lease-lost");
	return err_set(err, ERR_NETWORK, "the lease of '%s' was lost after "
	    "%d pages: nothing more is bought", w->rq->purchase->name, pages);
}

static int
hand_over(struct work *w, struct buyer_result *out, struct err *err)
{
	const char *reason;
	size_t i;

	for (i = 0; i < w->count; i++)
		if (strcmp(w->items[i].key.type, w->rq->key->type) == 0)
			break;
	assert(i < w->count);
	buf_reset(&out->text);
	buf_add_span(&out->text, buf_view(&w->items[i].text));
	if (buf_check(&out->text, "entry", err) != 0)
		return -1;
	if (entry_parse(buf_view(&out->text), false, &out->entry, &reason)
	    != ENTRY_SOUND)
		return err_set(err, ERR_INTERNAL, "the entry that was built "
		    "is not sound: %s", reason);
	memcpy(out->etag, w->items[i].etag, sizeof out->etag);
	return 0;
}

int
buyer_buy(const struct buyer_request *request, struct buyer_result *out,
    struct err *err)
{
	struct ce_purchase purchase = {
		.operation = request->purchase->operation,
		.request = buf_view(&request->purchase->request),
		.page_timeout_ms = request->timeout_ms,
		.before_page = before_page,
	};
	struct session *s = request->session;
	struct ce_result bought;
	struct endpoint endpoint;
	struct work w;
	int64_t timestamp;
	int result = -1;

	work_init(&w, request);
	purchase.state = &w;
	ce_result_init(&bought, LIMIT_OBJECT);
	if (session_network(s, err) != 0 ||
	    session_endpoint(s, ENDPOINT_CE, &endpoint, err) != 0)
		goto out;
	look(&w);
	log_step(s->set.log, "buying '%s' of %s from Cost Explorer (%s)",
	    request->purchase->name, request->key->account,
	    request->purchase->operation);
	if (ce_buy(&s->call, &endpoint, &s->keys, &purchase, &bought, err)
	    != 0)
		goto out;
	timestamp = bought.first_date >= 0 ? bought.first_date : request->now;
	if (seal_all(&w, buf_view(&bought.answer), timestamp, err) != 0 ||
	    store(&w, out, err) != 0)
		goto out;
	result = hand_over(&w, out, err);
out:
	release(&w, out);
	ce_result_clear(&bought);
	work_clear(&w);
	return result;
}
