#include "base/array.h"

#include <stdlib.h>

#include "base/num.h"

/* Most arrays stay small: what a new one has room for, in bytes, so that
 * large items do not take pages of their own. */
#define FIRST 1024
#define FIRST_ITEMS 4

void *
array_grow(void *items, size_t count, size_t *room, size_t size)
{
	size_t more = FIRST / size, bytes;
	void *grown;

	if (count < *room)
		return items;
	if (more < FIRST_ITEMS)
		more = FIRST_ITEMS;
	if (*room > 0 && !num_multiply_size(*room, 2, &more))
		return NULL;
	if (!num_multiply_size(more, size, &bytes) ||
	    (grown = realloc(items, bytes)) == NULL)
		return NULL;
	*room = more;
	return grown;
}
