#include "base/month.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#define FIRST (1970 * 12)
#define LAST (9999 * 12 + 11)

bool
month_parse(struct span text, struct month *out)
{
	char day[11] = "YYYY-MM-01";
	struct date d;

	if (text.n != 7)
		return false;
	memcpy(day, text.p, 7);
	if (!date_parse_day(span_make(day, 10), &d))
		return false;
	out->year = d.year;
	out->month = d.month;
	return true;
}

void
month_format(struct month m, char out[MONTH_ROOM])
{
	/* The unsigned remainders only tell the compiler that it fits. */
	if (snprintf(out, MONTH_ROOM, "%04u-%02u", (unsigned)m.year % 10000,
	    (unsigned)m.month % 100) < 0)
		out[0] = '\0';
}

struct month
month_of(int64_t seconds)
{
	struct date d = date_of(seconds);
	struct month m = { d.year, d.month };

	return m;
}

static int64_t
ordinal(struct month m)
{
	return (int64_t)m.year * 12 + m.month - 1;
}

struct month
month_add(struct month m, int n)
{
	int64_t i = ordinal(m) + n;

	if (i < FIRST)
		i = FIRST;
	if (i > LAST)
		i = LAST;
	m.year = (int)(i / 12);
	m.month = (int)(i % 12) + 1;
	return m;
}

int
month_compare(struct month a, struct month b)
{
	int64_t i = ordinal(a), k = ordinal(b);

	return i < k ? -1 : i > k;
}

struct date
month_first(struct month m)
{
	struct date d = { m.year, m.month, 1 };

	return d;
}

struct date
month_end(struct month m)
{
	struct date d = { m.year, m.month + 1, 1 };

	if (m.month == 12) {
		d.year = m.year + 1;
		d.month = 1;
	}
	return d;
}

void
month_query_period(struct month m, int64_t now, struct date *start,
    struct date *end)
{
	struct month current = month_of(now);
	struct date today = date_of(now);

	assert(month_compare(m, current) <= 0);
	*start = month_first(m);
	*end = month_end(m);
	/* On the last day of a month, tomorrow is the month's end. */
	if (month_compare(m, current) == 0 &&
	    today.day < date_days_in_month(today.year, today.month)) {
		*end = today;
		end->day++;
	}
}
