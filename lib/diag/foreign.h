#ifndef DIAG_FOREIGN_H
#define DIAG_FOREIGN_H

#include <stddef.h>

#include "aws/s3.h"
#include "base/buf.h"
#include "base/err.h"
#include "diag/check.h"

/*
 * Objects under our keys that teamcache did not write (design section 4):
 * named, and never deleted. What has no key of ours is one; so is what lacks
 * our header, of the few that are looked at: of each page the last, which are
 * the latest months.
 */
struct foreign_place {
	struct s3 *s3;
	const char *prefix;	/* normalised */
	const char *tree;	/* where to look: "PREFIXcache-v1/" or below */
	size_t looks;		/* HEADs at most */
	size_t pages;		/* of the list, 1000 keys each, at most */
};

struct foreign {
	size_t count;
	size_t seen;		/* objects in the list */
	size_t looked;		/* of these by HEAD */
	size_t passed;		/* not looked at; or in pages that were not
				   listed, then 1 at least */
	struct buf names;	/* of the first few, quoted */
	struct err unseen;	/* why one could not be looked at */
};

void foreign_init(struct foreign *f);
void foreign_clear(struct foreign *f);	/* harmless twice */

/* 0, or -1 with why when the list could not be had, or nothing else will be
 * answered either. */
int foreign_look(const struct foreign_place *place, struct foreign *out,
    struct err *why);

/* That none was found, among how many, as the summary of a result that
 * passes. */
void foreign_none(const struct foreign *f, const char *tree,
    struct check_result *r);

/* Those that were found (one at least), with what to do, as the summary and
 * the fix of a result, whose status stays. */
void foreign_tell(const struct foreign *f, const char *tree,
    const char *bucket, struct check_result *r);

#endif
