#ifndef CMD_HELP_H
#define CMD_HELP_H

#include "cmd/command.h"
#include "cmd/output.h"

/* What the program is for; used by the manual page too. */
#define HELP_PURPOSE \
	"teamcache lets a team share AWS cost data through one S3 bucket, so " \
	"that a figure is bought from Cost Explorer once and read by " \
	"everybody else for nearly nothing."

/* `teamcache help`: the commands and the options of all of them. */
void help_overview(struct output *o);

/* `COMMAND -h`: usage and its own options; whole, `--help`: description,
 * examples and exit statuses too. */
void help_command(struct output *o, const struct command *command,
    bool whole);

/*
 * An unknown word where a command (or, with topics, a topic too) is wanted:
 * ERR_USAGE with the nearest one. Returns -1.
 */
int help_unknown(const char *word, bool topics, struct err *err);

/* One of "command\tmeaning\n"...: 1 and both parts, 0 at the end. */
int help_example(const char **at, struct span *line, struct span *meaning);

#endif
