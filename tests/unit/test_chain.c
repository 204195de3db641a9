#include "creds/chain.h"

#include "aws_files.h"
#include "chain_world.h"
#include "creds/provider.h"
#include "fake_aws.h"
#include "sts_answers.h"
#include "tap.h"

#define ID "AWS_ACCESS_KEY_ID=ENVKEY"
#define SECRET "AWS_SECRET_ACCESS_KEY=sss"
#define PAIR(id) "aws_access_key_id = " id "\naws_secret_access_key = sss\n"

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

/* Another tool rewrites the files; a service says that our keys expired. */
static void
test_renew(void)
{
	struct err err = { 0 };
	struct profile_files *files = aws_files_load(&shared, NULL,
	    "[p]\n" PAIR("OLD"), &err);
	struct chain_settings set = { .env = &shared.env, .files = files,
	    .profile = "p", .profile_option = true, .profile_named = true };
	struct chain *chain = chain_new(&set, &err);
	const struct keys *keys;

	is_int(chain_keys(chain, false, &keys, &err), 0, "keys");
	aws_files_write(&shared, NULL, "[p]\n" PAIR("NEW"));
	is_int(chain_keys(chain, false, &keys, &err), 0, "again");
	is_str(keys->access_key_id, "OLD", "they are kept");
	is_int(chain_keys(chain, true, &keys, &err), 0, "renewed");
	is_str(keys->access_key_id, "NEW", "from the file as it is now");
	aws_files_write(&shared, NULL, "half a line");
	is_int(chain_keys(chain, true, &keys, &err), 0,
	    "a file that is being written");
	is_str(keys->access_key_id, "NEW", "leaves what there was");
	aws_files_write(&shared, NULL, NULL);
	is_int(chain_keys(chain, true, &keys, &err), -1, "files gone");
	has_str(err.message, "there is no profile 'p'", "say so");
	err_clear(&err);
	is_int(chain_keys(chain, false, &keys, &err), -1,
	    "the failure is kept");
	has_str(err.message, "there is no profile 'p'", "as it was");
	err_clear(&err);
	aws_files_write(&shared, NULL, "[p]\n" PAIR("LATER"));
	is_int(chain_keys(chain, true, &keys, &err), 0,
	    "until the next renewal");
	is_str(keys->access_key_id, "LATER", "which finds keys");
	chain_free(chain);
	profile_free(files);
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

/* Keys that expire are resolved anew in time, and used until they end. */
static void
test_expiry(void)
{
	const char *variables[] = { ID, SECRET,
	    "AWS_CREDENTIAL_EXPIRATION=2026-01-02T04:04:05Z", NULL };
	struct fake fake;
	struct err err = { 0 };
	struct profile_files *files = aws_files_load(&shared, NULL, NULL,
	    &err);
	struct chain_settings set = { .env = &shared.env, .files = files,
	    .profile = "default", .call = &fake.context };
	struct chain *chain = chain_new(&set, &err);
	const struct keys *keys;

	fake_begin(&fake, NULL, 0);
	aws_files_env(&shared, variables);
	is_int(chain_keys(chain, false, &keys, &err), 0, "an hour left");
	fake.elapsed_ms = 3301 * 1000;
	is_int(chain_keys(chain, false, &keys, &err), 0,
	    "five minutes left: resolved again");
	is_str(keys->access_key_id, "ENVKEY", "the same");
	shared.variables[2] = "X=";	/* the variable goes */
	fake.elapsed_ms = 3302 * 1000;
	is_int(chain_keys(chain, false, &keys, &err), 0,
	    "but not again within a minute");
	fake.elapsed_ms = 3400 * 1000;
	is_int(chain_keys(chain, false, &keys, &err), 0,
	    "a failure does no harm before the end");
	is_str(keys->access_key_id, "ENVKEY", "the old keys do");
	fake.elapsed_ms = 3600 * 1000;
	is_int(chain_keys(chain, false, &keys, &err), -1,
	    "afterwards it is one");
	has_str(err.message, "no AWS credentials", "with its reason");
	fake_end(&fake);
	chain_free(chain);
	profile_free(files);
}

/* Keys that say nothing of an end are asked for once. */
static void
test_forever(void)
{
	const char *variables[] = { ID, SECRET, NULL };
	struct fake fake;
	struct err err = { 0 };
	struct profile_files *files = aws_files_load(&shared, NULL, NULL,
	    &err);
	struct chain_settings set = { .env = &shared.env, .files = files,
	    .profile = "default", .call = &fake.context };
	struct chain *chain = chain_new(&set, &err);
	const struct keys *keys;

	fake_begin(&fake, NULL, 0);
	aws_files_env(&shared, variables);
	is_int(chain_keys(chain, false, &keys, &err), 0, "keys for ever");
	shared.variables[2] = "AWS_ACCESS_KEY_ID=OTHER";
	fake.elapsed_ms = 86400 * 1000;
	is_int(chain_keys(chain, false, &keys, &err), 0, "a day later");
	is_str(keys->access_key_id, "ENVKEY", "they are those");
	fake_end(&fake);
	chain_free(chain);
	profile_free(files);
}

/* Not before it is time, and then once a minute. */
static void
test_due(void)
{
	static const struct fake_answer answers[] = {
		STS_ANSWER(200, STS_ROLE("ASIA1")),
		STS_ANSWER(403, STS_ERROR("AccessDenied", "no")),
		STS_ANSWER(200, STS_KEYS("AssumeRole", "ASIA2",
		    "2026-01-02T06:00:00Z", STS_ASSUMED_ARN)),
	};
	static const struct {
		int64_t at;	/* seconds */
		size_t requests;
		const char *id;
	} rows[] = {
		{ 0, 1, "ASIA1" }, { 1, 1, "ASIA1" }, { 3299, 1, "ASIA1" },
		{ 3301, 2, "ASIA1" }, { 3302, 2, "ASIA1" },
		{ 3360, 2, "ASIA1" }, { 3362, 3, "ASIA2" },
		{ 3599, 3, "ASIA2" }, { 3700, 3, "ASIA2" },
	};
	const struct keys *keys = NULL;
	struct chain *chain;
	struct world w;
	size_t i;

	world_begin(&w);
	world_set(&w, "[profile p]\nrole_arn = arn\nsource_profile = q\n"
	    "[profile q]\n" PAIR("K"), NULL, "p", answers,
	    sizeof answers / sizeof answers[0]);
	chain = chain_new(&w.settings, &w.err);
	for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		w.fake.elapsed_ms = rows[i].at * 1000;
		is_int(chain_keys(chain, false, &keys, &w.err), 0,
		    "after %d s %s", (int)rows[i].at, w.err.message);
		is_str(keys->access_key_id, rows[i].id, "its keys");
		is_uint(w.fake.used, rows[i].requests, "its requests");
	}
	chain_free(chain);
	world_end(&w);
}

/* A role with a code: asked for once, and again only when there is no other
 * way. */
static void
test_mfa(void)
{
	static const struct fake_answer answers[] = {
		STS_ANSWER(200, STS_ROLE("ASIA1")),
		STS_ANSWER(200, STS_KEYS("AssumeRole", "ASIA2",
		    "2026-01-02T06:00:00Z", STS_ASSUMED_ARN)),
	};
	struct world w;
	struct chain *chain;
	const struct keys *keys = NULL;

	world_begin(&w);
	world_set(&w, "[profile p]\nrole_arn = arn\nsource_profile = q\n"
	    "mfa_serial = me\n[profile q]\n" PAIR("K"), NULL, "p", answers,
	    sizeof answers / sizeof answers[0]);
	w.settings.mfa_code = "111111";
	w.answer = "222222";
	chain = chain_new(&w.settings, &w.err);
	is_int(chain_keys(chain, false, &keys, &w.err), 0, "by the code %s",
	    w.err.message);
	is_str(keys->account_id, "210987654321", "account");
	has_str(w.fake.seen[0].body, "TokenCode=111111", "sent");
	w.fake.elapsed_ms = 3400 * 1000;
	is_int(chain_keys(chain, false, &keys, &w.err), 0, "soon at an end");
	is_str(keys->access_key_id, "ASIA1", "the old keys do");
	is_int(w.questions, 0, "nobody is bothered");
	w.fake.elapsed_ms = 3700 * 1000;
	is_int(chain_keys(chain, false, &keys, &w.err), 0, "at an end");
	is_str(keys->access_key_id, "ASIA2", "new ones");
	has_str(w.fake.seen[1].body, "TokenCode=222222", "with a new code");
	chain_free(chain);
	world_end(&w);
}

/* What a service has refused is not taken from the cache again. */
static void
test_rejected(void)
{
	static const struct fake_answer answers[] = {
		STS_ANSWER(200, STS_ROLE("ASIA1")),
		STS_ANSWER(200, STS_ROLE("ASIA2")),
	};
	struct world w;
	struct chain *chain;
	const struct keys *keys = NULL;
	int i;

	world_begin(&w);
	world_set(&w, "[profile p]\nrole_arn = arn\nsource_profile = q\n"
	    "[profile q]\n" PAIR("K"), NULL, "p", answers,
	    sizeof answers / sizeof answers[0]);
	w.settings.state = &w.state;
	w.settings.disk_cache = true;
	for (i = 0; i < 2; i++) {
		chain = chain_new(&w.settings, &w.err);
		is_int(chain_keys(chain, false, &keys, &w.err), 0,
		    "process %d %s", i, w.err.message);
		is_str(keys->access_key_id, "ASIA1", "the same keys");
		if (i == 1) {
			is_int(chain_keys(chain, true, &keys, &w.err), 0,
			    "refused");
			is_str(keys->access_key_id, "ASIA2", "new ones");
		}
		chain_free(chain);
	}
	is_uint(w.fake.used, 2, "two requests");
	world_end(&w);
}

/* Chains of several threads: one resolves, all have what it found. */
static void
test_share(void)
{
	static const struct fake_answer answers[] = {
		STS_ANSWER(200, STS_ROLE("ASIA1")),
		STS_ANSWER(200, STS_KEYS("AssumeRole", "ASIA2",
		    "2026-01-02T06:00:00Z", STS_ASSUMED_ARN)),
		STS_ANSWER(403, STS_ERROR("AccessDenied", "no")),
	};
	const struct keys *keys = NULL, *others = NULL;
	struct chain *one, *other;
	struct world w;

	world_begin(&w);
	world_set(&w, "[profile p]\nrole_arn = arn\nsource_profile = q\n"
	    "[profile q]\n" PAIR("K"), NULL, "p", answers,
	    sizeof answers / sizeof answers[0]);
	w.settings.share = chain_share_new();
	one = chain_new(&w.settings, &w.err);
	other = chain_new(&w.settings, &w.err);
	is_int(chain_keys(one, false, &keys, &w.err), 0, "one asks");
	is_int(chain_keys(other, false, &others, &w.err), 0, "another too");
	is_str(others->access_key_id, "ASIA1", "and has the same");
	ok(others != keys && span_equal(secret_reveal(&others->secret_key),
	    secret_reveal(&keys->secret_key)), "as its own");
	is_str(chain_provider(other), "assume-role", "by the same provider");
	is_uint(w.fake.used, 1, "one request");
	is_int(chain_keys(one, true, &keys, &w.err), 0, "refused to one");
	is_str(keys->access_key_id, "ASIA2", "new ones");
	is_int(chain_keys(other, true, &others, &w.err), 0,
	    "refused to the other");
	is_str(others->access_key_id, "ASIA2", "they are there already");
	is_uint(w.fake.used, 2, "two requests");
	is_int(chain_keys(other, true, &others, &w.err), -1,
	    "those refused as well");
	is_uint(w.fake.used, 3, "three requests");
	err_clear(&w.err);
	is_int(chain_keys(one, false, &keys, &w.err), -1, "a failure is one");
	has_str(w.err.message, "no", "for all");
	is_uint(w.fake.used, 3, "without a request");
	chain_free(one);
	chain_free(other);
	chain_share_free(w.settings.share);
	world_end(&w);
}

int
main(void)
{
	aws_files_begin(&shared);
	test_cases();
	test_trace();
	test_renew();
	test_failure();
	test_expiry();
	test_forever();
	test_due();
	test_mfa();
	test_rejected();
	test_share();
	aws_files_end(&shared);
	return done_testing();
}
