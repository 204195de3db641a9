#ifndef CMD_POLICY_SETTINGS_H
#define CMD_POLICY_SETTINGS_H

#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"
#include "cmd/command.h"
#include "cmd/setup.h"
#include "diag/policy_grant.h"
#include "diag/policy_statement.h"

/*
 * What policies, and the code for a bucket, take from settings and options:
 * where the objects lie, and who is let in. Zero-initialise; views into memory
 * of its own, the settings and argv.
 */
struct policy_settings {
	struct policy_place place;
	const char *kms_key;	/* NULL: none is used */
	struct policy_grant *grants;
	size_t grant_count;
	struct buf prefix;	/* private */
	struct buf own;
};

/* -1 with err ERR_USAGE: no bucket is named, a prefix or a principal cannot
 * be used. Clear it in any case. */
int policy_settings_read(const struct command_input *input,
    const struct setup *setup, struct policy_settings *out, struct err *err);
void policy_settings_clear(struct policy_settings *p);

#endif
