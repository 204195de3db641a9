#include "cache/purchase.h"

#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "cache/derive.h"
#include "codec/hash.h"
#include "codec/json.h"

#define FULL_DATA "full-data"
#define FORECAST "forecast"

static const char *const built_in[] = {
	FULL_DATA, "mtd-costs", "daily-breakdown", "service-breakdown",
	FORECAST,
};

#define FILLED_BY_FULL_DATA 4

/* Facts/cost-explorer.md 9: what may stand in any order in a request. */
static const char *const sorted_arrays[] = { "Metrics", "Values", NULL };

/* Answers come in pages, and these follow them. */
static const char *const page_tokens[] = { "NextPageToken", "NextToken" };

/* These have no member TimePeriod (botocore's model of 2017-10-25). */
static const char *const timeless[] = {
	"GetAnomalies", "GetCostAndUsageComparisons",
	"GetCostComparisonDrivers", "GetReservationPurchaseRecommendation",
	"GetRightsizingRecommendation",
};

const char *
purchase_built_in(size_t i)
{
	return i < sizeof built_in / sizeof built_in[0] ? built_in[i] : NULL;
}

bool
purchase_is_built_in(const char *type)
{
	size_t i;

	for (i = 0; purchase_built_in(i) != NULL; i++)
		if (strcmp(purchase_built_in(i), type) == 0)
			return true;
	return false;
}

const char *
purchase_fills(const char *name, const char *type, size_t i)
{
	if (strcmp(name, FULL_DATA) == 0)
		return i < FILLED_BY_FULL_DATA ? built_in[i] : NULL;
	return i == 0 ? type : NULL;
}

static void
put_period(struct json_writer *w, struct date start, struct date end)
{
	char text[DATE_ROOM];

	json_put_name(w, "TimePeriod");
	json_open_object(w);
	date_format_day(start, text);
	json_member_string(w, "Start", text);
	date_format_day(end, text);
	json_member_string(w, "End", text);
	json_close_object(w);
}

static void
full_data_question(struct json_writer *w)
{
	static const char *const metrics[] = { "UnblendedCost",
	    "BlendedCost", "AmortizedCost", "NetUnblendedCost",
	    "NetAmortizedCost" };
	size_t i;

	json_member_string(w, "Granularity", "DAILY");
	json_put_name(w, "Metrics");
	json_open_array(w);
	for (i = 0; i < sizeof metrics / sizeof metrics[0]; i++)
		json_put_string(w, metrics[i]);
	json_close_array(w);
	json_put_name(w, "GroupBy");
	json_open_array(w);
	json_open_object(w);
	json_member_string(w, "Type", "DIMENSION");
	json_member_string(w, "Key", "SERVICE");
	json_close_object(w);
	json_close_array(w);
}

static void
forecast_question(struct json_writer *w)
{
	json_member_string(w, "Metric", "UNBLENDED_COST");
	json_member_string(w, "Granularity", "DAILY");
}

static int
check_question(const struct json *j, struct err *err)
{
	json_value v;
	size_t i;

	if (json_type(j, 0) != JSON_OBJECT)
		return err_set(err, ERR_USAGE, "it is not a JSON object");
	for (v = json_first(j, 0); v != JSON_NONE; v = json_next(j, v))
		if (memchr(json_name(j, v).p, '\\', json_name(j, v).n) !=
		    NULL)
			return err_set(err, ERR_USAGE, "the name of a member "
			    "holds an escape");
	for (i = 0; i < sizeof page_tokens / sizeof page_tokens[0]; i++)
		if (json_member(j, 0, page_tokens[i]) != JSON_NONE)
			return err_set(err, ERR_USAGE, "it holds a %s: pages "
			    "are followed for you", page_tokens[i]);
	return 0;
}

/* The members of a user's question; a TimePeriod of his own is kept. */
static int
custom_question(struct json_writer *w, struct span text, bool *has_period,
    struct err *err)
{
	struct json j = { 0 };
	json_value v;
	int result = -1;

	if (json_parse(&j, text, JSON_UNIQUE_KEYS, err) != 0) {
		err->class = err->class == ERR_DATA ? ERR_USAGE : err->class;
		goto out;
	}
	if (check_question(&j, err) != 0)
		goto out;
	*has_period = json_member(&j, 0, "TimePeriod") != JSON_NONE;
	result = 0;
	for (v = json_first(&j, 0); v != JSON_NONE && result == 0;
	    v = json_next(&j, v)) {
		struct buf name;

		buf_init(&name, LIMIT_REQUEST_FILE);
		buf_add_span(&name, json_name(&j, v));
		result = buf_check(&name, "name", err);
		json_put_name(w, buf_string(&name));
		json_put_raw(w, json_raw(&j, v));
		buf_clear(&name);
	}
out:
	json_clear(&j);
	return result;
}

/*
 * The hash is over operation and question without the period that the key
 * implies: its End moves from day to day, the question does not.
 */
static int
hash_question(const char *operation, struct span question,
    char hash[HASH_SHA256_HEX], struct err *err)
{
	struct json j = { 0 };
	struct buf canonical;
	int result = -1;

	buf_init(&canonical, LIMIT_REQUEST_FILE * 2);
	if (json_parse(&j, question, 0, err) != 0)
		goto out;
	buf_addf(&canonical, "%s\n", operation);
	if (json_canonical(&j, 0, sorted_arrays, &canonical, err) != 0 ||
	    buf_check(&canonical, "request", err) != 0)
		goto out;
	hash_sha256_hex(buf_view(&canonical), hash);
	result = 0;
out:
	json_clear(&j);
	buf_clear(&canonical);
	return result;
}

/* question is an object with or without members: add the period to it. */
static void
add_period(struct span question, struct date start, struct date end,
    struct buf *out)
{
	struct json_writer w;

	json_begin(&w, out, false);
	json_open_object(&w);
	put_period(&w, start, end);
	if (question.n > 2) {
		buf_add_char(out, ',');
		buf_add(out, question.p + 1, question.n - 2);
	}
	buf_add_char(out, '}');
}

static void
query_period(bool forecast, struct month month, int64_t now,
    struct date *start, struct date *end)
{
	if (forecast) {
		*start = date_of(now);
		*end = month_end(month);
	} else {
		month_query_period(month, now, start, end);
	}
}

static bool
is_timeless(const char *operation)
{
	size_t i;

	for (i = 0; i < sizeof timeless / sizeof timeless[0]; i++)
		if (strcmp(timeless[i], operation) == 0)
			return true;
	return false;
}

static int
plan_question(struct purchase *p, const char *type,
    const struct config_type *definition, struct span request_text,
    struct json_writer *w, bool *has_period, struct err *err)
{
	if (derive_possible(type) || strcmp(type, FULL_DATA) == 0) {
		memcpy(p->name, FULL_DATA, sizeof FULL_DATA);
		p->operation = "GetCostAndUsage";
		full_data_question(w);
		return 0;
	}
	snprintf(p->name, sizeof p->name, "%s", type);
	if (strcmp(type, FORECAST) == 0) {
		p->operation = "GetCostForecast";
		forecast_question(w);
		return 0;
	}
	if (request_text.n > 0) {
		p->operation = "GetCostAndUsage";
		p->custom = true;
	} else if (definition != NULL) {
		request_text = span_of(definition->request);
		snprintf(p->operation_text, sizeof p->operation_text, "%s",
		    definition->operation);
		p->operation = p->operation_text;
		p->custom = true;
	} else {
		return 0;
	}
	if (custom_question(w, request_text, has_period, err) == 0)
		return 0;
	err_context(err, "cannot use the request of type '%s'", type);
	return -1;
}

int
purchase_plan(const char *type, const struct config_type *definition,
    struct span request_text, struct month month, int64_t now,
    struct purchase *out, struct err *err)
{
	struct month current = month_of(now);
	struct json_writer w;
	struct buf question;
	struct date start, end;
	bool has_period = false, forecast;
	int result = -1;

	memset(out, 0, sizeof *out);
	buf_init(&out->request, LIMIT_REQUEST_FILE + 1024);
	buf_init(&question, LIMIT_REQUEST_FILE);
	json_begin(&w, &question, false);
	json_open_object(&w);
	if (plan_question(out, type, definition, request_text, &w,
	    &has_period, err) != 0)
		goto out;
	json_close_object(&w);
	if (buf_check(&question, "request", err) != 0)
		goto out;
	if (out->operation == NULL) {
		result = 0;
		goto out;
	}
	if (hash_question(out->operation, buf_view(&question),
	    out->request_sha256, err) != 0)
		goto out;
	has_period = has_period || is_timeless(out->operation);
	forecast = strstr(out->operation, "Forecast") != NULL;
	if (!has_period && forecast && month_compare(month, current) != 0) {
		/* Only what lies ahead can be foretold. */
		out->operation = NULL;
	} else if (!has_period && month_compare(month, current) > 0) {
		out->operation = NULL;
	} else if (has_period) {
		buf_add_span(&out->request, buf_view(&question));
	} else {
		query_period(forecast, month, now, &start, &end);
		add_period(buf_view(&question), start, end, &out->request);
	}
	result = buf_check(&out->request, "request", err);
out:
	buf_clear(&question);
	if (result != 0)
		purchase_clear(out);
	return result;
}

void
purchase_clear(struct purchase *p)
{
	buf_clear(&p->request);
}

void
purchase_wrap(const char *operation, struct span answer, struct buf *data)
{
	const char *c = operation;

	if (strcmp(operation, "GetCostForecast") == 0) {
		buf_add_string(data, "{\"forecast\":");
	} else {
		buf_add_string(data, "{\"");
		if (strncmp(c, "Get", 3) == 0)
			c += 3;
		for (; *c != '\0'; c++) {
			char small = span_lower(*c);

			if (small != *c && data->n > 2)
				buf_add_char(data, '_');
			buf_add_char(data, small);
		}
		buf_add_string(data, "\":");
	}
	buf_add_span(data, answer);
	buf_add_char(data, '}');
}
