/*
 * herd COUNT DIR COMMAND...
 *
 * Runs COMMAND COUNT times at once, each on a machine of its own: its
 * TEAMCACHE_DIR is DIR/data.I, its TEAMCACHE_STATE_DIR DIR/state.I, its stdout
 * DIR/out.I. They wait at a gate and go when all are there. Prints:
 *   wall-us median-us cpu-us max-rss-kib failed
 * wall: until the last has ended; cpu: of all of them.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "number.h"

static double
now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static int
by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

static int
name_in(char *out, size_t size, const char *folder, const char *what, int i)
{
	int n = snprintf(out, size, "%s/%s.%d", folder, what, i);

	return n > 0 && (size_t)n < size ? 0 : -1;
}

/* In the child: never returns. */
static void
go(int gate, const char *folder, int i, char **command)
{
	char name[4096], byte;
	int out;

	if (name_in(name, sizeof name, folder, "data", i) != 0 ||
	    setenv("TEAMCACHE_DIR", name, 1) != 0 ||
	    name_in(name, sizeof name, folder, "state", i) != 0 ||
	    setenv("TEAMCACHE_STATE_DIR", name, 1) != 0 ||
	    name_in(name, sizeof name, folder, "out", i) != 0)
		_exit(126);
	out = open(name, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	if (out < 0 || dup2(out, 1) < 0 || close(out) != 0)
		_exit(126);
	/* It ends when the parent lets go of the other side. */
	if (read(gate, &byte, 1) != 0)
		_exit(126);
	close(gate);
	execvp(command[0], command);
	_exit(127);
}

int
main(int argc, char **argv)
{
	int gate[2], i, status, count, ended = 0, failed = 0;
	struct rusage usage;
	double start, *lasted;

	if (argc < 4 || (count = number(argv[1])) < 1)
		return 2;
	lasted = calloc((size_t)count, sizeof *lasted);
	if (lasted == NULL || pipe(gate) != 0)
		return 1;
	for (i = 0; i < count; i++) {
		pid_t pid = fork();

		if (pid < 0) {
			perror("fork");
			return 1;
		}
		if (pid == 0) {
			close(gate[1]);
			go(gate[0], argv[2], i, argv + 3);
		}
	}
	start = now_us();
	close(gate[0]);
	close(gate[1]);
	while (ended < count && wait(&status) > 0) {
		lasted[ended++] = now_us() - start;
		failed += !WIFEXITED(status) || WEXITSTATUS(status) != 0;
	}
	if (ended != count || getrusage(RUSAGE_CHILDREN, &usage) != 0)
		return 1;
	qsort(lasted, (size_t)count, sizeof *lasted, by_value);
	printf("%.0f %.0f %.0f %ld %d\n", lasted[count - 1],
	    lasted[count / 2],
	    (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e6 +
	    (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec),
	    usage.ru_maxrss, failed);
	free(lasted);
	return 0;
}
