#include "tap.h"

#include "cache/lease_step.h"

/* Design section 6, "Take" and "Wait", sentence by sentence. */
#define COUNT(rows) (sizeof (rows) / sizeof (rows)[0])
#define TURNS 16
#define LEFT 60000		/* of --wait, unless a turn says OVER */

/* What was seen, and what must be done next. */
struct turn {
	enum lease_saw saw;
	enum lease_do act;
	bool over;		/* the wait has ended */
	bool again;		/* the PUT repeats the last one */
	bool ends;		/* the walk's last turn */
};

#define SEE(saw, act) { LEASE_SAW_##saw, LEASE_##act, false, false, false }
#define AGAIN(saw, act) { LEASE_SAW_##saw, LEASE_##act, false, true, false }
#define OVER(saw, act) { LEASE_SAW_##saw, LEASE_##act, true, false, false }
#define END(saw, act) { LEASE_SAW_##saw, LEASE_##act, false, false, true }
#define OVER_END(saw, act) { LEASE_SAW_##saw, LEASE_##act, true, false, true }
#define BEGIN SEE(NOTHING, TAKE)
#define ROUND SEE(LIVE, PAUSE), SEE(NOTHING, LOOK), SEE(NOT_FRESH, READ)

#define AWS { .trusted = true }
#define OTHER { .settle_ms = 700 }
#define VERSIONED { .settle_ms = 700, .versioned = true }

static const struct {
	const char *what;
	struct lease_steps steps;
	struct turn turns[TURNS];
} walks[] = {
	/* 200: ours. */
	{ "200 on AWS is ours", AWS, { BEGIN, END(WRITTEN, HELD) } },
	{ "AWS needs no settle where it is versioned",
	    { .trusted = true, .settle_ms = 700, .versioned = true },
	    { BEGIN, END(WRITTEN, HELD) } },
	{ "200 elsewhere is read back", OTHER,
	    { BEGIN, SEE(WRITTEN, READ), END(OURS, HELD) } },
	{ "after a settle where it is versioned", VERSIONED,
	    { BEGIN, SEE(WRITTEN, PAUSE), SEE(NOTHING, READ),
	    END(OURS, HELD) } },
	{ "however little is left to wait", VERSIONED,
	    { BEGIN, OVER(WRITTEN, PAUSE), OVER(NOTHING, READ),
	    OVER_END(OURS, HELD) } },
	{ "read back as somebody else's: wait", VERSIONED,
	    { BEGIN, SEE(WRITTEN, PAUSE), SEE(NOTHING, READ),
	    ROUND, END(DOWN, OUT) } },
	{ "read back as gone: take it once more", VERSIONED,
	    { BEGIN, SEE(WRITTEN, PAUSE), SEE(NOTHING, READ),
	    SEE(ABSENT, TAKE), SEE(WRITTEN, PAUSE), SEE(NOTHING, READ),
	    END(OURS, HELD) } },
	{ "a read-back that is denied proves nothing against it", OTHER,
	    { BEGIN, SEE(WRITTEN, READ), END(DENIED, HELD) } },
	{ "a read-back that fails", OTHER,
	    { BEGIN, SEE(WRITTEN, READ), END(DOWN, OUT) } },
	/* 412: wait; it may be our own first attempt. */
	{ "412 and somebody's: wait", AWS,
	    { BEGIN, SEE(REFUSED, READ), ROUND, ROUND, END(DOWN, OUT) } },
	{ "412 and our own nonce is ours", AWS,
	    { BEGIN, SEE(REFUSED, READ), END(OURS, HELD) } },
	{ "proved once more elsewhere", OTHER,
	    { BEGIN, SEE(REFUSED, READ), SEE(OURS, READ),
	    END(OURS, HELD) } },
	{ "after a settle where it is versioned", VERSIONED,
	    { BEGIN, SEE(REFUSED, READ), SEE(OURS, PAUSE),
	    SEE(NOTHING, READ), END(OURS, HELD) } },
	{ "412 and gone meanwhile: take it", AWS,
	    { BEGIN, SEE(REFUSED, READ), SEE(ABSENT, TAKE),
	    END(WRITTEN, HELD) } },
	{ "412 and run out: take over", AWS,
	    { BEGIN, SEE(REFUSED, READ), SEE(EXPIRED, TAKE_OVER),
	    END(WRITTEN, HELD) } },
	/* 409: retry; it says nothing about who won. */
	{ "409: once more, by the first one's clock", AWS,
	    { BEGIN, SEE(CONFLICT, PAUSE), AGAIN(NOTHING, TAKE),
	    END(WRITTEN, HELD) } },
	{ "409 and then 412 and our nonce", AWS,
	    { BEGIN, SEE(CONFLICT, PAUSE), AGAIN(NOTHING, TAKE),
	    SEE(REFUSED, READ), END(OURS, HELD) } },
	{ "409 and gone: another one's clock", AWS,
	    { BEGIN, SEE(CONFLICT, PAUSE), AGAIN(NOTHING, TAKE),
	    SEE(REFUSED, READ), SEE(ABSENT, TAKE), END(WRITTEN, HELD) } },
	{ "409 of a takeover: look who has it", AWS,
	    { BEGIN, SEE(REFUSED, READ), SEE(EXPIRED, TAKE_OVER),
	    SEE(CONFLICT, PAUSE), SEE(NOTHING, LOOK), SEE(NOT_FRESH, READ),
	    SEE(EXPIRED, TAKE_OVER), END(WRITTEN, HELD) } },
	{ "409 when the wait has ended names the holder", AWS,
	    { BEGIN, OVER(CONFLICT, READ), OVER_END(LIVE, BUSY) } },
	{ "or takes what is free", AWS,
	    { BEGIN, OVER(CONFLICT, READ), OVER(ABSENT, TAKE),
	    OVER_END(WRITTEN, HELD) } },
	{ "but not for ever", AWS,
	    { BEGIN, OVER(CONFLICT, READ), OVER(ABSENT, TAKE),
	    OVER(CONFLICT, READ), OVER(ABSENT, TAKE), OVER(CONFLICT, READ),
	    OVER_END(ABSENT, BUSY) } },
	/* 403: read it if we may; live: wait; else buy for ourselves. */
	{ "403 and live: wait", AWS,
	    { BEGIN, SEE(DENIED, READ), ROUND, END(ABSENT, ALONE) } },
	{ "403, live and then bought", AWS,
	    { BEGIN, SEE(DENIED, READ), SEE(LIVE, PAUSE),
	    SEE(NOTHING, LOOK), END(FRESH, SERVED) } },
	{ "403, live to the end", AWS,
	    { BEGIN, SEE(DENIED, READ), OVER_END(LIVE, BUSY) } },
	{ "403 and absent: alone", AWS,
	    { BEGIN, SEE(DENIED, READ), END(ABSENT, ALONE) } },
	{ "403 and run out: alone", AWS,
	    { BEGIN, SEE(DENIED, READ), END(EXPIRED, ALONE) } },
	{ "403 twice: alone", AWS,
	    { BEGIN, SEE(DENIED, READ), END(DENIED, ALONE) } },
	{ "403 when taking over: alone", AWS,
	    { BEGIN, SEE(REFUSED, READ), SEE(EXPIRED, TAKE_OVER),
	    SEE(DENIED, READ), END(EXPIRED, ALONE) } },
	/* 501. */
	{ "501: no leases", AWS, { BEGIN, END(UNSUPPORTED, OFF) } },
	{ "501 for If-Match only", AWS,
	    { BEGIN, SEE(REFUSED, READ), SEE(EXPIRED, TAKE_OVER),
	    END(UNSUPPORTED, OFF) } },
	/* S3 is out of reach. */
	{ "no answer to the PUT", AWS, { BEGIN, END(DOWN, OUT) } },
	{ "no answer to the GET", AWS,
	    { BEGIN, SEE(REFUSED, READ), END(DOWN, OUT) } },
	{ "no answer to the look", AWS,
	    { BEGIN, SEE(REFUSED, READ), SEE(LIVE, PAUSE),
	    SEE(NOTHING, LOOK), END(DOWN, OUT) } },
	/* Waiting. */
	{ "bought meanwhile", AWS,
	    { BEGIN, SEE(REFUSED, READ), ROUND, SEE(LIVE, PAUSE),
	    SEE(NOTHING, LOOK), END(FRESH, SERVED) } },
	{ "gone meanwhile: take it", AWS,
	    { BEGIN, SEE(REFUSED, READ), ROUND, SEE(ABSENT, TAKE),
	    END(WRITTEN, HELD) } },
	{ "run out meanwhile: take it over", AWS,
	    { BEGIN, SEE(REFUSED, READ), ROUND, SEE(EXPIRED, TAKE_OVER),
	    END(WRITTEN, HELD) } },
	{ "taken over by another: wait", AWS,
	    { BEGIN, SEE(REFUSED, READ), ROUND, SEE(EXPIRED, TAKE_OVER),
	    SEE(REFUSED, READ), ROUND, END(DOWN, OUT) } },
	{ "taken over by our own first attempt", AWS,
	    { BEGIN, SEE(REFUSED, READ), SEE(EXPIRED, TAKE_OVER),
	    SEE(REFUSED, READ), END(OURS, HELD) } },
	{ "gone before it was taken over: take it", AWS,
	    { BEGIN, SEE(REFUSED, READ), SEE(EXPIRED, TAKE_OVER),
	    SEE(GONE, TAKE), END(WRITTEN, HELD) } },
	{ "a look that is denied is no reason to stop", AWS,
	    { BEGIN, SEE(REFUSED, READ), SEE(LIVE, PAUSE),
	    SEE(NOTHING, LOOK), SEE(DENIED, READ), END(DOWN, OUT) } },
	{ "who may not read it learns from a PUT that it is gone", AWS,
	    { BEGIN, SEE(REFUSED, READ), SEE(DENIED, PAUSE),
	    SEE(NOTHING, LOOK), AGAIN(NOT_FRESH, TAKE), SEE(REFUSED, READ),
	    SEE(DENIED, PAUSE), SEE(NOTHING, LOOK), AGAIN(NOT_FRESH, TAKE),
	    END(WRITTEN, HELD) } },
	{ "and waits no longer than others", AWS,
	    { BEGIN, SEE(REFUSED, READ), OVER_END(DENIED, BUSY) } },
	{ "a live lease is never bypassed", AWS,
	    { BEGIN, SEE(REFUSED, READ), ROUND, OVER_END(LIVE, BUSY) } },
	{ "the wait ends with a last look", AWS,
	    { BEGIN, SEE(REFUSED, READ), SEE(LIVE, PAUSE),
	    OVER(NOTHING, LOOK), OVER(NOT_FRESH, READ),
	    OVER_END(LIVE, BUSY) } },
	{ "--wait 0 and free: take it", AWS,
	    { OVER(NOTHING, TAKE), OVER_END(WRITTEN, HELD) } },
	{ "--wait 0 and live", AWS,
	    { OVER(NOTHING, TAKE), OVER(REFUSED, READ),
	    OVER_END(LIVE, BUSY) } },
	{ "--wait 0 and run out: take it over", AWS,
	    { OVER(NOTHING, TAKE), OVER(REFUSED, READ),
	    OVER(EXPIRED, TAKE_OVER), OVER_END(WRITTEN, HELD) } },
	/* Conditions that never hold are no tight loop. */
	{ "412 on what was just shown: a pause after three", AWS,
	    { BEGIN, SEE(REFUSED, READ), SEE(EXPIRED, TAKE_OVER),
	    SEE(REFUSED, READ), SEE(EXPIRED, TAKE_OVER), SEE(REFUSED, READ),
	    SEE(EXPIRED, PAUSE), SEE(NOTHING, LOOK), SEE(NOT_FRESH, READ),
	    SEE(EXPIRED, TAKE_OVER), SEE(REFUSED, READ),
	    END(OURS, HELD) } },
	{ "412 on what is not there: the same", AWS,
	    { BEGIN, SEE(REFUSED, READ), SEE(ABSENT, TAKE),
	    SEE(REFUSED, READ), SEE(ABSENT, TAKE), SEE(REFUSED, READ),
	    END(ABSENT, PAUSE) } },
	{ "and an end when the wait has ended", AWS,
	    { BEGIN, SEE(REFUSED, READ), SEE(EXPIRED, TAKE_OVER),
	    SEE(REFUSED, READ), SEE(EXPIRED, TAKE_OVER), SEE(REFUSED, READ),
	    OVER_END(EXPIRED, BUSY) } },
	/* An end is an end. */
	{ "held stays held", AWS,
	    { BEGIN, SEE(WRITTEN, HELD), END(DOWN, HELD) } },
	{ "busy stays busy", AWS,
	    { BEGIN, SEE(REFUSED, READ), OVER(LIVE, BUSY),
	    END(NOTHING, BUSY) } },
};

static void
test_walks(void)
{
	struct lease_steps steps;
	struct lease_next next;
	const struct turn *turn;
	size_t i, j;
	bool same;

	for (i = 0; i < COUNT(walks); i++) {
		steps = walks[i].steps;
		same = true;
		for (j = 0; j < TURNS && same; j++) {
			turn = &walks[i].turns[j];
			next = lease_step(&steps, turn->saw,
			    turn->over ? 0 : LEFT, 0);
			same = next.act == turn->act &&
			    next.again == turn->again &&
			    (next.act == LEASE_PAUSE) == (next.pause_ms > 0);
			if (!same)
				note("turn %zu: does %d, want %d", j + 1,
				    (int)next.act, (int)turn->act);
			if (turn->ends)
				break;
		}
		ok(same && j < TURNS, "%s", walks[i].what);
	}
}

/* The pause of the nth round. */
static int64_t
pause_of(int round, int64_t left, uint32_t random)
{
	struct lease_steps s = AWS;
	struct lease_next next;

	lease_step(&s, LEASE_SAW_NOTHING, left, random);
	lease_step(&s, LEASE_SAW_REFUSED, left, random);
	for (;;) {
		next = lease_step(&s, LEASE_SAW_LIVE, left, random);
		if (round-- == 1)
			return next.act == LEASE_PAUSE ? next.pause_ms : -1;
		lease_step(&s, LEASE_SAW_NOTHING, left, random);
		lease_step(&s, LEASE_SAW_NOT_FRESH, left, random);
	}
}

/* "jittered rounds" */
static void
test_jitter(void)
{
	static const struct {
		int round;
		int64_t least, most;
	} rows[] = {
		{ 1, 200, 399 }, { 2, 400, 799 }, { 3, 800, 1599 },
		{ 4, 1250, 2499 }, { 5, 1250, 2499 }, { 1000, 1250, 2499 },
	};
	size_t i;

	for (i = 0; i < COUNT(rows); i++) {
		is_int(pause_of(rows[i].round, LEFT, 0), rows[i].least,
		    "round %d is never shorter", rows[i].round);
		is_int(pause_of(rows[i].round, LEFT, UINT32_MAX),
		    rows[i].most, "nor longer");
		is_int(pause_of(rows[i].round, LEFT, UINT32_C(1) << 31),
		    rows[i].least + (rows[i].most + 1 - rows[i].least) / 2,
		    "half-way by chance of half");
	}
	is_int(pause_of(1, 50, UINT32_MAX), 50, "no longer than is left");
	is_int(pause_of(9, 1, 0), 1, "to the last millisecond");
	is_int(pause_of(1, 0, 0), -1, "and none when nothing is left");
	is_int(pause_of(1, INT64_MAX, 0), 200, "however much is left");
}

static void
test_settle(void)
{
	struct lease_steps s = VERSIONED;

	lease_step(&s, LEASE_SAW_NOTHING, LEFT, 0);
	is_int(lease_step(&s, LEASE_SAW_WRITTEN, 0, UINT32_MAX).pause_ms, 700,
	    "the settle is as long as it was said to be");
	s = (struct lease_steps)AWS;
	lease_step(&s, LEASE_SAW_NOTHING, LEFT, 0);
	is_int(lease_step(&s, LEASE_SAW_CONFLICT, LEFT, 0).pause_ms, 50,
	    "a conflict is tried again soon");
	s = (struct lease_steps)AWS;
	lease_step(&s, LEASE_SAW_NOTHING, LEFT, 0);
	is_int(lease_step(&s, LEASE_SAW_CONFLICT, 20, UINT32_MAX).pause_ms,
	    20, "within the wait");
}

/* Whatever comes, it ends: as many turns as a wait of a minute can have. */
static void
test_end(void)
{
	const int seen = LEASE_SAW_DOWN + 1;
	uint32_t random = 1;
	int walk, turn, longest = 0;

	for (walk = 0; walk < 20000; walk++) {
		struct lease_steps s = { .trusted = walk % 3 == 0,
			.settle_ms = 700, .versioned = walk % 3 == 1 };
		struct lease_next next = lease_step(&s, LEASE_SAW_NOTHING,
		    LEFT, 0);
		int64_t left = LEFT;

		for (turn = 0; next.act < LEASE_HELD && turn < 2000; turn++) {
			random = random * UINT32_C(1664525) +
			    UINT32_C(1013904223);
			/* Without progress, as far as it may be. */
			next = lease_step(&s, next.act == LEASE_PAUSE ?
			    LEASE_SAW_NOTHING : (enum lease_saw)
			    ((random >> 16) % (uint32_t)seen), left,
			    random);
			left = left > next.pause_ms ? left - next.pause_ms :
			    0;
		}
		if (turn > longest)
			longest = turn;
	}
	ok(longest < 2000, "any answers lead to an end");
	note("%d turns at most", longest);
}

/* "The deadline is length - 5 s after the sending", "each third", "expired
 * (S3's Date - Last-Modified > the holder's length)" */
static void
test_times(void)
{
	static const struct {
		const char *what;
		int64_t date, modified, length;
		bool want;
	} rows[] = {
		{ "just written", 1000, 1000, 45, false },
		{ "its last second", 1045, 1000, 45, false },
		{ "the next", 1046, 1000, 45, true },
		{ "long ago", 9000, 1000, 45, true },
		{ "by the holder's length, not ours", 1046, 1000, 900, false },
		{ "written in the future", 1000, 1100, 45, false },
		{ "no Date", -1, 1000, 45, false },
		{ "no Last-Modified", 1000, -1, 45, false },
		{ "neither", -1, -1, 45, false },
		{ "the longest length there is", INT64_MAX, 0, INT64_MAX,
		    false },
	};
	size_t i;

	for (i = 0; i < COUNT(rows); i++)
		is_int(lease_step_expired(rows[i].date, rows[i].modified,
		    rows[i].length), rows[i].want, "%s", rows[i].what);
}

int
main(void)
{
	test_walks();
	test_jitter();
	test_settle();
	test_end();
	test_times();
	return done_testing();
}
