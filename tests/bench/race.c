/*
 * race ROUNDS [-c DIR] ::: COMMAND... ::: COMMAND...
 *
 * Runs each command once a round, in turn, so that what else the machine does
 * hits all alike; stdout goes to /dev/null. -c DIR: each run finds DIR empty;
 * what the last one left is beside it, as DIR.PID.N. Prints a line a command:
 *   median-us p10-us median-cpu-us max-rss-kib page-faults
 * A command that fails ends the race.
 */
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "number.h"

#define COMMANDS 8

extern char **environ;

struct runner {
	char **argv;
	double *wall;
	double *cpu;
	long rss;
	long faults;
};

static double
now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

/* Moved, not removed: ext4 makes files slowly for minutes after many of a
 * folder were removed, which would be measured instead. */
static int
put_aside(const char *folder, int number)
{
	char aside[4096];

	if (snprintf(aside, sizeof aside, "%s.%d.%d", folder, (int)getpid(),
	    number) >= (int)sizeof aside)
		return -1;
	(void)rename(folder, aside);
	if (mkdir(folder, 0700) == 0)
		return 0;
	perror(folder);
	return -1;
}

static double
seconds_us(struct timeval t)
{
	return (double)t.tv_sec * 1e6 + (double)t.tv_usec;
}

static int
run(struct runner *r, int round, const posix_spawn_file_actions_t *actions)
{
	struct rusage usage;
	double start = now_us();
	int status, rc;
	pid_t pid;

	rc = posix_spawnp(&pid, r->argv[0], actions, NULL, r->argv, environ);
	if (rc != 0) {
		fprintf(stderr, "race: %s: %s\n", r->argv[0], strerror(rc));
		return -1;
	}
	if (wait4(pid, &status, 0, &usage) != pid)
		return -1;
	r->wall[round] = now_us() - start;
	r->cpu[round] = seconds_us(usage.ru_utime) +
	    seconds_us(usage.ru_stime);
	if (usage.ru_maxrss > r->rss)
		r->rss = usage.ru_maxrss;
	r->faults += usage.ru_minflt;
	if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
		fprintf(stderr, "race: %s failed: status %d\n", r->argv[0],
		    WIFEXITED(status) ? WEXITSTATUS(status) : -1);
		return -1;
	}
	return 0;
}

static int
by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

int
main(int argc, char **argv)
{
	struct runner runners[COMMANDS] = { 0 };
	posix_spawn_file_actions_t actions;
	const char *clear = NULL;
	int i, count = 0, round, rounds;

	if (argc < 4 || (rounds = number(argv[1])) < 1)
		return 2;
	i = 2;
	if (strcmp(argv[i], "-c") == 0) {
		clear = argv[i + 1];
		i += 2;
	}
	for (; i < argc; i++) {
		if (strcmp(argv[i], ":::") != 0)
			continue;
		argv[i] = NULL;
		if (count == COMMANDS)
			return 2;
		runners[count].argv = &argv[i + 1];
		runners[count].wall = calloc((size_t)rounds, sizeof(double));
		runners[count].cpu = calloc((size_t)rounds, sizeof(double));
		if (runners[count].wall == NULL || runners[count].cpu == NULL)
			return 1;
		count++;
	}
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY,
	    0);
	for (round = 0; round < rounds; round++)
		for (i = 0; i < count; i++) {
			if (clear != NULL && put_aside(clear,
			    round * count + i) != 0)
				return 1;
			if (run(&runners[i], round, &actions) != 0)
				return 1;
		}
	for (i = 0; i < count; i++) {
		qsort(runners[i].wall, (size_t)rounds, sizeof(double),
		    by_value);
		qsort(runners[i].cpu, (size_t)rounds, sizeof(double),
		    by_value);
		printf("%.0f %.0f %.0f %ld %ld\n",
		    runners[i].wall[rounds / 2], runners[i].wall[rounds / 10],
		    runners[i].cpu[rounds / 2], runners[i].rss,
		    runners[i].faults / rounds);
		free(runners[i].wall);
		free(runners[i].cpu);
	}
	posix_spawn_file_actions_destroy(&actions);
	return 0;
}
