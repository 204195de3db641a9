#include "cmd/format.h"

#include "cmd/money.h"
#include "codec/escape.h"

static void
add_escaped(const struct sheet *s, void (*say)(const struct sheet *s,
    struct buf *out), struct buf *out)
{
	struct buf text;

	buf_init(&text, out->max);
	say(s, &text);
	escape_markdown(buf_view(&text), out);
	buf_spoil(out, &text);
	buf_clear(&text);
}

static void
line(const struct sheet *s, enum sheet_part part, size_t i, struct buf *out)
{
	const struct tally *t = &s->parts[part].tally;
	struct buf label;

	buf_init(&label, out->max);
	sheet_label(s, part, i, &label);
	buf_add_string(out, "| ");
	escape_markdown(buf_view(&label), out);
	buf_add_string(out, " | ");
	money_add(&t->lines[i].amount, out);
	if (part == SHEET_GROUPS) {
		buf_add_string(out, " | ");
		money_add_share(&t->lines[i].amount, &t->total, out);
	}
	buf_add_string(out, " |\n");
	buf_spoil(out, &label);
	buf_clear(&label);
}

static void
sum(const char *label, const struct decimal *amount, enum sheet_part part,
    struct buf *out)
{
	buf_addf(out, "| **%s** | **", label);
	money_add(amount, out);
	buf_addf(out, "** |%s\n", part == SHEET_GROUPS ? " |" : "");
}

static void
put_part(const struct sheet *s, enum sheet_part part, struct buf *out)
{
	struct decimal expected;
	size_t i;

	if (s->parts[part].figures == NULL)
		return;
	buf_add_string(out, "\n| ");
	escape_markdown(span_of(sheet_heading(s, part)), out);
	buf_add_string(out, " | ");
	escape_markdown(span_of(s->unit), out);
	buf_add_string(out, part == SHEET_GROUPS ?
	    " | Share |\n| :--- | ---: | ---: |\n" : " |\n| :--- | ---: |\n");
	for (i = 0; i < s->parts[part].tally.count; i++)
		line(s, part, i, out);
	if (sheet_adds_up(s, part))
		sum("Total", &s->parts[part].tally.total, part, out);
	if (part == SHEET_FORECAST && sheet_expected(s, &expected))
		sum("Whole month, expected", &expected, part, out);
}

/* A summary of a job, or of a pull request. */
void
format_markdown_write(const struct sheets *sheets, const struct look *look,
    struct buf *out)
{
	size_t i;
	int part;

	(void)look;
	for (i = 0; i < sheets->count; i++) {
		const struct sheet *s = sheets->items[i];

		buf_addf(out, "%s### ", i == 0 ? "" : "\n");
		add_escaped(s, sheet_title, out);
		buf_add_string(out, "\n\n");
		add_escaped(s, sheet_subtitle, out);
		buf_add_char(out, '\n');
		for (part = 0; part < SHEET_PARTS; part++)
			put_part(s, (enum sheet_part)part, out);
	}
}
