#include "cmd/format.h"

#include "base/columns.h"
#include "base/limits.h"
#include "cmd/money.h"
#include "cmd/text_page.h"

#define GAP 2

/* A label is not made shorter than this; the share goes first. */
#define LABEL_MIN 12

/* A part's columns, in columns of the terminal. */
struct widths {
	size_t label;
	size_t amount;
	size_t share;		/* 0: is not shown */
};

static const char total_label[] = "Total";
static const char expected_label[] = "Whole month, expected";

static void
widen(size_t *width, size_t n)
{
	if (*width < n)
		*width = n;
}

/* The text of a cell, made anew in the same buffer. */
static struct span
label_of(const struct sheet *s, enum sheet_part part, size_t i,
    const struct look *look, struct buf *cell, struct buf *out)
{
	buf_renew(cell, out);
	sheet_label(s, part, i, cell);
	text_page_ascii(look, cell);
	return buf_view(cell);
}

static struct span
amount_of(const struct decimal *amount, struct buf *cell, struct buf *out)
{
	buf_renew(cell, out);
	money_add(amount, cell);
	return buf_view(cell);
}

static struct span
share_of(const struct decimal *amount, const struct decimal *total,
    struct buf *cell, struct buf *out)
{
	buf_renew(cell, out);
	money_add_share(amount, total, cell);
	return buf_view(cell);
}

static struct widths
measure(const struct sheet *s, enum sheet_part part, const struct look *look,
    struct buf *cell, struct buf *out)
{
	const struct tally *t = &s->parts[part].tally;
	struct decimal expected;
	struct widths w = { 0 };
	size_t i, rest;

	w.amount = columns_of(span_of(s->unit));
	widen(&w.label, columns_of(span_of(sheet_heading(s, part))));
	for (i = 0; i < t->count; i++) {
		const struct decimal *amount = &t->lines[i].amount;

		widen(&w.label, columns_of(label_of(s, part, i, look, cell,
		    out)));
		widen(&w.amount, columns_of(amount_of(amount, cell, out)));
		if (part == SHEET_GROUPS)
			widen(&w.share, columns_of(share_of(amount, &t->total,
			    cell, out)));
	}
	if (sheet_adds_up(s, part)) {
		widen(&w.label, sizeof total_label - 1);
		widen(&w.amount, columns_of(amount_of(&t->total, cell, out)));
	}
	if (part == SHEET_FORECAST && sheet_expected(s, &expected)) {
		widen(&w.label, sizeof expected_label - 1);
		widen(&w.amount, columns_of(amount_of(&expected, cell, out)));
	}
	if (w.share > 0)
		widen(&w.share, sizeof "Share" - 1);
	if (look->width == 0)
		return w;
	if (w.share > 0 && LABEL_MIN + w.amount + w.share + 2 * GAP >
	    look->width)
		w.share = 0;
	rest = w.amount + (w.share > 0 ? w.share + GAP : 0) + GAP;
	rest = look->width > rest + LABEL_MIN ? look->width - rest :
	    LABEL_MIN;
	if (w.label > rest)
		w.label = rest;
	return w;
}

/* One line: its cells are made by the caller one after the other, as they
 * share a buffer. */
static void
put_label(const struct look *look, const struct widths *w, struct span text,
    struct buf *out)
{
	text_page_left(look, text, w->label, out);
	text_page_repeat(" ", GAP, out);
}

static void
put_share(const struct widths *w, struct span text, struct buf *out)
{
	if (w->share > 0 && text.n > 0) {
		text_page_repeat(" ", GAP, out);
		text_page_right(text, w->share, out);
	}
	buf_add_char(out, '\n');
}

static void
put_rule(const struct look *look, const struct widths *w, struct buf *out)
{
	struct buf rule;

	buf_init(&rule, out->max);
	text_page_repeat(look->utf8 ? "\u2500" : "-", w->label + GAP +
	    w->amount + (w->share > 0 ? GAP + w->share : 0), &rule);
	text_page_dim(look, buf_string(&rule), out);
	buf_add_char(out, '\n');
	buf_spoil(out, &rule);
	buf_clear(&rule);
}

static void
put_sum(const struct look *look, const struct widths *w, const char *label,
    const struct decimal *amount, struct buf *cell, struct buf *out)
{
	struct buf line;

	buf_init(&line, out->max);
	put_label(look, w, span_of(label), &line);
	text_page_right(amount_of(amount, cell, out), w->amount, &line);
	text_page_bold(look, buf_string(&line), out);
	buf_add_char(out, '\n');
	buf_spoil(out, &line);
	buf_clear(&line);
}

static void
put_part(const struct sheet *s, enum sheet_part part,
    const struct look *look, struct buf *cell, struct buf *out)
{
	const struct tally *t = &s->parts[part].tally;
	const struct widths w = measure(s, part, look, cell, out);
	struct decimal expected;
	size_t i;

	buf_add_char(out, '\n');
	put_label(look, &w, span_of(sheet_heading(s, part)), out);
	text_page_right(span_of(s->unit), w.amount, out);
	put_share(&w, span_of("Share"), out);
	put_rule(look, &w, out);
	for (i = 0; i < t->count; i++) {
		const struct decimal *amount = &t->lines[i].amount;

		put_label(look, &w, label_of(s, part, i, look, cell, out),
		    out);
		text_page_right(amount_of(amount, cell, out), w.amount, out);
		put_share(&w, share_of(amount, &t->total, cell, out), out);
	}
	if (sheet_adds_up(s, part)) {
		put_rule(look, &w, out);
		put_sum(look, &w, total_label, &t->total, cell, out);
	}
	if (part == SHEET_FORECAST && sheet_expected(s, &expected))
		put_sum(look, &w, expected_label, &expected, cell, out);
}

void
format_table_write(const struct sheets *sheets, const struct look *look,
    struct buf *out)
{
	struct buf cell;
	size_t i;
	int part;

	buf_init(&cell, 4 * LIMIT_MIB);
	for (i = 0; i < sheets->count; i++) {
		const struct sheet *s = sheets->items[i];

		if (i > 0)
			buf_add_char(out, '\n');
		text_page_head(s, look, out);
		for (part = 0; part < SHEET_PARTS; part++)
			if (s->parts[part].figures != NULL)
				put_part(s, (enum sheet_part)part, look,
				    &cell, out);
	}
	buf_spoil(out, &cell);
	buf_clear(&cell);
}
