#include "cmd/command.h"

#include <signal.h>
#include <string.h>
#include <sys/stat.h>

#include "base/limits.h"
#include "cache/purchase.h"
#include "cache/readthrough.h"
#include "cmd/report.h"
#include "cmd/setup.h"
#include "codec/json.h"
#include "sys/file.h"
#include "sys/interrupt.h"

static const enum option_id options[] = {
	OPTION_MONTH, OPTION_ALL, OPTION_TTL, OPTION_MAX_AGE, OPTION_REFRESH,
	OPTION_REVALIDATE, OPTION_STALE_IF_ERROR, OPTION_ALLOW_STALE,
	OPTION_OFFLINE, OPTION_NO_API, OPTION_NO_REMOTE, OPTION_NO_LOCAL,
	OPTION_WAIT, OPTION_NO_LEASE,
	OPTION_FORMAT, OPTION_OUTPUT, OPTION_WARM, OPTION_STRICT,
	OPTION_REQUEST,
};

static const int statuses[] = {
	0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 130, 143, -1
};

/* The entries of one command line, in the order asked for. */
struct batch {
	struct setup setup;
	const struct command_input *input;
	struct readthrough_request request;	/* what they share */
	struct buf request_text;	/* --request FILE */
	struct month month;
	bool month_default;
	bool several;
	bool all;
	const char *types[64];
	size_t count;
	struct buf json;	/* --json: the entries so far */
	struct json_writer writer;
	const char *path;	/* -o; NULL: stdout */
	bool folder;		/* it is a directory */
	struct buf lines;	/* what goes to -o FILE */
	int status;
};

static bool
on(const struct command_input *input, enum option_id id)
{
	return option_given(input->options, id);
}

static int
add_type(struct batch *b, const char *type, struct err *err)
{
	size_t i;

	for (i = 0; i < b->count; i++)
		if (strcmp(b->types[i], type) == 0)
			return 0;
	if (b->count == sizeof b->types / sizeof b->types[0])
		return err_set(err, ERR_USAGE, "more than %zu types in one "
		    "command", b->count);
	if (!key_type_valid(span_of(type)))
		return err_set(err, ERR_USAGE, "'%s' is no type: a type is "
		    "1 to 64 lower-case letters, digits and dashes", type);
	b->types[b->count++] = type;
	return 0;
}

static int
choose_types(struct batch *b, struct err *err)
{
	const struct options *o = b->input->options;
	size_t i;

	b->all = option_given(o, OPTION_ALL);
	for (i = 0; i < option_operands(o); i++)
		if (add_type(b, option_operand(o, i), err) != 0)
			return -1;
	for (i = 0; b->all && purchase_built_in(i) != NULL; i++)
		if (add_type(b, purchase_built_in(i), err) != 0)
			return -1;
	if (b->count == 0 && add_type(b, "full-data", err) != 0)
		return -1;
	b->several = b->count > 1;
	return 0;
}

static bool
is_folder(const char *path)
{
	struct stat st;

	return span_ends(span_of(path), "/") ||
	    (stat(path, &st) == 0 && S_ISDIR(st.st_mode));
}

/* Where -o points; "-" is stdout. Said before any money is spent. */
static int
choose_output(struct batch *b, struct err *err)
{
	const char *path = option_text(b->input->options, OPTION_OUTPUT);
	struct stat st;

	if (path == NULL || strcmp(path, "-") == 0)
		return 0;
	b->path = path;
	b->folder = is_folder(path);
	if (!b->folder)
		return 0;
	if (on(b->input, OPTION_JSON)) {
		err_set(err, ERR_USAGE, "-o '%s' is a directory, and --json "
		    "prints one object", path);
		err_hint(err, "name a file, or leave --json out");
		return -1;
	}
	if (stat(path, &st) == 0 && S_ISDIR(st.st_mode))
		return 0;
	return err_set(err, ERR_USAGE, "-o '%s': there is no such directory",
	    path);
}

static int
read_request(struct batch *b, struct err *err)
{
	const char *path = option_text(b->input->options, OPTION_REQUEST);

	if (path == NULL)
		return 0;
	if (b->count != 1 || purchase_is_built_in(b->types[0]))
		return err_set(err, ERR_USAGE, "--request goes with exactly "
		    "one type of your own");
	if (file_read(path, &b->request_text, err) == FILE_READ)
		return 0;
	if (err->class == ERR_NONE)
		err_set(err, ERR_USAGE, "cannot read '%s': no such file",
		    path);
	return -1;
}

/* A wait ends with the larger of a minute and a lease that has run out. */
static int64_t
wait_ms(const struct batch *b)
{
	int64_t wait = config_number(b->setup.config, CONFIG_WAIT);
	int64_t lease = config_number(b->setup.config, CONFIG_LEASE) + 15;

	if (wait < 0)
		wait = lease > 60 ? lease : 60;
	return wait * 1000;
}

static int
plan(struct batch *b, struct err *err)
{
	const struct command_input *in = b->input;
	const struct config *config = b->setup.config;
	struct readthrough_request *rq = &b->request;
	const char *fallback;

	if (choose_types(b, err) != 0 || choose_output(b, err) != 0 ||
	    read_request(b, err) != 0 ||
	    setup_month(&b->setup, in, &b->month, &b->month_default, err)
	    != 0)
		return -1;
	fallback = config_text(config, CONFIG_FALLBACK);
	rq->month_default = b->month_default;
	rq->one_of_all = b->all;
	rq->request_text = buf_view(&b->request_text);
	rq->policy.max_age = option_number(in->options, OPTION_MAX_AGE);
	rq->policy.ttl_override = config_number(config, CONFIG_TTL_OVERRIDE);
	rq->ttl = setup_ttl(&b->setup);
	rq->stale_if_error = config_number(config, CONFIG_STALE_IF_ERROR);
	rq->allow_stale = on(in, OPTION_ALLOW_STALE);
	rq->refresh = on(in, OPTION_REFRESH);
	rq->revalidate = on(in, OPTION_REVALIDATE);
	rq->offline = on(in, OPTION_OFFLINE);
	rq->no_api = on(in, OPTION_NO_API);
	rq->must_share = on(in, OPTION_WARM) ||
	    strcmp(fallback, "fail") == 0;
	rq->no_lease = on(in, OPTION_NO_LEASE);
	rq->lease_s = config_number(config, CONFIG_LEASE);
	rq->wait_ms = wait_ms(b);
	rq->timeout_ms = setup_timeout_ms(&b->setup);
	return 0;
}

/* What the user asked to see of an entry: its data, or the envelope. */
static struct span
wanted(const struct batch *b, const struct readthrough_result *r)
{
	const char *format = option_text(b->input->options, OPTION_FORMAT);

	if (format != NULL && strcmp(format, "envelope") == 0)
		return r->envelope;
	return r->entry.data;
}

/* -o DIR/: one file an entry; those of failed entries are left alone. */
static int
write_into_folder(struct batch *b, const struct readthrough_result *r,
    struct err *err)
{
	char period[MONTH_ROOM];
	struct buf path, text;
	int result = -1;

	month_format(r->key.month, period);
	buf_init(&path, 4096);
	buf_init(&text, LIMIT_OBJECT + LIMIT_MIB);
	buf_addf(&path, "%s%s%s-%s-%s.json", b->path,
	    span_ends(span_of(b->path), "/") ? "" : "/", r->key.account,
	    period, r->key.type);
	buf_add_span(&text, wanted(b, r));
	buf_add_char(&text, '\n');
	if (buf_check(&path, "path", err) == 0 &&
	    buf_check(&text, "entry", err) == 0)
		result = file_replace(buf_string(&path), buf_view(&text),
		    true, err);
	buf_clear(&path);
	buf_clear(&text);
	return result;
}

/* One entry as a line of NDJSON. */
static void
add_line(struct batch *b, const struct readthrough_result *r)
{
	const char *format = option_text(b->input->options, OPTION_FORMAT);
	struct json_writer w;

	if (format != NULL && strcmp(format, "envelope") == 0) {
		if (!r->has_data)
			return;
		buf_add_span(&b->lines, r->envelope);
	} else {
		json_begin(&w, &b->lines, false);
		report_entry(&w, &b->setup.session, r, true);
	}
	buf_add_char(&b->lines, '\n');
}

static int
print_entry(struct batch *b, const struct readthrough_result *r,
    struct err *err)
{
	struct output *out = b->input->output;

	if (on(b->input, OPTION_JSON)) {
		report_entry(&b->writer, &b->setup.session, r,
		    !on(b->input, OPTION_WARM));
		return buf_check(&b->json, "result", err);
	}
	if (on(b->input, OPTION_WARM))
		return 0;
	if (b->folder)
		return r->has_data ? write_into_folder(b, r, err) : 0;
	if (!b->several && b->path == NULL) {
		if (r->has_data) {
			output_span(out, wanted(b, r));
			output_text(out, "\n");
		}
		return 0;
	}
	if (b->several) {
		add_line(b, r);
	} else if (r->has_data) {
		buf_add_span(&b->lines, wanted(b, r));
		buf_add_char(&b->lines, '\n');
	}
	if (buf_check(&b->lines, "result", err) != 0)
		return -1;
	if (b->path == NULL) {
		output_span(out, buf_view(&b->lines));
		buf_reset(&b->lines);
	}
	return 0;
}

static int
entry_status(const struct batch *b, const struct readthrough_result *r)
{
	if (r->err.class != ERR_NONE)
		return err_status(r->err.class);
	if (r->degraded.count > 0 && on(b->input, OPTION_STRICT))
		return err_status(ERR_DEGRADED);
	return 0;
}

/* What S3 or Cost Explorer said no to, and what would mend it. */
static void
advise(const struct batch *b, const struct readthrough_result *r)
{
	const struct degraded *d = &r->degraded;

	if (d->s3_err.class != ERR_NONE)
		setup_advise(&b->setup, b->input, &d->s3_err, d->s3_action,
		    r->key.account);
	else if (r->err.class == ERR_DENIED)
		setup_advise(&b->setup, b->input, &r->err,
		    strstr(r->err.message, "ce:") != NULL ||
		    strstr(r->err.message, "Cost Explorer") != NULL ?
		    "ce:GetCostAndUsage" : "s3:GetObject", r->key.account);
}

static int
one(struct batch *b, const char *type, struct err *err)
{
	int64_t cap = config_number(b->setup.config, CONFIG_MAX_OBJECT_SIZE);
	struct readthrough_result r;
	int result = 0, status;

	readthrough_result_init(&r, (size_t)cap);
	memset(&b->request.key, 0, sizeof b->request.key);
	b->request.key.month = b->month;
	memcpy(b->request.key.type, type, strlen(type) + 1);
	b->request.definition = config_type(b->setup.config, type);
	(void)readthrough_fetch(&b->setup.session, &b->request, &r);
	status = entry_status(b, &r);
	b->status = report_worse(b->status, status);
	advise(b, &r);
	if (r.err.class != ERR_NONE && !b->several &&
	    !on(b->input, OPTION_JSON)) {
		*err = r.err;
		result = -1;
		goto out;
	}
	if (r.err.class != ERR_NONE && !on(b->input, OPTION_JSON))
		log_error(b->input->log, &r.err);
	result = print_entry(b, &r, err);
	if (r.err.class == ERR_INTERRUPTED || r.err.class == ERR_TERMINATED)
		b->status = status;
out:
	readthrough_result_clear(&r);
	return result;
}

static int
finish(struct batch *b, struct err *err)
{
	struct output *out = b->input->output;
	struct json_writer w;
	struct buf head;
	int result = 0;

	if (on(b->input, OPTION_JSON)) {
		json_close_array(&b->writer);
		buf_init(&head, LIMIT_MIB);
		report_open(&w, &head, b->input, b->status,
		    &b->setup.session.call.counts);
		buf_add_string(&head, ",\"entries\":");
		result = buf_check(&head, "result", err);
		if (result == 0)
			result = buf_check(&b->json, "result", err);
		if (result == 0 && b->path != NULL) {
			buf_add_span(&b->lines, buf_view(&head));
			buf_add_span(&b->lines, buf_view(&b->json));
			buf_add_string(&b->lines, "}\n");
		} else if (result == 0) {
			output_span(out, buf_view(&head));
			output_span(out, buf_view(&b->json));
			output_text(out, "}\n");
		}
		buf_clear(&head);
	}
	if (result == 0 && b->path != NULL && b->lines.n > 0) {
		result = buf_check(&b->lines, "result", err);
		if (result == 0)
			result = file_replace(b->path, buf_view(&b->lines), true,
			    err);
	}
	return result;
}

static int
run(struct command_input *input, int *status, struct err *err)
{
	struct batch b = { .input = input };
	int result = -1;
	size_t i;

	buf_init(&b.request_text, LIMIT_REQUEST_FILE);
	buf_init(&b.json, 4 * LIMIT_OBJECT);
	buf_init(&b.lines, 4 * LIMIT_OBJECT);
	if (setup_open(&b.setup, input, err) != 0 || plan(&b, err) != 0)
		goto out;
	json_begin(&b.writer, &b.json, false);
	json_open_array(&b.writer);
	for (i = 0; i < b.count; i++) {
		if (one(&b, b.types[i], err) != 0)
			goto out;
		if (interrupt_count() > 0)
			break;
	}
	/* A batch that was cut short is not done, whatever it has so far. */
	if (i + 1 < b.count)
		b.status = report_worse(b.status, err_status(
		    interrupt_signal() == SIGINT ? ERR_INTERRUPTED :
		    ERR_TERMINATED));
	if (finish(&b, err) != 0)
		goto out;
	*status = b.status;
	result = 0;
out:
	buf_clear(&b.request_text);
	buf_clear(&b.json);
	buf_clear(&b.lines);
	setup_close(&b.setup);
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
	"with --all, each entry is one line of JSON that names its type.\n"
	"\n"
	"An entry is fresh for its ttl, at most an hour; a closed month whose "
	"figures are final for 30 days. When S3 or Cost Explorer cannot be "
	"reached, teamcache goes on with what it has, says so on stderr, and "
	"still exits 0 if it could print data that is fresh enough.",
	.examples =
	"teamcache fetch\tthis month's costs, by service and day\n"
	"teamcache fetch mtd-costs --month 2026-10\tone month's total\n"
	"teamcache fetch --all --warm\tfill the caches, from cron\n"
	"teamcache fetch forecast --offline --allow-stale\t"
	"whatever is on this machine\n"
	"teamcache fetch --refresh --strict -o costs.json\t"
	"new figures or a failure\n",
	.options = options,
	.option_count = sizeof options / sizeof options[0],
	.statuses = statuses,
	.completes = "types...",
	.run = run,
};
