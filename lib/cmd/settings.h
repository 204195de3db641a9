#ifndef CMD_SETTINGS_H
#define CMD_SETTINGS_H

#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"
#include "cmd/command.h"
#include "cmd/setup.h"
#include "codec/json.h"

/* `config`: what its actions share. */
struct settings_job {
	struct command_input *input;
	struct buf path;	/* of the settings file; empty: no place */
	struct setup setup;	/* where the action needs settings */
};

/* The path, or NULL. */
const char *settings_path(const struct settings_job *j);

/* The i-th operand, the action's name is the first. */
const char *settings_operand(const struct settings_job *j, size_t i);

/* An unknown name of a setting: ERR_USAGE with the nearest. Returns -1. */
int settings_unknown(const char *name, struct err *err);

/* Is it the object of --json that is wanted? It begins with command,
 * exit_status and path; report_end ends it. */
bool settings_json(const struct settings_job *j);
void settings_json_begin(const struct settings_job *j, struct json_writer *w,
    struct buf *out);

/* The i-th action, NULL at the end; for completion. */
const char *settings_action(size_t i);

#endif
