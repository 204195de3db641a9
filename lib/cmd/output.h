#ifndef CMD_OUTPUT_H
#define CMD_OUTPUT_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/span.h"

/*
 * stdout as an object, so that every write is checked and tests capture it.
 * Buffered up to 64 KiB; output_finish flushes and says whether all went
 * out. A closed pipe ends the process by SIGPIPE as usual.
 */
struct output;

/* NULL when out of memory. fd stays the caller's. */
struct output *output_new(int fd);
/* What was not flushed is lost. NULL is fine. */
void output_free(struct output *o);
void output_span(struct output *o, struct span s);
void output_text(struct output *o, const char *s);
/* At most 32 KiB in one call. */
void output_format(struct output *o, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Text from outside, for a terminal: all but LF that could move its cursor
 * or pass for something else is replaced by '?' (base/printable.h). */
void output_clean(struct output *o, struct span s);

/*
 * JSON text from outside. A terminal gets DEL and the C1 controls, which JSON
 * allows in strings, as \\u escapes: the same document, and no commands.
 */
void output_json(struct output *o, struct span s);
/* The same and the end of its line: a document is one write. */
void output_json_line(struct output *o, struct span s);

/* Is it a terminal? And how many columns has it; 0 when it is none. */
bool output_terminal(const struct output *o);
size_t output_columns(const struct output *o);

/* From here on it is for people, and nothing in it is a command to a runner of
 * GitHub Actions (base/workflow.h). */
void output_disarm(struct output *o);

/* What a text lacks that was to be printed is lost: output_finish tells. */
void output_check(struct output *o, const struct buf *text);

/* Flush; 0, or -1 with err ERR_INTERNAL when anything was lost. */
int output_finish(struct output *o, struct err *err);

#endif
