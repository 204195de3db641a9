#include "cache/allowance.h"

#include <pthread.h>
#include <stddef.h>

#include "tap.h"

#define THREADS 8
#define LIMIT 10000

static void *
take_all(void *state)
{
	static _Thread_local intptr_t got;
	struct allowance *a = state;

	while (allowance_take(a, 1))
		got++;
	return (void *)got;
}

static void
test_threads(void)
{
	pthread_t threads[THREADS];
	struct allowance a;
	intptr_t sum = 0;
	void *got;
	int i;

	allowance_init(&a, LIMIT);
	for (i = 0; i < THREADS; i++)
		if (pthread_create(&threads[i], NULL, take_all, &a) != 0)
			return;
	for (i = 0; i < THREADS; i++) {
		(void)pthread_join(threads[i], &got);
		sum += (intptr_t)got;
	}
	is_int(sum, LIMIT, "%d threads took what there was", THREADS);
	is_int(allowance_left(&a), 0, "nothing is left");
}

int
main(void)
{
	struct allowance a;

	ok(allowance_take(NULL, 1000000), "none: always enough");
	is_int(allowance_left(NULL), INT64_MAX, "and left");
	is_int(allowance_taken(NULL), 0, "nobody counts");
	allowance_give(NULL, 1);
	allowance_init(&a, -1);
	ok(allowance_take(&a, 5), "no limit");
	is_int(allowance_left(&a), INT64_MAX, "there is always more");
	is_int(allowance_taken(&a), 5, "but it is counted");
	allowance_init(&a, 0);
	ok(allowance_take(&a, 0), "nothing of nothing");
	ok(!allowance_take(&a, 1), "a limit of none");
	allowance_init(&a, 3);
	ok(!allowance_take(&a, 4), "too many");
	is_int(allowance_left(&a), 3, "take nothing");
	ok(allowance_take(&a, 2), "two of three");
	ok(!allowance_take(&a, 2), "not two more");
	ok(allowance_take(&a, 1), "but one");
	is_int(allowance_left(&a), 0, "and that was all");
	allowance_give(&a, 2);
	is_int(allowance_left(&a), 2, "given back");
	allowance_give(&a, -5);
	is_int(allowance_left(&a), 0, "more gone than there was");
	is_int(allowance_taken(&a), 6, "is counted");
	ok(!allowance_take(&a, 1), "and nothing is left");
	test_threads();
	return done_testing();
}
