#include "cmd/tally.h"

#include "base/buf.h"
#include "figures_sample.h"
#include "tap.h"

static void
spell_amount(const struct decimal *x, struct buf *out)
{
	decimal_format(x, out);
	buf_add_char(out, '\n');
}

/* "label=amount" a line, then the total and the largest magnitude. */
static void
spell(const struct figures *f, const struct tally *t, struct buf *out)
{
	size_t i;

	buf_reset(out);
	for (i = 0; i < t->count; i++) {
		if (t->lines[i].group == FIGURES_NO_GROUP)
			buf_add_string(out, f->periods[
			    t->lines[i].period].start);
		else
			buf_add_span(out, t->lines[i].label);
		buf_add_char(out, '=');
		spell_amount(&t->lines[i].amount, out);
	}
	spell_amount(&t->total, out);
	spell_amount(&t->largest, out);
}

static void
read_sample(const char *data, struct figures *f)
{
	struct err err;

	err_clear(&err);
	ok(figures_read(span_of(data), "full-data", NULL, f, &err) == 0,
	    "figures");
}

#define SUMS "1811.0000000122\n"

static void
test_sums(void)
{
	struct figures f;
	struct tally t = { 0 };
	struct buf out;
	struct err err;

	err_clear(&err);
	buf_init(&out, 4096);
	read_sample(SAMPLE_FULL, &f);
	ok(tally_groups(&f, &t, &err) == 0, "groups");
	spell(&f, &t, &out);
	is_str(buf_string(&out), "Amazon Elastic Compute Cloud - Compute="
	    "1999.9999999999\nCredit=-200\nAmazon Simple Storage Service=11\n"
	    "AWS Lambda=0.0000000123\n" SUMS "1999.9999999999\n",
	    "groups, the largest magnitude first, exact");
	tally_clear(&t);
	ok(tally_periods(&f, &t, &err) == 0, "periods");
	spell(&f, &t, &out);
	is_str(buf_string(&out), "2026-11-01=810.75\n"
	    "2026-11-02=999.5000000122\n2026-11-03=0.75\n" SUMS
	    "999.5000000122\n", "periods, in the order of the data");
	tally_clear(&t);
	tally_clear(&t);
	figures_clear(&f);
	read_sample(SAMPLE_COSTS("", SAMPLE_PERIOD("2026-11-01", "2026-11-02",
	    "", SAMPLE_GROUP("b", "1") "," SAMPLE_GROUP("c", "-1") ","
	    SAMPLE_GROUP("a", "1"), "true")), &f);
	ok(tally_groups(&f, &t, &err) == 0, "ties");
	spell(&f, &t, &out);
	is_str(buf_string(&out), "a=1\nb=1\nc=-1\n1\n1\n",
	    "of equal ones the first in byte order");
	tally_clear(&t);
	figures_clear(&f);
	buf_clear(&out);
}

/* What --top leaves: of groups and of rows. */
static const struct {
	size_t n;
	const char *groups;
	size_t rows;
} tops[] = {
	{ 4, "Amazon Elastic Compute Cloud - Compute=1999.9999999999\n"
	    "Credit=-200\nAmazon Simple Storage Service=11\n"
	    "AWS Lambda=0.0000000123\n", 6 },
	{ 3, "Amazon Elastic Compute Cloud - Compute=1999.9999999999\n"
	    "Credit=-200\nAmazon Simple Storage Service=11\n"
	    "1 other=0.0000000123\n", 6 },
	{ 1, "Amazon Elastic Compute Cloud - Compute=1999.9999999999\n"
	    "3 others=-188.9999999877\n", 5 },
	{ 0, "4 others=1811.0000000122\n", 3 },
};

static void
test_top(void)
{
	struct figures f;
	struct tally t = { 0 };
	struct buf out;
	struct err err;
	size_t i;

	err_clear(&err);
	buf_init(&out, 4096);
	for (i = 0; i < sizeof tops / sizeof tops[0]; i++) {
		read_sample(SAMPLE_FULL, &f);
		ok(tally_top(&f, tops[i].n, &err) == 0, "the %zu largest",
		    tops[i].n);
		is_uint(f.row_count, tops[i].rows, "%zu: rows", tops[i].n);
		ok(tally_groups(&f, &t, &err) == 0, "%zu: groups", tops[i].n);
		spell(&f, &t, &out);
		ok(span_starts(buf_view(&out), tops[i].groups),
		    "%zu: what is left: %s", tops[i].n, buf_string(&out));
		has_str(buf_string(&out), SUMS, "%zu: the sum stays",
		    tops[i].n);
		tally_clear(&t);
		ok(tally_periods(&f, &t, &err) == 0, "%zu: periods",
		    tops[i].n);
		spell(&f, &t, &out);
		ok(span_starts(buf_view(&out), "2026-11-01=810.75\n"
		    "2026-11-02=999.5000000122\n2026-11-03=0.75\n"),
		    "%zu: each day's sum stays", tops[i].n);
		tally_clear(&t);
		figures_clear(&f);
	}
	buf_clear(&out);
}

/* "N others" may be the largest and still stands last; totals stay alone. */
static void
test_others(void)
{
	struct figures f;
	struct tally t = { 0 };
	struct err err;

	err_clear(&err);
	read_sample(SAMPLE_COSTS("", SAMPLE_PERIOD("2026-11-01", "2026-11-02",
	    "", SAMPLE_GROUP("a", "5") "," SAMPLE_GROUP("b", "4") ","
	    SAMPLE_GROUP("c", "4"), "true")), &f);
	ok(tally_top(&f, 1, &err) == 0 && tally_groups(&f, &t, &err) == 0,
	    "two others");
	is_uint(t.count, 2, "a line each");
	is_span(t.lines[1].label, "2 others", "last, though larger");
	tally_clear(&t);
	figures_clear(&f);
	read_sample(SAMPLE_TOTAL("7.5"), &f);
	ok(tally_top(&f, 1, &err) == 0 && tally_groups(&f, &t, &err) == 0,
	    "no group");
	is_uint(t.count, 0, "no line");
	tally_clear(&t);
	figures_clear(&f);
}

#define HUGE_AMOUNT "9e89"

static void
test_refused(void)
{
	struct figures f;
	struct tally t = { 0 };
	struct err err;

	err_clear(&err);
	read_sample(SAMPLE_COSTS("", SAMPLE_PERIOD("2026-11-01", "2026-11-02",
	    "", SAMPLE_GROUP("a", HUGE_AMOUNT) ","
	    SAMPLE_GROUP("b", HUGE_AMOUNT), "true")), &f);
	ok(tally_groups(&f, &t, &err) == -1 && err.class == ERR_DATA,
	    "a sum out of range");
	has_str(err.message, "out of range", "which is said");
	err_clear(&err);
	ok(tally_periods(&f, &t, &err) == -1 && err.class == ERR_DATA,
	    "of a period, too");
	err_clear(&err);
	ok(tally_top(&f, 0, &err) == -1, "and of others");
	figures_clear(&f);
	memcpy(f.units[0], "Hrs", 4);
	memcpy(f.units[1], "GB", 3);
	f.unit_count = 2;
	err_clear(&err);
	ok(tally_groups(&f, &t, &err) == -1 && err.class == ERR_DATA,
	    "several units");
}

int
main(void)
{
	test_sums();
	test_top();
	test_others();
	test_refused();
	return done_testing();
}
