#ifndef CACHE_BUYER_H
#define CACHE_BUYER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "cache/degraded.h"
#include "cache/entry.h"
#include "cache/key.h"
#include "cache/lease.h"
#include "cache/purchase.h"
#include "cache/seek.h"
#include "cache/session.h"

/*
 * Buying from Cost Explorer and writing back (design section 6, "Buy and
 * write back"): one paid request set fills every key of the purchase, first
 * locally, then in S3 under the conditions that were seen before.
 */

/* The most keys that one purchase fills. */
#define BUYER_KEYS 4

struct buyer_request {
	struct session *session;
	const struct purchase *purchase;
	const struct key *key;		/* the one that was asked for */
	/* What was seen at the purchase's own key; NULL when S3 is not to be
	 * written (off, out of reach). */
	const struct seek *seen;
	const struct seek *asked;	/* at the key asked for, the same way */
	struct lease *lease;		/* held, or NULL */
	int64_t now;			/* the server's clock as far as known */
	int64_t ttl;			/* written with each entry */
	int64_t timeout_ms;		/* each page's */
	struct degraded *degraded;
};

struct buyer_result {
	struct buf text;	/* the envelope of the key asked for */
	struct entry entry;	/* views into text */
	bool shared;		/* it is in S3 (always so when not to be
				   written) */
	bool newer;		/* somebody's newer entry was taken instead */
	char etag[132];
	struct err store_err;	/* why it is not in S3 */
};

void buyer_result_init(struct buyer_result *r, size_t max);
void buyer_result_clear(struct buyer_result *r);

/*
 * Look at what the purchase fills, buy, store, and release the lease. 0 when
 * there is data to print, however the storing went; -1 with err when nothing
 * was bought. Once a lease is lost nothing more is bought or written to S3.
 * The account has been proved.
 */
int buyer_buy(const struct buyer_request *request, struct buyer_result *out,
    struct err *err);

#endif
