#ifndef CMD_SETTINGS_INIT_H
#define CMD_SETTINGS_INIT_H

#include "base/err.h"
#include "cmd/command.h"

/*
 * `config init`: ask at the terminal for profiles, bucket and region, with
 * what the AWS files and the present settings propose; try the bucket; write
 * the settings file at path. ERR_USAGE without a terminal.
 */
int settings_init(struct command_input *input, const char *path,
    struct err *err);

#endif
