#ifndef CACHE_CONFIG_H
#define CACHE_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/span.h"
#include "sys/env.h"

/*
 * Settings (design section 2). One table says name, kind, default, meaning;
 * every setting K is TEAMCACHE_K in the environment. Order: option,
 * environment, profile section, default section, built-in.
 */
enum config_id {
	CONFIG_TEAM_CACHE, CONFIG_BUCKET, CONFIG_REGION, CONFIG_PREFIX,
	CONFIG_TTL, CONFIG_TTL_OVERRIDE, CONFIG_STALE_IF_ERROR,
	CONFIG_FALLBACK, CONFIG_ACCOUNT_ID, CONFIG_API, CONFIG_KMS_KEY_ID,
	CONFIG_SSE, CONFIG_EXPECTED_BUCKET_OWNER, CONFIG_BUCKET_PROFILE,
	CONFIG_ENDPOINT_URL, CONFIG_LEASE, CONFIG_WAIT, CONFIG_REFRESHED_BY,
	CONFIG_MAX_OBJECT_SIZE, CONFIG_MAX_API_REQUESTS_PER_DAY,
	CONFIG_REFRESH_COOLDOWN, CONFIG_CREDENTIAL_CACHE,
	CONFIG_STORE_MAX_AGE, CONFIG_STORE_MAX_SIZE, CONFIG_TIMEOUT,
	CONFIG_COUNT
};

enum config_kind {
	CONFIG_ON_OFF, CONFIG_TEXT, CONFIG_DURATION, CONFIG_NUMBER,
	CONFIG_BYTES, CONFIG_CHOICE, CONFIG_ACCOUNT, CONFIG_URL,
	CONFIG_BUCKET_NAME, CONFIG_REGION_NAME, CONFIG_KEY_PREFIX
};

struct config_spec {
	enum config_id id;
	const char *name;	/* "stale_if_error" */
	const char *variable;	/* "TEAMCACHE_STALE_IF_ERROR" */
	enum config_kind kind;
	const char *fallback;	/* the built-in value as text; NULL: none */
	const char *choices;	/* "local|fail" for CONFIG_CHOICE */
	int64_t min, max;	/* durations in s, numbers, bytes; max: bytes
				   of a text */
	const char *help;
};

/* The table, CONFIG_COUNT rows in enum order. */
const struct config_spec *config_spec(enum config_id id);

/* By name ("ttl"); NULL when there is none, and then *nearest (may be NULL)
 * is the one that was probably meant, or NULL. */
const struct config_spec *config_find(struct span name,
    const struct config_spec **nearest);

/*
 * Is the text a value of that setting? 0, with *number (may be NULL) as
 * config_number has it; else -1 with err ERR_USAGE that begins with spec->name
 * (or what a caller's copy has there) and says why not, or which values are
 * valid; the caller adds file and line. Empty is no value.
 */
int config_check(const struct config_spec *spec, struct span value,
    int64_t *number, struct err *err);

/* A value that an option gave; name of the option for messages. */
struct config_override {
	enum config_id id;
	const char *value;
	const char *option;	/* "--bucket" */
};

struct config_request {
	const struct env *env;
	const char *file;	/* --config, NULL: the default place */
	const char *profile;	/* the selected profile's name */
	bool profile_named;	/* false: [default] is its own section */
	const struct config_override *overrides;
	size_t override_count;
};

struct config;

/*
 * Read, check (the whole file) and resolve for one profile. NULL with err
 * ERR_USAGE (file and line, the valid values, the nearest name for an unknown
 * key) or memory. A missing file at the default place is an empty one (no HOME
 * too); a named one must exist. A world-writable file is refused, the one at
 * the default place also when it belongs to neither us nor root.
 *
 * An empty variable counts as unset; an empty value in a section takes back
 * what sections further out say; an empty option does so for the prefix
 * and is refused for the rest.
 */
struct config *config_load(const struct config_request *request,
    struct err *err);
void config_free(struct config *config);

const char *config_profile(const struct config *config);
/* Is there a value other than the built-in one? */
bool config_given(const struct config *config, enum config_id id);
/* Text as it stands ("" never: empty counts as unset); NULL when unset. */
const char *config_text(const struct config *config, enum config_id id);
/* Durations in seconds, numbers, bytes, on = 1; -1 when unset. */
int64_t config_number(const struct config *config, enum config_id id);
bool config_on(const struct config *config, enum config_id id);
/* "--bucket", "TEAMCACHE_BUCKET", "'FILE' line 3", "built-in" (value or
 * not); never NULL. Of team_cache: of the off that counts. */
const char *config_origin(const struct config *config, enum config_id id);

/*
 * The opt-in rule: is the team cache on for this profile? 1 on, 0 off; with
 * an off and a --bucket (option): ERR_USAGE, -1. Any off counts: the
 * profile's, [default]'s (the global switch), TEAMCACHE_TEAM_CACHE's. why
 * (static) is for status and messages.
 */
int config_team_cache(const struct config *config, const char **why,
    struct err *err);

/* The schema of the settings file, where it is older than the present one;
 * else -1. */
int config_old_schema(const struct config *config);

/* Is it the settings file that names the bucket? *profile: in whose section,
 * NULL for [default]. */
bool config_files_bucket(const struct config *config, const char **profile);

/* [type NAME]: its operation and request (a JSON object without duplicate
 * names); NULL when there is none. */
struct config_type {
	const char *operation;
	const char *request;
};
const struct config_type *config_type(const struct config *config,
    const char *name);
/* The i-th of them; NULL at the end. */
const struct config_type *config_type_at(const struct config *config,
    size_t i);

/* The i-th [profile NAME] of the settings file, each once; NULL at the end. */
const char *config_profile_name(const struct config *config, size_t i);

/* Where the settings file is (whether it exists or not); borrowed. NULL when
 * there is no place for one (no HOME): place_none says what to set. */
const char *config_path(const struct config *config);

#endif
