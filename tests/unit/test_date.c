#include <time.h>

#include "tap.h"

#include "base/date.h"

#define COUNT(rows) (sizeof (rows) / sizeof (rows)[0])
#define LAST INT64_C(253402300799)

static void
test_calendar(void)
{
	static const struct {
		int64_t seconds;
		struct date date;
	} rows[] = {
		{ 0, { 1970, 1, 1 } }, { 86399, { 1970, 1, 1 } },
		{ 86400, { 1970, 1, 2 } }, { 68169600, { 1972, 2, 29 } },
		{ 68256000, { 1972, 3, 1 } }, { 951782400, { 2000, 2, 29 } },
		{ 951868800, { 2000, 3, 1 } },
		{ 1754922600, { 2025, 8, 11 } },
		{ 1767225599, { 2025, 12, 31 } },
		{ 1767225600, { 2026, 1, 1 } },
		{ INT64_C(4107542400), { 2100, 3, 1 } },
		{ INT64_C(4107456000), { 2100, 2, 28 } },
		{ LAST, { 9999, 12, 31 } },
		{ LAST + 1, { 9999, 12, 31 } }, { -1, { 1970, 1, 1 } },
		{ INT64_MAX, { 9999, 12, 31 } }, { INT64_MIN, { 1970, 1, 1 } },
	};
	size_t i;

	for (i = 0; i < COUNT(rows); i++) {
		struct date d = date_of(rows[i].seconds);
		char got[DATE_ROOM], want[DATE_ROOM];

		date_format_day(d, got);
		date_format_day(rows[i].date, want);
		is_str(got, want, "day of %lld", (long long)rows[i].seconds);
	}
}

/* Each day of eight thousand years, by counting. */
static void
test_every_day(void)
{
	struct date d = { 1970, 1, 1 };
	int64_t seconds = 0;
	int wrong = 0;

	for (; d.year <= 9999; seconds += 86400) {
		struct date got = date_of(seconds + 86399);

		if (got.year != d.year || got.month != d.month ||
		    got.day != d.day || date_start(d) != seconds ||
		    !date_valid(d))
			wrong++;
		if (++d.day > date_days_in_month(d.year, d.month)) {
			d.day = 1;
			d.month++;
		}
		if (d.month > 12) {
			d.month = 1;
			d.year++;
		}
	}
	is_int(wrong, 0, "every day of 1970 to 9999");
	is_int(seconds, LAST + 1, "as many as there are");
}

static void
test_months(void)
{
	static const struct {
		int year, month, days;
	} rows[] = { { 2025, 1, 31 }, { 2025, 2, 28 }, { 2024, 2, 29 },
		{ 2000, 2, 29 }, { 1900, 2, 28 }, { 2100, 2, 28 },
		{ 2025, 4, 30 }, { 2025, 12, 31 } };
	size_t i;

	for (i = 0; i < COUNT(rows); i++)
		is_int(date_days_in_month(rows[i].year, rows[i].month),
		    rows[i].days, "days of %d-%d", rows[i].year,
		    rows[i].month);
}

static void
test_day(void)
{
	static const struct {
		const char *text;
		bool good;
	} rows[] = {
		{ "2025-08-11", true }, { "2024-02-29", true },
		{ "1970-01-01", true }, { "9999-12-31", true },
		{ "2025-02-29", false }, { "2100-02-29", false },
		{ "2025-04-31", false }, { "2025-13-01", false },
		{ "2025-00-01", false }, { "2025-01-00", false },
		{ "1969-12-31", false }, { "2025-8-11", false },
		{ "2025-08-11 ", false }, { " 2025-08-11", false },
		{ "20250811", false }, { "2025/08/11", false },
		{ "2025-08-1x", false }, { "", false }, { "2025-08", false },
		{ "10000-01-01", false }, { "+025-01-01", false },
	};
	size_t i;

	for (i = 0; i < COUNT(rows); i++) {
		struct date d = { 0 };
		char back[DATE_ROOM];
		bool good = date_parse_day(span_of(rows[i].text), &d);

		ok(good == rows[i].good, "day '%s'", rows[i].text);
		if (good) {
			date_format_day(d, back);
			is_str(back, rows[i].text, "and back");
		} else {
			is_int(d.year, 0, "left alone");
		}
	}
}

static void
test_rfc3339(void)
{
	static const struct {
		const char *text;
		int64_t want;		/* -1: refused */
	} rows[] = {
		{ "2025-08-11T14:30:00Z", 1754922600 },
		{ "2025-08-11t14:30:00z", 1754922600 },
		{ "2025-08-11T14:30:00.000Z", 1754922600 },
		{ "2025-08-11T14:30:00.999999999Z", 1754922600 },
		{ "2025-08-11T14:30:00,5Z", 1754922600 },
		{ "2025-08-11T14:30:00UTC", 1754922600 },
		{ "2025-08-11T14:30:00+00:00", 1754922600 },
		{ "2025-08-11T16:30:00+02:00", 1754922600 },
		{ "2025-08-11T16:30:00+0200", 1754922600 },
		{ "2025-08-11T09:00:00-05:30", 1754922600 },
		{ "2025-08-12T00:30:00.1+10:00", 1754922600 },
		{ "1970-01-01T00:00:00Z", 0 },
		{ "1970-01-01T01:00:00+01:00", 0 },
		{ "2016-12-31T23:59:60Z", 1483228799 },
		{ "9999-12-31T23:59:59Z", LAST },
		{ "2024-02-29T12:00:00Z", 1709208000 },
		{ "1970-01-01T00:00:00+01:00", -1 },
		{ "9999-12-31T23:59:59-00:01", -1 },
		{ "2025-08-11T14:30:00", -1 }, { "2025-08-11", -1 },
		{ "2025-08-11 14:30:00Z", -1 }, { "2025-08-11T24:00:00Z", -1 },
		{ "2025-08-11T14:60:00Z", -1 }, { "2025-08-11T14:30:61Z", -1 },
		{ "2025-08-11T14:30:00.Z", -1 }, { "2025-08-11T14:30Z", -1 },
		{ "2025-08-11T14:30:00Zx", -1 }, { "2025-02-30T00:00:00Z", -1 },
		{ "2025-08-11T14:30:00+2:00", -1 },
		{ "2025-08-11T14:30:00+24:00", -1 },
		{ "2025-08-11T14:30:00+02:60", -1 },
		{ "2025-08-11T14:30:00+02", -1 },
		{ "2025-08-11T14:30:00+02000", -1 },
		{ "2025-08-11T14:30:00GMT", -1 }, { "", -1 },
		{ "2025-08-11T1:30:00Z", -1 },
	};
	size_t i;

	for (i = 0; i < COUNT(rows); i++) {
		int64_t got = -1;
		bool good = date_parse_rfc3339(span_of(rows[i].text), &got);

		ok(good == (rows[i].want >= 0), "RFC 3339 '%s'",
		    rows[i].text);
		is_int(got, rows[i].want, "its moment");
	}
}

static void
test_http(void)
{
	static const struct {
		const char *text;
		int64_t want;
	} rows[] = {
		/* RFC 9110's own three */
		{ "Sun, 06 Nov 1994 08:49:37 GMT", 784111777 },
		{ "Sunday, 06-Nov-94 08:49:37 GMT", 784111777 },
		{ "Sun Nov  6 08:49:37 1994", 784111777 },
		{ "Sun Nov 16 08:49:37 1994", 784975777 },
		{ "Mon, 11 Aug 2025 14:30:00 GMT", 1754922600 },
		{ "Thursday, 01-Jan-70 00:00:00 GMT", 0 },
		{ "Tuesday, 31-Dec-69 23:59:59 GMT", INT64_C(3155759999) },
		{ "Wed, 29 Feb 2012 00:00:00 GMT", 1330473600 },
		{ "Sat, 31 Dec 2016 23:59:60 GMT", 1483228799 },
		{ "Fri, 31 Dec 9999 23:59:59 GMT", LAST },
		{ "Fri, 29 Feb 2013 00:00:00 GMT", -1 },
		{ "Wed, 31 Dec 1969 23:59:59 GMT", -1 },
		{ "Sun, 06 Nov 1994 08:49:37 UTC", -1 },
		{ "Sun, 06 Nov 1994 08:49:37", -1 },
		{ "Sun, 06 Nov 1994 08:49:37 GMT ", -1 },
		{ "Sun, 6 Nov 1994 08:49:37 GMT", -1 },
		{ "Sun, 06 Now 1994 08:49:37 GMT", -1 },
		{ "Sun, 06 Nov 94 08:49:37 GMT", -1 },
		{ "Sun,06 Nov 1994 08:49:37 GMT", -1 },
		{ "Sun, 06 Nov 1994 24:49:37 GMT", -1 },
		{ "Sun, 06-Nov-94 08:49:37 GMT", -1 },
		{ "Sunday, 06 Nov 1994 08:49:37 GMT", -1 },
		{ "Sunday, 06-Nov-1994 08:49:37 GMT", -1 },
		{ "Sunday Nov  6 08:49:37 1994", -1 },
		{ "Sun Nov 6 08:49:37 1994", -1 },
		{ "Sun Nov  6 08:49:37 1994 GMT", -1 },
		{ "Xxx, 06 Nov 1994 08:49:37 GMT", -1 },
		{ "06 Nov 1994 08:49:37 GMT", -1 },
		{ "784111777", -1 }, { "0", -1 }, { "", -1 }, { "Sun", -1 },
	};
	size_t i;

	for (i = 0; i < COUNT(rows); i++) {
		int64_t got = -1;
		bool good = date_parse_http(span_of(rows[i].text), &got);

		ok(good == (rows[i].want >= 0), "HTTP '%s'", rows[i].text);
		is_int(got, rows[i].want, "its moment");
	}
}

/* IMF-fixdate, by the C library. */
static void
format_http(int64_t seconds, char out[DATE_ROOM])
{
	time_t when = (time_t)seconds;
	struct tm parts;

	if (gmtime_r(&when, &parts) == NULL || strftime(out, DATE_ROOM,
	    "%a, %d %b %Y %H:%M:%S GMT", &parts) == 0)
		out[0] = '\0';
}

static void
test_formats(void)
{
	static const char *const names[] = { "Thu, 01 Jan 1970 00:00:00 GMT",
		"Fri, 02 Jan 1970 00:00:00 GMT",
		"Sat, 03 Jan 1970 00:00:00 GMT",
		"Sun, 04 Jan 1970 00:00:00 GMT",
		"Mon, 05 Jan 1970 00:00:00 GMT",
		"Tue, 06 Jan 1970 00:00:00 GMT",
		"Wed, 07 Jan 1970 00:00:00 GMT" };
	char text[DATE_ROOM];
	int64_t back, seconds;
	int i, wrong = 0;

	for (i = 0; i < 7; i++)
		ok(date_parse_http(span_of(names[i]), &back) &&
		    back == i * 86400, "weekday %d", i);
	date_format_rfc3339(1754922600, text);
	is_str(text, "2025-08-11T14:30:00Z", "RFC 3339");
	date_format_basic(1754922600, text);
	is_str(text, "20250811T143000Z", "basic");
	date_format_rfc3339(-5, text);
	is_str(text, "1970-01-01T00:00:00Z", "before the range");
	date_format_rfc3339(INT64_MAX, text);
	is_str(text, "9999-12-31T23:59:59Z", "behind the range");
	for (seconds = 1; seconds < LAST; seconds += 98765432) {
		format_http(seconds, text);
		if (!date_parse_http(span_of(text), &back) || back != seconds)
			wrong++;
		date_format_rfc3339(seconds, text);
		if (!date_parse_rfc3339(span_of(text), &back) ||
		    back != seconds)
			wrong++;
	}
	is_int(wrong, 0, "what is written is read again");
}

int
main(void)
{
	test_calendar();
	test_every_day();
	test_months();
	test_day();
	test_rfc3339();
	test_http();
	test_formats();
	return done_testing();
}
