#ifndef CMD_REPORT_H
#define CMD_REPORT_H

#include "cache/readthrough.h"
#include "cache/session.h"
#include "codec/json.h"
#include "cmd/command.h"

/* The --json shapes of design section 11. */

/* {"command":..,"exit_status":..  with the object still open. command NULL:
 * none was understood. */
void report_begin(struct json_writer *w, struct buf *out,
    const struct command *command, int status);

/* The same with "warnings":[..],"requests":{..},"cost_usd":.. */
void report_open(struct json_writer *w, struct buf *out,
    const struct command_input *input, int status,
    const struct call_counts *counts);

/* A member: null for "", and for a time before 1970. */
void report_text(struct json_writer *w, const char *name, const char *text);
void report_time(struct json_writer *w, const char *name, int64_t seconds);

/* What so many Cost Explorer requests cost in USD, "12.34". */
void report_price(int64_t requests, char out[32]);

/* One entry object; its data is null when nobody asked for it (--warm). */
void report_entry(struct json_writer *w, const char *profile,
    const struct readthrough_result *r, bool with_data);

/* The object ends, and goes out as a line, if it is whole: 0, or -1 with err.
 * out is cleared. */
int report_end(struct json_writer *w, struct output *o, struct err *err);

/* "error":{"class","code","message","hint","request_id"} or null. */
void report_error(struct json_writer *w, const struct err *err);

/*
 * The status of a batch: the first of 1 2 4 5 6 7 8 12 3 9 10 11 0 that any
 * entry had (an interruption before all). Fold one status into another.
 */
int report_worse(int a, int b);

#endif
