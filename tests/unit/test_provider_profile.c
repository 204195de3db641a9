#include "creds/provider.h"

#include "aws_files.h"
#include "tap.h"

static struct aws_files shared;

static const struct {
	const char *name;
	const char *config;
	const char *credentials;
	bool in_config;		/* ask the second row of the table */
	enum provider_outcome outcome;
	const char *reason;	/* part of it */
	const char *id;		/* of the keys */
	const char *token;
	const char *says;	/* part of the error */
} cases[] = {
	{ "no such profile", NULL, NULL, false, PROVIDER_PASSED,
	    "profile 'p' has no aws_access_key_id in", NULL, NULL, NULL },
	{ "a pair", NULL, "[p]\naws_access_key_id = AKID\n"
	    "aws_secret_access_key = wJalr/secret\n", false, PROVIDER_KEYS,
	    "credentials' line 2", "AKID", "", NULL },
	{ "keys have no case", NULL, "[p]\nAWS_Access_Key_ID = AKID\n"
	    "AWS_SECRET_ACCESS_KEY = wJalr/secret\n", false, PROVIDER_KEYS,
	    "line 2", "AKID", "", NULL },
	{ "a token", NULL, "[p]\naws_access_key_id = ASIAX\n"
	    "aws_secret_access_key = wJalr/secret\n"
	    "aws_session_token = tok=\n", false, PROVIDER_KEYS, "line 2",
	    "ASIAX", "tok=", NULL },
	{ "a token that is missing", NULL, "[p]\naws_access_key_id = ASIAX\n"
	    "aws_secret_access_key = wJalr/secret\n", false, PROVIDER_KEYS,
	    "aws_session_token is not set", "ASIAX", "", NULL },
	{ "the old name of the token", NULL, "[p]\naws_access_key_id = A\n"
	    "aws_secret_access_key = wJalr/secret\n"
	    "aws_security_token = old\n", false, PROVIDER_KEYS,
	    "aws_security_token is set too, and is not used", "A", "",
	    NULL },
	{ "no secret", NULL, "[p]\naws_access_key_id = AKID\n", false,
	    PROVIDER_FAILED, "half a key pair", NULL, NULL,
	    "(profile 'p', line 2), but aws_secret_access_key is not" },
	{ "no id", NULL, "[p]\naws_secret_access_key = wJalr/secret\n", false,
	    PROVIDER_PASSED, "it has an aws_secret_access_key (line 2)", NULL,
	    NULL, NULL },
	{ "the other file's secret does not count",
	    "[profile p]\naws_secret_access_key = wJalr/secret\n",
	    "[p]\naws_access_key_id = AKID\n", false, PROVIDER_FAILED,
	    "half a key pair", NULL, NULL, "credentials' (profile 'p'" },
	{ "the other file's token does not either",
	    "[profile p]\naws_session_token = wrong\n",
	    "[p]\naws_access_key_id = AKID\n"
	    "aws_secret_access_key = wJalr/secret\n", false, PROVIDER_KEYS,
	    "line 2", "AKID", "", NULL },
	{ "the config file's pair", "[profile p]\naws_access_key_id = CFG\n"
	    "aws_secret_access_key = wJalr/secret\n", NULL, true,
	    PROVIDER_KEYS, "config' line 2", "CFG", "", NULL },
	{ "is not the credentials file's",
	    "[profile p]\naws_access_key_id = CFG\n"
	    "aws_secret_access_key = wJalr/secret\n", NULL, false,
	    PROVIDER_PASSED, "/credentials'", NULL, NULL, NULL },
	{ "a comment behind the value", NULL, "[p]\naws_access_key_id = A\n"
	    "aws_secret_access_key = wJalr/secret # mine\n", false,
	    PROVIDER_FAILED, "blank", NULL, NULL,
	    "aws_secret_access_key in" },
};

static void
test_cases(void)
{
	size_t i;

	for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct err err = { 0 };
		struct profile_files *files = aws_files_load(&shared,
		    cases[i].config, cases[i].credentials, &err);
		struct chain_settings set = { .env = &shared.env,
		    .files = files, .profile = "p" };
		struct provider_input input = { .settings = &set };
		const struct provider *provider = cases[i].in_config ?
		    &provider_profile_config : &provider_profile;
		struct keys keys = { 0 };

		is_str(provider->name, "profile", "its name");
		is_int(provider->resolve(&input, &keys, &err),
		    cases[i].outcome, "%s", cases[i].name);
		has_str(input.reason, cases[i].reason, "its reason");
		if (cases[i].id != NULL) {
			is_str(keys.access_key_id, cases[i].id, "its id");
			is_span(secret_reveal(&keys.secret_key),
			    "wJalr/secret", "its secret");
			is_span(secret_reveal(&keys.session_token),
			    cases[i].token, "its token");
		}
		if (cases[i].says != NULL) {
			has_str(err.message, cases[i].says, "its error");
			is_int(err.class, ERR_CREDENTIALS, "of its class");
		}
		ok(strstr(err.message, "wJalr") == NULL &&
		    strstr(input.reason, "wJalr") == NULL,
		    "no secret anywhere");
		keys_clear(&keys);
		profile_free(files);
	}
}

static void
test_account(void)
{
	struct err err = { 0 };
	struct profile_files *files = aws_files_load(&shared, NULL,
	    "[p]\naws_access_key_id = A\naws_secret_access_key = s\n"
	    "aws_account_id = 123456789012\n", &err);
	struct chain_settings set = { .env = &shared.env, .files = files,
	    .profile = "p" };
	struct provider_input input = { .settings = &set };
	struct keys keys = { 0 };

	is_int(provider_profile.resolve(&input, &keys, &err), PROVIDER_KEYS,
	    "a profile with its account");
	is_str(keys.account_id, "123456789012", "the account");
	keys_clear(&keys);
	profile_free(files);
}

int
main(void)
{
	aws_files_begin(&shared);
	test_cases();
	test_account();
	aws_files_end(&shared);
	return done_testing();
}
