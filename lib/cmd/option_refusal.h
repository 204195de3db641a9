#ifndef CMD_OPTION_REFUSAL_H
#define CMD_OPTION_REFUSAL_H

#include <stddef.h>

#include "base/err.h"
#include "cmd/command.h"

/* What is said of options that cannot be; ERR_USAGE, all return -1. */

/*
 * arg holds an option that the command does not have, name (n bytes) without
 * dashes and value; the nearest one, or the command that has it, is named.
 * command NULL: it stands before the command.
 */
int option_refusal_unknown(const struct command *command, const char *arg,
    const char *name, size_t n, struct err *err);

/* Its value is missing; follows is the option that stands there instead, or
 * NULL. */
int option_refusal_missing(const struct option_spec *spec,
    const char *follows, struct err *err);

#endif
