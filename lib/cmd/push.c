#include "cmd/command.h"

#include <string.h>

#include "base/limits.h"
#include "cache/document.h"
#include "cmd/report.h"
#include "cmd/setup.h"
#include "codec/json.h"
#include "sys/file.h"

static const enum option_id options[] = {
	OPTION_MONTH, OPTION_TTL, OPTION_IF_ABSENT, OPTION_IF_NEWER,
	OPTION_TIMESTAMP, OPTION_FORCE, OPTION_LOCAL,
};

static const int statuses[] = {
	0, 1, 2, 3, 4, 5, 6, 7, 8, 130, 143, -1
};

static int
read_document(const struct command_input *input, struct buf *data,
    struct err *err)
{
	const char *path = option_operand(input->options, 1);

	if (path == NULL || strcmp(path, "-") == 0)
		return file_read_fd(input->process->in, data, "stdin", err);
	if (file_read(path, data, err) == FILE_READ)
		return 0;
	if (err->class == ERR_NONE)
		err_set(err, ERR_USAGE, "cannot read '%s': no such file",
		    path);
	return -1;
}

static int
plan(const struct command_input *input, const struct setup *setup,
    struct document_request *rq, struct err *err)
{
	const struct options *o = input->options;
	const char *type = option_operand(o, 0);
	struct month month;
	bool by_default;

	if (option_operands(o) < 1 || option_operands(o) > 2)
		return err_set(err, ERR_USAGE, "push takes a TYPE and at "
		    "most one FILE");
	if (setup_type(type, err) != 0 ||
	    setup_month(setup, input, &month, &by_default, err) != 0)
		return -1;
	rq->key.month = month;
	rq->month_default = by_default;
	memcpy(rq->key.type, type, strlen(type) + 1);
	rq->timestamp = option_number(o, OPTION_TIMESTAMP);
	rq->ttl = setup_ttl(setup);
	rq->if_absent = option_given(o, OPTION_IF_ABSENT);
	rq->if_newer = option_given(o, OPTION_IF_NEWER);
	rq->force = option_given(o, OPTION_FORCE);
	rq->local_only = option_given(o, OPTION_LOCAL);
	return 0;
}

/* --json: the entry without its data, which the caller has. */
static int
print_json(const struct command_input *input, const struct setup *setup,
    const struct document_result *r, struct err *err)
{
	const struct call_counts *counts = &setup->session.call.counts;
	char period[MONTH_ROOM], time[DATE_ROOM];
	struct json_writer w;
	struct buf text;

	month_format(r->key.month, period);
	date_format_rfc3339(r->entry.metadata.timestamp, time);
	buf_init(&text, LIMIT_MIB);
	report_open(&w, &text, input, 0, counts);
	json_put_name(&w, "entries");
	json_open_array(&w);
	json_open_object(&w);
	json_member_string(&w, "data_type", r->key.type);
	json_member_string(&w, "account_id", r->key.account);
	json_member_string(&w, "profile", setup->session.set.profile);
	json_member_string(&w, "period", period);
	json_member_string(&w, "key", buf_string(&r->object));
	json_member_integer(&w, "ttl", r->entry.metadata.ttl);
	json_member_string(&w, "timestamp", time);
	json_member_string(&w, "etag", r->etag[0] == '\0' ? NULL : r->etag);
	json_member_integer(&w, "bytes", (int64_t)r->entry.data.n);
	json_put_name(&w, "stored");
	json_open_array(&w);
	if (r->stored_local)
		json_put_string(&w, "local");
	if (r->stored_remote)
		json_put_string(&w, "remote");
	json_close_array(&w);
	json_close_object(&w);
	json_close_array(&w);
	return report_end(&w, input->output, err);
}

static int
run(struct command_input *input, int *status, struct err *err)
{
	struct document_request rq = { 0 };
	struct document_result stored;
	struct setup setup = { 0 };
	struct buf data;
	int result = -1;

	(void)status;
	document_result_init(&stored);
	buf_init(&data, LIMIT_OBJECT);
	if (setup_open(&setup, input, err) != 0)
		goto out;
	data.max = session_object_max(&setup.session);
	if (plan(input, &setup, &rq, err) != 0 ||
	    read_document(input, &data, err) != 0)
		goto out;
	rq.session = &setup.session;
	rq.data = span_trim(buf_view(&data));
	session_deadline(&setup.session, setup_timeout_ms(&setup));
	if (document_push(&rq, &stored, err) != 0) {
		setup_advise(&setup, input, err, stored.key.account);
		goto out;
	}
	log_step(input->log, "'%s' is in %s%s%s", rq.key.type,
	    stored.stored_remote ? "S3" : "",
	    stored.stored_remote && stored.stored_local ? " and " : "",
	    stored.stored_local ? "the local store" : "");
	result = option_given(input->options, OPTION_JSON) ?
	    print_json(input, &setup, &stored, err) : 0;
out:
	document_result_clear(&stored);
	buf_clear(&data);
	setup_close(&setup);
	return result;
}

const struct command command_push = {
	.name = "push",
	.operands = "TYPE [FILE|-]",
	.summary = "store a JSON document for everybody",
	.description =
	"Stores a JSON document, from FILE or from standard input, under the "
	"account, the month and TYPE, where fetch finds it. It ends with 0 "
	"only when the document is in S3; with --local, when it is on this "
	"machine.\n"
	"\n"
	"TYPE is any name of lower-case letters, digits and dashes. For the "
	"built-in types the document must have the shape that Cost Explorer "
	"gives them.",
	.examples =
	"teamcache push budget budget.json\tshare a document\n"
	"jq .total report.json | teamcache push total -\tfrom a pipe\n"
	"teamcache push budget budget.json --if-absent\t"
	"never replace another's\n"
	"teamcache push budget budget.json --month 2026-10 --ttl 30m\t"
	"of a given month\n",
	.options = options,
	.option_count = sizeof options / sizeof options[0],
	.statuses = statuses,
	.completes = "types files",
	.run = run,
};
