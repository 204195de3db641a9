#ifndef CMD_BUCKET_SETUP_H
#define CMD_BUCKET_SETUP_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "cmd/command.h"
#include "cmd/policy_settings.h"
#include "cmd/setup.h"
#include "codec/json.h"
#include "diag/bucket_plan.h"

/* --create, --fix and --dry-run of verify-bucket. */
struct bucket_setup {
	const struct command_input *input;
	struct setup *setup;
	struct bucket_plan plan;
	struct buf location;	/* CreateBucket's body */
	bool missing;		/* the bucket was not there */
	bool created;
	size_t done;		/* calls of the plan that were made */
	char owner[13];		/* written to the settings; "" none */
	struct policy_settings policy;	/* who is to be let in */
};

/* Zero-initialises. Are the options fit for each other? ERR_USAGE. */
int bucket_setup_open(struct bucket_setup *b,
    const struct command_input *input, struct setup *setup, struct err *err);
void bucket_setup_clear(struct bucket_setup *b);	/* harmless twice */

/* Is anything to be set up at all? */
bool bucket_setup_wanted(const struct command_input *input);

/*
 * Find out what is to be done, ask, do it. With --dry-run: what is to be done,
 * printed as text (not with --json). -1 with err: what was done by then is
 * told by bucket_setup_json.
 */
int bucket_setup_run(struct bucket_setup *b,
    const struct check_selection *selection, struct err *err);

/* Members "dry_run", "changes" and "expected_bucket_owner" of a result. */
void bucket_setup_json(struct json_writer *w, const void *bucket_setup);

#endif
