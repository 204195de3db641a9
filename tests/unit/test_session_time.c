#include "cache/session.h"

#include "tap.h"

#define COUNT(rows) (sizeof (rows) / sizeof (rows)[0])

#define MIDNIGHT 1796083200	/* 2026-12-01T00:00:00Z */

static int64_t
wall(void *state)
{
	return *(const int64_t *)state * 1000;
}

static int64_t
elapsed(void *state)
{
	return *(const int64_t *)state * 1000;
}

static void
pass(void *state, int64_t ms)
{
	*(int64_t *)state += ms / 1000;
}

/* The month that ours names, and what a server's time makes of it. */
static const struct {
	const char *what;
	int64_t ours, server;	/* from midnight; -1 server: unknown */
	int back;
	int month;		/* 0: it stays */
} rows[] = {
	{ "a clock that is right", -60, -60, 0, 0 },
	{ "four minutes behind, over midnight", -120, 120, 0, 0 },
	{ "two hours behind", -5400, 1800, 0, 12 },
	{ "two hours ahead", 5400, -1800, 0, 11 },
	{ "two hours behind, in the same month", 3600, 10800, 0, 0 },
	{ "and the month before", -5400, 1800, 1, 11 },
	{ "and two before, two hours ahead", 5400, -1800, 2, 9 },
	{ "a year off", -365 * 86400, 1800, 0, 12 },
	{ "a server that tells no time", -5400, -1, 0, 0 },
};

static void
test_month(void)
{
	size_t i;

	for (i = 0; i < COUNT(rows); i++) {
		int64_t now = MIDNIGHT + rows[i].ours;
		struct clock clock = { wall, elapsed, pass, &now };
		struct session s = { .set = { .clock = &clock } };
		struct month month = month_add(month_of(now),
		    -rows[i].back);
		struct month before = month;
		int64_t server = rows[i].server == -1 ? -1 :
		    MIDNIGHT + rows[i].server;

		is_int(session_month_moved(&s, server, rows[i].back,
		    &month), rows[i].month != 0, "%s", rows[i].what);
		is_int(month.month, rows[i].month != 0 ? rows[i].month :
		    before.month, "the month");
	}
}

static void
test_server(void)
{
	int64_t now = MIDNIGHT;
	struct clock clock = { wall, elapsed, pass, &now };
	struct session s = { .set = { .clock = &clock },
		.command_start = -1, .started_ms = MIDNIGHT * 1000LL };

	is_int(session_server_now(&s), MIDNIGHT, "ours, until one is heard");
	now += 3;
	session_saw_date(&s, -1);
	is_int(s.command_start, -1, "an answer without a Date says nothing");
	session_saw_date(&s, 5003);
	is_int(s.command_start, 5000, "when the command began, by S3");
	now += 7;
	session_saw_date(&s, 9000);
	is_int(s.command_start, 5000, "the first answer counts");
	is_int(session_server_now(&s), 5010, "and time goes on from there");
}

int
main(void)
{
	test_month();
	test_server();
	return done_testing();
}
