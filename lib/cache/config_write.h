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
 * Make all changes or none. done->changed tells whether the file is another
 * one now: what says already what it should is not written. A file that is
 * not there is made. One of an older schema is brought to the present one on
 * the way, and stays beside it as FILE.schema-N.bak (0600). ERR_USAGE for what
 * may not stand in it, ERR_INTERNAL for what could not be written.
 */
struct config_written {
	bool changed;
	int schema;	/* what the file was of */
};
int config_write(const struct config_write *write,
    struct config_written *done, struct err *err);

/* Where the file of that schema is kept, appended to out. */
void config_write_backup(const char *path, int schema, struct buf *out);

#endif
