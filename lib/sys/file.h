#ifndef SYS_FILE_H
#define SYS_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/span.h"

/* How every temporary file's name begins. */
#define FILE_TEMPORARY_PREFIX ".teamcache-tmp-"

/* How a read ended, where "not there" is an ordinary answer. */
enum file_found {
	FILE_ERROR = -1,	/* err is set */
	FILE_ABSENT = 0,
	FILE_READ = 1
};

/*
 * A whole file (or pipe) into out, whose max is the cap; links are followed:
 * for files that the user named. "-" is not special here.
 */
enum file_found file_read(const char *path, struct buf *out,
    struct err *err);

/* All of an open descriptor into out. A signal that asks us to end (see
 * interrupt.h) ends the wait for a pipe, here and in what follows:
 * interrupt_class(). */
int file_read_fd(int fd, struct buf *out, const char *name,
    struct err *err);

/* As file_read_fd from a descriptor at its beginning, for a regular file whose
 * size fstat has told: one read. -1 when it is not known. */
int file_read_sized(int fd, int64_t size, struct buf *out, const char *name,
    struct err *err);

/* All of the bytes to a descriptor; EINTR and short writes handled. EPIPE and
 * ENOSPC come back as errors. */
int file_write_fd(int fd, struct span bytes, const char *name,
    struct err *err);

/* The same for several pieces, in one writev(2) when they are up to 16. */
int file_write_pieces(int fd, const struct span *pieces, size_t count,
    const char *name, struct err *err);

/* Add to the end of a file, which is made (0600) where it is not there. */
int file_append(const char *path, struct span bytes, struct err *err);

/*
 * Replace a file that the user named atomically at a link's target: temporary
 * file beside it (0600, or the old file's mode when keep_mode), fsync, rename.
 * The directory must be there. What is not a regular file (a terminal, a
 * pipe, /dev/null) is written to instead.
 */
int file_replace(const char *path, struct span bytes, bool keep_mode,
    struct err *err);

/*
 * A verified root of our own (cache, state): absolute path, created with its
 * parents at 0700 when missing, must be a directory that belongs to us and
 * that nobody else may write. Everything below is opened with openat and
 * O_NOFOLLOW, one component at a time; a path with "", "." or ".." in it, or
 * an absolute one, is refused (a bug or an attack, never followed).
 */
struct file_root {
	int fd;			/* -1: closed, or not there: what is read from
				   it is absent, writing to it is an error */
	char *path;		/* for messages */
};

/* ERR_USAGE, with what mends it, for a path that is relative, a directory of
 * somebody else or one that others may write. */
int file_root_open(struct file_root *root, const char *path, struct err *err);
void file_root_close(struct file_root *root);

/* Make the directories (0700) that lead to path, as what writes there does:
 * ahead of it. Errors are left for that to find again. */
void file_root_make_way(const struct file_root *root, const char *path);

/* A whole file below the root, into out. A link, a fifo or a device at that
 * place is FILE_ERROR. */
enum file_found file_root_read(const struct file_root *root,
    const char *path, struct buf *out, struct err *err);

/* Open for reading, same rules; returns FILE_READ with *fd and *size. */
enum file_found file_root_open_read(const struct file_root *root,
    const char *path, int *fd, int64_t *size, struct err *err);

/* Open for reading and writing, made at 0600 when missing (its parents at
 * 0700), never emptied: lock files. */
int file_root_open_write(const struct file_root *root, const char *path,
    int *fd, struct err *err);

/* The same, and every write goes to the end. */
int file_root_open_append(const struct file_root *root, const char *path,
    int *fd, struct err *err);

/*
 * Replace atomically: parents made at 0700, a temporary file of an
 * unguessable name in the same directory (0600), rename. durable adds fsync.
 * The temporary file is gone on every failure. pieces are written in order.
 */
int file_root_replace(const struct file_root *root, const char *path,
    const struct span *pieces, size_t count, bool durable,
    struct err *err);

/* The same with the content written by the caller in between, who may read it
 * back. */
struct file_draft {
	int fd;
	int directory;		/* where it lies */
	char name[64];		/* temporary name */
	char *final;		/* final name */
};
int file_draft_begin(const struct file_root *root, const char *path,
    struct file_draft *draft, struct err *err);
/* As file_draft_begin, for a name in an open directory, which the draft takes
 * over (closed on failure too). */
int file_draft_at(int directory, const char *name, struct file_draft *draft,
    struct err *err);
int file_draft_commit(struct file_draft *draft, bool durable,
    struct err *err);
void file_draft_abandon(struct file_draft *draft);	/* harmless twice */

/* Can a file be made in the root? It is tried, and nothing stays. */
int file_root_try(const struct file_root *root, struct err *err);

/* Remove one file. FILE_ABSENT when it was not there. */
enum file_found file_root_remove(const struct file_root *root,
    const char *path, struct err *err);

/*
 * Every regular file below a directory of the root, depth first, names
 * sorted: path relative to the root. Temporary files older than an hour
 * (left by kill -9) are removed on the way when sweep is set; younger ones are
 * passed over. visit returns 0 to go on, -1 with err to stop.
 * below is "" for the root itself; a directory that is not there has no files.
 * Links and other special files are passed over.
 */
typedef int file_visit(void *state, const char *path, int64_t size,
    int64_t modified_seconds, struct err *err);
int file_root_walk(const struct file_root *root, const char *below,
    bool sweep, file_visit *visit, void *state, struct err *err);

#endif
