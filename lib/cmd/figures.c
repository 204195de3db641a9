#include "cmd/figures.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/printable.h"
#include "codec/json.h"

/* GetCostAndUsage knows seven metrics. */
#define METRICS_MAX 8

#define PREFERRED "UnblendedCost"

/* How the reading stands. */
struct reader {
	struct json j;
	struct figures *f;
	bool tags[2];		/* this key of a group is "NAME$VALUE" */
	char names[2][FIGURES_WORD_ROOM];	/* NAME */
};

static int
bad_shape(struct err *err, const char *what)
{
	err_set(err, ERR_DATA, "%s", what);
	err_hint(err, "--format json and --format envelope print any data");
	return -1;
}

static void
add_row(struct figures *f, const struct figures_row *row)
{
	buf_add(&f->rows_room, row, sizeof *row);
	f->rows = (struct figures_row *)(void *)f->rows_room.p;
	f->row_count = f->rows_room.n / sizeof *row;
}

static int
add_period(struct reader *r, json_value v, bool estimated, struct err *err)
{
	json_value times = json_member(&r->j, v, "TimePeriod");
	struct figures *f = r->f;
	struct figures_period period = { .estimated = estimated };

	if (!json_string_copy(&r->j, json_member(&r->j, times, "Start"),
	    period.start, sizeof period.start) ||
	    !json_string_copy(&r->j, json_member(&r->j, times, "End"),
	    period.end, sizeof period.end))
		return bad_shape(err, "a period has no Start or End");
	printable_clean(period.start, strlen(period.start), false);
	printable_clean(period.end, strlen(period.end), false);
	buf_add(&f->periods_room, &period, sizeof period);
	f->periods = (struct figures_period *)(void *)f->periods_room.p;
	f->period_count = f->periods_room.n / sizeof period;
	return buf_check(&f->periods_room, "the periods", err);
}

static int
find_unit(struct figures *f, const char *unit, size_t *out, struct err *err)
{
	size_t i;

	for (i = 0; i < f->unit_count; i++)
		if (strcmp(f->units[i], unit) == 0)
			break;
	if (i == FIGURES_UNITS)
		return bad_shape(err, "its amounts have too many units");
	if (i == f->unit_count)
		memcpy(f->units[f->unit_count++], unit, FIGURES_WORD_ROOM);
	*out = i;
	return 0;
}

/* {"Amount":"...","Unit":"..."} */
static int
read_amount(struct reader *r, json_value v, struct figures_row *row,
    struct err *err)
{
	char unit[FIGURES_WORD_ROOM] = { 0 }, text[256];

	if (!json_string_copy(&r->j, json_member(&r->j, v, "Amount"), text,
	    sizeof text) || !decimal_parse(span_of(text), &row->amount))
		return bad_shape(err, "an amount is no decimal number");
	if (!json_string_copy(&r->j, json_member(&r->j, v, "Unit"), unit,
	    sizeof unit))
		return bad_shape(err, "an amount has no unit");
	printable_clean(unit, strlen(unit), false);
	return find_unit(r->f, unit, &row->unit, err);
}

/* One key of a group, as a person would call it, at the text's end. */
static void
add_key(struct reader *r, size_t i, json_value key)
{
	struct buf *text = &r->f->text;
	size_t from = text->n, name;
	char *value;

	(void)json_string(&r->j, key, text);
	if (text->fault != BUF_SOUND || text->n == from)
		return;
	printable_clean(text->p + from, text->n - from, false);
	if (i >= 2 || !r->tags[i] || (value = memchr(text->p + from, '$',
	    text->n - from)) == NULL)
		return;
	name = (size_t)(value - text->p) + 1 - from;
	if (from + name == text->n) {
		text->n = from;
		buf_addf(text, "(no %s)", r->names[i]);
	} else {
		memmove(text->p + from, text->p + from + name,
		    text->n - from - name + 1);
		text->n -= name;
	}
}

/* The label lies in the text; rows[].group is where, until all are known. */
static int
read_group(struct reader *r, json_value v, size_t period, struct err *err)
{
	struct figures *f = r->f;
	json_value keys = json_member(&r->j, v, "Keys"), key, amount;
	struct figures_row row = { .period = period, .group = f->text.n };
	size_t i = 0;

	amount = json_member(&r->j, json_member(&r->j, v, "Metrics"),
	    f->metric);
	if (amount == JSON_NONE)
		return bad_shape(err, "a group lacks the metric");
	for (key = json_first(&r->j, keys); key != JSON_NONE;
	    key = json_next(&r->j, key), i++) {
		if (i > 0)
			buf_add_string(&f->text, " / ");
		add_key(r, i, key);
	}
	if (i == 0)
		return bad_shape(err, "a group has no Keys");
	buf_add_char(&f->text, '\0');
	if (buf_check(&f->text, "the names of the groups", err) != 0 ||
	    read_amount(r, amount, &row, err) != 0)
		return -1;
	add_row(f, &row);
	return buf_check(&f->rows_room, "the rows", err);
}

static int
read_period(struct reader *r, json_value v, struct err *err)
{
	struct figures *f = r->f;
	struct figures_row row = { .group = FIGURES_NO_GROUP };
	json_value groups = json_member(&r->j, v, "Groups"), group, total;
	json_value estimated = json_member(&r->j, v, "Estimated");

	if (add_period(r, v, json_type(&r->j, estimated) != JSON_FALSE, err)
	    != 0)
		return -1;
	row.period = f->period_count - 1;
	total = json_member(&r->j, json_member(&r->j, v, "Total"), f->metric);
	if (json_count(&r->j, groups) == 0 && total != JSON_NONE) {
		if (read_amount(r, total, &row, err) != 0)
			return -1;
		add_row(f, &row);
	}
	for (group = json_first(&r->j, groups); group != JSON_NONE;
	    group = json_next(&r->j, group))
		if (read_group(r, group, row.period, err) != 0)
			return -1;
	return buf_check(&f->rows_room, "the rows", err);
}

/* Each metric's name once, in the order of the data. */
static void
note_metrics(const struct json *j, json_value metrics,
    char names[METRICS_MAX][FIGURES_WORD_ROOM], size_t *count)
{
	struct span name;
	json_value v;
	size_t i;

	for (v = json_first(j, metrics); v != JSON_NONE;
	    v = json_next(j, v)) {
		name = json_name(j, v);
		for (i = 0; i < *count; i++)
			if (span_is(name, names[i]))
				break;
		if (i < *count || i == METRICS_MAX ||
		    name.n >= FIGURES_WORD_ROOM)
			continue;
		memcpy(names[i], name.p, name.n);
		printable_clean(names[i], name.n, false);
		(*count)++;
	}
}

/* The one asked for; else the usual one; else the first. */
static int
choose_metric(struct reader *r, json_value results, const char *asked,
    struct err *err)
{
	char names[METRICS_MAX][FIGURES_WORD_ROOM] = { { 0 } };
	const char *wish = asked == NULL ? PREFERRED : asked;
	const struct json *j = &r->j;
	size_t count = 0, i;
	struct buf list;
	json_value v, g;

	for (v = json_first(j, results); v != JSON_NONE;
	    v = json_next(j, v)) {
		note_metrics(j, json_member(j, v, "Total"), names, &count);
		g = json_first(j, json_member(j, v, "Groups"));
		note_metrics(j, json_member(j, g, "Metrics"), names, &count);
	}
	for (i = 0; i < count && strcmp(names[i], wish) != 0; i++)
		;
	if (i == count && asked == NULL)
		i = 0;
	if (i < count || count == 0) {
		if (count > 0)
			memcpy(r->f->metric, names[i], FIGURES_WORD_ROOM);
		else
			(void)snprintf(r->f->metric, FIGURES_WORD_ROOM, "%s",
			    wish);
		return 0;
	}
	buf_init(&list, 4 * LIMIT_KIB);
	for (i = 0; i < count; i++)
		buf_addf(&list, "%s%s", i == 0 ? "" : ", ", names[i]);
	err_set(err, ERR_DATA, "the data has no '%s'", asked);
	err_hint(err, "it has %s", buf_string(&list));
	buf_clear(&list);
	return -1;
}

/* What the groups are: "Service", "Linked account / team". */
static void
read_definitions(struct reader *r, json_value definitions)
{
	const struct json *j = &r->j;
	char *heading = r->f->heading, key[FIGURES_WORD_ROOM];
	size_t i = 0, n = 0, k;
	bool dimension;
	json_value v;

	for (v = json_first(j, definitions); v != JSON_NONE && i < 2;
	    v = json_next(j, v), i++) {
		if (!json_string_copy(j, json_member(j, v, "Key"), key,
		    sizeof key))
			continue;
		printable_clean(key, strlen(key), false);
		dimension = json_string_is(j, json_member(j, v, "Type"),
		    "DIMENSION");
		r->tags[i] = !dimension;
		memcpy(r->names[i], key, sizeof key);
		for (k = 0; dimension && key[k] != '\0'; k++) {
			if (k > 0)
				key[k] = span_lower(key[k]);
			if (key[k] == '_')
				key[k] = ' ';
		}
		n += (size_t)snprintf(heading + n,
		    sizeof r->f->heading - n, "%s%.58s", n == 0 ? "" : " / ",
		    key);
	}
	if (n == 0)
		(void)snprintf(heading, sizeof r->f->heading, "Group");
}

static int
compare_groups(const void *a, const void *b)
{
	return span_compare(*(const struct span *)a, *(const struct span *)b);
}

/* From places in the text to indexes of distinct labels. */
static int
index_groups(struct figures *f, struct err *err)
{
	const char *text = buf_string(&f->text);
	struct span key, *found;
	size_t i, n = 0, distinct = 0;

	f->groups = calloc(f->row_count + 1, sizeof *f->groups);
	if (f->groups == NULL)
		return err_memory(err);
	for (i = 0; i < f->row_count; i++)
		if (f->rows[i].group != FIGURES_NO_GROUP)
			f->groups[n++] = span_of(text + f->rows[i].group);
	qsort(f->groups, n, sizeof *f->groups, compare_groups);
	for (i = 0; i < n; i++)
		if (distinct == 0 || !span_equal(f->groups[distinct - 1],
		    f->groups[i]))
			f->groups[distinct++] = f->groups[i];
	f->group_count = distinct;
	for (i = 0; i < f->row_count; i++) {
		if (f->rows[i].group == FIGURES_NO_GROUP)
			continue;
		key = span_of(text + f->rows[i].group);
		found = bsearch(&key, f->groups, distinct, sizeof *f->groups,
		    compare_groups);
		f->rows[i].group = (size_t)(found - f->groups);
	}
	return 0;
}

static int
read_costs(struct reader *r, json_value answer, json_value results,
    const char *metric, struct err *err)
{
	json_value v;

	read_definitions(r, json_member(&r->j, answer, "GroupDefinitions"));
	if (choose_metric(r, results, metric, err) != 0)
		return -1;
	for (v = json_first(&r->j, results); v != JSON_NONE;
	    v = json_next(&r->j, v))
		if (read_period(r, v, err) != 0)
			return -1;
	return index_groups(r->f, err);
}

static int
read_forecast(struct reader *r, json_value answer, json_value results,
    const char *type, const char *metric, struct err *err)
{
	struct figures *f = r->f;
	struct figures_row row = { .group = FIGURES_NO_GROUP };
	char text[256], unit[FIGURES_WORD_ROOM] = { 0 };
	json_value v;

	f->forecast = true;
	if (strcmp(type, "forecast") == 0)
		memcpy(f->metric, PREFERRED, sizeof PREFERRED);
	if (metric != NULL && strcmp(metric, f->metric) != 0) {
		err_set(err, ERR_DATA, "the forecast is not of '%s'", metric);
		err_hint(err, "it is of %s", f->metric[0] == '\0' ?
		    "what its request asks" : f->metric);
		return -1;
	}
	if (!json_string_copy(&r->j, json_member(&r->j, json_member(&r->j,
	    answer, "Total"), "Unit"), unit, sizeof unit))
		return bad_shape(err, "the forecast has no unit");
	printable_clean(unit, strlen(unit), false);
	if (find_unit(f, unit, &row.unit, err) != 0)
		return -1;
	for (v = json_first(&r->j, results); v != JSON_NONE;
	    v = json_next(&r->j, v)) {
		if (!json_string_copy(&r->j, json_member(&r->j, v,
		    "MeanValue"), text, sizeof text) ||
		    !decimal_parse(span_of(text), &row.amount))
			return bad_shape(err, "a forecast is no decimal "
			    "number");
		if (add_period(r, v, true, err) != 0)
			return -1;
		row.period = f->period_count - 1;
		add_row(f, &row);
	}
	return buf_check(&f->rows_room, "the rows", err);
}

/* The answer itself, or a member of the object that we or a person put around
 * it. */
static json_value
find_answer(const struct json *j, const char *list)
{
	json_value v;

	if (json_type(j, json_member(j, 0, list)) == JSON_ARRAY)
		return 0;
	for (v = json_type(j, 0) == JSON_OBJECT ? json_first(j, 0) :
	    JSON_NONE; v != JSON_NONE; v = json_next(j, v))
		if (json_type(j, json_member(j, v, list)) == JSON_ARRAY)
			return v;
	return JSON_NONE;
}

int
figures_read(struct span data, const char *type, const char *metric,
    struct figures *out, struct err *err)
{
	static const char *const lists[] = { "ResultsByTime",
	    "ForecastResultsByTime" };
	struct reader r = { .f = out };
	json_value costs, forecast;
	int result;

	memset(out, 0, sizeof *out);
	out->others = FIGURES_NO_GROUP;
	buf_init(&out->text, LIMIT_OBJECT);
	buf_init(&out->rows_room, 4 * LIMIT_OBJECT);
	buf_init(&out->periods_room, LIMIT_OBJECT);
	if (json_parse(&r.j, data, 0, err) != 0)
		return -1;
	costs = find_answer(&r.j, lists[0]);
	forecast = find_answer(&r.j, lists[1]);
	if (costs != JSON_NONE)
		result = read_costs(&r, costs, json_member(&r.j, costs,
		    lists[0]), metric, err);
	else if (forecast != JSON_NONE)
		result = read_forecast(&r, forecast, json_member(&r.j,
		    forecast, lists[1]), type, metric, err);
	else
		result = bad_shape(err, "these are no costs over time, as "
		    "GetCostAndUsage and GetCostForecast answer");
	json_clear(&r.j);
	if (result != 0)
		figures_clear(out);
	return result;
}

void
figures_clear(struct figures *f)
{
	free(f->groups);
	free(f->others_label);
	f->groups = NULL;
	f->others_label = NULL;
	buf_clear(&f->text);
	buf_clear(&f->rows_room);
	buf_clear(&f->periods_room);
	f->rows = NULL;
	f->periods = NULL;
	f->row_count = f->period_count = f->group_count = 0;
}

const char *
figures_unit(const struct figures *f, struct err *err)
{
	if (f->unit_count <= 1)
		return f->unit_count == 0 ? "" : f->units[0];
	err_set(err, ERR_DATA, "'%s' is counted in %s and in %s, which do not "
	    "add up", f->metric, f->units[0], f->units[1]);
	err_hint(err, "take another --metric, or --format csv without --top");
	return NULL;
}

bool
figures_estimated(const struct figures *f)
{
	size_t i;

	for (i = 0; i < f->period_count; i++)
		if (f->periods[i].estimated)
			return true;
	return false;
}
