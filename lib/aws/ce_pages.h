#ifndef AWS_CE_PAGES_H
#define AWS_CE_PAGES_H

#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/span.h"

/* How the pages of one Cost Explorer operation become one answer. Member
 * names; NULL where there is none. */
struct ce_pages_shape {
	const char *token;	/* of the next page, in question and answer */
	const char *periods;	/* array of periods, which a page may cut */
	const char *list;	/* array that goes on from page to page */
	const char *more;	/* another one */
	const char *unique;	/* the same, its elements told apart by Value */
	const char *size;	/* number of elements: summed up */
};

/*
 * The raw answers in order into one object, appended to out, values byte for
 * byte: periods are identified by the Start and End of their TimePeriod, the
 * Groups of one are concatenated, Total is the first that is not empty,
 * Estimated is true when one is; lists are concatenated; all other members
 * are the first page's; the token goes. ERR_DATA when a page has another
 * shape, or out is full. Pure.
 */
int ce_pages_merge(const struct ce_pages_shape *shape,
    const struct span *pages, size_t count, struct buf *out,
    struct err *err);

#endif
