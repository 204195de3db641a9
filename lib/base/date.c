#include "base/date.h"

#include <assert.h>
#include <stddef.h>
#include <stdio.h>

#define DAY 86400
#define LAST_SECOND INT64_C(253402300799)	/* 9999-12-31T23:59:59Z */

static const char month_names[12][4] = { "Jan", "Feb", "Mar", "Apr", "May",
	"Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };

/* 1970-01-01 was a Thursday. */
static const char weekday_names[7][10] = { "Thursday", "Friday", "Saturday",
	"Sunday", "Monday", "Tuesday", "Wednesday" };

struct clock {
	int hour;
	int minute;
	int second;
};

static int64_t
held(int64_t seconds)
{
	if (seconds < 0)
		return 0;
	return seconds > LAST_SECOND ? LAST_SECOND : seconds;
}

/*
 * Years begin in March here, so that the leap day is the last one: the
 * months' lengths then follow (153 m + 2) / 5, and 400 years have 146097
 * days. 719468 days lie between 0000-03-01 and 1970-01-01.
 */
struct date
date_of(int64_t seconds)
{
	int64_t days = held(seconds) / DAY + 719468;
	int era = (int)(days / 146097);
	int day_of_era = (int)(days % 146097);
	int year_of_era = (day_of_era - day_of_era / 1460 +
	    day_of_era / 36524 - day_of_era / 146096) / 365;
	int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 -
	    year_of_era / 100);
	int m = (5 * day_of_year + 2) / 153;
	struct date d;

	d.day = day_of_year - (153 * m + 2) / 5 + 1;
	d.month = m < 10 ? m + 3 : m - 9;
	d.year = year_of_era + era * 400 + (d.month <= 2);
	return d;
}

int64_t
date_start(struct date d)
{
	int year, era, year_of_era, m, day_of_year;
	int64_t days;

	assert(d.year >= 1970 && d.month >= 1 && d.month <= 12 && d.day >= 1 &&
	    d.day <= 31);
	year = d.month <= 2 ? d.year - 1 : d.year;
	era = year / 400;
	year_of_era = year % 400;
	m = d.month > 2 ? d.month - 3 : d.month + 9;
	day_of_year = (153 * m + 2) / 5 + d.day - 1;
	days = (int64_t)era * 146097 + year_of_era * 365 + year_of_era / 4 -
	    year_of_era / 100 + day_of_year - 719468;
	return days * DAY;
}

static bool
leap(int year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

int
date_days_in_month(int year, int month)
{
	static const int days[12] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31,
		30, 31 };

	assert(month >= 1 && month <= 12);
	return month == 2 && leap(year) ? 29 : days[month - 1];
}

bool
date_valid(struct date d)
{
	return d.year >= 1970 && d.year <= 9999 && d.month >= 1 &&
	    d.month <= 12 && d.day >= 1 &&
	    d.day <= date_days_in_month(d.year, d.month);
}

/* The readers below consume *s from the front, or say false. */
static bool
take_digits(struct span *s, size_t n, int *out)
{
	int value = 0;
	size_t i;

	if (s->n < n)
		return false;
	for (i = 0; i < n; i++) {
		if (s->p[i] < '0' || s->p[i] > '9')
			return false;
		value = value * 10 + (s->p[i] - '0');
	}
	*s = span_make(s->p + n, s->n - n);
	*out = value;
	return true;
}

static bool
take(struct span *s, const char *word)
{
	size_t n;

	if (!span_starts(*s, word))
		return false;
	n = span_of(word).n;
	*s = span_make(s->p + n, s->n - n);
	return true;
}

/* YYYY-MM-DD */
static bool
take_day(struct span *s, struct date *d)
{
	return take_digits(s, 4, &d->year) && take(s, "-") &&
	    take_digits(s, 2, &d->month) && take(s, "-") &&
	    take_digits(s, 2, &d->day) && date_valid(*d);
}

/* hh:mm:ss */
static bool
take_clock(struct span *s, struct clock *c)
{
	if (!take_digits(s, 2, &c->hour) || !take(s, ":") ||
	    !take_digits(s, 2, &c->minute) || !take(s, ":") ||
	    !take_digits(s, 2, &c->second))
		return false;
	if (c->second == 60)
		c->second = 59;
	return c->hour <= 23 && c->minute <= 59 && c->second <= 59;
}

static int64_t
seconds_of(struct date d, struct clock c)
{
	return date_start(d) + c.hour * 3600 + c.minute * 60 + c.second;
}

bool
date_parse_day(struct span text, struct date *out)
{
	struct date d;

	if (!take_day(&text, &d) || text.n != 0)
		return false;
	*out = d;
	return true;
}

void
date_format_day(struct date d, char out[DATE_ROOM])
{
	if (snprintf(out, DATE_ROOM, "%04d-%02d-%02d", d.year, d.month,
	    d.day) < 0)
		out[0] = '\0';
}

static bool
take_fraction(struct span *s)
{
	int digit;

	if (!take(s, ".") && !take(s, ","))
		return true;
	if (!take_digits(s, 1, &digit))
		return false;
	while (take_digits(s, 1, &digit))
		;
	return true;
}

/* Z, UTC, +hh:mm or +hhmm: seconds east of Greenwich. */
static bool
take_zone(struct span *s, int *east)
{
	int hour, minute, sign;

	*east = 0;
	if (take(s, "Z") || take(s, "z") || take(s, "UTC"))
		return true;
	if (take(s, "+"))
		sign = 1;
	else if (take(s, "-"))
		sign = -1;
	else
		return false;
	if (!take_digits(s, 2, &hour))
		return false;
	if (!take(s, ":") && s->n != 2)
		return false;
	if (!take_digits(s, 2, &minute) || hour > 23 || minute > 59)
		return false;
	*east = sign * (hour * 3600 + minute * 60);
	return true;
}

bool
date_parse_rfc3339(struct span text, int64_t *seconds)
{
	struct date d;
	struct clock c;
	int64_t value;
	int east;

	if (!take_day(&text, &d) || (!take(&text, "T") && !take(&text, "t")))
		return false;
	if (!take_clock(&text, &c) || !take_fraction(&text) ||
	    !take_zone(&text, &east) || text.n != 0)
		return false;
	value = seconds_of(d, c) - east;
	if (value != held(value))
		return false;
	*seconds = value;
	return true;
}

static struct clock
clock_of(int64_t seconds)
{
	int second = (int)(held(seconds) % DAY);
	struct clock c = { second / 3600, second / 60 % 60, second % 60 };

	return c;
}

void
date_format_rfc3339(int64_t seconds, char out[DATE_ROOM])
{
	struct date d = date_of(seconds);
	struct clock c = clock_of(seconds);

	if (snprintf(out, DATE_ROOM, "%04d-%02d-%02dT%02d:%02d:%02dZ", d.year,
	    d.month, d.day, c.hour, c.minute, c.second) < 0)
		out[0] = '\0';
}

static bool
take_month_name(struct span *s, int *month)
{
	int i;

	for (i = 0; i < 12; i++)
		if (take(s, month_names[i])) {
			*month = i + 1;
			return true;
		}
	return false;
}

/* The whole name, or its first three letters; says which it was. */
static bool
take_weekday(struct span *s, bool *whole)
{
	size_t i;

	for (i = 0; i < 7; i++) {
		if ((*whole = take(s, weekday_names[i])))
			return true;
		if (s->n >= 3 && span_equal(span_make(s->p, 3),
		    span_make(weekday_names[i], 3))) {
			*s = span_make(s->p + 3, s->n - 3);
			return true;
		}
	}
	return false;
}

/* " 06 Nov 1994 08:49:37 GMT" */
static bool
rest_fixdate(struct span s, struct date *d, struct clock *c)
{
	return take(&s, " ") && take_digits(&s, 2, &d->day) && take(&s, " ") &&
	    take_month_name(&s, &d->month) && take(&s, " ") &&
	    take_digits(&s, 4, &d->year) && take(&s, " ") &&
	    take_clock(&s, c) && span_is(s, " GMT");
}

/* " 06-Nov-94 08:49:37 GMT" */
static bool
rest_rfc850(struct span s, struct date *d, struct clock *c)
{
	int year;

	if (!take(&s, " ") || !take_digits(&s, 2, &d->day) || !take(&s, "-") ||
	    !take_month_name(&s, &d->month) || !take(&s, "-") ||
	    !take_digits(&s, 2, &year) || !take(&s, " "))
		return false;
	d->year = year < 70 ? 2000 + year : 1900 + year;
	return take_clock(&s, c) && span_is(s, " GMT");
}

/* " Nov  6 08:49:37 1994" */
static bool
rest_asctime(struct span s, struct date *d, struct clock *c)
{
	if (!take(&s, " ") || !take_month_name(&s, &d->month) ||
	    !take(&s, " "))
		return false;
	if (!take_digits(&s, 2, &d->day) &&
	    (!take(&s, " ") || !take_digits(&s, 1, &d->day)))
		return false;
	return take(&s, " ") && take_clock(&s, c) && take(&s, " ") &&
	    take_digits(&s, 4, &d->year) && s.n == 0;
}

bool
date_parse_http(struct span text, int64_t *seconds)
{
	struct date d;
	struct clock c;
	bool whole, good;

	if (!take_weekday(&text, &whole))
		return false;
	if (!take(&text, ","))
		good = !whole && rest_asctime(text, &d, &c);
	else if (whole)
		good = rest_rfc850(text, &d, &c);
	else
		good = rest_fixdate(text, &d, &c);
	if (!good || !date_valid(d))
		return false;
	*seconds = seconds_of(d, c);
	return true;
}

void
date_format_basic(int64_t seconds, char out[DATE_ROOM])
{
	struct date d = date_of(seconds);
	struct clock c = clock_of(seconds);

	if (snprintf(out, DATE_ROOM, "%04d%02d%02dT%02d%02d%02dZ", d.year,
	    d.month, d.day, c.hour, c.minute, c.second) < 0)
		out[0] = '\0';
}
