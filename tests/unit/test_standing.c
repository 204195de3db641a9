#include "cache/standing.h"

#include <stddef.h>

#include "tap.h"

#define NOW 1795945710

int
main(void)
{
	static const struct {
		const char *what;
		int64_t timestamp, last_modified, ttl, max_age;
		bool final;
		const char *word;
		int64_t age, good_until;
	} rows[] = {
		{ "new", NOW, -1, 3600, -1, false, "fresh", 0, NOW + 3600 },
		{ "its last second", NOW - 900, -1, 900, -1, false, "fresh",
		    900, NOW },
		{ "one more", NOW - 901, -1, 900, -1, false, "stale", 901,
		    NOW - 1 },
		{ "by Last-Modified", NOW - 10, NOW - 900, 3600, -1, false,
		    "very-stale", -1, -1 },
		{ "lain longer than it is old", NOW - 100, NOW - 200, 3600,
		    -1, false, "fresh", 200, NOW + 3400 },
		{ "a day old", NOW - 86400, NOW - 86390, 3600, -1, false,
		    "stale", 86400, NOW - 86400 + 3600 },
		{ "a second more", NOW - 86401, NOW - 86390, 3600, -1, false,
		    "very-stale", 86401, NOW - 86401 + 3600 },
		{ "a closed month", NOW - 86401, NOW - 86390, 3600, -1, true,
		    "fresh", 86401, NOW - 86401 + 30 * 86400 },
		{ "--max-age", NOW - 100, -1, 3600, 99, false, "stale", 100,
		    NOW - 1 },
		{ "from the future", NOW + 100, -1, 3600, -1, false, "fresh",
		    0, NOW + 3600 },
	};
	size_t i;

	for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct freshness_facts facts = {
			.timestamp = rows[i].timestamp,
			.last_modified = rows[i].last_modified,
			.ttl = rows[i].ttl, .final = rows[i].final };
		struct freshness_policy policy = {
			.max_age = rows[i].max_age, .ttl_override = -1 };
		struct standing s = standing_of(&facts, &policy, 86400, NOW);

		is_str(standing_word(s.state), rows[i].word, "%s",
		    rows[i].what);
		is_int(s.age, rows[i].age, "its age");
		is_int(s.good_until, rows[i].good_until, "good until");
	}
	return done_testing();
}
