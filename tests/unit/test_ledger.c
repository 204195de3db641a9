#include "cache/ledger.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/limits.h"
#include "sandbox.h"
#include "tap.h"

#define DAY 86400
#define NOW ((int64_t)20000 * DAY + 5)
#define ACCOUNT "123456789012"

static char *dir;
static struct file_root root;
static struct ledger ledger;

static struct ledger_book_record
record(int64_t count)
{
	struct ledger_book_record r = { .kind = LEDGER_BOOK_REQUESTS,
		.time = NOW, .count = count, .account = ACCOUNT,
		.purchase = "full-data", .profile = "prod" };

	return r;
}

static int
append(const struct ledger_book_record *r, bool durable, struct err *err)
{
	struct buf text;
	int result;

	buf_init(&text, LIMIT_KIB);
	ledger_book_put(r, &text);
	err_clear(err);
	result = ledger_append(&ledger, buf_view(&text), durable, err);
	buf_clear(&text);
	return result;
}

static int
append_count(int64_t count)
{
	struct ledger_book_record r = record(count);
	struct err err;

	return append(&r, false, &err);
}

/* All requests that the ledger says, -1 when it cannot be read. */
static int64_t
requests(void)
{
	struct ledger_book book = { 0 };
	struct err err = { 0 };
	int64_t sum = -1;

	if (ledger_read(&ledger, &book, &err) == 0)
		sum = ledger_book_sum(&book, -1).requests;
	else
		note("%s", err.message);
	ledger_book_clear(&book);
	return sum;
}

static const char *
path(void)
{
	return sandbox_path(dir, "ledger");
}

static int64_t
size(void)
{
	struct stat st;

	return stat(path(), &st) == 0 ? st.st_size : -1;
}

/* The next descriptor that an open would get. */
static int
next_descriptor(void)
{
	int fd = dup(STDIN_FILENO);

	(void)close(fd);
	return fd;
}

static void
begin(void)
{
	struct err err = { 0 };

	if ((dir = sandbox_new()) == NULL ||
	    file_root_open(&root, dir, &err) != 0) {
		printf("Bail out! no directory\n");
		exit(1);
	}
	ledger.root = &root;
	ledger.clock = clock_system();
}

static void
end(void)
{
	file_root_close(&root);
	sandbox_remove(dir);
}

static void
test_append(void)
{
	struct ledger_book_record r = record(2);
	struct err err;
	struct stat st;

	is_int(requests(), 0, "without a file there is nothing");
	ok(stat(path(), &st) != 0, "and reading makes none");
	is_int(append(&r, false, &err), 0, "append");
	is_int(append(&r, true, &err), 0, "append, on the disk");
	is_int(requests(), 4, "both are there");
	is_int(stat(path(), &st), 0, "the file");
	is_int(st.st_mode & 07777, 0600, "is for us alone");
	is_int(st.st_size, 2 * 52, "and holds two records");
	/* A process that was killed in its write. */
	ok(truncate(path(), st.st_size - 20) == 0, "tear the second");
	is_int(append(&r, false, &err), 0, "append");
	is_int(requests(), 4, "the torn one is lost, no other");
}

static void
test_places(void)
{
	struct ledger_book_record r = record(1);
	int64_t paid;
	struct err err;

	(void)unlink(path());
	ok(mkdir(path(), 0700) == 0, "a directory in its place");
	is_int(append(&r, false, &err), -1, "is an error");
	is_int(err.class, ERR_INTERNAL, "of the machine");
	has_str(err.message, "ledger", "that names it");
	is_int(requests(), -1, "to the reader too");
	err_clear(&err);
	is_int(ledger_reserve(&ledger, &r, 5, &paid, &err), LEDGER_ERROR,
	    "and nothing can be reserved");
	ok(rmdir(path()) == 0 && symlink("/dev/null", path()) == 0,
	    "a link");
	is_int(append(&r, false, &err), -1, "is not followed");
	ok(unlink(path()) == 0 && mkfifo(path(), 0600) == 0, "a fifo");
	is_int(append(&r, false, &err), -1, "is refused");
	has_str(err.message, "regular file", "for what it is");
	(void)unlink(path());
}

/* No room for a whole record, as on a disk that is full. What tests print may
 * go to a file too, so they print when it is over. */
static void
test_full_disk(void)
{
	struct ledger_book_record r = record(1);
	enum ledger_reserved reserved;
	struct err full, not_reserved = { 0 };
	struct rlimit old, small;
	int64_t paid;
	int result;

	is_int(append_count(1), 0, "one record");
	if (getrlimit(RLIMIT_FSIZE, &old) != 0)
		return;
	small = old;
	small.rlim_cur = (rlim_t)size() + 20;
	(void)signal(SIGXFSZ, SIG_IGN);
	(void)setrlimit(RLIMIT_FSIZE, &small);
	result = append(&r, false, &full);
	reserved = ledger_reserve(&ledger, &r, 9, &paid, &not_reserved);
	(void)setrlimit(RLIMIT_FSIZE, &old);
	is_int(result, -1, "the next does not fit");
	has_str(full.message, dir, "the error names the place");
	has_str(full.message, "': cannot write 'ledger'", "and what failed");
	is_int(reserved, LEDGER_ERROR,
	    "what cannot be recorded is not reserved");
	is_int(append_count(1), 0, "room again");
	is_int(requests(), 2, "the part that was written spoils nothing");
	(void)unlink(path());
}

static void
wait_all(const pid_t *pids, size_t count, const char *what)
{
	int status, bad = 0;
	size_t i;

	for (i = 0; i < count; i++)
		if (waitpid(pids[i], &status, 0) != pids[i] ||
		    !WIFEXITED(status) || WEXITSTATUS(status) != 0)
			bad++;
	is_int(bad, 0, "%s", what);
}

#define WRITERS 50
#define RECORDS 400

/* More than one adding up happens on the way. */
static void
test_many_writers(void)
{
	struct ledger_book_record r = record(1);
	struct ledger_book book = { 0 };
	pid_t pids[WRITERS];
	struct err err = { 0 };
	int i, j;

	memset(r.profile, 'x', sizeof r.profile - 1);
	memset(r.purchase, 'p', sizeof r.purchase - 1);
	for (i = 0; i < WRITERS; i++) {
		if ((pids[i] = fork()) != 0)
			continue;
		for (j = 0; j < RECORDS; j++)
			if (append(&r, false, &err) != 0)
				_exit(1);
		_exit(0);
	}
	wait_all(pids, WRITERS, "all of them wrote");
	is_int(ledger_read(&ledger, &book, &err), 0, "read");
	is_int(ledger_book_sum(&book, -1).requests, WRITERS * RECORDS,
	    "no record is lost and none counts twice");
	ok(book.generation >= 1, "it was added up %lld times",
	    (long long)book.generation);
	ok(size() < LEDGER_CONDENSE + 64 * 1024, "and is no larger: %lld",
	    (long long)size());
	ledger_book_clear(&book);
	(void)unlink(path());
}

/*
 * A child that writes and tells of each record that it has written, killed
 * at some point of it: what it told is there, and at most the one record more
 * that it was at.
 */
static int64_t
write_until_killed(int delay_us, bool condensing)
{
	struct ledger_book_record r = record(1);
	int64_t told = 0;
	struct err err;
	int pipes[2];
	char bytes[4096];
	ssize_t n;
	pid_t pid;

	if (condensing)
		memset(r.profile, 'x', sizeof r.profile - 1);
	if (pipe(pipes) != 0 || (pid = fork()) < 0)
		return -1;
	if (pid == 0) {
		for (;;)
			if (append(&r, false, &err) != 0 ||
			    write(pipes[1], "w", 1) != 1)
				_exit(1);
	}
	(void)close(pipes[1]);
	(void)usleep((useconds_t)delay_us);
	(void)kill(pid, SIGKILL);
	while ((n = read(pipes[0], bytes, sizeof bytes)) > 0)
		told += n;
	(void)waitpid(pid, NULL, 0);
	(void)close(pipes[0]);
	return told;
}

static void
test_killed(void)
{
	int64_t told, before, after;
	int i, lost = 0;

	for (i = 0; i < 60; i++) {
		before = requests();
		told = write_until_killed(300 * i, false);
		after = requests();
		if (told < 0 || after < before + told ||
		    after > before + told + 1)
			lost++;
	}
	is_int(lost, 0, "60 kills, nothing lost");
	is_int(append_count(1), 0, "and the next one writes");
	(void)unlink(path());
}

/* Grow it to just below the bound, cheaply. */
static void
fill(void)
{
	struct ledger_book_record r = record(0);
	struct err err = { 0 };
	struct buf text;

	memset(r.profile, 'x', sizeof r.profile - 1);
	buf_init(&text, (size_t)LEDGER_CONDENSE);
	while ((int64_t)text.n < LEDGER_CONDENSE - 3000)
		ledger_book_put(&r, &text);
	is_int(ledger_append(&ledger, buf_view(&text), false, &err), 0,
	    "a ledger that is about to be added up %s", err.message);
	buf_clear(&text);
}

static void
test_killed_condensing(void)
{
	int64_t told, before, after;
	int i, lost = 0;

	for (i = 0; i < 12; i++) {
		(void)unlink(path());
		fill();
		before = requests();
		told = write_until_killed(1000 + 1500 * i, true);
		after = requests();
		if (told < 0 || after < before + told ||
		    after > before + told + 1) {
			note("%d: %lld + %lld, and it says %lld", i,
			    (long long)before, (long long)told,
			    (long long)after);
			lost++;
		}
		is_int(append_count(1), 0, "the next one writes");
	}
	is_int(lost, 0, "kills around an adding up, nothing lost");
	(void)unlink(path());
}

/* Where no new file can be made, the old one grows to its bound and no
 * further. */
static void
test_bounded(void)
{
	struct ledger_book_record r = record(1);
	struct rlimit old, small;
	struct err err = { 0 };
	struct buf text;
	int i, refused = 0;

	memset(r.profile, 'x', sizeof r.profile - 1);
	buf_init(&text, LIMIT_MIB);
	for (i = 0; i < 4000; i++)
		ledger_book_put(&r, &text);
	if (getrlimit(RLIMIT_NOFILE, &old) != 0)
		return;
	small = old;
	/* The ledger takes one descriptor, a new one would be the second. */
	small.rlim_cur = (rlim_t)next_descriptor() + 1;
	(void)setrlimit(RLIMIT_NOFILE, &small);
	for (i = 0; i < 8; i++) {
		err_clear(&err);
		refused += ledger_append(&ledger, buf_view(&text), false,
		    &err) != 0;
	}
	(void)setrlimit(RLIMIT_NOFILE, &old);
	ok(refused > 0, "a full ledger takes no more");
	has_str(err.message, "is full", "and says so");
	ok(size() > LEDGER_CONDENSE && size() <= LEDGER_MAX, "bounded: %lld",
	    (long long)size());
	err_clear(&err);
	is_int(ledger_append(&ledger, buf_view(&text), false, &err), 0,
	    "once it can be added up it is");
	is_int(requests(), (9 - refused) * 4000, "what was taken is there");
	ok(size() < LEDGER_CONDENSE, "small again: %lld", (long long)size());
	buf_clear(&text);
	(void)unlink(path());
}

#define BUYERS 20

static int
try_to_buy(int64_t count)
{
	struct ledger_book_record r = record(count);
	struct err err = { 0 };
	int64_t paid;

	return ledger_reserve(&ledger, &r, 7, &paid, &err);
}

static void
test_reserve(void)
{
	struct ledger_book_record r = record(3);
	struct err err = { 0 };
	pid_t pids[BUYERS];
	int64_t paid;
	int i, status, got = 0;

	is_int(ledger_reserve(&ledger, &r, 0, &paid, &err), LEDGER_REFUSED,
	    "a limit of none");
	is_int(ledger_reserve(&ledger, &r, 4, &paid, &err), LEDGER_RESERVED,
	    "three of four");
	is_int(paid, 0, "after none");
	is_int(ledger_reserve(&ledger, &r, 4, &paid, &err), LEDGER_REFUSED,
	    "no second three");
	is_int(paid, 3, "after three");
	is_int(ledger_reserve(&ledger, &r, 2, &paid, &err), LEDGER_REFUSED,
	    "a limit that was lowered");
	r.count = 1;
	is_int(ledger_reserve(&ledger, &r, 4, &paid, &err), LEDGER_RESERVED,
	    "one more");
	r.time += DAY;
	is_int(ledger_reserve(&ledger, &r, 1, &paid, &err), LEDGER_RESERVED,
	    "a new day");
	is_int(paid, 0, "begins with none");
	is_int(requests(), 5, "all of them are recorded");
	(void)unlink(path());
	for (i = 0; i < BUYERS; i++)
		if ((pids[i] = fork()) == 0)
			_exit(try_to_buy(1) == LEDGER_RESERVED ? 1 : 0);
	for (i = 0; i < BUYERS; i++)
		if (waitpid(pids[i], &status, 0) == pids[i] &&
		    WIFEXITED(status))
			got += WEXITSTATUS(status);
	is_int(got, 7, "%d processes at once, a limit of 7", BUYERS);
	is_int(requests(), 7, "and so many are recorded");
	(void)unlink(path());
}

int
main(void)
{
	int descriptors = sandbox_descriptors();

	begin();
	test_append();
	test_places();
	test_full_disk();
	test_many_writers();
	test_killed();
	test_killed_condensing();
	test_bounded();
	test_reserve();
	end();
	is_int(sandbox_descriptors(), descriptors, "no stray descriptor");
	return done_testing();
}
