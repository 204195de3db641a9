#include <stdint.h>
#include <stdlib.h>

#include "tap.h"

#include "base/array.h"

static void
test_growth(void)
{
	size_t room = 0, count = 0, moves = 0, before;
	int *items = NULL, *more;
	int wrong = 0;

	for (count = 0; count < 1000; count++) {
		before = room;
		more = array_grow(items, count, &room, sizeof *items);
		if (!ok(more != NULL && room > count, "room for %zu", count))
			break;
		moves += room != before;
		items = more;
		items[count] = (int)count;
	}
	for (size_t i = 0; i < count; i++)
		wrong += items[i] != (int)i;
	is_int(wrong, 0, "all are kept");
	ok(moves < 10, "by doubling: %zu times", moves);
	free(items);
}

static void
test_overflow(void)
{
	size_t room = SIZE_MAX / 2 + 1;

	ok(array_grow(NULL, room, &room, 1) == NULL, "twice is too many");
	is_uint(room, SIZE_MAX / 2 + 1, "and nothing has changed");
	room = SIZE_MAX / 16;
	ok(array_grow(NULL, room, &room, 16) == NULL, "so are the bytes");
	is_uint(room, SIZE_MAX / 16, "nor there");
}

int
main(void)
{
	test_growth();
	test_overflow();
	return done_testing();
}
