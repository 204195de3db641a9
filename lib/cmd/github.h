#ifndef CMD_GITHUB_H
#define CMD_GITHUB_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"
#include "cache/readthrough.h"
#include "cmd/collect.h"
#include "cmd/command.h"
#include "cmd/sheet.h"
#include "sys/env.h"

/* What fetch tells a job of GitHub Actions beside its result. */
struct github {
	const struct command_input *input;
	const char *summary;	/* GITHUB_STEP_SUMMARY, or NULL */
	const char *output;	/* GITHUB_OUTPUT, or NULL */
	struct collect collect;
	struct sheets sheets;
	bool seen;		/* the first entry */
	struct buf pairs;	/* what is set for it */
};

/* Is this a job of GitHub Actions? */
bool github_runs(const struct env *env);

/* What is printed from here on is text for people: in such a job nothing in it
 * may be a command. */
void github_guard(const struct command_input *input);

/*
 * Look at --github-summary and --github-output; said before any money is
 * spent. ERR_USAGE where the variable that names the file is not set.
 */
int github_open(struct github *g, const struct command_input *input,
    struct err *err);

/* One entry, failed or not. The first one's source, age, cost and currency
 * become the outputs; one that cannot be shown is warned of. */
void github_entry(struct github *g, const char *profile,
    const struct readthrough_result *r);

/* Append to the files. */
int github_close(struct github *g, struct err *err);
void github_clear(struct github *g);	/* harmless twice */

/*
 * One output as GITHUB_OUTPUT wants it: NAME<<DELIMITER, the value, DELIMITER,
 * a line each. The delimiter cannot be foreseen, so no value ends itself.
 */
void github_add_output(const char *name, struct span value,
    const char *delimiter, struct buf *out);

#endif
