#include "cache/document.h"

#include <stdio.h>
#include <string.h>

#include "base/app.h"
#include "base/limits.h"
#include "base/num.h"
#include "cache/account.h"
#include "cache/freshness.h"
#include "cache/local.h"
#include "cache/purchase.h"
#include "cache/remote.h"
#include "sys/clock.h"
#include "sys/rand.h"

/* Others may write between our look and our write. Of a dozen who push the
 * same at once each gets its turn; the pauses between double, to a second. */
#define ROUNDS 12
#define PAUSE_MS 25
#define PAUSE_MAX_MS 1000

void
document_result_init(struct document_result *r)
{
	memset(r, 0, sizeof *r);
	buf_init(&r->object, LIMIT_KEY);
	buf_init(&r->text, LIMIT_OBJECT + LIMIT_METADATA);
}

void
document_result_clear(struct document_result *r)
{
	buf_clear(&r->object);
	buf_clear(&r->text);
}

/*
 * Do costs belong to the month that they are stored under? On the first of a
 * month yesterday's figures are easily pushed without --month.
 */
static void
look_at_month(const struct session *s, const struct key *key,
    const struct entry_coverage *c)
{
	char month[MONTH_ROOM], first[DATE_ROOM], last[DATE_ROOM];
	int64_t start, end;

	if (!purchase_is_built_in(key->type) || !c->known || c->end.year == 0)
		return;
	start = date_start(c->start);
	end = date_start(c->end);
	if (start >= date_start(month_first(key->month)) &&
	    end <= date_start(month_end(key->month)))
		return;
	month_format(key->month, month);
	date_format_day(c->start, first);
	date_format_day(date_of(end - 1), last);
	log_warn(s->set.log, "what is pushed as '%s' of %s has the periods of "
	    "%s to %s; --month says which month it is", key->type, month,
	    first, last);
}

static int
seal(const struct document_request *rq, struct document_result *out,
    int64_t timestamp, struct err *err)
{
	const char *by = config_text(rq->session->set.config,
	    CONFIG_REFRESHED_BY);
	struct entry_metadata m = { .timestamp = timestamp, .ttl = rq->ttl,
		.expires_at = timestamp + rq->ttl, .estimated = -1 };
	struct entry_coverage coverage;
	const char *reason;

	if (entry_coverage(rq->data, &coverage, err) != 0)
		return -1;
	look_at_month(rq->session, &out->key, &coverage);
	if (coverage.known)
		m.estimated = coverage.estimated;
	memcpy(m.account_id, out->key.account, sizeof m.account_id);
	memcpy(m.data_type, out->key.type, sizeof m.data_type);
	month_format(out->key.month, m.period);
	snprintf(m.profile_name, sizeof m.profile_name, "%s",
	    session_profile_name(rq->session));
	snprintf(m.refreshed_by, sizeof m.refreshed_by, "%s",
	    by == NULL ? "" : by);
	snprintf(m.source, sizeof m.source, "push");
	snprintf(m.app_version, sizeof m.app_version, "%s", APP_VERSION);
	buf_reset(&out->text);
	entry_build(&m, rq->data, &out->text);
	if (buf_check(&out->text, "entry", err) != 0)
		return -1;
	if (entry_parse(buf_view(&out->text), ENTRY_FRAME, &out->entry, &reason)
	    != ENTRY_SOUND)
		return err_set(err, ERR_INTERNAL,
		    "the entry that was built is not sound: %s", reason);
	return 0;
}

static void
keep(const struct document_request *rq, struct document_result *out,
    enum local_origin origin, int64_t date)
{
	struct local *local = session_local(rq->session);
	struct local_facts facts = {
		.last_modified = origin == LOCAL_REMOTE ? date : -1,
		.validated_at = session_now(rq->session),
		.origin = origin,
	};
	struct err err = { 0 };

	if (local == NULL)
		return;
	if (date >= 0)
		facts.skew = date - session_now(rq->session);
	memcpy(facts.etag, out->etag, sizeof facts.etag);
	rq->session->local_written = true;
	if (local_write(local, &out->key, &facts, buf_view(&out->text), NULL,
	    &err) == 0) {
		out->stored_local = true;
		return;
	}
	degraded_add(&out->degraded, "local-store");
	log_warn(rq->session->set.log, "cannot keep a local copy: %s",
	    err.message);
}

static int
refuse(const struct document_request *rq, struct document_result *out,
    const char *why, struct err *err)
{
	err_set(err, ERR_DATA, "cannot write 's3://%s/%s': %s",
	    rq->session->bucket, buf_string(&out->object), why);
	err_hint(err, "--force replaces it");
	return -1;
}

/* --if-absent and --if-newer, of what is there. */
static int
check_conditions(const struct document_request *rq,
    const struct entry_metadata *there, int64_t timestamp, const char *where,
    struct err *err)
{
	const char *why;

	if (rq->if_absent)
		why = "--if-absent was given and it exists";
	else if (rq->if_newer && there->timestamp >= timestamp)
		why = "--if-newer was given and it is as new";
	else
		return 0;
	return err_set(err, ERR_NO_DATA, "%s is left as it is: %s", where,
	    why);
}

/* Nobody would ever take it for fresh (design section 5). */
static int
check_timestamp(int64_t timestamp, int64_t now, struct err *err)
{
	char theirs[DATE_ROOM], ours[DATE_ROOM];

	if (timestamp <= num_add_held(now, FRESHNESS_FUTURE))
		return 0;
	date_format_rfc3339(timestamp, theirs);
	date_format_rfc3339(now, ours);
	return err_set(err, ERR_USAGE, "--timestamp '%s' lies in the future: "
	    "it is %s", theirs, ours);
}

/* May what was seen at the key be replaced? */
static int
may_replace(const struct document_request *rq, struct document_result *out,
    const struct remote_entry *seen, int64_t timestamp, struct err *err)
{
	const struct entry_metadata *m = &seen->entry.metadata;
	struct buf where;
	int result;

	switch (seen->found) {
	case REMOTE_FOUND:
		buf_init(&where, 2 * LIMIT_KEY);
		buf_addf(&where, "'s3://%s/%s'", rq->session->bucket,
		    buf_string(&out->object));
		result = check_conditions(rq, m, timestamp,
		    buf_string(&where), err);
		buf_clear(&where);
		if (result != 0)
			return -1;
		if (!rq->force && m->request_sha256[0] != '\0' &&
		    !purchase_is_built_in(out->key.type))
			return refuse(rq, out, "it answers a request to "
			    "Cost Explorer, this document does not", err);
		return 0;
	case REMOTE_FOREIGN:
		return rq->force ? 0 : refuse(rq, out, "a foreign object "
		    "lies there", err);
	case REMOTE_LARGE:
		return rq->force ? 0 : refuse(rq, out, "an object lies there "
		    "that is larger than max_object_size allows", err);
	case REMOTE_ABSENT:
	case REMOTE_CORRUPT:
	case REMOTE_UNPROVABLE:
		return 0;
	case REMOTE_DENIED:
		/* Who may not read may still write where nothing is. */
		return 0;
	default:
		*err = seen->err;
		if (err->class == ERR_NONE)
			err_set(err, ERR_INTERNAL, "S3 gave no reason");
		return -1;
	}
}

/*
 * A write whose answer was lost meets its own work when it is repeated, by us
 * or, unseen, by the HTTP library on a connection that had died.
 */
static bool
is_ours(const struct document_request *rq, struct document_result *out)
{
	struct remote_entry there;
	bool ours;

	remote_init(&there, LIMIT_OBJECT);
	ours = remote_get(rq->session, &out->key, NULL, &there) ==
	    REMOTE_FOUND && there.entry.metadata.timestamp ==
	    out->entry.metadata.timestamp &&
	    strcmp(there.entry.metadata.content_sha256,
	    out->entry.metadata.content_sha256) == 0;
	if (ours)
		memcpy(out->etag, there.etag, sizeof out->etag);
	remote_clear(&there);
	return ours;
}

static int
name_object(const struct session *s, struct document_result *out,
    struct err *err)
{
	buf_reset(&out->object);
	key_object(buf_string(&s->prefix), &out->key, &out->object);
	return buf_check(&out->object, "key", err);
}

/* Those who met here would meet again. */
static void
step_aside(struct session *s, int round)
{
	uint64_t most = (uint64_t)PAUSE_MS << round;

	clock_sleep_ms(s->set.clock, (int64_t)rand_below(s->set.rand,
	    most < PAUSE_MAX_MS ? most : PAUSE_MAX_MS));
}

static int
share(const struct document_request *rq, struct document_result *out,
    struct err *err)
{
	struct remote_entry seen;
	struct remote_written written;
	int64_t timestamp, now;
	int round, result = -1;

	remote_init(&seen, LIMIT_OBJECT);
	for (round = 0; round < ROUNDS; round++) {
		struct remote_write write = { 0 };

		remote_get(rq->session, &out->key, NULL, &seen);
		/* What it says of itself is all that counts, and the document
		 * is there twice from here on. */
		buf_clear(&seen.text);
		if (rq->month_default && session_month_moved(rq->session,
		    seen.date, 0, &out->key.month)) {
			if (name_object(rq->session, out, err) != 0)
				goto out;
			continue;
		}
		now = seen.date >= 0 ? seen.date : session_now(rq->session);
		timestamp = rq->timestamp >= 0 ? rq->timestamp : now;
		if (check_timestamp(timestamp, now, err) != 0 ||
		    may_replace(rq, out, &seen, timestamp, err) != 0 ||
		    seal(rq, out, timestamp, err) != 0)
			goto out;
		write.metadata = &out->entry.metadata;
		write.envelope = buf_view(&out->text);
		write.if_match = seen.exists && seen.etag[0] != '\0' ?
		    seen.etag : NULL;
		write.if_absent = write.if_match == NULL && !rq->force;
		switch (remote_put(rq->session, &out->key, &write, &written,
		    err)) {
		case REMOTE_STORED:
			memcpy(out->etag, written.etag, sizeof out->etag);
			out->stored_remote = true;
			keep(rq, out, LOCAL_REMOTE, written.date);
			result = 0;
			goto out;
		case REMOTE_FAILED:
			goto out;
		default:
			break;
		}
		if (is_ours(rq, out)) {
			out->stored_remote = true;
			keep(rq, out, LOCAL_REMOTE, written.date);
			result = 0;
			goto out;
		}
		if (seen.found == REMOTE_DENIED ||
		    seen.found == REMOTE_UNPROVABLE) {
			*err = seen.err;
			err_hint(err, "something lies at this key that may "
			    "not be read; --force replaces it unseen");
			goto out;
		}
		step_aside(rq->session, round);
	}
	err_set(err, ERR_NETWORK, "cannot write 's3://%s/%s': others keep "
	    "writing it", rq->session->bucket, buf_string(&out->object));
	err_hint(err, "push it again, or let one job alone push it");
out:
	remote_clear(&seen);
	return result;
}

static int
keep_only(const struct document_request *rq, struct document_result *out,
    struct err *err)
{
	int64_t now = session_now(rq->session);
	int64_t timestamp = rq->timestamp >= 0 ? rq->timestamp : now;
	struct local *local = session_local(rq->session);
	struct local_copy there;
	const char *reason;
	int result = 0;

	if (local == NULL)
		return err_set(err, ERR_INTERNAL, "there is no local store "
		    "to keep it in");
	if (check_timestamp(timestamp, now, err) != 0)
		return -1;
	local_copy_init(&there, LIMIT_OBJECT + LIMIT_METADATA);
	if (rq->if_absent || rq->if_newer)
		result = local_read(local, &out->key, &there, &reason, err);
	if (result > 0)
		result = check_conditions(rq, &there.entry.metadata,
		    timestamp, "the local copy", err);
	local_copy_clear(&there);
	if (result < 0)
		return -1;
	if (seal(rq, out, timestamp, err) != 0)
		return -1;
	keep(rq, out, LOCAL_PUSHED, -1);
	return out->stored_local ? 0 : err_set(err, ERR_INTERNAL,
	    "cannot keep '%s' on this machine", out->key.type);
}

int
document_push(const struct document_request *request,
    struct document_result *out, struct err *err)
{
	struct session *s = request->session;

	out->key = request->key;
	if (document_check(out->key.type, request->data, err) != 0)
		return -1;
	if (!request->local_only && !s->team_cache) {
		err_set(err, ERR_USAGE, "there is no team cache to push to: "
		    "%s", s->team_cache_why);
		err_hint(err, "name a bucket with --bucket or in the settings, "
		    "where team_cache must not be off, or use --local for "
		    "this machine only");
		return -1;
	}
	if (out->key.account[0] == '\0' &&
	    account_name(s, out->key.account, err) != 0)
		return -1;
	if (name_object(s, out, err) != 0)
		return -1;
	if (purchase_is_built_in(out->key.type) && !request->local_only &&
	    account_prove(s, out->key.account, err) != 0)
		return -1;
	return request->local_only ? keep_only(request, out, err) :
	    share(request, out, err);
}
