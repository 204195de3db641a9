#include "cache/buyer.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "aws/ce.h"
#include "base/app.h"
#include "base/limits.h"
#include "cache/derive.h"
#include "cache/spending.h"
#include "cache/writeback.h"
#include "sys/interrupt.h"

/* Beyond this a clock is called wrong: by Cost Explorer's answer, which may
 * have been under way for long, and by S3's. */
#define CLOCK_DOUBT 300
#define SKEW_NOISE 2

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

/* What lies within it is the time that answers take. */
static int64_t
skew_of(int64_t theirs, int64_t ours, int64_t noise)
{
	int64_t skew = theirs - ours;

	return skew >= -noise && skew <= noise ? 0 : skew;
}

/* How wrong our clock is, is told as the purchase begins: it may take
 * minutes, by which the entry would look younger. */
static void
work_init(struct writeback *w, const struct buyer_request *rq)
{
	const char *type;
	size_t i;

	memset(w, 0, sizeof *w);
	w->rq = rq;
	w->s = rq->session;
	w->share = rq->seen != NULL;
	w->skew = skew_of(rq->now, session_now(rq->session), SKEW_NOISE);
	w->first_page = -1;
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
work_clear(struct writeback *w)
{
	size_t i;

	for (i = 0; i < w->count; i++)
		buf_clear(&w->items[i].text);
}

#define SUSPICIOUS (64 * (int64_t)LIMIT_KIB)

static void
seen_by(struct writeback_item *item, const struct seek *k)
{
	item->seen_exists = k->remote.exists;
	item->seen_foreign = seek_untouchable(k);
	memcpy(item->seen_etag, k->remote.etag, sizeof item->seen_etag);
}

/*
 * What lies at each key before money is spent. The purchase's own key and the
 * one asked for were read by the caller; the others take a HEAD each. One that
 * cannot be looked at is written only where nothing is.
 */
static void
look(struct writeback *w)
{
	const struct seek *asked = w->rq->asked;
	struct remote_entry remote;
	size_t i;

	if (!w->share)
		return;
	seen_by(&w->items[0], w->rq->seen);
	for (i = 1; i < w->count; i++) {
		struct writeback_item *item = &w->items[i];

		if (strcmp(item->key.type, asked->key.type) == 0) {
			seen_by(item, asked);
			continue;
		}
		remote_init(&remote, 0);
		if (remote_look(w->s, &item->key, &remote) == REMOTE_FOREIGN)
			item->seen_foreign = true;
		/* No derived entry is as large: is it over the cap? */
		if (remote.length > SUSPICIOUS) {
			remote_clear(&remote);
			remote_init(&remote, session_object_max(w->s));
			remote_get(w->s, &item->key, NULL, &remote);
			item->seen_foreign = remote.found == REMOTE_FOREIGN ||
			    remote.found == REMOTE_LARGE;
		}
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
seal(struct writeback *w, struct writeback_item *item, struct span data,
    int64_t timestamp, struct err *err)
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
	if (entry_parse(buf_view(&item->text), ENTRY_FRAME, &item->entry,
	    &reason) != ENTRY_SOUND)
		return err_set(err, ERR_INTERNAL,
		    "the entry that was built is not sound: %s", reason);
	item->final = coverage.known && entry_final(&m, &coverage);
	return 0;
}

static int
derive_item(struct writeback *w, struct writeback_item *item, struct span data,
    int64_t timestamp, struct err *err)
{
	struct buf derived;
	int result = -1;

	buf_init(&derived, LIMIT_OBJECT);
	buf_reset(&item->text);
	if (derive_data(item->key.type, data, &derived, err) == 0 &&
	    buf_check(&derived, "entry", err) == 0)
		result = seal(w, item, buf_view(&derived), timestamp, err);
	buf_clear(&derived);
	return result;
}

/*
 * What is derived of the purchase's own entry. Amounts that do not add up are
 * no reason to lose what was paid for: those items are left out.
 */
static int
derive_all(struct writeback *w, struct span data, int64_t timestamp,
    struct err *err)
{
	struct err why;
	size_t i;

	for (i = 1; i < w->count; i++) {
		struct writeback_item *item = &w->items[i];

		err_clear(&why);
		item->left_out = derive_item(w, item, data, timestamp,
		    &why) != 0;
		if (!item->left_out)
			continue;
		if (why.class != ERR_DATA) {
			*err = why;
			return -1;
		}
		log_step(w->s->set.log, "no '%s': %s", item->key.type,
		    why.message);
		if (strcmp(item->key.type, w->rq->key->type) == 0)
			w->underived = why;
	}
	return 0;
}

static int
seal_all(struct writeback *w, struct span answer, int64_t timestamp,
    struct err *err)
{
	struct buf data;
	int result = -1;

	buf_init(&data, LIMIT_OBJECT);
	purchase_wrap(w->rq->purchase->operation, answer, &data);
	if (buf_check(&data, "Cost Explorer's answer", err) == 0 &&
	    seal(w, &w->items[0], buf_view(&data), timestamp, err) == 0)
		result = derive_all(w, buf_view(&data), timestamp, err);
	buf_clear(&data);
	return result;
}

/* First here, then in S3; what is there has its ETag here too. */
static int
store(struct writeback *w, struct buyer_result *out, struct err *err)
{
	enum writeback_local local;
	size_t i;

	for (i = 0; i < w->count; i++)
		writeback_keep(w, &w->items[i]);
	if (!w->share || w->items[0].seen_foreign) {
		out->shared = !w->share;
		return 0;
	}
	writeback_run(w);
	local = w->steps.local;
	out->store_err = w->err;
	out->newer = local == WRITEBACK_NEWER;
	out->shared = local == WRITEBACK_SHARED || out->newer;
	/* Newer data came in for the purchase's key: what is derived follows
	 * it. */
	if (out->newer && derive_all(w, w->items[0].entry.data,
	    w->items[0].entry.metadata.timestamp, err) != 0)
		return -1;
	for (i = 0; out->shared && i < w->count; i++)
		writeback_keep(w, &w->items[i]);
	return 0;
}

struct buying {
	struct writeback *work;
	struct spending spending;
};

/* Asked by the purchase before each request. */
static int
before_request(void *state, int pages, struct err *err)
{
	struct buying *b = state;
	struct writeback *w = b->work;

	if (pages == 0 && interrupt_count() > w->s->signals_passed)
		return err_set(err, interrupt_class(), "interrupted before "
		    "anything was bought");
	w->s->awaiting = true;
	if (pages == 1 && w->first_page < 0)
		w->first_page = session_now(w->s);
	if (w->rq->lease == NULL || lease_alive(w->rq->lease))
		return spending_request(&b->spending, err);
	degraded_add(w->rq->degraded, "lease-lost");
	return err_set(err, ERR_NETWORK, "the lease of '%s' was lost after "
	    "%d pages: nothing more is bought", w->rq->purchase->name, pages);
}

/* Under the limits on spending, which are told what it took. */
static int
pay(struct writeback *w, struct ce_purchase *purchase,
    const struct endpoint *endpoint, struct ce_result *bought,
    struct err *err)
{
	const struct buyer_request *rq = w->rq;
	struct session *s = w->s;
	struct buying b = { .work = w };
	int result;

	if (spending_begin(&b.spending, s, rq->key->account,
	    rq->purchase->name, err) != 0)
		return -1;
	log_step(s->set.log, "buying '%s' of %s from Cost Explorer (%s)",
	    rq->purchase->name, rq->key->account, rq->purchase->operation);
	purchase->before_request = before_request;
	purchase->state = &b;
	result = ce_buy(&s->call, endpoint, &s->keys, purchase, bought, err);
	spending_end(&b.spending, result == 0 ? bought->pages : 0);
	return result;
}

static int
hand_over(struct writeback *w, struct buyer_result *out, struct err *err)
{
	const char *reason;
	size_t i;

	for (i = 0; i < w->count; i++)
		if (strcmp(w->items[i].key.type, w->rq->key->type) == 0)
			break;
	assert(i < w->count);
	if (w->items[i].left_out) {
		*err = w->underived;
		return -1;
	}
	buf_reset(&out->text);
	buf_add_span(&out->text, buf_view(&w->items[i].text));
	if (buf_check(&out->text, "entry", err) != 0)
		return -1;
	if (entry_parse(buf_view(&out->text), ENTRY_FRAME, &out->entry, &reason)
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
	};
	struct session *s = request->session;
	struct ce_result bought;
	struct endpoint endpoint;
	struct writeback w;
	int64_t timestamp;
	int result = -1;

	work_init(&w, request);
	ce_result_init(&bought, LIMIT_OBJECT);
	if (session_network(s, err) != 0 ||
	    session_endpoint(s, ENDPOINT_CE, &endpoint, err) != 0)
		goto out;
	look(&w);
	if (pay(&w, &purchase, &endpoint, &bought, err) != 0)
		goto out;
	/* Without S3 it is Cost Explorer that tells how wrong our clock is. */
	if (!w.share && bought.first_date >= 0)
		w.skew = skew_of(bought.first_date, w.first_page >= 0 ?
		    w.first_page : session_now(s), CLOCK_DOUBT);
	timestamp = bought.first_date >= 0 ? bought.first_date : request->now;
	if (seal_all(&w, buf_view(&bought.answer), timestamp, err) != 0 ||
	    store(&w, out, err) != 0)
		goto out;
	result = hand_over(&w, out, err);
out:
	session_clean_up(s);
	/* Nothing came of it that the write-back would have released. */
	if (request->lease != NULL && w.steps.last != WRITEBACK_END)
		lease_release(request->lease);
	ce_result_clear(&bought);
	work_clear(&w);
	return result;
}
