#ifndef CMD_FIGURES_H
#define CMD_FIGURES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/decimal.h"
#include "base/err.h"
#include "base/span.h"

/* "2026-11-01", or with HOURLY data "2026-11-01T00:00:00Z". */
#define FIGURES_TIME_ROOM 24
#define FIGURES_WORD_ROOM 64
#define FIGURES_UNITS 32
#define FIGURES_NO_GROUP ((size_t)-1)

struct figures_period {
	char start[FIGURES_TIME_ROOM];
	char end[FIGURES_TIME_ROOM];	/* exclusive */
	bool estimated;
};

struct figures_row {
	size_t period;
	size_t group;		/* FIGURES_NO_GROUP: the period's Total */
	size_t unit;
	struct decimal amount;
};

/*
 * A data set as rows of (period, group, amount, unit): one metric of what
 * GetCostAndUsage or GetCostForecast answered, amounts as exact as they came.
 * Labels are fit to be shown (base/printable.h): what Cost Explorer calls
 * "team$web" under a GroupDefinition of that tag is "web" here, and "team$" is
 * "(no team)".
 */
struct figures {
	bool forecast;		/* MeanValue of each period */
	char metric[FIGURES_WORD_ROOM];	/* "" when the data does not say */
	char heading[2 * FIGURES_WORD_ROOM];	/* what groups are: "Service" */
	char units[FIGURES_UNITS][FIGURES_WORD_ROOM];
	size_t unit_count;	/* amounts of several do not add up */
	struct figures_period *periods;
	size_t period_count;
	struct span *groups;	/* distinct */
	size_t group_count;
	size_t others;		/* the group that tally_top made, or
				   FIGURES_NO_GROUP */
	struct figures_row *rows;	/* in the order of the data */
	size_t row_count;
	char *others_label;	/* private */
	struct buf text;	/* private: the labels */
	struct buf rows_room, periods_room;	/* private */
};

/*
 * Read. type is the entry's (its "forecast" is one of UnblendedCost); metric
 * NULL takes UnblendedCost, or the data's first where it has none.
 * ERR_DATA: another shape, an amount that is no decimal, a metric that is not
 * there (the message names those that are). *out is cleared on failure.
 */
int figures_read(struct span data, const char *type, const char *metric,
    struct figures *out, struct err *err);

/* Free; harmless twice. */
void figures_clear(struct figures *f);

/* The one unit of all amounts, "" when there is no row. ERR_DATA, with NULL,
 * when there are several. */
const char *figures_unit(const struct figures *f, struct err *err);

/* Is any period not final? */
bool figures_estimated(const struct figures *f);

#endif
