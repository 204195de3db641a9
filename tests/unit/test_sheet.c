#include "cmd/sheet.h"

#include "figures_sample.h"
#include "tap.h"

/* 2026-11-03 12:34:56 UTC */
#define NOON 1793709296

static const struct sheet_source november = { "123456789012", "prod",
	{ 2026, 11 }, "full-data", true, false, false, NOON };

static int
add(struct sheets *sheets, const struct sheet_source *source,
    const char *data)
{
	struct figures f;
	struct err err;

	err_clear(&err);
	if (figures_read(span_of(data), source->type, NULL, &f, &err) != 0) {
		ok(false, "%s", err.message);
		return -1;
	}
	return sheet_add(sheets, source, &f, &err);
}

static void
is_number(const struct decimal *x, const char *want, const char *what)
{
	struct buf text;

	buf_init(&text, 256);
	decimal_format(x, &text);
	is_str(buf_string(&text), want, "%s", what);
	buf_clear(&text);
}

static const char *
said(void (*say)(const struct sheet *s, struct buf *out),
    const struct sheet *s, struct buf *out)
{
	buf_reset(out);
	say(s, out);
	return buf_string(out);
}

static const char *
label(const struct sheet *s, enum sheet_part part, size_t i, struct buf *out)
{
	buf_reset(out);
	sheet_label(s, part, i, out);
	return buf_string(out);
}

#define DAYS SAMPLE_COSTS("", \
	SAMPLE_PERIOD("2026-11-01", "2026-11-02", \
	    SAMPLE_AMOUNT("UnblendedCost", "1"), "", "false") "," \
	SAMPLE_PERIOD("2026-11-02", "2026-11-03", \
	    SAMPLE_AMOUNT("UnblendedCost", "2"), "", "false"))

static void
test_one_sheet(void)
{
	struct sheet_source source = november;
	struct sheets sheets = { 0 };
	const struct sheet *s;
	struct decimal x;
	struct buf b;

	buf_init(&b, 4096);
	ok(add(&sheets, &source, SAMPLE_FULL) == 0, "full-data");
	source.type = "mtd-costs";
	source.timestamp = NOON - 3600;
	ok(add(&sheets, &source, SAMPLE_TOTAL("99")) == 0, "mtd-costs");
	source.type = "forecast";
	source.stale = true;
	ok(add(&sheets, &source, SAMPLE_FORECAST) == 0, "forecast");
	if (!ok(sheets.count == 1, "they make one sheet"))
		return;
	s = sheets.items[0];
	is_number(&s->total, "1811.0000000122", "the first one's total");
	is_str(said(sheet_title, s, &b), "November 2026, account "
	    "123456789012 (prod)", "title");
	is_str(said(sheet_subtitle, s, &b), "UnblendedCost in USD, 2026-11-01 "
	    "to 2026-11-03, estimated, as of 2026-11-03 11:34 UTC (stale)",
	    "subtitle: of the oldest part");
	is_str(sheet_heading(s, SHEET_GROUPS), "Service", "groups");
	is_str(sheet_heading(s, SHEET_PERIODS), "Day", "days");
	is_uint(s->parts[SHEET_GROUPS].tally.count, 4, "four services");
	is_uint(s->parts[SHEET_PERIODS].tally.count, 3, "three days");
	is_uint(s->parts[SHEET_FORECAST].tally.count, 2, "two to come");
	is_str(label(s, SHEET_GROUPS, 1, &b), "Credit", "a service");
	is_str(label(s, SHEET_PERIODS, 1, &b), "2026-11-02", "a day");
	ok(sheet_adds_up(s, SHEET_GROUPS), "four lines have a sum");
	ok(sheet_expected(s, &x), "what the month will have cost");
	is_number(&x, "1900.2500000122", "the days before the forecast, and "
	    "the forecast");
	sheet_clear(&sheets);
	sheet_clear(&sheets);
	buf_clear(&b);
}

static void
test_single(void)
{
	struct sheet_source source = november;
	struct sheets sheets = { 0 };
	const struct sheet *s;
	struct decimal x;
	struct buf b;

	buf_init(&b, 4096);
	source.type = "mtd-costs";
	source.profile = NULL;
	ok(add(&sheets, &source, SAMPLE_TOTAL("7.5")) == 0, "mtd-costs");
	s = sheets.items[0];
	is_str(said(sheet_title, s, &b), "November 2026, account "
	    "123456789012", "no profile");
	is_str(sheet_heading(s, SHEET_PERIODS), "Period", "no day");
	is_str(label(s, SHEET_PERIODS, 0, &b), "2026-11-01 to 2026-11-03",
	    "a period");
	ok(!sheet_adds_up(s, SHEET_PERIODS), "one line is its own sum");
	ok(!sheet_expected(s, &x), "no forecast");
	source.type = "forecast";
	ok(add(&sheets, &source, SAMPLE_FORECAST) == 0, "forecast");
	ok(!sheet_expected(s, &x), "a sum that goes into the forecast tells "
	    "nothing");
	source.type = "daily-breakdown";
	ok(add(&sheets, &source, DAYS) == 0, "days");
	is_uint(s->parts[SHEET_PERIODS].tally.count, 2,
	    "days come before one period");
	is_number(&s->total, "7.5", "the total stays");
	ok(sheet_expected(s, &x), "days that end where it begins do");
	is_number(&x, "93", "1 + 2 + 90");
	sheet_clear(&sheets);
	buf_clear(&b);
}

static void
test_apart(void)
{
	static const struct sheet_source sources[] = {
		{ "123456789012", "prod", { 2026, 11 }, "full-data", true,
		    false, false, NOON },
		{ "123456789012", "prod", { 2026, 10 }, "full-data", true,
		    false, false, NOON },
		{ "123456789012", "dev", { 2026, 11 }, "full-data", true,
		    false, false, NOON },
		{ "210987654321", "prod", { 2026, 11 }, "full-data", true,
		    false, false, NOON },
		{ "123456789012", "prod", { 2026, 11 }, "by-team", false,
		    false, false, NOON },
		{ "123456789012", "prod", { 2026, 11 }, "by-app", false,
		    false, false, NOON },
	};
	struct sheets sheets = { 0 };
	struct buf b;
	size_t i;

	buf_init(&b, 4096);
	for (i = 0; i < sizeof sources / sizeof sources[0]; i++)
		ok(add(&sheets, &sources[i], SAMPLE_FULL) == 0, "%zu", i);
	is_uint(sheets.count, 6, "a sheet each");
	is_str(said(sheet_title, sheets.items[4], &b), "by-team, November "
	    "2026, account 123456789012 (prod)", "a type of one's own");
	/* Another currency does not add up with the first. */
	ok(add(&sheets, &sources[0], SAMPLE_COSTS("", SAMPLE_PERIOD(
	    "2026-11-01", "2026-12-01", "\"UnblendedCost\":{\"Amount\":\"1\","
	    "\"Unit\":\"CNY\"}", "", "false"))) == 0, "CNY");
	is_uint(sheets.count, 7, "nor does it share a sheet");
	is_str(said(sheet_subtitle, sheets.items[6], &b), "UnblendedCost in "
	    "CNY, 2026-11-01 to 2026-11-30, as of 2026-11-03 12:34 UTC",
	    "the currency of the data; final");
	sheet_clear(&sheets);
	buf_clear(&b);
}

static void
test_rows_only(void)
{
	struct sheet_source source = november;
	struct sheets sheets = { 0 };

	source.rows_only = true;
	ok(add(&sheets, &source, SAMPLE_COSTS("", SAMPLE_PERIOD("2026-11-01",
	    "2026-12-01", "\"UsageQuantity\":{\"Amount\":\"1\",\"Unit\":"
	    "\"Hrs\"}", "", "false") "," SAMPLE_PERIOD("2026-12-01",
	    "2027-01-01", "\"UsageQuantity\":{\"Amount\":\"1\",\"Unit\":"
	    "\"GB\"}", "", "false"))) == 0, "two units as rows");
	ok(add(&sheets, &source, SAMPLE_FULL) == 0, "and others");
	is_uint(sheets.count, 2, "each apart");
	is_str(sheets.items[0]->rows[0]->type, "full-data", "the type");
	is_uint(sheets.items[0]->rows[0]->figures.row_count, 2, "two rows");
	ok(sheets.items[0]->parts[SHEET_PERIODS].figures == NULL &&
	    !sheets.items[0]->has_total, "nothing is added up");
	source.rows_only = false;
	is_int(add(&sheets, &source, SAMPLE_COSTS("", SAMPLE_PERIOD(
	    "2026-11-01", "2026-12-01", "\"UsageQuantity\":{\"Amount\":\"1\""
	    ",\"Unit\":\"Hrs\"}", "", "false") "," SAMPLE_PERIOD(
	    "2026-12-01", "2027-01-01", "\"UsageQuantity\":{\"Amount\":\"1\""
	    ",\"Unit\":\"GB\"}", "", "false"))), -1, "as a sum they are "
	    "refused");
	sheet_clear(&sheets);
}

static void
test_gap(void)
{
	struct sheets sheets = { 0 };
	struct sheet_source source = november;
	struct decimal x;

	/* The figures end on the 2nd, the forecast begins on the 4th. */
	ok(add(&sheets, &source, DAYS) == 0, "days");
	source.type = "forecast";
	ok(add(&sheets, &source, "{\"forecast\":{\"Total\":{\"Unit\":\"USD\"}"
	    ",\"ForecastResultsByTime\":[" SAMPLE_MEAN("2026-11-04",
	    "2026-11-05", "40") "]}}") == 0, "forecast");
	ok(!sheet_expected(sheets.items[0], &x), "a day is missing");
	sheet_clear(&sheets);
}

int
main(void)
{
	test_one_sheet();
	test_single();
	test_apart();
	test_rows_only();
	test_gap();
	return done_testing();
}
