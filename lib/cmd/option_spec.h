#ifndef CMD_OPTION_SPEC_H
#define CMD_OPTION_SPEC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The one table of options from which come parsing, help, man page and
 * completion. Values are checked by cmd/option_value.h.
 */
enum option_id {
	/* every command */
	OPTION_PROFILE, OPTION_BUCKET, OPTION_REGION, OPTION_PREFIX,
	OPTION_ENDPOINT_URL, OPTION_ACCOUNT, OPTION_CONFIG, OPTION_TIMEOUT,
	OPTION_MAX_ATTEMPTS, OPTION_MFA_CODE, OPTION_JSON, OPTION_QUIET,
	OPTION_VERBOSE, OPTION_COLOR, OPTION_HELP, OPTION_VERSION,
	/* fetch, push, invalidate */
	OPTION_MONTH, OPTION_ALL, OPTION_TTL, OPTION_MAX_AGE, OPTION_REFRESH,
	OPTION_REVALIDATE, OPTION_STALE_IF_ERROR, OPTION_ALLOW_STALE,
	OPTION_OFFLINE, OPTION_NO_API, OPTION_NO_REMOTE, OPTION_NO_LOCAL,
	OPTION_WAIT, OPTION_NO_LEASE,
	OPTION_MONTHS, OPTION_ALL_PROFILES, OPTION_JOBS,
	OPTION_FORMAT, OPTION_METRIC, OPTION_TOP, OPTION_GITHUB_SUMMARY,
	OPTION_GITHUB_OUTPUT, OPTION_OUTPUT, OPTION_WARM, OPTION_STRICT,
	OPTION_REQUEST, OPTION_IF_ABSENT, OPTION_IF_NEWER, OPTION_TIMESTAMP,
	OPTION_FORCE, OPTION_LOCAL, OPTION_REMOTE, OPTION_DRY_RUN,
	OPTION_YES, OPTION_CREATE, OPTION_FIX, OPTION_ALL_MONTHS,
	OPTION_OLDER_THAN, OPTION_MAX_API_REQUESTS, OPTION_DAYS,
	OPTION_PURGE, OPTION_SHOW_ORIGIN, OPTION_TYPE, OPTION_ONLY, OPTION_SKIP,
	OPTION_QUICK, OPTION_PROBE_CE, OPTION_REPORT, OPTION_REDACT, OPTION_MAN,
	OPTION_ALLOW_ACCOUNT, OPTION_WRITER, OPTION_READER, OPTION_KMS_KEY,
	OPTION_EMIT,
	OPTION_COUNT
};

enum option_kind {
	OPTION_KIND_FLAG, OPTION_KIND_TEXT, OPTION_KIND_DURATION,
	OPTION_KIND_NUMBER, OPTION_KIND_MONTH, OPTION_KIND_ACCOUNT,
	OPTION_KIND_FILE, OPTION_KIND_CHOICE, OPTION_KIND_URL,
	OPTION_KIND_TIME, OPTION_KIND_PROFILE, OPTION_KIND_REGION
};

struct option_spec {
	enum option_id id;
	const char *name;	/* "max-age", without dashes */
	char letter;		/* 'o' for -o, 0 for none */
	enum option_kind kind;
	const char *placeholder;	/* "DURATION"; NULL for flags */
	const char *choices;	/* "json|envelope" */
	bool repeatable;
	int64_t min, max;	/* seconds, numbers; of TEXT the length */
	const char *help;	/* one sentence, no full stop */
};

/* Two options that cannot be given together, and why. */
struct option_spec_conflict {
	enum option_id first, second;
	const char *reason;
};

/* The row of an option; the id must be one. */
const struct option_spec *option_spec(enum option_id id);

/* Does every command take it? */
bool option_spec_common(enum option_id id);

/* By name without dashes (n bytes of it); NULL when there is none. */
const struct option_spec *option_spec_named(const char *name, size_t n);

/* The i-th pair, NULL at the end. */
const struct option_spec_conflict *option_spec_conflict(size_t i);

/*
 * Walk through "a|b|c": the next choice's length at *at, after which *at
 * points behind it; 0 at the end.
 */
size_t option_spec_choice(const char **at, const char **choice);

/* What stands behind the name in help: the choices, where they fit on a line,
 * or the placeholder; NULL for flags. */
const char *option_spec_value(const struct option_spec *spec);

/* The sentence of help as it is for that command (NULL: for every one). */
const char *option_spec_words(const struct option_spec *spec,
    const char *command);

/* The same, with the choices that fit on no line behind it. */
#define OPTION_SPEC_HELP_ROOM 512
void option_spec_help(const struct option_spec *spec, const char *command,
    char out[OPTION_SPEC_HELP_ROOM]);

#endif
