#include "cmd/command.h"

#include <string.h>

#include "base/limits.h"
#include "cache/account.h"
#include "cache/removal.h"
#include "cmd/report.h"
#include "cmd/setup.h"
#include "codec/json.h"

static const enum option_id options[] = {
	OPTION_MONTH, OPTION_ALL, OPTION_LOCAL, OPTION_REMOTE,
	OPTION_DRY_RUN, OPTION_YES,
};

static const int statuses[] = { 0, 1, 2, 4, 5, 6, 7, 130, 143, -1 };

#define TYPES_MAX 64

static bool
on(const struct command_input *input, enum option_id id)
{
	return option_given(input->options, id);
}

static int
choose_types(const struct command_input *input,
    const char *types[TYPES_MAX], struct removal_request *rq,
    struct err *err)
{
	const struct options *o = input->options;
	size_t i, n = option_operands(o);

	if (on(input, OPTION_ALL) && n > 0)
		return err_set(err, ERR_USAGE, "--all goes without a TYPE");
	if (!on(input, OPTION_ALL) && n == 0) {
		err_set(err, ERR_USAGE, "invalidate what?");
		err_hint(err, "name a TYPE, or --all for every type of the "
		    "account and month");
		return -1;
	}
	if (n > TYPES_MAX)
		return err_set(err, ERR_USAGE, "more than %d types in one "
		    "command", TYPES_MAX);
	for (i = 0; i < n; i++) {
		types[i] = option_operand(o, i);
		if (!key_type_valid(span_of(types[i])))
			return err_set(err, ERR_USAGE, "'%s' is no type: a "
			    "type is 1 to 64 lower-case letters, digits and "
			    "dashes", types[i]);
	}
	rq->types = n == 0 ? NULL : types;
	rq->type_count = n;
	return 0;
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
	return 0;
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

	for (i = 0; i < r->count; i++) {
		const struct removal_item *item = &r->items[i];

		if (item->fate == REMOVAL_FAILED) {
			log_error(input->log, &item->err);
			continue;
		}
		output_format(input->output, "%s %s ",
		    item->fate == REMOVAL_KEPT ? "kept" :
		    dry ? "would delete" : "deleted", place(item));
		output_clean(input->output, span_of(item->object));
		if (item->fate == REMOVAL_KEPT)
			output_format(input->output, " (%s)", item->reason);
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
		if (fate == REMOVAL_KEPT)
			json_member_string(w, "reason", item->reason);
		if (fate == REMOVAL_FAILED) {
			json_put_name(w, "error");
			report_error(w, &item->err);
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

	buf_init(&text, 64 * LIMIT_MIB);
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
	json_close_object(&w);
	buf_add_char(&text, '\n');
	if (buf_check(&text, "result", err) == 0)
		output_span(input->output, buf_view(&text));
	buf_clear(&text);
	return err->class == ERR_NONE ? 0 : -1;
}

static int
batch_status(const struct removal_result *r)
{
	int status = 0;
	size_t i;

	for (i = 0; i < r->count; i++)
		if (r->items[i].fate == REMOVAL_FAILED)
			status = report_worse(status,
			    err_status(r->items[i].err.class));
	return status;
}

static int
run(struct command_input *input, int *status, struct err *err)
{
	struct removal_request rq = { .dry_run = on(input, OPTION_DRY_RUN) };
	struct removal_result removed = { 0 };
	const char *types[TYPES_MAX];
	struct setup setup = { 0 };
	struct err stopped = { 0 };
	char account[13];
	bool by_default;
	int result = -1;

	if (setup_open(&setup, input, err) != 0 ||
	    choose_types(input, types, &rq, err) != 0 ||
	    choose_places(input, &setup, &rq, err) != 0 ||
	    setup_month(&setup, input, &rq.month, &by_default, err) != 0)
		goto out;
	session_deadline(&setup.session, setup_timeout_ms(&setup));
	if (account_name(&setup.session, account, err) != 0)
		goto out;
	rq.session = &setup.session;
	rq.account = account;
	/* What was deleted before a failure is gone, and is told. */
	if (removal_run(&rq, &removed, &stopped) != 0)
		setup_advise(&setup, input, &stopped, "s3:DeleteObject",
		    account);
	if (stopped.class != ERR_NONE && removed.count == 0) {
		*err = stopped;
		goto out;
	}
	*status = batch_status(&removed);
	if (stopped.class != ERR_NONE)
		*status = report_worse(*status, err_status(stopped.class));
	if (on(input, OPTION_JSON)) {
		result = print_json(input, &setup, &removed, *status,
		    &stopped, err);
	} else {
		print_text(input, &removed);
		result = 0;
	}
	log_error(input->log, &stopped);
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
	"the age that they accept, an hour at the latest.\n"
	"\n"
	"full-data, mtd-costs, daily-breakdown and service-breakdown come "
	"from one purchase: naming one of them deletes all four. --all "
	"instead of TYPE deletes every type that is there. Objects that "
	"teamcache did not write are kept.",
	.examples =
	"teamcache invalidate full-data\tthis month's figures, everywhere\n"
	"teamcache invalidate --all --month 2026-10 --dry-run\t"
	"what would go\n"
	"teamcache invalidate budget --local\ton this machine only\n",
	.options = options,
	.option_count = sizeof options / sizeof options[0],
	.statuses = statuses,
	.completes = "types...",
	.run = run,
};
