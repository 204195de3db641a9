#ifndef CACHE_LEASE_STEP_H
#define CACHE_LEASE_STEP_H

#include <stdbool.h>
#include <stdint.h>

/*
 * The lease of design section 6, "Take" and "Wait", as a pure step function:
 * what was seen last -> what to do next. It sends nothing, sleeps not and
 * reads no clock.
 */

/* What is done next. The last six end it. */
enum lease_do {
	LEASE_TAKE,		/* PUT If-None-Match: * */
	LEASE_TAKE_OVER,	/* PUT If-Match: the ETag that was read */
	LEASE_READ,		/* GET the lease */
	LEASE_LOOK,		/* conditional GET of the purchase's object */
	LEASE_PAUSE,		/* sleep pause_ms */
	LEASE_HELD,		/* ours: look again, then buy */
	LEASE_SERVED,		/* somebody has bought meanwhile */
	LEASE_BUSY,		/* live when the wait ended */
	LEASE_ALONE,		/* writing is denied: buy for ourselves */
	LEASE_OFF,		/* the store knows no conditions: no leases */
	LEASE_OUT		/* S3 is out of reach; an attempt may have
				   taken it all the same: release it */
};

/* What came of the last thing that was done. */
enum lease_saw {
	LEASE_SAW_NOTHING,	/* the beginning, and after a pause */
	/* of a PUT */
	LEASE_SAW_WRITTEN, LEASE_SAW_REFUSED, LEASE_SAW_CONFLICT,
	LEASE_SAW_GONE, LEASE_SAW_UNSUPPORTED,
	/* of a GET of the lease */
	LEASE_SAW_OURS,		/* the nonce is ours */
	LEASE_SAW_LIVE,		/* somebody's, within its length */
	LEASE_SAW_EXPIRED,	/* somebody's, beyond the holder's length */
	LEASE_SAW_ABSENT,
	/* of a look at the object */
	LEASE_SAW_FRESH, LEASE_SAW_NOT_FRESH,
	/* of any */
	LEASE_SAW_DENIED, LEASE_SAW_DOWN
};

/* Where the steps have come to; zero-initialise, then set the first three. */
struct lease_steps {
	bool trusted;		/* AWS: a 200 on a condition needs no proof */
	int64_t settle_ms;	/* before a read-back on other stores */
	bool versioned;		/* told by the answer to the PUT */
	enum lease_do last;
	enum { LEASE_TAKING, LEASE_SETTLING, LEASE_PROVING, LEASE_ASKING,
	    LEASE_WAITING } phase;
	bool denied;		/* we may not write */
	bool blind;		/* we may not read */
	int rounds;		/* of waiting, for the jitter's growth */
	bool conflict;		/* the pause is for a 409 */
	int puts;		/* since the last pause */
};

struct lease_next {
	enum lease_do act;
	int64_t pause_ms;	/* of LEASE_PAUSE */
	bool again;		/* of a PUT: it repeats the last one, whose
				   first attempt stays what the deadline is
				   counted from */
};

/*
 * The next step. wait_left_ms is what is left of --wait (never negative),
 * random 32 random bits for the jitter.
 */
struct lease_next lease_step(struct lease_steps *steps, enum lease_saw saw,
    int64_t wait_left_ms, uint32_t random);

/*
 * Has it run out: S3's Date - Last-Modified beyond the holder's length? Never
 * where either is unknown (negative): then the caller may give the elapsed
 * clock's now and when it first saw this very ETag, in seconds.
 */
bool lease_step_expired(int64_t date, int64_t last_modified,
    int64_t length_s);

#endif
