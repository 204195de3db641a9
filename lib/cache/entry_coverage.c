#include "cache/entry.h"

#include <string.h>

#include "base/date.h"
#include "cache/derive.h"
#include "codec/json.h"

#define DAY 86400

/* Of all periods read so far. */
struct edges {
	int64_t start;
	int64_t end;
	bool some;
};

/* A day, or, in HOURLY periods, a moment. */
static bool
read_edge(const struct json *j, json_value period, const char *name,
    int64_t *out)
{
	json_value v = json_member(j, json_member(j, period, "TimePeriod"),
	    name);
	char text[DATE_ROOM * 2];
	struct date day;

	if (!json_string_copy(j, v, text, sizeof text))
		return false;
	if (!date_parse_day(span_of(text), &day))
		return date_parse_rfc3339(span_of(text), out);
	*out = date_start(day);
	return true;
}

static bool
period_empty(const struct json *j, json_value period)
{
	return json_count(j, json_member(j, period, "Groups")) == 0 &&
	    json_count(j, json_member(j, period, "Total")) == 0;
}

static bool
read_period(const struct json *j, struct edges *edges,
    struct entry_coverage *out)
{
	const json_value period = 0;
	int64_t start, end;

	if (!read_edge(j, period, "Start", &start) ||
	    !read_edge(j, period, "End", &end) || end <= start)
		return false;
	if (!edges->some)
		edges->start = start;
	else if (start != edges->end)
		out->contiguous = false;
	edges->end = end;
	edges->some = true;
	if (json_type(j, json_member(j, period, "Estimated")) != JSON_FALSE)
		out->estimated = true;
	if (!period_empty(j, period))
		out->empty = false;
	return true;
}

/* A period at a time: all of them would take thrice their text as tokens. */
static int
read_periods(struct span rest, struct edges *edges,
    struct entry_coverage *out, struct err *err)
{
	struct span period;

	while (out->known && json_element(&rest, &period)) {
		struct json j = { 0 };

		if (json_parse(&j, period, 0, err) != 0)
			return -1;
		out->known = read_period(&j, edges, out);
		json_clear(&j);
	}
	return 0;
}

int
entry_coverage(struct span data, struct entry_coverage *out, struct err *err)
{
	struct edges edges = { 0 };
	struct span rest;

	memset(out, 0, sizeof *out);
	out->empty = out->contiguous = true;
	if (json_check(data, err) != 0)
		return -1;
	out->known = json_elements(json_find(json_find(data,
	    "cost_and_usage"), "ResultsByTime"), &rest);
	if (!out->known)
		return 0;
	if (read_periods(rest, &edges, out, err) != 0)
		return -1;
	if (!edges.some)
		return 0;
	if (edges.start % DAY != 0 || edges.end % DAY != 0)
		out->contiguous = false;
	out->start = date_of(edges.start);
	out->end = date_of(edges.end + DAY - 1);
	return 0;
}

bool
entry_may_be_final(const struct entry_metadata *m)
{
	struct month month;

	return m->estimated == 0 && strncmp(m->source, "ce:", 3) == 0 &&
	    month_parse(span_of(m->period), &month) &&
	    m->timestamp >= date_start(month_end(month));
}

bool
entry_final(const struct entry_metadata *m,
    const struct entry_coverage *coverage)
{
	struct month month;

	if ((strcmp(m->data_type, "full-data") != 0 &&
	    !derive_possible(m->data_type)) || strcmp(m->source, "ce:GetCostAndUsage") != 0 ||
	    !month_parse(span_of(m->period), &month))
		return false;
	/* Bought on its last day, a month is covered and not yet closed. */
	if (m->timestamp < date_start(month_end(month)))
		return false;
	return coverage->known && !coverage->empty &&
	    !coverage->estimated && coverage->contiguous &&
	    date_start(coverage->start) == date_start(month_first(month)) &&
	    date_start(coverage->end) == date_start(month_end(month));
}
