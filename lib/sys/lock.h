#ifndef SYS_LOCK_H
#define SYS_LOCK_H

#include "base/err.h"
#include "sys/clock.h"
#include "sys/file.h"

/*
 * A lock file below a root, held with flock(2) and so freed by the kernel when
 * its holder dies, kill -9 too. Lock files are never unlinked. Zero-initialise
 * with LOCK_INIT.
 */
struct lock {
	int fd;
};

#define LOCK_INIT { -1 }

enum lock_result {
	LOCK_ERROR = -1,	/* the place cannot be locked; err is set */
	LOCK_BUSY = 0,		/* somebody else has it */
	LOCK_HELD = 1		/* ours */
};

/* One attempt. */
enum lock_result lock_try(struct lock *lock, const struct file_root *root,
    const char *path, struct err *err);

/* Attempts every 20 ms (never a blocking call), up to wait_ms on the elapsed
 * clock, until interrupt_count() grows. */
enum lock_result lock_wait(struct lock *lock, const struct file_root *root,
    const char *path, const struct clock *clock, int64_t wait_ms,
    struct err *err);

/* One attempt on a file that is open already; path is for messages. Freed by
 * lock_file_end, or when fd is closed. */
enum lock_result lock_file(int fd, const char *path, struct err *err);
void lock_file_end(int fd);

void lock_release(struct lock *lock);	/* harmless twice */

#endif
