#include "creds/provider.h"

#include "sso_world.h"
#include "tap.h"

static const struct {
	const char *name;
	const char *config;
	const char *token;	/* NULL: no file */
	struct fake_answer answers[6];
	enum provider_outcome outcome;
	size_t requests;
	const char *reason;	/* part of it */
	const char *says;	/* part of the error */
	const char *hint;
} rows[] = {
	{ "no SSO", "[profile p]\nregion = x\n", NULL, { { 0 } },
	    PROVIDER_PASSED, 0, "profile 'p' has neither sso_account_id nor "
	    "sso_role_name", NULL, NULL },
	{ "a session alone", "[profile p]\nsso_session = my-sso\n" SESSION,
	    NULL, { { 0 } }, PROVIDER_PASSED, 0, "it has sso_session ('", NULL,
	    NULL },
	{ "modern", MODERN, TOKEN(LATER), { OK_KEYS }, PROVIDER_KEYS, 1,
	    "config' line 3)", NULL, NULL },
	{ "legacy", LEGACY, TOKEN(LATER), { OK_KEYS }, PROVIDER_KEYS, 1,
	    "profile 'p' has sso_account_id ('", NULL, NULL },
	{ "UTC behind the time", LEGACY, TOKEN("2026-01-02T09:00:00UTC"),
	    { OK_KEYS }, PROVIDER_KEYS, 1, "sso_account_id", NULL, NULL },
	{ "half a profile", "[profile p]\nsso_role_name = r\n", NULL,
	    { { 0 } }, PROVIDER_FAILED, 0, "sso_role_name ('",
	    "profile 'p' uses SSO, but has no sso_account_id", NULL },
	{ "no start URL", "[profile p]\nsso_account_id = 1\n"
	    "sso_role_name = r\nsso_region = x\n", NULL, { { 0 } },
	    PROVIDER_FAILED, 0, "sso_account_id",
	    "uses SSO, but has no sso_start_url", NULL },
	{ "no region", "[profile p]\nsso_account_id = 1\n"
	    "sso_role_name = r\nsso_start_url = x\n", NULL, { { 0 } },
	    PROVIDER_FAILED, 0, "sso_account_id",
	    "uses SSO, but has no sso_region", NULL },
	{ "a bad region", "[profile p]\nsso_account_id = 1\n"
	    "sso_role_name = r\nsso_start_url = x\nsso_region = a/b\n", NULL,
	    { { 0 } }, PROVIDER_FAILED, 0, "sso_account_id",
	    "SSO of profile 'p': 'a/b' is not a region's name", NULL },
	{ "no such session", "[profile p]\nsso_session = other\n"
	    "sso_account_id = 1\nsso_role_name = r\n" SESSION, NULL, { { 0 } },
	    PROVIDER_FAILED, 0, "sso_account_id",
	    "there is no [sso-session other] with sso_start_url in '", NULL },
	{ "a profile that repeats its session", "[profile p]\n"
	    "sso_session = my-sso\nsso_account_id = 123456789012\n"
	    "sso_role_name = r\nsso_region = eu-west-1\n" SESSION,
	    TOKEN(LATER), { OK_KEYS }, PROVIDER_KEYS, 1, "sso_account_id", NULL,
	    NULL },
	{ "one that contradicts it", "[profile p]\nsso_session = my-sso\n"
	    "sso_account_id = 1\nsso_role_name = r\nsso_region = us-east-1\n"
	    SESSION, TOKEN(LATER), { { 0 } }, PROVIDER_FAILED, 0,
	    "sso_account_id", "sso_region of profile 'p' ('", NULL },
	{ "nobody has signed in", MODERN, NULL, { { 0 } }, PROVIDER_FAILED, 0,
	    "nobody has signed in", "SSO of profile 'p' (session 'my-sso'): "
	    "nobody has signed in: there is no '",
	    "sign in again: aws sso login --sso-session my-sso" },
	{ "nobody has, in the legacy form", LEGACY, NULL, { { 0 } },
	    PROVIDER_FAILED, 0, "nobody", "SSO of profile 'p': nobody has",
	    "sign in again: aws sso login --profile p" },
	{ "no JSON", MODERN, "{", { { 0 } }, PROVIDER_FAILED, 0, "not JSON",
	    "is not JSON", "aws sso login" },
	{ "a registration, no token", MODERN, "{\"clientId\":\"x\","
	    "\"expiresAt\":\"" LATER "\"}", { { 0 } }, PROVIDER_FAILED, 0,
	    "no accessToken", "has no accessToken", "aws sso login" },
	{ "a token without an end", MODERN, "{\"accessToken\":\"x\"}",
	    { { 0 } }, PROVIDER_FAILED, 0, "no expiresAt",
	    "has no expiresAt that is a time", "aws sso login" },
	{ "over, legacy", LEGACY, RENEWABLE(OVER, LATER), { { 0 } },
	    PROVIDER_FAILED, 0, "ended at", "the sign-in ended at "
	    "2026-01-02T03:00:00Z", "aws sso login --profile p" },
	{ "nearly over, legacy", LEGACY, RENEWABLE(SOON, LATER), { OK_KEYS },
	    PROVIDER_KEYS, 1, "sso_account_id", NULL, NULL },
	{ "over, not renewable", MODERN, TOKEN(OVER), { { 0 } },
	    PROVIDER_FAILED, 0, "it has no refresh token",
	    "the sign-in ended at 2026-01-02T03:00:00Z: it has no refresh "
	    "token", "aws sso login --sso-session my-sso" },
	{ "nearly over, not renewable", MODERN, TOKEN(SOON), { OK_KEYS },
	    PROVIDER_KEYS, 1, "it has no refresh token", NULL, NULL },
	{ "over, the client's registration too", MODERN,
	    RENEWABLE(OVER, OVER), { { 0 } }, PROVIDER_FAILED, 0,
	    "registration", "the client's registration has ended",
	    "aws sso login" },
	{ "over: renewed", MODERN, RENEWABLE(OVER, LATER), { OK_TOKEN,
	    OK_KEYS }, PROVIDER_KEYS, 2, "sso_account_id", NULL, NULL },
	{ "nearly over: renewed", MODERN, RENEWABLE(SOON, LATER), { OK_TOKEN,
	    OK_KEYS }, PROVIDER_KEYS, 2, "sso_account_id", NULL, NULL },
	{ "less than a quarter of an hour left: renewed", MODERN,
	    RENEWABLE(SOONER, LATER), { OK_TOKEN, OK_KEYS }, PROVIDER_KEYS, 2,
	    "sso_account_id", NULL, NULL },
	{ "more than that", MODERN, RENEWABLE(AMPLE, LATER), { OK_KEYS },
	    PROVIDER_KEYS, 1, "sso_account_id", NULL, NULL },
	{ "over, half a registration", MODERN, "{\"accessToken\":\"bearer\","
	    "\"expiresAt\":\"" OVER "\",\"refreshToken\":\"again-1\","
	    "\"clientId\":\"x\",\"registrationExpiresAt\":\"" LATER "\"}",
	    { { 0 } }, PROVIDER_FAILED, 0, "registration",
	    "the client's registration is not there", "aws sso login" },
	{ "over, and the grant too", MODERN, RENEWABLE(OVER, LATER),
	    { OIDC(400, "invalid_grant") }, PROVIDER_FAILED, 1,
	    "invalid_grant", "the sign-in ended at 2026-01-02T03:00:00Z: "
	    "cannot renew the sign-in: Over", "aws sso login --sso-session" },
	{ "nearly over: the old one does", MODERN, RENEWABLE(SOON, LATER),
	    { OIDC(400, "invalid_grant"), OK_KEYS }, PROVIDER_KEYS, 2,
	    "cannot renew the sign-in", NULL, NULL },
	{ "over, the server failing", MODERN, RENEWABLE(OVER, LATER),
	    { { .status = 500 }, { .status = 500 }, { .status = 500 } },
	    PROVIDER_FAILED, 3, "500", "HTTP 500", "aws sso login" },
	{ "over, the answer malformed", MODERN, RENEWABLE(OVER, LATER),
	    { { .status = 200, .body = "<html>" } }, PROVIDER_FAILED, 1,
	    "cannot renew", "cannot renew the sign-in", "aws sso login" },
	{ "over, the answer empty", MODERN, RENEWABLE(OVER, LATER),
	    { { .status = 200, .body = "{}" } }, PROVIDER_FAILED, 1,
	    "no accessToken", "has no accessToken or no expiresIn",
	    "aws sso login" },
	{ "over, the answer without an end", MODERN, RENEWABLE(OVER, LATER),
	    { { .status = 200, .body = "{\"accessToken\":\"x\"}" } },
	    PROVIDER_FAILED, 1, "no accessToken", "or no expiresIn",
	    "aws sso login" },
	{ "over, the answer over too", MODERN, RENEWABLE(OVER, LATER),
	    { { .status = 200, .body = "{\"accessToken\":\"x\","
	    "\"expiresIn\":0}" } }, PROVIDER_FAILED, 1, "no accessToken",
	    "or no expiresIn", "aws sso login" },
	{ "over, the answer's token no text", MODERN, RENEWABLE(OVER, LATER),
	    { { .status = 200, .body = "{\"accessToken\":7,"
	    "\"expiresIn\":9}" } }, PROVIDER_FAILED, 1, "no accessToken",
	    "has no accessToken", "aws sso login" },
	{ "over, the answer's token empty", MODERN, RENEWABLE(OVER, LATER),
	    { { .status = 200, .body = "{\"accessToken\":\"\","
	    "\"expiresIn\":9}" } }, PROVIDER_FAILED, 1, "no accessToken",
	    "has no accessToken", "aws sso login" },
	{ "over, nobody there", MODERN, RENEWABLE(OVER, LATER),
	    { { .fault = HTTP_CONNECT }, { .fault = HTTP_CONNECT },
	    { .fault = HTTP_CONNECT } }, PROVIDER_FAILED, 3, "connect",
	    "cannot renew the sign-in", "aws sso login" },
	{ "over, the answer slow", MODERN, RENEWABLE(OVER, LATER),
	    { { .fault = HTTP_TIMEOUT, .sent = true },
	    { .fault = HTTP_TIMEOUT, .sent = true },
	    { .fault = HTTP_TIMEOUT, .sent = true } }, PROVIDER_FAILED, 3,
	    "timeout", "cannot renew the sign-in", "aws sso login" },
	{ "revoked", MODERN, TOKEN(LATER),
	    { REFUSED(401, "UnauthorizedException") }, PROVIDER_FAILED, 1,
	    "HTTP 401", "cannot get keys for role 'Read Only' in account "
	    "'123456789012' from IAM Identity Center: No access "
	    "(UnauthorizedException, HTTP 401)",
	    "aws sso login --sso-session my-sso" },
	{ "not assigned", MODERN, TOKEN(LATER),
	    { REFUSED(403, "ForbiddenException") }, PROVIDER_FAILED, 1,
	    "HTTP 403", "ForbiddenException, HTTP 403",
	    "you are not assigned that permission set" },
	{ "not there", MODERN, TOKEN(LATER),
	    { REFUSED(404, "ResourceNotFoundException") }, PROVIDER_FAILED, 1,
	    "HTTP 404", "HTTP 404", "you are not assigned" },
	{ "nonsense", MODERN, TOKEN(LATER),
	    { REFUSED(400, "InvalidRequestException") }, PROVIDER_FAILED, 1,
	    "HTTP 400", "HTTP 400", "check sso_account_id" },
	{ "a captive portal", MODERN, TOKEN(LATER), { { .status = 403, .body =
	    "<html>" } }, PROVIDER_FAILED, 1, "not from AWS",
	    "the answer is not from AWS", "captive portal" },
	{ "too many", MODERN, TOKEN(LATER),
	    { REFUSED(429, "TooManyRequestsException"), OK_KEYS },
	    PROVIDER_KEYS, 2, "sso_account_id", NULL, NULL },
	{ "too many for ever", MODERN, TOKEN(LATER),
	    { REFUSED(429, "TooManyRequestsException"),
	    REFUSED(429, "TooManyRequestsException"),
	    REFUSED(429, "TooManyRequestsException") }, PROVIDER_FAILED, 3,
	    "429", "HTTP 429", "wait a little" },
	{ "no network", MODERN, TOKEN(LATER), { { .fault = HTTP_RESOLVE },
	    { .fault = HTTP_RESOLVE }, { .fault = HTTP_RESOLVE } },
	    PROVIDER_FAILED, 3, "fault 'resolve'", "fault 'resolve'", NULL },
	{ "a slow portal", MODERN, TOKEN(LATER),
	    { { .fault = HTTP_TIMEOUT, .sent = true },
	    { .fault = HTTP_TIMEOUT, .sent = true },
	    { .fault = HTTP_TIMEOUT, .sent = true } }, PROVIDER_FAILED, 3,
	    "timeout", "fault 'timeout'", NULL },
	{ "keys that have ended", MODERN, TOKEN(LATER), { { .status = 200,
	    .body = "{\"roleCredentials\":{\"accessKeyId\":\"A\","
	    "\"secretAccessKey\":\"s\",\"sessionToken\":\"t\","
	    "\"expiration\":1767323045000}}" } }, PROVIDER_FAILED, 1,
	    "had expired", "had expired at 2026-01-02T03:04:05Z", NULL },
	{ "an answer without keys", MODERN, TOKEN(LATER), { { .status = 200,
	    .body = "{\"roleCredentials\":null}" } }, PROVIDER_FAILED, 1,
	    "no roleCredentials", "has no roleCredentials", NULL },
	{ "an answer without an end", MODERN, TOKEN(LATER), { { .status = 200,
	    .body = "{\"roleCredentials\":{\"accessKeyId\":\"A\","
	    "\"secretAccessKey\":\"s\",\"sessionToken\":\"t\"}}" } },
	    PROVIDER_FAILED, 1, "no expiration", "has no expiration", NULL },
	{ "an answer that is cut", MODERN, TOKEN(LATER), { { .status = 200,
	    .body = "{\"roleCre" } }, PROVIDER_FAILED, 1, "byte",
	    "from IAM Identity Center: byte", NULL },
};

static void
test_rows(void)
{
	size_t i;

	for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		forget();
		if (rows[i].token != NULL)
			fake_provider_file(&f, strstr(rows[i].config,
			    "sso_session") != NULL ? MODERN_FILE :
			    LEGACY_FILE, rows[i].token);
		fake_provider_set(&f, rows[i].config, NULL, rows[i].answers,
		    6);
		is_int(fake_provider_call(&f, &provider_sso),
		    rows[i].outcome, "%s", rows[i].name);
		has_str(f.input.reason, rows[i].reason, "its reason");
		is_uint(f.aws.used, rows[i].requests, "its requests");
		if (rows[i].outcome == PROVIDER_KEYS) {
			is_str(f.keys.access_key_id, "ASIASSO", "its id");
			is_span(secret_reveal(&f.keys.session_token),
			    "tok/s==", "its token");
			is_int(f.keys.expires_at, 1767344400, "its end");
			is_str(f.keys.account_id, "123456789012",
			    "its account");
		}
		if (rows[i].says != NULL) {
			has_str(f.err.message, rows[i].says, "its error");
			is_int(f.err.class, ERR_CREDENTIALS, "of its class");
		}
		if (rows[i].hint != NULL)
			has_str(f.err.hint, rows[i].hint, "its hint");
		ok(strstr(f.err.message, "bearer") == NULL &&
		    strstr(f.err.message, "wJalr") == NULL &&
		    strstr(f.input.reason, "bearer") == NULL, "no secret");
	}
}

static void
test_request(void)
{
	static const struct fake_answer answers[] = { OK_KEYS, OK_KEYS };
	const char *variables[] = { "AWS_ENDPOINT_URL_SSO="
	    "http://127.0.0.1:1/base", NULL };

	forget();
	fake_provider_file(&f, MODERN_FILE, TOKEN(LATER));
	fake_provider_set(&f, MODERN, NULL, answers, 2);
	is_int(fake_provider_call(&f, &provider_sso), PROVIDER_KEYS, "keys");
	is_str(f.aws.seen[0].method, "GET", "a GET");
	is_str(f.aws.seen[0].url, "https://portal.sso.eu-west-1.amazonaws.com"
	    "/federation/credentials?account_id=123456789012"
	    "&role_name=Read%20Only", "to the portal, encoded");
	ok(fake_has(&f.aws, 0, "x-amz-sso_bearer_token", "bearer-1"),
	    "with the token");
	ok(!fake_has(&f.aws, 0, "authorization", NULL), "unsigned");
	fake_provider_set(&f, MODERN, variables, answers, 2);
	is_int(fake_provider_call(&f, &provider_sso), PROVIDER_KEYS,
	    "another endpoint");
	has_str(f.aws.seen[0].url, "http://127.0.0.1:1/base/federation/",
	    "is honoured");
}

static void
test_cache(void)
{
	static const struct fake_answer answers[] = { OK_KEYS };

	forget();
	fake_provider_file(&f, MODERN_FILE, TOKEN(LATER));
	fake_provider_set(&f, MODERN, NULL, answers, 1);
	f.set.disk_cache = true;
	is_int(fake_provider_call(&f, &provider_sso), PROVIDER_KEYS, "keys");
	is_int(fake_provider_call(&f, &provider_sso), PROVIDER_KEYS,
	    "the same from the disk");
	is_uint(f.aws.used, 1, "without a request");
	is_str(f.keys.access_key_id, "ASIASSO", "the same");
}

/* Another session, account, role or portal has a place of its own. */
static void
test_cache_apart(void)
{
#define PLACE(account, role, url) "[profile p]\nsso_account_id = " account \
	"\nsso_role_name = " role "\nsso_start_url = " url "\n" \
	"sso_region = eu-west-1\n"
#define URL "https://acme.awsapps.com/start"
	static const struct fake_answer answers[] = { OK_KEYS };
	static const struct {
		const char *config;
		const char *variable;
		bool cold;
	} places[] = {
		{ PLACE("1", "r", URL), NULL, true },
		{ PLACE("1", "r", URL) "region = x\n", NULL, false },
		{ PLACE("2", "r", URL), NULL, true },
		{ PLACE("1", "s", URL), NULL, true },
		{ PLACE("1", "r", URL "/"), NULL, true },
		{ PLACE("1", "r", URL), "AWS_ENDPOINT_URL_SSO=http://[::1]:8",
		    true },
		{ PLACE("1", "r", URL), "AWS_ENDPOINT_URL_SSO=http://[::1]:8/x",
		    true },
		{ "[profile p]\nsso_account_id = 1\nsso_role_name = r\n"
		    "sso_session = my-sso\n" SESSION, NULL, true },
		{ PLACE("1", "r", URL), NULL, false },
	};
	size_t i;

	forget();
	fake_provider_file(&f, MODERN_FILE, TOKEN(LATER));
	fake_provider_file(&f, LEGACY_FILE, TOKEN(LATER));
	fake_provider_file(&f, SLASH_FILE, TOKEN(LATER));
	for (i = 0; i < sizeof places / sizeof places[0]; i++) {
		const char *variables[] = { places[i].variable, NULL };

		fake_provider_set(&f, places[i].config, variables, answers,
		    1);
		f.set.disk_cache = true;
		is_int(fake_provider_call(&f, &provider_sso), PROVIDER_KEYS,
		    "place %zu %s", i, f.err.message);
		is_uint(f.aws.used, places[i].cold, "asked or not");
	}
	fake_provider_file(&f, SLASH_FILE, NULL);
}

static void
test_nowhere(void)
{
	forget();
	fake_provider_file(&f, MODERN_FILE, TOKEN(LATER));
	fake_provider_set(&f, MODERN, NULL, NULL, 0);
	f.set.call = NULL;
	is_int(fake_provider_call(&f, &provider_sso), PROVIDER_FAILED,
	    "nobody to ask with");
	fake_provider_set(&f, MODERN, NULL, NULL, 0);
	f.files.variables[2] = NULL;	/* HOME */
	is_int(fake_provider_call(&f, &provider_sso), PROVIDER_FAILED,
	    "nowhere to look");
	has_str(f.err.message, "HOME is not set", "it is said");
}

int
main(void)
{
	fake_provider_begin(&f);
	test_rows();
	test_request();
	test_cache();
	test_cache_apart();
	test_nowhere();
	fake_provider_end(&f);
	return done_testing();
}
