/*
 * teamcache with a wall clock that tests can set: TEST_NOW is a moment
 * ("2026-10-31T14:30:00Z") at which the program starts, or a distance from now
 * ("+2h", "-90s"). Only the wall clock is moved: waits take their real time,
 * and the clock goes on from there. TEST_ELAPSED ("+2m") puts the elapsed clock
 * ahead, as if that much time had passed since the last run.
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/date.h"
#include "base/num.h"
#include "base/span.h"
#include "cmd/cmd.h"

extern char **environ;

#define FAR (3650 * (int64_t)86400)

static int64_t
shifted_wall(void *state)
{
	const int64_t *shift_ms = state;

	return clock_wall_ms(clock_system()) + *shift_ms;
}

static int64_t
shifted_elapsed(void *state)
{
	const int64_t *shift_ms = state;

	return clock_elapsed_ms(clock_system()) + shift_ms[1];
}

static void
real_sleep(void *state, int64_t milliseconds)
{
	(void)state;
	clock_sleep_ms(clock_system(), milliseconds);
}

/* False when the text is neither a moment nor a distance. */
static bool
read_shift(const char *text, int64_t *shift_ms)
{
	int64_t seconds;

	if (text[0] == '+' || text[0] == '-') {
		if (!num_parse_duration(span_of(text + 1), FAR, &seconds))
			return false;
		*shift_ms = (text[0] == '-' ? -seconds : seconds) * 1000;
		return true;
	}
	if (!date_parse_rfc3339(span_of(text), &seconds))
		return false;
	*shift_ms = seconds * 1000 - clock_wall_ms(clock_system());
	return true;
}

int
main(int argc, char **argv)
{
	const struct env env = { (const char *const *)environ };
	const char *now = env_value(&env, "TEST_NOW");
	const char *elapsed = env_value(&env, "TEST_ELAPSED");
	int64_t shift_ms[2] = { 0, 0 };	/* wall, elapsed */
	const struct clock clock = {
		shifted_wall, shifted_elapsed, real_sleep, shift_ms
	};
	const struct cmd_process process = {
		.argc = argc,
		.argv = (const char *const *)argv,
		.env = &env,
		.clock = &clock,
		.rand = rand_system(),
		.in = STDIN_FILENO,
		.out = STDOUT_FILENO,
		.err = STDERR_FILENO,
	};

	if (now != NULL && !read_shift(now, &shift_ms[0])) {
		fprintf(stderr, "teamcache-clock: TEST_NOW is '%s': want RFC "
		    "3339, +2h or -90s\n", now);
		return 99;
	}
	if (elapsed != NULL && (elapsed[0] != '+' ||
	    !read_shift(elapsed, &shift_ms[1]))) {
		fprintf(stderr, "teamcache-clock: TEST_ELAPSED is '%s': want "
		    "+2m\n", elapsed);
		return 99;
	}
	return cmd_run(&process);
}
