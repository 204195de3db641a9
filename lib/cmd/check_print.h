#ifndef CMD_CHECK_PRINT_H
#define CMD_CHECK_PRINT_H

#include "base/err.h"
#include "cmd/command.h"
#include "cmd/look.h"
#include "codec/json.h"
#include "diag/check.h"

/* What is shown of a run. */
struct check_print {
	const struct command_input *input;
	const struct check_list *list;
	const char *good;	/* see check_verdict */
	const struct err *stopped;	/* what ended it, or ERR_NONE */
	/* Members of its own behind "error"; may be NULL. */
	void (*more)(struct json_writer *w, const void *state);
	const void *state;
};

/*
 * Print text or, with --json, the one object of design section 11 (its
 * "error" is what ended the run, or null), and give the exit status. -1 with
 * err when that could not be put together.
 */
int check_print(const struct check_print *print, int *status,
    struct err *err);

/* The member "checks" of that object, for others that hold several lists. */
void check_print_results(struct json_writer *w,
    const struct check_list *list);

/* A status's mark, as it stands between brackets. */
const char *check_print_mark(const struct look *look,
    enum check_status status);

#endif
