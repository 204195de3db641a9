#ifndef CMD_MONEY_H
#define CMD_MONEY_H

#include "base/buf.h"
#include "base/decimal.h"

/* For people: "1,234.50", rounded to two places (half away from zero). */
void money_add(const struct decimal *x, struct buf *out);

/* A share of the whole, to one place: "12.3%", "-0.5%"; of nothing, and of 1,000
 * wholes on, "". */
void money_add_share(const struct decimal *x, const struct decimal *whole,
    struct buf *out);

#endif
