#ifndef CACHE_KEEPER_H
#define CACHE_KEEPER_H

#include <stdint.h>

#include "base/err.h"
#include "cache/lease_body.h"
#include "cache/lease_hold.h"
#include "cache/session.h"

/*
 * The thread that renews a lease at each third of its length, while the
 * holder's own thread waits for Cost Explorer.
 */
struct keeper;

struct keeper_request {
	struct session *session;
	const char *object;	/* the lease's key */
	const struct lease_body *body;
	const char *etag;	/* of the PUT that won */
	int64_t sent_ms;	/* when that was sent, elapsed clock */
};

/* Copies the request and the present keys. NULL with err: no thread, no
 * memory, no keys. */
struct keeper *keeper_start(const struct keeper_request *request,
    struct err *err);

/* The holder's state, as it is now. */
struct lease_hold keeper_hold(struct keeper *k);

/* End the thread, a renewal under way too, and free; the last state into
 * hold (may be NULL). NULL is fine. */
void keeper_stop(struct keeper *k, struct lease_hold *hold);

#endif
