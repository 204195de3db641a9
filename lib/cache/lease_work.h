#ifndef CACHE_LEASE_WORK_H
#define CACHE_LEASE_WORK_H

#include "base/buf.h"
#include "base/err.h"
#include "cache/keeper.h"
#include "cache/key.h"
#include "cache/lease.h"
#include "cache/lease_body.h"
#include "cache/lease_hold.h"
#include "cache/session.h"

/* What taking a lease and holding it share. For lease.c and lease_release.c
 * only. */

struct lease {
	struct session *session;
	struct buf object;
	struct lease_body body;
	struct buf text;	/* the body's */
	struct keeper *keeper;	/* NULL before and after */
	struct lease_hold hold;	/* after */
	char etag[132];		/* as lease_ask saw it */
};

/*
 * Whose is the lease that S3 has just answered with: LEASE_SAW_OURS, _EXPIRED
 * or _LIVE, with its ETag and what messages say of it. LEASE_SAW_DOWN, with
 * err: nobody knows.
 */
enum lease_saw lease_judge(struct lease *l, struct s3 *s3, char etag[132],
    struct lease_sight *sight, struct err *err);

#endif
