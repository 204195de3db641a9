#ifndef CMD_SERIES_H
#define CMD_SERIES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/date.h"
#include "base/decimal.h"
#include "cmd/sheet.h"

/* One day (or other period) of a sheet: what it cost, what it is said to. */
struct series_point {
	const char *start;	/* "2026-11-01"; borrowed from the sheet */
	struct date day;	/* where it is a day; year 0 where not */
	bool has_cost;
	bool has_forecast;
	struct decimal cost;
	struct decimal forecast;
};

/* A sheet's periods and its forecast, one after the other in time. */
struct series {
	struct series_point *points;
	size_t count;
	struct decimal least, most;	/* of all amounts */
};

/* The points; none where the sheet has neither, or memory ran out, which
 * spoils the text that they are for. */
void series_of(const struct sheet *s, struct series *out, struct buf *text);
void series_clear(struct series *series);	/* harmless twice */

/* What stands below a point: "8" of 2026-11-08, or the whole start. */
void series_label(const struct series_point *point, struct buf *out);

#endif
