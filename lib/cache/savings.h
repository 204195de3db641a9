#ifndef CACHE_SAVINGS_H
#define CACHE_SAVINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "cache/key.h"

/*
 * What the entries of one session spared, until it is written to the ledger in
 * one go. Entries of one month that one purchase fills count once, and not at
 * all after they were bought. Zero-initialise. Out of memory counts less.
 */
struct savings {
	struct savings_mark {
		struct key key;		/* its type: the purchase */
		bool bought;
	} *marks;
	size_t count;
	size_t room;
};

/* An entry of that purchase was read from a cache, or was bought. key says
 * account and month. */
void savings_read(struct savings *t, const struct key *key,
    const char *purchase);
void savings_bought(struct savings *t, const struct key *key,
    const char *purchase);

/* The ledger's records, one for each account and purchase. */
void savings_put(const struct savings *t, const char *profile, int64_t now,
    struct buf *out);

void savings_clear(struct savings *t);	/* harmless twice */

#endif
