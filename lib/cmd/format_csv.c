#include "cmd/format.h"

#include "codec/escape.h"

static const char header[] = "account_id,profile,period,data_type,start,end,"
    "group,metric,amount,unit,estimated\r\n";

static void
cell(struct buf *out, struct span text)
{
	escape_csv(text, out);
	buf_add_char(out, ',');
}

static void
row(const struct sheet *s, const struct sheet_rows *rows,
    const struct figures_row *r, struct buf *out)
{
	const struct figures *f = &rows->figures;
	const struct figures_period *p = &f->periods[r->period];
	char month[MONTH_ROOM];

	month_format(s->month, month);
	cell(out, span_of(s->account));
	cell(out, span_of(s->profile));
	cell(out, span_of(month));
	cell(out, span_of(rows->type));
	cell(out, span_of(p->start));
	cell(out, span_of(p->end));
	cell(out, r->group == FIGURES_NO_GROUP ? span_of("") :
	    f->groups[r->group]);
	cell(out, span_of(f->metric));
	decimal_format(&r->amount, out);
	buf_add_char(out, ',');
	cell(out, span_of(f->units[r->unit]));
	buf_addf(out, "%s\r\n", p->estimated ? "true" : "false");
}

/* A spreadsheet gets the amounts as exact as they came. */
void
format_csv_write(const struct sheets *sheets, const struct look *look,
    struct buf *out)
{
	size_t i, k, n;

	(void)look;
	buf_add_string(out, header);
	for (i = 0; i < sheets->count; i++) {
		const struct sheet *s = sheets->items[i];

		for (k = 0; k < s->rows_count; k++)
			for (n = 0; n < s->rows[k]->figures.row_count; n++)
				row(s, s->rows[k],
				    &s->rows[k]->figures.rows[n], out);
	}
}
