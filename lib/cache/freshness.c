#include "cache/freshness.h"

#include "base/num.h"

int64_t
freshness_accepted(const struct freshness_facts *facts,
    const struct freshness_policy *policy)
{
	if (policy->max_age >= 0)
		return policy->max_age;
	if (policy->ttl_override >= 0)
		return policy->ttl_override;
	if (facts->final)
		return FRESHNESS_FINAL;
	return facts->ttl < FRESHNESS_TTL_MAX ? facts->ttl :
	    FRESHNESS_TTL_MAX;
}

/*
 * The larger of Date - timestamp and Date - Last-Modified. What a copy of an
 * old object with a new Last-Modified must not do, and what a writer with a
 * wrong clock must not do, is look younger than it is.
 */
static int64_t
age_of(const struct freshness_facts *facts, int64_t now)
{
	int64_t age = num_subtract_held(now, facts->timestamp);
	int64_t lain;

	if (facts->last_modified >= 0) {
		if (facts->timestamp > num_add_held(facts->last_modified,
		    FRESHNESS_FUTURE))
			return INT64_MAX;
		lain = num_subtract_held(now, facts->last_modified);
		if (lain > age)
			age = lain;
	}
	return age < 0 ? 0 : age;
}

struct freshness_verdict
freshness_judge(const struct freshness_facts *facts,
    const struct freshness_policy *policy, int64_t now)
{
	struct freshness_verdict v = {
		.age = age_of(facts, now),
		.accepted = freshness_accepted(facts, policy),
	};

	if (v.age == INT64_MAX) {
		v.why = "its timestamp lies after Last-Modified";
		return v;
	}
	v.fresh = v.age <= v.accepted;
	if (policy->max_age >= 0)
		v.why = v.fresh ? "within --max-age" : "older than --max-age";
	else if (policy->ttl_override >= 0)
		v.why = v.fresh ? "within ttl_override" :
		    "older than ttl_override";
	else if (facts->final)
		v.why = v.fresh ? "a closed month, final" :
		    "a closed month, checked again after 30 days";
	else
		v.why = v.fresh ? "within its ttl" : "older than its ttl";
	return v;
}

bool
freshness_alone(const struct freshness_facts *facts,
    const struct freshness_policy *policy, int64_t validated_at,
    int64_t skew, int64_t local_now)
{
	struct freshness_verdict v = freshness_judge(facts, policy,
	    num_add_held(local_now, skew));
	int64_t since = num_subtract_held(local_now, validated_at);
	int64_t limit = v.accepted < FRESHNESS_ALONE ? v.accepted :
	    FRESHNESS_ALONE;

	return v.fresh && since >= 0 && since <= limit;
}

bool
freshness_since(int64_t timestamp, int64_t command_start)
{
	return timestamp >= command_start;
}

/* By its timestamp, not its age: a copy of an old object is old. Clocks of two
 * servers differ a little; what lies further ahead proves nothing. */
bool
freshness_cooling(const struct freshness_facts *facts, int64_t cooldown,
    int64_t now)
{
	int64_t ago = num_subtract_held(now, facts->timestamp);

	return cooldown > 0 && ago >= -FRESHNESS_FUTURE && ago < cooldown &&
	    age_of(facts, now) != INT64_MAX;
}
