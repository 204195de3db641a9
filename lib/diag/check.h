#ifndef DIAG_CHECK_H
#define DIAG_CHECK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "sys/clock.h"

/*
 * Checks and what they found, as data: doctor and verify-bucket fill a list
 * of results, cmd/check_print.h shows it. Text, JSON and exit status all come
 * from that one list.
 */
enum check_status {
	CHECK_PASS,		/* first, so that a new result is one */
	CHECK_WARN,
	CHECK_FAIL,
	CHECK_SKIP		/* not made: the summary says why */
};

/* "pass", "warn", "fail", "skip". */
const char *check_status_name(enum check_status status);

/*
 * Who was denied what by whom. layer: "identity-policy", "resource-policy",
 * "permissions-boundary", "session-policy", "service-control-policy",
 * "resource-control-policy", "vpc-endpoint-policy", "key-policy"; kind:
 * "explicit" or "implicit". Both static, NULL: not told. Empty: not told.
 */
struct check_denial {
	bool given;
	struct buf action;	/* "s3:PutObject" */
	struct buf resource;	/* an ARN */
	struct buf principal;	/* an ARN */
	const char *layer;
	const char *kind;
	struct buf policy_arn;
};

/* What mends it; any of the three may be empty. */
struct check_fix {
	struct buf text;	/* for a person */
	struct buf policy;	/* JSON, as it is to be applied */
	struct buf command;	/* a line of shell */
};

struct check_result {
	const char *name;	/* stable, kebab-case, static */
	enum check_status status;
	struct buf summary;	/* one line: what was found */
	struct buf detail;	/* paragraphs, "\n\n" between; may be empty */
	int64_t milliseconds;
	struct check_denial denial;
	struct check_fix fix;
};

/* Zero-initialise; results in the order in which they were made. */
struct check_list {
	struct check_result *items;
	size_t count;
	size_t room;
};

/* A new result, a pass that says nothing yet; valid until the next one. NULL
 * with err when out of memory. */
struct check_result *check_add(struct check_list *list, const char *name,
    struct err *err);

/* The result of that name, NULL when there is none. */
const struct check_result *check_find(const struct check_list *list,
    const char *name);

/* Free; harmless twice. */
void check_clear(struct check_list *list);

/* Status and summary in one (printf-like); replaces what was said before. */
void check_set(struct check_result *r, enum check_status status,
    const char *format, ...) __attribute__((format(printf, 3, 4)));

/* A paragraph more of detail. */
void check_detail(struct check_result *r, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* What to do, for a person; replaces. */
void check_fix(struct check_result *r, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/*
 * A check as a table entry. severity is what a finding of it amounts to:
 * CHECK_FAIL, CHECK_WARN, or CHECK_PASS for what is only information. run
 * fills a result, and returns 0, or -1 with err when nothing further can be
 * found out (the class becomes the exit status); the result counts all the
 * same. explain says why it matters, in a sentence: it is added to the
 * detail of what failed or warns.
 */
struct check_entry {
	const char *name;
	enum check_status severity;
	int (*run)(void *state, const struct check_entry *entry,
	    struct check_result *result, struct err *err);
	const char *explain;
};

/* Which checks are made: the values of --only and --skip, each
 * "NAME[,NAME...]" or NULL. */
struct check_selection {
	const char *only;
	const char *skip;
};

/*
 * Are all names of the selection those of checks? Else ERR_USAGE, with the
 * one that was probably meant. names: NULL-terminated.
 */
int check_select(const struct check_selection *selection,
    const char *const *names, struct err *err);

/* Is that check to be made? */
bool check_selected(const struct check_selection *selection,
    const char *name);

/*
 * Make the entries that are selected, in their order, and time them. 0, or -1
 * with the err of the one that ended it, or of a signal: later ones leave no
 * result.
 */
struct check_run {
	const struct check_entry *entries;
	size_t count;
	struct check_selection selection;
	const struct clock *clock;
	void *state;		/* for the entries */
};
int check_run(const struct check_run *run, struct check_list *list,
    struct err *err);

/* How many have that status. */
size_t check_count(const struct check_list *list, enum check_status status);

/* The exit status: of what ended the run early (class ERR_NONE: nothing
 * did), else 10 when a check failed, else 0. */
int check_exit(const struct check_list *list, const struct err *stopped);

/*
 * One sentence without a full stop: what ended the run; else the first
 * failure and how many more; else good ("'acme' is fit ...") with what warns
 * or was not made. good is claimed only when something passed, nothing failed
 * and nothing was skipped.
 */
void check_verdict(const struct check_list *list, const char *good,
    const struct err *stopped, struct buf *out);

/* ERR_INTERNAL when a text of a result was lost (too long, no memory). */
int check_whole(const struct check_list *list, struct err *err);

#endif
