#include "cmd/format.h"

#include "base/columns.h"
#include "base/limits.h"
#include "cmd/axis.h"
#include "cmd/money.h"
#include "cmd/series.h"
#include "cmd/text_page.h"

#define GAP 2
#define WIDTH 80		/* where nobody has set one */
#define LABEL_MIN 10
#define BAR_MIN 6
#define TICKS 5
#define ROWS 2			/* lines between two ticks */
#define COLUMN_MAX 4		/* of a day, its gap included */
#define EIGHTHS 8

/* What a chart is drawn with. */
struct pen {
	const char *across[EIGHTHS + 1];	/* a bar's end, 0/8 to 8/8 */
	const char *upward[EIGHTHS + 1];
	const char *below;	/* what is less than zero */
	const char *dash;	/* the forecast */
	const char *line, *corner, *tick, *side;
};

static const struct pen blocks = {
	{ "", "\u258f", "\u258e", "\u258d", "\u258c", "\u258b", "\u258a",
	    "\u2589", "\u2588" },
	{ " ", "\u2581", "\u2582", "\u2583", "\u2584", "\u2585", "\u2586",
	    "\u2587", "\u2588" },
	"\u2591", "\u254c", "\u2500", "\u2534", "\u2524", "\u2502",
};

static const struct pen ascii = {
	{ "", "", "", "", "#", "#", "#", "#", "#" },
	{ " ", " ", " ", " ", "#", "#", "#", "#", "#" },
	"=", "-", "-", "+", "+", "|",
};

/* What the parts of a chart are drawn for and with. */
struct chart {
	const struct look *look;
	const struct pen *pen;
	size_t width;
	struct buf *out;
};

/* A few columns in their colour. */
static void
paint(const struct chart *c, const char *colour, struct span text)
{
	if (c->look->colour && text.n > 0)
		buf_add_string(c->out, colour);
	buf_add_span(c->out, text);
	if (c->look->colour && text.n > 0)
		buf_add_string(c->out, "\033[0m");
}

#define COST "\033[36m"
#define CREDIT "\033[32m"
#define FORECAST "\033[33m"

/* A bar of so many columns for the largest amount, filled up with blanks. */
static void
put_bar(const struct chart *c, const struct decimal *amount,
    const struct decimal *largest, size_t columns)
{
	uint64_t eighths = decimal_scale(amount, largest,
	    (uint32_t)columns * EIGHTHS);
	struct buf bar;
	size_t whole;

	buf_init(&bar, c->out->max);
	/* What is not nothing leaves a trace. */
	if (eighths == 0 && !decimal_is_zero(amount))
		eighths = 1;
	whole = (size_t)(eighths / EIGHTHS);
	if (amount->negative) {
		whole += eighths % EIGHTHS != 0;
		text_page_repeat(c->pen->below, whole, &bar);
	} else {
		text_page_repeat(c->pen->across[EIGHTHS], whole, &bar);
		buf_add_string(&bar, c->pen->across[eighths % EIGHTHS]);
	}
	paint(c, amount->negative ? CREDIT : COST, buf_view(&bar));
	whole = columns_of(buf_view(&bar));
	text_page_repeat(" ", whole < columns ? columns - whole : 0, c->out);
	buf_spoil(c->out, &bar);
	buf_clear(&bar);
}

/* The widest label and the widest amount of the groups. */
static void
measure(const struct sheet *s, const struct chart *c, size_t *label,
    size_t *amount, struct buf *cell)
{
	const struct tally *t = &s->parts[SHEET_GROUPS].tally;
	size_t i, n;

	*label = *amount = 0;
	for (i = 0; i < t->count; i++) {
		buf_renew(cell, c->out);
		sheet_label(s, SHEET_GROUPS, i, cell);
		text_page_ascii(c->look, cell);
		n = columns_of(buf_view(cell));
		*label = n > *label ? n : *label;
		buf_renew(cell, c->out);
		money_add(&t->lines[i].amount, cell);
		*amount = cell->n > *amount ? cell->n : *amount;
	}
}

static void
put_groups(const struct sheet *s, const struct chart *c)
{
	const struct tally *t = &s->parts[SHEET_GROUPS].tally;
	size_t label, amount, bar, i;
	struct buf cell;

	buf_init(&cell, 4 * LIMIT_MIB);
	measure(s, c, &label, &amount, &cell);
	if (label > c->width * 2 / 5)
		label = c->width * 2 / 5;
	if (label < LABEL_MIN)
		label = LABEL_MIN;
	bar = label + amount + 2 * GAP;
	bar = c->width > bar + BAR_MIN ? c->width - bar : BAR_MIN;
	buf_add_char(c->out, '\n');
	for (i = 0; i < t->count; i++) {
		buf_renew(&cell, c->out);
		sheet_label(s, SHEET_GROUPS, i, &cell);
		text_page_ascii(c->look, &cell);
		text_page_left(c->look, buf_view(&cell), label, c->out);
		text_page_repeat(" ", GAP, c->out);
		put_bar(c, &t->lines[i].amount, &t->largest, bar);
		buf_renew(&cell, c->out);
		money_add(&t->lines[i].amount, &cell);
		text_page_repeat(" ", GAP, c->out);
		text_page_right(buf_view(&cell), amount, c->out);
		buf_add_char(c->out, '\n');
	}
	buf_spoil(c->out, &cell);
	buf_clear(&cell);
}

/* How the days are laid out. */
struct plot {
	struct axis axis;
	struct series series;
	size_t from;		/* the first point that fits */
	size_t labels;		/* columns of the axis's labels */
	size_t column, gap;	/* of a point, the gap within it */
};

static void
lay_out(struct plot *p, const struct chart *c)
{
	size_t room, n = p->series.count;
	struct buf cell;
	int i;

	p->axis = axis_choose(&p->series.least, &p->series.most, TICKS);
	buf_init(&cell, 4 * LIMIT_KIB);
	for (i = -p->axis.down; i <= p->axis.up; i++) {
		buf_renew(&cell, c->out);
		axis_label(&p->axis, i, &cell);
		p->labels = cell.n > p->labels ? cell.n : p->labels;
	}
	buf_spoil(c->out, &cell);
	buf_clear(&cell);
	room = c->width > p->labels + GAP + 1 ? c->width - p->labels - GAP :
	    1;
	p->column = room / n;
	if (p->column > COLUMN_MAX)
		p->column = COLUMN_MAX;
	if (p->column == 0) {
		/* The latest ones are of more use than the first. */
		p->column = 1;
		p->from = n - room;
	}
	p->gap = p->column > 1;
}

/* The mark of a point in a line, counted from zero's line upward. */
static void
put_mark(const struct chart *c, const struct plot *p,
    const struct series_point *point, int line)
{
	const uint32_t tick = ROWS * EIGHTHS;
	uint64_t cost = decimal_scale(&point->cost, &p->axis.step, tick);
	uint64_t forecast = decimal_scale(&point->forecast, &p->axis.step,
	    tick);
	int64_t left = (int64_t)cost - (int64_t)(line < 0 ? -line - 1 :
	    line) * EIGHTHS;
	bool level = point->has_forecast && point->forecast.negative ==
	    (line < 0) && (int64_t)(forecast > 0 ? forecast - 1 : 0) /
	    EIGHTHS == (line < 0 ? -line - 1 : line);
	struct buf mark;
	size_t n = p->column - p->gap;

	if (left > EIGHTHS)
		left = EIGHTHS;
	buf_init(&mark, c->out->max);
	if (level && (!point->has_cost || left <= 0)) {
		text_page_repeat(c->pen->dash, n, &mark);
		paint(c, FORECAST, buf_view(&mark));
	} else if (!point->has_cost || left <= 0 ||
	    point->cost.negative != (line < 0)) {
		text_page_repeat(" ", n, c->out);
	} else {
		text_page_repeat(line < 0 ? c->pen->below :
		    c->pen->upward[left], n, &mark);
		paint(c, line < 0 ? CREDIT : COST, buf_view(&mark));
	}
	text_page_repeat(" ", p->gap, c->out);
	buf_spoil(c->out, &mark);
	buf_clear(&mark);
}

/* One line of the plot; where a tick is, its label. */
static void
put_line(const struct chart *c, const struct plot *p, int line)
{
	struct buf cell;
	size_t i;

	/* The tick belongs to the upper edge of its lines. */
	buf_init(&cell, 4 * LIMIT_KIB);
	if (line >= 0 ? (line + 1) % ROWS == 0 : line % ROWS == 0)
		axis_label(&p->axis, line >= 0 ? (line + 1) / ROWS :
		    line / ROWS, &cell);
	text_page_right(buf_view(&cell), p->labels, c->out);
	buf_addf(c->out, " %s", cell.n > 0 ? c->pen->tick : c->pen->side);
	for (i = p->from; i < p->series.count; i++)
		put_mark(c, p, &p->series.points[i], line);
	while (c->out->n > 0 && c->out->p[c->out->n - 1] == ' ')
		c->out->n--;
	buf_add_char(c->out, '\n');
	buf_spoil(c->out, &cell);
	buf_clear(&cell);
}

/* Zero's own line, and which day is where below it. */
static void
put_zero(const struct chart *c, const struct plot *p)
{
	size_t n = p->series.count - p->from;

	text_page_right(span_of("0"), p->labels, c->out);
	buf_addf(c->out, " %s", c->pen->corner);
	text_page_repeat(c->pen->line, n * p->column, c->out);
	buf_add_char(c->out, '\n');
}

static void
put_labels(const struct chart *c, const struct plot *p)
{
	size_t i, column = p->labels + GAP, at = 0, every = 1;
	struct buf cell;

	buf_init(&cell, 4 * LIMIT_KIB);
	if (p->series.points[p->from].day.year == 0)
		every = 12 / p->column + 1;
	else if (p->column < 3)
		every = 7;
	for (i = p->from; i < p->series.count; i++, column += p->column) {
		if ((i - p->from) % every != 0)
			continue;
		buf_renew(&cell, c->out);
		series_label(&p->series.points[i], &cell);
		if (column + cell.n > c->width)
			break;
		text_page_repeat(" ", column - at, c->out);
		buf_add_span(c->out, buf_view(&cell));
		at = column + cell.n;
		buf_spoil(c->out, &cell);
	}
	buf_add_char(c->out, '\n');
	buf_clear(&cell);
}

static void
put_days(const struct sheet *s, const struct chart *c)
{
	struct plot p = { .from = 0 };
	int line;

	series_of(s, &p.series, c->out);
	if (p.series.count > 1) {
		lay_out(&p, c);
		buf_add_char(c->out, '\n');
		for (line = p.axis.up * ROWS - 1; line >= 0; line--)
			put_line(c, &p, line);
		put_zero(c, &p);
		for (line = -1; line >= -p.axis.down * ROWS; line--)
			put_line(c, &p, line);
		put_labels(c, &p);
	}
	series_clear(&p.series);
}

/* "Total 1,811.00, 1,900.25 expected for the month". */
static void
put_total(const struct sheet *s, const struct chart *c)
{
	struct decimal expected;
	struct buf text;

	buf_init(&text, 4 * LIMIT_KIB);
	if (s->has_total) {
		buf_add_string(&text, "Total ");
		money_add(&s->total, &text);
	}
	if (s->parts[SHEET_FORECAST].figures != NULL) {
		bool whole = sheet_expected(s, &expected);

		buf_add_string(&text, text.n > 0 ? ", " : "");
		money_add(whole ? &expected :
		    &s->parts[SHEET_FORECAST].tally.total, &text);
		buf_add_string(&text, whole ? " expected for the month" :
		    " forecast");
		buf_addf(&text, " (%s)", c->pen->dash);
	}
	text_page_strong(c->look, &text, c->out);
	buf_clear(&text);
}

void
format_chart_write(const struct sheets *sheets, const struct look *look,
    struct buf *out)
{
	struct look own = *look;
	struct chart c = { .look = &own, .out = out };
	size_t i;

	if (own.width == 0)
		own.width = WIDTH;
	c.width = own.width;
	c.pen = own.utf8 ? &blocks : &ascii;
	for (i = 0; i < sheets->count; i++) {
		const struct sheet *s = sheets->items[i];

		if (i > 0)
			buf_add_char(out, '\n');
		text_page_head(s, &own, out);
		put_total(s, &c);
		if (s->parts[SHEET_GROUPS].figures != NULL)
			put_groups(s, &c);
		put_days(s, &c);
	}
}
