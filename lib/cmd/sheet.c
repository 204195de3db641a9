#include "cmd/sheet.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"

static const char *const months[] = { "January", "February", "March",
	"April", "May", "June", "July", "August", "September", "October",
	"November", "December" };

static bool
same(const char *a, const char *b)
{
	return strcmp(a == NULL ? "" : a, b == NULL ? "" : b) == 0;
}

/* The sheet to which an entry of a built-in type belongs. */
static struct sheet *
find(const struct sheets *sheets, const struct sheet_source *source,
    const struct figures *f, const char *unit)
{
	struct sheet *s;
	size_t i;

	for (i = 0; i < sheets->count && source->built_in; i++) {
		s = sheets->items[i];
		if (s->type[0] == '\0' && s->rows_count < SHEET_SOURCES &&
		    same(s->account, source->account) &&
		    same(s->profile, source->profile) &&
		    month_compare(s->month, source->month) == 0 &&
		    same(s->metric, f->metric) && (same(s->unit, unit) ||
		    unit[0] == '\0' || s->unit[0] == '\0'))
			return s;
	}
	return NULL;
}

static struct sheet *
add(struct sheets *sheets, const struct sheet_source *source,
    struct err *err)
{
	struct sheet **items = realloc(sheets->items,
	    (sheets->count + 1) * sizeof *items);
	struct sheet *s = calloc(1, sizeof *s);

	if (items != NULL)
		sheets->items = items;
	if (items == NULL || s == NULL) {
		free(s);
		err_memory(err);
		return NULL;
	}
	items[sheets->count++] = s;
	(void)snprintf(s->account, sizeof s->account, "%s", source->account);
	(void)snprintf(s->type, sizeof s->type, "%s", source->built_in ? "" :
	    source->type);
	s->profile = source->profile;
	s->month = source->month;
	s->timestamp = source->timestamp;
	return s;
}

static void
take_total(struct sheet *s, const struct figures *f, const struct tally *t)
{
	if (s->has_total || f->forecast || f->period_count == 0)
		return;
	s->has_total = true;
	s->total = t->total;
	s->estimated = figures_estimated(f);
	memcpy(s->start, f->periods[0].start, sizeof s->start);
	memcpy(s->end, f->periods[f->period_count - 1].end, sizeof s->end);
}

/* Do these figures fill a part that nobody filled as well? */
static bool
fills(const struct sheet *s, const struct figures *f, enum sheet_part part)
{
	const struct figures *there = s->parts[part].figures;

	switch (part) {
	case SHEET_GROUPS:
		return f->group_count > 0 && there == NULL;
	case SHEET_PERIODS:
		if (f->forecast || f->period_count == 0)
			return false;
		/* One period says what the total says, days say more. */
		return there == NULL ? f->period_count > 1 ||
		    f->group_count == 0 : there->period_count == 1 &&
		    f->period_count > 1;
	default:
		return f->forecast && f->period_count > 0 && there == NULL;
	}
}

static int
fill(struct sheet *s, const struct figures *f, struct err *err)
{
	struct tally groups = { 0 }, periods = { 0 };
	int part;

	if (tally_groups(f, &groups, err) != 0 ||
	    tally_periods(f, &periods, err) != 0) {
		tally_clear(&groups);
		return -1;
	}
	take_total(s, f, &periods);
	for (part = 0; part < SHEET_PARTS; part++) {
		struct tally *t = part == SHEET_GROUPS ? &groups : &periods;

		if (!fills(s, f, (enum sheet_part)part))
			continue;
		tally_clear(&s->parts[part].tally);
		s->parts[part].figures = f;
		s->parts[part].tally = *t;
		memset(t, 0, sizeof *t);
	}
	tally_clear(&groups);
	tally_clear(&periods);
	return 0;
}

int
sheet_add(struct sheets *sheets, const struct sheet_source *source,
    struct figures *figures, struct err *err)
{
	const char *unit = source->rows_only ? "" :
	    figures_unit(figures, err);
	struct sheet_rows *rows = calloc(1, sizeof *rows);
	struct sheet *s = NULL;

	if (rows == NULL)
		(void)err_memory(err);
	if (unit != NULL && rows != NULL) {
		s = source->rows_only ? NULL :
		    find(sheets, source, figures, unit);
		if (s == NULL)
			s = add(sheets, source, err);
	}
	if (s == NULL) {
		free(rows);
		figures_clear(figures);
		return -1;
	}
	rows->figures = *figures;
	(void)snprintf(rows->type, sizeof rows->type, "%s", source->type);
	s->rows[s->rows_count++] = rows;
	memcpy(s->metric, figures->metric, sizeof s->metric);
	if (s->unit[0] == '\0')
		(void)snprintf(s->unit, sizeof s->unit, "%s", unit);
	if (source->timestamp < s->timestamp)
		s->timestamp = source->timestamp;
	s->stale = s->stale || source->stale;
	return source->rows_only ? 0 : fill(s, &rows->figures, err);
}

void
sheet_clear(struct sheets *sheets)
{
	size_t i, k;

	for (i = 0; i < sheets->count; i++) {
		struct sheet *s = sheets->items[i];

		for (k = 0; k < SHEET_PARTS; k++)
			tally_clear(&s->parts[k].tally);
		for (k = 0; k < s->rows_count; k++) {
			figures_clear(&s->rows[k]->figures);
			free(s->rows[k]);
		}
		free(s);
	}
	free(sheets->items);
	memset(sheets, 0, sizeof *sheets);
}

void
sheet_subject(const struct sheet *s, struct buf *out)
{
	if (s->type[0] != '\0')
		buf_addf(out, "%s, ", s->type);
	buf_addf(out, "%s %d", months[s->month.month - 1], s->month.year);
}

void
sheet_owner(const struct sheet *s, struct buf *out)
{
	if (s->account[0] != '\0')
		buf_addf(out, ", account %s", s->account);
	if (s->profile != NULL && s->profile[0] != '\0' &&
	    strcmp(s->profile, "default") != 0)
		buf_addf(out, " (%s)", s->profile);
}

void
sheet_title(const struct sheet *s, struct buf *out)
{
	sheet_subject(s, out);
	sheet_owner(s, out);
}

/* The last day of an exclusive end; what is no day stays as it is. */
static void
last_day(const char *end, char out[DATE_ROOM])
{
	struct date d;

	if (date_parse_day(span_of(end), &d))
		date_format_day(date_of(date_start(d) - 1), out);
	else
		(void)snprintf(out, DATE_ROOM, "%s", end);
}

static void
add_range(const char *start, const char *end, struct buf *out)
{
	char last[DATE_ROOM];

	last_day(end, last);
	buf_add_string(out, start);
	if (strcmp(start, last) != 0)
		buf_addf(out, " to %s", last);
}

void
sheet_subtitle(const struct sheet *s, struct buf *out)
{
	char when[DATE_ROOM];

	buf_add_string(out, s->metric[0] == '\0' ? "Costs" : s->metric);
	if (s->unit[0] != '\0')
		buf_addf(out, " in %s", s->unit);
	if (s->has_total) {
		buf_add_string(out, ", ");
		add_range(s->start, s->end, out);
	}
	if (s->has_total && s->estimated)
		buf_add_string(out, ", estimated");
	date_format_rfc3339(s->timestamp, when);
	buf_addf(out, ", as of %.10s %.5s UTC%s", when, when + 11,
	    s->stale ? " (stale)" : "");
}

const char *
sheet_heading(const struct sheet *s, enum sheet_part part)
{
	const struct figures *f = s->parts[part].figures;
	struct date d;

	if (part == SHEET_GROUPS)
		return f->heading;
	if (part == SHEET_FORECAST)
		return "Forecast";
	return date_parse_day(span_of(f->periods[0].start), &d) &&
	    f->period_count > 1 ? "Day" : "Period";
}

bool
sheet_adds_up(const struct sheet *s, enum sheet_part part)
{
	return s->parts[part].tally.count > 1;
}

void
sheet_label(const struct sheet *s, enum sheet_part part, size_t i,
    struct buf *out)
{
	const struct tally_line *line = &s->parts[part].tally.lines[i];
	const struct figures_period *p;

	if (part == SHEET_GROUPS) {
		buf_add_span(out, line->label);
		return;
	}
	p = &s->parts[part].figures->periods[line->period];
	add_range(p->start, p->end, out);
}

bool
sheet_expected(const struct sheet *s, struct decimal *out)
{
	const struct tally *days = &s->parts[SHEET_PERIODS].tally;
	const struct tally *rest = &s->parts[SHEET_FORECAST].tally;
	const struct figures_period *p, *next;
	const char *reached;
	size_t i;

	if (s->parts[SHEET_FORECAST].figures == NULL ||
	    s->parts[SHEET_PERIODS].figures == NULL)
		return false;
	next = s->parts[SHEET_FORECAST].figures->periods;
	p = s->parts[SHEET_PERIODS].figures->periods;
	*out = rest->total;
	reached = p[0].start;
	/* What today has cost so far is part of the forecast for today. */
	for (i = 0; i < days->count && strcmp(p[i].start, next->start) < 0;
	    i++) {
		if (strcmp(p[i].start, reached) != 0 ||
		    !decimal_add(out, &days->lines[i].amount))
			return false;
		reached = p[i].end;
	}
	return strcmp(reached, next->start) == 0;
}
