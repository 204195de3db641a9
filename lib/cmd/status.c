#include "cmd/command.h"

#include <string.h>

#include "base/limits.h"
#include "cache/ledger.h"
#include "cmd/report.h"
#include "cmd/setup.h"
#include "cmd/status_view.h"

static const enum option_id options[] = {
	OPTION_MONTH, OPTION_REMOTE, OPTION_DAYS, OPTION_MAX_AGE,
	OPTION_JOBS,
};

static const int statuses[] = { 0, 1, 2, 4, 5, 6, 7, 130, 143, -1 };

#define JOBS 8
#define DAYS 7

/* --account; or that of a profile that was asked for by name. */
static const char *
choose_account(const struct options *o, const struct setup *setup)
{
	if (!option_given(o, OPTION_ACCOUNT) &&
	    !option_given(o, OPTION_PROFILE))
		return NULL;
	return config_text(setup->config, CONFIG_ACCOUNT_ID);
}

static int
plan(struct command_input *input, struct setup *setup,
    const char *types[SETUP_TYPES_MAX], struct month *month,
    struct survey_request *rq, struct err *err)
{
	const struct options *o = input->options;
	int64_t jobs = option_number(o, OPTION_JOBS);
	bool by_default;

	if (setup_open(setup, input, err) != 0 ||
	    setup_types(input, types, &rq->type_count, err) != 0 ||
	    setup_month(setup, input, month, &by_default, err) != 0)
		return -1;
	rq->types = types;
	rq->session = &setup->session;
	rq->account = choose_account(o, setup);
	rq->month = by_default ? NULL : month;
	rq->remote = option_given(o, OPTION_REMOTE);
	rq->timeout_ms = setup_timeout_ms(setup);
	rq->jobs = jobs > 0 ? (int)jobs : JOBS;
	if (rq->remote && !setup->session.team_cache)
		return err_set(err, ERR_USAGE, "--remote: there is no team "
		    "cache: %s", setup->session.team_cache_why);
	return 0;
}

/* Only what was paid for that account, and by that profile. */
static void
filter(struct ledger_book *book, const char *account, const char *profile)
{
	size_t i, kept = 0;

	for (i = 0; i < book->row_count; i++)
		if ((account == NULL || strcmp(book->rows[i].account,
		    account) == 0) && (profile == NULL ||
		    strcmp(book->rows[i].profile, profile) == 0))
			book->rows[kept++] = book->rows[i];
	book->row_count = kept;
}

static void
read_book(struct status_view *v, struct session *s,
    struct ledger_book *book)
{
	const struct options *o = v->input->options;
	struct ledger ledger = { &session_memo(s)->root, s->set.clock };
	struct err why = { 0 };

	v->today = ledger_book_day(session_now(s));
	if (memo_fault(session_memo(s), &why) != 0 ||
	    ledger_read(&ledger, book, &why) != 0) {
		log_warn(s->set.log, "the ledger cannot be read: %s",
		    why.message);
		return;
	}
	v->paid_today = ledger_book_sum(book, v->today).requests;
	filter(book, option_given(o, OPTION_ACCOUNT) ?
	    option_text(o, OPTION_ACCOUNT) : NULL,
	    option_given(o, OPTION_PROFILE) ? s->set.profile : NULL);
	ledger_book_sort(book);
	v->book = book;
}

static int
look_at_breaker(struct status_view *v, struct session *s, struct err *err)
{
	struct buf subject;
	int result = 0;

	v->breaker.since = v->breaker.next_probe = -1;
	if (!s->team_cache)
		return 0;
	buf_init(&subject, LIMIT_KEY);
	result = session_bucket_subject(s, &subject, err);
	if (result == 0)
		gate_look(session_memo(s), buf_string(&subject),
		    s->set.clock, &v->breaker);
	buf_clear(&subject);
	return result;
}

/* What could not be looked at is told, and counts. */
static int
overall(const struct command_input *input, const struct survey *survey,
    const struct err *stopped)
{
	int status = err_status(stopped->class);
	size_t i;

	for (i = 0; i < survey->count; i++) {
		if (survey->entries[i].err == NULL)
			continue;
		log_error(input->log, survey->entries[i].err);
		status = report_worse(status,
		    err_status(survey->entries[i].err->class));
	}
	log_error(input->log, stopped);
	return status;
}

static int
run(struct command_input *input, int *status, struct err *err)
{
	const struct options *o = input->options;
	struct ledger_book book = { 0 };
	struct survey survey = { 0 };
	struct err stopped = { 0 };
	const char *types[SETUP_TYPES_MAX];
	struct survey_request rq = { 0 };
	struct setup setup = { 0 };
	struct status_view v = { .input = input, .setup = &setup,
		.survey = &survey, .stopped = &stopped };
	struct month month;
	int result = -1;

	if (plan(input, &setup, types, &month, &rq, err) != 0)
		goto out;
	/* What is known here is shown even when S3 is out of reach. */
	(void)survey_take(&rq, &survey, &stopped);
	if (look_at_breaker(&v, &setup.session, err) != 0)
		goto out;
	read_book(&v, &setup.session, &book);
	v.remote = rq.remote;
	v.policy.max_age = option_number(o, OPTION_MAX_AGE);
	v.policy.ttl_override = config_number(setup.config,
	    CONFIG_TTL_OVERRIDE);
	v.stale_if_error = config_number(setup.config, CONFIG_STALE_IF_ERROR);
	v.days = option_number(o, OPTION_DAYS);
	if (v.days < 0)
		v.days = DAYS;
	v.per_day = config_number(setup.config,
	    CONFIG_MAX_API_REQUESTS_PER_DAY);
	*status = v.status = overall(input, &survey, &stopped);
	result = option_given(o, OPTION_JSON) ? status_view_json(&v, err) :
	    status_view_text(&v, err);
	if (stopped.class == ERR_DENIED)
		setup_advise(&setup, input, &stopped, rq.account);
out:
	ledger_book_clear(&book);
	survey_clear(&survey);
	setup_close(&setup);
	return result;
}

const struct command command_status = {
	.name = "status",
	.operands = "[TYPE...]",
	.summary = "show what is cached, and what it cost and saved",
	.description =
	"Lists the entries that are on this machine, with --remote those in "
	"S3 too: how old each is, whether it is fresh, until when, the last "
	"day that it covers and who refreshed it. A fresh entry is printed by "
	"fetch as it is; a stale one when a refresh fails (stale_if_error), a "
	"very stale one only with --allow-stale. Without --remote nothing is "
	"sent.\n"
	"\n"
	"--remote asks for one list page a thousand keys, and for the first "
	"bytes of each object that is not on this machine in the same "
	"version. It also lists the leases: purchases that are under way.\n"
	"\n"
	"Below that stands what this machine paid Cost Explorer for, and what "
	"it was spared: requests and USD, day by day (--days, UTC) and in "
	"all. A request counts when it is sent; a read from a cache spares as "
	"many as the last purchase of the same data took. --account and "
	"--profile show theirs alone.\n"
	"\n"
	"On a terminal these are tables. Elsewhere each line begins with what "
	"it is (cache, breaker, entry, lease, day, total); the columns of the "
	"tables follow, separated by tabs, ages in seconds, sizes in bytes, "
	"and '-' for what is not known.",
	.examples =
	"teamcache status\twhat is on this machine\n"
	"teamcache status --remote --month 2026-10\tand one month in S3\n"
	"teamcache status --days 31 --json\tthe ledger, for a script\n",
	.options = options,
	.option_count = sizeof options / sizeof options[0],
	.statuses = statuses,
	.completes = "types...",
	.run = run,
};
