#include <string.h>

#include "cache/breaker.h"

#include "tap.h"

#define COUNT(rows) (sizeof (rows) / sizeof (rows)[0])

#define START 1800000000
#define UP 5000			/* the elapsed clock then */

static struct breaker_moment
at(int64_t wall, int64_t elapsed, const char *boot)
{
	struct breaker_moment m = { .wall = START + wall,
		.elapsed = UP + elapsed };

	snprintf(m.boot, sizeof m.boot, "%s", boot);
	return m;
}

/* Five failures, the last one at the beginning. */
static struct breaker
opened(const char *boot)
{
	struct breaker_moment now = at(0, 0, boot);
	struct breaker b = { 0 };
	int i;

	for (i = 0; i < BREAKER_FAILURES; i++)
		breaker_failed(&b, &now);
	return b;
}

/* One command each: at which second, what came of it, and what is then. */
static const struct {
	int64_t second;
	bool answered;
	enum breaker_way before;	/* as the command begins */
	int failures;
	int64_t delay;
	int64_t left;
} story[] = {
	{ 0, false, BREAKER_CLOSED, 1, 0, 0 },
	{ 1, false, BREAKER_CLOSED, 2, 0, 0 },
	{ 2, true, BREAKER_CLOSED, 0, 0, 0 },
	{ 3, false, BREAKER_CLOSED, 1, 0, 0 },
	{ 4, false, BREAKER_CLOSED, 2, 0, 0 },
	{ 100, false, BREAKER_CLOSED, 3, 0, 0 },
	{ 200, false, BREAKER_CLOSED, 4, 0, 0 },
	{ 300, false, BREAKER_CLOSED, 5, 60, 60 },
	/* on its way since before it opened, or one that ignores it */
	{ 310, false, BREAKER_OPEN, 6, 60, 50 },
	{ 359, false, BREAKER_OPEN, 7, 60, 1 },
	{ 360, false, BREAKER_DUE, 8, 120, 120 },
	{ 480, false, BREAKER_DUE, 9, 240, 240 },
	{ 720, false, BREAKER_DUE, 10, 480, 480 },
	{ 1200, false, BREAKER_DUE, 11, 900, 900 },
	{ 2100, false, BREAKER_DUE, 12, 900, 900 },
	{ 2101, true, BREAKER_OPEN, 0, 0, 0 },
	{ 2102, false, BREAKER_CLOSED, 1, 0, 0 },
	{ 2103, true, BREAKER_CLOSED, 0, 0, 0 },
};

static void
test_story(void)
{
	struct breaker b = { 0 };
	size_t i;

	for (i = 0; i < COUNT(story); i++) {
		struct breaker_moment now = at(story[i].second,
		    story[i].second, "boot");
		long long s = (long long)story[i].second;

		is_int(breaker_way(&b, &now), story[i].before,
		    "second %lld: the way", s);
		if (story[i].answered)
			memset(&b, 0, sizeof b);
		else
			breaker_failed(&b, &now);
		is_int(b.failures, story[i].failures, "failures");
		is_int(b.delay, story[i].delay, "delay");
		is_int(breaker_left(&b, &now), story[i].left, "left");
	}
}

/* Where it stands after it opened for 60 s. */
static const struct {
	const char *name;
	int64_t wall, elapsed;
	const char *boot;	/* of the look; "" as it opened: see two */
	enum breaker_way way;
	int64_t left;
} looks[] = {
	{ "at once", 0, 0, "one", BREAKER_OPEN, 60 },
	{ "a second before", 59, 59, "one", BREAKER_OPEN, 1 },
	{ "in time", 60, 60, "one", BREAKER_DUE, 0 },
	{ "the wall clock two hours ahead", 7210, 10, "one", BREAKER_OPEN,
	    50 },
	{ "and two hours back", -7190, 10, "one", BREAKER_OPEN, 50 },
	{ "back, and the minute is over", -7140, 60, "one", BREAKER_DUE, 0 },
	{ "an elapsed clock from before", 10, -1, "one", BREAKER_DUE, 0 },
	{ "after a boot, by the wall clock", 30, -4000, "two", BREAKER_OPEN,
	    30 },
	{ "after a boot that took longer", 61, -4000, "two", BREAKER_DUE,
	    0 },
	{ "after a boot that lost two hours", -7200, -4000, "two",
	    BREAKER_DUE, 0 },
	{ "after a boot with two hours more", 7200, -4000, "two",
	    BREAKER_DUE, 0 },
	{ "a boot that has no name", 30, 500, "", BREAKER_OPEN, 30 },
	{ "no name, and gone back", -1, 500, "", BREAKER_DUE, 0 },
};

static void
test_clocks(void)
{
	struct breaker named = opened("one"), nameless = opened("");
	size_t i;

	for (i = 0; i < COUNT(looks); i++) {
		struct breaker_moment now = at(looks[i].wall,
		    looks[i].elapsed, looks[i].boot);

		is_int(breaker_way(&named, &now), looks[i].way, "%s",
		    looks[i].name);
		is_int(breaker_left(&named, &now), looks[i].left, "left");
		if (looks[i].boot[0] != '\0')
			continue;
		is_int(breaker_way(&nameless, &now), looks[i].way,
		    "%s: two nameless boots are not one", looks[i].name);
	}
}

/* Whatever the clocks say: never open for longer than its delay. */
static void
test_bound(void)
{
	static const int64_t jumps[] = { -1000000000, -7200, -900, -60, -1,
		0, 1, 59, 60, 899, 900, 7200, 1000000000 };
	static const char *const boots[] = { "one", "two", "" };
	struct breaker b = opened("one");
	bool bound = true;
	size_t i, j, k;

	for (i = 0; i < COUNT(jumps); i++)
		for (j = 0; j < COUNT(jumps); j++)
			for (k = 0; k < COUNT(boots); k++) {
				struct breaker_moment now = at(jumps[i],
				    jumps[j], boots[k]);
				int64_t left = breaker_left(&b, &now);

				bound = bound && left >= 0 && left <= 60;
			}
	ok(bound, "never more than a minute is left of one");
}

static void
test_text(void)
{
	static const char *const bad[] = {
		"", "\n", "1", "1 5 60 1 2 3", "1 5 60 1 2 3 boot",
		"2 5 60 1 2 3 boot\n", "1 5 60 1 2 3\n", "1 5 61 1 2 boot\n",
		"1 -1 60 1 2 3 boot\n", "1 5 901 1 2 3 boot\n",
		"1 5 -60 1 2 3 boot\n", "1 5 59 1 2 3 boot\n",
		"1 4 60 1 2 3 boot\n", "1 5 60 1 2 -3 boot\n",
		"1 5 60 1 2 3 two boots\n", "1 5 60 1 2 3 b\nb\n",
		"1 9999999999 60 1 2 3 boot\n", "1 5 60 x 2 3 boot\n",
		"1 5 60 1 2 3 0123456789012345678901234567890123456789\n",
	};
	struct breaker b = opened("c0ffee00-1234"), back;
	struct buf text;
	size_t i;

	buf_init(&text, BREAKER_TEXT);
	breaker_format(&b, &text);
	is_str(buf_string(&text), "1 5 60 1800000000 1800000000 5000 "
	    "c0ffee00-1234\n", "as a line");
	ok(breaker_parse(buf_view(&text), &back), "and back");
	ok(back.failures == b.failures && back.delay == b.delay &&
	    back.since == b.since && back.last.wall == b.last.wall &&
	    back.last.elapsed == b.last.elapsed &&
	    strcmp(back.last.boot, b.last.boot) == 0, "the same");
	buf_reset(&text);
	b = opened("");
	breaker_format(&b, &text);
	ok(breaker_parse(buf_view(&text), &back) && back.delay == 60,
	    "without a boot's name");
	for (i = 0; i < COUNT(bad); i++) {
		memset(&back, 1, sizeof back);
		ok(!breaker_parse(span_of(bad[i]), &back), "'%s'", bad[i]);
		ok(back.failures == 0 && back.delay == 0, "is none");
	}
	buf_reset(&text);
	b.failures = 1000000;
	b.since = b.last.wall = -INT64_MAX;
	b.last.elapsed = INT64_MAX;
	memset(b.last.boot, 'x', sizeof b.last.boot - 1);
	breaker_format(&b, &text);
	ok(text.fault == BUF_SOUND && breaker_parse(buf_view(&text), &back),
	    "the longest text fits");
	breaker_failed(&b, &b.last);
	is_int(b.failures, 1000000, "and failures are held there");
	buf_clear(&text);
}

int
main(void)
{
	test_story();
	test_clocks();
	test_bound();
	test_text();
	return done_testing();
}
