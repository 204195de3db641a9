#include "cmd/axis.h"

#include "tap.h"

/* Ticks from the lowest to the highest. */
static const struct {
	const char *least, *most;
	int ticks;
	const char *want;
} rows[] = {
	{ "0", "0", 4, "0 1" },
	{ "5", "0", 4, "0 1" },
	{ "0", "1", 4, "0 0.5 1" },
	{ "3", "99.99", 4, "0 50 100" },
	{ "3", "100.01", 4, "0 50 100 150" },
	{ "0", "4", 4, "0 1 2 3 4" },
	{ "0", "4.01", 4, "0 2 4 6" },
	{ "0", "1812.5", 4, "0 500 1,000 1,500 2,000" },
	{ "0", "0.07", 4, "0 0.02 0.04 0.06 0.08" },
	{ "0", "1.23e-8", 4, "0 0.000000005 0.00000001 0.000000015" },
	{ "-200", "1000", 4, "-500 0 500 1,000" },
	{ "-200", "1000", 6, "-200 0 200 400 600 800 1,000" },
	{ "-3", "-1", 4, "-3 -2 -1 0 1" },
	{ "0", "2.5e12", 4, "0 1,000,000,000,000 2,000,000,000,000 "
	    "3,000,000,000,000" },
};

int
main(void)
{
	struct decimal least, most, span, top;
	struct buf out;
	size_t i;
	int k;

	buf_init(&out, 4096);
	for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct axis axis;

		if (!decimal_parse(span_of(rows[i].least), &least) ||
		    !decimal_parse(span_of(rows[i].most), &most)) {
			ok(false, "row %zu", i);
			continue;
		}
		axis = axis_choose(&least, &most, rows[i].ticks);
		buf_reset(&out);
		for (k = -axis.down; k <= axis.up; k++) {
			if (k > -axis.down)
				buf_add_char(&out, ' ');
			axis_label(&axis, k, &out);
		}
		is_str(buf_string(&out), rows[i].want, "%s to %s in %d",
		    rows[i].least, rows[i].most, rows[i].ticks);
		span = axis_span(&axis);
		top = axis.step;
		is_uint(decimal_scale(&top, &span, 1000),
		    (uintmax_t)((1000 + (axis.up + axis.down) / 2) /
		    (axis.up + axis.down)), "its span");
	}
	buf_clear(&out);
	return done_testing();
}
