#ifndef CMD_SETTINGS_WRITE_H
#define CMD_SETTINGS_WRITE_H

#include <stdbool.h>

#include "cache/config_write.h"
#include "cmd/command.h"

/*
 * config_write for a command: what the caller leaves open (named, state,
 * clock) is filled from input, with the lock in the state directory. A file of
 * an older schema is brought to the present one, which is said on stderr. Where
 * there is no place for a file (path NULL), ERR_USAGE says what to set.
 */
int settings_write(const struct command_input *input,
    struct config_write *write, bool *changed, struct err *err);

#endif
