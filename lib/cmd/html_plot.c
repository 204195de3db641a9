#include "cmd/html_plot.h"

#include <inttypes.h>

#include "base/limits.h"
#include "cmd/axis.h"
#include "cmd/money.h"
#include "codec/escape.h"

/* Pixels. */
#define HEIGHT 250
#define TOP 10
#define BOTTOM 26
#define AREA (HEIGHT - TOP - BOTTOM)
#define DIGIT 8			/* more than a digit's width at 12 px */
#define TICKS 5

/* So many points at most have a label each. */
#define LABELS 12
#define WEEK 7

/* What a point takes of its place, in thousandths; the rest is a gap. */
#define FILLED 720

struct plot {
	const struct series *series;
	const char *unit;
	struct axis axis;
	struct decimal span;
	struct buf *out;
};

/* A percentage with three places, from hundred-thousandths. */
static void
add_percent(struct buf *out, uint64_t parts)
{
	buf_addf(out, "%" PRIu64 ".%03" PRIu64 "%%", parts / 1000,
	    parts % 1000);
}

/* Tenths of pixels from the top. */
static void
add_pixels(struct buf *out, uint64_t tenths)
{
	buf_addf(out, "%" PRIu64 ".%" PRIu64, tenths / 10, tenths % 10);
}

/* How far it is from zero, in tenths of pixels. */
static uint64_t
height(const struct plot *p, const struct decimal *amount)
{
	return decimal_scale(amount, &p->span, AREA * 10);
}

static uint64_t
tick_at(const struct plot *p, int i)
{
	return TOP * 10 + (uint64_t)(p->axis.up - i) * AREA * 10 /
	    (uint64_t)(p->axis.up + p->axis.down);
}

/* The axis has a place of its own, as wide as its widest label. */
static void
put_axis(const struct plot *p)
{
	size_t widest = 0, width;
	struct buf label;
	int i;

	buf_init(&label, 4 * LIMIT_KIB);
	for (i = -p->axis.down; i <= p->axis.up; i++) {
		buf_renew(&label, p->out);
		axis_label(&p->axis, i, &label);
		widest = label.n > widest ? label.n : widest;
	}
	width = widest * DIGIT + DIGIT;
	buf_addf(p->out, "<svg aria-hidden=\"true\" width=\"%zu\" "
	    "height=\"%d\">", width, HEIGHT);
	for (i = -p->axis.down; i <= p->axis.up; i++) {
		buf_addf(p->out, "<text text-anchor=\"end\" x=\"%zu\" y=\"",
		    width - DIGIT);
		add_pixels(p->out, tick_at(p, i) + 40);
		buf_add_string(p->out, "\">");
		axis_label(&p->axis, i, p->out);
		buf_add_string(p->out, "</text>");
	}
	buf_add_string(p->out, "</svg>\n");
	buf_spoil(p->out, &label);
	buf_clear(&label);
}

static void
put_grid(const struct plot *p)
{
	int i;

	for (i = -p->axis.down; i <= p->axis.up; i++) {
		buf_addf(p->out, "<line class=\"%s\" x2=\"100%%\" y1=\"",
		    i == 0 ? "zero" : "grid");
		add_pixels(p->out, tick_at(p, i));
		buf_add_string(p->out, "\" y2=\"");
		add_pixels(p->out, tick_at(p, i));
		buf_add_string(p->out, "\"/>");
	}
	buf_add_char(p->out, '\n');
}

/* A column, and what it stands for where a pointer rests on it. */
static void
put_column(const struct plot *p, size_t i, const struct decimal *amount,
    const char *class, const char *what)
{
	const uint64_t slot = 100000 / p->series->count;
	uint64_t tall = height(p, amount), zero = tick_at(p, 0);

	buf_addf(p->out, "<rect class=\"%s\" x=\"", class);
	add_percent(p->out, 100000 * i / p->series->count +
	    slot * (1000 - FILLED) / 2000);
	buf_add_string(p->out, "\" width=\"");
	add_percent(p->out, slot * FILLED / 1000);
	buf_add_string(p->out, "\" y=\"");
	add_pixels(p->out, amount->negative || tall > zero ? zero :
	    zero - tall);
	buf_add_string(p->out, "\" height=\"");
	add_pixels(p->out, tall);
	buf_addf(p->out, "\"><title>%s, %s: ", p->series->points[i].start,
	    what);
	money_add(amount, p->out);
	buf_add_char(p->out, ' ');
	escape_html(span_of(p->unit), p->out);
	buf_add_string(p->out, "</title></rect>");
}

static void
put_label(const struct plot *p, size_t i)
{
	const struct series_point *point = &p->series->points[i];
	bool day = point->day.year != 0;

	buf_add_string(p->out, "<text text-anchor=\"");
	buf_add_string(p->out, day ? "middle" : i == 0 ? "start" : "end");
	buf_add_string(p->out, "\" x=\"");
	add_percent(p->out, day ? (100000 * i + 50000) / p->series->count :
	    i == 0 ? 0 : 100000);
	buf_addf(p->out, "\" y=\"%d\">", HEIGHT - 8);
	series_label(point, p->out);
	buf_add_string(p->out, "</text>");
}

/* Every week's first day; of what is no day the first and the last. */
static void
put_labels(const struct plot *p)
{
	size_t n = p->series->count, i;
	bool days = p->series->points[0].day.year != 0;

	for (i = 0; i < n; i++)
		if (days ? n <= LABELS || i % WEEK == 0 :
		    i == 0 || i == n - 1)
			put_label(p, i);
	buf_add_char(p->out, '\n');
}

void
html_plot_days(const struct series *series, const char *unit,
    const char *label, struct buf *out)
{
	struct plot p = {
		.series = series,
		.unit = unit,
		.axis = axis_choose(&series->least, &series->most, TICKS),
		.out = out,
	};
	size_t i;

	p.span = axis_span(&p.axis);
	buf_add_string(out, "<figure class=\"plot\">");
	put_axis(&p);
	buf_addf(out, "<svg role=\"img\" width=\"100%%\" height=\"%d\" "
	    "aria-label=\"", HEIGHT);
	escape_html(span_of(label), out);
	buf_add_string(out, "\">\n");
	put_grid(&p);
	for (i = 0; i < series->count; i++) {
		const struct series_point *point = &series->points[i];

		if (point->has_forecast)
			put_column(&p, i, &point->forecast, "next",
			    "forecast");
		if (point->has_cost)
			put_column(&p, i, &point->cost, point->cost.negative ?
			    "credit" : "cost", "cost");
		buf_add_char(out, '\n');
	}
	put_labels(&p);
	buf_add_string(out, "</svg></figure>\n");
}

void
html_plot_bar(const struct decimal *amount, const struct decimal *largest,
    struct buf *out)
{
	buf_add_string(out, "<svg aria-hidden=\"true\" width=\"100%\" "
	    "height=\"8\"><rect class=\"track\" width=\"100%\" height=\"8\" "
	    "rx=\"2\"/>");
	buf_addf(out, "<rect class=\"%s\" height=\"8\" rx=\"2\" width=\"",
	    amount->negative ? "credit" : "cost");
	add_percent(out, decimal_scale(amount, largest, 100000));
	buf_add_string(out, "\"/></svg>");
}
