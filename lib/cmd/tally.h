#ifndef CMD_TALLY_H
#define CMD_TALLY_H

#include <stddef.h>

#include "base/decimal.h"
#include "base/err.h"
#include "cmd/figures.h"

/* A group's sum, or a period's. */
struct tally_line {
	struct span label;	/* of the group, borrowed from the figures */
	size_t period;		/* of the figures; 0 in a line of a group */
	size_t group;		/* FIGURES_NO_GROUP in a line of a period */
	struct decimal amount;
};

/* Sums of figures, by exact addition. Zero-initialise. */
struct tally {
	struct tally_line *lines;
	size_t count;
	struct decimal total;
	struct decimal largest;	/* magnitude of a line */
};

/*
 * The sum of each group, the largest magnitude first, of two equal ones the
 * first in byte order; "N others" last. Rows without a group are left out.
 * ERR_DATA for several units, or a sum out of range.
 */
int tally_groups(const struct figures *f, struct tally *out,
    struct err *err);

/* The sum of each period, in the order of the data. */
int tally_periods(const struct figures *f, struct tally *out,
    struct err *err);

/* Free; harmless twice. */
void tally_clear(struct tally *t);

/*
 * Leave the n largest groups in the figures; of the others there is one row a
 * period, "N others", behind those that are left. Nothing happens when there
 * are no more than n; once only. ERR_DATA as tally_groups; the figures are of
 * no use then.
 */
int tally_top(struct figures *f, size_t n, struct err *err);

#endif
