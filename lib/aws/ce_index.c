#include "aws/ce_index.h"

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Open addressing, at most half full; a slot holds number + 1, 0 is free. */
int
ce_index_init(struct ce_index *x, size_t most, struct err *err)
{
	size_t slots = 16;

	while (slots / 2 < most && slots < SIZE_MAX / 4)
		slots *= 2;
	x->mask = slots - 1;
	x->count = 0;
	x->keys = calloc(most > 0 ? most : 1, sizeof *x->keys);
	x->slots = calloc(slots, sizeof *x->slots);
	if (x->keys == NULL || x->slots == NULL)
		return err_memory(err);
	return 0;
}

void
ce_index_clear(struct ce_index *x)
{
	free(x->slots);
	free(x->keys);
	memset(x, 0, sizeof *x);
}

/* FNV-1a, as good as any for dates and account ids. */
static uint64_t
hash(uint64_t h, struct span s)
{
	size_t i;

	for (i = 0; i < s.n; i++)
		h = (h ^ (unsigned char)s.p[i]) * UINT64_C(0x100000001b3);
	/* A byte that no text has ends it: "a", "bc" is not "ab", "c". */
	return (h ^ 0xff) * UINT64_C(0x100000001b3);
}

size_t
ce_index_put(struct ce_index *x, struct ce_key key, bool *fresh)
{
	uint64_t h = hash(UINT64_C(0xcbf29ce484222325), key.a);
	size_t at = (size_t)hash(h, key.b) & x->mask;

	*fresh = false;
	for (; x->slots[at] != 0; at = (at + 1) & x->mask) {
		const struct ce_key *known = &x->keys[x->slots[at] - 1];

		if (span_equal(known->a, key.a) && span_equal(known->b, key.b))
			return x->slots[at] - 1;
	}
	assert(x->count < x->mask);
	*fresh = true;
	x->keys[x->count] = key;
	x->slots[at] = ++x->count;
	return x->count - 1;
}
