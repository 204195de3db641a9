#include "cache/seek.h"

#include <stdio.h>
#include <string.h>

#include "base/limits.h"

/* Below this the local clock is not called wrong. */
#define SKEW_NOISE 2

static size_t
text_cap(const struct session *s)
{
	int64_t cap = config_number(s->set.config, CONFIG_MAX_OBJECT_SIZE);

	return cap < 0 ? LIMIT_OBJECT : (size_t)cap;
}

void
seek_init(struct seek *k, struct session *session,
    const struct seek_rules *rules, const struct key *key,
    struct degraded *degraded)
{
	k->session = session;
	k->rules = rules;
	k->key = *key;
	k->has_copy = k->kept = k->remote_final = false;
	k->s3 = SEEK_S3_UNUSED;
	k->other_question = k->other_remote = k->pushed_here = false;
	k->degraded = degraded;
	local_copy_init(&k->copy, text_cap(session) + LIMIT_METADATA);
	remote_init(&k->remote, text_cap(session));
	k->remote.date = -1;
}

void
seek_clear(struct seek *k)
{
	local_copy_clear(&k->copy);
	remote_clear(&k->remote);
}

/* A custom type's name says nothing about its question (design section 3). */
static bool
answers(struct seek *k, const struct entry *entry, const char *where)
{
	if (k->rules->request_sha256 == NULL ||
	    strcmp(k->rules->request_sha256, entry->metadata.request_sha256)
	    == 0)
		return true;
	k->other_question = true;
	degraded_add(k->degraded, "other-question");
	log_warn(k->session->set.log, "the %s entry of type '%s' answers "
	    "another request than the one that is defined for it: it counts "
	    "as a miss; to replace it: teamcache push --force", where,
	    k->key.type);
	return false;
}

enum seek_hit
seek_local(struct seek *k)
{
	struct local *local = session_local(k->session);
	const char *reason = NULL;
	struct freshness_facts facts;
	struct err err;
	int found;

	err_clear(&err);
	k->has_copy = false;
	k->kept = session_kept(k->session, &k->key, &k->copy);
	found = k->kept ? 1 : local == NULL ? 0 :
	    local_read(local, &k->key, &k->copy, &reason, &err);
	/* A store that did not take it. */
	if (k->kept && local != NULL)
		degraded_add(k->degraded, "local-store");
	if (found < 0) {
		degraded_add(k->degraded, "local-store");
		log_warn(k->session->set.log, "%s", err.message);
	}
	if (found <= 0) {
		log_step(k->session->set.log, "no local copy of '%s'%s%s",
		    k->key.type, reason == NULL ? "" : ": ",
		    reason == NULL ? "" : reason);
		return SEEK_MISS;
	}
	k->has_copy = answers(k, &k->copy.entry, "local");
	k->pushed_here = !k->has_copy &&
	    k->copy.facts.origin == LOCAL_PUSHED;
	if (!k->has_copy || k->rules->revalidate)
		return SEEK_MISS;
	facts = seek_copy_facts(k);
	if (!k->rules->use_remote)
		return seek_acceptable(k, &facts) ? SEEK_LOCAL : SEEK_MISS;
	if (k->rules->refresh)
		return seek_new(k, &facts) ? SEEK_LOCAL : SEEK_MISS;
	if (!freshness_alone(&facts, &k->rules->policy,
	    k->copy.facts.validated_at, k->copy.facts.skew,
	    session_now(k->session)))
		return SEEK_MISS;
	log_step(k->session->set.log, "'%s': the local copy is fresh",
	    k->key.type);
	return SEEK_LOCAL;
}

enum seek_hit
seek_unvalidated(struct seek *k)
{
	struct freshness_facts facts;

	if (!k->has_copy)
		return SEEK_MISS;
	facts = seek_copy_facts(k);
	return seek_acceptable(k, &facts) ? SEEK_LOCAL : SEEK_MISS;
}

static int64_t
skew_of(const struct seek *k)
{
	int64_t skew;

	if (k->remote.date < 0)
		return 0;
	skew = k->remote.date - session_now(k->session);
	return skew >= -SKEW_NOISE && skew <= SKEW_NOISE ? 0 : skew;
}

static void
cannot_keep(struct seek *k, const struct err *err)
{
	degraded_add(k->degraded, "local-store");
	log_warn(k->session->set.log, "cannot keep a local copy: %s",
	    err->message);
}

static void
keep(struct seek *k, const struct local_facts *facts, struct span envelope,
    const uint32_t *crc)
{
	struct local *local = session_local(k->session);
	struct err err = { 0 };

	if (local == NULL)
		return;
	k->session->local_written = true;
	if (local_write(local, &k->key, facts, envelope, crc, &err) != 0)
		cannot_keep(k, &err);
}

static void
keep_bulk(struct seek *k, const struct local_facts *facts, struct bulk *bulk,
    uint32_t crc)
{
	struct local *local = session_local(k->session);
	struct err err = { 0 };

	if (local == NULL)
		return;
	k->session->local_written = true;
	if (local_write_bulk(local, &k->key, facts, bulk, crc, &err) != 0)
		cannot_keep(k, &err);
}

/* What S3 gave, as it gave it. */
static void
keep_remote(struct seek *k, const struct local_facts *facts)
{
	struct remote_entry *r = &k->remote;

	if (r->bulk.there)
		keep_bulk(k, facts, &r->bulk, r->crc);
	else
		keep(k, facts, buf_view(&r->text), r->has_crc ? &r->crc :
		    NULL);
}

static struct span
copy_envelope(const struct seek *k)
{
	return span_make(k->copy.bytes.p + k->copy.envelope_offset,
	    k->copy.bytes.n - k->copy.envelope_offset);
}

/*
 * S3 is asked without a lock: another process of this machine may have bought
 * meanwhile. What it has stored stays, and is the copy from here on.
 */
static bool
overtaken(struct seek *k, int64_t timestamp)
{
	struct local *local = session_local(k->session);

	if (local == NULL || !local_newer(local, &k->key, timestamp,
	    &k->copy))
		return false;
	log_step(k->session->set.log, "'%s': a newer copy was stored while "
	    "S3 was asked", k->key.type);
	k->kept = false;
	k->has_copy = answers(k, &k->copy.entry, "local");
	return true;
}

/* 304: the copy is validated; its timestamp stays what it was. */
static enum seek_hit
renewed(struct seek *k)
{
	struct freshness_facts facts;

	if (overtaken(k, k->copy.entry.metadata.timestamp))
		return seek_unvalidated(k);
	k->copy.facts.validated_at = session_now(k->session);
	k->copy.facts.skew = skew_of(k);
	if (k->copy.bulk.there)
		keep_bulk(k, &k->copy.facts, &k->copy.bulk, k->copy.crc);
	else
		keep(k, &k->copy.facts, copy_envelope(k), NULL);
	facts = seek_copy_facts(k);
	return seek_acceptable(k, &facts) ? SEEK_LOCAL : SEEK_MISS;
}

/*
 * Bought while S3 was out of reach, and S3 has nothing newer: offered to it,
 * conditionally on what was seen.
 */
static void
offer(struct seek *k)
{
	/* What was bought is read as a whole. */
	struct remote_write write = {
		.metadata = &k->copy.entry.metadata,
		.envelope = copy_envelope(k),
		.if_match = k->remote.exists ? k->remote.etag : NULL,
		.if_absent = !k->remote.exists,
	};
	struct remote_written written;
	struct err err = { 0 };

	if (k->copy.facts.origin != LOCAL_BOUGHT)
		return;
	if (remote_put(k->session, &k->key, &write, &written, &err) !=
	    REMOTE_STORED) {
		log_step(k->session->set.log, "'%s' was not taken by S3%s%s",
		    k->key.type, err.class == ERR_NONE ? "" : ": ",
		    err.message);
		return;
	}
	log_step(k->session->set.log, "'%s', bought while S3 was out of "
	    "reach, is in S3 now", k->key.type);
	memcpy(k->copy.facts.etag, written.etag, sizeof written.etag);
	k->copy.facts.last_modified = written.date;
	k->copy.facts.origin = LOCAL_REMOTE;
	k->copy.facts.validated_at = session_now(k->session);
	k->copy.facts.skew = skew_of(k);
	if (!overtaken(k, k->copy.entry.metadata.timestamp))
		keep(k, &k->copy.facts, copy_envelope(k), NULL);
}

static enum seek_hit
own_copy(struct seek *k)
{
	struct freshness_facts facts;

	if (overtaken(k, k->copy.entry.metadata.timestamp))
		return seek_unvalidated(k);
	facts = seek_copy_facts(k);
	if (!seek_acceptable(k, &facts))
		return SEEK_MISS;
	offer(k);
	return k->has_copy ? SEEK_LOCAL : SEEK_MISS;
}

static bool
copy_is_own(const struct seek *k)
{
	return k->has_copy && (k->copy.facts.origin == LOCAL_BOUGHT ||
	    k->copy.facts.origin == LOCAL_PUSHED);
}

static enum seek_hit
found(struct seek *k)
{
	struct freshness_facts facts;
	struct local_facts local = {
		.last_modified = k->remote.last_modified,
		.skew = skew_of(k),
		.validated_at = session_now(k->session),
		.origin = LOCAL_REMOTE,
	};

	if (!answers(k, &k->remote.entry, "shared")) {
		k->other_remote = true;
		return copy_is_own(k) ? seek_unvalidated(k) : SEEK_MISS;
	}
	if (copy_is_own(k) && k->copy.entry.metadata.timestamp >
	    k->remote.entry.metadata.timestamp)
		return own_copy(k);
	if (overtaken(k, k->remote.entry.metadata.timestamp) && k->has_copy)
		return seek_unvalidated(k);
	k->remote_final = seek_final(&k->remote.entry);
	facts = seek_remote_facts(k);
	memcpy(local.etag, k->remote.etag, sizeof local.etag);
	local.final = facts.final;
	keep_remote(k, &local);
	return seek_acceptable(k, &facts) ? SEEK_REMOTE : SEEK_MISS;
}

/*
 * Gone from S3: somebody invalidated it. A copy that came from there goes
 * too; one that never was there is judged by itself.
 */
static enum seek_hit
absent(struct seek *k)
{
	struct local *local = session_local(k->session);
	struct err err = { 0 };

	if (copy_is_own(k))
		return own_copy(k);
	if (!k->has_copy) {
		log_step(k->session->set.log, "S3 has no '%s' of %s",
		    k->key.type, k->key.account);
		return SEEK_MISS;
	}
	if (overtaken(k, k->copy.entry.metadata.timestamp))
		return seek_unvalidated(k);
	k->has_copy = false;
	if (local != NULL && local_remove(local, &k->key, &err) < 0) {
		degraded_add(k->degraded, "local-store");
		log_warn(k->session->set.log, "%s", err.message);
	}
	log_step(k->session->set.log, "'%s' is gone from S3: the local copy "
	    "is dropped", k->key.type);
	return SEEK_MISS;
}

static enum seek_hit
out_of_reach(struct seek *k, const char *word)
{
	k->s3 = SEEK_S3_OUT;
	/* A denial is about one key, or one account. */
	if (k->remote.found != REMOTE_DENIED) {
		k->session->s3_out = word;
		k->session->s3_err = k->remote.err;
	}
	degraded_s3(k->degraded, word, &k->remote.err);
	return SEEK_MISS;
}

static enum seek_hit
unusable(struct seek *k, const char *word)
{
	degraded_add(k->degraded, word);
	return copy_is_own(k) ? seek_unvalidated(k) : SEEK_MISS;
}

/* Found out of reach a moment ago, for another entry of this command. */
static enum seek_hit
out_already(struct seek *k)
{
	static const struct {
		const char *word;
		enum remote_found found;
	} table[] = { { "s3-denied", REMOTE_DENIED },
		{ "s3-no-bucket", REMOTE_NO_BUCKET },
		{ "s3-unreachable", REMOTE_DOWN },
		{ "s3-skipped", REMOTE_DOWN } };
	size_t i;

	k->remote.found = REMOTE_ERROR;
	for (i = 0; i < sizeof table / sizeof table[0]; i++)
		if (strcmp(k->session->s3_out, table[i].word) == 0)
			k->remote.found = table[i].found;
	k->remote.err = k->session->s3_err;
	return out_of_reach(k, k->session->s3_out);
}

static enum seek_hit
ask_remote(struct seek *k)
{
	const char *etag = k->has_copy && k->copy.facts.etag[0] != '\0' ?
	    k->copy.facts.etag : NULL;

	if (k->session->s3_out == NULL &&
	    session_skips_s3(k->session, &k->session->s3_err))
		k->session->s3_out = "s3-skipped";
	if (k->session->s3_out != NULL)
		return out_already(k);
	k->s3 = SEEK_S3_UP;
	log_step(k->session->set.log, "asking S3 for '%s' of %s%s",
	    k->key.type, k->key.account, etag == NULL ? "" :
	    ", unless it is the local copy");
	k->session->expected = k->has_copy ? NULL : &k->key;
	remote_get(k->session, &k->key, etag, &k->remote);
	k->session->expected = NULL;
	switch (k->remote.found) {
	case REMOTE_FOUND:
		return found(k);
	case REMOTE_NOT_MODIFIED:
		return renewed(k);
	case REMOTE_ABSENT:
		return absent(k);
	case REMOTE_UNPROVABLE:
		log_step(k->session->set.log, "S3 denies reading '%s': it "
		    "is missing or forbidden (s3:ListBucket would tell)",
		    k->key.type);
		return copy_is_own(k) ? own_copy(k) : SEEK_MISS;
	case REMOTE_FOREIGN:
		return unusable(k, "foreign-object");
	case REMOTE_LARGE:
		return unusable(k, "too-large-object");
	case REMOTE_CORRUPT:
		return unusable(k, "corrupt-object");
	case REMOTE_DENIED:
		return out_of_reach(k, "s3-denied");
	case REMOTE_NO_BUCKET:
		return out_of_reach(k, "s3-no-bucket");
	case REMOTE_DOWN:
		return out_of_reach(k, "s3-unreachable");
	default:
		return out_of_reach(k, "s3-error");
	}
}

enum seek_hit
seek_remote(struct seek *k)
{
	k->hit = ask_remote(k);
	return k->hit;
}

bool
seek_untouchable(const struct seek *k)
{
	return k->remote.found == REMOTE_FOREIGN ||
	    k->remote.found == REMOTE_LARGE || k->other_remote;
}
