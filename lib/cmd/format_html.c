#include "cmd/format.h"

#include "base/app.h"
#include "base/limits.h"
#include "cmd/html_plot.h"
#include "cmd/html_style.h"
#include "cmd/money.h"
#include "codec/escape.h"

/* Scripts and whatever else is not in the file stay out, even if something
 * slipped through the escapes. */
static const char head[] =
"<!doctype html>\n"
"<html lang=\"en\">\n"
"<head>\n"
"<meta charset=\"utf-8\">\n"
"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
"<meta name=\"color-scheme\" content=\"light dark\">\n"
"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
"style-src 'unsafe-inline'; img-src data:\">\n"
"<meta name=\"generator\" content=\"" APP_NAME " " APP_VERSION "\">\n"
"<link rel=\"icon\" href=\"data:,\">\n";

/* What a sheet says of itself, escaped. */
static void
say(const struct sheet *s, void (*what)(const struct sheet *s,
    struct buf *out), struct buf *out)
{
	struct buf text;

	buf_init(&text, out->max);
	what(s, &text);
	escape_html(buf_view(&text), out);
	buf_spoil(out, &text);
	buf_clear(&text);
}

static void
put_label(const struct sheet *s, enum sheet_part part, size_t i,
    struct buf *out)
{
	struct buf text;

	buf_init(&text, out->max);
	sheet_label(s, part, i, &text);
	escape_html(buf_view(&text), out);
	buf_spoil(out, &text);
	buf_clear(&text);
}

static void
put_sum(const struct sheet *s, const char *label,
    const struct decimal *amount, const char *class, struct buf *out)
{
	buf_addf(out, "<div%s><dt>%s</dt><dd>", class, label);
	money_add(amount, out);
	buf_add_string(out, " <small>");
	escape_html(span_of(s->unit), out);
	buf_add_string(out, "</small></dd></div>\n");
}

/* The first thing that is read: how much, and how much it will be. */
static void
put_sums(const struct sheet *s, struct buf *out)
{
	bool forecast = s->parts[SHEET_FORECAST].figures != NULL;
	struct decimal expected;

	buf_add_string(out, "<dl class=\"sums\">\n");
	if (s->has_total)
		put_sum(s, forecast ? "So far" : "Total", &s->total, "", out);
	if (sheet_expected(s, &expected))
		put_sum(s, "Expected for the month", &expected,
		    " class=\"next\"", out);
	else if (forecast)
		put_sum(s, "Forecast", &s->parts[SHEET_FORECAST].tally.total,
		    " class=\"next\"", out);
	buf_add_string(out, "</dl>\n");
}

static void
put_days(const struct sheet *s, struct buf *out)
{
	const struct tally *next = &s->parts[SHEET_FORECAST].tally;
	const struct tally *days = &s->parts[SHEET_PERIODS].tally;
	struct series series;

	series_of(s, &series, out);
	if (series.count > 1) {
		buf_addf(out, "<section>\n<h2>%s</h2>\n",
		    series.points[0].day.year != 0 ? "By day" : "Over time");
		if (next->count > 0 && days->count > 0)
			buf_add_string(out, "<p class=\"key\"><span>Cost"
			    "</span><span class=\"next\">Forecast</span>"
			    "</p>\n");
		html_plot_days(&series, s->unit, next->count == 0 ?
		    "Columns: the cost of each day" : "Columns: the cost of "
		    "each day, then its forecast", out);
		buf_add_string(out, "</section>\n");
	}
	series_clear(&series);
}

/* All amounts are as wide as the widest, so that all bars begin and end at the
 * same places. */
static size_t
widest(const struct tally *t, struct buf *out)
{
	size_t i, n = 0;
	struct buf text;

	buf_init(&text, 4 * LIMIT_KIB);
	money_add(&t->total, &text);
	for (i = 0; i < t->count; i++) {
		n = text.n > n ? text.n : n;
		buf_renew(&text, out);
		money_add(&t->lines[i].amount, &text);
	}
	n = text.n > n ? text.n : n;
	buf_spoil(out, &text);
	buf_clear(&text);
	return n;
}

/* "By service"; a tag's name stays as it is. */
static void
put_heading(const struct sheet *s, struct buf *out)
{
	const char *heading = sheet_heading(s, SHEET_GROUPS);
	bool word = heading[0] >= 'A' && heading[0] <= 'Z' &&
	    heading[1] >= 'a' && heading[1] <= 'z';

	buf_add_string(out, "<h2>By ");
	if (word)
		buf_add_char(out, span_lower(heading[0]));
	escape_html(span_of(heading + (word ? 1 : 0)), out);
	buf_add_string(out, "</h2>\n");
}

static void
put_groups(const struct sheet *s, struct buf *out)
{
	const struct tally *t = &s->parts[SHEET_GROUPS].tally;
	size_t i;

	if (t->count == 0)
		return;
	buf_add_string(out, "<section>\n");
	put_heading(s, out);
	buf_addf(out, "<ul class=\"groups\" style=\"--amount:%zuch\">\n",
	    widest(t, out) + 1);
	for (i = 0; i < t->count; i++) {
		buf_add_string(out, "<li><span class=\"name\">");
		put_label(s, SHEET_GROUPS, i, out);
		buf_add_string(out, "</span>");
		html_plot_bar(&t->lines[i].amount, &t->largest, out);
		buf_add_string(out, "<span class=\"amount\">");
		money_add(&t->lines[i].amount, out);
		buf_add_string(out, "</span><span class=\"share\">");
		money_add_share(&t->lines[i].amount, &t->total, out);
		buf_add_string(out, "</span></li>\n");
	}
	buf_add_string(out, "<li class=\"total\"><span class=\"name\">Total"
	    "</span><span class=\"amount\">");
	money_add(&t->total, out);
	buf_add_string(out, "</span></li>\n</ul>\n</section>\n");
}

/* The plot's amounts, for who wants to read or print them. */
static void
put_amounts(const struct sheet *s, struct buf *out)
{
	static const enum sheet_part parts[] = { SHEET_PERIODS,
		SHEET_FORECAST };
	const struct tally *t;
	size_t i, k;

	if (s->parts[SHEET_PERIODS].figures == NULL &&
	    s->parts[SHEET_FORECAST].figures == NULL)
		return;
	buf_add_string(out, "<section>\n<h2>Amounts</h2>\n"
	    "<ul class=\"days\">\n");
	for (k = 0; k < sizeof parts / sizeof parts[0]; k++) {
		t = &s->parts[parts[k]].tally;
		for (i = 0; i < t->count; i++) {
			buf_addf(out, "<li%s><span>", parts[k] ==
			    SHEET_FORECAST ? " class=\"next\"" : "");
			put_label(s, parts[k], i, out);
			buf_addf(out, "%s</span><span>", parts[k] ==
			    SHEET_FORECAST ? ", forecast" : "");
			money_add(&t->lines[i].amount, out);
			buf_add_string(out, "</span></li>\n");
		}
	}
	buf_add_string(out, "</ul>\n</section>\n");
}

static void
put_sheet(const struct sheet *s, struct buf *out)
{
	buf_add_string(out, "<article>\n<h1>");
	say(s, sheet_subject, out);
	buf_add_string(out, "</h1>\n<p class=\"owner\">AWS costs");
	say(s, sheet_owner, out);
	buf_add_string(out, "</p>\n");
	put_sums(s, out);
	put_days(s, out);
	put_groups(s, out);
	put_amounts(s, out);
	buf_add_string(out, "<footer>");
	say(s, sheet_subtitle, out);
	buf_add_string(out, ".</footer>\n</article>\n");
}

void
format_html_write(const struct sheets *sheets, const struct look *look,
    struct buf *out)
{
	size_t i;

	(void)look;
	buf_add_string(out, head);
	buf_add_string(out, "<title>AWS costs");
	if (sheets->count > 0) {
		buf_add_string(out, ", ");
		say(sheets->items[0], sheet_title, out);
	}
	buf_addf(out, "</title>\n<style>\n%s</style>\n</head>\n<body>\n"
	    "<main>\n", html_style);
	for (i = 0; i < sheets->count; i++)
		put_sheet(sheets->items[i], out);
	buf_add_string(out, "</main>\n</body>\n</html>\n");
}
