#include "cmd/series.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static void
stretch(struct series *out, const struct decimal *amount)
{
	if (decimal_compare(amount, &out->least) < 0)
		out->least = *amount;
	if (decimal_compare(amount, &out->most) > 0)
		out->most = *amount;
}

/* The point of that start: the last one's, or a new one. Costs come first, so
 * only a forecast can find its start further back. */
static struct series_point *
point_at(struct series *out, const char *start)
{
	size_t i;

	for (i = out->count; i > 0; i--) {
		assert(out->points[i - 1].start != NULL);
		if (strcmp(out->points[i - 1].start, start) == 0)
			return &out->points[i - 1];
		if (strcmp(out->points[i - 1].start, start) < 0)
			break;
	}
	out->points[out->count].start = start;
	return &out->points[out->count++];
}

static void
take(struct series *out, const struct sheet *s, enum sheet_part part)
{
	const struct figures *f = s->parts[part].figures;
	const struct tally *t = &s->parts[part].tally;
	struct series_point *p;
	size_t i;

	for (i = 0; i < t->count; i++) {
		const struct figures_period *period =
		    &f->periods[t->lines[i].period];
		struct date day, end;

		p = point_at(out, period->start);
		if (date_parse_day(span_of(period->start), &day) &&
		    date_parse_day(span_of(period->end), &end) &&
		    date_start(end) - date_start(day) == 86400)
			p->day = day;
		if (part == SHEET_FORECAST) {
			p->has_forecast = true;
			p->forecast = t->lines[i].amount;
		} else {
			p->has_cost = true;
			p->cost = t->lines[i].amount;
		}
		stretch(out, &t->lines[i].amount);
	}
}

void
series_of(const struct sheet *s, struct series *out, struct buf *text)
{
	const struct buf lost = { .fault = BUF_NO_MEMORY };
	size_t n = s->parts[SHEET_PERIODS].tally.count +
	    s->parts[SHEET_FORECAST].tally.count;

	memset(out, 0, sizeof *out);
	if (n == 0)
		return;
	out->points = calloc(n, sizeof *out->points);
	if (out->points == NULL) {
		buf_spoil(text, &lost);
		return;
	}
	take(out, s, SHEET_PERIODS);
	take(out, s, SHEET_FORECAST);
}

void
series_clear(struct series *series)
{
	free(series->points);
	memset(series, 0, sizeof *series);
}

void
series_label(const struct series_point *point, struct buf *out)
{
	if (point->day.year != 0)
		buf_addf(out, "%d", point->day.day);
	else
		buf_add_string(out, point->start);
}
