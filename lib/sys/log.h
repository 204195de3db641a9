#ifndef SYS_LOG_H
#define SYS_LOG_H

#include <stddef.h>

#include "base/err.h"

/*
 * What goes to stderr, one line a call, prefixed "teamcache: ". Control bytes
 * from outside are replaced. Warnings are also kept, for --json; a warning
 * whose text was said before is not said again. Safe for threads.
 */
enum log_level {
	LOG_QUIET = -1,		/* -q: errors only */
	LOG_NORMAL = 0,		/* warnings too */
	LOG_STEPS = 1,		/* -v: each step and why */
	LOG_TRACE = 2		/* -vv: requests, redacted */
};

struct log;

/* fd is where lines go (2; a test gives a pipe); NULL when out of memory. */
struct log *log_new(int fd, enum log_level level);
void log_free(struct log *log);

enum log_level log_level(const struct log *log);

/*
 * stderr is read by a runner of GitHub Actions: warnings and errors are also
 * given to it as commands, so that they show up at the job, and no other line
 * is one (base/workflow.h).
 */
void log_annotate(struct log *log);

/* All of these accept a NULL log and then do nothing. */
void log_warn(struct log *log, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void log_step(struct log *log, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void log_trace(struct log *log, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* The error's message, then its hint on lines of its own; shown always. */
void log_error(struct log *log, const struct err *err);

/* A notice of several lines (instructions), each indented; not under -q. */
void log_note(struct log *log, const char *text);

/*
 * A line on a terminal that the next one is written over, and that goes before
 * any other message: how far the work is. "" takes it away. The caller has
 * made sure that it is a terminal.
 */
void log_status(struct log *log, const char *text);

/* The warnings so far, in order; borrowed. */
size_t log_warnings(const struct log *log);
const char *log_warning(const struct log *log, size_t i);

#endif
