/*
 * teamcache in which an allocation fails: TEST_STARVE is its number ("17"), or
 * "17+" for that and all that follow. TEST_STARVE_COUNT names a file that gets
 * how many there were. The linker sends every malloc, calloc and realloc of the
 * program, its libraries included, through here.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/cmd.h"

extern char **environ;

static struct {
	atomic_ulong calls;
	unsigned long at;	/* 0: none */
	bool on;		/* and all that follow */
} starve;

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *old, size_t size);

static bool
starved(void)
{
	unsigned long n = atomic_fetch_add(&starve.calls, 1) + 1;

	if (starve.at == 0 || n < starve.at || (n > starve.at && !starve.on))
		return false;
	errno = ENOMEM;
	return true;
}

void *
__wrap_malloc(size_t size)
{
	return starved() ? NULL : __real_malloc(size);
}

void *
__wrap_calloc(size_t count, size_t size)
{
	return starved() ? NULL : __real_calloc(count, size);
}

void *
__wrap_realloc(void *old, size_t size)
{
	return starved() ? NULL : __real_realloc(old, size);
}

static void
read_wish(const char *wish)
{
	char *end;

	starve.at = strtoul(wish, &end, 10);
	starve.on = *end == '+';
}

int
main(int argc, char **argv)
{
	const struct env env = { (const char *const *)environ };
	const char *wish = env_value(&env, "TEST_STARVE");
	const char *path = env_value(&env, "TEST_STARVE_COUNT");
	const struct cmd_process process = {
		.argc = argc,
		.argv = (const char *const *)argv,
		.env = &env,
		.clock = clock_system(),
		.rand = rand_system(),
		.in = STDIN_FILENO,
		.out = STDOUT_FILENO,
		.err = STDERR_FILENO,
	};
	int status, fd = -1;

	if (path != NULL)
		fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (wish != NULL)
		read_wish(wish);
	status = cmd_run(&process);
	if (fd >= 0)
		dprintf(fd, "%lu\n", atomic_load(&starve.calls));
	return status;
}
