#include "cache/config.h"

#include <stdio.h>
#include <string.h>

#include "aws/arn.h"
#include "aws/bucket_name.h"
#include "aws/endpoint.h"
#include "base/limits.h"
#include "base/nearest.h"
#include "base/num.h"
#include "cache/key.h"
#include "codec/uri.h"

#define MINUTE 60
#define HOUR 3600
#define DAY 86400
#define DECADE (3650 * (int64_t)DAY)

#define SETTING(id, name) \
	[CONFIG_##id] = { CONFIG_##id, name, "TEAMCACHE_" #id,

static const struct config_spec table[CONFIG_COUNT] = {
	SETTING(TEAM_CACHE, "team_cache") CONFIG_ON_OFF, NULL, "on|off", 0, 1,
	    "share this profile's figures through the bucket; off in "
	    "[default] is the global switch" },
	SETTING(BUCKET, "bucket") CONFIG_BUCKET_NAME, NULL, NULL, 1, 255,
	    "the S3 bucket that the team shares" },
	SETTING(REGION, "region") CONFIG_REGION_NAME, NULL, NULL, 1, 63,
	    "the bucket's region; discovered when unset" },
	SETTING(PREFIX, "prefix") CONFIG_KEY_PREFIX, NULL, NULL, 0, LIMIT_KEY,
	    "what the keys in the bucket begin with" },
	SETTING(TTL, "ttl") CONFIG_DURATION, "60m", NULL, 15 * MINUTE, HOUR,
	    "how long an entry that is written counts as fresh" },
	SETTING(TTL_OVERRIDE, "ttl_override") CONFIG_DURATION, NULL, NULL,
	    0, DECADE,
	    "replaces ttl when writing and the accepted age when reading" },
	SETTING(STALE_IF_ERROR, "stale_if_error") CONFIG_DURATION, "24h",
	    NULL, 0, DECADE,
	    "how old data may be that is printed after a refresh failed" },
	SETTING(FALLBACK, "fallback") CONFIG_CHOICE, "local", "local|fail",
	    0, 0,
	    "when S3 is out of reach: go on with the local cache and Cost "
	    "Explorer, or fail" },
	SETTING(ACCOUNT_ID, "account_id") CONFIG_ACCOUNT, NULL, NULL, 0, 0,
	    "the account whose figures are asked for" },
	SETTING(API, "api") CONFIG_ON_OFF, "on", "on|off", 0, 1,
	    "off makes the profile a pure reader: nothing is bought" },
	SETTING(KMS_KEY_ID, "kms_key_id") CONFIG_TEXT, NULL, NULL, 1, 2048,
	    "the KMS key for sse = aws:kms, best as an ARN" },
	SETTING(SSE, "sse") CONFIG_CHOICE, "bucket-default",
	    "AES256|aws:kms|bucket-default", 0, 0,
	    "the encryption that objects are stored with" },
	SETTING(EXPECTED_BUCKET_OWNER, "expected_bucket_owner")
	    CONFIG_ACCOUNT, NULL, NULL, 0, 0,
	    "the account that must own the bucket" },
	SETTING(BUCKET_PROFILE, "bucket_profile") CONFIG_TEXT, NULL, NULL,
	    1, 255,
	    "the AWS profile whose credentials are for the bucket, where "
	    "they are not those for Cost Explorer" },
	SETTING(ENDPOINT_URL, "endpoint_url") CONFIG_URL, NULL, NULL, 1, 512,
	    "the S3 endpoint, where it is not AWS's own" },
	/* 5 s of each lease are kept in hand (design section 6). */
	SETTING(LEASE, "lease") CONFIG_DURATION, "45s", NULL, 15, 15 * MINUTE,
	    "how long a purchase is reserved before it must be renewed" },
	SETTING(WAIT, "wait") CONFIG_DURATION, NULL, NULL, 0, DAY,
	    "how long to wait for another machine's purchase; when unset, the "
	    "larger of 60s and lease + 15s" },
	SETTING(REFRESHED_BY, "refreshed_by") CONFIG_TEXT, NULL, NULL, 1, 511,
	    "who is named in entries; when unset, the job's URL in CI and "
	    "nobody elsewhere" },
	SETTING(MAX_OBJECT_SIZE, "max_object_size") CONFIG_BYTES, "256MiB",
	    NULL, 1, LIMIT_OBJECT,
	    "the largest entry, uncompressed" },
	SETTING(MAX_API_REQUESTS_PER_DAY, "max_api_requests_per_day")
	    CONFIG_NUMBER, NULL, NULL, 0, 1000000,
	    "how many Cost Explorer requests a day may be paid for" },
	SETTING(REFRESH_COOLDOWN, "refresh_cooldown") CONFIG_DURATION, NULL,
	    NULL, 0, DAY,
	    "how old an entry must be before --refresh buys it again; a "
	    "younger one is printed as if --refresh were not given, so an "
	    "expired or missing one is bought all the same" },
	SETTING(CREDENTIAL_CACHE, "credential_cache") CONFIG_CHOICE, "auto",
	    "auto|on|off", 0, 0,
	    "keep temporary credentials between runs; auto: unless CI is "
	    "set" },
	SETTING(STORE_MAX_AGE, "store_max_age") CONFIG_DURATION, "90d", NULL,
	    HOUR, DECADE,
	    "local copies that were not written for so long are removed" },
	SETTING(STORE_MAX_SIZE, "store_max_size") CONFIG_BYTES, "1GiB", NULL,
	    0, (int64_t)1 << 40,
	    "what the local copies may take together" },
	SETTING(TIMEOUT, "timeout") CONFIG_DURATION, "120s", NULL, 1, DAY,
	    "the time for each entry" },
};

const struct config_spec *
config_spec(enum config_id id)
{
	return &table[id];
}

static const char *
table_word(const void *state, size_t i, size_t *n)
{
	(void)state;
	if (i >= CONFIG_COUNT)
		return NULL;
	*n = strlen(table[i].name);
	return table[i].name;
}

const struct config_spec *
config_find(struct span name, const struct config_spec **nearest)
{
	const char *near;
	size_t i, n;

	for (i = 0; i < CONFIG_COUNT; i++)
		if (span_is(name, table[i].name))
			return &table[i];
	if (nearest == NULL)
		return NULL;
	*nearest = NULL;
	near = nearest_of(name.p, name.n, table_word, NULL, &n);
	for (i = 0; near != NULL && i < CONFIG_COUNT; i++)
		if (near == table[i].name)
			*nearest = &table[i];
	return NULL;
}

/* With the largest unit that divides it: "15m", "1h", "3650d". */
static void
format_duration(int64_t seconds, char out[32])
{
	static const struct {
		int64_t seconds;
		char unit;
	} units[] = { { DAY, 'd' }, { HOUR, 'h' }, { MINUTE, 'm' },
		{ 1, 's' } };
	size_t i = 0;

	while (seconds % units[i].seconds != 0 ||
	    seconds < units[i].seconds) {
		if (units[i].seconds == 1)
			break;
		i++;
	}
	if (snprintf(out, 32, "%lld%c",
	    (long long)(seconds / units[i].seconds), units[i].unit) < 0)
		out[0] = '\0';
}

static void
format_size(int64_t bytes, char out[32])
{
	static const char *const units[] = { "", "KiB", "MiB", "GiB" };
	size_t i = 0;

	while (bytes > 0 && bytes % 1024 == 0 && i + 1 < 4) {
		bytes /= 1024;
		i++;
	}
	if (snprintf(out, 32, "%lld%s", (long long)bytes, units[i]) < 0)
		out[0] = '\0';
}

/* "local, fail" */
static void
format_choices(const char *choices, char *out, size_t room)
{
	struct span rest = span_of(choices), word;
	const char *comma = "";
	size_t at = 0;
	bool more = true;
	int n;

	out[0] = '\0';
	while (more && at < room) {
		more = span_split(rest, '|', &word, &rest);
		n = snprintf(out + at, room - at, "%s%.*s", comma,
		    (int)word.n, word.p);
		if (n < 0)
			return;
		at += (size_t)n;
		comma = ", ";
	}
}

/* What would have been right, for people. */
static void
format_wanted(const struct config_spec *spec, char *out, size_t room)
{
	char min[32], max[32], list[128];
	int n = 0;

	switch (spec->kind) {
	case CONFIG_ON_OFF:
	case CONFIG_CHOICE:
		format_choices(spec->choices, list, sizeof list);
		n = snprintf(out, room, "one of: %s", list);
		break;
	case CONFIG_DURATION:
		format_duration(spec->min, min);
		format_duration(spec->max, max);
		n = snprintf(out, room, "a duration from %s to %s, like 90s, "
		    "15m, 6h or 30d", min, max);
		break;
	case CONFIG_NUMBER:
		n = snprintf(out, room, "a number from %lld to %lld",
		    (long long)spec->min, (long long)spec->max);
		break;
	case CONFIG_BYTES:
		format_size(spec->min, min);
		format_size(spec->max, max);
		n = snprintf(out, room, "a size from %s to %s, like 64KiB or "
		    "256MiB", min, max);
		break;
	case CONFIG_ACCOUNT:
		n = snprintf(out, room, "twelve digits");
		break;
	case CONFIG_BUCKET_NAME:
		n = snprintf(out, room, "a bucket's name");
		break;
	case CONFIG_REGION_NAME:
		n = snprintf(out, room, "a region like eu-west-1");
		break;
	case CONFIG_URL:
		n = snprintf(out, room, "an http or https URL");
		break;
	case CONFIG_TEXT:
	case CONFIG_KEY_PREFIX:
		n = snprintf(out, room, "one line of at most %lld bytes",
		    (long long)spec->max);
		break;
	}
	if (n < 0)
		out[0] = '\0';
}

static bool
choice_valid(const char *choices, struct span value)
{
	struct span rest = span_of(choices), word;
	bool more = true;

	while (more) {
		more = span_split(rest, '|', &word, &rest);
		if (span_equal(word, value))
			return true;
	}
	return false;
}

static bool
region_valid(struct span value)
{
	char region[64];

	return span_copy(value, region, sizeof region) &&
	    strlen(region) == value.n && endpoint_region_valid(region);
}

static bool
text_valid(const struct config_spec *spec, struct span value)
{
	size_t i;

	for (i = 0; i < value.n; i++) {
		unsigned char c = (unsigned char)value.p[i];

		if (c < 0x20 || c == 0x7f)
			return false;
	}
	return value.n >= (size_t)spec->min && value.n <= (size_t)spec->max &&
	    span_utf8(value);
}

/* These three say themselves what is wrong: 1 fit, -1 err. Which store it is,
 * and so whose rules hold for the name, is not known here. */
static int
check_bucket(struct span value, struct err *err)
{
	char name[256];
	const char *fault;

	memcpy(name, value.p, value.n);
	name[value.n] = '\0';
	fault = bucket_name_fault(name, BUCKET_NAME_ANY);
	return fault == NULL ? 1 : err_set(err, ERR_USAGE, "'%s' %s", name,
	    fault);
}

static int
check_url(struct span value, struct err *err)
{
	struct uri uri;

	if (uri_parse(&uri, value, err) != 0)
		return -1;
	if (uri.query.n > 0)
		return err_set(err, ERR_USAGE,
		    "'%.*s' has a query; an endpoint has none",
		    (int)value.n, value.p);
	return 1;
}

static int
check_prefix(struct span value, struct err *err)
{
	struct buf out;
	int result;

	buf_init(&out, LIMIT_KEY);
	result = key_prefix(value, &out, err);
	if (result == 0)
		result = buf_check(&out, "the prefix", err);
	buf_clear(&out);
	return result == 0 ? 1 : -1;
}

/* 1: a value; 0: none; -1: err says why not. */
static int
parse_value(const struct config_spec *spec, struct span value,
    int64_t *number, struct err *err)
{
	uint64_t n;

	switch (spec->kind) {
	case CONFIG_ON_OFF:
		*number = span_is(value, "on");
		return choice_valid(spec->choices, value);
	case CONFIG_CHOICE:
		return choice_valid(spec->choices, value);
	case CONFIG_DURATION:
		return num_parse_duration(value, spec->max, number) &&
		    *number >= spec->min;
	case CONFIG_NUMBER:
	case CONFIG_BYTES:
		if (spec->kind == CONFIG_NUMBER ?
		    !num_parse(value, (uint64_t)spec->max, &n) :
		    !num_parse_size(value, (uint64_t)spec->max, &n))
			return 0;
		*number = (int64_t)n;
		return *number >= spec->min;
	case CONFIG_ACCOUNT:
		return arn_account_valid(value);
	case CONFIG_REGION_NAME:
		return region_valid(value);
	case CONFIG_BUCKET_NAME:
		return text_valid(spec, value) ? check_bucket(value, err) : 0;
	case CONFIG_TEXT:
		return text_valid(spec, value);
	case CONFIG_URL:
		return text_valid(spec, value) ? check_url(value, err) : 0;
	case CONFIG_KEY_PREFIX:
		return check_prefix(value, err);
	}
	return 0;
}

int
config_check(const struct config_spec *spec, struct span value,
    int64_t *number, struct err *err)
{
	char wanted[256];
	int64_t n = -1;
	int fit = value.n == 0 ? 0 : parse_value(spec, value, &n, err);

	if (fit > 0) {
		if (number != NULL)
			*number = n;
		return 0;
	}
	if (fit < 0) {
		err_context(err, "%s", spec->name);
		return -1;
	}
	format_wanted(spec, wanted, sizeof wanted);
	return err_set(err, ERR_USAGE, "%s cannot be '%.*s': want %s",
	    spec->name, value.n < LIMIT_QUOTE ? (int)value.n : LIMIT_QUOTE,
	    value.p, wanted);
}
