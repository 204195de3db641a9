#include "cache/session.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "aws/call_settings.h"
#include "base/app.h"
#include "base/limits.h"
#include "base/num.h"
#include "cache/gate.h"
#include "cache/place.h"
#include "creds/key_cache.h"
#include "sys/interrupt.h"
#include "sys/terminal.h"

/* After a signal: for a paid answer and its write-back, and for tidying up. */
#define GRACE_MS 2000
#define CLEAN_UP_MS 1000

/* A relative directory is a mistake that must be said, not gone around. */
static int
check_places(const struct session *s, struct err *err)
{
	struct buf path;
	int result = -1;

	buf_init(&path, 4096);
	if (place_find(PLACE_STATE, s->set.env, &path, err) != PLACE_ERROR &&
	    (s->set.no_local ||
	    place_find(PLACE_DATA, s->set.env, &path, err) != PLACE_ERROR))
		result = 0;
	buf_clear(&path);
	return result;
}

int
session_open(struct session *s, const struct session_settings *settings,
    struct err *err)
{
	const char *prefix;
	int on;

	memset(s, 0, sizeof *s);
	s->set = *settings;
	s->local.root.fd = -1;
	s->memo.root.fd = -1;
	s->command_start = -1;
	s->started_ms = clock_elapsed_ms(settings->clock);
	buf_init(&s->prefix, LIMIT_KEY);
	if (check_places(s, err) != 0)
		return -1;
	if ((s->files = profile_load(settings->env, err)) == NULL)
		return -1;
	on = config_team_cache(settings->config, &s->team_cache_why, err);
	if (on < 0)
		return -1;
	s->team_cache = on == 1;
	if (s->team_cache)
		s->bucket = config_text(settings->config, CONFIG_BUCKET);
	prefix = config_text(settings->config, CONFIG_PREFIX);
	if (key_prefix(span_of(prefix), &s->prefix, err) != 0)
		return -1;
	if (endpoint_settings_read(settings->env, s->files,
	    settings->profile, &s->endpoints, err) != 0)
		return -1;
	s->s3_endpoint = endpoint_configured(ENDPOINT_S3,
	    config_text(settings->config, CONFIG_ENDPOINT_URL),
	    settings->env, s->files, settings->profile, &s->endpoints);
	return 0;
}

void
session_close(struct session *s)
{
	size_t i;

	session_savings(s);
	for (i = 0; i < s->kept_count; i++)
		local_copy_clear(&s->kept[i].copy);
	free(s->kept);
	if (s->local_written && s->local.usable)
		local_prune(&s->local, clock_wall_seconds(s->set.clock),
		    config_number(s->set.config, CONFIG_STORE_MAX_AGE),
		    config_number(s->set.config, CONFIG_STORE_MAX_SIZE));
	session_tell_gate(s);
	gate_free(s->own_gate);
	s3_free(s->s3);
	chain_free(s->bucket_chain);
	chain_free(s->chain);
	http_curl_free(s->http);
	trust_free(s->trust);
	if (s->local_tried)
		local_close(&s->local);
	if (s->memo_tried)
		memo_close(&s->memo);
	profile_free(s->files);
	buf_clear(&s->prefix);
	memset(s, 0, sizeof *s);
	s->local.root.fd = -1;
	s->memo.root.fd = -1;
}

size_t
session_object_max(const struct session *s)
{
	return (size_t)config_number(s->set.config, CONFIG_MAX_OBJECT_SIZE);
}

struct local *
session_local(struct session *s)
{
	struct err err;

	if (s->set.no_local)
		return NULL;
	err_clear(&err);
	if (!s->local_tried) {
		s->local_tried = true;
		if (local_open(&s->local, s->set.env,
		    s->s3_endpoint == NULL ? "" : s->s3_endpoint,
		    s->bucket == NULL ? "" : s->bucket,
		    buf_string(&s->prefix), &err) != 0)
			log_warn(s->set.log,
			    "going on without a local store: %s",
			    err.message);
	}
	return s->local.usable ? &s->local : NULL;
}

struct memo *
session_memo(struct session *s)
{
	struct err err = { 0 };

	if (!s->memo_tried) {
		s->memo_tried = true;
		if (memo_open(&s->memo, s->set.env, &err) != 0)
			log_warn(s->set.log,
			    "going on without a state directory: %s",
			    err.message);
	}
	return &s->memo;
}

void
session_deadline(struct session *s, int64_t timeout_ms)
{
	s->tidying = false;
	s->call.deadline_ms = num_add_held(
	    clock_elapsed_ms(s->set.clock), timeout_ms);
}

/*
 * The first signal ends what is only a wait for somebody's answer. Once a
 * purchase has been paid for, it leaves two seconds for the answer and the
 * write-back; the second one ends that too. What cleaning up sends does not
 * count the signals that led to it, and one that comes meanwhile leaves it its
 * second, too: a lease must not stay behind.
 */
static bool
cancelled(void *state)
{
	struct session *s = state;
	int64_t now;
	int count = interrupt_count(), came = count - s->signals_passed;

	if (came <= 0)
		return false;
	if (came > 1 || !(s->awaiting || (s->tidying && count == 1)))
		return true;
	now = clock_elapsed_ms(s->set.clock);
	if (s->grace_until == 0)
		s->grace_until = now + (s->awaiting ? GRACE_MS : CLEAN_UP_MS);
	return now >= s->grace_until;
}

void
session_clean_up(struct session *s)
{
	s->awaiting = false;
	s->signals_passed = interrupt_count();
	if (s->signals_passed > 0)
		session_deadline(s, CLEAN_UP_MS);
	s->tidying = true;
}

/* While S3 looks, what a new copy needs is made. */
static void
meanwhile(void *state)
{
	struct session *s = state;
	struct local *local = s->expected == NULL ? NULL : session_local(s);

	if (local != NULL)
		local_prepare(local, s->expected);
	s->expected = NULL;
}

static int
open_chains(struct session *s, struct err *err)
{
	const char *bucket_profile =
	    config_text(s->set.config, CONFIG_BUCKET_PROFILE);
	struct chain_settings set = {
		.env = s->set.env,
		.files = s->files,
		.profile = s->set.profile,
		.profile_option = s->set.profile_option,
		.profile_named = s->set.profile_named,
		.call = &s->call,
		.endpoints = &s->endpoints,
		.state = &session_memo(s)->root,
		.disk_cache = key_cache_wanted(config_text(s->set.config,
		    CONFIG_CREDENTIAL_CACHE), s->set.env),
		.mfa_code = s->set.mfa_code != NULL ? s->set.mfa_code :
		    env_value(s->set.env, "TEAMCACHE_MFA_CODE"),
		.prompt = terminal_ask,
		.share = s->set.keys,
	};

	if ((s->chain = chain_new(&set, err)) == NULL)
		return -1;
	s->keys = chain_source(s->chain);
	s->bucket_keys = s->keys;
	if (bucket_profile == NULL)
		return 0;
	set.profile = bucket_profile;
	set.profile_option = set.profile_named = true;
	set.share = s->set.bucket_keys;
	if ((s->bucket_chain = chain_new(&set, err)) == NULL)
		return -1;
	s->bucket_keys = chain_source(s->bucket_chain);
	return 0;
}

struct trust *
session_trust(const struct session *s)
{
	if (s->set.trust != NULL)
		return trust_hold(s->set.trust);
	return trust_new(s->set.env, profile_get(s->files, s->set.profile,
	    "ca_bundle", NULL).text);
}

int
session_network(struct session *s, struct err *err)
{
	struct http_curl_settings http = {
		.env = s->set.env,
		.log = s->set.log,
		.cancelled = cancelled,
		.meanwhile = meanwhile,
		.state = s,
	};
	struct setting_place place = { s->set.env, s->files, s->set.profile };
	int64_t deadline = s->call.deadline_ms;
	struct call_settings aws;
	int n;

	if (s->http != NULL)
		return 0;
	if (call_settings_read(&place, s->set.max_attempts, &aws, err) != 0)
		return -1;
	n = snprintf(s->user_agent, sizeof s->user_agent,
	    "teamcache/" APP_VERSION "%s%s",
	    aws.app_id[0] != '\0' ? " app/" : "", aws.app_id);
	assert(n > 0 && (size_t)n < sizeof s->user_agent);
	http.user_agent = s->user_agent;
	s->call.max_attempts = aws.max_attempts;
	s->call.connect_ms = aws.connect_ms;
	if ((s->trust = session_trust(s)) == NULL)
		return err_memory(err);
	http.trust = s->trust;
	if ((s->http = http_curl_new(&http, err)) == NULL)
		return -1;
	s->call.http = http_curl_transport(s->http);
	s->call.clock = s->set.clock;
	s->call.rand = s->set.rand;
	s->call.log = s->set.log;
	s->call.deadline_ms = deadline == 0 ? INT64_MAX : deadline;
	s->call.quota_s3.tokens = RETRY_QUOTA_FULL;
	s->call.quota_other.tokens = RETRY_QUOTA_FULL;
	if (s->set.quota_s3 != NULL)
		retry_share(&s->call.quota_s3, s->set.quota_s3);
	if (s->set.quota_other != NULL)
		retry_share(&s->call.quota_other, s->set.quota_other);
	return open_chains(s, err);
}

const char *
session_profile_name(const struct session *s)
{
	if (s->chain != NULL &&
	    strcmp(chain_provider(s->chain), "environment") == 0)
		return "";
	return s->set.profile;
}
