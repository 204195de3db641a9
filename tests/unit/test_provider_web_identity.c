#include "creds/provider.h"

#include "chain_world.h"
#include "sts_answers.h"
#include "tap.h"

#define COUNT(rows) (sizeof (rows) / sizeof (rows)[0])

/* {"iss":"i","sub":"s"} */
#define JWT "e30.eyJpc3MiOiJpIiwic3ViIjoicyJ9.c2ln"
/* {"iss":"i","sub":"t"} */
#define OTHER_JWT "e30.eyJpc3MiOiJpIiwic3ViIjoidCJ9.c2ln"

static struct world w;
static char file_variable[4200];	/* AWS_WEB_IDENTITY_TOKEN_FILE=... */

static enum provider_outcome
resolve(void)
{
	return world_resolve(&w, &provider_web_identity);
}

static const char *
token_file(const char *token)
{
	const char *path = sandbox_path(w.shared.directory, "token");

	if (token != NULL && sandbox_write(path, token) != 0)
		abort();
	snprintf(file_variable, sizeof file_variable,
	    "AWS_WEB_IDENTITY_TOKEN_FILE=%s", path);
	return path;
}

static void
test_environment(void)
{
	static const struct fake_answer answer = STS_ANSWER(200,
	    STS_WEB("ASIA1"));
	const char *variables[] = { file_variable, "AWS_ROLE_ARN=arn:env",
	    "AWS_ROLE_SESSION_NAME=job 7", "AWS_REGION=eu-west-1", NULL };
	const char *half[] = { file_variable, NULL };

	token_file(JWT "\n");
	world_set(&w, NULL, variables, "p", &answer, 1);
	is_int(resolve(), PROVIDER_KEYS, "keys %s", w.err.message);
	is_str(w.keys.access_key_id, "ASIA1", "id");
	is_str(w.keys.account_id, "210987654321", "account");
	is_str(w.fake.seen[0].url, "https://sts.eu-west-1.amazonaws.com/",
	    "region");
	is_str(w.fake.seen[0].body, "Action=AssumeRoleWithWebIdentity&"
	    "Version=2011-06-15&RoleArn=arn%3Aenv&RoleSessionName=job-7&"
	    "WebIdentityToken=" JWT, "form");
	ok(!fake_has(&w.fake, 0, "authorization", NULL), "not signed");
	is_str(w.input.reason, "AWS_WEB_IDENTITY_TOKEN_FILE is set; role "
	    "'arn:env'", "reason");
	w.settings.profile_option = true;
	is_int(resolve(), PROVIDER_PASSED, "not with --profile");
	has_str(w.input.reason, "a profile was named", "reason");
	world_set(&w, NULL, half, "p", &answer, 1);
	is_int(resolve(), PROVIDER_FAILED, "no role");
	has_str(w.err.message, "but AWS_ROLE_ARN is not", "says so");
	world_set(&w, "[profile p]\nrole_arn = arn:of-profile\n"
	    "role_session_name = named\n", half, "p", &answer, 1);
	is_int(resolve(), PROVIDER_KEYS, "the profile's role %s",
	    w.err.message);
	has_str(w.fake.seen[0].body, "RoleArn=arn%3Aof-profile&"
	    "RoleSessionName=named&", "each by itself");
}

static void
test_profile(void)
{
	static const struct fake_answer answers[] = {
		STS_ANSWER(200, STS_WEB("ASIA1")),
		STS_ANSWER(200, STS_WEB("ASIA2")),
	};
	char config[4400];

	snprintf(config, sizeof config, "[profile p]\nrole_arn = arn:p\n"
	    "web_identity_token_file = %s\n[profile q]\n"
	    "web_identity_token_file = /t\n", token_file(JWT));
	world_set(&w, config, NULL, "p", answers, COUNT(answers));
	w.settings.profile_option = true;
	is_int(resolve(), PROVIDER_KEYS, "keys %s", w.err.message);
	has_str(w.fake.seen[0].body, "RoleSessionName=teamcache-1767323045&"
	    "WebIdentityToken=" JWT, "form");
	has_str(w.input.reason, "has a web_identity_token_file ('",
	    "reason");
	token_file(OTHER_JWT);
	is_int(resolve(), PROVIDER_KEYS, "a new token");
	has_str(w.fake.seen[1].body, OTHER_JWT, "is read anew");
	world_set(&w, config, NULL, "q", NULL, 0);
	is_int(resolve(), PROVIDER_FAILED, "a file without a role");
	has_str(w.err.message, "profile 'q' has a web_identity_token_file, "
	    "but no role_arn", "says so");
	world_set(&w, NULL, NULL, "p", NULL, 0);
	is_int(resolve(), PROVIDER_PASSED, "neither");
}

static void
test_job(void)
{
	static const struct fake_answer answers[] = {
		{ 200, NULL, "{\"value\":\"" JWT "\"}", 0, false, 0 },
		STS_ANSWER(200, STS_WEB("ASIA1")),
		{ 403, NULL, "{}", 0, false, 0 },
	};
	static const char *const github[] = { "AWS_ROLE_ARN=arn:job",
	    "ACTIONS_ID_TOKEN_REQUEST_URL=https://gh/t?v=2",
	    "ACTIONS_ID_TOKEN_REQUEST_TOKEN=bearer-of-job", NULL };
	static const char *const circle[] = { "AWS_ROLE_ARN=arn:job",
	    "CIRCLE_OIDC_TOKEN=" JWT, NULL };

	world_set(&w, NULL, github, "default", answers, COUNT(answers));
	is_int(resolve(), PROVIDER_KEYS, "GitHub %s", w.err.message);
	is_str(w.fake.seen[0].url,
	    "https://gh/t?v=2&audience=sts.amazonaws.com", "asked");
	has_str(w.fake.seen[1].body, "WebIdentityToken=" JWT, "passed on");
	is_int(resolve(), PROVIDER_FAILED, "refused");
	has_str(w.err.message, "from GitHub: it was refused", "says so");
	ok(strstr(w.err.message, "bearer-of-job") == NULL &&
	    strstr(w.input.reason, "bearer-of-job") == NULL,
	    "without the job's token");
	world_set(&w, NULL, circle, "default", answers + 1, 1);
	is_int(resolve(), PROVIDER_KEYS, "CircleCI %s", w.err.message);
	has_str(w.fake.seen[0].body, "WebIdentityToken=" JWT, "passed on");
}

static void
test_refused(void)
{
	static const struct fake_answer answers[] = {
		STS_ANSWER(400, STS_ERROR("ExpiredTokenException",
		    "Token expired")),
		{ .fault = HTTP_TLS },
	};
	static const char *const variables[] = { "AWS_ROLE_ARN=arn:job",
	    "TEAMCACHE_WEB_IDENTITY_TOKEN=" JWT, NULL };

	world_set(&w, NULL, variables, "default", answers, COUNT(answers));
	is_int(resolve(), PROVIDER_FAILED, "expired");
	is_str(w.err.code, "ExpiredTokenException", "code");
	has_str(w.err.hint, "needs a new one\nthe token says: iss \"i\", sub "
	    "\"s\"", "hint with the claims: %s", w.err.hint);
	ok(strstr(w.err.hint, JWT) == NULL, "without the token");
	is_int(resolve(), PROVIDER_FAILED, "nobody there");
	ok(strstr(w.err.hint, "claims") == NULL &&
	    strstr(w.err.hint, "iss") == NULL, "no word of claims then");
	w.settings.call = NULL;
	is_int(resolve(), PROVIDER_FAILED, "no network");
}

/* A token of somebody else has a place of its own in the cache. */
static void
test_cache(void)
{
	static const struct fake_answer answers[] = {
		STS_ANSWER(200, STS_WEB("ASIA1")),
		STS_ANSWER(200, STS_WEB("ASIA2")),
	};
	static const struct {
		const char *token;
		const char *id;
	} rows[] = {
		{ JWT, "ASIA1" }, { JWT, "ASIA1" }, { OTHER_JWT, "ASIA2" },
		{ JWT, "ASIA1" },
		{ "x." "eyJpc3MiOiJpIiwic3ViIjoidCJ9" ".y", "ASIA2" },
	};
	const char *variables[] = { file_variable, "AWS_ROLE_ARN=arn:env",
	    NULL };
	size_t i;

	world_set(&w, NULL, variables, "p", answers, COUNT(answers));
	w.settings.state = &w.state;
	w.settings.disk_cache = true;
	for (i = 0; i < COUNT(rows); i++) {
		token_file(rows[i].token);
		is_int(resolve(), PROVIDER_KEYS, "token %zu %s", i,
		    w.err.message);
		is_str(w.keys.access_key_id, rows[i].id, "its keys");
	}
	is_uint(w.fake.used, 2, "two requests");
}

/* So has another role, session, region, source or job; a token that is only
 * newer has not. */
static void
test_cache_apart(void)
{
/* {"iss":"i","sub":"n","exp":1} and 2 */
#define NEW_JWT "e30.eyJpc3MiOiJpIiwic3ViIjoibiIsImV4cCI6MX0.x"
#define NEWER_JWT "e30.eyJpc3MiOiJpIiwic3ViIjoibiIsImV4cCI6Mn0.x"
#define VARIABLE "TEAMCACHE_WEB_IDENTITY_TOKEN="
#define JOB "ACTIONS_ID_TOKEN_REQUEST_TOKEN=job"
#define GITHUB { 200, NULL, "{\"value\":\"" JWT "\"}", 0, false, 0 }
#define WEB STS_ANSWER(200, STS_WEB("ASIA1"))
	static const struct fake_answer answers[] = { WEB, WEB };
	static const struct fake_answer github[] = { GITHUB, WEB };
	static const struct {
		const char *variables[5];
		bool cold;
	} rows[] = {
		{ { "AWS_ROLE_ARN=a", VARIABLE NEW_JWT }, true },
		{ { "AWS_ROLE_ARN=a", VARIABLE NEWER_JWT }, false },
		{ { "AWS_ROLE_ARN=b", VARIABLE NEW_JWT }, true },
		{ { "AWS_ROLE_ARN=a", VARIABLE NEW_JWT,
		    "AWS_ROLE_SESSION_NAME=me" }, true },
		{ { "AWS_ROLE_ARN=a", VARIABLE NEW_JWT,
		    "AWS_REGION=eu-west-1" }, true },
		{ { "AWS_ROLE_ARN=a", "CIRCLE_OIDC_TOKEN=" NEW_JWT }, true },
		{ { "AWS_ROLE_ARN=g", JOB,
		    "ACTIONS_ID_TOKEN_REQUEST_URL=https://gh/1" }, true },
		{ { "AWS_ROLE_ARN=g", JOB,
		    "ACTIONS_ID_TOKEN_REQUEST_URL=https://gh/1" }, false },
		{ { "AWS_ROLE_ARN=g", JOB,
		    "ACTIONS_ID_TOKEN_REQUEST_URL=https://gh/2" }, true },
		{ { "AWS_ROLE_ARN=a", VARIABLE NEW_JWT }, false },
	};
	size_t i;

	for (i = 0; i < COUNT(rows); i++) {
		bool job = strcmp(rows[i].variables[1], JOB) == 0;

		world_set(&w, NULL, rows[i].variables, "p", job ? github :
		    answers, 2);
		w.settings.state = &w.state;
		w.settings.disk_cache = true;
		is_int(resolve(), PROVIDER_KEYS, "cache %zu %s", i,
		    w.err.message);
		is_uint(w.fake.used, !rows[i].cold ? 0 : job ? 2 : 1,
		    "asked or not");
	}
}

int
main(void)
{
	world_begin(&w);
	test_environment();
	test_profile();
	test_job();
	test_refused();
	test_cache();
	test_cache_apart();
	world_end(&w);
	return done_testing();
}
