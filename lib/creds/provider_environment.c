#include "creds/provider.h"

#include <string.h>

#include "aws/arn.h"
#include "base/date.h"
#include "creds/static_keys.h"

/* AWS_CREDENTIAL_EXPIRATION, which comes with keys that some other tool has
 * fetched. */
static int
read_expiration(const struct provider_input *input, struct keys *keys,
    struct err *err)
{
	const char *text = env_value(input->settings->env,
	    "AWS_CREDENTIAL_EXPIRATION");
	char when[DATE_ROOM];

	if (text == NULL)
		return 0;
	if (!date_parse_rfc3339(span_of(text), &keys->expires_at)) {
		err_set(err, ERR_CREDENTIALS,
		    "AWS_CREDENTIAL_EXPIRATION is '%s', which is no time",
		    text);
		err_hint(err, "write it like 2025-08-11T14:30:00Z, or unset "
		    "it");
		return -1;
	}
	if (input->now == 0 || input->now < keys->expires_at)
		return 0;
	date_format_rfc3339(keys->expires_at, when);
	err_set(err, ERR_CREDENTIALS, "the keys in the environment expired at "
	    "%s (AWS_CREDENTIAL_EXPIRATION)", when);
	err_hint(err, "fetch new keys as these were fetched, or unset the "
	    "AWS_* variables to use a profile");
	return -1;
}

/* What a person should know of keys that are used all the same. */
static void
say_oddities(struct provider_input *input, const struct static_keys *from)
{
	if (static_keys_lack_token(from))
		provider_say(input, "it is a temporary key (ASIA...), but "
		    "AWS_SESSION_TOKEN is not set");
	if (env_value(input->settings->env, "AWS_SECURITY_TOKEN") != NULL)
		provider_say(input, "AWS_SECURITY_TOKEN is set too, and is "
		    "not used: its present name is AWS_SESSION_TOKEN");
	if (from->account != NULL &&
	    !arn_account_valid(span_of(from->account)))
		provider_say(input, "AWS_ACCOUNT_ID is not twelve digits, and "
		    "is not used");
}

static enum provider_outcome
resolve(struct provider_input *input, struct keys *keys, struct err *err)
{
	const struct env *env = input->settings->env;
	struct static_keys from = {
		.where = "the environment",
		.names = { "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY",
		    "AWS_SESSION_TOKEN" },
		.id = env_value(env, "AWS_ACCESS_KEY_ID"),
		.secret = env_value(env, "AWS_SECRET_ACCESS_KEY"),
		.token = env_value(env, "AWS_SESSION_TOKEN"),
		.account = env_value(env, "AWS_ACCOUNT_ID"),
	};

	if (from.id == NULL) {
		provider_say(input, "AWS_ACCESS_KEY_ID is not set");
		if (from.secret != NULL)
			provider_say(input, "AWS_SECRET_ACCESS_KEY is");
		return PROVIDER_PASSED;
	}
	if (input->settings->profile_option)
		return provider_say(input, "AWS_ACCESS_KEY_ID is set, but "
		    "profile '%s' was named", input->settings->profile);
	provider_say(input, "AWS_ACCESS_KEY_ID");
	if (static_keys_read(&from, keys, err) != 0 ||
	    read_expiration(input, keys, err) != 0) {
		provider_say(input, "%s", err->message);
		return PROVIDER_FAILED;
	}
	say_oddities(input, &from);
	if (strcmp(input->settings->profile, "default") != 0)
		provider_say(input, "beats profile '%s'",
		    input->settings->profile);
	return PROVIDER_KEYS;
}

const struct provider provider_environment = { "environment", resolve };
