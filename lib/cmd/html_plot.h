#ifndef CMD_HTML_PLOT_H
#define CMD_HTML_PLOT_H

#include "base/buf.h"
#include "base/decimal.h"
#include "cmd/series.h"

/*
 * The days of a sheet as inline SVG. Widths are per cent, heights and type are
 * pixels: it fits a phone as it fits a desk, and type keeps its size. unit is
 * what amounts are in; label says what the figure shows.
 */
void html_plot_days(const struct series *series, const char *unit,
    const char *label, struct buf *out);

/* One bar of a list: amount of largest. */
void html_plot_bar(const struct decimal *amount,
    const struct decimal *largest, struct buf *out);

#endif
