#ifndef CACHE_DELIVERY_H
#define CACHE_DELIVERY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"
#include "cache/entry.h"
#include "cache/freshness.h"
#include "cache/readthrough.h"
#include "cache/seek.h"
#include "cache/session.h"

/* How what was found becomes the result of a read. */
struct delivery {
	struct session *session;
	const struct freshness_policy *policy;
	struct readthrough_result *result;
};

/*
 * Hand over an envelope that stands in text from offset on; entry has views
 * into it. text is taken (the result's former buffer comes back in it).
 */
void delivery_entry(const struct delivery *d, struct buf *text,
    size_t offset, const struct entry *entry, enum readthrough_source source,
    struct freshness_verdict verdict);

/* Hand over what a look found; k has it no longer. */
void delivery_seek(const struct delivery *d, struct seek *k,
    enum seek_hit hit, bool stale);

/*
 * Compute the result's type from the full-data that k found, and, unless it
 * is stale, keep it here with full-data's times: it lives exactly as long.
 */
int delivery_derived(const struct delivery *d, const struct seek *k,
    enum seek_hit hit, bool stale, struct err *err);

#endif
