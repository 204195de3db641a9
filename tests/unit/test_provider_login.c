#include "creds/provider.h"

#include <fcntl.h>
#include <unistd.h>

#include "codec/hash.h"
#include "codec/json.h"
#include "fake_provider.h"
#include "p256_keys.h"
#include "sys/log.h"
#include "tap.h"

#define SESSION "arn:aws:iam::123456789012:user/ann"
#define CONFIG "[profile p]\nlogin_session = " SESSION "\nregion = eu-west-1\n"

#define PEM "-----BEGIN EC PRIVATE KEY-----\\n" \
	"MHcCAQEEIMmvqdhFunUWa1whV2ex1pNOUMPbNuibEnuKYisSD2choAoGCCqGSM49\\n" \
	"AwEHoUQDQgAEYP7UuiVanTHJYet0xjVtaMBJuJI7Yfps5mliLmDyn7Z5A/4QCLi8\\n" \
	"maQa6elWKLxk8vGyDC1+n1F3o8KU1EYimQ==\\n" \
	"-----END EC PRIVATE KEY-----\\n"
#define KEYS(end) "\"accessToken\": {\"accessKeyId\": \"ASIALOGIN\", " \
	"\"secretAccessKey\": \"wJalr/s\", \"sessionToken\": \"tok/s==\", " \
	"\"accountId\": \"123456789012\", \"expiresAt\": \"" end "\"}"
#define REST "\"clientId\": \"arn:aws:signin:::devtools/same-device\", " \
	"\"refreshToken\": \"again-1\", \"tokenType\": \"aws_sigv4\", " \
	"\"idToken\": \"id\""
#define FILE_(end) "{" KEYS(end) ", " REST ", \"dpopKey\": \"" PEM "\"}"

#define LATER "2026-01-02T03:10:00Z"	/* six minutes */
#define SOON "2026-01-02T03:08:00Z"	/* four */
#define OVER "2026-01-02T03:00:00Z"

#define OK_ANSWER { .status = 200, .body = "{\"accessToken\":{" \
	"\"accessKeyId\":\"ASIANEW\",\"secretAccessKey\":\"wJalr/s\"," \
	"\"sessionToken\":\"tok/s==\"},\"expiresIn\":900," \
	"\"refreshToken\":\"again-2\",\"tokenType\":\"aws_sigv4\"}" }
#define REFUSED(code, word) { .status = code, \
	.fields = "x-amzn-errortype: AccessDeniedException\n", \
	.body = "{\"error\":\"" word "\",\"message\":\"Sorry\"}" }

static struct fake_provider f;
static char file_name[256];
static char failed_name[256];

static const struct {
	const char *name;
	const char *config;	/* NULL: CONFIG */
	const char *file;	/* NULL: none */
	struct fake_answer answers[4];
	enum provider_outcome outcome;
	size_t requests;
	const char *id;
	const char *reason;	/* part of it */
	const char *says;	/* part of the error */
	const char *hint;
} rows[] = {
	{ "no session", "[profile p]\nregion = x\n", NULL, { { 0 } },
	    PROVIDER_PASSED, 0, NULL, "profile 'p' has no login_session",
	    NULL, NULL },
	{ "keys", NULL, FILE_(LATER), { { 0 } }, PROVIDER_KEYS, 0,
	    "ASIALOGIN", "config' line 2)", NULL, NULL },
	{ "nobody has signed in", NULL, NULL, { { 0 } }, PROVIDER_FAILED, 0,
	    NULL, "nobody", "the login session of profile 'p': nobody has "
	    "signed in: there is no '", "sign in again: aws login --profile p"
	    },
	{ "no JSON", NULL, "{", { { 0 } }, PROVIDER_FAILED, 0, NULL,
	    "not JSON", "is not JSON", "aws login" },
	{ "no keys", NULL, "{" REST "}", { { 0 } }, PROVIDER_FAILED, 0, NULL,
	    "no accessToken", "has no accessToken", "aws login" },
	{ "no end", NULL, "{\"accessToken\":{\"accessKeyId\":\"A\","
	    "\"secretAccessKey\":\"s\"}}", { { 0 } }, PROVIDER_FAILED, 0, NULL,
	    "no expiresAt", "has no expiresAt", "aws login" },
	{ "nearly over: renewed", NULL, FILE_(SOON), { OK_ANSWER },
	    PROVIDER_KEYS, 1, "ASIANEW", "login_session", NULL, NULL },
	{ "over: renewed", NULL, FILE_(OVER), { OK_ANSWER }, PROVIDER_KEYS, 1,
	    "ASIANEW", "login_session", NULL, NULL },
	{ "nearly over, refused: the old ones do", NULL, FILE_(SOON),
	    { REFUSED(401, "TOKEN_EXPIRED") }, PROVIDER_KEYS, 1, "ASIALOGIN",
	    "cannot renew the session", NULL, NULL },
	{ "over, the session too", NULL, FILE_(OVER),
	    { REFUSED(401, "TOKEN_EXPIRED") }, PROVIDER_FAILED, 1, NULL,
	    "TOKEN_EXPIRED", "the keys ended at 2026-01-02T03:00:00Z: cannot "
	    "renew the session: Sorry (TOKEN_EXPIRED, HTTP 401)",
	    "sign in again: aws login --profile p" },
	{ "the password was changed", NULL, FILE_(OVER),
	    { REFUSED(403, "USER_CREDENTIALS_CHANGED") }, PROVIDER_FAILED, 1,
	    NULL, "USER_CREDENTIALS_CHANGED", "USER_CREDENTIALS_CHANGED",
	    "aws login --profile p" },
	{ "nonsense", NULL, FILE_(OVER), { REFUSED(400, "INVALID_REQUEST") },
	    PROVIDER_FAILED, 1, NULL, "INVALID_REQUEST",
	    "cannot renew the session: Sorry (INVALID_REQUEST, HTTP 400)",
	    "aws login --profile p" },
	{ "not allowed", NULL, FILE_(OVER),
	    { REFUSED(403, "INSUFFICIENT_PERMISSIONS") }, PROVIDER_FAILED, 1,
	    NULL, "INSUFFICIENT", "INSUFFICIENT_PERMISSIONS",
	    "SignInLocalDevelopmentAccess" },
	{ "too many", NULL, FILE_(OVER), { { .status = 429 }, OK_ANSWER },
	    PROVIDER_KEYS, 2, "ASIANEW", "login_session", NULL, NULL },
	{ "the answer malformed", NULL, FILE_(OVER), { { .status = 200,
	    .body = "<html>" } }, PROVIDER_FAILED, 1, NULL, "cannot renew",
	    "cannot renew the session", "aws login" },
	{ "the answer without a refresh token", NULL, FILE_(OVER),
	    { { .status = 200, .body = "{\"accessToken\":{},"
	    "\"expiresIn\":900}" } }, PROVIDER_FAILED, 1, NULL,
	    "no refreshToken", "has no expiresIn or no refreshToken",
	    "aws login" },
	{ "the answer over already", NULL, FILE_(OVER), { { .status = 200,
	    .body = "{\"accessToken\":{\"accessKeyId\":\"A\","
	    "\"secretAccessKey\":\"s\",\"sessionToken\":\"t\"},"
	    "\"expiresIn\":0,\"refreshToken\":\"x\"}" } },
	    PROVIDER_FAILED, 1, NULL, "no expiresIn", "has no expiresIn",
	    "aws login" },
	{ "the answer slow", NULL, FILE_(OVER), { { .fault = HTTP_TIMEOUT,
	    .sent = true }, { .fault = HTTP_TIMEOUT, .sent = true },
	    { .fault = HTTP_TIMEOUT, .sent = true } }, PROVIDER_FAILED, 3,
	    NULL, "timeout", "fault 'timeout'", "aws login" },
	{ "the answer without keys", NULL, FILE_(OVER), { { .status = 200,
	    .body = "{\"accessToken\":{},\"expiresIn\":900,"
	    "\"refreshToken\":\"x\"}" } }, PROVIDER_FAILED, 1, NULL,
	    "no accessKeyId", "has no accessKeyId", "aws login" },
	{ "no private key", NULL, "{" KEYS(OVER) ", " REST "}", { { 0 } },
	    PROVIDER_FAILED, 0, NULL, "lacks", "lacks clientId, refreshToken "
	    "or dpopKey", "aws login" },
	{ "another private key", NULL, "{" KEYS(OVER) ", " REST
	    ", \"dpopKey\":\"x\"}", { { 0 } }, PROVIDER_FAILED, 0, NULL,
	    "no P-256", "there is no P-256 private key", "aws login" },
	{ "no network", NULL, FILE_(OVER), { { .fault = HTTP_CONNECT },
	    { .fault = HTTP_CONNECT }, { .fault = HTTP_CONNECT } },
	    PROVIDER_FAILED, 3, NULL, "connect", "fault 'connect'",
	    "aws login" },
};

static void
forget(void)
{
	fake_provider_file(&f, file_name, NULL);
	fake_provider_file(&f, failed_name, NULL);
}

static void
test_rows(void)
{
	size_t i;

	for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		forget();
		fake_provider_file(&f, file_name, rows[i].file);
		fake_provider_set(&f, rows[i].config != NULL ?
		    rows[i].config : CONFIG, NULL, rows[i].answers, 4);
		is_int(fake_provider_call(&f, &provider_login),
		    rows[i].outcome, "%s", rows[i].name);
		has_str(f.input.reason, rows[i].reason, "its reason");
		is_uint(f.aws.used, rows[i].requests, "its requests");
		if (rows[i].id != NULL) {
			is_str(f.keys.access_key_id, rows[i].id, "its id");
			is_span(secret_reveal(&f.keys.session_token),
			    "tok/s==", "its token");
			is_str(f.keys.account_id, "123456789012",
			    "its account");
			ok(f.keys.expires_at > f.input.now, "its end");
		}
		if (rows[i].says != NULL) {
			has_str(f.err.message, rows[i].says, "its error");
			has_str(f.err.hint, rows[i].hint, "its hint");
			is_int(f.err.class, ERR_CREDENTIALS, "of its class");
		}
		ok(strstr(f.err.message, "wJalr") == NULL &&
		    strstr(f.err.message, "again-") == NULL &&
		    strstr(f.err.message, "MHcC") == NULL, "no secret");
	}
}

static void
test_refresh(void)
{
	static const struct fake_answer answers[] = { OK_ANSWER };
	struct span header, payload, rest, line;
	struct buf text;
	struct stat st;

	forget();
	fake_provider_file(&f, file_name, FILE_(SOON));
	fake_provider_set(&f, CONFIG, NULL, answers, 1);
	is_int(fake_provider_call(&f, &provider_login), PROVIDER_KEYS,
	    "renewed");
	is_int(f.keys.expires_at, f.input.now + 900, "for fifteen minutes");
	is_str(f.aws.seen[0].method, "POST", "a POST");
	is_str(f.aws.seen[0].url, "https://eu-west-1.signin.aws.amazon.com"
	    "/v1/token", "to the region's sign-in");
	is_str(f.aws.seen[0].body, "{\"clientId\":"
	    "\"arn:aws:signin:::devtools/same-device\","
	    "\"grantType\":\"refresh_token\",\"refreshToken\":\"again-1\"}",
	    "what it says");
	ok(!fake_has(&f.aws, 0, "authorization", NULL), "unsigned");
	ok(fake_has(&f.aws, 0, "content-type", "application/json"), "JSON");
	line = span_of(strstr(f.aws.seen[0].fields, "dpop: "));
	span_split(line, '\n', &line, &rest);
	ok(span_split(line, '.', &header, &rest) &&
	    span_split(rest, '.', &payload, &rest) && rest.n == 86,
	    "with a proof");
	buf_init(&text, 10000);
	is_str(fake_provider_read(&f, file_name, &text), "{\"accessToken\": "
	    "{\"accessKeyId\":\"ASIANEW\",\"secretAccessKey\":\"wJalr/s\","
	    "\"sessionToken\":\"tok/s==\",\"accountId\":\"123456789012\","
	    "\"expiresAt\":\"2026-01-02T03:19:05Z\"}, "
	    "\"clientId\": \"arn:aws:signin:::devtools/same-device\", "
	    "\"refreshToken\": \"again-2\", \"tokenType\": \"aws_sigv4\", "
	    "\"idToken\": \"id\", \"dpopKey\": \"" PEM "\"}",
	    "the new refresh token is kept");
	ok(stat(sandbox_path(f.files.directory, file_name), &st) == 0 &&
	    (st.st_mode & 0777) == 0600, "for us alone");
	buf_clear(&text);
}

static void
test_places(void)
{
	static const struct fake_answer answers[] = { OK_ANSWER, OK_ANSWER };
	const char *variables[] = { "AWS_LOGIN_CACHE_DIRECTORY=~/other",
	    "AWS_REGION=us-gov-west-1", NULL };
	const char *endpoint[] = { "AWS_ENDPOINT_URL_SIGNIN="
	    "http://127.0.0.1:3", NULL };
	char other[256];

	forget();
	snprintf(other, sizeof other, "other/%s", file_name +
	    strlen(".aws/login/cache/"));
	fake_provider_file(&f, other, FILE_(OVER));
	fake_provider_set(&f, CONFIG, variables, answers, 2);
	is_int(fake_provider_call(&f, &provider_login), PROVIDER_KEYS,
	    "another directory");
	is_str(f.aws.seen[0].url, "https://us-gov-west-1.signin.amazonaws-us-"
	    "gov.com/v1/token", "another partition");
	fake_provider_file(&f, file_name, FILE_(OVER));
	fake_provider_set(&f, CONFIG, endpoint, answers, 2);
	is_int(fake_provider_call(&f, &provider_login), PROVIDER_KEYS,
	    "another endpoint");
	is_str(f.aws.seen[0].url, "http://127.0.0.1:3/v1/token",
	    "is honoured");
}

static void
test_pause(void)
{
	static const struct fake_answer answers[] = {
		REFUSED(403, "INSUFFICIENT_PERMISSIONS"), OK_ANSWER
	};

	forget();
	fake_provider_file(&f, file_name, FILE_(SOON));
	fake_provider_set(&f, CONFIG, NULL, answers, 2);
	is_int(fake_provider_call(&f, &provider_login), PROVIDER_KEYS,
	    "not renewed");
	is_int(fake_provider_call(&f, &provider_login), PROVIDER_KEYS,
	    "and again");
	is_uint(f.aws.used, 1, "renewing is not tried again");
	has_str(f.input.reason, "has failed a moment ago", "it is said");
	f.aws.elapsed_ms = 30 * 1000;
	is_int(fake_provider_call(&f, &provider_login), PROVIDER_KEYS,
	    "who asks meanwhile");
	f.aws.elapsed_ms = 61 * 1000;
	is_int(fake_provider_call(&f, &provider_login), PROVIDER_KEYS,
	    "does not lengthen the minute");
	is_str(f.keys.access_key_id, "ASIANEW", "after which it is");
}

/* One that takes the folder away in which the answer would be kept. */
static enum http_fault
folder_gone_send(void *state, const struct http_request *request,
    struct http_response *response, bool *sent, struct err *err)
{
	fake_provider_file(&f, file_name, NULL);
	(void)rmdir(sandbox_path(f.files.directory, ".aws/login/cache"));
	return fake_send(state, request, response, sent, err);
}

static void
test_not_kept(void)
{
	static const struct fake_answer answers[] = { OK_ANSWER };
	int null = open("/dev/null", O_WRONLY);
	struct log *log = log_new(null, LOG_NORMAL);

	forget();
	fake_provider_file(&f, file_name, FILE_(OVER));
	fake_provider_set(&f, CONFIG, NULL, answers, 1);
	f.aws.http.send = folder_gone_send;
	f.aws.context.log = log;
	is_int(fake_provider_call(&f, &provider_login), PROVIDER_KEYS,
	    "a session that cannot be kept");
	is_str(f.keys.access_key_id, "ASIANEW", "is used all the same");
	is_uint(log_warnings(log), 1, "with a warning");
	has_str(log_warning(log, 0), "its old refresh token is of no more use",
	    "of what it means");
	log_free(log);
	(void)close(null);
}

/* Somebody wants to stop: old keys are no reason to go on. */
static void
test_interrupt(void)
{
	static const struct fake_answer answers[] = {
		{ .fault = HTTP_CANCELLED }
	};

	forget();
	fake_provider_file(&f, file_name, FILE_(SOON));
	fake_provider_set(&f, CONFIG, NULL, answers, 1);
	is_int(fake_provider_call(&f, &provider_login), PROVIDER_FAILED,
	    "a signal");
	is_int(f.err.class, ERR_INTERRUPTED, "is no matter of credentials");
}

static void
test_nowhere(void)
{
	char other[4300];

	forget();
	fake_provider_file(&f, file_name, FILE_(LATER));
	fake_provider_set(&f, CONFIG, NULL, NULL, 0);
	f.files.variables[2] = NULL;	/* HOME */
	is_int(fake_provider_call(&f, &provider_login), PROVIDER_FAILED,
	    "nowhere to look");
	has_str(f.err.message, "HOME is not set", "it is said");
	snprintf(other, sizeof other, "AWS_LOGIN_CACHE_DIRECTORY=%s",
	    sandbox_path(f.files.directory, ".aws/login/cache"));
	f.files.variables[2] = other;
	is_int(fake_provider_call(&f, &provider_login), PROVIDER_KEYS,
	    "a directory that is named does without it");
	fake_provider_file(&f, file_name, FILE_(OVER));
	fake_provider_set(&f, CONFIG, NULL, NULL, 0);
	f.set.call = NULL;
	f.input = (struct provider_input){ .settings = &f.set,
	    .now = clock_wall_seconds(&f.aws.clock) };
	is_int(provider_login.resolve(&f.input, &f.keys, &f.err),
	    PROVIDER_FAILED, "nobody to ask with");
	has_str(f.err.message, "there is no network", "it is said");
}

/* A service has called them expired, whatever the file says. */
static void
test_rejected(void)
{
	static const struct fake_answer answers[] = { OK_ANSWER };

	forget();
	fake_provider_file(&f, file_name, FILE_(LATER));
	fake_provider_set(&f, CONFIG, NULL, answers, 1);
	f.input = (struct provider_input){ .settings = &f.set,
	    .now = clock_wall_seconds(&f.aws.clock), .rejected = "ASIALOGIN" };
	keys_clear(&f.keys);
	is_int(provider_login.resolve(&f.input, &f.keys, &f.err),
	    PROVIDER_KEYS, "rejected keys");
	is_str(f.keys.access_key_id, "ASIANEW", "are replaced");
}

int
main(void)
{
	char hex[HASH_SHA256_HEX];

	hash_sha256_hex(span_of(SESSION), hex);
	snprintf(file_name, sizeof file_name, ".aws/login/cache/%s.json",
	    hex);
	snprintf(failed_name, sizeof failed_name,
	    "state/refresh/login-%s.failed", hex);
	fake_provider_begin(&f);
	test_rows();
	test_refresh();
	test_places();
	test_pause();
	test_not_kept();
	test_interrupt();
	test_nowhere();
	test_rejected();
	fake_provider_end(&f);
	return done_testing();
}
