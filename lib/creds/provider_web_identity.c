#include "creds/provider.h"

#include <string.h>

#include "aws/sts_role.h"
#include "base/limits.h"
#include "creds/identity_token.h"
#include "creds/key_cache.h"
#include "creds/refusal.h"
#include "creds/role_session.h"

/* One role that is assumed with a token. */
struct assumption {
	struct provider_input *input;
	struct identity_token from;
	struct sts_role role;
	char session[ROLE_SESSION_ROOM];
	const char *session_wanted;	/* NULL: made up each time */
	struct endpoint endpoint;
};

/* Each by itself: the variable, else the profile's key. */
static const char *
get(const struct provider_input *input, const char *variable,
    const char *key)
{
	const struct chain_settings *set = input->settings;
	const char *text = set->profile_option ? NULL :
	    env_value(set->env, variable);

	return text != NULL ? text : provider_value(input, key).text;
}

static int
read_settings(struct assumption *a, struct err *err)
{
	a->role.arn = get(a->input, "AWS_ROLE_ARN", "role_arn");
	a->session_wanted = get(a->input, "AWS_ROLE_SESSION_NAME",
	    "role_session_name");
	role_session_name(a->session_wanted, a->input->now, a->session);
	a->role.session = a->session;
	if (a->role.arn == NULL) {
		if (a->from.file != NULL)
			err_set(err, ERR_CREDENTIALS, "profile '%s' has a "
			    "%s, but no role_arn",
			    a->input->settings->profile, a->from.name);
		else
			err_set(err, ERR_CREDENTIALS, "%s is set, but "
			    "AWS_ROLE_ARN is not", a->from.name);
		err_hint(err, "name the role that the token is for");
		return -1;
	}
	if (a->input->settings->call == NULL)
		return err_set(err, ERR_CREDENTIALS, "role '%s' takes a "
		    "request to STS, which cannot be made here",
		    a->role.arn);
	return provider_endpoint(a->input, ENDPOINT_STS, NULL, &a->endpoint,
	    err);
}

/* The claims tell one job's token from another's. That of GitHub would have
 * to be fetched first, but its URL is the job's own. */
static int
describe(const struct assumption *a, struct buf *subject, struct err *err)
{
	bool github = a->from.kind == IDENTITY_TOKEN_GITHUB;
	struct secret token = { 0 };
	struct buf claims;
	int result = 0;

	buf_init(&claims, LIMIT_IDENTITY_TOKEN);
	key_cache_add(subject, "url", a->endpoint.url);
	key_cache_add(subject, "path", a->endpoint.path);
	key_cache_add(subject, "region", a->endpoint.region);
	key_cache_add(subject, "role_arn", a->role.arn);
	key_cache_add(subject, "role_session_name", a->session_wanted);
	key_cache_add(subject, "token", a->from.name);
	if (github || a->from.kind == IDENTITY_TOKEN_FILE)
		key_cache_add(subject, "from", a->from.text);
	if (!github) {
		result = identity_token_get(&a->from, a->input, &token, err);
		if (result == 0)
			identity_token_claims(&token, false, &claims);
		key_cache_add(subject, "claims", buf_string(&claims));
	}
	secret_clear(&token);
	buf_clear(&claims);
	return result == 0 ? buf_check(subject, "the token's claims", err) :
	    -1;
}

/* What the role's trust policy was compared with. */
static void
add_claims(const struct secret *token, struct err *err)
{
	char hint[sizeof err->hint];
	struct buf claims;

	buf_init(&claims, sizeof hint);
	identity_token_claims(token, true, &claims);
	memcpy(hint, err->hint, sizeof hint);
	if (claims.n > 0 && err->code[0] != '\0')
		err_hint(err, "%s%sthe token says: %s", hint,
		    hint[0] != '\0' ? "\n" : "", buf_string(&claims));
	buf_clear(&claims);
}

static int
fetch(void *state, struct keys *keys, struct err *err)
{
	struct assumption *a = state;
	struct call_context *call = a->input->settings->call;
	struct secret token = { 0 };
	int result = identity_token_get(&a->from, a->input, &token, err);

	if (result == 0) {
		log_step(call->log, "assuming role '%s' with the token of %s",
		    a->role.arn, a->from.name);
		result = sts_role_assume_with_token(call, &a->endpoint,
		    &token, &a->role, keys, err);
		if (result != 0)
			add_claims(&token, err);
	}
	secret_clear(&token);
	return result;
}

static enum provider_outcome
resolve(struct provider_input *input, struct keys *keys, struct err *err)
{
	struct assumption a = { .input = input };
	struct key_cache_request request = {
		.kind = "web-identity", .fetch = fetch, .state = &a,
	};
	struct buf subject;
	int result = -1;

	a.from = identity_token_find(input);
	if (a.from.kind == IDENTITY_TOKEN_NONE)
		return PROVIDER_PASSED;
	if (a.from.file != NULL)
		provider_say(input, "profile '%s' has a %s ('%s' line %u)",
		    input->settings->profile, a.from.name, a.from.file,
		    a.from.line);
	else
		provider_say(input, "%s is set", a.from.name);
	buf_init(&subject, LIMIT_PROFILE_FILE);
	if (read_settings(&a, err) == 0 &&
	    describe(&a, &subject, err) == 0) {
		request.subject = buf_view(&subject);
		result = key_cache_fetch(input, &request, keys, err);
	}
	buf_clear(&subject);
	if (result != 0)
		return refusal(input, err);
	provider_say(input, "role '%s'", a.role.arn);
	return PROVIDER_KEYS;
}

const struct provider provider_web_identity = { "web-identity", resolve };
