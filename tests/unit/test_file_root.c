#include "sys/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "file_place.h"
#include "tap.h"

static struct file_root
new_root(const char *name)
{
	struct file_root root = { -1, NULL };
	struct err err = { 0 };

	if (file_root_open(&root, at(name), &err) != 0)
		note("%s", err.message);
	return root;
}

/* In a child that may write nowhere near '/': 0 when the cause is told. */
static int
tells_cause(void)
{
	struct file_root root = { -1, NULL };
	struct err err = { 0 };

	if (geteuid() == 0 && setuid(65534) != 0)
		return 2;
	if (file_root_open(&root, "/teamcache-none/x", &err) == 0)
		return 3;
	note("%s", err.message);
	return strstr(err.message, "'/teamcache-none/x': ") != NULL &&
	    strstr(err.message, strerror(ENOENT)) == NULL ? 0 : 1;
}

static void
test_root_refused(void)
{
	int status = -1;
	pid_t pid = fork();

	if (pid == 0)
		_exit(tells_cause());
	waitpid(pid, &status, 0);
	is_int(status, 0, "why a parent cannot be made is told");
}

static void
test_root_open(void)
{
	struct file_root root = { -1, NULL };
	struct err err = { 0 };
	struct buf b;

	is_int(file_root_open(&root, at("a/b/c"), &err), 0, "made");
	is_int(mode_of(at("a")), 0700, "parents are private");
	is_int(mode_of(at("a/b/c")), 0700, "so is the root");
	file_root_close(&root);
	file_root_close(&root);
	is_int(root.fd, -1, "closed, twice");
	is_int(file_root_open(&root, "rel/ative", &err), -1,
	    "a relative path");
	is_int(err.class, ERR_USAGE, "is a usage error");
	err_clear(&err);
	chmod(at("a/b/c"), 0775);
	is_int(file_root_open(&root, at("a/b/c"), &err), -1,
	    "others may write");
	is_int(err.class, ERR_USAGE, "is refused");
	has_str(err.message, "mode 0775", "naming the mode");
	has_str(err.hint, "chmod go-w", "and what mends it");
	err_clear(&err);
	chmod(at("a/b/c"), 0755);
	is_int(file_root_open(&root, at("a/b/c"), &err), 0,
	    "others may read");
	file_root_close(&root);
	sandbox_write(at("plain"), "");
	is_int(file_root_open(&root, at("plain"), &err), -1, "a file");
	has_str(err.message, "cannot open the directory", "and that is said");
	err_clear(&err);
	is_int(file_root_open(&root, at("plain/x"), &err), -1,
	    "below a file");
	err_clear(&err);
	if (geteuid() == 0) {
		mkdir(at("theirs"), 0700);
		is_int(chown(at("theirs"), 12345, (gid_t)-1), 0, "given away");
		is_int(file_root_open(&root, at("theirs"), &err), -1,
		    "somebody else's directory");
		has_str(err.message, "belongs to user 12345", "is refused");
		err_clear(&err);
	} else {
		skip_test("not root: cannot give a directory away");
	}
	root.fd = -1;
	root.path = span_dup(span_of(at("nowhere")));
	ok(root.path != NULL, "a root that is not there");
	buf_init(&b, 9);
	is_int(file_root_read(&root, "x", &b, &err), FILE_ABSENT, "is empty");
	is_int(file_root_remove(&root, "x", &err), FILE_ABSENT, "for removal");
	is_int(file_root_walk(&root, "", false, NULL, NULL, &err), 0,
	    "and for walks");
	is_int(file_root_replace(&root, "x", NULL, 0, false, &err), -1,
	    "and cannot be written");
	is_int(access(at("nowhere"), F_OK), -1, "and is not made");
	file_root_close(&root);
}

static void
test_root_files(void)
{
	struct file_root root = new_root("root");
	struct err err = { 0 };
	struct span pieces[40];
	struct buf b;
	int i, fd = -1;
	int64_t size = 0;

	for (i = 0; i < 40; i++)
		pieces[i] = span_of(i % 3 == 0 ? "" : i % 2 == 0 ? "ab" : "c");
	buf_init(&b, 4096);
	is_int(file_root_replace(&root, "d/e/f.json", pieces, 40, false, &err),
	    0, "forty pieces, three directories deep");
	is_int(file_root_read(&root, "d/e/f.json", &b, &err), FILE_READ,
	    "read again");
	is_uint(b.n, 39, "all of them");
	is_int(mode_of(at("root/d/e")), 0700, "directories are private");
	is_int(mode_of(at("root/d/e/f.json")), 0600, "files are private");
	buf_reset(&b);
	pieces[0] = span_of("new");
	is_int(file_root_replace(&root, "d/e/f.json", pieces, 1, true, &err),
	    0, "replaced durably");
	is_int(file_root_read(&root, "d/e/f.json", &b, &err), FILE_READ, "-");
	is_str(buf_string(&b), "new", "by the new content");
	is_int(file_root_open_read(&root, "d/e/f.json", &fd, &size, &err),
	    FILE_READ, "opened");
	is_int(size, 3, "with its size");
	close(fd);
	is_int(file_root_replace(&root, "top", NULL, 0, false, &err), 0,
	    "an empty file at the top");
	buf_reset(&b);
	is_int(file_root_read(&root, "top", &b, &err), FILE_READ, "is there");
	is_uint(b.n, 0, "and empty");
	is_int(file_root_read(&root, "d/none", &b, &err), FILE_ABSENT,
	    "no such file");
	is_int(file_root_read(&root, "no/none", &b, &err), FILE_ABSENT,
	    "no such directory");
	is_int(file_root_remove(&root, "top", &err), FILE_READ, "removed");
	is_int(file_root_remove(&root, "top", &err), FILE_ABSENT, "gone");
	is_int(file_root_remove(&root, "no/x", &err), FILE_ABSENT,
	    "nothing to remove");
	is_int(err.class, ERR_NONE, "none of which is an error");
	is_int(file_root_replace(&root, "d", pieces, 1, false, &err), -1,
	    "a directory is not replaced");
	err_clear(&err);
	is_int(file_root_remove(&root, "d", &err), FILE_ERROR,
	    "nor removed as a file");
	buf_clear(&b);
	file_root_close(&root);
}

static void
test_refused_paths(void)
{
	static const char *const paths[] = {
		"", "/", "/etc/passwd", "..", "../x", "a/../x", "a//b", "a/",
		".", "./a", "a/."
	};
	struct file_root root = new_root("root");
	struct err err;
	struct buf b;
	size_t i;

	buf_init(&b, 4096);
	for (i = 0; i < sizeof paths / sizeof paths[0]; i++) {
		memset(&err, 0, sizeof err);
		is_int(file_root_read(&root, paths[i], &b, &err), FILE_ERROR,
		    "reading '%s' is refused", paths[i]);
		has_str(err.message, "refusing the path", "as such");
		err_clear(&err);
		is_int(file_root_replace(&root, paths[i], NULL, 0, false,
		    &err), -1, "writing it, too");
		err_clear(&err);
		is_int(file_root_remove(&root, paths[i], &err), FILE_ERROR,
		    "removing it, too");
	}
	file_root_close(&root);
}

static void
test_links(void)
{
	struct file_root root = new_root("root");
	struct err err = { 0 };
	struct span piece = span_of("mine");
	struct buf b;

	buf_init(&b, 4096);
	mkdir(at("outside"), 0700);
	sandbox_write(at("outside/secret"), "secret");
	symlink(at("outside"), at("root/out"));
	symlink(at("outside/secret"), at("root/leak"));
	is_int(file_root_read(&root, "out/secret", &b, &err), FILE_ERROR,
	    "a directory that is a link");
	err_clear(&err);
	is_int(file_root_read(&root, "leak", &b, &err), FILE_ERROR,
	    "a file that is a link");
	has_str(err.message, "link", "is refused as such");
	err_clear(&err);
	is_int(file_root_replace(&root, "out/x", &piece, 1, false, &err), -1,
	    "no writing through a link");
	err_clear(&err);
	is_int(access(at("outside/x"), F_OK), -1, "nothing was written");
	is_int(file_root_remove(&root, "out/secret", &err), FILE_ERROR,
	    "no removing through a link");
	err_clear(&err);
	is_int(file_root_replace(&root, "leak", &piece, 1, false, &err), 0,
	    "the link itself is replaced");
	is_int(file_root_read(&root, "leak", &b, &err), FILE_READ, "-");
	is_str(buf_string(&b), "mine", "by a file");
	is_str(slurp(at("outside/secret"), 9, &err), "secret",
	    "what it pointed to is untouched");
	mkfifo(at("root/fifo"), 0600);
	is_int(file_root_read(&root, "fifo", &b, &err), FILE_ERROR,
	    "a fifo is refused and does not hang");
	has_str(err.message, "not a regular file", "-");
	buf_clear(&b);
	file_root_close(&root);
}

static void
test_draft(void)
{
	struct file_root root = new_root("drafts");
	struct file_draft draft = { 0 };
	struct err err = { 0 };
	struct buf b;

	buf_init(&b, 99);
	file_draft_abandon(&draft);
	is_int(file_draft_begin(&root, "x/y", &draft, &err), 0, "begun");
	is_int(file_write_fd(draft.fd, span_of("abc"), "y", &err), 0, "-");
	is_int(file_root_read(&root, "x/y", &b, &err), FILE_ABSENT,
	    "not there yet");
	is_int(file_draft_commit(&draft, false, &err), 0, "committed");
	is_int(file_root_read(&root, "x/y", &b, &err), FILE_READ, "there");
	file_draft_abandon(&draft);
	is_int(file_draft_begin(&root, "x/z", &draft, &err), 0, "another");
	file_draft_abandon(&draft);
	file_draft_abandon(&draft);
	rmdir(at("drafts/x"));
	file_root_remove(&root, "x/y", &err);
	is_int(rmdir(at("drafts/x")), 0, "no temporary file is left");
	buf_clear(&b);
	file_root_close(&root);

	/* Nothing but what the kernel refuses stops root. */
	mkdir(at("sealed"), 0500);
	is_int(file_root_open(&root, geteuid() == 0 ? "/proc" : at("sealed"),
	    &err), 0, "a root");
	is_int(file_draft_begin(&root, "none", &draft, &err), -1,
	    "that takes no file");
	has_str(err.message, root.path, "is named");
	has_str(err.message, "': cannot create a file beside 'none'",
	    "with the file");
	file_root_close(&root);
}

static int
collect(void *state, const char *path, int64_t size, int64_t modified,
    struct err *err)
{
	struct buf *b = state;

	if (strcmp(path, "w/stop") == 0)
		return err_set(err, ERR_DATA, "stopped");
	buf_addf(b, "%s:%lld%s ", path, (long long)size,
	    modified > 1000000000 ? "" : "?");
	return 0;
}

static int
count(void *state, const char *path, int64_t size, int64_t modified,
    struct err *err)
{
	(void)path, (void)size, (void)modified, (void)err;
	++*(int *)state;
	return 0;
}

/* Whether files can be made is a matter of trying. */
static void
test_try(void)
{
	struct file_root root = new_root("tried");
	struct file_root proc = { -1, NULL };
	struct err err = { 0 };
	int files = 0;

	is_int(file_root_try(&root, &err), 0, "one can be made");
	is_int(file_root_walk(&root, "", false, count, &files, &err), 0,
	    "looked through");
	is_int(files, 0, "and nothing stays");
	is_int(rmdir(at("tried")), 0, "at all");
	is_int(file_root_try(&root, &err), -1, "not in what is gone");
	has_str(err.message, "cannot make a file in '", "which is told");
	has_str(err.message, at("tried"), "with the place");
	file_root_close(&root);
	err_clear(&err);
	/* Ours where we are root, somebody else's elsewhere. */
	if (file_root_open(&proc, "/proc/sys", &err) == 0)
		is_int(file_root_try(&proc, &err), -1,
		    "nor where a file system takes none");
	file_root_close(&proc);
}

static void
test_walk(void)
{
	struct file_root root = new_root("walked");
	struct timespec old[2] = { { 1000, 0 }, { 1000, 0 } };
	struct err err = { 0 };
	struct span one = span_of("1");
	struct buf b;

	buf_init(&b, 4096);
	file_root_replace(&root, "w/b", &one, 1, false, &err);
	file_root_replace(&root, "w/a/z", &one, 1, false, &err);
	file_root_replace(&root, "w/a/y/x", &one, 1, false, &err);
	file_root_replace(&root, "w/c", &one, 0, false, &err);
	file_root_replace(&root, "v", &one, 1, false, &err);
	symlink("v", at("walked/link"));
	sandbox_write(at("walked/w/" FILE_TEMPORARY_PREFIX "young"), "");
	sandbox_write(at("walked/w/" FILE_TEMPORARY_PREFIX "old"), "");
	utimensat(AT_FDCWD, at("walked/w/" FILE_TEMPORARY_PREFIX "old"), old,
	    0);
	is_int(file_root_walk(&root, "", false, collect, &b, &err), 0, "all");
	is_str(buf_string(&b), "v:1 w/a/y/x:1 w/a/z:1 w/b:1 w/c:0 ",
	    "sorted, without links and temporary files");
	is_int(access(at("walked/w/" FILE_TEMPORARY_PREFIX "old"), F_OK), 0,
	    "nothing is swept unasked");
	buf_reset(&b);
	is_int(file_root_walk(&root, "w/a", true, collect, &b, &err), 0,
	    "a part");
	is_str(buf_string(&b), "w/a/y/x:1 w/a/z:1 ", "paths from the root");
	buf_reset(&b);
	is_int(file_root_walk(&root, "w", true, collect, &b, &err), 0, "swept");
	is_int(access(at("walked/w/" FILE_TEMPORARY_PREFIX "old"), F_OK), -1,
	    "an old temporary file is gone");
	is_int(access(at("walked/w/" FILE_TEMPORARY_PREFIX "young"), F_OK), 0,
	    "a young one stays");
	is_int(file_root_walk(&root, "none", true, collect, &b, &err), 0,
	    "a directory that is not there");
	file_root_replace(&root, "w/stop", &one, 1, false, &err);
	is_int(file_root_walk(&root, "w", true, collect, &b, &err), -1,
	    "the visitor stops it");
	has_str(err.message, "stopped", "with its own error");
	buf_clear(&b);
	file_root_close(&root);
}

/* Nobody sees half a file, whatever the writers do. */
static void
test_race(void)
{
	struct file_root root = new_root("race");
	struct err err = { 0 };
	char a[8192], c[8192];
	struct span both[2] = { { a, sizeof a }, { c, sizeof c } };
	struct buf b;
	int i, torn = 0, status;
	pid_t pid;

	memset(a, 'a', sizeof a);
	memset(c, 'c', sizeof c);
	buf_init(&b, 65536);
	file_root_replace(&root, "x", both, 2, false, &err);
	pid = fork();
	if (pid == 0) {
		for (i = 0; i < 300; i++)
			file_root_replace(&root, "x", both, 2, false, &err);
		_exit(err.class != ERR_NONE);
	}
	for (i = 0; i < 300; i++) {
		buf_reset(&b);
		if (file_root_read(&root, "x", &b, &err) != FILE_READ ||
		    b.n != sizeof a + sizeof c || b.p[b.n - 1] != 'c')
			torn++;
	}
	waitpid(pid, &status, 0);
	is_int(torn, 0, "no torn read in 300");
	is_int(status, 0, "no failed write in 300");
	buf_clear(&b);
	file_root_close(&root);
}

int
main(void)
{
	int before = begin();

	test_root_open();
	test_root_refused();
	test_root_files();
	test_refused_paths();
	test_links();
	test_draft();
	test_try();
	test_walk();
	test_race();
	return end(before);
}
