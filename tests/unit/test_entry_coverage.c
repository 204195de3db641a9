#include "tap.h"

#include "cache/derive.h"
#include "cache/entry.h"

#define COUNT(rows) (sizeof (rows) / sizeof (rows)[0])

/* February 2025, which is short. */
#define RESULTS(list) "{\"cost_and_usage\":{\"ResultsByTime\":[" list "]}}"
#define TIMES(start, end) "\"TimePeriod\":{\"Start\":\"" start \
	"\",\"End\":\"" end "\"}"
#define GROUPS "\"Groups\":[{\"Keys\":[\"A\"],\"Metrics\":{\"UnblendedCost\"" \
	":{\"Amount\":\"1\",\"Unit\":\"USD\"}}}]"
#define TOTAL "\"Total\":{\"UnblendedCost\":{\"Amount\":\"1\",\"Unit\":" \
	"\"USD\"}}"
#define FINAL "\"Estimated\":false"
#define SPENT(start, end) "{" TIMES(start, end) ",\"Total\":{}," GROUPS "," \
	FINAL "}"
#define IDLE(start, end) "{" TIMES(start, end) ",\"Total\":{},\"Groups\":[]," \
	FINAL "}"
#define WHOLE SPENT("2025-02-01", "2025-02-10") "," \
	SPENT("2025-02-10", "2025-03-01")

static const struct {
	const char *what, *data;
	const char *days;	/* "START END", NULL: not known */
	bool empty, estimated, contiguous;
	bool final;		/* of a built-in's purchase for 2025-02 */
} rows[] = {
	{ "the whole month", RESULTS(WHOLE), "2025-02-01 2025-03-01", false,
	    false, true, true },
	{ "in one period", RESULTS(SPENT("2025-02-01", "2025-03-01")),
	    "2025-02-01 2025-03-01", false, false, true, true },
	{ "a total instead of groups", RESULTS("{" TIMES("2025-02-01",
	    "2025-03-01") "," TOTAL "," FINAL ",\"Groups\":[]}"),
	    "2025-02-01 2025-03-01", false, false, true, true },
	{ "a total alone", RESULTS("{" TIMES("2025-02-01", "2025-03-01") ","
	    TOTAL "," FINAL "}"), "2025-02-01 2025-03-01", false, false, true,
	    true },
	{ "a day without groups", RESULTS(SPENT("2025-02-01", "2025-02-10")
	    "," IDLE("2025-02-10", "2025-02-11") ","
	    SPENT("2025-02-11", "2025-03-01")), "2025-02-01 2025-03-01",
	    false, false, true, true },
	{ "no groups at all", RESULTS(IDLE("2025-02-01", "2025-02-10") ","
	    IDLE("2025-02-10", "2025-03-01")), "2025-02-01 2025-03-01", true,
	    false, true, false },
	{ "members in another order, and others", RESULTS("{\"x\":1," FINAL
	    "," GROUPS "," TIMES("2025-02-01", "2025-03-01") "}"),
	    "2025-02-01 2025-03-01", false, false, true, true },
	{ "a gap", RESULTS(SPENT("2025-02-01", "2025-02-10") ","
	    SPENT("2025-02-11", "2025-03-01")), "2025-02-01 2025-03-01",
	    false, false, false, false },
	{ "an overlap", RESULTS(SPENT("2025-02-01", "2025-02-10") ","
	    SPENT("2025-02-09", "2025-03-01")), "2025-02-01 2025-03-01",
	    false, false, false, false },
	{ "a period twice", RESULTS(SPENT("2025-02-01", "2025-03-01") ","
	    SPENT("2025-02-01", "2025-03-01")), "2025-02-01 2025-03-01",
	    false, false, false, false },
	{ "the wrong way round", RESULTS(SPENT("2025-02-10", "2025-03-01") ","
	    SPENT("2025-02-01", "2025-02-10")), "2025-02-10 2025-02-10",
	    false, false, false, false },
	{ "the month so far", RESULTS(SPENT("2025-02-01", "2025-02-28")),
	    "2025-02-01 2025-02-28", false, false, true, false },
	{ "but its first day", RESULTS(SPENT("2025-02-02", "2025-03-01")),
	    "2025-02-02 2025-03-01", false, false, true, false },
	{ "more than the month", RESULTS(SPENT("2025-02-01", "2025-03-02")),
	    "2025-02-01 2025-03-02", false, false, true, false },
	{ "from before the month", RESULTS(SPENT("2025-01-31",
	    "2025-03-01")), "2025-01-31 2025-03-01", false, false, true,
	    false },
	{ "another month", RESULTS(SPENT("2025-01-01", "2025-02-01")),
	    "2025-01-01 2025-02-01", false, false, true, false },
	{ "another year's", RESULTS(SPENT("2024-02-01", "2024-03-01")),
	    "2024-02-01 2024-03-01", false, false, true, false },
	{ "estimated", RESULTS("{" TIMES("2025-02-01", "2025-03-01") ","
	    GROUPS ",\"Estimated\":true}"), "2025-02-01 2025-03-01", false,
	    true, true, false },
	{ "one of many is estimated", RESULTS(SPENT("2025-02-01",
	    "2025-02-10") ",{" TIMES("2025-02-10", "2025-02-11") ","
	    GROUPS ",\"Estimated\":true}," SPENT("2025-02-11",
	    "2025-03-01")), "2025-02-01 2025-03-01", false, true, true,
	    false },
	{ "it does not say", RESULTS("{" TIMES("2025-02-01", "2025-03-01")
	    "," GROUPS "}"), "2025-02-01 2025-03-01", false, true, true,
	    false },
	{ "null says nothing", RESULTS("{" TIMES("2025-02-01", "2025-03-01")
	    "," GROUPS ",\"Estimated\":null}"), "2025-02-01 2025-03-01",
	    false, true, true, false },
	{ "text says nothing", RESULTS("{" TIMES("2025-02-01", "2025-03-01")
	    "," GROUPS ",\"Estimated\":\"false\"}"), "2025-02-01 2025-03-01",
	    false, true, true, false },
	{ "hours", RESULTS(SPENT("2025-02-01T00:00:00Z",
	    "2025-02-01T01:00:00Z") "," SPENT("2025-02-01T01:00:00Z",
	    "2025-03-01T00:00:00Z")), "2025-02-01 2025-03-01", false, false,
	    true, true },
	{ "an hour is missing", RESULTS(SPENT("2025-02-01T00:00:00Z",
	    "2025-02-01T01:00:00Z") "," SPENT("2025-02-01T02:00:00Z",
	    "2025-03-01T00:00:00Z")), "2025-02-01 2025-03-01", false, false,
	    false, false },
	{ "but the first hour", RESULTS(SPENT("2025-02-01T01:00:00Z",
	    "2025-03-01T00:00:00Z")), "2025-02-01 2025-03-01", false, false,
	    false, false },
	{ "but the last hour", RESULTS(SPENT("2025-02-01T00:00:00Z",
	    "2025-02-28T23:00:00Z")), "2025-02-01 2025-03-01", false, false,
	    false, false },
	{ "hours of one day", RESULTS(SPENT("2025-02-03T07:00:00Z",
	    "2025-02-03T14:00:00Z")), "2025-02-03 2025-02-04", false, false,
	    false, false },
	{ "no period", RESULTS(""), "", true, false, true, false },
	{ "an empty period", RESULTS(SPENT("2025-02-01", "2025-02-01")),
	    NULL, false, false, false, false },
	{ "a period backwards", RESULTS(SPENT("2025-03-01", "2025-02-01")),
	    NULL, false, false, false, false },
	{ "no real day", RESULTS(SPENT("2025-02-01", "2025-02-29")), NULL,
	    false, false, false, false },
	{ "no date", RESULTS(SPENT("2025-02-01", "2025-03-01-or-so")), NULL,
	    false, false, false, false },
	{ "no start", RESULTS("{\"TimePeriod\":{\"End\":\"2025-03-01\"},"
	    GROUPS "," FINAL "}"), NULL, false, false, false, false },
	{ "no times", RESULTS("{" GROUPS "," FINAL "}"), NULL, false, false,
	    false, false },
	{ "no objects", RESULTS("1,2"), NULL, false, false, false, false },
	{ "the second is broken", RESULTS(SPENT("2025-02-01", "2025-03-01")
	    ",null"), NULL, false, false, false, false },
	{ "no array", "{\"cost_and_usage\":{\"ResultsByTime\":{}}}", NULL,
	    false, false, false, false },
	{ "unwrapped", "{\"ResultsByTime\":[" WHOLE "]}", NULL, false, false,
	    false, false },
	{ "a forecast", "{\"forecast\":{\"Total\":{\"Amount\":\"1\"},"
	    "\"ForecastResultsByTime\":[" WHOLE "]}}", NULL, false, false,
	    false, false },
	{ "a list", "[1]", NULL, false, false, false, false },
	{ "a number", "7", NULL, false, false, false, false },
};

/* 2025-03-01T00:00:00Z */
#define CLOSED 1740787200

static const struct entry_metadata bought = {
	.data_type = "full-data", .period = "2025-02",
	.source = "ce:GetCostAndUsage", .timestamp = CLOSED,
};

static void
test_coverage(void)
{
	char start[DATE_ROOM], end[DATE_ROOM], days[2 * DATE_ROOM];
	struct entry_coverage c;
	size_t i;

	for (i = 0; i < COUNT(rows); i++) {
		struct err err = { 0 };

		is_int(entry_coverage(span_of(rows[i].data), &c, &err), 0,
		    "%s", rows[i].what);
		is_int(c.known, rows[i].days != NULL, "known");
		is_int(entry_final(&bought, &c), rows[i].final, "final");
		if (rows[i].days == NULL || !c.known)
			continue;
		is_int(c.empty, rows[i].empty, "empty");
		is_int(c.estimated, rows[i].estimated, "estimated");
		is_int(c.contiguous, rows[i].contiguous, "contiguous");
		if (rows[i].days[0] == '\0')
			continue;
		date_format_day(c.start, start);
		date_format_day(c.end, end);
		snprintf(days, sizeof days, "%s %s", start, end);
		is_str(days, rows[i].days, "its days");
	}
}

static void
test_no_json(void)
{
	static const char *const texts[] = { "", "{", "{\"a\" 1}", "{} {}" };
	struct entry_coverage c;
	size_t i;

	for (i = 0; i < COUNT(texts); i++) {
		struct err err = { 0 };

		is_int(entry_coverage(span_of(texts[i]), &c, &err), -1,
		    "'%s' is no JSON", texts[i]);
		is_int(err.class, ERR_DATA, "says so");
		ok(!c.known && !entry_final(&bought, &c),
		    "and nothing is known");
	}
}

/* The same figures under other metadata. */
static void
test_final(void)
{
	static const struct {
		const char *type, *source, *period;
		bool want;
	} cases[] = {
		{ "full-data", "ce:GetCostAndUsage", "2025-02", true },
		{ "mtd-costs", "ce:GetCostAndUsage", "2025-02", true },
		{ "daily-breakdown", "ce:GetCostAndUsage", "2025-02", true },
		{ "service-breakdown", "ce:GetCostAndUsage", "2025-02", true },
		{ "forecast", "ce:GetCostForecast", "2025-02", false },
		{ "forecast", "ce:GetCostAndUsage", "2025-02", false },
		{ "by-team", "ce:GetCostAndUsage", "2025-02", false },
		{ "full-data", "push", "2025-02", false },
		{ "mtd-costs", "push", "2025-02", false },
		{ "full-data", "", "2025-02", false },
		{ "full-data", "ce:GetCostAndUsageWithResources", "2025-02",
		    false },
		{ "full-data", "GetCostAndUsage", "2025-02", false },
		{ "full-data", "ce:GetCostAndUsage", "2025-03", false },
		{ "full-data", "ce:GetCostAndUsage", "2025-01", false },
		{ "full-data", "ce:GetCostAndUsage", "2024-02", false },
		{ "full-data", "ce:GetCostAndUsage", "", false },
		{ "full-data", "ce:GetCostAndUsage", "feb", false },
	};
	struct err err = { 0 };
	struct entry_coverage c;
	size_t i;

	if (!ok(entry_coverage(span_of(RESULTS(WHOLE)), &c, &err) == 0,
	    "the whole month"))
		return;
	for (i = 0; i < COUNT(cases); i++) {
		struct entry_metadata m = { .timestamp = CLOSED };

		snprintf(m.data_type, sizeof m.data_type, "%s",
		    cases[i].type);
		snprintf(m.source, sizeof m.source, "%s", cases[i].source);
		snprintf(m.period, sizeof m.period, "%s", cases[i].period);
		is_int(entry_final(&m, &c), cases[i].want, "%s of %s for '%s'",
		    cases[i].type, cases[i].source, cases[i].period);
	}
	for (i = 0; i < 2; i++) {
		struct entry_metadata m = bought;

		m.timestamp = CLOSED - (int64_t)i;
		is_int(entry_final(&m, &c), i == 0, "bought %zu s before "
		    "the month was over", i);
	}
}

/* Is a derived entry final exactly when its full-data is? */
static void
test_derived(void)
{
	static const char *const types[] = { "mtd-costs", "daily-breakdown",
		"service-breakdown" };
	struct entry_coverage c;
	struct buf b;
	size_t i, k;

	buf_init(&b, 100000);
	for (i = 0; i < COUNT(rows); i++) {
		if (rows[i].days == NULL)
			continue;
		for (k = 0; k < COUNT(types); k++) {
			struct entry_metadata m = bought;
			struct err err = { 0 };

			/* A total alone cannot be broken down. */
			if (k == 2 && strstr(rows[i].data, TOTAL) != NULL)
				continue;
			snprintf(m.data_type, sizeof m.data_type, "%s",
			    types[k]);
			buf_reset(&b);
			if (!ok(derive_data(types[k], span_of(rows[i].data),
			    &b, &err) == 0 && entry_coverage(buf_view(&b), &c,
			    &err) == 0, "%s of: %s", types[k],
			    rows[i].what)) {
				note("%s", err.message);
				continue;
			}
			is_int(entry_final(&m, &c), rows[i].final, "final");
			ok(!c.known || c.estimated || !rows[i].estimated,
			    "estimated");
		}
	}
	buf_clear(&b);
}

int
main(void)
{
	test_coverage();
	test_no_json();
	test_final();
	test_derived();
	return done_testing();
}
