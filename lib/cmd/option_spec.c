#include "cmd/option_spec.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "cmd/format.h"

/* As many columns as a line of help leaves to choices. */
#define CHOICES_WIDTH 60

#define MINUTE 60
#define DAY 86400
#define YEARS (3650 * (int64_t)DAY)

static const struct option_spec specs[OPTION_COUNT] = {
	{ OPTION_PROFILE, "profile", 0, OPTION_KIND_PROFILE, "NAME", NULL,
	    true, 1, 0,
	    "the AWS profile whose credentials and settings are used" },
	{ OPTION_BUCKET, "bucket", 0, OPTION_KIND_TEXT, "NAME", NULL,
	    false, 1, 0, "the team's S3 bucket" },
	{ OPTION_REGION, "region", 0, OPTION_KIND_REGION, "REGION", NULL,
	    false, 1, 0, "the bucket's region" },
	{ OPTION_PREFIX, "prefix", 0, OPTION_KIND_TEXT, "PREFIX", NULL,
	    false, 0, 0, "where the team's keys start in the bucket" },
	{ OPTION_ENDPOINT_URL, "endpoint-url", 0, OPTION_KIND_URL, "URL",
	    NULL, false, 1, 0, "send S3 requests to this address" },
	{ OPTION_ACCOUNT, "account", 0, OPTION_KIND_ACCOUNT, "ID", NULL,
	    false, 1, 0, "the AWS account whose data it is" },
	{ OPTION_CONFIG, "config", 0, OPTION_KIND_FILE, "FILE", NULL,
	    false, 1, 0, "read this settings file instead of the usual one" },
	{ OPTION_TIMEOUT, "timeout", 0, OPTION_KIND_DURATION, "DURATION",
	    NULL, false, 1, DAY,
	    "give up on an entry after this time (120s)" },
	{ OPTION_MAX_ATTEMPTS, "max-attempts", 0, OPTION_KIND_NUMBER, "N",
	    NULL, false, 1, 100,
	    "try each request at most so many times (3)" },
	{ OPTION_MFA_CODE, "mfa-code", 0, OPTION_KIND_TEXT, "CODE", NULL,
	    false, 1, 0,
	    "the code of the MFA device that a profile's role asks for" },
	{ OPTION_JSON, "json", 0, OPTION_KIND_FLAG, NULL, NULL, false, 0, 0,
	    "print one JSON object that says what was done, or what failed" },
	{ OPTION_QUIET, "quiet", 'q', OPTION_KIND_FLAG, NULL, NULL, true,
	    0, 0, "only errors on stderr" },
	{ OPTION_VERBOSE, "verbose", 'v', OPTION_KIND_FLAG, NULL, NULL,
	    true, 0, 0,
	    "say each step on stderr; twice: each request too, redacted" },
	{ OPTION_COLOR, "color", 0, OPTION_KIND_CHOICE, "WHEN",
	    "auto|always|never", false, 0, 0,
	    "use colour on a terminal (auto), always or never" },
	{ OPTION_HELP, "help", 'h', OPTION_KIND_FLAG, NULL, NULL, true, 0, 0,
	    "short help (-h) or all of it (--help)" },
	{ OPTION_VERSION, "version", 'V', OPTION_KIND_FLAG, NULL, NULL,
	    true, 0, 0, "print the version" },
	{ OPTION_MONTH, "month", 0, OPTION_KIND_MONTH, "YYYY-MM", NULL,
	    false, 0, 0, "the month (default: the present one, UTC)" },
	{ OPTION_ALL, "all", 0, OPTION_KIND_FLAG, NULL, NULL, false, 0, 0,
	    "all built-in types" },
	{ OPTION_TTL, "ttl", 0, OPTION_KIND_DURATION, "DURATION", NULL,
	    false, 15 * MINUTE, 60 * MINUTE,
	    "how long what is stored counts as fresh, 15m to 60m" },
	{ OPTION_MAX_AGE, "max-age", 0, OPTION_KIND_DURATION, "DURATION",
	    NULL, false, 0, YEARS,
	    "accept data up to this age, whatever its ttl" },
	{ OPTION_REFRESH, "refresh", 0, OPTION_KIND_FLAG, NULL, NULL,
	    false, 0, 0,
	    "buy again, unless somebody did since this command started" },
	{ OPTION_REVALIDATE, "revalidate", 0, OPTION_KIND_FLAG, NULL, NULL,
	    false, 0, 0, "ask S3 even when the local copy is fresh" },
	{ OPTION_STALE_IF_ERROR, "stale-if-error", 0, OPTION_KIND_DURATION,
	    "DURATION", NULL, false, 0, YEARS,
	    "when a refresh fails, print data up to this age" },
	{ OPTION_ALLOW_STALE, "allow-stale", 0, OPTION_KIND_FLAG, NULL, NULL,
	    false, 0, 0, "print data of any age rather than none" },
	{ OPTION_OFFLINE, "offline", 0, OPTION_KIND_FLAG, NULL, NULL,
	    false, 0, 0, "use the local cache only; no network at all" },
	{ OPTION_NO_API, "no-api", 0, OPTION_KIND_FLAG, NULL, NULL,
	    false, 0, 0, "never buy from Cost Explorer" },
	{ OPTION_NO_REMOTE, "no-remote", 0, OPTION_KIND_FLAG, NULL, NULL,
	    false, 0, 0, "leave S3 alone" },
	{ OPTION_NO_LOCAL, "no-local", 0, OPTION_KIND_FLAG, NULL, NULL,
	    false, 0, 0, "leave the local cache alone" },
	{ OPTION_WAIT, "wait", 0, OPTION_KIND_DURATION, "DURATION", NULL,
	    false, 0, DAY, "how long to wait for somebody else's purchase "
	    "(60s)" },
	{ OPTION_NO_LEASE, "no-lease", 0, OPTION_KIND_FLAG, NULL, NULL,
	    false, 0, 0, "buy without asking whether somebody else does" },
	{ OPTION_MONTHS, "months", 0, OPTION_KIND_NUMBER, "N", NULL,
	    false, 1, 60, "that month and the N-1 before it" },
	{ OPTION_ALL_PROFILES, "all-profiles", 0, OPTION_KIND_FLAG, NULL,
	    NULL, false, 0, 0, "every profile of the settings file that has "
	    "the team cache on" },
	{ OPTION_JOBS, "jobs", 0, OPTION_KIND_NUMBER, "N", NULL,
	    false, 1, 64, "how many entries are worked on at a time (8)" },
	{ OPTION_FORMAT, "format", 0, OPTION_KIND_CHOICE, "FORMAT",
	    FORMAT_CHOICES, false, 0, 0,
	    "how the data is shown (json: as it is; envelope: with its "
	    "metadata)" },
	{ OPTION_METRIC, "metric", 0, OPTION_KIND_CHOICE, "METRIC",
	    FORMAT_METRICS, false, 0, 0,
	    "what is shown of the data" },
	{ OPTION_TOP, "top", 0, OPTION_KIND_NUMBER, "N", NULL, false, 1, 1000,
	    "show the N largest services, and the others as one" },
	{ OPTION_GITHUB_SUMMARY, "github-summary", 0, OPTION_KIND_FLAG, NULL,
	    NULL, false, 0, 0,
	    "append the costs to the job's summary (GITHUB_STEP_SUMMARY)" },
	{ OPTION_GITHUB_OUTPUT, "github-output", 0, OPTION_KIND_FLAG, NULL,
	    NULL, false, 0, 0,
	    "set the step's outputs source, age, cost and currency "
	    "(GITHUB_OUTPUT)" },
	{ OPTION_OUTPUT, "output", 'o', OPTION_KIND_FILE, "FILE", NULL,
	    false, 1, 0,
	    "write to this file, replaced in one piece, instead of stdout" },
	{ OPTION_WARM, "warm", 0, OPTION_KIND_FLAG, NULL, NULL, false, 0, 0,
	    "fill the caches and print no data" },
	{ OPTION_STRICT, "strict", 0, OPTION_KIND_FLAG, NULL, NULL,
	    false, 0, 0, "exit 11 when the service was degraded" },
	{ OPTION_REQUEST, "request", 0, OPTION_KIND_FILE, "FILE", NULL,
	    false, 1, 0,
	    "the Cost Explorer request (JSON) of a TYPE of your own" },
	{ OPTION_IF_ABSENT, "if-absent", 0, OPTION_KIND_FLAG, NULL, NULL,
	    false, 0, 0, "store only when nothing is there" },
	{ OPTION_IF_NEWER, "if-newer", 0, OPTION_KIND_FLAG, NULL, NULL,
	    false, 0, 0, "store only when what is there is older" },
	{ OPTION_TIMESTAMP, "timestamp", 0, OPTION_KIND_TIME, "TIME", NULL,
	    false, 0, 0, "when the data was made (RFC 3339; default: now)" },
	{ OPTION_FORCE, "force", 0, OPTION_KIND_FLAG, NULL, NULL,
	    false, 0, 0, "replace what teamcache did not write, too" },
	{ OPTION_LOCAL, "local", 0, OPTION_KIND_FLAG, NULL, NULL,
	    false, 0, 0, "on this machine only" },
	{ OPTION_REMOTE, "remote", 0, OPTION_KIND_FLAG, NULL, NULL,
	    false, 0, 0, "in S3 only" },
	{ OPTION_DRY_RUN, "dry-run", 0, OPTION_KIND_FLAG, NULL, NULL,
	    false, 0, 0, "say what would be done and do nothing" },
	{ OPTION_YES, "yes", 0, OPTION_KIND_FLAG, NULL, NULL, false, 0, 0,
	    "do not ask" },
	{ OPTION_CREATE, "create", 0, OPTION_KIND_FLAG, NULL, NULL,
	    false, 0, 0, "make the bucket, and make it fit" },
	{ OPTION_FIX, "fix", 0, OPTION_KIND_FLAG, NULL, NULL, false, 0, 0,
	    "set up what is not fit, and that alone" },
	{ OPTION_ALL_MONTHS, "all-months", 0, OPTION_KIND_FLAG, NULL, NULL,
	    false, 0, 0, "every month of the account that is there" },
	{ OPTION_OLDER_THAN, "older-than", 0, OPTION_KIND_DURATION,
	    "DURATION", NULL, false, 0, YEARS,
	    "only entries that are older than this" },
	{ OPTION_MAX_API_REQUESTS, "max-api-requests", 0, OPTION_KIND_NUMBER,
	    "N", NULL, false, 0, 1000000,
	    "pay for at most so many Cost Explorer requests" },
	{ OPTION_DAYS, "days", 0, OPTION_KIND_NUMBER, "N", NULL,
	    false, 0, 400, "so many days of the ledger one by one (7)" },
	{ OPTION_PURGE, "purge", 0, OPTION_KIND_FLAG, NULL, NULL,
	    false, 0, 0, "in S3, every version of these keys, for good" },
	{ OPTION_SHOW_ORIGIN, "show-origin", 0, OPTION_KIND_FLAG, NULL, NULL,
	    false, 0, 0, "say where each value comes from" },
	{ OPTION_TYPE, "type", 0, OPTION_KIND_TEXT, "NAME", NULL,
	    false, 1, 0, "the section of this data set of one's own" },
	{ OPTION_ONLY, "only", 0, OPTION_KIND_TEXT, "NAME[,NAME...]", NULL,
	    false, 1, 0, "make these checks alone" },
	{ OPTION_SKIP, "skip", 0, OPTION_KIND_TEXT, "NAME[,NAME...]", NULL,
	    false, 1, 0, "make all checks but these" },
	{ OPTION_QUICK, "quick", 0, OPTION_KIND_FLAG, NULL, NULL, false, 0,
	    0, "make three checks alone: credentials, identity and one "
	    "object of S3" },
	{ OPTION_PROBE_CE, "probe-ce", 0, OPTION_KIND_FLAG, NULL, NULL,
	    false, 0, 0,
	    "ask Cost Explorer for real, which costs USD 0.01 a question" },
	{ OPTION_REPORT, "report", 0, OPTION_KIND_FILE, "FILE", NULL, false,
	    1, 0, "write the findings to this file too, in Markdown (-: to "
	    "stdout, instead)" },
	{ OPTION_REDACT, "redact", 0, OPTION_KIND_FLAG, NULL, NULL, false, 0,
	    0, "mask account ids, key ids and ARNs" },
	{ OPTION_MAN, "man", 0, OPTION_KIND_FLAG, NULL, NULL, false, 0, 0,
	    "print the manual page, mdoc(7)" },
	{ OPTION_ALLOW_ACCOUNT, "allow-account", 0, OPTION_KIND_ACCOUNT,
	    "ID", NULL, true, 0, 0,
	    "let this account store its own data, and read it" },
	{ OPTION_WRITER, "writer", 0, OPTION_KIND_TEXT, "PRINCIPAL=ID[,ID]",
	    NULL, true, 1, 0,
	    "let this account, user or role store the data of these "
	    "accounts" },
	{ OPTION_READER, "reader", 0, OPTION_KIND_TEXT,
	    "PRINCIPAL[=ID[,ID]]", NULL, true, 1, 0,
	    "let this account, user or role read the data of these accounts, "
	    "or of all" },
	{ OPTION_KMS_KEY, "kms-key", 0, OPTION_KIND_TEXT, "KEY", NULL,
	    false, 1, 2048,
	    "the KMS key that objects are encrypted with, best as an ARN" },
	{ OPTION_EMIT, "emit", 0, OPTION_KIND_CHOICE, "FORMAT",
	    "terraform|cloudformation|aws-cli", false, 0, 0,
	    "print code that makes such a bucket, and ask nobody" },
};

/* What means something else to one command. */
static const struct {
	enum option_id id;
	const char *command;
	const char *help;
} words[] = {
	{ OPTION_MONTH, "status", "this month alone (default: all that are "
	    "there)" },
	{ OPTION_REMOTE, "status", "in S3 too" },
	{ OPTION_ALL, "invalidate", "all types that are there" },
};

static const struct option_spec_conflict conflicts[] = {
	{ OPTION_JSON, OPTION_FORMAT, "--json has its own shape" },
	{ OPTION_JSON, OPTION_EMIT, "code has shapes of its own" },
	{ OPTION_CREATE, OPTION_EMIT, "--emit asks no store" },
	{ OPTION_FIX, OPTION_EMIT, "--emit asks no store" },
	{ OPTION_OFFLINE, OPTION_REFRESH,
	    "buying again takes the network" },
	{ OPTION_OFFLINE, OPTION_REVALIDATE, "asking S3 takes the network" },
	{ OPTION_OFFLINE, OPTION_NO_LOCAL, "nowhere is left to look" },
	{ OPTION_OFFLINE, OPTION_WARM, "nothing can be fetched into it" },
	{ OPTION_NO_API, OPTION_REFRESH,
	    "--refresh buys what --no-api forbids" },
	{ OPTION_NO_REMOTE, OPTION_REVALIDATE,
	    "--revalidate asks S3, which --no-remote forbids" },
	{ OPTION_WARM, OPTION_OUTPUT, "--warm prints no data" },
	{ OPTION_WARM, OPTION_FORMAT, "--warm prints no data" },
	{ OPTION_MONTH, OPTION_ALL_MONTHS, "it is one of all" },
	{ OPTION_QUICK, OPTION_ONLY, "each says which checks are made" },
	{ OPTION_IF_ABSENT, OPTION_IF_NEWER,
	    "--if-newer stores when nothing is there, too" },
	{ OPTION_CREATE, OPTION_FIX, "--create mends a bucket that is there, "
	    "too" },
	{ OPTION_IF_ABSENT, OPTION_FORCE,
	    "one replaces what is there, the other does not" },
};

const struct option_spec *
option_spec(enum option_id id)
{
	assert(id < OPTION_COUNT && specs[id].id == id);
	return &specs[id];
}

bool
option_spec_common(enum option_id id)
{
	return id <= OPTION_VERSION;
}

const struct option_spec *
option_spec_named(const char *name, size_t n)
{
	size_t i;

	for (i = 0; i < OPTION_COUNT; i++)
		if (strlen(specs[i].name) == n &&
		    memcmp(specs[i].name, name, n) == 0)
			return &specs[i];
	return NULL;
}

const struct option_spec_conflict *
option_spec_conflict(size_t i)
{
	return i < sizeof conflicts / sizeof conflicts[0] ? &conflicts[i] :
	    NULL;
}

size_t
option_spec_choice(const char **at, const char **choice)
{
	size_t n;

	if (**at == '|')
		(*at)++;
	n = strcspn(*at, "|");
	*choice = *at;
	*at += n;
	return n;
}

static bool
has_many_choices(const struct option_spec *spec)
{
	return spec->choices != NULL && strlen(spec->choices) > CHOICES_WIDTH;
}

const char *
option_spec_value(const struct option_spec *spec)
{
	return spec->choices == NULL || has_many_choices(spec) ?
	    spec->placeholder : spec->choices;
}

const char *
option_spec_words(const struct option_spec *spec, const char *command)
{
	size_t i;

	for (i = 0; command != NULL && i < sizeof words / sizeof words[0]; i++)
		if (words[i].id == spec->id &&
		    strcmp(words[i].command, command) == 0)
			return words[i].help;
	return spec->help;
}

void
option_spec_help(const struct option_spec *spec, const char *command,
    char out[OPTION_SPEC_HELP_ROOM])
{
	const char *at = spec->choices, *choice;
	size_t n, length;

	n = (size_t)snprintf(out, OPTION_SPEC_HELP_ROOM, "%s",
	    option_spec_words(spec, command));
	while (has_many_choices(spec) &&
	    (length = option_spec_choice(&at, &choice)) > 0 &&
	    n < OPTION_SPEC_HELP_ROOM)
		n += (size_t)snprintf(out + n, OPTION_SPEC_HELP_ROOM - n,
		    "%s%.*s", choice == spec->choices ? ": " : ", ",
		    (int)length, choice);
	assert(n < OPTION_SPEC_HELP_ROOM);
}
