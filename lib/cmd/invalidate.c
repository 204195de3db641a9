#include "cmd/command.h"

#include <string.h>

#include "base/limits.h"
#include "cache/account.h"
#include "cache/removal.h"
#include "cmd/confirm.h"
#include "cmd/github.h"
#include "cmd/report.h"
#include "cmd/setup.h"
#include "codec/json.h"

static const enum option_id options[] = {
	OPTION_MONTH, OPTION_ALL_MONTHS, OPTION_ALL, OPTION_OLDER_THAN,
	OPTION_PURGE, OPTION_LOCAL, OPTION_REMOTE, OPTION_DRY_RUN,
	OPTION_JOBS, OPTION_YES,
};

static const int statuses[] = { 0, 1, 2, 4, 5, 6, 7, 130, 143, -1 };

#define JOBS 8

static bool
on(const struct command_input *input, enum option_id id)
{
	return option_given(input->options, id);
}

static int
choose_types(const struct command_input *input,
    const char *types[SETUP_TYPES_MAX], struct removal_request *rq,
    struct err *err)
{
	const struct options *o = input->options;
	size_t n = option_operands(o);

	if (on(input, OPTION_ALL) && n > 0)
		return err_set(err, ERR_USAGE, "--all goes without a TYPE");
	if (!on(input, OPTION_ALL) && n == 0) {
		err_set(err, ERR_USAGE, "invalidate what?");
		err_hint(err, "name a TYPE, or --all for every type of the "
		    "account and month");
		return -1;
	}
	rq->types = n == 0 ? NULL : types;
	return setup_types(input, types, &rq->type_count, err);
}

/* Without --local and --remote both; with one of them that one alone. */
static int
choose_places(const struct command_input *input, const struct setup *setup,
    struct removal_request *rq, struct err *err)
{
	bool local = on(input, OPTION_LOCAL), remote = on(input,
	    OPTION_REMOTE);

	rq->local = local || !remote;
	rq->remote = remote || !local;
	if (remote && !setup->session.team_cache)
		return err_set(err, ERR_USAGE, "--remote: there is no team "
		    "cache: %s", setup->session.team_cache_why);
	rq->remote = rq->remote && setup->session.team_cache;
	rq->purge = on(input, OPTION_PURGE);
	if (rq->purge && !rq->remote)
		return err_set(err, ERR_USAGE, "--purge is about versions "
		    "in S3, and %s%s", setup->session.team_cache ?
		    "--local leaves S3 alone" : "there is no team cache: ",
		    setup->session.team_cache ? "" :
		    setup->session.team_cache_why);
	return 0;
}

/* The month, or NULL for all of them; *month keeps it. */
static int
choose_months(const struct command_input *input, const struct setup *setup,
    struct month *month, struct removal_request *rq, struct err *err)
{
	bool by_default;

	rq->month = month;
	if (!on(input, OPTION_ALL_MONTHS))
		return setup_month(setup, input, month, &by_default, err);
	rq->month = NULL;
	return 0;
}

/* So much goes at once that somebody has to mean it. */
static bool
must_ask(const struct command_input *input)
{
	return (on(input, OPTION_ALL_MONTHS) || on(input, OPTION_PURGE)) &&
	    !on(input, OPTION_YES) && !on(input, OPTION_DRY_RUN);
}

static int
check_terminal(const struct command_input *input, struct err *err)
{
	if (!must_ask(input) || confirm_possible(input, on(input,
	    OPTION_PURGE) ? "--purge" : "--all-months", err) == 0)
		return 0;
	err_hint(err, "add --yes when you mean it; --dry-run shows what "
	    "would go");
	return -1;
}

static void
put_question(const struct removal_request *rq, struct buf *out)
{
	const struct session *s = rq->session;
	char month[MONTH_ROOM];
	size_t i;

	buf_add_string(out, "teamcache: this deletes ");
	for (i = 0; i < rq->type_count; i++)
		buf_addf(out, "%s%s", i == 0 ? "" : ", ", rq->types[i]);
	if (rq->types == NULL)
		buf_add_string(out, "every entry");
	if (rq->month != NULL)
		month_format(*rq->month, month);
	buf_addf(out, " of account %s, %s", rq->account,
	    rq->month == NULL ? "every month" : month);
	if (rq->older_than >= 0)
		buf_addf(out, ", if older than %lld seconds",
		    (long long)rq->older_than);
	if (rq->remote)
		buf_addf(out, ", in 's3://%s/%s'", s->bucket,
		    buf_string(&s->prefix));
	if (rq->purge)
		buf_add_string(out,
		    " with all versions: nothing brings them back");
	if (rq->local)
		buf_addf(out, "%s on this machine", rq->remote ? ", and" :
		    ",");
	buf_add_string(out, ".\nGo on? [y/N] ");
}

static int
ask(const struct command_input *input, const struct removal_request *rq,
    struct err *err)
{
	struct buf text;
	int result;

	if (!must_ask(input))
		return 0;
	buf_init(&text, 64 * LIMIT_KIB);
	put_question(rq, &text);
	result = confirm_ask(input, &text, "nothing was deleted", err);
	buf_clear(&text);
	return result;
}

static const char *
place(const struct removal_item *item)
{
	return item->local ? "local" : "s3";
}

static void
print_text(const struct command_input *input,
    const struct removal_result *r)
{
	bool dry = on(input, OPTION_DRY_RUN);
	size_t i;

	github_guard(input);
	for (i = 0; i < r->count; i++) {
		const struct removal_item *item = &r->items[i];

		if (item->fate == REMOVAL_FAILED)
			continue;
		output_format(input->output, "%s %s ",
		    item->fate == REMOVAL_KEPT ? "kept" :
		    dry ? "would delete" : "deleted", place(item));
		output_clean(input->output, span_of(item->object));
		if (item->fate == REMOVAL_KEPT)
			output_format(input->output, " (%s)", item->reason);
		else if (item->versions > 0)
			output_format(input->output, " (%zu version%s)",
			    item->versions, item->versions == 1 ? "" : "s");
		output_text(input->output, "\n");
	}
}

static void
put_items(struct json_writer *w, const struct removal_result *r,
    enum removal_fate fate)
{
	size_t i;

	json_open_array(w);
	for (i = 0; i < r->count; i++) {
		const struct removal_item *item = &r->items[i];

		if (item->fate != fate)
			continue;
		json_open_object(w);
		json_member_string(w, "key", item->object);
		json_member_string(w, "place", place(item));
		if (item->versions > 0)
			json_member_integer(w, "versions",
			    (int64_t)item->versions);
		if (fate == REMOVAL_KEPT)
			json_member_string(w, "reason", item->reason);
		if (fate == REMOVAL_FAILED) {
			json_put_name(w, "error");
			report_error(w, item->err);
		}
		json_close_object(w);
	}
	json_close_array(w);
}

static int
print_json(const struct command_input *input, const struct setup *setup,
    const struct removal_result *r, int status, const struct err *stopped,
    struct err *err)
{
	struct json_writer w;
	struct buf text;

	buf_init(&text, LIMIT_MIB + (r->count + 1) * 16 * LIMIT_KIB);
	report_open(&w, &text, input, status, &setup->session.call.counts);
	json_member_bool(&w, "dry_run", on(input, OPTION_DRY_RUN));
	json_put_name(&w, "deleted");
	put_items(&w, r, REMOVAL_DELETED);
	json_put_name(&w, "kept");
	put_items(&w, r, REMOVAL_KEPT);
	json_put_name(&w, "failed");
	put_items(&w, r, REMOVAL_FAILED);
	json_put_name(&w, "error");
	report_error(&w, stopped);
	return report_end(&w, input->output, err);
}

static int
batch_status(const struct removal_result *r)
{
	int status = 0;
	size_t i;

	for (i = 0; i < r->count; i++)
		if (r->items[i].fate == REMOVAL_FAILED)
			status = report_worse(status,
			    err_status(r->items[i].err->class));
	return status;
}

/* What mends the first key that was denied mends its like. */
static void
advise(const struct command_input *input, const struct setup *setup,
    const struct removal_result *r, const struct err *stopped,
    const char *account)
{
	const struct err *why = stopped;
	size_t i;

	for (i = 0; i < r->count && why->class == ERR_NONE; i++)
		if (r->items[i].fate == REMOVAL_FAILED &&
		    r->items[i].err->class == ERR_DENIED)
			why = r->items[i].err;
	setup_advise(setup, input, why, account);
}

/* The result on stdout, what went wrong on stderr. */
static int
print(const struct command_input *input, const struct setup *setup,
    const struct removal_result *r, int status, const struct err *stopped,
    struct err *err)
{
	int result = 0;
	size_t i;

	if (on(input, OPTION_JSON))
		result = print_json(input, setup, r, status, stopped, err);
	else
		print_text(input, r);
	for (i = 0; i < r->count; i++)
		if (r->items[i].fate == REMOVAL_FAILED)
			log_error(input->log, r->items[i].err);
	log_error(input->log, stopped);
	return result;
}

static int
plan(struct command_input *input, struct setup *setup,
    const char *types[SETUP_TYPES_MAX], struct month *month,
    struct removal_request *rq, struct err *err)
{
	int64_t jobs = option_number(input->options, OPTION_JOBS);

	if (setup_open(setup, input, err) != 0 ||
	    choose_types(input, types, rq, err) != 0 ||
	    choose_places(input, setup, rq, err) != 0 ||
	    choose_months(input, setup, month, rq, err) != 0 ||
	    check_terminal(input, err) != 0)
		return -1;
	rq->session = &setup->session;
	rq->older_than = option_number(input->options, OPTION_OLDER_THAN);
	rq->timeout_ms = setup_timeout_ms(setup);
	rq->jobs = jobs > 0 ? (int)jobs : JOBS;
	return 0;
}

static int
run(struct command_input *input, int *status, struct err *err)
{
	struct removal_request rq = { .dry_run = on(input, OPTION_DRY_RUN) };
	struct removal_result removed = { 0 };
	const char *types[SETUP_TYPES_MAX];
	struct setup setup = { 0 };
	struct err stopped = { 0 };
	struct month month;
	char account[13];
	int result = -1;

	if (plan(input, &setup, types, &month, &rq, err) != 0)
		goto out;
	session_deadline(&setup.session, rq.timeout_ms);
	if (account_name(&setup.session, account, err) != 0)
		goto out;
	rq.account = account;
	if (ask(input, &rq, err) != 0)
		goto out;
	/* What was deleted before a failure is gone, and is told. */
	(void)removal_run(&rq, &removed, &stopped);
	advise(input, &setup, &removed, &stopped, account);
	if (stopped.class != ERR_NONE && removed.count == 0) {
		*err = stopped;
		goto out;
	}
	*status = batch_status(&removed);
	if (stopped.class != ERR_NONE)
		*status = report_worse(*status, err_status(stopped.class));
	result = print(input, &setup, &removed, *status, &stopped, err);
out:
	removal_result_clear(&removed);
	setup_close(&setup);
	return result;
}

const struct command command_invalidate = {
	.name = "invalidate",
	.operands = "TYPE... | --all",
	.summary = "delete entries, here and in S3",
	.description =
	"Deletes the entries of one account and month on this machine and in "
	"S3, so that the next fetch buys anew. Other machines notice within "
	"the age that they accept, an hour at the latest. A purchase that is "
	"under way somewhere prints what it bought and stores nothing.\n"
	"\n"
	"full-data, mtd-costs, daily-breakdown and service-breakdown come "
	"from one purchase: naming one of them deletes all four. --all "
	"instead of TYPE deletes every type that is there, --all-months "
	"instead of --month those of every month. Objects that teamcache did "
	"not write are kept.\n"
	"\n"
	"--older-than spares what is younger, by the entry's timestamp or its "
	"Last-Modified, whichever is earlier, on S3's clock. With 15m and more "
	"purchases under way are spared too: they are younger than that.\n"
	"\n"
	"In a versioned bucket what is deleted can be brought back, until the "
	"bucket's lifecycle rules see to it. --purge deletes every version "
	"and delete marker of the keys, the older ones too, for good; it "
	"takes s3:ListBucketVersions and s3:DeleteObjectVersion. --all-months "
	"and --purge ask before they begin; without a terminal they need "
	"--yes. An answer other than y ends the command with 130.\n"
	"\n"
	"A key that cannot be deleted is named on stderr, the others are "
	"deleted all the same; the exit status is that of the worst.",
	.examples =
	"teamcache invalidate full-data\tthis month's figures, everywhere\n"
	"teamcache invalidate --all --month 2026-10 --dry-run\t"
	"what would go\n"
	"teamcache invalidate budget --local\ton this machine only\n"
	"teamcache invalidate --all --all-months --older-than 30d --yes\t"
	"from cron: what nobody refreshed for a month\n"
	"teamcache invalidate --all --month 2026-10 --purge\t"
	"leave nothing of a month\n",
	.options = options,
	.option_count = sizeof options / sizeof options[0],
	.statuses = statuses,
	.completes = "types...",
	.run = run,
};
