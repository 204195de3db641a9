#include "creds/chain.h"

#include "chain_world.h"
#include "tap.h"

static struct aws_files shared;

static const struct {
	const char *name;
	const char *config;
	const char *credentials;
	const char *variables[4];
	const char *profile;	/* NULL: default, by nobody */
	bool option;
	const char *provider;	/* NULL: an error */
	const char *id;
	const char *says;	/* part of the error's message */
	const char *hint;	/* part of its hint */
} cases[] = {
	{ "the environment first", "[default]\n" PAIR("CFG"),
	    "[default]\n" PAIR("CRED"), { ID, SECRET }, NULL, false,
	    "environment", "ENVKEY", NULL, NULL },
	{ "then the credentials file", "[default]\n" PAIR("CFG"),
	    "[default]\n" PAIR("CRED"), { NULL }, NULL, false, "profile",
	    "CRED", NULL, NULL },
	{ "then the config file", "[default]\n" PAIR("CFG"), NULL, { NULL },
	    NULL, false, "profile", "CFG", NULL, NULL },
	{ "the environment beats AWS_PROFILE", NULL, "[p]\n" PAIR("P"),
	    { ID, SECRET }, "p", false, "environment", "ENVKEY", NULL, NULL },
	{ "--profile beats the environment", NULL, "[p]\n" PAIR("P"),
	    { ID, SECRET }, "p", true, "profile", "P", NULL, NULL },
	{ "half a pair is an error", NULL, "[default]\n" PAIR("CRED"),
	    { ID }, NULL, false, NULL, NULL, "half a key pair", "both" },
	{ "nothing at all", NULL, NULL, { NULL }, NULL, false, NULL, NULL,
	    "no AWS credentials were found",
	    "\n  environment: AWS_ACCESS_KEY_ID is not set\n  assume-role: " },
	{ "the trace is in the hint", NULL, NULL, { NULL }, NULL, false, NULL,
	    NULL, "no AWS", "\n  imds: there is no network" },
	{ "an absent profile", "[profile prod]\n", "[x]\n", { NULL }, "prdo",
	    false, NULL, NULL, "there is no profile 'prdo' in '",
	    "did you mean 'prod'?" },
	{ "both files are named", NULL, NULL, { NULL }, "p", false, NULL,
	    NULL, "/config' or '", "list-profiles" },
	{ "even with keys in the environment", NULL, NULL, { ID, SECRET },
	    "p", false, NULL, NULL, "there is no profile 'p'",
	    "unset AWS_PROFILE" },
	{ "a section that is no profile", "[prod]\n" PAIR("P"), NULL,
	    { NULL }, "prod", true, NULL, NULL, "there is no profile 'prod'",
	    "line 1 has [prod]; in that file it must be [profile prod]" },
	{ "an empty profile", "[profile p]\nregion = a\n", NULL, { NULL },
	    "p", true, NULL, NULL, "no AWS credentials were found",
	    "profile 'p' has no aws_access_key_id in '" },
	{ "role_arn beats static keys", "[profile p]\nregion = x\n"
	    "role_arn = arn\n", "[p]\n" PAIR("P"), { NULL }, "p", false,
	    NULL, NULL, "profile 'p' has a role_arn, but neither "
	    "source_profile nor credential_source", "source_profile = NAME" },
	{ "web identity", "[profile p]\nrole_arn = arn\n"
	    "web_identity_token_file = /t\n", NULL, { NULL }, "p", false,
	    NULL, NULL, "which cannot be made here", "" },
	{ "web identity of the environment", NULL, "[default]\n" PAIR("C"),
	    { "AWS_WEB_IDENTITY_TOKEN_FILE=/t" }, NULL, false, NULL, NULL,
	    "AWS_WEB_IDENTITY_TOKEN_FILE is set, but AWS_ROLE_ARN is not",
	    "name the role" },
	{ "a job without the permission", NULL, NULL,
	    { "AWS_ROLE_ARN=arn", "GITHUB_ACTIONS=true" }, NULL, false, NULL,
	    NULL, "no AWS credentials", "id-token: write\nrun 'aws" },
	{ "which a named profile beats", NULL, "[p]\n" PAIR("P"),
	    { "AWS_WEB_IDENTITY_TOKEN_FILE=/t" }, "p", true, "profile", "P",
	    NULL, NULL },
	{ "SSO beats static keys", "[profile p]\nsso_session = corp\n"
	    "sso_account_id = 1\nsso_role_name = r\n", "[p]\n" PAIR("P"),
	    { NULL }, "p", false, NULL, NULL,
	    "there is no [sso-session corp] with sso_start_url in '",
	    "aws configure sso --profile p" },
	{ "half an SSO", "[profile p]\nsso_role_name = r\n", NULL, { NULL },
	    "p", false, NULL, NULL,
	    "profile 'p' uses SSO, but has no sso_account_id",
	    "--profile p" },
	{ "a session alone", "[profile p]\nsso_session = corp\n", NULL,
	    { NULL }, "p", false, NULL, NULL, "no AWS credentials",
	    "it has sso_session ('" },
	{ "login beats the config file", "[profile p]\nlogin_session = arn\n"
	    PAIR("CFG"), NULL, { "HOME=/nonexistent" }, "p", false, NULL,
	    NULL, "the login session of profile 'p': nobody has signed in",
	    "aws login --profile p" },
	{ "login behind the credentials file", "[profile p]\n"
	    "login_session = arn\n", "[p]\n" PAIR("P"), { NULL }, "p", false,
	    "profile", "P", NULL, NULL },
	{ "a process beats the config file", "[profile p]\n"
	    "credential_process = /nonexistent\n" PAIR("CFG"), NULL, { NULL },
	    "p", false, NULL, NULL, "cannot run '/nonexistent'",
	    "--profile p" },
	{ "a process in the credentials file", NULL,
	    "[p]\ncredential_process = /nonexistent\n", { NULL }, "p", false,
	    NULL, NULL, "credentials' line 2)", "--profile p" },
	{ "a container behind the files", NULL, "[default]\n" PAIR("CRED"),
	    { "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI=/x" }, NULL, false,
	    "profile", "CRED", NULL, NULL },
	{ "a container that fails", NULL, NULL,
	    { "AWS_CONTAINER_CREDENTIALS_FULL_URI=http://x" }, NULL, false,
	    NULL, NULL, "cannot get the container's credentials: "
	    "AWS_CONTAINER_CREDENTIALS_FULL_URI is plain http to 'x'",
	    "https" },
	{ "a name for the shell", "[profile \"a 'b\"]\nsso_role_name = x\n",
	    NULL, { NULL }, "a 'b", false, NULL, NULL, "profile 'a 'b' uses",
	    "--profile 'a '\\''b'" },
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
		    .files = files, .profile = cases[i].profile == NULL ?
		    "default" : cases[i].profile,
		    .profile_option = cases[i].option,
		    .profile_named = cases[i].profile != NULL };
		struct chain *chain;
		const struct keys *keys = NULL;
		struct chain_step last;
		int result;

		aws_files_env(&shared, cases[i].variables);
		chain = chain_new(&set, &err);
		is_str(chain_provider(chain), "", "%s: nothing before",
		    cases[i].name);
		is_uint(chain_steps(chain), 0, "nor a trace");
		result = chain_keys(chain, false, &keys, &err);
		last = chain_step(chain, chain_steps(chain) - 1);
		ok(last.reason[0] != '\0', "the last step has a reason: %s",
		    last.reason);
		if (cases[i].provider != NULL) {
			is_int(result, 0, "%s: keys %s", cases[i].name,
			    err.message);
			is_str(chain_provider(chain), cases[i].provider,
			    "their provider");
			is_str(last.provider, cases[i].provider,
			    "the last step's too");
			is_int(last.result, CHAIN_USED, "which was used");
			is_str(keys->access_key_id, cases[i].id, "the id");
		} else {
			is_int(result, -1, "%s: an error", cases[i].name);
			is_int(err.class, ERR_CREDENTIALS, "its class");
			has_str(err.message, cases[i].says, "its message");
			has_str(err.hint, cases[i].hint, "its hint");
			ok(last.result != CHAIN_USED, "nothing was used");
		}
		chain_free(chain);
		profile_free(files);
	}
}

static void
test_trace(void)
{
	static const char *const names[] = { "environment", "assume-role",
	    "web-identity", "sso", "profile", "login", "process", "profile" };
	struct err err = { 0 };
	struct profile_files *files = aws_files_load(&shared,
	    "[default]\n" PAIR("CFG"), NULL, &err);
	struct chain_settings set = { .env = &shared.env, .files = files,
	    .profile = "default" };
	struct chain *chain = chain_new(&set, &err);
	struct keys_source source = chain_source(chain);
	const struct keys *keys;
	size_t i;

	is_int(source.get(source.state, false, &keys, &err), 0,
	    "as a source");
	is_uint(chain_steps(chain), sizeof names / sizeof names[0],
	    "as many steps as were tried");
	for (i = 0; i < chain_steps(chain); i++) {
		struct chain_step step = chain_step(chain, i);

		is_str(step.provider, names[i], "in order: %s", names[i]);
		is_int(step.result, names[i + 1 < chain_steps(chain) ?
		    i + 1 : i] == names[i] ? CHAIN_USED : CHAIN_SKIPPED,
		    "its result: %s", step.reason);
	}
	chain_free(chain);
	profile_free(files);
	chain_free(NULL);
}

/* A failure is not looked for twice, and never overwrites an older error. */
static void
test_failure(void)
{
	struct err err = { 0 };
	struct profile_files *files = aws_files_load(&shared, NULL, NULL,
	    &err);
	struct chain_settings set = { .env = &shared.env, .files = files,
	    .profile = "default" };
	struct chain *chain = chain_new(&set, &err);
	const struct keys *keys;
	size_t steps;

	is_int(chain_keys(chain, false, &keys, &err), -1, "no keys");
	steps = chain_steps(chain);
	aws_files_write(&shared, NULL, "[default]\n" PAIR("LATE"));
	err_clear(&err);
	is_int(chain_keys(chain, false, &keys, &err), -1, "still none");
	is_uint(chain_steps(chain), steps, "the same trace");
	err_clear(&err);
	err_set(&err, ERR_DATA, "older");
	is_int(chain_keys(chain, false, &keys, &err), -1, "and again");
	is_str(err.message, "older", "an older error stays");
	chain_free(chain);
	profile_free(files);
}

int
main(void)
{
	aws_files_begin(&shared);
	test_cases();
	test_trace();
	test_failure();
	aws_files_end(&shared);
	return done_testing();
}
