#ifndef SYS_LOCK_HOLDER_H
#define SYS_LOCK_HOLDER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/span.h"

/*
 * Who has a lock of sys/lock.h, as far as Linux's /proc tells. The kernel
 * frees what a dead process held; a stopped one, or one that hangs, keeps it.
 */
struct lock_holder {
	uint64_t pid;
	bool stopped;		/* by a signal, or by a debugger */
	int64_t seconds;	/* since the process began; -1 unknown */
};

/* The holder of the lock on an open file; false when nobody is known. */
bool lock_holder_find(int fd, struct lock_holder *out);

/* What a line of /proc/locks says of the file: the process, 0 for none. */
uint64_t lock_holder_in(struct span locks, unsigned major, unsigned minor,
    uint64_t inode);

/* /proc/PID/stat: is it stopped, and the tick in which it began; false when
 * it is not to be read. The name in it may hold anything. */
bool lock_holder_stat(struct span stat, bool *stopped, uint64_t *began);

#endif
