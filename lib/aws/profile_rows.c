#include "aws/profile_rows.h"

#include <stdlib.h>
#include <string.h>

static int
compare_places(const struct profile_place *a, const struct profile_place *b)
{
	int c;

	if (a->kind != b->kind)
		return a->kind < b->kind ? -1 : 1;
	if (a->credentials != b->credentials)
		return a->credentials ? 1 : -1;
	if ((c = strcmp(a->name, b->name)) != 0 ||
	    (c = strcmp(a->key, b->key)) != 0)
		return c;
	return strcmp(a->sub, b->sub);
}

static int
compare_rows(const void *pa, const void *pb)
{
	const struct profile_row *a = pa, *b = pb;
	int c = compare_places(&a->place, &b->place);

	if (c != 0)
		return c;
	return a->order < b->order ? -1 : a->order > b->order;
}

void
profile_rows_sort(struct profile_row *rows, size_t count)
{
	if (count > 0)
		qsort(rows, count, sizeof *rows, compare_rows);
}

const struct profile_row *
profile_rows_find(const struct profile_row *rows, size_t count,
    const struct profile_place *place)
{
	size_t low = 0, high = count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (compare_places(&rows[middle].place, place) <= 0)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == 0 || compare_places(&rows[low - 1].place, place) != 0)
		return NULL;
	return &rows[low - 1];
}
