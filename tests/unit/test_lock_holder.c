#include "sys/lock_holder.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sandbox.h"
#include "sys/lock.h"
#include "tap.h"

#define COUNT(rows) (sizeof (rows) / sizeof (rows)[0])
#define LOCKS "1: POSIX  ADVISORY  WRITE 11 fe:01:3408 0 EOF\n" \
	"2: FLOCK  ADVISORY  WRITE 12 fe:01:3409 0 EOF\n" \
	"3: FLOCK  ADVISORY  WRITE 13 fe:01:3408 0 EOF\n" \
	"3: -> FLOCK  ADVISORY  WRITE 14 00:1b:7 0 EOF\n"

static void
test_locks(void)
{
	static const struct {
		const char *what, *text;
		unsigned major, minor;
		uint64_t inode, pid;
	} rows[] = {
		{ "its own line", LOCKS, 0xfe, 1, 3408, 13 },
		{ "another file's", LOCKS, 0xfe, 1, 3409, 12 },
		{ "another disk", LOCKS, 0xfe, 2, 3408, 0 },
		{ "one that waits", LOCKS, 0, 0x1b, 7, 0 },
		{ "nothing", "", 0xfe, 1, 3408, 0 },
		{ "a line that is cut", "1: FLOCK  ADVI", 0xfe, 1, 3408, 0 },
		{ "no number", "1: FLOCK  ADVISORY  WRITE x fe:01:3408 0 EOF",
		    0xfe, 1, 3408, 0 },
	};
	size_t i;

	for (i = 0; i < COUNT(rows); i++)
		is_int((int64_t)lock_holder_in(span_of(rows[i].text),
		    rows[i].major, rows[i].minor, rows[i].inode),
		    (int64_t)rows[i].pid, "%s", rows[i].what);
}

#define REST " 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 4711 20\n"

static void
test_stat(void)
{
	bool stopped = false;
	uint64_t began = 0;

	ok(lock_holder_stat(span_of("7 (a b) c) T" REST), &stopped, &began),
	    "a name with brackets");
	ok(stopped, "it is stopped");
	is_int((int64_t)began, 4711, "and began then");
	ok(lock_holder_stat(span_of("7 (x) S" REST), &stopped, &began),
	    "another");
	ok(!stopped, "sleeps");
	ok(!lock_holder_stat(span_of("7 (x) S 1 2"), &stopped, &began),
	    "one that is cut");
	ok(!lock_holder_stat(span_of("7"), &stopped, &began), "no name");
	ok(!lock_holder_stat(span_of(""), &stopped, &began), "nothing");
}

/* A child that holds it and stops. */
static pid_t
hold(const struct file_root *root)
{
	struct lock lock = LOCK_INIT;
	struct err err = { 0 };
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		if (lock_try(&lock, root, "lock", &err) != LOCK_HELD)
			_exit(1);
		raise(SIGSTOP);
		_exit(0);
	}
	ok(waitpid(pid, &status, WUNTRACED) == pid && WIFSTOPPED(status),
	    "a child holds it and is stopped");
	return pid;
}

int
main(void)
{
	char *dir = sandbox_new();
	struct file_root root = { -1, NULL };
	struct lock_holder holder;
	struct err err = { 0 };
	pid_t pid;
	int fd;

	test_locks();
	test_stat();
	if (dir == NULL || file_root_open(&root, dir, &err) != 0)
		return 1;
	pid = hold(&root);
	is_int(file_root_open_write(&root, "lock", &fd, &err), 0, "the file");
	ok(lock_holder_find(fd, &holder), "its holder");
	is_int((int64_t)holder.pid, pid, "is that one");
	ok(holder.stopped, "which is stopped");
	ok(holder.seconds >= 0 && holder.seconds < 600, "and is young");
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	ok(!lock_holder_find(fd, &holder), "nobody has it then");
	(void)close(fd);
	ok(!lock_holder_find(-1, &holder), "nothing is open");
	file_root_close(&root);
	sandbox_remove(dir);
	return done_testing();
}
