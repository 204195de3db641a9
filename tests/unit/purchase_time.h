#ifndef TESTS_PURCHASE_TIME_H
#define TESTS_PURCHASE_TIME_H

#include "cache/purchase.h"
#include "tap.h"

/* A purchase's month and the time of day, as a table spells them. */
#define COUNT(rows) (sizeof (rows) / sizeof (rows)[0])

static inline int64_t
at(const char *text)
{
	int64_t seconds = -1;

	if (!date_parse_rfc3339(span_of(text), &seconds))
		ok(false, "'%s' is a time", text);
	return seconds;
}

static inline struct month
month(const char *text)
{
	struct month m = { 1970, 1 };

	if (!month_parse(span_of(text), &m))
		ok(false, "'%s' is a month", text);
	return m;
}

#endif
