#ifndef BASE_COLUMNS_H
#define BASE_COLUMNS_H

#include <stddef.h>

#include "base/buf.h"
#include "base/span.h"

/*
 * How many columns of a terminal a text takes: two for a wide character of
 * East Asia and most emoji, none for what combines with the character before
 * it (Unicode 14: East_Asian_Width W and F; Mn, Me, Cf). The text has been
 * made printable (base/printable.h); a byte that is no UTF-8 counts as one.
 */
size_t columns_of(struct span text);

/*
 * Append text, cut so that it takes at most width columns; what was cut ends
 * in the ellipsis, if that fits. A wide character is never halved: the result
 * may be a column short. Returns the columns that were taken.
 */
size_t columns_cut(struct span text, size_t width, const char *ellipsis,
    struct buf *out);

#endif
