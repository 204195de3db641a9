#ifndef CACHE_CONFIG_WRITE_H
#define CACHE_CONFIG_WRITE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/span.h"
#include "cache/config_edit.h"
#include "sys/clock.h"
#include "sys/file.h"

/*
 * Changing the settings file (design section 2): read, edited as text, parsed
 * whole, replaced in one piece at a link's target, mode 0600.
 */
struct config_change {
	const char *key;
	struct span value;
	bool unset;
};

struct config_write {
	const char *path;
	bool named;		/* the user said which: its owner is not
				   looked at, and its directory must be
				   there */
	struct config_edit_place place;
	const struct config_change *changes;
	size_t count;
	/* Where a lock keeps two writers apart; fd -1: they are not. */
	const struct file_root *state;
	const struct clock *clock;
};

/*
 * Make all changes or none. *changed tells whether the file is another one
 * now: what says already what it should is not written. A file that is not
 * there is made. ERR_USAGE for what may not stand in it, ERR_INTERNAL for what
 * could not be written.
 */
int config_write(const struct config_write *write, bool *changed,
    struct err *err);

#endif
