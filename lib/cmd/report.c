#include "cmd/report.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/date.h"

/* Amazon's price for a request and for each page (facts/cost-explorer.md 7). */
#define CENTS_PER_REQUEST 1

void
report_price(int64_t requests, char out[32])
{
	long long cents = (long long)requests * CENTS_PER_REQUEST;
	int n = snprintf(out, 32, "%lld.%02lld", cents / 100, cents % 100);

	assert(n > 0 && n < 32);
}

void
report_begin(struct json_writer *w, struct buf *out,
    const struct command *command, int status)
{
	json_begin(w, out, false);
	json_open_object(w);
	json_member_string(w, "command", command == NULL ? NULL :
	    command->name);
	json_member_integer(w, "exit_status", status);
}

int
report_end(struct json_writer *w, struct output *o, struct err *err)
{
	int result;

	json_close_object(w);
	if ((result = buf_check(w->out, "the result", err)) == 0)
		output_json_line(o, buf_view(w->out));
	buf_clear(w->out);
	return result;
}

void
report_open(struct json_writer *w, struct buf *out,
    const struct command_input *input, int status,
    const struct call_counts *counts)
{
	char cost[32];
	size_t i;

	report_begin(w, out, input->command, status);
	json_put_name(w, "warnings");
	json_open_array(w);
	for (i = 0; i < log_warnings(input->log); i++)
		json_put_string(w, log_warning(input->log, i));
	json_close_array(w);
	json_put_name(w, "requests");
	json_open_object(w);
	json_member_integer(w, "s3", counts->s3);
	json_member_integer(w, "ce", counts->ce);
	json_member_integer(w, "sts", counts->sts);
	json_close_object(w);
	report_price(counts->ce, cost);
	json_member_string(w, "cost_usd", cost);
}

void
report_text(struct json_writer *w, const char *name, const char *text)
{
	json_member_string(w, name, text[0] == '\0' ? NULL : text);
}

void
report_time(struct json_writer *w, const char *name, int64_t seconds)
{
	char text[DATE_ROOM] = "";

	if (seconds >= 0)
		date_format_rfc3339(seconds, text);
	report_text(w, name, text);
}

void
report_error(struct json_writer *w, const struct err *err)
{
	if (err->class == ERR_NONE) {
		json_put_null(w);
		return;
	}
	json_open_object(w);
	json_member_string(w, "class", err_class_info(err->class)->name);
	report_text(w, "code", err->code);
	json_member_string(w, "message", err->message);
	report_text(w, "hint", err->hint);
	report_text(w, "request_id", err->request_id);
	json_close_object(w);
}

static void
put_metadata(struct json_writer *w, const struct readthrough_result *r)
{
	static const char *const names[] = { "ttl", "expires_at",
		"timestamp", "data_through", "estimated", "refreshed_by" };
	const struct entry_metadata *m = &r->entry.metadata;
	size_t i;

	if (!r->has_data) {
		for (i = 0; i < sizeof names / sizeof names[0]; i++)
			json_member_null(w, names[i]);
		return;
	}
	json_member_integer(w, "ttl", m->ttl);
	report_time(w, "expires_at", m->expires_at);
	report_time(w, "timestamp", m->timestamp);
	report_text(w, "data_through", m->data_through);
	if (m->estimated < 0)
		json_member_null(w, "estimated");
	else
		json_member_bool(w, "estimated", m->estimated == 1);
	json_member_string(w, "refreshed_by", m->refreshed_by);
}

void
report_entry(struct json_writer *w, const char *profile,
    const struct readthrough_result *r, bool with_data)
{
	char period[MONTH_ROOM];
	size_t i;

	month_format(r->key.month, period);
	json_open_object(w);
	json_member_string(w, "data_type", r->key.type);
	report_text(w, "account_id", r->key.account);
	json_member_string(w, "profile", profile);
	json_member_string(w, "period", period);
	report_text(w, "key", buf_string(&r->object));
	json_member_string(w, "source", readthrough_source_name(r->source));
	json_member_bool(w, "fresh", r->fresh);
	if (r->age < 0)
		json_member_null(w, "age");
	else
		json_member_integer(w, "age", r->age);
	put_metadata(w, r);
	report_text(w, "etag", r->etag);
	if (r->has_data)
		json_member_integer(w, "bytes", (int64_t)r->entry.data.n);
	else
		json_member_null(w, "bytes");
	json_put_name(w, "degraded");
	json_open_array(w);
	for (i = 0; i < r->degraded.count; i++)
		json_put_string(w, r->degraded.words[i]);
	json_close_array(w);
	report_text(w, "unavailable", r->unavailable);
	json_put_name(w, "error");
	report_error(w, &r->err);
	if (r->has_data && with_data)
		json_member_raw(w, "data", r->entry.data);
	else
		json_member_null(w, "data");
	json_close_object(w);
}

int
report_worse(int a, int b)
{
	static const int order[] = { 143, 130, 1, 2, 4, 5, 6, 7, 8, 12, 3,
		9, 10, 11 };
	size_t i;

	for (i = 0; i < sizeof order / sizeof order[0]; i++)
		if (a == order[i] || b == order[i])
			return order[i];
	/* A status of no table is worse than none. */
	return a != 0 ? a : b;
}
