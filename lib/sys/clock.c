#include "sys/clock.h"

#include <assert.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "sys/interrupt.h"

/*
 * With several threads a signal may land on another one than the sleeper, so
 * a sleep is cut into slices and looks at the counter in between.
 */
#define SLICE_MS 50

/* A pause is cut into pieces, so that a signal is seen soon by whatever clock
 * it is. */
#define PAUSE_MS 100

static int64_t
read_ms(clockid_t id)
{
	struct timespec t;
	long failed;

	/* Not by way of the vDSO: a command reads the clock a few times, and
	 * the pages that it would touch cost more than the calls. */
	failed = syscall(SYS_clock_gettime, id, &t);
	/* Linux always has these clocks. */
	assert(failed == 0);
	if (failed != 0)
		return 0;
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static int64_t
system_wall(void *state)
{
	(void)state;
	return read_ms(CLOCK_REALTIME);
}

static int64_t
system_elapsed(void *state)
{
	(void)state;
	return read_ms(CLOCK_BOOTTIME);
}

static void
system_sleep(void *state, int64_t milliseconds)
{
	int came = interrupt_count();
	int64_t end = read_ms(CLOCK_MONOTONIC) + milliseconds;
	int64_t left = milliseconds;

	(void)state;
	while (left > 0 && interrupt_count() == came) {
		int64_t part = left < SLICE_MS ? left : SLICE_MS;
		struct timespec t = { 0, (long)part * 1000000 };

		if (clock_nanosleep(CLOCK_MONOTONIC, 0, &t, NULL) != 0)
			break;
		left = end - read_ms(CLOCK_MONOTONIC);
	}
}

const struct clock *
clock_system(void)
{
	static const struct clock machine = {
		system_wall, system_elapsed, system_sleep, NULL
	};

	return &machine;
}

int64_t
clock_wall_ms(const struct clock *c)
{
	return c->wall(c->state);
}

int64_t
clock_wall_seconds(const struct clock *c)
{
	int64_t ms = c->wall(c->state);

	return ms >= 0 ? ms / 1000 : -((999 - ms) / 1000);
}

int64_t
clock_elapsed_ms(const struct clock *c)
{
	return c->elapsed(c->state);
}

void
clock_sleep_ms(const struct clock *c, int64_t milliseconds)
{
	if (milliseconds > 0)
		c->sleep(c->state, milliseconds);
}

bool
clock_pause_ms(const struct clock *c, int64_t milliseconds, int came)
{
	while (milliseconds > 0 && interrupt_count() == came) {
		int64_t part = milliseconds < PAUSE_MS ? milliseconds :
		    PAUSE_MS;

		clock_sleep_ms(c, part);
		milliseconds -= part;
	}
	return interrupt_count() == came;
}
