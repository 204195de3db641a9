#include "tap.h"

#include "cache/writeback_step.h"

/* Design section 6, "Buy and write back" 3 to 5, sentence by sentence. */
#define COUNT(rows) (sizeof (rows) / sizeof (rows)[0])
#define TURNS 16

struct turn {
	enum writeback_saw saw;
	enum writeback_do act;
	bool late;		/* the lease may not be relied on any more */
	bool over;		/* a PUT goes over what was seen */
};

#define SEE(saw, act) { WRITEBACK_SAW_##saw, WRITEBACK_##act, false, false }
#define LATE(saw, act) { WRITEBACK_SAW_##saw, WRITEBACK_##act, true, false }
#define OVER(saw) { WRITEBACK_SAW_##saw, WRITEBACK_PUT, false, true }
#define BEGIN SEE(NOTHING, PUT)
#define RELEASED SEE(HELD, RELEASE), SEE(DONE, END)
#define UNDONE SEE(LOST, UNDO), SEE(DONE, END)

#define LEASED { .leased = true }
#define SEEN { .leased = true, .over = true }
#define FREE { .leased = false }

static const struct {
	const char *what;
	struct writeback_steps steps;
	enum writeback_local local;
	struct turn turns[TURNS];
} walks[] = {
	{ "stored, and the lease still ours", LEASED, WRITEBACK_SHARED,
	    { BEGIN, SEE(STORED, REST), SEE(DONE, ASK), RELEASED } },
	{ "over what was seen", SEEN, WRITEBACK_SHARED,
	    { OVER(NOTHING), SEE(STORED, REST), SEE(DONE, ASK), RELEASED } },
	{ "stored, and invalidated meanwhile", LEASED, WRITEBACK_DROP,
	    { BEGIN, SEE(STORED, REST), SEE(DONE, ASK), UNDONE } },
	{ "stored, and nobody says whose the lease is", LEASED,
	    WRITEBACK_SHARED,
	    { BEGIN, SEE(STORED, REST), SEE(DONE, ASK), SEE(FAILED, END) } },
	{ "412: our own first attempt won", LEASED, WRITEBACK_SHARED,
	    { BEGIN, SEE(REFUSED, READ), SEE(OURS, REST), SEE(DONE, ASK),
	    RELEASED } },
	{ "412: newer data stand", LEASED, WRITEBACK_NEWER,
	    { BEGIN, SEE(REFUSED, READ), SEE(NEWER, ASK), RELEASED } },
	{ "even where the lease is another's", LEASED, WRITEBACK_NEWER,
	    { BEGIN, SEE(REFUSED, READ), SEE(NEWER, ASK), UNDONE } },
	{ "412: older data are written over", LEASED, WRITEBACK_SHARED,
	    { BEGIN, SEE(REFUSED, READ), OVER(OLDER), SEE(STORED, REST),
	    SEE(DONE, ASK), RELEASED } },
	{ "but not for ever", LEASED, WRITEBACK_BOUGHT,
	    { BEGIN, SEE(REFUSED, READ), OVER(OLDER), SEE(REFUSED, READ),
	    OVER(OLDER), SEE(REFUSED, READ), SEE(OLDER, ASK), RELEASED } },
	{ "412, and gone when read", LEASED, WRITEBACK_SHARED,
	    { BEGIN, SEE(REFUSED, READ), SEE(ABSENT, ASK), SEE(HELD, PUT),
	    SEE(STORED, REST), SEE(DONE, ASK), RELEASED } },
	{ "412, and unreadable", LEASED, WRITEBACK_BOUGHT,
	    { BEGIN, SEE(REFUSED, READ), SEE(FAILED, ASK), RELEASED } },
	{ "404 and the lease ours: written anew", SEEN, WRITEBACK_SHARED,
	    { OVER(NOTHING), SEE(GONE, ASK), SEE(HELD, PUT),
	    SEE(STORED, REST), SEE(DONE, ASK), RELEASED } },
	{ "404 and the lease not ours: stored nowhere", SEEN, WRITEBACK_DROP,
	    { OVER(NOTHING), SEE(GONE, ASK), UNDONE } },
	{ "404 and no word of the lease: stored nowhere", SEEN,
	    WRITEBACK_DROP,
	    { OVER(NOTHING), SEE(GONE, ASK), SEE(FAILED, END) } },
	{ "404 again and again", SEEN, WRITEBACK_BOUGHT,
	    { OVER(NOTHING), SEE(GONE, ASK), SEE(HELD, PUT),
	    SEE(REFUSED, READ), SEE(ABSENT, ASK), SEE(HELD, PUT),
	    SEE(REFUSED, READ), SEE(ABSENT, ASK), RELEASED } },
	{ "a failure: kept here", LEASED, WRITEBACK_BOUGHT,
	    { BEGIN, SEE(FAILED, ASK), RELEASED } },
	{ "a failure, and invalidated meanwhile", LEASED, WRITEBACK_DROP,
	    { BEGIN, SEE(FAILED, ASK), UNDONE } },
	/* "The lease is lost, and nothing more is [...] written to S3." */
	{ "lost before the first PUT, nobody else's: kept here", LEASED,
	    WRITEBACK_BOUGHT,
	    { LATE(NOTHING, ASK), LATE(HELD, RELEASE), SEE(DONE, END) } },
	{ "lost before the first PUT, another's or gone: stored nowhere",
	    LEASED, WRITEBACK_DROP,
	    { LATE(NOTHING, ASK), LATE(LOST, END) } },
	{ "lost after the first PUT: nothing more is written", LEASED,
	    WRITEBACK_SHARED,
	    { BEGIN, LATE(STORED, ASK), LATE(HELD, RELEASE),
	    SEE(DONE, END) } },
	{ "lost after the first PUT, another's or gone: taken back", LEASED,
	    WRITEBACK_DROP,
	    { BEGIN, LATE(STORED, ASK), LATE(LOST, UNDO), SEE(DONE, END) } },
	{ "lost before it went over older data", LEASED, WRITEBACK_BOUGHT,
	    { BEGIN, SEE(REFUSED, READ), LATE(OLDER, ASK),
	    LATE(HELD, RELEASE), SEE(DONE, END) } },
	{ "lost before it is written anew", SEEN, WRITEBACK_BOUGHT,
	    { OVER(NOTHING), SEE(GONE, ASK), LATE(HELD, RELEASE),
	    SEE(DONE, END) } },
	/* Without a lease there is nothing to ask. */
	{ "no lease: stored", FREE, WRITEBACK_SHARED,
	    { BEGIN, SEE(STORED, REST), SEE(DONE, END) } },
	{ "no lease: newer data stand", FREE, WRITEBACK_NEWER,
	    { BEGIN, SEE(REFUSED, READ), SEE(NEWER, END) } },
	{ "no lease: 404 is an invalidate", FREE, WRITEBACK_DROP,
	    { BEGIN, SEE(GONE, END) } },
	{ "no lease: a failure", FREE, WRITEBACK_BOUGHT,
	    { BEGIN, SEE(FAILED, END) } },
};

int
main(void)
{
	struct writeback_steps steps;
	enum writeback_do next;
	const struct turn *turn;
	size_t i, j;
	bool same;

	for (i = 0; i < COUNT(walks); i++) {
		steps = walks[i].steps;
		same = true;
		next = WRITEBACK_PUT;
		for (j = 0; same && next != WRITEBACK_END; j++) {
			turn = &walks[i].turns[j];
			next = writeback_step(&steps, turn->saw,
			    !turn->late);
			same = next == turn->act && (next != WRITEBACK_PUT ||
			    steps.over == turn->over);
			if (!same)
				note("turn %zu: does %d, want %d", j + 1,
				    (int)next, (int)turn->act);
		}
		ok(same && steps.local == walks[i].local, "%s",
		    walks[i].what);
		is_int(writeback_step(&steps, WRITEBACK_SAW_DONE, true),
		    WRITEBACK_END, "and that is its end");
	}
	return done_testing();
}
