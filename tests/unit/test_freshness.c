#include "tap.h"

#include "cache/freshness.h"

#define COUNT(rows) (sizeof (rows) / sizeof (rows)[0])

#define NOW INT64_C(1754922600)
#define HOUR 3600
#define DAY 86400
#define NEVER (-1)		/* in S3; also: not given */

/* Policies. */
#define NONE { NEVER, NEVER }
#define MAX_AGE(s) { (s), NEVER }
#define OVERRIDE(s) { NEVER, (s) }

/* "Accepted age: --max-age, else ttl_override, else min(ttl, 60m); 30 days
 * only for" what is final. */
static void
test_accepted(void)
{
	static const struct {
		const char *what;
		struct freshness_policy policy;
		int64_t ttl;
		bool final;
		int64_t want;
	} rows[] = {
		{ "the ttl", NONE, 900, false, 900 },
		{ "60 min of a longer one", NONE, 7200, false, HOUR },
		{ "just 60 min", NONE, HOUR, false, HOUR },
		{ "60 min of the longest", NONE, INT64_MAX, false, HOUR },
		{ "a ttl of nothing", NONE, 0, false, 0 },
		{ "30 days of what is final", NONE, 900, true, 30 * DAY },
		{ "whatever its ttl", NONE, 0, true, 30 * DAY },
		{ "ttl_override before the ttl", OVERRIDE(60), 900, false,
		    60 },
		{ "a longer one too", OVERRIDE(7200), 900, false, 7200 },
		{ "and past 60 min", OVERRIDE(2 * DAY), 900, false, 2 * DAY },
		{ "ttl_override before 30 days", OVERRIDE(60), 900, true, 60 },
		{ "ttl_override = 0", OVERRIDE(0), 900, true, 0 },
		{ "--max-age before the ttl", MAX_AGE(60), 900, false, 60 },
		{ "--max-age of a week", MAX_AGE(7 * DAY), 900, false,
		    7 * DAY },
		{ "--max-age before 30 days", MAX_AGE(60), 900, true, 60 },
		{ "--max-age before ttl_override", { 60, 7200 }, 900, false,
		    60 },
		{ "a larger one too", { 7200, 60 }, 900, true, 7200 },
		{ "--max-age 0", { 0, 7200 }, 900, true, 0 },
	};
	size_t i;

	for (i = 0; i < COUNT(rows); i++) {
		struct freshness_facts facts = { NOW, NOW, rows[i].ttl,
			rows[i].final };

		is_int(freshness_accepted(&facts, &rows[i].policy),
		    rows[i].want, "%s", rows[i].what);
		is_int(freshness_judge(&facts, &rows[i].policy, NOW).accepted,
		    rows[i].want, "as the verdict has it");
	}
}

/* "age = the larger of Date - timestamp and Date - Last-Modified". */
static void
test_age(void)
{
	static const struct {
		const char *what;
		int64_t timestamp, modified, age;
	} rows[] = {
		{ "just bought", NOW, NOW, 0 },
		{ "written at once", NOW - 600, NOW - 600, 600 },
		{ "an old one copied now", NOW - 600, NOW - 10, 600 },
		{ "a writer whose clock is ahead", NOW - 300, NOW - 600, 600 },
		{ "one s after Last-Modified", NOW - 599, NOW - 600, 600 },
		{ "299 s after it", NOW - 301, NOW - 600, 600 },
		{ "300 s after it", NOW - 300, NOW - 600, 600 },
		{ "301 s after it: invalid", NOW - 299, NOW - 600,
		    INT64_MAX },
		{ "a year after it: invalid", NOW + 365 * DAY, NOW - 600,
		    INT64_MAX },
		{ "a day after it, both long ago: invalid",
		    NOW - 400 * DAY, NOW - 401 * DAY, INT64_MAX },
		{ "in our future, within 300 s of Last-Modified", NOW + 200,
		    NOW, 0 },
		{ "the end of time: invalid", INT64_MAX, NOW, INT64_MAX },
		{ "both at the end of time", INT64_MAX, INT64_MAX, 0 },
		{ "both in our future", NOW + 100, NOW + 50, 0 },
		{ "Last-Modified alone in our future", NOW - 600, NOW + 50,
		    600 },
		{ "never in S3", NOW - 600, NEVER, 600 },
		{ "never in S3, just bought", NOW, NEVER, 0 },
		{ "never in S3, in our future", NOW + 5, NEVER, 0 },
		{ "never in S3, in our far future", NOW + 301, NEVER, 0 },
		{ "the epoch", 0, 0, NOW },
		{ "after the epoch's: invalid", 301, 0, INT64_MAX },
		{ "before time", INT64_MIN, NEVER, INT64_MAX },
	};
	const struct freshness_policy forever = MAX_AGE(INT64_MAX - 1);
	size_t i;

	for (i = 0; i < COUNT(rows); i++) {
		struct freshness_facts facts = { rows[i].timestamp,
			rows[i].modified, 900, false };
		struct freshness_verdict v = freshness_judge(&facts, &forever,
		    NOW);

		is_int(v.age, rows[i].age, "%s", rows[i].what);
		is_int(v.fresh, rows[i].age != INT64_MAX,
		    "stale only when invalid");
	}
}

static void
test_judge(void)
{
	static const struct {
		const char *what;
		struct freshness_policy policy;
		int64_t age, lain, ttl;	/* lain: since Last-Modified */
		bool final, fresh;
		const char *why;
	} rows[] = {
		{ "new", NONE, 0, 0, 900, false, true, "within its ttl" },
		{ "on the last second", NONE, 900, 900, 900, false, true,
		    "within its ttl" },
		{ "a second later", NONE, 901, 901, 900, false, false,
		    "older than its ttl" },
		{ "written late", NONE, 901, 0, 900, false, false,
		    "older than its ttl" },
		{ "dated late", NONE, 800, 901, 900, false, false,
		    "older than its ttl" },
		{ "a ttl of a day, at 60 min", NONE, HOUR, HOUR, DAY, false,
		    true, "within its ttl" },
		{ "a ttl of a day, past 60 min", NONE, HOUR + 1, HOUR + 1,
		    DAY, false, false, "older than its ttl" },
		{ "a ttl of nothing, at once", NONE, 0, 0, 0, false, true,
		    "within its ttl" },
		{ "a ttl of nothing, later", NONE, 1, 1, 0, false, false,
		    "older than its ttl" },
		{ "final, 30 days old", NONE, 30 * DAY, 30 * DAY, 900, true,
		    true, "a closed month, final" },
		{ "final, older", NONE, 30 * DAY + 1, 0, 900, true, false,
		    "a closed month, checked again after 30 days" },
		{ "--max-age", MAX_AGE(60), 60, 60, 900, false, true,
		    "within --max-age" },
		{ "past --max-age", MAX_AGE(60), 61, 61, 900, true, false,
		    "older than --max-age" },
		{ "--max-age beyond the ttl", MAX_AGE(DAY), DAY, DAY, 900,
		    false, true, "within --max-age" },
		{ "--max-age 0 at once", MAX_AGE(0), 0, 0, 900, false, true,
		    "within --max-age" },
		{ "--max-age 0", MAX_AGE(0), 1, 1, 900, false, false,
		    "older than --max-age" },
		{ "ttl_override", OVERRIDE(7200), 7200, 7200, 900, false,
		    true, "within ttl_override" },
		{ "past ttl_override", OVERRIDE(7200), 7201, 7201, 900, true,
		    false, "older than ttl_override" },
		{ "both", { 60, 7200 }, 61, 61, 900, false, false,
		    "older than --max-age" },
		{ "invalid, under --max-age", MAX_AGE(DAY), 0, 301, 900,
		    false, false, "its timestamp lies after Last-Modified" },
		{ "invalid, though final", NONE, 0, 301, 900, true, false,
		    "its timestamp lies after Last-Modified" },
	};
	size_t i;

	for (i = 0; i < COUNT(rows); i++) {
		struct freshness_facts facts = { NOW - rows[i].age,
			NOW - rows[i].lain, rows[i].ttl, rows[i].final };
		struct freshness_verdict v = freshness_judge(&facts,
		    &rows[i].policy, NOW);

		is_int(v.fresh, rows[i].fresh, "%s", rows[i].what);
		is_str(v.why, rows[i].why, "and why");
	}
}

/* "A local copy answers alone for at most 60m since it was validated against
 * S3, closed month or not." */
static void
test_alone(void)
{
	static const struct {
		const char *what;
		struct freshness_policy policy;
		int64_t age, since, skew;	/* since: it was validated */
		bool final, want;
	} rows[] = {
		{ "validated now", NONE, 100, 0, 0, false, true },
		{ "within its ttl", NONE, 900, 900, 0, false, true },
		{ "validated longer ago than its ttl", NONE, 900, 901, 0,
		    false, false },
		{ "validated, but too old", NONE, 901, 0, 0, false, false },
		{ "final, validated 60 min ago", NONE, 20 * DAY, HOUR, 0,
		    true, true },
		{ "final, validated longer ago", NONE, 20 * DAY, HOUR + 1, 0,
		    true, false },
		{ "final, too old", NONE, 30 * DAY + 1, 0, 0, true, false },
		{ "--max-age of a day does not make it longer", MAX_AGE(DAY),
		    2 * HOUR, HOUR + 1, 0, false, false },
		{ "but lets it be older", MAX_AGE(DAY), DAY, HOUR, 0, false,
		    true },
		{ "--max-age makes it shorter", MAX_AGE(60), 30, 61, 0, true,
		    false },
		{ "to the second", MAX_AGE(60), 60, 60, 0, true, true },
		{ "--max-age 0, at once", MAX_AGE(0), 0, 0, 0, false, true },
		{ "--max-age 0, a second later", MAX_AGE(0), 0, 1, 0, false,
		    false },
		{ "ttl_override of a day", OVERRIDE(DAY), HOUR, HOUR + 1, 0,
		    false, false },
		{ "ttl_override of a minute", OVERRIDE(60), 30, 61, 0, false,
		    false },
		{ "validated in our future", NONE, 100, -1, 0, false, false },
		{ "far in it", NONE, 100, -DAY, 0, true, false },
		/* The server's clock tells the age, ours what passed since. */
		{ "our clock is slow", NONE, 800, 100, 100, false, true },
		{ "and it is too old there", NONE, 801, 100, 100, false,
		    false },
		{ "our clock is fast", NONE, 1000, 100, -100, false, true },
		{ "and it is not that old there", NONE, 1001, 100, -100,
		    false, false },
		{ "skew does not touch what passed since", NONE, 0, 901, -500,
		    false, false },
	};
	size_t i;

	for (i = 0; i < COUNT(rows); i++) {
		struct freshness_facts facts = { NOW - rows[i].age,
			NOW - rows[i].age, 900, rows[i].final };

		is_int(freshness_alone(&facts, &rows[i].policy,
		    NOW - rows[i].since, rows[i].skew, NOW), rows[i].want,
		    "%s", rows[i].what);
		facts.last_modified = NEVER;
		is_int(freshness_alone(&facts, &rows[i].policy,
		    NOW - rows[i].since, rows[i].skew, NOW), rows[i].want,
		    "the same of one never in S3");
	}
}

/* Clocks that are nowhere: nothing overflows, nothing is fresh for ever. */
static void
test_extremes(void)
{
	static const int64_t times[] = { INT64_MIN, INT64_MIN + 1, -1, 0, NOW,
		INT64_MAX - 1, INT64_MAX };
	const struct freshness_policy none = NONE;
	size_t a, b, c, wrong = 0;

	for (a = 0; a < COUNT(times); a++)
		for (b = 0; b < COUNT(times); b++)
			for (c = 0; c < COUNT(times); c++) {
				struct freshness_facts facts = { times[a],
					times[b], 900, false };
				struct freshness_verdict v = freshness_judge(
				    &facts, &none, times[c]);

				if (v.age < 0 || (v.fresh && v.age > 900))
					wrong++;
				freshness_alone(&facts, &none, times[b],
				    times[a], times[c]);
			}
	is_uint(wrong, 0, "an age is never negative");
	ok(!freshness_alone(&(struct freshness_facts){ NOW, NOW, 900, false },
	    &none, INT64_MIN, 0, NOW), "validated before all time");
}

static void
test_since(void)
{
	ok(freshness_since(NOW, NOW), "bought in the second of the start");
	ok(freshness_since(NOW + 1, NOW), "bought later");
	ok(!freshness_since(NOW - 1, NOW), "bought before");
}

static void
test_cooling(void)
{
	static const struct {
		const char *what;
		int64_t ago, lain;	/* timestamp, Last-Modified; -1: never */
		int64_t cooldown;
		bool held;
	} rows[] = {
		{ "just bought", 0, 0, 600, true },
		{ "at its end", 600, 600, 600, false },
		{ "a second before", 599, 599, 600, true },
		{ "long ago", 86400, 86400, 600, false },
		{ "long ago, and copied now", 86400, 0, 600, false },
		{ "bought now over an old copy's time", 10, 700, 600, false },
		{ "never in S3", 10, -1, 600, true },
		{ "no cooldown", 0, 0, 0, false },
		{ "none given", 0, 0, -1, false },
		{ "a server a little ahead", -FRESHNESS_FUTURE, 0, 600, true },
		{ "from the future", -FRESHNESS_FUTURE - 1, -1, 600, false },
		{ "beyond the ttl, within the cooldown", 7200, 7200, 21600,
		    true },
	};
	size_t i;

	for (i = 0; i < COUNT(rows); i++) {
		struct freshness_facts facts = { NOW - rows[i].ago,
			rows[i].lain < 0 ? NEVER : NOW - rows[i].lain, 900,
			false };

		is_int(freshness_cooling(&facts, rows[i].cooldown, NOW),
		    rows[i].held, "%s", rows[i].what);
	}
}

int
main(void)
{
	test_accepted();
	test_age();
	test_judge();
	test_alone();
	test_extremes();
	test_since();
	test_cooling();
	return done_testing();
}
