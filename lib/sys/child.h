#ifndef SYS_CHILD_H
#define SYS_CHILD_H

#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "sys/clock.h"
#include "sys/env.h"

/*
 * A program, run to its end without a shell. It has our standard input and
 * terminal, so that it can ask its questions; its output is read here.
 */
struct child_request {
	char *const *words;	/* NULL-terminated; the first one is looked
				   for in PATH unless it has a '/' */
	const struct env *env;	/* what the program gets */
	const struct clock *clock;
	int64_t limit_ms;	/* > 0 */
	struct buf *output;	/* its stdout; more than its max ends it */
	struct buf *errors;	/* its stderr: the last max bytes */
	int echo;		/* stderr goes there too as it comes; -1: not */
};

enum child_end {
	CHILD_EXITED,		/* number: the exit status */
	CHILD_KILLED,		/* number: the signal, not ours */
	CHILD_LATE,		/* limit_ms were over */
	CHILD_FLOOD,		/* more output than output's max, or no memory:
				   see output's fault */
	CHILD_INTERRUPTED	/* interrupt_count() grew */
};

struct child_result {
	enum child_end end;
	int number;
};

/*
 * 0 once it was started and has ended, one way or the other; what is late,
 * floods or is interrupted gets SIGTERM, a second later SIGKILL, and is always
 * reaped. What a grandchild still writes afterwards is not waited for. -1
 * with err (ERR_USAGE when there is no such program or it may not be run).
 */
int child_run(const struct child_request *request,
    struct child_result *result, struct err *err);

#endif
