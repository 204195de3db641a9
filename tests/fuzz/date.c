/* A moment that was read, written, reads as the same; retry hints are waits. */
#include "fuzz.h"

#include "base/date.h"
#include "base/month.h"
#include "base/num.h"
#include "net/retry.h"

/* The last second of the year 9999. */
#define LAST INT64_C(253402300799)

static void
check_moment(int64_t seconds)
{
	char text[DATE_ROOM];
	struct date day = date_of(seconds), again;
	int64_t back = -1;

	must(seconds >= 0 && seconds <= LAST && date_valid(day));
	must(date_start(day) <= seconds && seconds - date_start(day) < 86400);
	date_format_rfc3339(seconds, text);
	must(date_parse_rfc3339(span_of(text), &back) && back == seconds);
	date_format_day(day, text);
	must(date_parse_day(span_of(text), &again));
	must(again.year == day.year && again.month == day.month &&
	    again.day == day.day);
	date_format_basic(seconds, text);
	must(strlen(text) == 16);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span text = fuzz_span(data, size), head, rest;
	struct date day = { 0, 0, 0 };
	int64_t seconds = -7, hint;

	if (date_parse_rfc3339(text, &seconds))
		check_moment(seconds);
	else
		must(seconds == -7);
	if (date_parse_http(text, &seconds))
		check_moment(seconds);
	if (date_parse_day(text, &day))
		check_moment(date_start(day));
	if (num_parse_duration(text, LAST, &seconds))
		must(seconds >= 0 && seconds <= LAST);
	/* A header line each: x-amz-retry-after, Retry-After. */
	(void)span_split(text, '\n', &head, &rest);
	hint = retry_hint(head, rest, 1754922600);
	must(hint >= -1);
	return 0;
}
