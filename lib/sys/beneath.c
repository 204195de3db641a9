#include "sys/beneath.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/span.h"

/* linux/openat2.h, which a musl tree does not have. */
#define RESOLVE_NO_MAGICLINKS 0x02
#define RESOLVE_NO_SYMLINKS 0x04
#define RESOLVE_BENEATH 0x08

struct how {
	uint64_t flags;
	uint64_t mode;
	uint64_t resolve;
};

bool
beneath_sound(const char *path)
{
	struct span rest = span_of(path), part;
	bool more = true;

	while (more) {
		more = span_split(rest, '/', &part, &rest);
		if (part.n == 0 || span_is(part, ".") || span_is(part, ".."))
			return false;
	}
	return true;
}

static int
open_at_once(int directory, const char *path, int flags, mode_t mode)
{
#ifdef SYS_openat2
	struct how how = {
		.flags = (uint64_t)(unsigned)flags,
		.mode = (flags & O_CREAT) != 0 ? mode : 0,
		.resolve = RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS |
		    RESOLVE_BENEATH
	};

	return (int)syscall(SYS_openat2, directory, path, &how, sizeof how);
#else
	(void)directory, (void)path, (void)flags, (void)mode;
	errno = ENOSYS;
	return -1;
#endif
}

/* Close without losing the errno that is to be told. */
static void
close_quietly(int fd)
{
	int kept = errno;

	if (close(fd) != 0)
		errno = kept;
	errno = kept;
}

/* One component, which path begins with; n bytes of it. */
static int
open_part(int directory, const char *path, size_t n, int flags, mode_t mode)
{
	char name[256];

	if (n >= sizeof name) {
		errno = ENAMETOOLONG;
		return -1;
	}
	memcpy(name, path, n);
	name[n] = '\0';
	return openat(directory, name, flags | O_NOFOLLOW | O_CLOEXEC, mode);
}

static int
open_by_walking(int directory, const char *path, int flags, mode_t mode)
{
	int at = directory, next;
	size_t n;

	for (;;) {
		n = strcspn(path, "/");
		if (path[n] == '\0')
			next = open_part(at, path, n, flags, mode);
		else
			next = open_part(at, path, n,
			    O_RDONLY | O_DIRECTORY, 0);
		if (at != directory)
			close_quietly(at);
		if (next < 0 || path[n] == '\0')
			return next;
		at = next;
		path += n + 1;
	}
}

int
beneath_open(int directory, const char *path, int flags, mode_t mode)
{
	int fd;

	if (!beneath_sound(path)) {
		errno = EINVAL;
		return -1;
	}
	flags |= O_NOFOLLOW | O_CLOEXEC | O_NOCTTY;
	do {
		fd = open_at_once(directory, path, flags, mode);
	} while (fd < 0 && (errno == EINTR || errno == EAGAIN));
	/* Old kernels say ENOSYS, old seccomp filters EPERM. */
	if (fd >= 0 || (errno != ENOSYS && errno != EPERM))
		return fd;
	return open_by_walking(directory, path, flags, mode);
}

/* Make and open path's first n bytes, a component at a time. */
static int
make_directories(int directory, const char *path, size_t n)
{
	int at = directory, next;
	size_t part;
	char name[256];

	for (;;) {
		part = strcspn(path, "/");
		if (part >= sizeof name) {
			errno = ENAMETOOLONG;
			next = -1;
		} else {
			memcpy(name, path, part);
			name[part] = '\0';
			next = mkdirat(at, name, 0700);
			if (next == 0 || errno == EEXIST)
				next = open_part(at, path, part,
				    O_RDONLY | O_DIRECTORY, 0);
		}
		if (at != directory)
			close_quietly(at);
		if (next < 0 || part >= n)
			return next;
		at = next;
		path += part + 1;
		n -= part + 1;
	}
}

int
beneath_parent(int directory, const char *path, bool create,
    const char **name)
{
	const char *slash = strrchr(path, '/');
	char parent[4096];
	size_t n;
	int fd;

	if (!beneath_sound(path)) {
		errno = EINVAL;
		return -1;
	}
	if (slash == NULL) {
		*name = path;
		return fcntl(directory, F_DUPFD_CLOEXEC, 0);
	}
	*name = slash + 1;
	n = (size_t)(slash - path);
	if (n >= sizeof parent) {
		errno = ENAMETOOLONG;
		return -1;
	}
	memcpy(parent, path, n);
	parent[n] = '\0';
	fd = beneath_open(directory, parent, O_RDONLY | O_DIRECTORY, 0);
	if (fd < 0 && errno == ENOENT && create)
		fd = make_directories(directory, parent, n);
	return fd;
}
