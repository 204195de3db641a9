#include "creds/provider.h"

#include <string.h>

/* A word for a POSIX shell, in single quotes where it needs them. */
static void
quote_word(struct buf *out, const char *word)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "abcdefghijklmnopqrstuvwxyz0123456789_-./@%+:";

	if (word[0] != '\0' && word[0] != '-' &&
	    strspn(word, plain) == strlen(word)) {
		buf_add_string(out, word);
		return;
	}
	buf_add_char(out, '\'');
	for (; *word != '\0'; word++) {
		if (*word == '\'')
			buf_add_string(out, "'\\''");
		else
			buf_add_char(out, *word);
	}
	buf_add_char(out, '\'');
}

static void
hint(const struct provider_input *input, bool profile, struct err *err)
{
	struct buf command;

	buf_init(&command, sizeof err->hint / 2);
	buf_add_string(&command, "aws configure export-credentials ");
	if (profile) {
		buf_add_string(&command, "--profile ");
		quote_word(&command, input->settings->profile);
		buf_add_char(&command, ' ');
	}
	buf_add_string(&command, "--format env");
	err_hint(err, "this version takes keys from AWS_ACCESS_KEY_ID and "
	    "AWS_SECRET_ACCESS_KEY, and from aws_access_key_id and "
	    "aws_secret_access_key in the shared files; let the AWS CLI put "
	    "them into the environment:\n"
	    "  eval \"$(%s)\"%s", buf_string(&command),
	    input->settings->profile_option ?
	    "\nand run teamcache without naming the profile" : "");
	buf_clear(&command);
}

/* One key of the profile that asks for something. */
static enum provider_outcome
refuse_key(struct provider_input *input, const char *key,
    const struct profile_value *value, struct err *err)
{
	err_set(err, ERR_CREDENTIALS,
	    "profile '%s' asks for %s ('%s' line %u), which this version of "
	    "teamcache does not support", input->settings->profile, key,
	    value->file, value->line);
	hint(input, true, err);
	provider_say(input, "profile '%s' has %s ('%s' line %u), not "
	    "supported by this version", input->settings->profile, key,
	    value->file, value->line);
	return PROVIDER_FAILED;
}

static enum provider_outcome
refuse_variable(struct provider_input *input, const char *name,
    struct err *err)
{
	err_set(err, ERR_CREDENTIALS,
	    "%s is set, and asks for credentials that this version of "
	    "teamcache cannot fetch", name);
	hint(input, false, err);
	provider_say(input, "%s is set, not supported by this version", name);
	return PROVIDER_FAILED;
}

static struct profile_value
get(const struct provider_input *input, const char *key)
{
	return profile_get(input->settings->files, input->settings->profile,
	    key, NULL);
}

/* The provider applies when the profile has the key. */
static enum provider_outcome
resolve_key(struct provider_input *input, const char *key, struct err *err)
{
	struct profile_value value = get(input, key);

	if (value.text != NULL)
		return refuse_key(input, key, &value, err);
	return provider_say(input, "profile '%s' has no %s",
	    input->settings->profile, key);
}

static enum provider_outcome
resolve_assume_role(struct provider_input *input, struct keys *keys,
    struct err *err)
{
	(void)keys;
	if (get(input, "web_identity_token_file").text != NULL)
		return provider_say(input, "profile '%s' has a "
		    "web_identity_token_file", input->settings->profile);
	return resolve_key(input, "role_arn", err);
}

static enum provider_outcome
resolve_web_identity(struct provider_input *input, struct keys *keys,
    struct err *err)
{
	static const char variable[] = "AWS_WEB_IDENTITY_TOKEN_FILE";
	bool set = env_value(input->settings->env, variable) != NULL;

	(void)keys;
	if (set && !input->settings->profile_option)
		return refuse_variable(input, variable, err);
	provider_say(input, "%s is %s", variable, set ?
	    "set, but a profile was named" : "not set");
	return resolve_key(input, "web_identity_token_file", err);
}

static enum provider_outcome
resolve_sso(struct provider_input *input, struct keys *keys, struct err *err)
{
	struct profile_value account = get(input, "sso_account_id");
	struct profile_value role = get(input, "sso_role_name");
	struct profile_value session = get(input, "sso_session");

	(void)keys;
	if (account.text != NULL)
		return refuse_key(input, "sso_account_id", &account, err);
	if (role.text != NULL)
		return refuse_key(input, "sso_role_name", &role, err);
	provider_say(input, "profile '%s' has neither sso_account_id nor "
	    "sso_role_name", input->settings->profile);
	if (session.text != NULL)
		provider_say(input, "it has sso_session ('%s' line %u)",
		    session.file, session.line);
	return PROVIDER_PASSED;
}

static enum provider_outcome
resolve_login(struct provider_input *input, struct keys *keys,
    struct err *err)
{
	(void)keys;
	return resolve_key(input, "login_session", err);
}

static enum provider_outcome
resolve_process(struct provider_input *input, struct keys *keys,
    struct err *err)
{
	(void)keys;
	return resolve_key(input, "credential_process", err);
}

static enum provider_outcome
resolve_container(struct provider_input *input, struct keys *keys,
    struct err *err)
{
	static const char *const variables[] = {
		"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
		"AWS_CONTAINER_CREDENTIALS_FULL_URI",
	};
	size_t i;

	(void)keys;
	for (i = 0; i < sizeof variables / sizeof variables[0]; i++) {
		if (env_value(input->settings->env, variables[i]) != NULL)
			return refuse_variable(input, variables[i], err);
	}
	return provider_say(input, "neither %s nor %s is set", variables[0],
	    variables[1]);
}

static enum provider_outcome
resolve_imds(struct provider_input *input, struct keys *keys,
    struct err *err)
{
	(void)keys;
	(void)err;
	return provider_say(input, "the instance metadata service is not "
	    "supported by this version");
}

const struct provider provider_pending_assume_role =
    { "assume-role", resolve_assume_role };
const struct provider provider_pending_web_identity =
    { "web-identity", resolve_web_identity };
const struct provider provider_pending_sso = { "sso", resolve_sso };
const struct provider provider_pending_login = { "login", resolve_login };
const struct provider provider_pending_process =
    { "process", resolve_process };
const struct provider provider_pending_container =
    { "container", resolve_container };
const struct provider provider_pending_imds = { "imds", resolve_imds };
