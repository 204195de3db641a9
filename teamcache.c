#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <sys/resource.h>
#include <unistd.h>

#include "cmd/cmd.h"

extern char **environ;

/*
 * A descriptor that was closed for us would be given to the next file that is
 * opened, and results or messages would end in it. Hold its place with one
 * that cannot be used in that direction, so that writing a result fails.
 */
static bool
hold_descriptors(void)
{
	static const int modes[] = { O_WRONLY, O_RDONLY, O_RDWR };
	int fd, held;

	for (fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
		if (fcntl(fd, F_GETFD) != -1 || errno != EBADF)
			continue;
		held = open("/dev/null", modes[fd]);
		if (held == -1)
			held = open("/", O_RDONLY | O_DIRECTORY);
		if (held != fd)
			return false;
	}
	return true;
}

/*
 * Secrets are in memory: no core dumps. A limit of 1, below any core's size,
 * stops those that go to a program, too, which 0 does not (core(5)).
 */
static void
forbid_core_dumps(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_CORE, &limit) != 0)
		return;
	limit.rlim_cur = limit.rlim_max < 1 ? limit.rlim_max : 1;
	/* Lowering a soft limit is always allowed. */
	(void)setrlimit(RLIMIT_CORE, &limit);
}

int
main(int argc, char **argv)
{
	const struct env env = { (const char *const *)environ };
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

	if (!hold_descriptors())
		return 1;
	forbid_core_dumps();
	return cmd_run(&process);
}
