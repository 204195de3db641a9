#include "cache/derive.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/decimal.h"
#include "codec/json.h"

/* GetCostAndUsage knows seven metrics; names are short ASCII words. */
#define METRICS_MAX 8
#define NAME_ROOM 64

/* The metrics of the document, in the order of their first appearance. */
struct metrics {
	char names[METRICS_MAX][NAME_ROOM];
	char units[METRICS_MAX][NAME_ROOM];
	size_t count;
};

/* One line of sums: a period, or a service. */
struct sums {
	struct span label;	/* the Keys array as it stands, or empty */
	struct decimal amounts[METRICS_MAX];
};

struct table {
	struct sums *rows;	/* sorted by label */
	size_t count;
	size_t room;
};

static const char *const types[] = {
	"mtd-costs", "daily-breakdown", "service-breakdown",
};

bool
derive_possible(const char *type)
{
	size_t i;

	for (i = 0; i < sizeof types / sizeof types[0]; i++)
		if (strcmp(types[i], type) == 0)
			return true;
	return false;
}

static int
bad_shape(struct err *err, const char *what)
{
	return err_set(err, ERR_DATA, "cannot derive from full-data: %s",
	    what);
}

/* Absent, null, or of the type. */
static bool
is_optional(const struct json *j, json_value v, enum json_type type)
{
	return v == JSON_NONE || json_type(j, v) == JSON_NULL ||
	    json_type(j, v) == type;
}

static int
check_periods(const struct json *j, json_value results, struct err *err)
{
	json_value v, times;

	for (v = json_first(j, results); v != JSON_NONE;
	    v = json_next(j, v)) {
		times = json_member(j, v, "TimePeriod");
		if (json_type(j, json_member(j, times, "Start")) !=
		    JSON_STRING ||
		    json_type(j, json_member(j, times, "End")) != JSON_STRING)
			return bad_shape(err, "a period has no Start or End");
		if (!is_optional(j, json_member(j, v, "Groups"),
		    JSON_ARRAY) ||
		    !is_optional(j, json_member(j, v, "Total"), JSON_OBJECT))
			return bad_shape(err, "Groups or Total is malformed");
	}
	return 0;
}

/* The metric's column; its unit must be the same everywhere. */
static int
column(struct metrics *m, const char *name, const char *unit, size_t *out,
    struct err *err)
{
	size_t i;

	for (i = 0; i < m->count; i++) {
		if (strcmp(m->names[i], name) != 0)
			continue;
		if (strcmp(m->units[i], unit) != 0)
			return bad_shape(err, "a metric's units differ");
		*out = i;
		return 0;
	}
	if (m->count == METRICS_MAX)
		return bad_shape(err, "it has more metrics than there are");
	memcpy(m->names[m->count], name, NAME_ROOM);
	memcpy(m->units[m->count], unit, NAME_ROOM);
	*out = m->count++;
	return 0;
}

/* Add one {"Metric":{"Amount":"...","Unit":"..."},...} to a row. */
static int
add_amounts(const struct json *j, json_value metrics, struct metrics *m,
    struct sums *row, struct err *err)
{
	char name[NAME_ROOM] = { 0 }, unit[NAME_ROOM] = { 0 }, amount[256];
	struct decimal x;
	json_value v;
	size_t at = 0;

	if (json_type(j, metrics) != JSON_OBJECT)
		return bad_shape(err, "a group has no metrics");
	for (v = json_first(j, metrics); v != JSON_NONE;
	    v = json_next(j, v)) {
		struct span label = json_name(j, v);

		memset(name, 0, sizeof name);
		memset(unit, 0, sizeof unit);
		if (label.n >= NAME_ROOM)
			return bad_shape(err, "a metric's name is too long");
		memcpy(name, label.p, label.n);
		if (!json_string_copy(j, json_member(j, v, "Amount"), amount,
		    sizeof amount) || !decimal_parse(span_of(amount), &x))
			return bad_shape(err, "an amount is no decimal "
			    "number");
		if (!json_string_copy(j, json_member(j, v, "Unit"), unit,
		    sizeof unit))
			return bad_shape(err, "an amount has no unit");
		if (column(m, name, unit, &at, err) != 0)
			return -1;
		if (!decimal_add(&row->amounts[at], &x))
			return bad_shape(err, "an amount is out of range");
	}
	return 0;
}

/* A period's own Total and all its groups. */
static int
add_period(const struct json *j, json_value period, struct metrics *m,
    struct sums *row, struct err *err)
{
	json_value groups = json_member(j, period, "Groups"), v;
	json_value total = json_member(j, period, "Total");

	if (json_count(j, groups) == 0)
		return json_count(j, total) == 0 ? 0 :
		    add_amounts(j, total, m, row, err);
	for (v = json_first(j, groups); v != JSON_NONE; v = json_next(j, v))
		if (add_amounts(j, json_member(j, v, "Metrics"), m, row, err)
		    != 0)
			return -1;
	return 0;
}

static int
insert(struct table *t, size_t at, struct span label, struct err *err)
{
	struct sums *rows = array_grow(t->rows, t->count, &t->room,
	    sizeof *rows);

	if (rows == NULL)
		return err_memory(err);
	t->rows = rows;
	memmove(&t->rows[at + 1], &t->rows[at],
	    (t->count - at) * sizeof *t->rows);
	memset(&t->rows[at], 0, sizeof t->rows[at]);
	t->rows[at].label = label;
	t->count++;
	return 0;
}

/*
 * By the Keys, not by their JSON: a quote ends a key, so it comes before all
 * that a longer key goes on with.
 */
static int
compare_labels(struct span a, struct span b)
{
	size_t i = 0, n = a.n < b.n ? a.n : b.n;

	while (i < n && a.p[i] == b.p[i])
		i++;
	if (i < n && (a.p[i] == '"' || b.p[i] == '"'))
		return a.p[i] == '"' ? -1 : 1;
	return span_compare(a, b);
}

/* The row of a label, made where it is missing. */
static int
find_row(struct table *t, struct span label, struct sums **out,
    struct err *err)
{
	size_t low = 0, high = t->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int c = compare_labels(t->rows[middle].label, label);

		if (c == 0) {
			*out = &t->rows[middle];
			return 0;
		}
		if (c < 0)
			low = middle + 1;
		else
			high = middle;
	}
	if (insert(t, low, label, err) != 0)
		return -1;
	*out = &t->rows[low];
	return 0;
}

static int
add_services(const struct json *j, json_value period, struct metrics *m,
    struct table *t, struct err *err)
{
	json_value groups = json_member(j, period, "Groups"), v, keys;
	struct sums *row, whole;
	size_t i;

	memset(&whole, 0, sizeof whole);
	if (json_count(j, groups) == 0) {
		if (add_period(j, period, m, &whole, err) != 0)
			return -1;
		for (i = 0; i < m->count; i++)
			if (!decimal_is_zero(&whole.amounts[i]))
				return bad_shape(err, "a period has a Total "
				    "but no Groups");
	}
	for (v = json_first(j, groups); v != JSON_NONE;
	    v = json_next(j, v)) {
		keys = json_member(j, v, "Keys");
		if (json_type(j, keys) != JSON_ARRAY)
			return bad_shape(err, "a group has no Keys");
		if (find_row(t, json_raw(j, keys), &row, err) != 0 ||
		    add_amounts(j, json_member(j, v, "Metrics"), m, row, err)
		    != 0)
			return -1;
	}
	return 0;
}

static int
put_amounts(struct json_writer *w, const char *name, const struct metrics *m,
    const struct sums *row, struct err *err)
{
	struct buf text;
	int result = 0;
	size_t i;

	json_put_name(w, name);
	json_open_object(w);
	for (i = 0; i < m->count && result == 0; i++) {
		buf_init(&text, 512);
		decimal_format(&row->amounts[i], &text);
		result = buf_check(&text, "amount", err);
		json_put_name(w, m->names[i]);
		json_open_object(w);
		json_member_string(w, "Amount", buf_string(&text));
		json_member_string(w, "Unit", m->units[i]);
		json_close_object(w);
		buf_clear(&text);
	}
	json_close_object(w);
	return result;
}

static void
put_edges(struct json_writer *w, struct span start, struct span end)
{
	json_put_name(w, "TimePeriod");
	json_open_object(w);
	json_member_raw(w, "Start", start);
	json_member_raw(w, "End", end);
	json_close_object(w);
}

static struct span
edge(const struct json *j, json_value period, const char *name)
{
	return json_raw(j, json_member(j, json_member(j, period,
	    "TimePeriod"), name));
}

static int
put_groups(struct json_writer *w, const struct metrics *m,
    const struct table *t, struct err *err)
{
	int result = 0;
	size_t i;

	json_put_name(w, "Groups");
	json_open_array(w);
	for (i = 0; i < t->count && result == 0; i++) {
		json_open_object(w);
		json_member_raw(w, "Keys", t->rows[i].label);
		result = put_amounts(w, "Metrics", m, &t->rows[i], err);
		json_close_object(w);
	}
	json_close_array(w);
	return result;
}

static void
put_no_groups(struct json_writer *w)
{
	json_put_name(w, "Groups");
	json_open_array(w);
	json_close_array(w);
}

/* A period that Cost Explorer has not said to be final is estimated. */
static bool
estimated(const struct json *j, json_value period)
{
	return json_type(j, json_member(j, period, "Estimated")) !=
	    JSON_FALSE;
}

/*
 * All metrics of the document have to be known before the first period is
 * written: a day without groups still shows each of them as zero.
 */
static int
put_days(const struct json *j, json_value results, struct metrics *m,
    struct json_writer *w, struct err *err)
{
	struct sums row;
	json_value v;

	for (v = json_first(j, results); v != JSON_NONE;
	    v = json_next(j, v)) {
		memset(&row, 0, sizeof row);
		if (add_period(j, v, m, &row, err) != 0)
			return -1;
	}
	for (v = json_first(j, results); v != JSON_NONE;
	    v = json_next(j, v)) {
		memset(&row, 0, sizeof row);
		if (add_period(j, v, m, &row, err) != 0)
			return -1;
		json_open_object(w);
		put_edges(w, edge(j, v, "Start"), edge(j, v, "End"));
		if (put_amounts(w, "Total", m, &row, err) != 0)
			return -1;
		put_no_groups(w);
		json_member_bool(w, "Estimated", estimated(j, v));
		json_close_object(w);
	}
	return 0;
}

/* One period over all of them: totals, or totals by service. */
static int
put_whole(const struct json *j, json_value results, bool by_service,
    struct metrics *m, struct json_writer *w, struct err *err)
{
	struct span start = { NULL, 0 }, end = { NULL, 0 };
	struct table t = { 0 };
	struct sums row;
	bool any_estimated = false;
	int result = -1;
	json_value v;

	memset(&row, 0, sizeof row);
	for (v = json_first(j, results); v != JSON_NONE;
	    v = json_next(j, v)) {
		/* A sum over a gap is not final either. */
		if (start.n == 0)
			start = edge(j, v, "Start");
		else if (!span_equal(end, edge(j, v, "Start")))
			any_estimated = true;
		end = edge(j, v, "End");
		any_estimated = any_estimated || estimated(j, v);
		if ((by_service ? add_services(j, v, m, &t, err) :
		    add_period(j, v, m, &row, err)) != 0)
			goto out;
	}
	result = 0;
	if (start.n == 0)
		goto out;
	json_open_object(w);
	put_edges(w, start, end);
	if (by_service) {
		json_put_name(w, "Total");
		json_open_object(w);
		json_close_object(w);
		result = put_groups(w, m, &t, err);
	} else {
		result = put_amounts(w, "Total", m, &row, err);
		put_no_groups(w);
	}
	json_member_bool(w, "Estimated", any_estimated);
	json_close_object(w);
out:
	free(t.rows);
	return result;
}

int
derive_data(const char *type, struct span full_data, struct buf *out,
    struct err *err)
{
	bool by_service = strcmp(type, "service-breakdown") == 0;
	struct metrics m = { 0 };
	struct json j = { 0 };
	json_value answer, results, definitions;
	struct json_writer w;
	int result = -1;

	if (json_parse(&j, full_data, 0, err) != 0)
		return -1;
	answer = json_member(&j, 0, "cost_and_usage");
	results = json_member(&j, answer, "ResultsByTime");
	if (json_type(&j, results) != JSON_ARRAY) {
		bad_shape(err, "it has no cost_and_usage.ResultsByTime");
		goto out;
	}
	if (check_periods(&j, results, err) != 0)
		goto out;
	json_begin(&w, out, false);
	json_open_object(&w);
	json_put_name(&w, "cost_and_usage");
	json_open_object(&w);
	definitions = json_member(&j, answer, "GroupDefinitions");
	if (by_service && json_type(&j, definitions) == JSON_ARRAY)
		json_member_raw(&w, "GroupDefinitions",
		    json_raw(&j, definitions));
	json_put_name(&w, "ResultsByTime");
	json_open_array(&w);
	result = strcmp(type, "daily-breakdown") == 0 ?
	    put_days(&j, results, &m, &w, err) :
	    put_whole(&j, results, by_service, &m, &w, err);
	json_close_array(&w);
	json_close_object(&w);
	json_close_object(&w);
out:
	json_clear(&j);
	return result;
}
