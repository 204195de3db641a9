#include "cmd/command.h"

#include "base/limits.h"
#include "cmd/bucket_code.h"
#include "cmd/bucket_owner.h"
#include "cmd/bucket_setup.h"
#include "cmd/check_print.h"
#include "cmd/report.h"
#include "cmd/setup.h"
#include "diag/bucket_check.h"

static const enum option_id options[] = {
	OPTION_ONLY, OPTION_SKIP, OPTION_CREATE, OPTION_FIX,
	OPTION_ALLOW_ACCOUNT, OPTION_WRITER, OPTION_READER, OPTION_KMS_KEY,
	OPTION_DRY_RUN, OPTION_YES,
	OPTION_EMIT,
};

static const int statuses[] = { 0, 1, 2, 4, 5, 6, 7, 10, 130, 143, -1 };

static int
prepare(struct setup *setup, const struct command_input *input,
    const struct check_selection *selection, struct err *err)
{
	const char *names[BUCKET_CHECK_MAX] = { NULL };
	size_t i;

	for (i = 0; bucket_check_name(i) != NULL; i++)
		names[i] = bucket_check_name(i);
	if (check_select(selection, names, err) != 0 ||
	    setup_open(setup, input, err) != 0)
		return -1;
	if (!setup->session.team_cache) {
		err_set(err, ERR_USAGE, "there is no bucket to verify: %s",
		    setup->session.team_cache_why);
		err_hint(err, "name one with --bucket or in the settings, where "
		    "team_cache must not be off");
		return -1;
	}
	return 0;
}

/* The bucket is made fit before it is looked at; 1: that was all. */
static int
set_up(const struct command_input *input,
    const struct check_selection *selection, struct bucket_setup *b,
    struct err *stopped)
{
	if (!bucket_setup_wanted(input))
		return 0;
	if (bucket_setup_run(b, selection, stopped) != 0)
		return -1;
	if (option_given(input->options, OPTION_DRY_RUN))
		return 1;
	return option_given(input->options, OPTION_CREATE) ?
	    bucket_owner_record(input, b->setup, b->owner, stopped) : 0;
}

/* The plan alone, or with what ended it. */
static int
print_changes(const struct command_input *input,
    const struct bucket_setup *b, int status, struct err *err)
{
	struct json_writer w;
	struct buf text;

	if (!option_given(input->options, OPTION_JSON))
		return 0;
	buf_init(&text, 4 * LIMIT_MIB);
	report_begin(&w, &text, input->command, status);
	bucket_setup_json(&w, b);
	return report_end(&w, input->output, err);
}

static int
verify(struct command_input *input, struct bucket_check_request *request,
    const struct bucket_setup *b, int *status, struct err *err)
{
	bool changed = bucket_setup_wanted(input);
	struct check_list list = { 0 };
	struct err stopped = { 0 };
	struct buf good;
	struct check_print print = { .input = input, .list = &list,
		.stopped = &stopped, .more = changed ? bucket_setup_json :
		NULL, .state = b };
	int result = -1;

	buf_init(&good, LIMIT_KIB);
	buf_addf(&good, "'s3://%s' is fit to be a team cache",
	    request->session->bucket);
	print.good = buf_string(&good);
	(void)bucket_check_run(request, &list, &stopped);
	/* Nothing was found: the error alone tells it. */
	if (stopped.class != ERR_NONE && list.count == 0)
		*err = stopped;
	else
		result = check_print(&print, status, err);
	check_clear(&list);
	buf_clear(&good);
	return result;
}

static int
run(struct command_input *input, int *status, struct err *err)
{
	struct bucket_check_request request = {
		.selection.only = option_text(input->options, OPTION_ONLY),
		.selection.skip = option_text(input->options, OPTION_SKIP),
	};
	struct bucket_setup changes = { 0 };
	struct setup setup = { 0 };
	int result = -1;

	if (option_given(input->options, OPTION_EMIT))
		return bucket_code_print(input, err);
	if (prepare(&setup, input, &request.selection, err) != 0 ||
	    bucket_setup_open(&changes, input, &setup, err) != 0)
		goto out;
	request.session = &setup.session;
	request.timeout_ms = setup_timeout_ms(&setup);
	switch (set_up(input, &request.selection, &changes, err)) {
	case 0:
		result = verify(input, &request, &changes, status, err);
		break;
	case 1:
		result = print_changes(input, &changes, *status, err);
		break;
	default:
		break;
	}
out:
	bucket_setup_clear(&changes);
	setup_close(&setup);
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
	"--create makes the bucket, and --fix sets up what is not fit: "
	"versioning, encryption (--kms-key), the public access block, object "
	"ownership, lifecycle rules, and in the policy TLS and who is let in "
	"(--allow-account, --writer, --reader). Only what the checks find is "
	"changed; the lifecycle rules and policy statements of others stay. A "
	"bucket that is there is changed after asking, or with --yes; "
	"--dry-run prints the calls with their bodies. Then the checks are "
	"made. Where the settings file names the bucket and it lies at AWS, "
	"--create also writes expected_bucket_owner there.\n"
	"\n"
	"What the caller may not ask is skipped, with the missing action "
	"named. 'teamcache policy admin' prints the policy of somebody who "
	"may do all of this. The exit status is 0 when no check failed and 10 "
	"when one did; 4, 5, 6 or 7 when the checks could not go on.",
	.examples =
	"teamcache verify-bucket\tis the bucket of the settings fit?\n"
	"teamcache verify-bucket --bucket acme-team-cache --json\t"
	"for a script\n"
	"teamcache verify-bucket --create --region eu-west-1\t"
	"make a bucket that is fit\n"
	"teamcache verify-bucket --fix --dry-run\twhat would be changed?\n"
	"teamcache verify-bucket --emit terraform >bucket.tf\t"
	"code for a bucket that passes\n"
	"teamcache verify-bucket --only write-once,write-once-raced\t"
	"does the store keep the lease's promise?\n",
	.options = options,
	.option_count = sizeof options / sizeof options[0],
	.statuses = statuses,
	.completes = NULL,
	.run = run,
};
