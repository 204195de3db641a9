#ifndef CACHE_WRITEBACK_H
#define CACHE_WRITEBACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "cache/buyer.h"
#include "cache/writeback_step.h"

/*
 * From a purchase to both stores (design section 6, "Buy and write back").
 * For buyer.c only.
 */

/* One key that the purchase fills, on its way to both stores. */
struct writeback_item {
	struct key key;
	bool seen_exists;	/* in S3, before the purchase */
	bool seen_foreign;
	char seen_etag[132];
	struct buf text;	/* envelope */
	struct entry entry;
	bool final;
	bool left_out;		/* it could not be derived */
	char etag[132];		/* once stored in S3 */
	bool unheard;		/* a PUT of it may have won unheard */
	int64_t last_modified;
};

struct writeback {
	const struct buyer_request *rq;
	struct session *s;
	struct writeback_item items[BUYER_KEYS];
	size_t count;
	int64_t skew;		/* the server's clock minus ours, where known */
	int64_t first_page;	/* our clock when it came; -1: it has not */
	bool share;		/* S3 is to be written */
	struct writeback_steps steps;
	struct err err;		/* the last refusal of S3 */
	struct err underived;	/* why the one asked for was left out */
};

/* Keep one entry on this machine. */
void writeback_keep(struct writeback *w, struct writeback_item *item);

/*
 * Store the purchase in S3, release the lease, and take back what an
 * invalidate in between forbids. Afterwards steps.local says what becomes of
 * the local copies (a dropped one is dropped already), err what S3 denied;
 * after WRITEBACK_NEWER the first item is the newer entry.
 */
void writeback_run(struct writeback *w);

#endif
