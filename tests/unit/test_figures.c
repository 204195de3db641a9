#include "cmd/figures.h"

#include "base/buf.h"
#include "figures_sample.h"
#include "tap.h"

#define COUNT(rows) (sizeof (rows) / sizeof (rows)[0])

/* "2026-11-01|AWS Lambda|1.5|USD" a row, a line each. */
static void
spell(const struct figures *f, struct buf *out)
{
	size_t i;

	for (i = 0; i < f->row_count; i++) {
		const struct figures_row *r = &f->rows[i];

		buf_addf(out, "%s|", f->periods[r->period].start);
		if (r->group != FIGURES_NO_GROUP)
			buf_add_span(out, f->groups[r->group]);
		buf_add_char(out, '|');
		decimal_format(&r->amount, out);
		buf_addf(out, "|%s\n", f->units[r->unit]);
	}
}

static const struct {
	const char *what, *data, *type, *metric;
	const char *got, *heading;
	const char *rows;
} sound[] = {
	{ "full-data", SAMPLE_FULL, "full-data", NULL, "UnblendedCost",
	    "Service",
	    "2026-11-01|Amazon Simple Storage Service|10.25|USD\n"
	    "2026-11-01|Amazon Elastic Compute Cloud - Compute|1000.5|USD\n"
	    "2026-11-01|Credit|-200|USD\n"
	    "2026-11-02|Amazon Elastic Compute Cloud - Compute|"
	    "999.4999999999|USD\n"
	    "2026-11-02|AWS Lambda|0.0000000123|USD\n"
	    "2026-11-03|Amazon Simple Storage Service|0.75|USD\n" },
	{ "another metric", SAMPLE_COSTS(SAMPLE_DIMENSION("SERVICE"),
	    SAMPLE_PERIOD("2026-11-01", "2026-11-02", "",
	    SAMPLE_GROUP("Tax", "1"), "true")), "full-data", "BlendedCost",
	    "BlendedCost", "Service", "2026-11-01|Tax|9|USD\n" },
	{ "totals", SAMPLE_TOTAL("7.50"), "mtd-costs", NULL, "UnblendedCost",
	    "Group", "2026-11-01||7.5|USD\n" },
	{ "the first metric, where the usual one is missing",
	    SAMPLE_COSTS("", SAMPLE_PERIOD("2026-11-01", "2026-12-01",
	    SAMPLE_AMOUNT("AmortizedCost", "3"), "", "false")), "mine", NULL,
	    "AmortizedCost", "Group", "2026-11-01||3|USD\n" },
	{ "the answer as AWS's own tool prints it", "{\"ResultsByTime\":["
	    SAMPLE_PERIOD("2026-11-01", "2026-12-01",
	    SAMPLE_AMOUNT("UnblendedCost", "3"), "", "false") "]}", "mine",
	    NULL, "UnblendedCost", "Group", "2026-11-01||3|USD\n" },
	{ "tags", SAMPLE_COSTS(SAMPLE_TAG("team"),
	    SAMPLE_PERIOD("2026-11-01", "2026-11-02", "",
	    SAMPLE_GROUP("team$web", "1") "," SAMPLE_GROUP("team$", "2") ","
	    SAMPLE_GROUP("team$a$b", "3"), "true")), "by-team", NULL,
	    "UnblendedCost", "team", "2026-11-01|web|1|USD\n"
	    "2026-11-01|(no team)|2|USD\n2026-11-01|a$b|3|USD\n" },
	{ "two keys", SAMPLE_COSTS(SAMPLE_DIMENSION("LINKED_ACCOUNT") ","
	    SAMPLE_TAG("team"), SAMPLE_PERIOD("2026-11-01", "2026-11-02", "",
	    "{\"Keys\":[\"123456789012\",\"team$\"],\"Metrics\":{"
	    SAMPLE_AMOUNT("UnblendedCost", "4") "}}", "true")), "mine", NULL,
	    "UnblendedCost", "Linked account / team",
	    "2026-11-01|123456789012 / (no team)|4|USD\n" },
	{ "a tag that no definition tells of", SAMPLE_COSTS("",
	    SAMPLE_PERIOD("2026-11-01", "2026-11-02", "",
	    SAMPLE_GROUP("team$web", "1"), "true")), "mine", NULL,
	    "UnblendedCost", "Group", "2026-11-01|team$web|1|USD\n" },
	{ "controls do not come through", SAMPLE_COSTS("",
	    SAMPLE_PERIOD("2026-11-01", "2026-11-02", "",
	    SAMPLE_GROUP("a\\u001b[31m\\n\\u202eb\\u0000c", "1"), "true")),
	    "mine", NULL, "UnblendedCost", "Group",
	    "2026-11-01|a?[31m????b?c|1|USD\n" },
	{ "no period at all", SAMPLE_COSTS("", ""), "mtd-costs", NULL,
	    "UnblendedCost", "Group", "" },
	{ "a day without groups", SAMPLE_COSTS(SAMPLE_DIMENSION("SERVICE"),
	    SAMPLE_PERIOD("2026-11-01", "2026-11-02", "", "", "true")),
	    "full-data", NULL, "UnblendedCost", "Service", "" },
	{ "a forecast", SAMPLE_FORECAST, "forecast", NULL, "UnblendedCost",
	    "", "2026-11-03||40|USD\n2026-11-04||50|USD\n" },
	{ "and by its name", SAMPLE_FORECAST, "forecast", "UnblendedCost",
	    "UnblendedCost", "",
	    "2026-11-03||40|USD\n2026-11-04||50|USD\n" },
	{ "one of one's own", SAMPLE_FORECAST, "mine", NULL, "", "",
	    "2026-11-03||40|USD\n2026-11-04||50|USD\n" },
};

static const struct {
	const char *what, *data, *type, *metric;
	const char *message, *hint;
} broken[] = {
	{ "another shape", "{\"a\":[1]}", "notes", NULL,
	    "these are no costs over time", "--format json" },
	{ "no object", "[1]", "notes", NULL,
	    "these are no costs over time", "--format json" },
	{ "an absent metric", SAMPLE_FULL, "full-data", "AmortizedCost",
	    "the data has no 'AmortizedCost'",
	    "it has BlendedCost, UnblendedCost" },
	{ "a forecast of another", SAMPLE_FORECAST, "forecast",
	    "BlendedCost", "the forecast is not of 'BlendedCost'",
	    "it is of UnblendedCost" },
	{ "no time", "{\"ResultsByTime\":[{}]}", "mine", NULL,
	    "a period has no Start or End", "--format json" },
	{ "an amount that is none", SAMPLE_TOTAL("a lot"), "mtd-costs", NULL,
	    "an amount is no decimal number", "--format json" },
	{ "an amount without unit", SAMPLE_COSTS("",
	    SAMPLE_PERIOD("2026-11-01", "2026-12-01",
	    "\"UnblendedCost\":{\"Amount\":\"1\"}", "", "true")),
	    "mtd-costs", NULL, "an amount has no unit", "--format json" },
	{ "a group without metric", SAMPLE_COSTS("",
	    SAMPLE_PERIOD("2026-11-01", "2026-12-01", "",
	    SAMPLE_GROUP("Tax", "1") ",{\"Keys\":[\"a\"]}", "true")), "mine",
	    NULL, "a group lacks the metric", "--format json" },
	{ "a group without keys", SAMPLE_COSTS("",
	    SAMPLE_PERIOD("2026-11-01", "2026-12-01", "", "{\"Metrics\":{"
	    SAMPLE_AMOUNT("UnblendedCost", "4") "}}", "true")), "mine",
	    NULL, "a group has no Keys", "--format json" },
	{ "a forecast without unit", "{\"ForecastResultsByTime\":["
	    SAMPLE_MEAN("2026-11-03", "2026-11-04", "40") "]}", "mine", NULL,
	    "the forecast has no unit", "--format json" },
	{ "a forecast that is none", "{\"Total\":{\"Unit\":\"USD\"},"
	    "\"ForecastResultsByTime\":["
	    SAMPLE_MEAN("2026-11-03", "2026-11-04", "") "]}", "mine", NULL,
	    "a forecast is no decimal number", "--format json" },
};

static void
test_sound(void)
{
	struct figures f;
	struct err err;
	struct buf text;
	size_t i;

	buf_init(&text, 65536);
	for (i = 0; i < COUNT(sound); i++) {
		err_clear(&err);
		buf_reset(&text);
		if (!ok(figures_read(span_of(sound[i].data), sound[i].type,
		    sound[i].metric, &f, &err) == 0, "%s: %s", sound[i].what,
		    err.message))
			continue;
		spell(&f, &text);
		is_str(buf_string(&text), sound[i].rows, "%s: rows",
		    sound[i].what);
		is_str(f.metric, sound[i].got, "%s: metric", sound[i].what);
		is_str(f.heading, sound[i].heading, "%s: heading",
		    sound[i].what);
		figures_clear(&f);
		figures_clear(&f);
	}
	buf_clear(&text);
}

static void
test_broken(void)
{
	struct figures f;
	struct err err;
	size_t i;

	for (i = 0; i < COUNT(broken); i++) {
		err_clear(&err);
		is_int(figures_read(span_of(broken[i].data), broken[i].type,
		    broken[i].metric, &f, &err), -1, "%s", broken[i].what);
		is_int(err.class, ERR_DATA, "%s: class", broken[i].what);
		has_str(err.message, broken[i].message, "%s: message",
		    broken[i].what);
		has_str(err.hint, broken[i].hint, "%s: hint", broken[i].what);
		figures_clear(&f);
	}
}

static void
test_units(void)
{
	static const char usage[] = SAMPLE_COSTS("",
	    SAMPLE_PERIOD("2026-11-01", "2026-12-01", "",
	    "{\"Keys\":[\"a\"],\"Metrics\":{\"UsageQuantity\":{\"Amount\":"
	    "\"1\",\"Unit\":\"Hrs\"}}},{\"Keys\":[\"b\"],\"Metrics\":{"
	    "\"UsageQuantity\":{\"Amount\":\"1\",\"Unit\":\"GB\"}}}",
	    "false"));
	struct figures f;
	struct err err;

	err_clear(&err);
	ok(figures_read(span_of(usage), "mine", NULL, &f, &err) == 0,
	    "two units");
	ok(figures_unit(&f, &err) == NULL && err.class == ERR_DATA,
	    "they do not add up");
	has_str(err.message, "in Hrs and in GB", "which are named");
	ok(!figures_estimated(&f), "all of it is final");
	figures_clear(&f);
	err_clear(&err);
	ok(figures_read(span_of(SAMPLE_FULL), "full-data", NULL, &f, &err) ==
	    0, "one unit");
	is_str(figures_unit(&f, &err), "USD", "the currency of the data");
	ok(figures_estimated(&f), "one day is not final");
	is_str(f.periods[2].end, "2026-11-04", "the last day's end");
	figures_clear(&f);
}

int
main(void)
{
	test_sound();
	test_broken();
	test_units();
	return done_testing();
}
