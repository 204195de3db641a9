#ifndef CMD_AXIS_H
#define CMD_AXIS_H

#include "base/buf.h"
#include "base/decimal.h"

/* An axis of amounts through zero: its ticks are 1, 2 or 5 times a power of
 * ten apart. */
struct axis {
	struct decimal step;
	int up, down;		/* ticks above and below zero */
};

/*
 * The finest that covers [least, most] (and zero) with at most so many ticks
 * beside zero's. It has one above zero at least. ticks is 2 or more.
 */
struct axis axis_choose(const struct decimal *least,
    const struct decimal *most, int ticks);

/* The label of the i-th tick (below zero: negative): "1,500", "0.05". */
void axis_label(const struct axis *axis, int i, struct buf *out);

/* From axis to axis's end, in steps: the whole that decimal_scale divides
 * by. */
struct decimal axis_span(const struct axis *axis);

#endif
