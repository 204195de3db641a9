#include "sys/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include "sys/interrupt.h"

/* What one read of a pipe asks for. */
#define CHUNK ((size_t)64 * 1024)

/* How many pieces one writev(2) takes. */
#define PIECES 16

/* Links to links; the kernel's own bound. */
#define LINKS_MAX 40

/*
 * After a call that failed: is it to be made again? A signal that asks us to
 * end ends the wait for a pipe too, which may have nobody at its other end.
 */
static bool
again(void)
{
	return errno == EINTR && interrupt_count() == 0;
}

static int
system_error(struct err *err, int errnum, const char *what, const char *name)
{
	if (errnum == EINTR)
		return err_set(err, interrupt_class(), "%s '%s': %s", what,
		    name, interrupt_word());
	return err_system(err, errnum, what, name);
}

/* Is there a byte beyond the cap? 1, 0 or -1 with errno. */
static int
probe(int fd)
{
	ssize_t got;
	char c;

	do {
		got = read(fd, &c, 1);
	} while (got < 0 && again());
	return got < 0 ? -1 : got > 0;
}

/* 1: something was read; 0: the end; -1: errno, or out's fault. */
static int
read_some(int fd, struct buf *out, size_t want)
{
	size_t left = out->max - out->n;
	ssize_t got;
	char *to;
	int more;

	if (left == 0) {
		more = probe(fd);
		if (more > 0)
			buf_reserve(out, 1);	/* sets the fault */
		return more == 0 ? 0 : -1;
	}
	if (want > left)
		want = left;
	if ((to = buf_reserve(out, want)) == NULL)
		return -1;
	do {
		got = read(fd, to, want);
	} while (got < 0 && again());
	if (got > 0)
		out->n += (size_t)got;
	out->p[out->n] = '\0';
	return got < 0 ? -1 : got > 0;
}

/*
 * A regular file that gives exactly its size, to a read that asked for one
 * byte more, has ended: no second read.
 */
int
file_read_sized(int fd, int64_t size, struct buf *out, const char *name,
    struct err *err)
{
	size_t begin = out->n, want = CHUNK;
	int more, came = interrupt_count();

	errno = 0;
	if (size >= 0)
		want = (uint64_t)size < out->max ? (size_t)size + 1 : out->max;
	do {
		more = read_some(fd, out, want);
		if (more > 0 && size >= 0 && want > (uint64_t)size &&
		    out->n - begin == (uint64_t)size)
			more = 0;
		if (want < CHUNK)
			want = CHUNK;
		if (more > 0 && size < 0 && interrupt_count() != came) {
			errno = EINTR;
			more = -1;
		}
	} while (more > 0);
	if (more == 0)
		return 0;
	if (out->fault != BUF_SOUND) {
		buf_check(out, "the file", err);
		err_context(err, "cannot read '%s'", name);
		return -1;
	}
	return system_error(err, errno, "cannot read", name);
}

/* A thing that the user named and that cannot be opened is a usage error. */
static int
open_error(struct err *err, int errnum, const char *what, const char *path)
{
	switch (errnum) {
	case EACCES:
	case EPERM:
	case EISDIR:
	case ELOOP:
	case ENAMETOOLONG:
	case ENOENT:
	case ENOTDIR:
	case ENXIO:
	case EROFS:
		return err_set(err, ERR_USAGE, "%s '%s': %s", what, path,
		    strerror(errnum));
	default:
		return system_error(err, errnum, what, path);
	}
}

static int
close_checked(int fd, const char *name, struct err *err)
{
	/* Linux frees the descriptor whatever close says. */
	if (close(fd) != 0 && errno != EINTR)
		return err_system(err, errno, "cannot close", name);
	return 0;
}

enum file_found
file_read(const char *path, struct buf *out, struct err *err)
{
	enum file_found found = FILE_ERROR;
	struct stat st;
	int fd;

	do {
		fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	} while (fd < 0 && again());
	if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
		return FILE_ABSENT;
	if (fd < 0) {
		open_error(err, errno, "cannot open", path);
		return FILE_ERROR;
	}
	if (fstat(fd, &st) != 0)
		err_system(err, errno, "cannot look at", path);
	else if (S_ISDIR(st.st_mode))
		open_error(err, EISDIR, "cannot read", path);
	else if (file_read_sized(fd, S_ISREG(st.st_mode) ? st.st_size : -1,
	    out, path, err) == 0)
		found = FILE_READ;
	if (close_checked(fd, path, err) != 0)
		found = FILE_ERROR;
	return found;
}

int
file_read_fd(int fd, struct buf *out, const char *name, struct err *err)
{
	struct stat st;
	off_t at;
	int64_t size = -1;

	if (fstat(fd, &st) != 0)
		return err_system(err, errno, "cannot look at", name);
	/* stdin may stand in the middle of a file. */
	if (S_ISREG(st.st_mode) && (at = lseek(fd, 0, SEEK_CUR)) >= 0 &&
	    at <= st.st_size)
		size = st.st_size - at;
	return file_read_sized(fd, size, out, name, err);
}

int
file_write_fd(int fd, struct span bytes, const char *name, struct err *err)
{
	int came = interrupt_count();
	ssize_t done;

	while (bytes.n > 0) {
		done = write(fd, bytes.p, bytes.n);
		if (done < 0 && again())
			continue;
		if (done < 0)
			return system_error(err, errno, "cannot write", name);
		bytes.p += done;
		bytes.n -= (size_t)done;
		/* A pipe that is full took a part when the signal came. */
		if (bytes.n > 0 && interrupt_count() != came)
			return system_error(err, EINTR, "cannot write", name);
	}
	return 0;
}

/* One writev for as many pieces as fit; a short write is finished plainly. */
int
file_write_pieces(int fd, const struct span *pieces, size_t count,
    const char *name, struct err *err)
{
	struct iovec iov[PIECES];
	size_t n, i, done;
	int came = interrupt_count();
	ssize_t wrote;

	for (; count > 0; count -= n, pieces += n) {
		for (n = 0; n < PIECES && n < count; n++) {
			/* writev does not write to it. */
			iov[n].iov_base = (void *)(uintptr_t)pieces[n].p;
			iov[n].iov_len = pieces[n].n;
		}
		do {
			wrote = writev(fd, iov, (int)n);
		} while (wrote < 0 && again());
		if (wrote < 0)
			return system_error(err, errno, "cannot write", name);
		done = (size_t)wrote;
		for (i = 0; i < n; i++) {
			size_t whole = pieces[i].n;
			size_t past = done < whole ? done : whole;
			struct span rest = span_make(pieces[i].p + past,
			    whole - past);

			done -= past;
			if (rest.n > 0 && interrupt_count() != came)
				return system_error(err, EINTR,
				    "cannot write", name);
			if (rest.n > 0 &&
			    file_write_fd(fd, rest, name, err) != 0)
				return -1;
		}
	}
	return 0;
}

int
file_append(const char *path, struct span bytes, struct err *err)
{
	int fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
	int result;

	if (fd < 0)
		return err_system(err, errno, "cannot open", path);
	result = file_write_fd(fd, bytes, path, err);
	if (close(fd) != 0 && result == 0)
		result = err_system(err, errno, "cannot write", path);
	return result;
}

/* The heap path that a link's text means, seen from where the link lies. */
static char *
link_target(const char *link, const char *text)
{
	const char *slash = strrchr(link, '/');
	struct buf b;
	char *whole;

	buf_init(&b, PATH_MAX);
	if (text[0] != '/' && slash != NULL)
		buf_add(&b, link, (size_t)(slash - link) + 1);
	buf_add_string(&b, text);
	whole = buf_take(&b);
	buf_clear(&b);
	return whole;
}

/* Where a chain of links ends, which need not exist; heap, NULL with err. */
static char *
resolve_links(const char *path, struct err *err)
{
	char text[PATH_MAX], *next, *at = span_dup(span_of(path));
	ssize_t n;
	int i;

	for (i = 0; at != NULL && i < LINKS_MAX; i++) {
		n = readlink(at, text, sizeof text - 1);
		if (n < 0)
			return at;	/* not a link, or not there */
		text[n] = '\0';
		next = link_target(at, text);
		free(at);
		at = next;
	}
	if (at == NULL)
		err_memory(err);
	else
		open_error(err, ELOOP, "cannot replace", path);
	free(at);
	return NULL;
}

/* What cannot be replaced (a terminal, a pipe) is written to. */
static int
write_through(const char *path, struct span bytes, struct err *err)
{
	int fd, result;

	do {
		fd = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
	} while (fd < 0 && again());
	if (fd < 0)
		return open_error(err, errno, "cannot write", path);
	result = file_write_fd(fd, bytes, path, err);
	if (close_checked(fd, path, err) != 0)
		result = -1;
	return result;
}

static int
open_directory_of(const char *path, const char **name)
{
	const char *slash = strrchr(path, '/');
	char directory[PATH_MAX];
	size_t n;

	*name = slash == NULL ? path : slash + 1;
	if (slash == NULL)
		return open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	n = slash == path ? 1 : (size_t)(slash - path);
	if (n >= sizeof directory) {
		errno = ENAMETOOLONG;
		return -1;
	}
	memcpy(directory, path, n);
	directory[n] = '\0';
	return open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

/* A draft knows its name alone. */
static void
in_directory_of(const char *path, const char *name, struct err *err)
{
	if (name - path > 1)
		err_context(err, "in '%.*s'", (int)(name - path - 1), path);
}

int
file_replace(const char *path, struct span bytes, bool keep_mode,
    struct err *err)
{
	struct file_draft draft = { .fd = -1, .directory = -1 };
	const char *name;
	struct stat st;
	bool exists;
	char *target;
	int fd, result = -1;

	exists = stat(path, &st) == 0;
	if (exists && S_ISDIR(st.st_mode))
		return open_error(err, EISDIR, "cannot replace", path);
	if (exists && !S_ISREG(st.st_mode))
		return write_through(path, bytes, err);
	if ((target = resolve_links(path, err)) == NULL)
		return -1;
	fd = open_directory_of(target, &name);
	if (fd < 0) {
		open_error(err, errno, "cannot open the directory of", path);
		goto out;
	}
	if (file_draft_at(fd, name, &draft, err) != 0) {
		in_directory_of(target, name, err);
		goto out;
	}
	if (exists && keep_mode && fchmod(draft.fd, st.st_mode & 07777) != 0) {
		err_system(err, errno, "cannot set the mode of", path);
		goto out;
	}
	if (file_write_fd(draft.fd, bytes, path, err) != 0)
		goto out;
	result = file_draft_commit(&draft, true, err);
	if (result != 0)
		in_directory_of(target, name, err);
out:
	file_draft_abandon(&draft);
	free(target);
	return result;
}
