#ifndef CACHE_WRITEBACK_H
#define CACHE_WRITEBACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "cache/buyer.h"

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
	char etag[132];		/* once stored in S3 */
	int64_t last_modified;
};

struct writeback {
	const struct buyer_request *rq;
	struct session *s;
	struct writeback_item items[BUYER_KEYS];
	size_t count;
	int64_t now;		/* the server's clock as far as known */
	bool share;		/* S3 is to be written */
	bool dropped;		/* invalidated meanwhile: store nowhere */
};

/* Keep one entry (or all of them) on this machine; drop them all. */
void writeback_keep(struct writeback *w, struct writeback_item *item);
void writeback_drop(struct writeback *w);

/*
 * The purchase's own entry, fenced by what was seen before: true when what is
 * printed is in S3 (out->newer: somebody's newer one stands). w->dropped when
 * it was invalidated meanwhile.
 */
bool writeback_first(struct writeback *w, struct buyer_result *out);

/* The derived ones: each conditional on what was seen; a refused one is left
 * as it is. */
void writeback_rest(struct writeback *w, struct buyer_result *out);

/* Somebody invalidated while we bought: what we wrote goes again. */
void writeback_take_back(struct writeback *w);

#endif
