#include "cmd/option_value.h"

#include <stdio.h>
#include <string.h>

#include "base/date.h"
#include "base/nearest.h"
#include "base/num.h"
#include "base/span.h"
#include "codec/uri.h"
#include "aws/arn.h"
#include "aws/endpoint.h"

/* What a value of a kind is called, and how it is written. */
static const struct {
	const char *noun;
	const char *form;
} kinds[] = {
	[OPTION_KIND_TEXT] = { "a text", "a text that is not empty" },
	[OPTION_KIND_DURATION] = { "a duration",
	    "a number and a unit, such as 90s, 15m, 6h or 30d" },
	[OPTION_KIND_NUMBER] = { "a number", "digits" },
	[OPTION_KIND_MONTH] = { "a month", "YYYY-MM, such as 2026-10" },
	[OPTION_KIND_ACCOUNT] = { "an account id", "twelve digits" },
	[OPTION_KIND_FILE] = { "a file name", "a name that is not empty" },
	[OPTION_KIND_URL] = { "an address",
	    "http://HOST[:PORT] or https://HOST[:PORT]" },
	[OPTION_KIND_TIME] = { "a time",
	    "RFC 3339, such as 2026-10-31T14:30:00Z" },
	[OPTION_KIND_PROFILE] = { "a profile",
	    "the name of a profile of ~/.aws/config" },
	[OPTION_KIND_REGION] = { "a region", "a name such as eu-west-1" },
};

static int
malformed(const struct option_spec *spec, const char *text, struct err *err)
{
	if (text[0] == '\0') {
		err_set(err, ERR_USAGE, "option '--%s': the value is empty",
		    spec->name);
		err_hint(err, "it takes %s", kinds[spec->kind].form);
		return -1;
	}
	err_set(err, ERR_USAGE, "option '--%s': '%.200s' is not %s",
	    spec->name, text, kinds[spec->kind].noun);
	err_hint(err, "it takes %s", kinds[spec->kind].form);
	return -1;
}

/* "90m" as "90m", "7200" as "2h": the largest unit that leaves no rest. */
static void
format_duration(int64_t seconds, char *to, size_t room)
{
	static const struct {
		int64_t seconds;
		char unit;
	} units[] = { { 86400, 'd' }, { 3600, 'h' }, { 60, 'm' } };
	size_t i;

	for (i = 0; i < sizeof units / sizeof units[0]; i++)
		if (seconds > units[i].seconds &&
		    seconds % units[i].seconds == 0)
			break;
	if (i == sizeof units / sizeof units[0])
		(void)snprintf(to, room, "%llds", (long long)seconds);
	else
		(void)snprintf(to, room, "%lld%c",
		    (long long)(seconds / units[i].seconds), units[i].unit);
}

static int
out_of_range(const struct option_spec *spec, const char *text,
    struct err *err)
{
	char min[32], max[32];

	if (spec->kind == OPTION_KIND_DURATION) {
		format_duration(spec->min, min, sizeof min);
		format_duration(spec->max, max, sizeof max);
	} else {
		(void)snprintf(min, sizeof min, "%lld", (long long)spec->min);
		(void)snprintf(max, sizeof max, "%lld", (long long)spec->max);
	}
	err_set(err, ERR_USAGE, "option '--%s': '%.200s' is out of range",
	    spec->name, text);
	err_hint(err, "it takes %s to %s", min, max);
	return -1;
}

static const char *
choice_word(const void *state, size_t i, size_t *n)
{
	const char *at = state, *choice = NULL;
	size_t k;

	for (k = 0; k <= i; k++)
		if ((*n = option_spec_choice(&at, &choice)) == 0)
			return NULL;
	return choice;
}

static int
check_choice(const struct option_spec *spec, const char *text,
    struct err *err)
{
	const char *choice, *near;
	size_t i, n;

	for (i = 0; (choice = choice_word(spec->choices, i, &n)) != NULL; i++)
		if (strlen(text) == n && memcmp(choice, text, n) == 0)
			return 0;
	err_set(err, ERR_USAGE, "option '--%s': '%.200s' is not one of %s",
	    spec->name, text, spec->choices);
	near = nearest_of(text, strlen(text), choice_word, spec->choices, &n);
	if (near != NULL)
		err_hint(err, "did you mean '%.*s'?", (int)n, near);
	return -1;
}

/* The parser's own words: an address may hold a password. */
static int
check_url(const struct option_spec *spec, const char *text, struct err *err)
{
	struct uri uri;

	if (uri_parse(&uri, span_of(text), err) == 0) {
		if (uri.query.n == 0)
			return 0;
		(void)err_set(err, ERR_USAGE, "an endpoint has no query");
	}
	err_context(err, "option '--%s'", spec->name);
	err_hint(err, "it takes %s", kinds[spec->kind].form);
	return -1;
}

/* Is it well-formed, though more than any number that we have? */
static bool
is_huge(const struct option_spec *spec, const char *text)
{
	size_t n = strspn(text, "0123456789");
	size_t unit = strspn(text + n, "smhd");

	return n > 0 && text[n + unit] == '\0' &&
	    unit == (spec->kind == OPTION_KIND_DURATION);
}

static int
unreadable(const struct option_spec *spec, const char *text, struct err *err)
{
	return is_huge(spec, text) ? out_of_range(spec, text, err) :
	    malformed(spec, text, err);
}

static int
read_number(const struct option_spec *spec, const char *text, int64_t *out,
    struct err *err)
{
	struct span s = span_of(text);
	uint64_t number;

	if (spec->kind == OPTION_KIND_DURATION) {
		if (!num_parse_duration(s, INT64_MAX, out))
			return unreadable(spec, text, err);
	} else {
		if (!num_parse(s, INT64_MAX, &number))
			return unreadable(spec, text, err);
		*out = (int64_t)number;
	}
	if (*out < spec->min || *out > spec->max)
		return out_of_range(spec, text, err);
	return 0;
}

int
option_value_read(const struct option_spec *spec, const char *text,
    struct option_value *out, struct err *err)
{
	struct span s = span_of(text);
	bool fit = true;

	out->number = -1;
	out->month = (struct month){ 0 };
	switch (spec->kind) {
	case OPTION_KIND_DURATION:
	case OPTION_KIND_NUMBER:
		return read_number(spec, text, &out->number, err);
	case OPTION_KIND_CHOICE:
		return check_choice(spec, text, err);
	case OPTION_KIND_URL:
		return check_url(spec, text, err);
	case OPTION_KIND_MONTH:
		fit = month_parse(s, &out->month);
		break;
	case OPTION_KIND_ACCOUNT:
		fit = arn_account_valid(s);
		break;
	case OPTION_KIND_TIME:
		fit = date_parse_rfc3339(s, &out->number);
		break;
	case OPTION_KIND_REGION:
		fit = endpoint_region_valid(text);
		break;
	case OPTION_KIND_TEXT:
	case OPTION_KIND_FILE:
	case OPTION_KIND_PROFILE:
		fit = (int64_t)s.n >= spec->min;
		break;
	case OPTION_KIND_FLAG:
		break;
	}
	return fit ? 0 : malformed(spec, text, err);
}
