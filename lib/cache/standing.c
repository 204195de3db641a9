#include "cache/standing.h"

#include "base/num.h"

static const char *const words[] = {
	[STANDING_FRESH] = "fresh",
	[STANDING_STALE] = "stale",
	[STANDING_VERY_STALE] = "very-stale",
};

struct standing
standing_of(const struct freshness_facts *facts,
    const struct freshness_policy *policy, int64_t stale_if_error,
    int64_t now)
{
	struct freshness_verdict v = freshness_judge(facts, policy, now);
	struct standing s = { .state = STANDING_VERY_STALE, .age = -1,
		.good_until = -1 };

	if (v.age == INT64_MAX)
		return s;
	s.age = v.age;
	s.good_until = num_add_held(num_subtract_held(now, v.age),
	    v.accepted);
	if (v.fresh)
		s.state = STANDING_FRESH;
	else if (v.age <= stale_if_error)
		s.state = STANDING_STALE;
	return s;
}

const char *
standing_word(enum standing_state state)
{
	return words[state];
}
