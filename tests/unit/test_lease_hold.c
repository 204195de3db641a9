#include "tap.h"

#include "cache/lease_hold.h"

/* Design section 6, "Hold": a lease of 45 s, taken at 100 s. */
#define COUNT(rows) (sizeof (rows) / sizeof (rows)[0])
#define S(s) ((s) * INT64_C(1000))
#define START 100
#define TURNS 10

/* Up to this second; what comes of it; what is to be done then. */
struct turn {
	int64_t at_s;
	bool sends;		/* a renewal, at this second */
	bool heard;		/* saw is the answer, at this second */
	enum lease_saw saw;
	bool ambiguous;
	enum lease_hold_do want;
};

#define AT(s, want) { (s), false, false, LEASE_SAW_NOTHING, false, \
	LEASE_HOLD_##want }
#define SEND(s, want) { (s), true, false, LEASE_SAW_NOTHING, false, \
	LEASE_HOLD_##want }
#define HEAR(s, saw, want) { (s), false, true, LEASE_SAW_##saw, false, \
	LEASE_HOLD_##want }
#define UNSURE(s, saw, want) { (s), false, true, LEASE_SAW_##saw, true, \
	LEASE_HOLD_##want }
#define DONE { -1, false, false, LEASE_SAW_NOTHING, false, LEASE_HOLD_REST }

static const struct {
	const char *what;
	struct turn turns[TURNS];
} walks[] = {
	{ "renewed at a third, lost 5 s before its end",
	    { AT(100, REST), AT(114, REST), AT(115, RENEW), AT(139, RENEW),
	    AT(140, LOST), AT(999, LOST), DONE } },
	{ "a renewal counts from its sending",
	    { SEND(115, RENEW), HEAR(125, WRITTEN, REST), AT(129, REST),
	    AT(130, RENEW), AT(154, RENEW), AT(155, LOST), DONE } },
	{ "one that is heard of too late is none",
	    { SEND(115, RENEW), HEAR(155, WRITTEN, LOST), DONE } },
	{ "one that was sent in time and succeeded restores it",
	    { SEND(139, RENEW), AT(141, LOST), HEAR(142, WRITTEN, REST),
	    AT(178, RENEW), AT(179, LOST), DONE } },
	{ "412: lost",
	    { SEND(115, RENEW), HEAR(116, REFUSED, LOST), DONE } },
	{ "404: lost",
	    { SEND(115, RENEW), HEAR(116, GONE, LOST), DONE } },
	{ "404 stays lost",
	    { SEND(115, RENEW), HEAR(116, GONE, LOST), AT(117, LOST),
	    DONE } },
	{ "409: soon once more",
	    { SEND(115, RENEW), HEAR(116, CONFLICT, REST), AT(117, RENEW),
	    DONE } },
	{ "a failure: at the next third",
	    { SEND(115, RENEW), HEAR(116, DOWN, REST), AT(130, REST),
	    AT(131, RENEW), AT(140, LOST), DONE } },
	{ "a denial too",
	    { SEND(115, RENEW), HEAR(116, DENIED, REST), AT(131, RENEW),
	    AT(140, LOST), DONE } },
	{ "412 after an answer was lost: ask whose it is",
	    { SEND(115, RENEW), UNSURE(118, REFUSED, ASK),
	    HEAR(119, OURS, REST), AT(129, REST), AT(130, RENEW),
	    AT(155, LOST), DONE } },
	{ "another's",
	    { SEND(115, RENEW), UNSURE(118, REFUSED, ASK),
	    HEAR(119, LIVE, LOST), DONE } },
	{ "another's that has run out",
	    { SEND(115, RENEW), UNSURE(118, REFUSED, ASK),
	    HEAR(119, EXPIRED, LOST), DONE } },
	{ "gone",
	    { SEND(115, RENEW), UNSURE(118, REFUSED, ASK),
	    HEAR(119, ABSENT, LOST), DONE } },
	{ "nobody answers: ask at the next third",
	    { SEND(115, RENEW), UNSURE(116, REFUSED, ASK),
	    HEAR(117, DOWN, REST), AT(132, ASK), AT(140, LOST), DONE } },
	{ "an answer that was lost is remembered after a failure",
	    { SEND(115, RENEW), UNSURE(118, DOWN, REST), SEND(133, RENEW),
	    HEAR(134, REFUSED, ASK), HEAR(135, OURS, RENEW),
	    AT(154, RENEW), AT(155, LOST), DONE } },
	{ "and counts from the first that may have succeeded",
	    { SEND(115, RENEW), UNSURE(118, DOWN, REST), SEND(133, RENEW),
	    HEAR(134, WRITTEN, RENEW), AT(155, LOST), DONE } },
	{ "but not for ever",
	    { SEND(115, RENEW), UNSURE(118, DOWN, REST), SEND(133, RENEW),
	    HEAR(134, WRITTEN, RENEW), SEND(134, RENEW),
	    HEAR(135, WRITTEN, REST), AT(173, RENEW), AT(174, LOST),
	    DONE } },
};

static void
test_walks(void)
{
	const struct turn *turn;
	struct lease_hold h;
	enum lease_hold_do got;
	size_t i, j;
	bool same;

	for (i = 0; i < COUNT(walks); i++) {
		lease_hold_start(&h, 45, S(START));
		same = true;
		for (j = 0; j < TURNS && same; j++) {
			turn = &walks[i].turns[j];
			if (turn->at_s < 0)
				break;
			if (turn->sends)
				lease_hold_renewing(&h, S(turn->at_s));
			if (turn->heard)
				lease_hold_saw(&h, turn->saw,
				    turn->ambiguous, S(turn->at_s));
			got = lease_hold_next(&h, S(turn->at_s));
			same = got == turn->want;
			if (!same)
				note("turn %zu: does %d, want %d", j + 1,
				    (int)got, (int)turn->want);
		}
		ok(same, "%s", walks[i].what);
	}
}

static void
test_taken(void)
{
	struct lease_hold h;

	lease_hold_start(&h, 45, 0);
	is_int(h.due_ms, S(15), "due at a third");
	ok(!h.taken && lease_hold_next(&h, S(40)) == LEASE_HOLD_LOST &&
	    !h.taken, "a deadline that passed does not make it another's");
	lease_hold_saw(&h, LEASE_SAW_GONE, false, S(41));
	ok(h.taken, "404 does");
}

static void
test_times(void)
{
	int64_t length;
	bool before = true;

	is_int(lease_hold_deadline(7000, 45), 47000, "45 s are relied on for "
	    "40");
	is_int(lease_hold_deadline(0, 6), 1000, "6 s for one");
	is_int(lease_hold_renewal(7000, 45), 22000, "45 s are renewed after "
	    "15");
	is_int(lease_hold_renewal(0, 900), 300000, "15 min after 5 min");
	is_int(lease_hold_renewal(0, 15), 5000, "15 s after 5 s");
	is_int(lease_hold_renewal(0, 6), 500, "6 s half-way to the deadline");
	for (length = 6; length <= 900; length++)
		before = before && 2 * lease_hold_renewal(0, length) <=
		    lease_hold_deadline(0, length);
	ok(before, "any length can be renewed twice before its deadline");
}

int
main(void)
{
	test_walks();
	test_times();
	test_taken();
	return done_testing();
}
