#include "cmd/command.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "cache/purchase.h"
#include "cache/readthrough.h"
#include "cmd/batch.h"
#include "cmd/github.h"
#include "cmd/printer.h"
#include "cmd/report.h"
#include "cmd/setup.h"
#include "codec/json.h"
#include "sys/file.h"
#include "sys/interrupt.h"

static const enum option_id options[] = {
	OPTION_MONTH, OPTION_MONTHS, OPTION_ALL, OPTION_ALL_PROFILES,
	OPTION_JOBS, OPTION_TTL, OPTION_MAX_AGE, OPTION_REFRESH,
	OPTION_REVALIDATE, OPTION_STALE_IF_ERROR, OPTION_ALLOW_STALE,
	OPTION_OFFLINE, OPTION_NO_API, OPTION_NO_REMOTE, OPTION_NO_LOCAL,
	OPTION_MAX_API_REQUESTS,
	OPTION_WAIT, OPTION_NO_LEASE,
	OPTION_FORMAT, OPTION_METRIC, OPTION_TOP,
	OPTION_GITHUB_SUMMARY, OPTION_GITHUB_OUTPUT, OPTION_OUTPUT,
	OPTION_WARM, OPTION_STRICT,
	OPTION_REQUEST,
};

static const int statuses[] = {
	0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 130, 143, -1
};

#define TYPES_MAX 64
#define PROFILES_MAX 256
#define MONTHS_MAX 60

/* One command line: what is asked for, and for whom. */
struct plan {
	const struct command_input *input;
	struct setup setups[PROFILES_MAX];	/* a profile each */
	struct batch_profile profiles[PROFILES_MAX];
	struct batch batch;
	struct printer printer;
	struct github github;
	struct buf request_text;	/* --request FILE */
	const char *types[TYPES_MAX];
	size_t type_count;
	bool all;
	int status;
	bool advised;
};

static bool
on(const struct command_input *input, enum option_id id)
{
	return option_given(input->options, id);
}

static int
add_type(struct plan *p, const char *type, struct err *err)
{
	size_t i;

	for (i = 0; i < p->type_count; i++)
		if (strcmp(p->types[i], type) == 0)
			return 0;
	if (p->type_count == TYPES_MAX)
		return err_set(err, ERR_USAGE, "more than %d types in one "
		    "command", TYPES_MAX);
	if (!key_type_valid(span_of(type)))
		return err_set(err, ERR_USAGE, "'%s' is no type: a type is "
		    "1 to 64 lower-case letters, digits and dashes", type);
	p->types[p->type_count++] = type;
	return 0;
}

static int
choose_types(struct plan *p, struct err *err)
{
	const struct options *o = p->input->options;
	size_t i;

	p->all = option_given(o, OPTION_ALL);
	for (i = 0; i < option_operands(o); i++)
		if (add_type(p, option_operand(o, i), err) != 0)
			return -1;
	for (i = 0; p->all && purchase_built_in(i) != NULL; i++)
		if (add_type(p, purchase_built_in(i), err) != 0)
			return -1;
	return p->type_count > 0 ? 0 : add_type(p, "full-data", err);
}

static int
read_request(struct plan *p, struct err *err)
{
	const char *path = option_text(p->input->options, OPTION_REQUEST);

	if (path == NULL)
		return 0;
	if (p->type_count != 1 || purchase_is_built_in(p->types[0]))
		return err_set(err, ERR_USAGE, "--request goes with exactly "
		    "one type of your own");
	if (file_read(path, &p->request_text, err) == FILE_READ) {
		if (json_check(buf_view(&p->request_text), err) == 0)
			return 0;
		err_context(err, "--request '%s' is not JSON", path);
	}
	if (err->class == ERR_NONE)
		err_set(err, ERR_USAGE, "cannot read '%s': no such file",
		    path);
	if (err->class == ERR_DATA)
		err->class = ERR_USAGE;
	return -1;
}

static int
add_profile(struct plan *p, const char *name, struct err *err)
{
	size_t n = p->batch.profile_count;

	if (n == PROFILES_MAX)
		return err_set(err, ERR_USAGE, "more than %d profiles in one "
		    "command", PROFILES_MAX);
	p->batch.profile_count++;
	return setup_load(&p->setups[n], p->input, name, err);
}

/* --all-profiles: those of the settings file that have the team cache on. */
static int
add_all_profiles(struct plan *p, struct err *err)
{
	struct setup first = { 0 };
	const char *name, *why;
	int result = -1, shared;
	size_t i, n;

	if (setup_load(&first, p->input, NULL, err) != 0)
		goto out;
	for (i = 0; (name = config_profile_name(first.config, i)) != NULL;
	    i++) {
		n = p->batch.profile_count;
		if (add_profile(p, name, err) != 0)
			goto out;
		shared = config_team_cache(p->setups[n].config, &why, err);
		if (shared < 0)
			goto out;
		/* The name is the settings file's; keep that open. */
		p->setups[n].settings.profile =
		    config_profile(p->setups[n].config);
		if (shared == 0) {
			setup_close(&p->setups[n]);
			p->batch.profile_count--;
		}
	}
	if (p->batch.profile_count == 0)
		err_set(err, ERR_USAGE, "--all-profiles: no [profile NAME] "
		    "of the settings file has the team cache on");
	else
		result = 0;
out:
	setup_close(&first);
	return result;
}

static int
choose_profiles(struct plan *p, struct err *err)
{
	const struct options *o = p->input->options;
	size_t i, n = option_count(o, OPTION_PROFILE);

	if (on(p->input, OPTION_ALL_PROFILES))
		return add_all_profiles(p, err);
	if (n > 1 && option_given(o, OPTION_ACCOUNT))
		return err_set(err, ERR_USAGE, "--account names one account, "
		    "and %zu profiles were named", n);
	if (n == 0)
		return add_profile(p, NULL, err);
	for (i = 0; i < n; i++)
		if (add_profile(p, option_text_at(o, OPTION_PROFILE, i), err)
		    != 0)
			return -1;
	return 0;
}

/* A wait ends with the larger of a minute and a lease that has run out. */
static int64_t
wait_ms(const struct config *config)
{
	int64_t wait = config_number(config, CONFIG_WAIT);
	int64_t lease = config_number(config, CONFIG_LEASE) + 15;

	if (wait < 0)
		wait = lease > 60 ? lease : 60;
	return wait * 1000;
}

/* What all entries of a profile have in common. */
static void
fill_request(const struct plan *p, const struct setup *setup,
    bool month_default, struct readthrough_request *rq)
{
	const struct command_input *in = p->input;
	const struct config *config = setup->config;

	memset(rq, 0, sizeof *rq);
	rq->month_default = month_default;
	rq->one_of_all = p->all;
	rq->request_text = buf_view(&p->request_text);
	rq->policy.max_age = option_number(in->options, OPTION_MAX_AGE);
	rq->policy.ttl_override = config_number(config, CONFIG_TTL_OVERRIDE);
	rq->ttl = setup_ttl(setup);
	rq->stale_if_error = config_number(config, CONFIG_STALE_IF_ERROR);
	rq->allow_stale = on(in, OPTION_ALLOW_STALE);
	rq->refresh = on(in, OPTION_REFRESH);
	rq->revalidate = on(in, OPTION_REVALIDATE);
	rq->offline = on(in, OPTION_OFFLINE);
	rq->no_api = on(in, OPTION_NO_API);
	rq->must_share = on(in, OPTION_WARM) ||
	    strcmp(config_text(config, CONFIG_FALLBACK), "fail") == 0;
	rq->no_lease = on(in, OPTION_NO_LEASE);
	rq->lease_s = config_number(config, CONFIG_LEASE);
	rq->wait_ms = wait_ms(config);
	rq->timeout_ms = setup_timeout_ms(setup);
}

/* Profiles x months x types, in this order; --months counts backwards. */
static int
make_items(struct plan *p, struct month month, size_t months,
    struct err *err)
{
	struct batch *b = &p->batch;
	size_t i, j, k, n = 0;

	b->item_count = b->profile_count * months * p->type_count;
	b->items = calloc(b->item_count, sizeof *b->items);
	if (b->items == NULL)
		return err_memory(err);
	for (i = 0; i < b->profile_count; i++)
		for (j = 0; j < months; j++)
			for (k = 0; k < p->type_count; k++, n++) {
				b->items[n].profile = i;
				b->items[n].month = month_add(month,
				    -(int)j);
				b->items[n].back = (int)j;
				b->items[n].type = p->types[k];
			}
	return 0;
}

static int
make_plan(struct plan *p, struct err *err)
{
	const struct options *o = p->input->options;
	int64_t months = option_number(o, OPTION_MONTHS);
	int64_t jobs = option_number(o, OPTION_JOBS);
	struct month month;
	bool by_default;
	size_t i;

	if (choose_types(p, err) != 0 || read_request(p, err) != 0 ||
	    choose_profiles(p, err) != 0 ||
	    setup_month(&p->setups[0], p->input, &month, &by_default, err)
	    != 0)
		return -1;
	if (make_items(p, month, months < 0 ? 1 : (size_t)months, err) != 0)
		return -1;
	for (i = 0; i < p->batch.profile_count; i++) {
		p->profiles[i].config = p->setups[i].config;
		p->profiles[i].settings = p->setups[i].settings;
		fill_request(p, &p->setups[i], by_default,
		    &p->profiles[i].request);
	}
	p->batch.profiles = p->profiles;
	p->batch.max_api_requests = option_number(o,
	    OPTION_MAX_API_REQUESTS);
	/* What a limit leaves goes to those that were asked for first. */
	p->batch.workers = jobs >= 0 ? (int)jobs :
	    p->batch.max_api_requests >= 0 ? 1 : 8;
	p->batch.max_object = (size_t)config_number(p->setups[0].config,
	    CONFIG_MAX_OBJECT_SIZE);
	if (github_open(&p->github, p->input, err) != 0)
		return -1;
	if (printer_open(&p->printer, p->input, p->batch.item_count, err) != 0)
		return -1;
	for (i = 0; i < p->batch.profile_count; i++)
		p->profiles[i].request.may_be_bulk =
		    printer_takes_bulk(&p->printer);
	return 0;
}

static int
entry_status(const struct plan *p, const struct readthrough_result *r)
{
	if (r->err.class != ERR_NONE)
		return err_status(r->err.class);
	if (r->degraded.count > 0 && on(p->input, OPTION_STRICT))
		return err_status(ERR_DEGRADED);
	return 0;
}

/* What S3 or Cost Explorer said no to, and what would mend it; once. */
static void
advise(struct plan *p, const struct batch_item *item)
{
	const struct readthrough_result *r = item->result;
	const struct degraded *d = &r->degraded;
	struct setup *setup = &p->setups[item->profile];
	struct err ignored;

	if (p->advised || (d->s3_err.class == ERR_NONE &&
	    r->err.class != ERR_DENIED))
		return;
	err_clear(&ignored);
	if (!setup->session_open && setup_session(setup, &ignored) != 0)
		return;
	p->advised = true;
	setup_advise(setup, p->input, d->s3_err.class != ERR_NONE ?
	    &d->s3_err : &r->err, r->key.account);
}

/* Entries of several months or profiles are told apart by these. */
static void
log_failure(struct plan *p, const struct batch_item *item)
{
	const struct batch *b = &p->batch;
	const char *profile = p->profiles[item->profile].settings.profile;
	struct err err = item->result->err;
	char month[MONTH_ROOM];

	if (month_compare(b->items[0].month, b->items[b->item_count - 1].month)
	    != 0) {
		month_format(item->result->key.month, month);
		err_context(&err, "%s", month);
	}
	if (b->profile_count > 1 && profile != NULL)
		err_context(&err, "profile '%s'", profile);
	log_error(p->input->log, &err);
}

static int
visit(void *state, const struct batch_item *item, struct err *err)
{
	struct plan *p = state;
	const struct readthrough_result *r = item->result;
	const char *profile = p->profiles[item->profile].settings.profile;

	github_entry(&p->github, profile, r);
	p->status = report_worse(p->status, entry_status(p, r));
	advise(p, item);
	if (r->err.class != ERR_NONE && !p->printer.several &&
	    !on(p->input, OPTION_JSON)) {
		*err = r->err;
		return -1;
	}
	if (r->err.class != ERR_NONE)
		log_failure(p, item);
	return printer_entry(&p->printer, profile, r, err);
}

static int
run(struct command_input *input, int *status, struct err *err)
{
	struct plan *p = calloc(1, sizeof *p);
	int result = -1;
	size_t i;

	if (p == NULL)
		return err_memory(err);
	p->input = input;
	buf_init(&p->request_text, LIMIT_REQUEST_FILE);
	if (make_plan(p, err) != 0 ||
	    batch_run(&p->batch, visit, p, err) != 0)
		goto out;
	/* What a signal met is not done, whatever there is so far. */
	if (interrupt_count() > 0)
		p->status = report_worse(p->status,
		    err_status(interrupt_class()));
	p->status = report_worse(p->status, p->printer.status);
	if (printer_close(&p->printer, p->status, &p->batch.counts, err) != 0 ||
	    github_close(&p->github, err) != 0)
		goto out;
	*status = p->status;
	result = 0;
out:
	printer_clear(&p->printer);
	github_clear(&p->github);
	for (i = 0; i < p->batch.profile_count; i++)
		setup_close(&p->setups[i]);
	buf_clear(&p->request_text);
	free(p->batch.items);
	free(p);
	return result;
}

const struct command command_fetch = {
	.name = "fetch",
	.operands = "[TYPE...]",
	.summary = "print cost data, bought only when nobody has it",
	.description =
	"Answers from the local cache, else from the team's S3 bucket, else "
	"buys the data from AWS Cost Explorer (USD 0.01 a request) and stores "
	"it in both, so that everybody else reads it for nearly nothing.\n"
	"\n"
	"TYPE is full-data (the default), mtd-costs, daily-breakdown, "
	"service-breakdown, forecast, or the name of a data set of your own. "
	"One purchase fills the first four. A data set of your own is what "
	"somebody pushed, what a [type NAME] section of the settings asks, or "
	"what --request FILE asks.\n"
	"\n"
	"With one TYPE the data is printed as AWS sends it. With several, or "
	"with --all, --months or several profiles, each entry is one line of "
	"JSON that names its type, month and account.\n"
	"\n"
	"--format table, markdown, chart and html add up what they are given, by "
	"service and by day: the built-in types of an account and month make "
	"one section together, any other type one of its own. csv has a row "
	"for each amount, as exact as it came. -o DIR/ writes a file for each "
	"entry. A new file has mode 0600, one that is there keeps its own.\n"
	"\n"
	"An entry is fresh for its ttl, at most an hour; a closed month whose "
	"figures are final for 30 days. When S3 or Cost Explorer cannot be "
	"reached, teamcache goes on with what it has, says so on stderr, and "
	"still exits 0 if it could print data that is fresh enough.\n"
	"\n"
	"--max-api-requests limits what one command pays for, the setting "
	"max_api_requests_per_day what this machine does in a UTC day. A "
	"purchase that took more pages the last time than a limit leaves is "
	"not begun, and the command exits 3. --max-api-requests implies "
	"--jobs 1, so that what was asked for first is bought first.",
	.examples =
	"teamcache fetch\tthis month's costs, by service and day\n"
	"teamcache fetch mtd-costs --month 2026-10\tone month's total\n"
	"teamcache fetch --all --warm\tfill the caches, from cron\n"
	"teamcache fetch forecast --offline --allow-stale\t"
	"whatever is on this machine\n"
	"teamcache fetch full-data forecast --format chart\t"
	"bars, days and what is to come\n"
	"teamcache fetch --all --format html -o costs.html\t"
	"the same as a page for a browser\n"
	"teamcache fetch --refresh --strict -o costs.json\t"
	"new figures or a failure\n",
	.options = options,
	.option_count = sizeof options / sizeof options[0],
	.statuses = statuses,
	.completes = "types...",
	.run = run,
};
