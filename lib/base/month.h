#ifndef BASE_MONTH_H
#define BASE_MONTH_H

#include <stdbool.h>
#include <stdint.h>

#include "base/date.h"
#include "base/span.h"

/* A calendar month, the period of an entry. */
struct month {
	int year;
	int month;		/* 1..12 */
};

#define MONTH_ROOM 8

/* "2025-08", exactly seven bytes, year 1970..9999. */
bool month_parse(struct span text, struct month *out);
void month_format(struct month m, char out[MONTH_ROOM]);

/* The month in which a moment falls (UTC). */
struct month month_of(int64_t seconds);

/* n months later (n may be negative); the result stays in 1970..9999. */
struct month month_add(struct month m, int n);

/* <0, 0, >0. */
int month_compare(struct month a, struct month b);

/* First day of the month, and first day of the next one (10000-01-01 after
 * the last). */
struct date month_first(struct month m);
struct date month_end(struct month m);

/*
 * The period that is asked of Cost Explorer for a month, seen from now:
 * [first day, min(tomorrow, first of the next month)), so that the first of
 * the month works. m must not lie in the future of now.
 */
void month_query_period(struct month m, int64_t now, struct date *start,
    struct date *end);

#endif
