#ifndef CMD_PRINTER_H
#define CMD_PRINTER_H

#include <stdbool.h>
#include <stddef.h>

#include "aws/call.h"
#include "base/buf.h"
#include "base/err.h"
#include "cache/readthrough.h"
#include "cmd/command.h"
#include "codec/json.h"

/*
 * fetch's output: data or envelope of one entry, NDJSON of several, one file
 * each, or the object of --json.
 */
struct printer {
	const struct command_input *input;
	bool several;		/* entries of this command */
	size_t asked;		/* how many */
	size_t printed;
	const char *path;	/* -o; NULL: stdout */
	bool folder;		/* it is a directory */
	bool terminal;		/* progress goes to stderr */
	struct buf json;	/* --json: the entries so far */
	struct json_writer writer;
	struct buf lines;	/* what goes to -o FILE */
};

/* Look at -o and --json; said before any money is spent. ERR_USAGE. */
int printer_open(struct printer *p, const struct command_input *input,
    size_t entries, struct err *err);

/* One entry, failed or not. */
int printer_entry(struct printer *p, const char *profile,
    const struct readthrough_result *r, struct err *err);

/* The end: what was collected goes out whole. */
int printer_close(struct printer *p, int status,
    const struct call_counts *counts, struct err *err);

/* Free; harmless twice. */
void printer_clear(struct printer *p);

#endif
