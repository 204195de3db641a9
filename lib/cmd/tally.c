#include "cmd/tally.h"

#include <stdlib.h>
#include <string.h>

static int
out_of_range(struct err *err)
{
	return err_set(err, ERR_DATA, "a sum is out of range");
}

static int
begin(const struct figures *f, size_t count, struct tally *out,
    struct err *err)
{
	memset(out, 0, sizeof *out);
	if (figures_unit(f, err) == NULL)
		return -1;
	out->lines = calloc(count + 1, sizeof *out->lines);
	if (out->lines == NULL) {
		err_memory(err);
		return -1;
	}
	out->count = count;
	return 0;
}

/* Total and largest line; what went wrong so far frees all. */
static int
finish(struct tally *t, int result, struct err *err)
{
	struct decimal magnitude;
	size_t i;

	for (i = 0; i < t->count && result == 0; i++) {
		magnitude = decimal_magnitude(&t->lines[i].amount);
		if (decimal_compare(&magnitude, &t->largest) > 0)
			t->largest = magnitude;
		if (!decimal_add(&t->total, &t->lines[i].amount))
			result = out_of_range(err);
	}
	if (result != 0)
		tally_clear(t);
	return result;
}

static int
compare_lines(const void *one, const void *other)
{
	const struct tally_line *a = one, *b = other;
	struct decimal x = decimal_magnitude(&a->amount);
	struct decimal y = decimal_magnitude(&b->amount);
	int c = decimal_compare(&y, &x);

	return c != 0 ? c : span_compare(a->label, b->label);
}

/* "N others" stands last, however large it is. */
static void
put_others_last(const struct figures *f, struct tally *t)
{
	struct tally_line others;
	size_t i = 0;

	while (i < t->count && t->lines[i].group != f->others)
		i++;
	if (i >= t->count)
		return;
	others = t->lines[i];
	memmove(&t->lines[i], &t->lines[i + 1],
	    (t->count - i - 1) * sizeof others);
	t->lines[t->count - 1] = others;
}

int
tally_groups(const struct figures *f, struct tally *out, struct err *err)
{
	int result = 0;
	size_t i;

	if (begin(f, f->group_count, out, err) != 0)
		return -1;
	for (i = 0; i < out->count; i++) {
		out->lines[i].label = f->groups[i];
		out->lines[i].group = i;
	}
	for (i = 0; i < f->row_count && result == 0; i++)
		if (f->rows[i].group != FIGURES_NO_GROUP &&
		    !decimal_add(&out->lines[f->rows[i].group].amount,
		    &f->rows[i].amount))
			result = out_of_range(err);
	qsort(out->lines, out->count, sizeof *out->lines, compare_lines);
	put_others_last(f, out);
	return finish(out, result, err);
}

int
tally_periods(const struct figures *f, struct tally *out, struct err *err)
{
	int result = 0;
	size_t i;

	if (begin(f, f->period_count, out, err) != 0)
		return -1;
	for (i = 0; i < out->count; i++) {
		out->lines[i].period = i;
		out->lines[i].group = FIGURES_NO_GROUP;
	}
	for (i = 0; i < f->row_count && result == 0; i++)
		if (!decimal_add(&out->lines[f->rows[i].period].amount,
		    &f->rows[i].amount))
			result = out_of_range(err);
	return finish(out, result, err);
}

void
tally_clear(struct tally *t)
{
	free(t->lines);
	memset(t, 0, sizeof *t);
}

/* Rows of one period, those of others added up to one behind the rest. */
static bool
merge_period(struct figures *f, const size_t *new_group, size_t *from,
    size_t *to)
{
	struct figures_row others = { .group = f->others };
	size_t period = f->rows[*from].period;
	bool any = false;

	for (; *from < f->row_count && f->rows[*from].period == period;
	    (*from)++) {
		struct figures_row row = f->rows[*from];

		if (row.group != FIGURES_NO_GROUP)
			row.group = new_group[row.group];
		if (row.group != f->others) {
			f->rows[(*to)++] = row;
			continue;
		}
		any = true;
		others.period = row.period;
		others.unit = row.unit;
		if (!decimal_add(&others.amount, &row.amount))
			return false;
	}
	if (any)
		f->rows[(*to)++] = others;
	return true;
}

/* The groups that stay, in the order of their sums, and one more. */
static int
regroup(struct figures *f, const struct tally *t, size_t n,
    size_t *new_group, struct err *err)
{
	struct span *groups = calloc(n + 1, sizeof *groups);
	struct buf label;
	size_t i;

	buf_init(&label, 64);
	buf_addf(&label, "%zu other%s", t->count - n,
	    t->count - n == 1 ? "" : "s");
	f->others_label = buf_take(&label);
	if (groups == NULL || f->others_label == NULL) {
		free(groups);
		return err_memory(err);
	}
	for (i = 0; i < t->count; i++) {
		new_group[t->lines[i].group] = i < n ? i : n;
		if (i < n)
			groups[i] = t->lines[i].label;
	}
	groups[n] = span_of(f->others_label);
	free(f->groups);
	f->groups = groups;
	f->group_count = n + 1;
	f->others = n;
	return 0;
}

int
tally_top(struct figures *f, size_t n, struct err *err)
{
	struct tally t;
	size_t *new_group = NULL, from = 0, to = 0;
	int result = -1;

	if (f->group_count <= n)
		return 0;
	if (tally_groups(f, &t, err) != 0)
		return -1;
	new_group = calloc(t.count + 1, sizeof *new_group);
	if (new_group == NULL) {
		err_memory(err);
		goto out;
	}
	if (regroup(f, &t, n, new_group, err) != 0)
		goto out;
	while (from < f->row_count)
		if (!merge_period(f, new_group, &from, &to)) {
			out_of_range(err);
			goto out;
		}
	f->row_count = to;
	result = 0;
out:
	free(new_group);
	tally_clear(&t);
	return result;
}
