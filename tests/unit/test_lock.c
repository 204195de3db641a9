#include "sys/lock.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sandbox.h"
#include "tap.h"

/* A clock that only a sleep moves. */
static int64_t
now(void *state)
{
	return *(const int64_t *)state;
}

static void
pass(void *state, int64_t ms)
{
	*(int64_t *)state += ms;
}

/* A child that holds the lock until it is killed; its pid. */
static pid_t
hold(const struct file_root *root, const char *path)
{
	struct lock lock = LOCK_INIT;
	struct err err = { 0 };
	int ready[2];
	char c = 0;
	pid_t pid;

	if (pipe(ready) != 0)
		return -1;
	pid = fork();
	if (pid == 0) {
		c = lock_try(&lock, root, path, &err) == LOCK_HELD ? 'y' : 'n';
		if (write(ready[1], &c, 1) != 1)
			_exit(1);
		for (;;)
			pause();
	}
	if (read(ready[0], &c, 1) != 1 || c != 'y')
		note("the child does not hold the lock");
	close(ready[0]);
	close(ready[1]);
	return pid;
}

int
main(void)
{
	char *dir = sandbox_new();
	struct file_root root = { -1, NULL };
	struct lock one = LOCK_INIT, two = LOCK_INIT;
	struct err err = { 0 };
	int64_t time = 0;
	int fd;
	struct clock clock = { now, now, pass, &time };
	pid_t pid;

	if (dir == NULL || file_root_open(&root, dir, &err) != 0)
		return 1;
	is_int(lock_try(&one, &root, "a/b/lock", &err), LOCK_HELD, "ours");
	is_int(lock_try(&two, &root, "a/b/lock", &err), LOCK_BUSY,
	    "not twice, in one process neither");
	is_int(two.fd, -1, "and nothing is held");
	is_int(lock_try(&two, &root, "a/b/other", &err), LOCK_HELD,
	    "another one is free");
	lock_release(&two);
	is_int(lock_wait(&two, &root, "a/b/lock", &clock, 100, &err),
	    LOCK_BUSY, "waiting in vain");
	is_int(time, 100, "for as long as was said");
	lock_release(&one);
	lock_release(&one);
	is_int(access(sandbox_path(dir, "a/b/lock"), F_OK), 0,
	    "the file stays");
	is_int(lock_wait(&two, &root, "a/b/lock", &clock, 100, &err),
	    LOCK_HELD, "free again");
	is_int(time, 100, "no waiting for a free one");
	lock_release(&two);

	pid = hold(&root, "c");
	is_int(lock_try(&one, &root, "c", &err), LOCK_BUSY,
	    "another process has it");
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	is_int(lock_wait(&one, &root, "c", clock_system(), 5000, &err),
	    LOCK_HELD, "kill -9 frees it");
	lock_release(&one);
	is_int(file_root_open_append(&root, "d", &fd, &err), 0, "a file");
	is_int(lock_file(fd, "d", &err), LOCK_HELD, "that is open");
	is_int(lock_try(&one, &root, "d", &err), LOCK_BUSY, "is locked");
	lock_file_end(fd);
	is_int(lock_try(&one, &root, "d", &err), LOCK_HELD,
	    "until that ends");
	is_int(lock_file(fd, "d", &err), LOCK_BUSY, "and it is another's");
	lock_release(&one);
	(void)close(fd);
	is_int(lock_file(-1, "d", &err), LOCK_ERROR, "nothing is open");
	is_int(lock_try(&one, &root, "../x", &err), LOCK_ERROR,
	    "a bad path is an error");
	is_int(one.fd, -1, "and nothing is held");
	file_root_close(&root);
	sandbox_remove(dir);
	return done_testing();
}
