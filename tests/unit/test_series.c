#include "cmd/series.h"

#include "figures_sample.h"
#include "tap.h"

static void
add(struct sheets *sheets, const char *type, const char *data)
{
	const struct sheet_source source = { "123456789012", "prod",
		{ 2026, 11 }, type, true, false, false, 1793709296 };
	struct figures f;
	struct err err;

	err_clear(&err);
	ok(figures_read(span_of(data), type, NULL, &f, &err) == 0 &&
	    sheet_add(sheets, &source, &f, &err) == 0, "%s", type);
}

/* "2026-11-03 (3): 0.75 40" a point: start, label, cost, forecast. */
static void
spell(const struct series *series, struct buf *out)
{
	size_t i;

	for (i = 0; i < series->count; i++) {
		const struct series_point *p = &series->points[i];

		buf_addf(out, "%s (", p->start);
		series_label(p, out);
		buf_add_string(out, "): ");
		if (p->has_cost)
			decimal_format(&p->cost, out);
		buf_add_char(out, ' ');
		if (p->has_forecast)
			decimal_format(&p->forecast, out);
		buf_add_char(out, '\n');
	}
}

int
main(void)
{
	struct sheets sheets = { 0 };
	struct series series;
	struct buf out;

	buf_init(&out, 4096);
	add(&sheets, "full-data", SAMPLE_FULL);
	add(&sheets, "forecast", SAMPLE_FORECAST);
	series_of(sheets.items[0], &series, &out);
	spell(&series, &out);
	is_str(buf_string(&out), "2026-11-01 (1): 810.75 \n"
	    "2026-11-02 (2): 999.5000000122 \n2026-11-03 (3): 0.75 40\n"
	    "2026-11-04 (4):  50\n", "a day is one point, cost and forecast");
	buf_reset(&out);
	decimal_format(&series.most, &out);
	is_str(buf_string(&out), "999.5000000122", "the largest");
	ok(decimal_is_zero(&series.least), "the least is zero");
	series_clear(&series);
	series_clear(&series);
	sheet_clear(&sheets);

	add(&sheets, "mtd-costs", SAMPLE_TOTAL("-7.5"));
	buf_reset(&out);
	series_of(sheets.items[0], &series, &out);
	spell(&series, &out);
	is_str(buf_string(&out), "2026-11-01 (2026-11-01): -7.5 \n",
	    "what is no day has its start");
	buf_reset(&out);
	decimal_format(&series.least, &out);
	is_str(buf_string(&out), "-7.5", "less than zero");
	series_clear(&series);
	sheet_clear(&sheets);
	buf_clear(&out);
	return done_testing();
}
