#ifndef BASE_ARRAY_H
#define BASE_ARRAY_H

#include <stddef.h>

/*
 * Room for one more behind count items of size bytes each: the array, which
 * may have moved, in *room the items that it has room for now (0 for a new
 * one, items NULL). It doubles. NULL: no memory, and nothing has changed.
 */
void *array_grow(void *items, size_t count, size_t *room, size_t size);

#endif
