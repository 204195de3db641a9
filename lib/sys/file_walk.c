#include "sys/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/array.h"
#include "sys/beneath.h"
#include "sys/clock.h"

/* A temporary file of this age has no writer any more. */
#define ABANDONED_SECONDS 3600

/* Something still to be looked at; path is relative to the root. */
struct entry {
	char *path;
	bool is_directory;
	int64_t size;
	int64_t modified;
};

/*
 * A stack and not a recursion: a prefix may be hundreds of directories deep,
 * and each level would hold a descriptor.
 */
struct walk {
	const struct file_root *root;
	bool sweep;
	int64_t now;
	struct entry *entries;
	size_t n;
	size_t room;
};

static int
push(struct walk *w, const struct entry *e, struct err *err)
{
	struct entry *more = array_grow(w->entries, w->n, &w->room,
	    sizeof *more);

	if (more == NULL)
		return err_memory(err);
	w->entries = more;
	w->entries[w->n++] = *e;
	return 0;
}

static char *
join(const char *directory, const char *name)
{
	struct buf b;
	char *path;

	buf_init(&b, PATH_MAX);
	if (directory[0] != '\0')
		buf_addf(&b, "%s/", directory);
	buf_add_string(&b, name);
	path = buf_take(&b);
	buf_clear(&b);
	return path;
}

/* Last name first: the stack gives them back in order. */
static int
compare(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	return strcmp(y->path, x->path);
}

/* What is gone by now, or special, is passed over. */
static int
add_name(struct walk *w, int fd, const char *directory, const char *name,
    struct err *err)
{
	struct entry e = { NULL, false, 0, 0 };
	struct stat st;

	if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
		return 0;
	if (fstatat(fd, name, &st, AT_SYMLINK_NOFOLLOW) != 0)
		return errno == ENOENT ? 0 : err_system(err, errno,
		    "cannot look at", name);
	if (span_starts(span_of(name), FILE_TEMPORARY_PREFIX)) {
		if (w->sweep && S_ISREG(st.st_mode) &&
		    w->now - st.st_mtim.tv_sec > ABANDONED_SECONDS)
			(void)unlinkat(fd, name, 0);
		return 0;
	}
	if (!S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode))
		return 0;
	e.is_directory = S_ISDIR(st.st_mode);
	e.size = st.st_size;
	e.modified = st.st_mtim.tv_sec;
	if ((e.path = join(directory, name)) == NULL)
		return err_memory(err);
	if (push(w, &e, err) != 0) {
		free(e.path);
		return -1;
	}
	return 0;
}

static int
open_directory(const struct walk *w, const char *path)
{
	int flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC;

	if (path[0] == '\0')
		return openat(w->root->fd, ".", flags);
	return beneath_open(w->root->fd, path, flags, 0);
}

static int
add_directory(struct walk *w, const char *path, struct err *err)
{
	size_t begin = w->n;
	struct dirent *d;
	DIR *dir = NULL;
	int fd, result = -1;

	fd = open_directory(w, path);
	if (fd < 0 && errno == ENOENT)
		return 0;
	if (fd < 0 || (dir = fdopendir(fd)) == NULL) {
		err_system(err, errno, "cannot list", path);
		if (fd >= 0)
			(void)close(fd);
		return -1;
	}
	for (;;) {
		errno = 0;
		if ((d = readdir(dir)) == NULL)
			break;
		if (add_name(w, fd, path, d->d_name, err) != 0)
			goto out;
	}
	if (errno != 0) {
		err_system(err, errno, "cannot list", path);
		goto out;
	}
	if (w->n > begin)
		qsort(w->entries + begin, w->n - begin, sizeof *w->entries,
		    compare);
	result = 0;
out:
	(void)closedir(dir);
	return result;
}

int
file_root_walk(const struct file_root *root, const char *below, bool sweep,
    file_visit *visit, void *state, struct err *err)
{
	struct walk w = { root, sweep, 0, NULL, 0, 0 };
	int result = 0;

	if (root->fd < 0)
		return 0;
	w.now = clock_wall_seconds(clock_system());
	result = add_directory(&w, below, err);
	while (w.n > 0) {
		struct entry e = w.entries[--w.n];

		if (result == 0 && e.is_directory)
			result = add_directory(&w, e.path, err);
		else if (result == 0)
			result = visit(state, e.path, e.size, e.modified, err);
		free(e.path);
	}
	free(w.entries);
	if (result != 0)
		err_context(err, "in '%s'", root->path);
	return result;
}
