#include "sys/child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sys/interrupt.h"

#define CHUNK 4096
#define CHUNKS 16

/* How long an end or a signal may go unseen, and what SIGTERM may take. */
#define SLICE_MS 20
#define GRACE_MS 1000

struct child {
	const struct child_request *request;
	pid_t pid;
	int output[2];		/* reading end, writing end; -1: closed */
	int errors[2];
	bool reaped;
	int status;
};

static void
close_end(int *fd)
{
	if (*fd >= 0)
		(void)close(*fd);
	*fd = -1;
}

/* No other program may inherit it, and reading must never block. */
static int
make_pipe(int ends[2])
{
	int i;

	if (pipe(ends) != 0) {
		ends[0] = ends[1] = -1;
		return -1;
	}
	for (i = 0; i < 2; i++) {
		if (fcntl(ends[i], F_SETFD, FD_CLOEXEC) != 0)
			return -1;
	}
	return fcntl(ends[0], F_SETFL, O_NONBLOCK);
}

/* An errno, or 0. */
static int
spawn_with(struct child *c, posix_spawn_file_actions_t *actions,
    posix_spawnattr_t *attributes)
{
	const struct child_request *r = c->request;
	sigset_t none;
	int e;

	if (sigemptyset(&none) != 0)
		return errno;
	if ((e = posix_spawnattr_setsigmask(attributes, &none)) != 0 ||
	    (e = posix_spawnattr_setflags(attributes,
	    POSIX_SPAWN_SETSIGMASK)) != 0 ||
	    (e = posix_spawn_file_actions_adddup2(actions, c->output[1],
	    STDOUT_FILENO)) != 0 ||
	    (e = posix_spawn_file_actions_adddup2(actions, c->errors[1],
	    STDERR_FILENO)) != 0)
		return e;
	return posix_spawnp(&c->pid, r->words[0], actions, attributes,
	    r->words, (char *const *)(uintptr_t)r->env->variables);
}

static int
spawn(struct child *c)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	int e;

	if ((e = posix_spawn_file_actions_init(&actions)) != 0)
		return e;
	if ((e = posix_spawnattr_init(&attributes)) == 0) {
		e = spawn_with(c, &actions, &attributes);
		(void)posix_spawnattr_destroy(&attributes);
	}
	(void)posix_spawn_file_actions_destroy(&actions);
	close_end(&c->output[1]);
	close_end(&c->errors[1]);
	return e;
}

/* Has it ended? */
static bool
reap(struct child *c)
{
	pid_t got;

	if (!c->reaped) {
		got = waitpid(c->pid, &c->status, WNOHANG);
		c->reaped = got == c->pid || (got < 0 && errno != EINTR);
	}
	return c->reaped;
}

/* One read; false when there is nothing (any more). */
static bool
read_chunk(int *fd, char chunk[CHUNK], size_t *n)
{
	ssize_t got;

	if (*fd < 0)
		return false;
	do {
		got = read(*fd, chunk, CHUNK);
	} while (got < 0 && errno == EINTR);
	if (got < 0 && errno == EAGAIN)
		return false;
	if (got <= 0) {
		close_end(fd);
		return false;
	}
	*n = (size_t)got;
	return true;
}

/* Keep the end of it: that is where programs say what went wrong. */
static void
keep_tail(struct buf *to, const char *p, size_t n)
{
	if (n > to->max) {
		p += n - to->max;
		n = to->max;
	}
	if (n > to->max - to->n)
		buf_drop(to, n - (to->max - to->n));
	buf_add(to, p, n);
}

/* All that is there now; false once there is more than is wanted. */
static bool
drain(struct child *c)
{
	const struct child_request *r = c->request;
	ssize_t written = 0;
	char chunk[CHUNK];
	size_t n;
	int i;

	while (r->output->fault == BUF_SOUND &&
	    read_chunk(&c->output[0], chunk, &n))
		buf_add(r->output, chunk, n);
	/* What a pipe holds, and no more: it may never end. */
	for (i = 0; i < CHUNKS && read_chunk(&c->errors[0], chunk, &n); i++) {
		keep_tail(r->errors, chunk, n);
		if (r->echo >= 0 && written >= 0)
			written = write(r->echo, chunk, n);
	}
	/* It held keys. */
	explicit_bzero(chunk, sizeof chunk);
	return r->output->fault == BUF_SOUND;
}

/* Until something is to be read, or for a slice. */
static void
wait_for_output(const struct child *c)
{
	struct pollfd fds[2];
	nfds_t n = 0;

	if (c->output[0] >= 0)
		fds[n++] = (struct pollfd){ c->output[0], POLLIN, 0 };
	if (c->errors[0] >= 0)
		fds[n++] = (struct pollfd){ c->errors[0], POLLIN, 0 };
	/* Both closed: it has most likely ended, or will at once. */
	(void)poll(fds, n, n > 0 ? SLICE_MS : 1);
}

static void
end_child(struct child *c)
{
	const struct clock *clock = c->request->clock;
	int64_t end = clock_elapsed_ms(clock) + GRACE_MS;

	(void)kill(c->pid, SIGTERM);
	while (!reap(c) && clock_elapsed_ms(clock) < end)
		clock_sleep_ms(clock, SLICE_MS);
	if (c->reaped)
		return;
	(void)kill(c->pid, SIGKILL);
	while (waitpid(c->pid, &c->status, 0) < 0 && errno == EINTR)
		;
	c->reaped = true;
}

/* How it ended, once it is there. */
static void
supervise(struct child *c, struct child_result *result)
{
	const struct child_request *r = c->request;
	int64_t end = clock_elapsed_ms(r->clock) + r->limit_ms;
	int interrupts = interrupt_count();
	bool sound = true;

	while (sound && !reap(c)) {
		wait_for_output(c);
		sound = drain(c);
		if (interrupt_count() > interrupts) {
			result->end = CHILD_INTERRUPTED;
			end_child(c);
			return;
		}
		if (sound && clock_elapsed_ms(r->clock) >= end && !reap(c)) {
			result->end = CHILD_LATE;
			end_child(c);
			return;
		}
	}
	if (!sound || !drain(c)) {
		result->end = CHILD_FLOOD;
		if (!c->reaped)
			end_child(c);
	} else if (WIFSIGNALED(c->status)) {
		result->end = CHILD_KILLED;
		result->number = WTERMSIG(c->status);
	} else {
		result->end = CHILD_EXITED;
		result->number = WEXITSTATUS(c->status);
	}
}

int
child_run(const struct child_request *request, struct child_result *result,
    struct err *err)
{
	struct child c = { .request = request, .output = { -1, -1 },
	    .errors = { -1, -1 } };
	int e = 0, code = -1;

	memset(result, 0, sizeof *result);
	if (make_pipe(c.output) != 0 || make_pipe(c.errors) != 0)
		err_system(err, errno, "cannot make a pipe for",
		    request->words[0]);
	else if ((e = spawn(&c)) != 0)
		err_set(err, e == ENOENT || e == EACCES || e == ENOTDIR ||
		    e == ENOEXEC ? ERR_USAGE : ERR_INTERNAL,
		    "cannot run '%s': %s", request->words[0], strerror(e));
	else
		code = 0;
	if (code == 0)
		supervise(&c, result);
	close_end(&c.output[0]);
	close_end(&c.output[1]);
	close_end(&c.errors[0]);
	close_end(&c.errors[1]);
	return code;
}
