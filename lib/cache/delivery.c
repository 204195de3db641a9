#include "cache/delivery.h"

#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "cache/derive.h"

/*
 * Hand an entry over. Its text changes hands instead of being copied: a large
 * document is in memory once.
 */
void
delivery_entry(const struct delivery *d, struct buf *text, size_t offset,
    const struct entry *entry, enum readthrough_source source,
    struct freshness_verdict verdict)
{
	struct readthrough_result *r = d->result;
	struct buf former = r->text;

	/* Asked for without one, it is no degradation. */
	if (session_local(d->session) == NULL && !d->session->set.no_local)
		degraded_add(&r->degraded, "local-store");
	r->text = *text;
	*text = former;
	/* A large one has no text. */
	r->envelope = r->text.p == NULL ? span_make(NULL, 0) :
	    span_make(r->text.p + offset, r->text.n - offset);
	r->entry = *entry;
	r->source = source;
	r->has_data = true;
	r->age = verdict.age == INT64_MAX ? -1 : verdict.age;
	r->fresh = source != SOURCE_STALE_LOCAL &&
	    source != SOURCE_STALE_REMOTE;
}

static enum readthrough_source
local_source(const struct seek *k, bool stale)
{
	if (stale)
		return SOURCE_STALE_LOCAL;
	return k->kept ? SOURCE_API : SOURCE_LOCAL;
}

static void
hand_over_bulk(const struct delivery *d, struct bulk *bulk)
{
	if (!bulk->there)
		return;
	d->result->bulk = *bulk;
	d->result->envelope = span_make(NULL, bulk->length);
	bulk_init(bulk);
}

void
delivery_seek(const struct delivery *d, struct seek *k, enum seek_hit hit,
    bool stale)
{
	struct freshness_facts facts = hit == SEEK_LOCAL ?
	    seek_copy_facts(k) : seek_remote_facts(k);
	struct freshness_verdict verdict = freshness_judge(&facts,
	    d->policy, seek_now(k));

	if (hit == SEEK_LOCAL) {
		memcpy(d->result->etag, k->copy.facts.etag,
		    sizeof d->result->etag);
		k->has_copy = false;
		delivery_entry(d, &k->copy.bytes, k->copy.envelope_offset,
		    &k->copy.entry, local_source(k, stale), verdict);
		hand_over_bulk(d, &k->copy.bulk);
		return;
	}
	memcpy(d->result->etag, k->remote.etag, sizeof d->result->etag);
	delivery_entry(d, &k->remote.text, 0, &k->remote.entry,
	    stale ? SOURCE_STALE_REMOTE : SOURCE_REMOTE, verdict);
	hand_over_bulk(d, &k->remote.bulk);
}

/* Unless another process has kept a newer one since: no lock is held. */
static void
keep_derived(const struct delivery *d, const struct local_facts *facts,
    const struct entry_metadata *m, struct span envelope)
{
	struct local *local = session_local(d->session);
	const struct key *key = &d->result->key;
	struct local_copy there;
	struct err err = { 0 };

	if (local == NULL)
		return;
	local_copy_init(&there, LIMIT_OBJECT + LIMIT_METADATA);
	if (!local_newer(local, key, m->timestamp, &there) &&
	    local_write(local, key, facts, envelope, NULL, &err) != 0) {
		degraded_add(&d->result->degraded, "local-store");
		log_warn(d->session->set.log, "cannot keep a local copy: %s",
		    err.message);
	}
	local_copy_clear(&there);
}

int
delivery_derived(const struct delivery *d, const struct seek *k,
    enum seek_hit hit, bool stale, struct err *err)
{
	struct session *s = d->session;
	const struct key *key = &d->result->key;
	const struct entry *from = hit == SEEK_LOCAL ? &k->copy.entry :
	    &k->remote.entry;
	struct freshness_facts facts = hit == SEEK_LOCAL ?
	    seek_copy_facts(k) : seek_remote_facts(k);
	struct local_facts kept = {
		.last_modified = facts.last_modified,
		.validated_at = hit == SEEK_LOCAL ?
		    k->copy.facts.validated_at : session_now(s),
		.skew = seek_now(k) - session_now(s),
		.final = facts.final,
		.origin = LOCAL_DERIVED,
	};
	struct entry_metadata m = from->metadata;
	struct buf data, text;
	struct entry entry;
	const char *reason;
	int result = -1;

	buf_init(&data, LIMIT_OBJECT);
	buf_init(&text, LIMIT_OBJECT + LIMIT_METADATA);
	if (derive_data(key->type, from->data, &data, err) != 0 ||
	    buf_check(&data, "entry", err) != 0)
		goto out;
	snprintf(m.data_type, sizeof m.data_type, "%s", key->type);
	entry_build(&m, buf_view(&data), &text);
	if (buf_check(&text, "entry", err) != 0)
		goto out;
	if (!stale)
		keep_derived(d, &kept, &m, buf_view(&text));
	if (entry_parse(buf_view(&text), ENTRY_FRAME, &entry, &reason) !=
	    ENTRY_SOUND) {
		err_set(err, ERR_INTERNAL, "the entry that was built "
		    "is not sound: %s", reason);
		goto out;
	}
	delivery_entry(d, &text, 0, &entry, !stale ? SOURCE_DERIVED :
	    hit == SEEK_LOCAL ? SOURCE_STALE_LOCAL : SOURCE_STALE_REMOTE,
	    freshness_judge(&facts, d->policy, seek_now(k)));
	result = 0;
out:
	buf_clear(&data);
	buf_clear(&text);
	return result;
}
