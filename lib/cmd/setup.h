#ifndef CMD_SETUP_H
#define CMD_SETUP_H

#include "base/err.h"
#include "cache/config.h"
#include "cache/session.h"
#include "cmd/command.h"

/*
 * From a command line to settings and a session: what fetch, push and
 * invalidate have in common.
 */
struct setup {
	struct config *config;
	struct session_settings settings;
	struct session session;
	bool session_open;
};

/*
 * The settings of one profile; NULL: the one that is selected. Zero-
 * initialises; -1 with err (mostly ERR_USAGE).
 */
int setup_load(struct setup *setup, const struct command_input *input,
    const char *profile, struct err *err);

/* The same without any settings of ours, but with AWS's: for who looks for
 * what is wrong. */
int setup_load_bare(struct setup *setup, const struct command_input *input,
    const char *profile, struct err *err);

/* Those of the one profile that most commands take. */
int setup_load_one(struct setup *setup, const struct command_input *input,
    struct err *err);

/* Open its session. */
int setup_session(struct setup *setup, struct err *err);

/* Both. */
int setup_open(struct setup *setup, const struct command_input *input,
    struct err *err);
void setup_close(struct setup *setup);

/* Can it name a type? Else ERR_USAGE. */
int setup_type(const char *type, struct err *err);

/* The operands, which are types: *count of them, borrowed. ERR_USAGE for one
 * that cannot be a type, and for more than SETUP_TYPES_MAX. */
#define SETUP_TYPES_MAX 64
int setup_types(const struct command_input *input,
    const char *types[SETUP_TYPES_MAX], size_t *count, struct err *err);

/* The month asked for, or the present one by the local clock (UTC). A future
 * one is ERR_USAGE. *by_default tells which. */
int setup_month(const struct setup *setup, const struct command_input *input,
    struct month *out, bool *by_default, struct err *err);

/* The seconds that are written as an entry's ttl. */
int64_t setup_ttl(const struct setup *setup);

/* --timeout or its setting, in milliseconds. */
int64_t setup_timeout_ms(const struct setup *setup);

/* Instructions for what S3 or Cost Explorer said, on stderr; nothing when
 * there are none. */
void setup_advise(const struct setup *setup,
    const struct command_input *input, const struct err *err,
    const char *account);

#endif
