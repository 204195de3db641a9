#ifndef CACHE_LEASE_BODY_H
#define CACHE_LEASE_BODY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/span.h"

/* Bytes of a lease's object; more is somebody's, whatever it is. */
#define LEASE_BODY_MAX ((size_t)4 * LIMIT_KIB)

/* Bytes of the nonce: no two takers ever have the same. */
#define LEASE_NONCE 16

/* The longest that a lease may last, in seconds. */
#define LEASE_LENGTH_MAX 900

/* Room for refreshed_by, the longest that the settings take. */
#define LEASE_HOLDER_ROOM 512

/* What a lease's object says (design section 6). */
struct lease_body {
	char nonce[2 * LEASE_NONCE + 1];	/* hex */
	int64_t length;				/* seconds */
	char holder[LEASE_HOLDER_ROOM];		/* for messages; may be "" */
};

/* Append it as JSON. renewals, counted from 0, makes each renewal another
 * text: equal ones would have equal ETags. -1 with err: no memory, or more
 * than the buffer's maximum. */
int lease_body_put(const struct lease_body *body, unsigned renewals,
    struct buf *out, struct err *err);

/* Read it. False when it is no lease that could be ours, with err where it is
 * no JSON (ERR_INTERNAL: no memory): it then counts as the longest there may
 * be, and the holder is told as far as it could be read. */
bool lease_body_read(struct span text, struct lease_body *out,
    struct err *err);

#endif
