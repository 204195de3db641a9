#include "creds/provider.h"

#include <stdio.h>

#include "creds/static_keys.h"

static enum provider_outcome
pass(struct provider_input *input, bool credentials, const char *profile)
{
	const struct profile_files *files = input->settings->files;
	const char *path = profile_path(files, credentials);
	struct profile_value secret;

	secret = profile_get_in(files, credentials, profile,
	    "aws_secret_access_key", NULL);
	provider_say(input, "profile '%s' has no aws_access_key_id in '%s'",
	    profile, path);
	if (secret.text != NULL)
		provider_say(input, "it has an aws_secret_access_key (line "
		    "%u)", secret.line);
	return PROVIDER_PASSED;
}

/* The whole pair comes from one file: merged halves of two pairs would be a
 * third one that nobody made. */
static enum provider_outcome
resolve_in(struct provider_input *input, bool credentials, struct keys *keys,
    struct err *err)
{
	const struct profile_files *files = input->settings->files;
	const char *profile = input->settings->profile;
	struct static_keys from = { .names = { "aws_access_key_id",
	    "aws_secret_access_key", "aws_session_token" } };
	struct profile_value id;
	char where[512];

	id = profile_get_in(files, credentials, profile, from.names[0], NULL);
	if (id.text == NULL)
		return pass(input, credentials, profile);
	from.id = id.text;
	from.secret = profile_get_in(files, credentials, profile,
	    from.names[1], NULL).text;
	from.token = profile_get_in(files, credentials, profile,
	    from.names[2], NULL).text;
	from.account = profile_get_in(files, credentials, profile,
	    "aws_account_id", NULL).text;
	if (snprintf(where, sizeof where, "'%s' (profile '%s', line %u)",
	    id.file, profile, id.line) < 0)
		where[0] = '\0';
	from.where = where;
	provider_say(input, "profile '%s', '%s' line %u", profile, id.file,
	    id.line);
	if (static_keys_read(&from, keys, err) != 0) {
		provider_say(input, "%s", err->message);
		return PROVIDER_FAILED;
	}
	if (static_keys_lack_token(&from))
		provider_say(input, "it is a temporary key (ASIA...), but "
		    "aws_session_token is not set");
	if (profile_get_in(files, credentials, profile, "aws_security_token",
	    NULL).text != NULL)
		provider_say(input, "aws_security_token is set too, and is "
		    "not used: its present name is aws_session_token");
	return PROVIDER_KEYS;
}

static enum provider_outcome
resolve_credentials(struct provider_input *input, struct keys *keys,
    struct err *err)
{
	return resolve_in(input, true, keys, err);
}

static enum provider_outcome
resolve_config(struct provider_input *input, struct keys *keys,
    struct err *err)
{
	return resolve_in(input, false, keys, err);
}

const struct provider provider_profile = { "profile", resolve_credentials };
const struct provider provider_profile_config = { "profile", resolve_config };
