#include "cache/seek.h"

#include <string.h>

#include "base/date.h"
#include "base/num.h"

int64_t
seek_now(const struct seek *k)
{
	if (k->remote.date >= 0)
		return k->remote.date;
	if (k->has_copy)
		return session_now(k->session) + k->copy.facts.skew;
	return session_now(k->session);
}

struct freshness_facts
seek_copy_facts(const struct seek *k)
{
	struct freshness_facts facts = {
		.timestamp = k->copy.entry.metadata.timestamp,
		.last_modified = k->copy.facts.last_modified,
		.ttl = k->copy.entry.metadata.ttl,
		.final = k->copy.facts.final,
	};

	return facts;
}

/*
 * Looking at every period costs more than fetching the entry did, so it is
 * done once, and only where the metadata does not rule it out already.
 */
bool
seek_final(const struct entry *entry)
{
	const struct entry_metadata *m = &entry->metadata;
	struct entry_coverage coverage;
	struct err err = { 0 };

	return entry_may_be_final(m) &&
	    entry_coverage(entry->data, &coverage, &err) == 0 &&
	    entry_final(m, &coverage);
}

struct freshness_facts
seek_remote_facts(const struct seek *k)
{
	struct freshness_facts facts = {
		.timestamp = k->remote.entry.metadata.timestamp,
		.last_modified = k->remote.last_modified,
		.ttl = k->remote.entry.metadata.ttl,
		.final = k->remote_final,
	};

	return facts;
}

/* When the command began, on the server's clock. */
static int64_t
command_start(const struct seek *k)
{
	const struct session *s = k->session;
	int64_t run;

	if (s->command_start >= 0)
		return s->command_start;
	run = clock_elapsed_ms(s->set.clock) - s->started_ms;
	return seek_now(k) - run / 1000;
}

/* Bought since the command began? A timestamp from the future proves
 * nothing. */
static bool
is_new(const struct seek *k, const struct freshness_facts *facts,
    const struct freshness_verdict *verdict)
{
	return verdict->age != INT64_MAX &&
	    facts->timestamp <= seek_now(k) + FRESHNESS_FUTURE &&
	    freshness_since(facts->timestamp, command_start(k));
}

bool
seek_new(const struct seek *k, const struct freshness_facts *facts)
{
	struct freshness_verdict verdict = freshness_judge(facts,
	    &k->rules->policy, seek_now(k));

	return k->session->command_start >= 0 && is_new(k, facts, &verdict);
}

/* As if --refresh had not been given; said with the time from which on it
 * counts again. */
static bool
is_held_back(const struct seek *k, const struct freshness_facts *facts)
{
	int64_t cooldown = k->rules->cooldown;
	char until[DATE_ROOM];

	if (!freshness_cooling(facts, cooldown, seek_now(k)))
		return false;
	date_format_rfc3339(num_add_held(facts->timestamp, cooldown), until);
	log_warn(k->session->set.log, "refresh_cooldown: '%s' of account '%s' "
	    "is not bought again before %s", k->key.type, k->key.account,
	    until);
	return true;
}

bool
seek_acceptable(const struct seek *k, const struct freshness_facts *facts)
{
	struct freshness_verdict verdict = freshness_judge(facts,
	    &k->rules->policy, seek_now(k));
	bool new = is_new(k, facts, &verdict);

	if (!new && k->rules->refresh && !is_held_back(k, facts))
		return false;
	log_step(k->session->set.log, "'%s' of %s: %s (age %lld s, accepted "
	    "%lld s)", k->key.type, k->key.account,
	    new ? "made since this command began" : verdict.why,
	    (long long)verdict.age, (long long)verdict.accepted);
	return new || verdict.fresh;
}

const struct entry *
seek_newest(const struct seek *k, enum seek_hit *hit,
    struct freshness_facts *facts)
{
	bool remote = k->remote.found == REMOTE_FOUND &&
	    (k->remote.text.n > 0 || k->remote.bulk.there) &&
	    !k->other_remote;

	*hit = SEEK_MISS;
	if (k->has_copy && (!remote || k->copy.entry.metadata.timestamp >
	    k->remote.entry.metadata.timestamp)) {
		*hit = SEEK_LOCAL;
		*facts = seek_copy_facts(k);
		return &k->copy.entry;
	}
	if (!remote)
		return NULL;
	*hit = SEEK_REMOTE;
	*facts = seek_remote_facts(k);
	return &k->remote.entry;
}
