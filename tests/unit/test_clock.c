#include "sys/clock.h"

#include <pthread.h>
#include <signal.h>
#include <time.h>

#include "sys/interrupt.h"
#include "tap.h"

static int64_t
fixed(void *state)
{
	return *(const int64_t *)state;
}

static void
record_sleep(void *state, int64_t ms)
{
	*(int64_t *)state = ms;
}

/* A signal that lands on another thread than the sleeper. */
static void *
disturb(void *state)
{
	struct timespec t = { 0, 100000000 };

	(void)state;
	nanosleep(&t, NULL);
	raise(SIGTERM);
	return NULL;
}

static void
test_values(void)
{
	int64_t value = 1999;
	struct clock c = { fixed, fixed, record_sleep, &value };

	is_int(clock_wall_ms(&c), 1999, "wall");
	is_int(clock_wall_seconds(&c), 1, "seconds are rounded down");
	value = -1;
	is_int(clock_wall_seconds(&c), -1, "before the epoch too");
	value = -1000;
	is_int(clock_wall_seconds(&c), -1, "a whole second");
	is_int(clock_elapsed_ms(&c), -1000, "elapsed");
	clock_sleep_ms(&c, 0);
	clock_sleep_ms(&c, -5);
	is_int(value, -1000, "no sleep for nothing or less");
	clock_sleep_ms(&c, 7);
	is_int(value, 7, "the sleep is passed on");
}

static void
add_sleep(void *state, int64_t ms)
{
	*(int64_t *)state += ms;
}

static void
test_pause(void)
{
	int64_t slept = 0;
	struct clock c = { fixed, fixed, add_sleep, &slept };

	ok(clock_pause_ms(&c, 250, interrupt_count()), "a pause");
	is_int(slept, 250, "lasts as long as it was asked for");
	ok(clock_pause_ms(&c, -1, interrupt_count()), "none");
	ok(!clock_pause_ms(&c, 250, interrupt_count() - 1),
	    "one that a signal has ended");
	is_int(slept, 250, "does not begin");
}

static void
test_machine(void)
{
	const struct clock *c = clock_system();
	int64_t before = clock_elapsed_ms(c), wall = clock_wall_seconds(c);

	clock_sleep_ms(c, 120);
	ok(clock_elapsed_ms(c) - before >= 120, "the sleep lasts");
	ok(clock_elapsed_ms(c) - before < 5000, "and ends");
	ok(wall >= (int64_t)time(NULL) - 5 && wall <= (int64_t)time(NULL),
	    "the wall clock is time()'s");
}

static void
test_interrupted(void)
{
	const struct clock *c = clock_system();
	int64_t before = clock_elapsed_ms(c);
	pthread_t thread;

	is_int(interrupt_install(), 0, "handlers are in place");
	is_int(pthread_create(&thread, NULL, disturb, NULL), 0, "a thread");
	clock_sleep_ms(c, 20000);
	ok(clock_elapsed_ms(c) - before < 5000,
	    "a signal to another thread ends the sleep");
	pthread_join(thread, NULL);
	before = clock_elapsed_ms(c);
	clock_sleep_ms(c, 60);
	ok(clock_elapsed_ms(c) - before >= 60,
	    "an old signal does not shorten a new sleep");
}

int
main(void)
{
	test_values();
	test_pause();
	test_machine();
	test_interrupted();
	return done_testing();
}
