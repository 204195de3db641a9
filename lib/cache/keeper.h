#ifndef CACHE_KEEPER_H
#define CACHE_KEEPER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "cache/session.h"

/*
 * The thread that renews a lease at each third of its length, while the
 * holder's own thread waits for Cost Explorer.
 */
struct keeper;

struct keeper_request {
	struct session *session;
	const char *object;	/* the lease's key */
	const char *body;	/* what is written each time */
	const char *etag;	/* of the PUT that won */
	int64_t sent_ms;	/* when that was sent, elapsed clock */
	int64_t length_s;
};

/* Copies the request and the present keys. NULL with err: no thread, no
 * memory, no keys. */
struct keeper *keeper_start(const struct keeper_request *request,
    struct err *err);

/* Is the lease good, now? */
bool keeper_alive(struct keeper *k);

/* The ETag of the last renewal, into etag. */
void keeper_etag(struct keeper *k, char etag[132]);

/* End the thread, a renewal under way too, and free. NULL is fine. */
void keeper_stop(struct keeper *k);

#endif
