#include "tap.h"

#include "base/month.h"

#define COUNT(rows) (sizeof (rows) / sizeof (rows)[0])

static void
test_parse(void)
{
	static const struct {
		const char *text;
		bool good;
	} rows[] = {
		{ "2025-08", true }, { "1970-01", true }, { "9999-12", true },
		{ "2025-13", false }, { "2025-00", false },
		{ "1969-12", false }, { "2025-8", false },
		{ "2025-08-", false }, { "2025-08-01", false },
		{ "2025/08", false }, { "202508", false }, { "", false },
		{ " 2025-0", false }, { "2025-1x", false },
	};
	size_t i;

	for (i = 0; i < COUNT(rows); i++) {
		struct month m = { 0, 0 };
		char back[MONTH_ROOM];
		bool good = month_parse(span_of(rows[i].text), &m);

		ok(good == rows[i].good, "month '%s'", rows[i].text);
		if (good) {
			month_format(m, back);
			is_str(back, rows[i].text, "and back");
		} else {
			is_int(m.month, 0, "left alone");
		}
	}
}

static void
test_add(void)
{
	static const struct {
		struct month from;
		int n;
		struct month want;
	} rows[] = {
		{ { 2025, 8 }, 0, { 2025, 8 } },
		{ { 2025, 8 }, 1, { 2025, 9 } },
		{ { 2025, 12 }, 1, { 2026, 1 } },
		{ { 2025, 1 }, -1, { 2024, 12 } },
		{ { 2025, 8 }, -13, { 2024, 7 } },
		{ { 2025, 8 }, 24, { 2027, 8 } },
		{ { 1970, 1 }, -1, { 1970, 1 } },
		{ { 9999, 12 }, 1, { 9999, 12 } },
		{ { 2025, 8 }, INT32_MAX, { 9999, 12 } },
		{ { 2025, 8 }, INT32_MIN, { 1970, 1 } },
	};
	size_t i;

	for (i = 0; i < COUNT(rows); i++) {
		struct month m = month_add(rows[i].from, rows[i].n);

		is_int(month_compare(m, rows[i].want), 0,
		    "%d-%d and %d months", rows[i].from.year,
		    rows[i].from.month, rows[i].n);
	}
	is_int(month_compare((struct month){ 2024, 12 },
	    (struct month){ 2025, 1 }), -1, "earlier");
	is_int(month_compare((struct month){ 2025, 2 },
	    (struct month){ 2025, 1 }), 1, "later");
}

static void
is_date(struct date got, struct date want, const char *name, const char *what)
{
	char g[DATE_ROOM], w[DATE_ROOM];

	date_format_day(got, g);
	date_format_day(want, w);
	is_str(g, w, "%s: %s", name, what);
}

static void
test_ends(void)
{
	struct month m = { 2024, 2 }, last = { 9999, 12 };
	struct date end = month_end(last);

	is_date(month_first(m), (struct date){ 2024, 2, 1 }, "2024-02",
	    "first");
	is_date(month_end(m), (struct date){ 2024, 3, 1 }, "2024-02", "end");
	m.month = 12;
	is_date(month_end(m), (struct date){ 2025, 1, 1 }, "2024-12", "end");
	is_date(end, (struct date){ 10000, 1, 1 }, "9999-12", "end");
	is_int(date_start(end), INT64_C(253402300800), "which has a start");
	is_int(month_of(1709164799).month, 2, "last second of February");
	is_int(month_of(1709251200).month, 3, "first second of March");
}

static void
test_query_period(void)
{
	static const struct {
		const char *now;
		struct month month;
		struct date start, end;
	} rows[] = {
		{ "2025-08-11T14:30:00Z", { 2025, 8 }, { 2025, 8, 1 },
		    { 2025, 8, 12 } },
		/* the first of a month, where [first, today) is empty */
		{ "2025-08-01T00:00:00Z", { 2025, 8 }, { 2025, 8, 1 },
		    { 2025, 8, 2 } },
		{ "2025-08-30T23:59:59Z", { 2025, 8 }, { 2025, 8, 1 },
		    { 2025, 8, 31 } },
		{ "2025-08-31T00:00:00Z", { 2025, 8 }, { 2025, 8, 1 },
		    { 2025, 9, 1 } },
		{ "2025-12-31T23:59:59Z", { 2025, 12 }, { 2025, 12, 1 },
		    { 2026, 1, 1 } },
		{ "2024-02-28T12:00:00Z", { 2024, 2 }, { 2024, 2, 1 },
		    { 2024, 2, 29 } },
		{ "2024-02-29T12:00:00Z", { 2024, 2 }, { 2024, 2, 1 },
		    { 2024, 3, 1 } },
		{ "2025-02-28T12:00:00Z", { 2025, 2 }, { 2025, 2, 1 },
		    { 2025, 3, 1 } },
		{ "2025-08-11T14:30:00Z", { 2025, 7 }, { 2025, 7, 1 },
		    { 2025, 8, 1 } },
		{ "2025-08-11T14:30:00Z", { 2024, 12 }, { 2024, 12, 1 },
		    { 2025, 1, 1 } },
		{ "2025-09-01T00:00:00Z", { 2025, 8 }, { 2025, 8, 1 },
		    { 2025, 9, 1 } },
	};
	size_t i;

	for (i = 0; i < COUNT(rows); i++) {
		struct date start, end;
		int64_t now = 0;

		ok(date_parse_rfc3339(span_of(rows[i].now), &now), "now");
		month_query_period(rows[i].month, now, &start, &end);
		is_date(start, rows[i].start, rows[i].now, "start");
		is_date(end, rows[i].end, rows[i].now, "end");
	}
}

int
main(void)
{
	test_parse();
	test_add();
	test_ends();
	test_query_period();
	return done_testing();
}
