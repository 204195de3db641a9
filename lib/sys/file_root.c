#include "sys/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sys/beneath.h"

/* mkdir -p: the way to the root may lead over the user's own links. */
static int
make_way(const char *path)
{
	char part[PATH_MAX];
	size_t i, n = strlen(path);
	int why;

	if (n >= sizeof part) {
		errno = ENAMETOOLONG;
		return -1;
	}
	for (i = 1; i <= n; i++) {
		if (path[i] != '/' && path[i] != '\0')
			continue;
		memcpy(part, path, i);
		part[i] = '\0';
		if (mkdir(part, 0700) == 0 || (why = errno) == EEXIST ||
		    access(part, F_OK) == 0)
			continue;
		errno = why;
		return -1;
	}
	return 0;
}

/* Nobody but us may be able to change what lies there. */
static int
check_owner(int fd, const char *path, struct err *err)
{
	struct stat st;

	if (fstat(fd, &st) != 0)
		return err_system(err, errno, "cannot look at", path);
	if (st.st_uid != geteuid()) {
		err_set(err, ERR_USAGE, "refusing the directory '%s': it "
		    "belongs to user %lu and this is user %lu", path,
		    (unsigned long)st.st_uid, (unsigned long)geteuid());
		err_hint(err, "name another directory, or: chown -R %lu '%s'",
		    (unsigned long)geteuid(), path);
		return -1;
	}
	if ((st.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
		err_set(err, ERR_USAGE, "refusing the directory '%s': others "
		    "may write to it (mode %04o)", path,
		    (unsigned)st.st_mode & 07777);
		err_hint(err, "chmod go-w '%s'", path);
		return -1;
	}
	return 0;
}

int
file_root_open(struct file_root *root, const char *path, struct err *err)
{
	const char *what = "cannot open the directory";

	root->fd = -1;
	root->path = NULL;
	if (path[0] != '/')
		return err_set(err, ERR_USAGE,
		    "'%s' is not an absolute path", path);
	if ((root->path = span_dup(span_of(path))) == NULL)
		return err_memory(err);
	root->fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (root->fd < 0 && errno == ENOENT) {
		what = "cannot make the directory";
		if (make_way(path) == 0)
			root->fd = open(path,
			    O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	}
	if (root->fd < 0)
		err_system(err, errno, what, path);
	else if (check_owner(root->fd, path, err) == 0)
		return 0;
	file_root_close(root);
	return -1;
}

void
file_root_close(struct file_root *root)
{
	if (root->path == NULL)
		return;
	if (root->fd >= 0)
		(void)close(root->fd);
	free(root->path);
	root->fd = -1;
	root->path = NULL;
}

/* A link where there should be none deserves more than "too many links". */
static int
root_error(struct err *err, int errnum, const char *what,
    const struct file_root *root, const char *path)
{
	if (errnum == ENOMEM)
		return err_memory(err);
	if (!beneath_sound(path))
		return err_set(err, ERR_INTERNAL,
		    "refusing the path '%s' below '%s'", path, root->path);
	if (errnum == ELOOP)
		return err_set(err, ERR_INTERNAL, "%s '%s/%s': there is a "
		    "link on the way", what, root->path, path);
	return err_set(err, ERR_INTERNAL, "%s '%s/%s': %s", what, root->path,
	    path, strerror(errnum));
}

enum file_found
file_root_open_read(const struct file_root *root, const char *path, int *fd,
    int64_t *size, struct err *err)
{
	struct stat st;

	*fd = -1;
	if (root->fd < 0)
		return FILE_ABSENT;
	/* O_NONBLOCK: a fifo at that place must not hang us. */
	*fd = beneath_open(root->fd, path, O_RDONLY | O_NONBLOCK, 0);
	if (*fd < 0 && errno == ENOENT)
		return FILE_ABSENT;
	if (*fd < 0) {
		root_error(err, errno, "cannot open", root, path);
		return FILE_ERROR;
	}
	if (fstat(*fd, &st) != 0) {
		root_error(err, errno, "cannot look at", root, path);
	} else if (!S_ISREG(st.st_mode)) {
		err_set(err, ERR_INTERNAL, "cannot read '%s/%s': not a "
		    "regular file", root->path, path);
	} else {
		*size = st.st_size;
		return FILE_READ;
	}
	(void)close(*fd);
	*fd = -1;
	return FILE_ERROR;
}

enum file_found
file_root_read(const struct file_root *root, const char *path,
    struct buf *out, struct err *err)
{
	enum file_found found;
	int64_t size;
	int fd;

	found = file_root_open_read(root, path, &fd, &size, err);
	if (found != FILE_READ)
		return found;
	if (file_read_sized(fd, size, out, path, err) != 0) {
		err_context(err, "in '%s'", root->path);
		found = FILE_ERROR;
	}
	(void)close(fd);
	return found;
}

void
file_root_make_way(const struct file_root *root, const char *path)
{
	const char *name;
	int directory = beneath_parent(root->fd, path, true, &name);

	if (directory >= 0)
		(void)close(directory);
}

static int
open_or_make(const struct file_root *root, const char *path, int flags,
    int *fd, struct err *err)
{
	const char *name;
	int directory;

	*fd = beneath_open(root->fd, path, flags | O_CREAT, 0600);
	if (*fd < 0 && errno == ENOENT) {
		directory = beneath_parent(root->fd, path, true, &name);
		if (directory < 0)
			return root_error(err, errno, "cannot make", root,
			    path);
		*fd = beneath_open(directory, name, flags | O_CREAT, 0600);
		(void)close(directory);
	}
	if (*fd < 0)
		return root_error(err, errno, "cannot open", root, path);
	return 0;
}

int
file_root_open_write(const struct file_root *root, const char *path,
    int *fd, struct err *err)
{
	return open_or_make(root, path, O_RDWR, fd, err);
}

int
file_root_open_append(const struct file_root *root, const char *path,
    int *fd, struct err *err)
{
	/* O_NONBLOCK: a fifo at that place must not hang us. */
	return open_or_make(root, path, O_RDWR | O_APPEND | O_NONBLOCK, fd,
	    err);
}

int
file_root_replace(const struct file_root *root, const char *path,
    const struct span *pieces, size_t count, bool durable, struct err *err)
{
	struct file_draft draft;

	if (file_draft_begin(root, path, &draft, err) != 0)
		return -1;
	if (file_write_pieces(draft.fd, pieces, count, path, err) == 0 &&
	    file_draft_commit(&draft, durable, err) == 0)
		return 0;
	err_context(err, "in '%s'", root->path);
	file_draft_abandon(&draft);
	return -1;
}

enum file_found
file_root_remove(const struct file_root *root, const char *path,
    struct err *err)
{
	enum file_found found = FILE_READ;
	const char *name;
	int directory;

	if (root->fd < 0)
		return FILE_ABSENT;
	directory = beneath_parent(root->fd, path, false, &name);
	if (directory < 0 && errno == ENOENT)
		return FILE_ABSENT;
	if (directory < 0) {
		root_error(err, errno, "cannot remove", root, path);
		return FILE_ERROR;
	}
	if (unlinkat(directory, name, 0) != 0) {
		found = errno == ENOENT ? FILE_ABSENT : FILE_ERROR;
		if (found == FILE_ERROR)
			root_error(err, errno, "cannot remove", root, path);
	}
	(void)close(directory);
	return found;
}
