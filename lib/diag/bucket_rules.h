#ifndef DIAG_BUCKET_RULES_H
#define DIAG_BUCKET_RULES_H

#include <stdbool.h>

#include "aws/lifecycle.h"
#include "base/buf.h"

/*
 * The lifecycle that a team cache needs, as data: what verify-bucket looks
 * for, what --create and --fix write. Pure.
 */
enum bucket_rules_need {
	BUCKET_RULES_ENTRIES,	/* entries end within 30 days */
	BUCKET_RULES_VERSIONS,	/* and their former versions */
	BUCKET_RULES_MARKERS,	/* and what a deletion leaves */
	BUCKET_RULES_UPLOADS,	/* and uploads that were given up */
	BUCKET_RULES_LEASES,	/* leases end within a few days */
	BUCKET_RULES_NEEDS
};

/* Entries serve for 30 days at most (design section 5). */
#define BUCKET_RULES_DAYS 30

/* Is the need met for keys below the prefix? l may be NULL: no rules. */
bool bucket_rules_met(const struct lifecycle *l, const char *prefix,
    enum bucket_rules_need need);

/*
 * The rules that meet all needs. Their ids are the same each time, and others
 * for another prefix in the same bucket. The wishes point into the rest.
 */
#define BUCKET_RULES_COUNT 4
struct bucket_rules {
	struct lifecycle_wish wishes[BUCKET_RULES_COUNT];
	char ids[BUCKET_RULES_COUNT][64];
	struct buf entries, leases;	/* their prefixes */
};
/* -1 with err when out of memory. */
int bucket_rules_init(struct bucket_rules *rules, const char *prefix,
    struct err *err);
void bucket_rules_clear(struct bucket_rules *rules);

#endif
