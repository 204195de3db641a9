#include "creds/provider.h"

#include <string.h>

#include "aws/sts_role.h"
#include "base/limits.h"
#include "base/num.h"
#include "creds/key_cache.h"
#include "creds/mfa.h"
#include "creds/refusal.h"
#include "creds/role_session.h"
#include "creds/role_source.h"

/* What STS takes; the role may allow less. */
#define DURATION_MIN 900
#define DURATION_MAX 43200

/* A new code cannot be had by ourselves: no asking long before the end. */
#define MFA_EARLY_SECONDS 60

/* One role that is assumed. */
struct assumption {
	struct provider_input *input;
	struct role_source source;
	struct sts_role role;
	char session[ROLE_SESSION_ROOM];
	const char *session_wanted;	/* NULL: made up each time */
	struct endpoint endpoint;
};

static int
read_duration(struct assumption *a, struct err *err)
{
	struct profile_value value = provider_value(a->input,
	    "duration_seconds");
	uint64_t seconds;

	a->role.duration = value.text;
	if (value.text == NULL || (num_parse(span_of(value.text),
	    DURATION_MAX, &seconds) && seconds >= DURATION_MIN))
		return 0;
	return err_set(err, ERR_CREDENTIALS, "'%s' line %u: duration_seconds "
	    "is '%s': it takes a whole number from %d to %d", value.file,
	    value.line, value.text, DURATION_MIN, DURATION_MAX);
}

/* What the profile says; nothing is asked of anybody. */
static int
read_profile(struct assumption *a, struct err *err)
{
	struct provider_input *input = a->input;

	a->role.arn = provider_value(input, "role_arn").text;
	a->role.external_id = provider_value(input, "external_id").text;
	a->role.mfa_serial = provider_value(input, "mfa_serial").text;
	a->session_wanted = provider_value(input, "role_session_name").text;
	role_session_name(a->session_wanted, input->now, a->session);
	a->role.session = a->session;
	if (a->session_wanted != NULL &&
	    strcmp(a->session_wanted, a->session) != 0)
		provider_say(input, "the session is called '%s', because "
		    "STS does not take role_session_name as it is",
		    a->session);
	if (role_source_read(&a->source, input, err) != 0 ||
	    read_duration(a, err) != 0)
		return -1;
	return provider_endpoint(input, ENDPOINT_STS, NULL, &a->endpoint,
	    err);
}

static void
describe(const struct assumption *a, struct buf *subject)
{
	key_cache_add(subject, "url", a->endpoint.url);
	key_cache_add(subject, "path", a->endpoint.path);
	key_cache_add(subject, "region", a->endpoint.region);
	key_cache_add(subject, "role_arn", a->role.arn);
	key_cache_add(subject, "role_session_name", a->session_wanted);
	key_cache_add(subject, "external_id", a->role.external_id);
	key_cache_add(subject, "mfa_serial", a->role.mfa_serial);
	key_cache_add(subject, "duration_seconds", a->role.duration);
	role_source_describe(&a->source, subject);
}

static int
fetch(void *state, struct keys *keys, struct err *err)
{
	struct assumption *a = state;
	struct keys_source source = role_source_keys(&a->source);
	const struct keys *first;
	struct buf code;
	int result = -1;

	buf_init_secret(&code, LIMIT_KIB);
	/* Nobody is asked for a code that nothing could be done with. */
	if (source.get(source.state, false, &first, err) != 0)
		goto out;
	/* Only now it may be known where this instance is. */
	if (provider_endpoint(a->input, ENDPOINT_STS, NULL, &a->endpoint,
	    err) != 0)
		goto out;
	if (a->role.mfa_serial != NULL) {
		if (mfa_code(a->input, a->role.mfa_serial, &code, err) != 0)
			goto out;
		a->role.mfa_code = buf_string(&code);
	}
	log_step(a->input->settings->call->log, "assuming role '%s'",
	    a->role.arn);
	result = sts_role_assume(a->input->settings->call, &a->endpoint,
	    &source, &a->role, keys, err);
out:
	a->role.mfa_code = NULL;
	buf_clear(&code);
	return result;
}

static enum provider_outcome
assume(struct assumption *a, struct keys *keys, struct err *err)
{
	struct key_cache_request request = {
		.kind = "assume-role",
		.fetch = fetch,
		.state = a,
	};
	struct buf subject;
	int result = -1;

	buf_init(&subject, LIMIT_PROFILE_FILE);
	if (read_profile(a, err) != 0)
		goto out;
	if (a->input->settings->call == NULL) {
		err_set(err, ERR_CREDENTIALS, "role '%s' takes a request to "
		    "STS, which cannot be made here", a->role.arn);
		goto out;
	}
	describe(a, &subject);
	if (buf_check(&subject, "the profile", err) != 0)
		goto out;
	request.subject = buf_view(&subject);
	if (a->role.mfa_serial != NULL)
		request.early = MFA_EARLY_SECONDS;
	result = key_cache_fetch(a->input, &request, keys, err);
out:
	buf_clear(&subject);
	role_source_clear(&a->source);
	return result == 0 ? PROVIDER_KEYS : refusal(a->input, err);
}

static enum provider_outcome
resolve(struct provider_input *input, struct keys *keys, struct err *err)
{
	const char *profile = input->settings->profile;
	struct profile_value arn = provider_value(input, "role_arn");
	struct assumption a = { .input = input };

	if (arn.text == NULL)
		return provider_say(input, "profile '%s' has no role_arn",
		    profile);
	if (provider_value(input, "web_identity_token_file").text != NULL)
		return provider_say(input, "profile '%s' has a "
		    "web_identity_token_file", profile);
	provider_say(input, "profile '%s' ('%s' line %u) has role '%s'",
	    profile, arn.file, arn.line, arn.text);
	return assume(&a, keys, err);
}

const struct provider provider_assume_role = { "assume-role", resolve };
