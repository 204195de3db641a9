#ifndef CACHE_DERIVE_H
#define CACHE_DERIVE_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/span.h"

/* Is the type one of the three that follow from full-data? */
bool derive_possible(const char *type);

/*
 * Compute a derived type's data from full-data's, both in the shape
 * {"cost_and_usage":{"ResultsByTime":[...]}}, by exact decimal addition:
 *   mtd-costs          one period over all, Total of every metric, Groups []
 *   daily-breakdown    one period a day, Total, Groups []
 *   service-breakdown  one period over all, Total {}, Groups by SERVICE
 *                      sorted by key, GroupDefinitions kept
 * Estimated is true when any period's is, and in a sum over periods that do
 * not follow each other. A period without groups counts as zero. Metrics are
 * those of the data. ERR_DATA when the shape is another, an amount is no
 * decimal, a metric's units differ, or there is a Total but no groups to
 * break it down by. Deterministic bytes, appended to out (check with
 * buf_check; what a failure leaves in it is of no use).
 */
int derive_data(const char *type, struct span full_data, struct buf *out,
    struct err *err);

#endif
