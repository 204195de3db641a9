#include "creds/provider.h"

#include "tap.h"

/* 2026-01-02T03:04:05Z */
#define NOW INT64_C(1767323045)

#define ID "AWS_ACCESS_KEY_ID=AKIDEXAMPLE"
#define SECRET "AWS_SECRET_ACCESS_KEY=wJalr/secret+EXAMPLE"

static const struct {
	const char *name;
	const char *variables[6];
	const char *profile;	/* NULL: default */
	bool option;
	enum provider_outcome outcome;
	const char *reason;	/* part of it */
	const char *says;	/* part of the error */
} cases[] = {
	{ "nothing is set", { NULL }, NULL, false, PROVIDER_PASSED,
	    "AWS_ACCESS_KEY_ID is not set", NULL },
	{ "a pair", { ID, SECRET }, NULL, false, PROVIDER_KEYS,
	    "AWS_ACCESS_KEY_ID", NULL },
	{ "no secret", { ID }, NULL, false, PROVIDER_FAILED, "half a key",
	    "AWS_ACCESS_KEY_ID is set in the environment, but "
	    "AWS_SECRET_ACCESS_KEY is not" },
	{ "an empty secret", { ID, "AWS_SECRET_ACCESS_KEY=" }, NULL, false,
	    PROVIDER_FAILED, "half a key", "half a key pair" },
	{ "an empty id is unset", { "AWS_ACCESS_KEY_ID=", SECRET }, NULL,
	    false, PROVIDER_PASSED, "AWS_SECRET_ACCESS_KEY is", NULL },
	{ "--profile beats it", { ID, SECRET }, "prod", true, PROVIDER_PASSED,
	    "but profile 'prod' was named", NULL },
	{ "half a pair does not matter then", { ID }, "prod", true,
	    PROVIDER_PASSED, "was named", NULL },
	{ "AWS_PROFILE does not", { ID, SECRET }, "prod", false,
	    PROVIDER_KEYS, "beats profile 'prod'", NULL },
	{ "the old name of the token", { ID, SECRET,
	    "AWS_SECURITY_TOKEN=old" }, NULL, false, PROVIDER_KEYS,
	    "AWS_SECURITY_TOKEN is set too, and is not used", NULL },
	{ "a temporary key without token", { "AWS_ACCESS_KEY_ID=ASIAX",
	    SECRET }, NULL, false, PROVIDER_KEYS,
	    "AWS_SESSION_TOKEN is not set", NULL },
	{ "a line end pasted along", { ID,
	    "AWS_SECRET_ACCESS_KEY=secretsecret\n" }, NULL, false,
	    PROVIDER_FAILED, "a line end",
	    "AWS_SECRET_ACCESS_KEY in the environment has a blank" },
	{ "a blank in the id", { "AWS_ACCESS_KEY_ID=AKID secretsecret",
	    SECRET }, NULL, false, PROVIDER_FAILED, "blank",
	    "AWS_ACCESS_KEY_ID in" },
	{ "a header in the token", { ID, SECRET,
	    "AWS_SESSION_TOKEN=secretsecret\r\nx: y" }, NULL, false,
	    PROVIDER_FAILED, "blank", "AWS_SESSION_TOKEN in" },
	{ "no account id", { ID, SECRET, "AWS_ACCOUNT_ID=12345" }, NULL,
	    false, PROVIDER_KEYS, "AWS_ACCOUNT_ID is not twelve digits",
	    NULL },
	{ "nor this", { ID, SECRET, "AWS_ACCOUNT_ID=12345678901x" }, NULL,
	    false, PROVIDER_KEYS, "AWS_ACCOUNT_ID is not twelve digits",
	    NULL },
	{ "not expired", { ID, SECRET,
	    "AWS_CREDENTIAL_EXPIRATION=2026-01-02T03:04:06Z" }, NULL, false,
	    PROVIDER_KEYS, "AWS_ACCESS_KEY_ID", NULL },
	{ "expired", { ID, SECRET,
	    "AWS_CREDENTIAL_EXPIRATION=2026-01-02T03:04:05Z" }, NULL, false,
	    PROVIDER_FAILED, "expired at 2026-01-02T03:04:05Z",
	    "the keys in the environment expired" },
	{ "no time", { ID, SECRET, "AWS_CREDENTIAL_EXPIRATION=tomorrow" },
	    NULL, false, PROVIDER_FAILED, "which is no time",
	    "AWS_CREDENTIAL_EXPIRATION is 'tomorrow'" },
};

static void
test_cases(void)
{
	size_t i;

	for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct env env = { cases[i].variables };
		struct chain_settings set = { .env = &env,
		    .profile = cases[i].profile == NULL ? "default" :
		    cases[i].profile, .profile_option = cases[i].option };
		struct provider_input input = { .settings = &set,
		    .now = NOW };
		struct keys keys = { 0 };
		struct err err = { 0 };

		is_int(provider_environment.resolve(&input, &keys, &err),
		    cases[i].outcome, "%s", cases[i].name);
		has_str(input.reason, cases[i].reason, "its reason");
		if (cases[i].says != NULL) {
			has_str(err.message, cases[i].says, "its error");
			is_int(err.class, ERR_CREDENTIALS, "of its class");
			ok(err.hint[0] != '\0', "with a hint");
		} else {
			is_int(err.class, ERR_NONE, "no error");
		}
		ok(strstr(err.message, "secret") == NULL &&
		    strstr(err.hint, "secret") == NULL &&
		    strstr(input.reason, "secret") == NULL &&
		    strstr(input.reason, "wJalr") == NULL,
		    "no secret anywhere");
		keys_clear(&keys);
	}
}

static void
test_keys(void)
{
	const char *variables[] = { ID, SECRET, "AWS_SESSION_TOKEN=to/ken==",
	    "AWS_ACCOUNT_ID=123456789012",
	    "AWS_CREDENTIAL_EXPIRATION=2026-01-02T05:00:00+01:00", NULL };
	struct env env = { variables };
	struct chain_settings set = { .env = &env, .profile = "default" };
	struct provider_input input = { .settings = &set, .now = NOW };
	struct keys keys = { 0 };
	struct err err = { 0 };

	is_str(provider_environment.name, "environment", "its name");
	is_int(provider_environment.resolve(&input, &keys, &err),
	    PROVIDER_KEYS, "everything is set");
	is_str(keys.access_key_id, "AKIDEXAMPLE", "access key id");
	is_span(secret_reveal(&keys.secret_key), "wJalr/secret+EXAMPLE",
	    "secret");
	is_span(secret_reveal(&keys.session_token), "to/ken==", "token");
	is_str(keys.account_id, "123456789012", "account");
	is_int(keys.expires_at, INT64_C(1767326400), "expiry");
	keys_clear(&keys);
	variables[4] = "AWS_CREDENTIAL_EXPIRATION=2020-01-01T00:00:00Z";
	input.now = 0;
	is_int(provider_environment.resolve(&input, &keys, &err),
	    PROVIDER_KEYS, "without a clock nothing has expired");
	keys_clear(&keys);
}

static void
test_too_long(void)
{
	static char id[400], token[17 * 1024];
	const char *variables[] = { id, SECRET, NULL, NULL };
	struct env env = { variables };
	struct chain_settings set = { .env = &env, .profile = "default" };
	struct provider_input input = { .settings = &set };
	struct keys keys = { 0 };
	struct err err = { 0 };

	memset(id, 'A', sizeof id - 1);
	memcpy(id, "AWS_ACCESS_KEY_ID=", 18);
	id[18 + 132] = '\0';
	is_int(provider_environment.resolve(&input, &keys, &err),
	    PROVIDER_FAILED, "an id of 132 bytes");
	has_str(err.message, "longer than 131", "is too long");
	keys_clear(&keys);
	err_clear(&err);
	id[18 + 131] = '\0';
	is_int(provider_environment.resolve(&input, &keys, &err),
	    PROVIDER_KEYS, "131 are not");
	keys_clear(&keys);
	memset(token, 'A', sizeof token - 1);
	memcpy(token, "AWS_SESSION_TOKEN=", 18);
	variables[2] = token;
	is_int(provider_environment.resolve(&input, &keys, &err),
	    PROVIDER_FAILED, "a token without end");
	keys_clear(&keys);
}

int
main(void)
{
	test_cases();
	test_keys();
	test_too_long();
	return done_testing();
}
