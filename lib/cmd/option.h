#ifndef CMD_OPTION_H
#define CMD_OPTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/month.h"
#include "cmd/option_spec.h"

struct command;

/* A parsed command line; views into argv. */
struct options;

/*
 * Parse argv (without program and command name) for a command: --name VALUE,
 * --name=VALUE, -o VALUE, -oVALUE, -qv joined, "--" ends options, operands
 * anywhere. ERR_USAGE: unknown option (with the nearest valid spelling),
 * repeated single-value option, missing, unexpected or malformed value, two
 * options that exclude each other, more operands than the command has. -q and
 * -v undo each other: the last one wins. NULL with err on failure.
 */
struct options *option_parse(const struct command *command, int argc,
    const char *const *argv, struct err *err);
void option_free(struct options *options);

/*
 * The index of the command's name in argv (without program name): common
 * options may stand before it. argc when there is none; -1 with err ERR_USAGE
 * for an option that cannot stand there.
 */
int option_command_index(int argc, const char *const *argv,
    struct err *err);

/*
 * Is this very word ("--json") among the arguments before "--"? For what must
 * be known when the rest cannot be parsed.
 */
bool option_literal(int argc, const char *const *argv, const char *word);

/* May the command be given that option? */
bool option_allowed(const struct command *command, enum option_id id);

bool option_given(const struct options *o, enum option_id id);
size_t option_count(const struct options *o, enum option_id id);
/* The value (the i-th of a repeatable one); NULL when not given. */
const char *option_text(const struct options *o, enum option_id id);
const char *option_text_at(const struct options *o, enum option_id id,
    size_t i);
/* Seconds, numbers, time; -1 when not given. */
int64_t option_number(const struct options *o, enum option_id id);
/* The month; false when not given. */
bool option_month(const struct options *o, enum option_id id,
    struct month *out);

/* How many operands; the i-th, NULL behind the last. */
size_t option_operands(const struct options *o);
const char *option_operand(const struct options *o, size_t i);

#endif
