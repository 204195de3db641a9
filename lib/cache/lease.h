#ifndef CACHE_LEASE_H
#define CACHE_LEASE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "cache/key.h"
#include "cache/lease_body.h"
#include "cache/lease_step.h"
#include "cache/session.h"

/*
 * One buyer across all machines (design section 6): the effects around
 * lease_step. A lease that is held is renewed by a thread of its own, with a
 * connection of its own, until it is released.
 */
struct lease;

struct lease_request {
	struct session *session;
	const struct key *key;		/* account and month */
	const char *purchase;		/* "full-data", "forecast", TYPE */
	int64_t length_s;
	const char *holder;		/* may be "" */
	int64_t wait_ms;
	/* Has somebody bought meanwhile? LEASE_SAW_FRESH, _NOT_FRESH or
	 * _DOWN. */
	enum lease_saw (*look)(void *state);
	void *state;
};

/* Who held it when the wait ended; for messages. */
struct lease_sight {
	char holder[LEASE_HOLDER_ROOM];
	int64_t age;		/* seconds since its last renewal, -1 */
	int64_t length;
};

/*
 * Take it, or wait for the one who has it. One of the last six of enum
 * lease_do; *out is set for LEASE_HELD alone. err is set for an interruption
 * or a failure of this machine (LEASE_OUT then), and says what S3 answered
 * for LEASE_OUT and LEASE_ALONE.
 */
enum lease_do lease_acquire(const struct lease_request *request,
    struct lease **out, struct lease_sight *sight, struct err *err);

/* May the holder go on: renewed in time, and nobody else's by now? */
bool lease_alive(struct lease *lease);

enum lease_whose {
	LEASE_IS_OURS,
	LEASE_IS_GONE,		/* absent, or another's nonce: an invalidate
				   may have come between */
	LEASE_IS_UNKNOWN	/* S3 did not say */
};

/* End the renewals and ask S3 whose it is now. */
enum lease_whose lease_ask(struct lease *lease);

/* Delete it, as the last lease_ask saw it: only after LEASE_IS_OURS, and
 * before the deadline; else it runs out by itself. */
void lease_delete(struct lease *lease);

/* Both, for a purchase that stored nothing. */
void lease_release(struct lease *lease);

/* Stops the thread; does not release. NULL is fine. */
void lease_free(struct lease *lease);

#endif
