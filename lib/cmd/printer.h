#ifndef CMD_PRINTER_H
#define CMD_PRINTER_H

#include <stdbool.h>
#include <stddef.h>

#include "aws/call.h"
#include "base/buf.h"
#include "base/err.h"
#include "cache/readthrough.h"
#include "cmd/collect.h"
#include "cmd/command.h"
#include "cmd/format.h"
#include "cmd/progress.h"
#include "codec/json.h"

/*
 * fetch's output: data or envelope of one entry, NDJSON of several, sheets of
 * all in one of the formats for people, one file each, or the object of
 * --json.
 */
struct printer {
	const struct command_input *input;
	const struct format *format;
	struct collect collect;
	struct sheets sheets;	/* what is shown at the end */
	int status;		/* the worst that could not be shown */
	bool several;		/* entries of this command */
	size_t printed;
	const char *path;	/* -o; NULL: stdout */
	bool folder;		/* it is a directory */
	struct progress progress;
	struct buf json;	/* --json: the entries so far */
	struct json_writer writer;
	struct buf lines;	/* what goes to -o FILE */
};

/* Look at -o, --json, --format and its options; said before any money is
 * spent. ERR_USAGE. */
int printer_open(struct printer *p, const struct command_input *input,
    size_t entries, struct err *err);

/* May a large entry come as its bulk? Where nothing but its bytes is wanted,
 * and that on stdout. */
bool printer_takes_bulk(const struct printer *p);

/* One entry, failed or not. One of several that cannot be shown in this format
 * is said and counted in status. */
int printer_entry(struct printer *p, const char *profile,
    const struct readthrough_result *r, struct err *err);

/* The end: what was collected goes out whole. */
int printer_close(struct printer *p, int status,
    const struct call_counts *counts, struct err *err);

/* Free; harmless twice. */
void printer_clear(struct printer *p);

#endif
