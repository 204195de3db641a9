#include "creds/chain.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "aws/profile_suggest.h"
#include "base/limits.h"
#include "creds/provider_table.h"
#include "creds/role_source.h"

/* Expiring keys are resolved anew this long before their end, and no more
 * often than this. */
#define REFRESH_SECONDS 300
#define REFRESH_PAUSE_SECONDS 60

struct step {
	const char *provider;
	enum chain_result result;
	char reason[sizeof ((struct provider_input *)0)->reason];
};

struct chain {
	struct chain_settings settings;
	struct profile_files *reloaded;	/* ours, after a renewal */
	struct step steps[PROVIDER_TABLE_ROWS];
	size_t step_count;
	const char *provider;		/* "" before */
	char region[sizeof ((struct provider_input *)0)->region];
	struct keys keys;
	const char *advice;		/* of the last resolution, or NULL */
	struct err failure;		/* of the last resolution */
	bool resolved;			/* keys or failure is there */
	int64_t refreshed_at;
	uint64_t round;			/* the share's that these are of */
};

struct chain_share {
	pthread_mutex_t lock;		/* held while one resolves */
	uint64_t round;			/* resolutions so far */
	const char *provider;
	char region[sizeof ((struct provider_input *)0)->region];
	struct keys keys;
	struct err failure;
	int64_t refreshed_at;
};

struct chain_share *
chain_share_new(void)
{
	struct chain_share *share = calloc(1, sizeof *share);

	if (share == NULL || pthread_mutex_init(&share->lock, NULL) == 0)
		return share;
	free(share);
	return NULL;
}

void
chain_share_free(struct chain_share *share)
{
	if (share == NULL)
		return;
	keys_clear(&share->keys);
	pthread_mutex_destroy(&share->lock);
	free(share);
}

struct chain *
chain_new(const struct chain_settings *settings, struct err *err)
{
	struct chain *chain = calloc(1, sizeof *chain);

	if (chain == NULL) {
		err_memory(err);
		return NULL;
	}
	assert(settings->files != NULL && settings->profile != NULL);
	chain->settings = *settings;
	chain->provider = "";
	return chain;
}

void
chain_free(struct chain *chain)
{
	if (chain == NULL)
		return;
	keys_clear(&chain->keys);
	profile_free(chain->reloaded);
	free(chain);
}

static int64_t
now(const struct chain *chain)
{
	const struct call_context *call = chain->settings.call;

	if (call == NULL || call->clock == NULL)
		return 0;
	return clock_wall_seconds(call->clock) + call->skew;
}

static void
note(struct chain *chain, const char *provider, enum chain_result result,
    const char *reason)
{
	struct step *step = &chain->steps[chain->step_count++];

	step->provider = provider;
	step->result = result;
	memcpy(step->reason, reason, sizeof step->reason);
}

/* A name that somebody chose and that is nowhere: never go on with another
 * identity. */
static int
check_profile(struct chain *chain, struct err *err)
{
	const struct chain_settings *set = &chain->settings;
	struct provider_input input = { .settings = set };
	struct buf hint;

	if (!set->profile_named || profile_exists(set->files, set->profile))
		return 0;
	provider_say(&input, "profile '%s' is in neither file", set->profile);
	note(chain, provider_profile.name, CHAIN_FAILED, input.reason);
	err_set(err, ERR_CREDENTIALS,
	    "there is no profile '%s' in '%s' or '%s'", set->profile,
	    profile_path(set->files, false), profile_path(set->files, true));
	buf_init(&hint, LIMIT_PROFILE_FILE);
	profile_suggest(set->files, set->profile, &hint);
	if (!set->profile_option &&
	    env_value(set->env, "AWS_ACCESS_KEY_ID") != NULL)
		buf_addf(&hint, "%sto use the keys in the environment, unset "
		    "AWS_PROFILE", hint.n > 0 ? "\n" : "");
	if (hint.n == 0)
		buf_addf(&hint, "'aws configure list-profiles' shows those "
		    "that there are");
	err_hint(err, "%s", buf_string(&hint));
	buf_clear(&hint);
	return -1;
}

static int
fail_empty(const struct chain *chain, struct err *err)
{
	struct buf hint;
	size_t i;

	err_set(err, ERR_CREDENTIALS, "no AWS credentials were found");
	buf_init(&hint, sizeof chain->steps * 2);
	if (chain->advice != NULL)
		buf_addf(&hint, "%s\n", chain->advice);
	buf_addf(&hint, "run 'aws configure', or set AWS_ACCESS_KEY_ID and "
	    "AWS_SECRET_ACCESS_KEY; what was tried:");
	for (i = 0; i < chain->step_count; i++)
		buf_addf(&hint, "\n  %s: %s", chain->steps[i].provider,
		    chain->steps[i].reason);
	err_hint(err, "%s", buf_string(&hint));
	buf_clear(&hint);
	return -1;
}

/* Go through the table; the keys into an empty *keys. rejected: see
 * provider_input. */
static int
resolve(struct chain *chain, const struct chain_settings *set,
    const char *rejected, struct keys *keys, struct err *err)
{
	static const enum chain_result results[] = {
		CHAIN_FAILED, CHAIN_SKIPPED, CHAIN_USED
	};
	size_t i;

	chain->step_count = 0;
	chain->advice = NULL;
	if (check_profile(chain, err) != 0)
		return -1;
	for (i = 0; i < PROVIDER_TABLE_ROWS; i++) {
		const struct provider *provider =
		    provider_table_at(i)->provider;
		struct provider_input input = {
			.settings = set, .now = now(chain),
			.rejected = rejected
		};
		enum provider_outcome outcome;

		outcome = provider->resolve(&input, keys, err);
		note(chain, provider->name, results[outcome + 1],
		    input.reason);
		if (chain->advice == NULL)
			chain->advice = input.advice;
		if (outcome == PROVIDER_FAILED)
			return -1;
		if (outcome == PROVIDER_KEYS) {
			chain->provider = provider->name;
			memcpy(chain->region, input.region,
			    sizeof chain->region);
			return 0;
		}
	}
	return fail_empty(chain, err);
}

/* Another tool may have rewritten the files since they were read. While it
 * is at it they may be unreadable: then those that we have must do. */
static void
reload(struct chain *chain)
{
	struct err ignored = { 0 };
	struct profile_files *files;

	files = profile_load(chain->settings.env, &ignored);
	if (files == NULL)
		return;
	profile_free(chain->reloaded);
	chain->reloaded = files;
	chain->settings.files = files;
}

/* Is it time for a refresh that nobody asked for? */
static bool
is_due(struct chain *chain)
{
	int64_t at = now(chain);

	if (at == 0 || chain->keys.expires_at == 0 ||
	    at < chain->keys.expires_at - REFRESH_SECONDS ||
	    at < chain->refreshed_at + REFRESH_PAUSE_SECONDS)
		return false;
	chain->refreshed_at = at;
	return true;
}

static bool
is_usable(const struct chain *chain)
{
	return chain->keys.access_key_id[0] != '\0' &&
	    (chain->keys.expires_at == 0 || now(chain) == 0 ||
	    now(chain) < chain->keys.expires_at);
}

/* Whose keys these are is the first question when something is denied. */
static void
tell(const struct chain *chain)
{
	const struct call_context *call = chain->settings.call;

	if (call != NULL && chain->step_count > 0)
		log_step(call->log, "credentials by %s: %s", chain->provider,
		    chain->steps[chain->step_count - 1].reason);
}

/* Resolve; what was there before stays unless there is better. */
static void
update(struct chain *chain, bool renew)
{
	char rejected[sizeof chain->keys.access_key_id];
	bool asked = renew && chain->keys.access_key_id[0] != '\0';
	struct keys found = { 0 };
	struct err failure = { 0 };
	struct chain_settings set;

	if (chain->resolved)
		reload(chain);
	set = chain->settings;
	/* A code works once, and nobody is asked for another one before it is
	 * needed. */
	if (chain->resolved)
		set.mfa_code = NULL;
	if (!renew && is_usable(chain))
		set.prompt = NULL;
	memcpy(rejected, chain->keys.access_key_id, sizeof rejected);
	if (resolve(chain, &set, asked ? rejected : NULL, &found,
	    &failure) == 0) {
		keys_clear(&chain->keys);
		chain->keys = found;
		tell(chain);
	} else {
		keys_clear(&found);
	}
	/* Old keys outlive a refresh that failed before its time. */
	if (failure.class != ERR_NONE && chain->resolved && !renew &&
	    is_usable(chain))
		err_clear(&failure);
	chain->failure = failure;
	chain->resolved = true;
}

/* From the share or into it. Out of memory leaves no keys behind. */
static void
copy_keys(struct keys *to, const struct keys *from, struct err *failure)
{
	keys_clear(to);
	if (keys_copy(to, from, failure) != 0)
		keys_clear(to);
}

/* What another chain has found since. */
static void
take_over(struct chain *chain, const struct chain_share *share)
{
	chain->failure = share->failure;
	copy_keys(&chain->keys, &share->keys, &chain->failure);
	chain->provider = share->provider;
	memcpy(chain->region, share->region, sizeof chain->region);
	chain->refreshed_at = share->refreshed_at;
	chain->resolved = true;
	chain->round = share->round;
}

static void
hand_over(struct chain *chain, struct chain_share *share)
{
	share->failure = chain->failure;
	copy_keys(&share->keys, &chain->keys, &share->failure);
	share->provider = chain->provider;
	memcpy(share->region, chain->region, sizeof share->region);
	share->refreshed_at = chain->refreshed_at;
	chain->round = ++share->round;
}

static void
update_shared(struct chain *chain, bool renew)
{
	struct chain_share *share = chain->settings.share;

	pthread_mutex_lock(&share->lock);
	/* Nobody asks anew for what another has just got anew. */
	if (share->round != chain->round) {
		take_over(chain, share);
		renew = false;
	}
	if (!chain->resolved || renew || is_due(chain)) {
		update(chain, renew);
		hand_over(chain, share);
	}
	pthread_mutex_unlock(&share->lock);
}

int
chain_keys(struct chain *chain, bool renew, const struct keys **keys,
    struct err *err)
{
	if (chain->settings.share != NULL)
		update_shared(chain, renew);
	else if (!chain->resolved || renew || is_due(chain))
		update(chain, renew);
	if (chain->failure.class != ERR_NONE) {
		if (err->class == ERR_NONE)
			*err = chain->failure;
		return -1;
	}
	*keys = &chain->keys;
	return 0;
}

static int
get(void *state, bool renew, const struct keys **keys, struct err *err)
{
	return chain_keys(state, renew, keys, err);
}

struct keys_source
chain_source(struct chain *chain)
{
	struct keys_source source = { get, chain };

	return source;
}

int
chain_role_source(struct chain *chain, struct keys *keys, struct err *err)
{
	struct provider_input input = { .settings = &chain->settings,
		.now = now(chain) };
	struct role_source role;
	struct keys_source source;
	const struct keys *found;
	int result = -1;

	if (role_source_read(&role, &input, err) == 0) {
		source = role_source_keys(&role);
		if (source.get(source.state, false, &found, err) == 0)
			result = keys_copy(keys, found, err);
	}
	role_source_clear(&role);
	return result;
}

const char *
chain_provider(const struct chain *chain)
{
	return chain->provider;
}

const char *
chain_region(const struct chain *chain)
{
	return chain->region[0] != '\0' ? chain->region : NULL;
}

size_t
chain_steps(const struct chain *chain)
{
	return chain->step_count;
}

struct chain_step
chain_step(const struct chain *chain, size_t i)
{
	struct chain_step step = { 0 };

	assert(i < chain->step_count);
	step.provider = chain->steps[i].provider;
	step.result = chain->steps[i].result;
	step.reason = chain->steps[i].reason;
	return step;
}
