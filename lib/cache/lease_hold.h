#ifndef CACHE_LEASE_HOLD_H
#define CACHE_LEASE_HOLD_H

#include <stdbool.h>
#include <stdint.h>

#include "cache/lease_step.h"

/*
 * The holder's side of the lease, design section 6, "Hold", as pure
 * functions: when to renew it, and whether it may still be relied on. All
 * times are the elapsed clock's milliseconds.
 *
 * Each renewal's body must differ from the last one's (a counter): equal
 * bodies have equal ETags, and a waiter that read the lease before a late
 * renewal would take it over with the ETag that it had read.
 */
enum lease_hold_do {
	LEASE_HOLD_REST,	/* nothing before due_ms */
	LEASE_HOLD_RENEW,	/* PUT If-Match: ours */
	LEASE_HOLD_ASK,		/* GET it: is the nonce still ours? */
	LEASE_HOLD_LOST		/* buy and write nothing more */
};

struct lease_hold {
	int64_t length_s;
	int64_t sent_ms;	/* first attempt of the PUT that succeeded */
	int64_t trying_ms;	/* first attempt since then that is without
				   an answer, or the latest */
	int64_t due_ms;		/* when to renew, or to ask, next */
	bool unsure;		/* an attempt may have taken effect unheard */
	bool asking;		/* a 412 may be due to it */
	bool taken;		/* seen to be another's, or gone: nothing of
				   the purchase may stay, here or in S3 */
};

/* Until when a lease of that length may be relied on whose last successful PUT
 * was sent (first attempt) at sent_ms. */
int64_t lease_hold_deadline(int64_t sent_ms, int64_t length_s);

/*
 * When to renew it next: a third of the length later, and for lengths below
 * 15 s half-way to the deadline, which a third would miss.
 */
int64_t lease_hold_renewal(int64_t sent_ms, int64_t length_s);

/* It was taken by a PUT whose first attempt was sent at sent_ms. */
void lease_hold_start(struct lease_hold *h, int64_t length_s,
    int64_t sent_ms);

/* What to do at now_ms. A deadline that has passed is lost, until a renewal
 * that was sent before it turns out to have succeeded. */
enum lease_hold_do lease_hold_next(const struct lease_hold *h,
    int64_t now_ms);

/* A renewal is sent. */
void lease_hold_renewing(struct lease_hold *h, int64_t now_ms);

/* What came of the renewal (ambiguous: an attempt of it went without an
 * answer), or of the GET. */
void lease_hold_saw(struct lease_hold *h, enum lease_saw saw, bool ambiguous,
    int64_t now_ms);

#endif
