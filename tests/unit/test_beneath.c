#include "sys/beneath.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sandbox.h"
#include "tap.h"

int
main(void)
{
	char *dir = sandbox_new();
	const char *name = NULL;
	struct stat st;
	int fd, at;

	if (dir == NULL || (at = open(dir, O_RDONLY | O_DIRECTORY)) < 0)
		return 1;
	ok(beneath_sound("a") && beneath_sound("a/b/..c/.d"), "sound paths");
	ok(!beneath_sound("") && !beneath_sound("/a") && !beneath_sound("a/")
	    && !beneath_sound("a/./b") && !beneath_sound("a/../b"),
	    "unsound paths");
	fd = beneath_parent(at, "p/q/r", false, &name);
	is_int(fd, -1, "the parent is missing");
	is_int(errno, ENOENT, "as errno says");
	fd = beneath_parent(at, "p/q/r", true, &name);
	ok(fd >= 0, "and is made");
	is_str(name, "r", "the last component");
	ok(fstat(fd, &st) == 0 && (st.st_mode & 07777) == 0700, "at 0700");
	is_int(fcntl(fd, F_GETFD), FD_CLOEXEC, "close-on-exec");
	close(fd);
	fd = beneath_open(at, "p/q/r", O_WRONLY | O_CREAT | O_EXCL, 0600);
	ok(fd >= 0, "a new file");
	is_int(fcntl(fd, F_GETFD), FD_CLOEXEC, "close-on-exec");
	close(fd);
	fd = beneath_open(at, "p/q/r", O_WRONLY | O_CREAT | O_EXCL, 0600);
	is_int(fd, -1, "not twice");
	is_int(errno, EEXIST, "as errno says");
	symlink("q", sandbox_path(dir, "p/l"));
	is_int(beneath_open(at, "p/l/r", O_RDONLY, 0), -1, "over a link");
	ok(errno == ELOOP || errno == ENOTDIR, "as errno says");
	is_int(beneath_parent(at, "p/l/n/m", true, &name), -1,
	    "nothing is made behind a link");
	is_int(access(sandbox_path(dir, "p/q/n"), F_OK), -1, "indeed");
	is_int(beneath_open(at, "../x", O_RDONLY, 0), -1, "out of it");
	is_int(errno, EINVAL, "is refused before the kernel is asked");
	fd = beneath_parent(at, "r", false, &name);
	ok(fd >= 0 && fd != at, "a path without parents: a copy");
	close(fd);
	close(at);
	sandbox_remove(dir);
	return done_testing();
}
