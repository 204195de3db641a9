#include "sys/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "sys/beneath.h"
#include "sys/rand.h"

/* A name that nobody can guess; file_root_walk knows its beginning. */
static int
make_name(struct file_draft *draft)
{
	unsigned char random[16];
	size_t i, at;
	int n;

	if (rand_fill(rand_system(), random, sizeof random) != 0)
		return -1;
	n = snprintf(draft->name, sizeof draft->name, "%s",
	    FILE_TEMPORARY_PREFIX);
	if (n < 0)
		return -1;
	at = (size_t)n;
	for (i = 0; i < sizeof random; i++) {
		draft->name[at++] = "0123456789abcdef"[random[i] >> 4];
		draft->name[at++] = "0123456789abcdef"[random[i] & 15];
	}
	draft->name[at] = '\0';
	return 0;
}

int
file_draft_at(int directory, const char *name, struct file_draft *draft,
    struct err *err)
{
	*draft = (struct file_draft){ .fd = -1, .directory = directory };
	draft->final = span_dup(span_of(name));
	if (draft->final == NULL) {
		err_memory(err);
		close(directory);
		draft->directory = -1;
		return -1;
	}
	if (make_name(draft) != 0) {
		err_set(err, ERR_INTERNAL, "the system gives no randomness");
		file_draft_abandon(draft);
		return -1;
	}
	do {
		draft->fd = openat(directory, draft->name, O_RDWR | O_CREAT |
		    O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	} while (draft->fd < 0 && errno == EINTR);
	if (draft->fd < 0) {
		err_system(err, errno, "cannot create a file beside", name);
		draft->name[0] = '\0';
		file_draft_abandon(draft);
		return -1;
	}
	return 0;
}

int
file_root_try(const struct file_root *root, struct err *err)
{
	struct file_draft draft = { .fd = -1, .directory = -1 };
	int fd;

	if (make_name(&draft) != 0)
		return err_set(err, ERR_INTERNAL,
		    "the system gives no randomness");
	fd = beneath_open(root->fd, draft.name, O_RDWR | O_CREAT | O_EXCL,
	    0600);
	if (fd < 0)
		return err_system(err, errno, "cannot make a file in",
		    root->path);
	(void)close(fd);
	(void)unlinkat(root->fd, draft.name, 0);
	return 0;
}

int
file_draft_begin(const struct file_root *root, const char *path,
    struct file_draft *draft, struct err *err)
{
	const char *name;
	int directory = beneath_parent(root->fd, path, true, &name);

	if (directory < 0) {
		*draft = (struct file_draft){ .fd = -1, .directory = -1 };
		err_system(err, errno, "cannot open the directory of", path);
	} else if (file_draft_at(directory, name, draft, err) == 0) {
		return 0;
	}
	err_context(err, "in '%s'", root->path);
	return -1;
}

int
file_draft_commit(struct file_draft *draft, bool durable, struct err *err)
{
	int fd = draft->fd, result = -1;

	draft->fd = -1;
	if (durable && fsync(fd) != 0) {
		err_system(err, errno, "cannot save", draft->final);
		close(fd);
		goto out;
	}
	/* A full disk may be told only here (NFS, quota). */
	if (close(fd) != 0 && errno != EINTR) {
		err_system(err, errno, "cannot save", draft->final);
		goto out;
	}
	if (renameat(draft->directory, draft->name, draft->directory,
	    draft->final) != 0) {
		err_system(err, errno, "cannot replace", draft->final);
		goto out;
	}
	draft->name[0] = '\0';
	/* File systems that cannot sync a directory say EINVAL. */
	if (durable && fsync(draft->directory) != 0 && errno != EINVAL) {
		err_system(err, errno, "cannot save", draft->final);
		goto out;
	}
	result = 0;
out:
	file_draft_abandon(draft);
	return result;
}

/* Nothing can be done about a failure to clean up; file_root_walk sweeps. */
void
file_draft_abandon(struct file_draft *draft)
{
	if (draft->final == NULL)
		return;
	if (draft->fd >= 0)
		(void)close(draft->fd);
	if (draft->name[0] != '\0')
		(void)unlinkat(draft->directory, draft->name, 0);
	if (draft->directory >= 0)
		(void)close(draft->directory);
	free(draft->final);
	*draft = (struct file_draft){ .fd = -1, .directory = -1 };
}
