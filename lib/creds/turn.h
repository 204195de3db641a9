#ifndef CREDS_TURN_H
#define CREDS_TURN_H

#include <stdbool.h>
#include <stdint.h>

#include "creds/provider.h"
#include "sys/lock.h"

/*
 * Refreshing a token that several processes share: one of them at a time, and
 * after a failure none for a minute. Kept below the state directory,
 * refresh/NAME and refresh/NAME.failed; where there is none, everybody may.
 * Begin with TURN_INIT.
 */
struct turn {
	const struct file_root *root;	/* NULL: no state directory */
	char path[128];
	struct lock lock;
};

#define TURN_INIT { .lock = LOCK_INIT }

/*
 * Wait for the turn, 30 s at most. False: an attempt has failed within the
 * last minute. In any case somebody may have replaced the token meanwhile:
 * look again. turn_end in any case.
 */
bool turn_take(struct turn *turn, const struct provider_input *input,
    const char *name);

/* The attempt that was made has failed, at now. */
void turn_failed(const struct turn *turn, int64_t now);

void turn_end(struct turn *turn);	/* harmless twice */

#endif
