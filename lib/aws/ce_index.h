#ifndef AWS_CE_INDEX_H
#define AWS_CE_INDEX_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/span.h"

/* What tells two periods (Start, End) or two attributes (Value) apart. */
struct ce_key {
	struct span a;
	struct span b;
};

/* Keys, borrowed, numbered in the order in which they came. */
struct ce_index {
	struct ce_key *keys;
	size_t count;
	size_t *slots;		/* private */
	size_t mask;
};

/* For at most so many keys. -1 with err when out of memory; clear it all the
 * same. Zero-initialise before. */
int ce_index_init(struct ce_index *x, size_t most, struct err *err);
void ce_index_clear(struct ce_index *x);

/* The number of the key; *fresh when it was not there yet. */
size_t ce_index_put(struct ce_index *x, struct ce_key key, bool *fresh);

#endif
