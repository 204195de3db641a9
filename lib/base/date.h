#ifndef BASE_DATE_H
#define BASE_DATE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/span.h"

/*
 * Times are int64_t seconds since 1970-01-01T00:00:00Z, without leap seconds,
 * always UTC. Years 1970 to 9999 are understood; what lies outside counts as
 * the first or last second of them. No clock is read here.
 */

/* Room for every text below, its NUL included. */
#define DATE_ROOM 32

/* A civil date; month 1..12, day 1..31. */
struct date {
	int year;
	int month;
	int day;
};

/* The day on which a moment falls. */
struct date date_of(int64_t seconds);

/* Midnight at the start of that day. The date must be a real one
 * (10000-01-01, the end of the last month, is one here). */
int64_t date_start(struct date d);

/* Is it a real day of the calendar, years 1970..9999? */
bool date_valid(struct date d);

/* Days in that month of that year. */
int date_days_in_month(int year, int month);

/* "2025-08-11": exactly ten bytes, a real day. */
bool date_parse_day(struct span text, struct date *out);
void date_format_day(struct date d, char out[DATE_ROOM]);

/*
 * RFC 3339 / ISO 8601 as AWS writes it: "2025-08-11T14:30:00Z", with an
 * optional fraction (dropped), "+00:00" or "+0000" offsets, and the "UTC"
 * suffix of old SSO files. A zone must be there. A second of 60 counts as 59.
 */
bool date_parse_rfc3339(struct span text, int64_t *seconds);
void date_format_rfc3339(int64_t seconds, char out[DATE_ROOM]);

/*
 * HTTP dates (RFC 9110 5.6.7): IMF-fixdate, and the two obsolete forms that a
 * recipient must accept. Two digits of a year mean 1970 to 2069. The name of
 * the weekday is not compared with the date.
 */
bool date_parse_http(struct span text, int64_t *seconds);

/* SigV4's "20250811T143000Z". */
void date_format_basic(int64_t seconds, char out[DATE_ROOM]);

#endif
