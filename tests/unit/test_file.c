#include "sys/file.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "file_place.h"
#include "tap.h"

static void
test_read(void)
{
	struct err err = { 0 };
	struct buf b;
	int ends[2];

	sandbox_write(at("f"), "hello");
	is_str(slurp(at("f"), 100, &err), "hello", "a file");
	is_str(slurp(at("f"), 5, &err), "hello", "just at the cap");
	has_str(slurp(at("f"), 4, &err), "larger than 4 bytes",
	    "one byte over the cap");
	is_int(err.class, ERR_DATA, "is a data error");
	is_str(slurp(at("none"), 9, &err), "(absent)", "no such file");
	is_str(slurp(at("f/x"), 9, &err), "(absent)", "below a file");
	has_str(slurp(dir, 9, &err), "Is a directory", "a directory");
	is_int(err.class, ERR_USAGE, "is a usage error");
	is_str(slurp("/dev/null", 9, &err), "", "a device");
	sandbox_write(at("empty"), "");
	is_str(slurp(at("empty"), 9, &err), "", "an empty file");
	is_str(slurp(at("empty"), 0, &err), "", "an empty file, no room");
	symlink(at("f"), at("link"));
	is_str(slurp(at("link"), 9, &err), "hello", "a link is followed");

	err_clear(&err);
	if (pipe(ends) != 0)
		return;
	is_int(write(ends[1], "piped", 5), 5, "into a pipe");
	close(ends[1]);
	buf_init(&b, 100);
	is_int(file_read_fd(ends[0], &b, "pipe", &err), 0, "a pipe");
	is_str(buf_string(&b), "piped", "to its end");
	buf_clear(&b);
	close(ends[0]);
	ends[0] = open(at("f"), O_RDONLY);
	lseek(ends[0], 2, SEEK_SET);
	buf_init(&b, 3);
	is_int(file_read_fd(ends[0], &b, "f", &err), 0, "from the middle");
	is_str(buf_string(&b), "llo", "to the end");
	buf_clear(&b);
	close(ends[0]);
}

/* Files in /proc tell size 0 and hold more. */
static void
test_lying_size(void)
{
	struct err err = { 0 };
	struct buf b;

	buf_init(&b, 65536);
	is_int(file_read("/proc/self/status", &b, &err), FILE_READ,
	    "a file that tells size 0");
	ok(b.n > 0 || err.class != ERR_NONE, "is read to its end (%zu)", b.n);
	buf_clear(&b);
}

static void
test_write(void)
{
	struct err err = { 0 };
	int fd = open(at("w"), O_WRONLY | O_CREAT, 0600), full;

	is_int(file_write_fd(fd, span_of("abc"), "w", &err), 0, "written");
	close(fd);
	is_str(slurp(at("w"), 9, &err), "abc", "all of it");
	full = open("/dev/full", O_WRONLY);
	if (full < 0) {
		skip_test("no /dev/full here");
		return;
	}
	is_int(file_write_fd(full, span_of("abc"), "full", &err), -1,
	    "a full disk is an error");
	is_str(err.message, "cannot write 'full': No space left on device",
	    "that is named");
	is_int(err.class, ERR_INTERNAL, "class internal");
	close(full);
}

static void
test_replace(void)
{
	struct err err = { 0 };
	char before[4096];

	is_int(file_replace(at("r"), span_of("one"), false, &err), 0, "new");
	is_int(mode_of(at("r")), 0600, "for the owner only");
	is_str(slurp(at("r"), 9, &err), "one", "with the content");
	chmod(at("r"), 0644);
	is_int(file_replace(at("r"), span_of("two"), true, &err), 0, "again");
	is_int(mode_of(at("r")), 0644, "the mode is kept");
	is_int(file_replace(at("r"), span_of("3"), false, &err), 0, "again");
	is_int(mode_of(at("r")), 0600, "or not");

	mkdir(at("sub"), 0700);
	symlink("sub/target", at("l1"));
	symlink("l1", at("l2"));
	is_int(file_replace(at("l2"), span_of("t"), true, &err), 0,
	    "through links, to what is not there yet");
	is_str(slurp(at("sub/target"), 9, &err), "t", "at the target");
	is_int(file_replace(at("l2"), span_of("u"), true, &err), 0, "again");
	is_str(slurp(at("sub/target"), 9, &err), "u", "still the target");
	is_int((int)readlink(at("l2"), before, sizeof before), 2,
	    "and the links are links");
	symlink("loop", at("loop"));
	is_int(file_replace(at("loop"), span_of("x"), true, &err), -1,
	    "a circle of links");
	is_int(err.class, ERR_USAGE, "is a usage error");
	err_clear(&err);
	is_int(file_replace(at("no/file"), span_of("x"), true, &err), -1,
	    "no directory");
	has_str(err.message, "No such file", "said so");
	err_clear(&err);
	is_int(file_replace("/proc/no-file", span_of("x"), true, &err), -1,
	    "a directory that takes none");
	has_str(err.message, "in '/proc': cannot create a file beside "
	    "'no-file'", "is named");
	err_clear(&err);
	is_int(file_replace(dir, span_of("x"), true, &err), -1,
	    "a directory is not replaced");
	err_clear(&err);
	is_int(file_replace("/dev/null", span_of("x"), true, &err), 0,
	    "a device is written to");
	ok(access("/dev/null", F_OK) == 0 && mode_of("/dev/null") != 0600,
	    "and still there");
}

int
main(void)
{
	int before = begin();

	test_read();
	test_lying_size();
	test_write();
	test_replace();
	return end(before);
}
