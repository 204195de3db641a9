#ifndef CMD_COMMAND_H
#define CMD_COMMAND_H

#include <stddef.h>

#include "base/err.h"
#include "cmd/cmd.h"
#include "cmd/option.h"
#include "cmd/output.h"

/* What a running command is given. */
struct command_input {
	const struct cmd_process *process;
	const struct command *command;
	const struct options *options;
	struct output *output;	/* stdout */
	struct log *log;	/* stderr */
};

/*
 * A command is a value: one const entry a file (cmd/fetch.c has
 * command_fetch), listed in the one table. run prints its result through
 * output and returns 0, or -1 with err set; the caller prints the error, as
 * text or as the object of design section 11, and turns it into the status.
 * A run that printed its own --json object with an error status sets
 * *status and returns 0.
 */
struct command {
	const char *name;
	const char *operands;	/* "[TYPE...]"; NULL: none */
	const char *summary;	/* one line */
	const char *description;	/* paragraphs, an empty line between */
	const char *examples;	/* lines "command\tmeaning\n" */
	const enum option_id *options;	/* beyond those of every command */
	size_t option_count;
	const int *statuses;	/* exit statuses it can give, -1 at the end */
	/*
	 * What completes the operands, a word each, the last one with "..."
	 * when it repeats: "types", "commands", "topics", "shells",
	 * "policies", "files"; NULL: no operands.
	 */
	const char *completes;
	int (*run)(struct command_input *input, int *status,
	    struct err *err);
};

/* The table: the i-th command, NULL at the end; and by name. */
const struct command *command_at(size_t i);
const struct command *command_find(const char *name);

/* The entries, one a file. */
extern const struct command command_fetch;
extern const struct command command_push;
extern const struct command command_invalidate;
extern const struct command command_verify_bucket;
extern const struct command command_doctor;
extern const struct command command_status;
extern const struct command command_settings;
extern const struct command command_policy;
extern const struct command command_completion;
extern const struct command command_help;
extern const struct command command_version;

#endif
