#ifndef CACHE_WRITEBACK_STEP_H
#define CACHE_WRITEBACK_STEP_H

#include <stdbool.h>

/*
 * Storing a purchase in S3, design section 6, "Buy and write back" 3 to 5, as
 * a pure step function: what was seen last -> what to do next. The purchase
 * lies in the local store already.
 */

/* What is done next. */
enum writeback_do {
	WRITEBACK_PUT,		/* the purchase's own key: If-Match when over,
				   else If-None-Match: * */
	WRITEBACK_READ,		/* GET what lies there instead */
	WRITEBACK_REST,		/* PUT the derived, each conditional on what
				   was seen; a refused one is left */
	WRITEBACK_ASK,		/* GET the lease: whose is it? */
	WRITEBACK_RELEASE,	/* DELETE it, If-Match */
	WRITEBACK_UNDO,		/* delete of ours what lies in S3, If-Match on
				   our own ETags; also where a PUT was refused
				   or failed after an attempt without an
				   answer */
	WRITEBACK_END
};

/* What came of the last thing that was done. */
enum writeback_saw {
	WRITEBACK_SAW_NOTHING,	/* the beginning */
	/* of PUT */
	WRITEBACK_SAW_STORED,
	WRITEBACK_SAW_REFUSED,	/* 412, 409 */
	WRITEBACK_SAW_GONE,	/* 404 */
	/* of READ */
	WRITEBACK_SAW_OURS,	/* our first attempt won */
	WRITEBACK_SAW_NEWER,
	WRITEBACK_SAW_OLDER,	/* the next PUT is over its ETag */
	WRITEBACK_SAW_ABSENT,
	/* of REST, RELEASE and UNDO, however they went */
	WRITEBACK_SAW_DONE,
	/* of ASK */
	WRITEBACK_SAW_HELD,	/* the nonce is ours */
	WRITEBACK_SAW_LOST,	/* absent, or another's: an invalidate may
				   have come between */
	/* of PUT, READ and ASK: no such answer */
	WRITEBACK_SAW_FAILED
};

/* What becomes of the local copies; right at each step for a command that is
 * stopped there. */
enum writeback_local {
	WRITEBACK_BOUGHT,	/* kept, without ETag: not in S3 */
	WRITEBACK_SHARED,	/* kept, with ETag */
	WRITEBACK_NEWER,	/* replaced by the newer entry that was read */
	WRITEBACK_DROP		/* removed: an invalidate wins */
};

/* Where the steps have come to; zero-initialise, then set the first two. */
struct writeback_steps {
	bool leased;		/* false: --no-lease, or leases are off */
	bool over;		/* something was seen at the key */
	enum writeback_local local;
	enum writeback_do last;
	bool sent;		/* a PUT: something of ours may lie in S3 */
	bool anew;		/* asks because the object has vanished */
	int rounds;		/* of PUTs */
};

/*
 * The next step. held: the lease may be relied on now (lease_hold_next is not
 * LOST; always true when not leased).
 */
enum writeback_do writeback_step(struct writeback_steps *steps,
    enum writeback_saw saw, bool held);

#endif
