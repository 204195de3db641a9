#include "cmd/command.h"

#include "base/limits.h"
#include "cmd/check_print.h"
#include "cmd/setup.h"
#include "diag/bucket_check.h"

static const enum option_id options[] = {
	OPTION_ONLY, OPTION_SKIP,
};

static const int statuses[] = { 0, 1, 2, 4, 5, 6, 7, 10, 130, 143, -1 };

static int
prepare(struct setup *setup, const struct command_input *input,
    const struct check_selection *selection, struct err *err)
{
	if (check_select(selection, bucket_check_names(), err) != 0 ||
	    setup_open(setup, input, err) != 0)
		return -1;
	if (!setup->session.team_cache) {
		err_set(err, ERR_USAGE, "there is no bucket to verify: %s",
		    setup->session.team_cache_why);
		err_hint(err, "name one with --bucket or in the settings");
		return -1;
	}
	return 0;
}

static int
run(struct command_input *input, int *status, struct err *err)
{
	struct bucket_check_request request = {
		.selection.only = option_text(input->options, OPTION_ONLY),
		.selection.skip = option_text(input->options, OPTION_SKIP),
	};
	struct check_print print = { .input = input };
	struct check_list list = { 0 };
	struct setup setup = { 0 };
	struct err stopped = { 0 };
	struct buf good;
	int result = -1;

	buf_init(&good, LIMIT_KIB);
	if (prepare(&setup, input, &request.selection, err) != 0)
		goto out;
	request.session = &setup.session;
	request.timeout_ms = setup_timeout_ms(&setup);
	(void)bucket_check_run(&request, &list, &stopped);
	/* Nothing was found: the error alone tells it. */
	if (stopped.class != ERR_NONE && list.count == 0) {
		*err = stopped;
		goto out;
	}
	buf_addf(&good, "'s3://%s' is fit to be a team cache",
	    setup.session.bucket);
	print.list = &list;
	print.good = buf_string(&good);
	print.stopped = &stopped;
	result = check_print(&print, status, err);
out:
	check_clear(&list);
	setup_close(&setup);
	buf_clear(&good);
	return result;
}

const struct command command_verify_bucket = {
	.name = "verify-bucket",
	.operands = NULL,
	.summary = "prove that the bucket is fit to be a team cache",
	.description =
	"Reads how the bucket is configured, and proves with probe objects "
	"how it behaves: each line is one check, with what is wrong, why it "
	"matters and what mends it. The last line gives the verdict.\n"
	"\n"
	"The probe objects lie under PREFIX/lease-v1/probe/, below a name "
	"that nobody can guess, and are removed with all their versions, also "
	"after a failure or an interruption. What a run that was killed left "
	"there, the next one removes when it is ten minutes old.\n"
	"\n"
	"What the caller may not ask is skipped, with the missing action "
	"named. 'teamcache policy admin' prints the policy of somebody who "
	"may do all of this. The exit status is 0 when no check failed and 10 "
	"when one did; 4, 5, 6 or 7 when the checks could not go on.",
	.examples =
	"teamcache verify-bucket\tis the bucket of the settings fit?\n"
	"teamcache verify-bucket --bucket acme-team-cache --json\t"
	"for a script\n"
	"teamcache verify-bucket --only write-once,write-once-raced\t"
	"does the store keep the lease's promise?\n",
	.options = options,
	.option_count = sizeof options / sizeof options[0],
	.statuses = statuses,
	.completes = NULL,
	.run = run,
};
