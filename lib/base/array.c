#include "base/array.h"

#include <stdlib.h>

#include "base/num.h"

/* Most arrays stay small; the first few doublings would only copy. */
#define ROOM_MIN 16

void *
array_grow(void *items, size_t count, size_t *room, size_t size)
{
	size_t more = ROOM_MIN, bytes;
	void *grown;

	if (count < *room)
		return items;
	if (*room > 0 && !num_multiply_size(*room, 2, &more))
		return NULL;
	if (!num_multiply_size(more, size, &bytes) ||
	    (grown = realloc(items, bytes)) == NULL)
		return NULL;
	*room = more;
	return grown;
}
