/*
 * kill-at SIGNAL N FILE COMMAND...
 *
 * Runs the command and sends it the signal (TERM or KILL) as it enters its
 * N-th system call, counted over all its threads; none for N = 0. FILE gets
 * the number of calls that were counted. The exit status is the command's, as
 * a shell tells it.
 */
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

/* The stop at a system call is told from a breakpoint's by this bit. */
#define CALL (SIGTRAP | 0x80)

struct run {
	pid_t command;
	int number;		/* of the signal */
	unsigned long at;
	unsigned long calls;
	bool sent;
	int status;
};

static bool
enters_call(pid_t thread)
{
	struct __ptrace_syscall_info info;

	return ptrace(PTRACE_GET_SYSCALL_INFO, thread, (void *)sizeof info,
	    &info) > 0 && info.op == PTRACE_SYSCALL_INFO_ENTRY;
}

/* What a stopped thread is to be told when it goes on: a signal's number. */
static int
look_at_stop(struct run *r, pid_t thread, int status)
{
	int number = WSTOPSIG(status);

	if (status >> 16 != 0)
		return 0;
	/* A new thread begins with it. */
	if (number == SIGSTOP)
		return 0;
	if (number != CALL)
		return number;
	if (r->sent || !enters_call(thread))
		return 0;
	if (++r->calls == r->at) {
		r->sent = true;
		(void)kill(r->command, r->number);
	}
	return 0;
}

/* To the command's end. */
static int
follow(struct run *r)
{
	int status, number;
	pid_t thread;

	for (;;) {
		thread = waitpid(-1, &status, __WALL);
		if (thread < 0 && errno == EINTR)
			continue;
		if (thread < 0)
			return -1;
		if (WIFEXITED(status) || WIFSIGNALED(status)) {
			if (thread != r->command)
				continue;
			r->status = WIFEXITED(status) ? WEXITSTATUS(status) :
			    128 + WTERMSIG(status);
			return 0;
		}
		number = look_at_stop(r, thread, status);
		/* It may have been killed where it stood. */
		if (ptrace(r->sent ? PTRACE_CONT : PTRACE_SYSCALL, thread,
		    NULL, (void *)(long)number) != 0 && errno != ESRCH)
			return -1;
	}
}

static int
start(struct run *r, char **argv)
{
	long options = PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACECLONE |
	    PTRACE_O_TRACEEXEC | PTRACE_O_EXITKILL;
	int status;

	r->command = fork();
	if (r->command == 0) {
		if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) == 0 &&
		    raise(SIGSTOP) == 0)
			(void)execvp(argv[0], argv);
		_exit(127);
	}
	if (r->command < 0 || waitpid(r->command, &status, 0) < 0 ||
	    !WIFSTOPPED(status))
		return -1;
	if (ptrace(PTRACE_SETOPTIONS, r->command, NULL, (void *)options) != 0)
		return -1;
	return ptrace(PTRACE_SYSCALL, r->command, NULL, NULL) == 0 ? 0 : -1;
}

static int
note_calls(const char *path, unsigned long calls)
{
	FILE *f = fopen(path, "w");

	if (f == NULL)
		return -1;
	fprintf(f, "%lu\n", calls);
	return fclose(f);
}

int
main(int argc, char **argv)
{
	struct run r = { 0 };

	if (argc < 5) {
		fprintf(stderr, "usage: kill-at TERM|KILL N FILE COMMAND...\n");
		return 2;
	}
	r.number = strcmp(argv[1], "TERM") == 0 ? SIGTERM : SIGKILL;
	r.at = strtoul(argv[2], NULL, 10);
	if (start(&r, &argv[4]) != 0 || follow(&r) != 0 ||
	    note_calls(argv[3], r.calls) != 0) {
		perror("kill-at");
		return 125;
	}
	return r.status;
}
