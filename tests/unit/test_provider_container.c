#include "creds/provider.h"

#include "base/limits.h"
#include "fake_provider.h"
#include "tap.h"

#define REL "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI="
#define FULL "AWS_CONTAINER_CREDENTIALS_FULL_URI="
#define TOKEN "AWS_CONTAINER_AUTHORIZATION_TOKEN="
#define KEYS(until) \
	"{\"RoleArn\":\"arn\",\"AccessKeyId\":\"ASIACONT\"," \
	"\"SecretAccessKey\":\"wJalr/s\",\"Token\":\"tok/s==\"," \
	"\"Expiration\":\"" until "\",\"AccountId\":\"123456789012\"}"
#define OK_KEYS { .status = 200, .body = KEYS("2026-01-02T09:00:00Z") }

static struct fake_provider f;

static const struct {
	const char *name;
	const char *variables[3];
	struct fake_answer answers[4];
	enum provider_outcome outcome;
	size_t requests;
	const char *url;	/* of the first request */
	const char *reason;	/* part of it */
	const char *says;	/* part of the error */
} rows[] = {
	{ "neither", { NULL }, { { 0 } }, PROVIDER_PASSED, 0, NULL,
	    "neither AWS_CONTAINER_CREDENTIALS_RELATIVE_URI nor", NULL },
	{ "empty is unset", { REL, FULL }, { { 0 } }, PROVIDER_PASSED, 0, NULL,
	    "neither", NULL },
	{ "ECS", { REL "/v2/creds?id=1" }, { OK_KEYS }, PROVIDER_KEYS, 1,
	    "http://169.254.170.2/v2/creds?id=1",
	    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", NULL },
	{ "which beats the other", { REL "/x", FULL "http://127.0.0.1/y" },
	    { OK_KEYS }, PROVIDER_KEYS, 1, "http://169.254.170.2/x",
	    "RELATIVE_URI", NULL },
	{ "another host", { REL "@evil.example/x" }, { { 0 } },
	    PROVIDER_FAILED, 0, NULL, "is set", "does not begin with '/'" },
	{ "a path with a blank", { REL "/a b" }, { { 0 } }, PROVIDER_FAILED, 0,
	    NULL, "is set", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI" },
	{ "EKS Pod Identity", { FULL "http://169.254.170.23/v1/credentials" },
	    { OK_KEYS }, PROVIDER_KEYS, 1,
	    "http://169.254.170.23/v1/credentials", "FULL_URI", NULL },
	{ "over IPv6", { FULL "http://[fd00:ec2::23]/v1/credentials" },
	    { OK_KEYS }, PROVIDER_KEYS, 1, NULL, "FULL_URI", NULL },
	{ "written otherwise", { FULL "http://[FD00:EC2:0:0:0:0:0:23]/v1" },
	    { OK_KEYS }, PROVIDER_KEYS, 1, NULL, "FULL_URI", NULL },
	{ "loopback", { FULL "http://127.5.5.5:8080/x" }, { OK_KEYS },
	    PROVIDER_KEYS, 1, NULL, "FULL_URI", NULL },
	{ "loopback over IPv6", { FULL "http://[::1]/x" }, { OK_KEYS },
	    PROVIDER_KEYS, 1, NULL, "FULL_URI", NULL },
	{ "localhost", { FULL "http://localhost/x" }, { OK_KEYS },
	    PROVIDER_KEYS, 1, NULL, "FULL_URI", NULL },
	{ "https to anybody", { FULL "https://keys.example.com/x" },
	    { OK_KEYS }, PROVIDER_KEYS, 1, "https://keys.example.com/x",
	    "FULL_URI", NULL },
	{ "plain http to anybody", { FULL "http://keys.example.com/x" },
	    { { 0 } }, PROVIDER_FAILED, 0, NULL, "plain http",
	    "is plain http to 'keys.example.com'" },
	{ "plain http to IMDS", { FULL "http://169.254.169.254/x" },
	    { { 0 } }, PROVIDER_FAILED, 0, NULL, "plain http",
	    "is plain http to '169.254.169.254'" },
	{ "plain http to a neighbour", { FULL "http://[fd00:ec2::24]/x" },
	    { { 0 } }, PROVIDER_FAILED, 0, NULL, "plain http", "plain http" },
	{ "a name like an address", { FULL
	    "http://169.254.170.2.example.com/x" }, { { 0 } },
	    PROVIDER_FAILED, 0, NULL, "plain http", "plain http" },
	{ "a name that is longer than an address", { FULL
	    "http://169.254.170.2.a-name-that-is-longer-than-any-address-is-"
	    "written-down.example.com/x" }, { { 0 } },
	    PROVIDER_FAILED, 0, NULL, "plain http", "plain http" },
	{ "no URL", { FULL "169.254.170.2/x" }, { { 0 } }, PROVIDER_FAILED, 0,
	    NULL, "is set", "AWS_CONTAINER_CREDENTIALS_FULL_URI" },
	{ "another scheme", { FULL "file:///etc/passwd" }, { { 0 } },
	    PROVIDER_FAILED, 0, NULL, "is set",
	    "AWS_CONTAINER_CREDENTIALS_FULL_URI" },
	{ "refused", { REL "/x" }, { { .status = 403, .body =
	    "{\"code\":\"AccessDenied\",\"message\":\"no such role\"}" } },
	    PROVIDER_FAILED, 1, NULL, "status 403",
	    "'http://169.254.170.2/x' answers with status 403: no such role" },
	{ "not there", { REL "/x" }, { { .status = 404, .body = "<html>" } },
	    PROVIDER_FAILED, 1, NULL, "status 404", "status 404" },
	{ "again after 5xx", { REL "/x" }, { { .status = 500 }, { .fault =
	    HTTP_TIMEOUT }, OK_KEYS }, PROVIDER_KEYS, 3, NULL, "RELATIVE",
	    NULL },
	{ "three times", { REL "/x" }, { { .fault = HTTP_TIMEOUT },
	    { .fault = HTTP_TIMEOUT }, { .fault = HTTP_CONNECT } },
	    PROVIDER_FAILED, 3, NULL, "fault 'connect'", "fault 'connect'" },
	{ "no JSON", { REL "/x" }, { { .status = 200, .body = "<html>" } },
	    PROVIDER_FAILED, 1, NULL, "is not JSON",
	    "'http://169.254.170.2/x': the answer is not JSON" },
	{ "half the keys", { REL "/x" }, { { .status = 200,
	    .body = "{\"AccessKeyId\":\"A\"}" } }, PROVIDER_FAILED, 1, NULL,
	    "no SecretAccessKey", "no SecretAccessKey" },
	{ "expired", { REL "/x" }, { { .status = 200,
	    .body = KEYS("2026-01-02T03:04:05Z") } }, PROVIDER_FAILED, 1,
	    NULL, "expired", "keys that expired at 2026-01-02T03:04:05Z" },
	{ "a token with a line end", { REL "/x", TOKEN "a\nb: c" }, { { 0 } },
	    PROVIDER_FAILED, 0, NULL, "is set",
	    "the token of AWS_CONTAINER_AUTHORIZATION_TOKEN has a line end" },
};

static void
test_rows(void)
{
	size_t i;

	for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		fake_provider_set(&f, NULL, rows[i].variables,
		    rows[i].answers, 4);
		is_int(fake_provider_call(&f, &provider_container),
		    rows[i].outcome, "%s", rows[i].name);
		has_str(f.input.reason, rows[i].reason, "its reason");
		is_uint(f.aws.used, rows[i].requests, "its requests");
		is_int(f.aws.slept_ms, rows[i].requests < 2 ? 0 :
		    (int64_t)(rows[i].requests - 1) * 1000,
		    "a second between them");
		if (rows[i].url != NULL)
			is_str(f.aws.seen[0].url, rows[i].url, "its URL");
		if (rows[i].outcome == PROVIDER_KEYS) {
			is_str(f.keys.access_key_id, "ASIACONT", "its id");
			is_span(secret_reveal(&f.keys.session_token),
			    "tok/s==", "its token");
			is_int(f.keys.expires_at, 1767344400, "its end");
			is_str(f.keys.account_id, "123456789012",
			    "its account");
		}
		if (rows[i].says != NULL) {
			has_str(f.err.message, rows[i].says, "its error");
			is_int(f.err.class, ERR_CREDENTIALS, "of its class");
			ok(f.err.hint[0] != '\0', "and what to do: %s",
			    f.err.hint);
		}
		ok(strstr(f.err.message, "wJalr") == NULL, "no secret");
	}
}

static void
test_request(void)
{
	static const struct fake_answer answers[] = { OK_KEYS, OK_KEYS };
	const char *variables[] = { FULL "http://127.0.0.1:1/x",
	    TOKEN "Basic verbatim==", NULL };

	fake_provider_set(&f, NULL, variables, answers, 2);
	is_int(fake_provider_call(&f, &provider_container), PROVIDER_KEYS,
	    "with a token");
	is_str(f.aws.seen[0].method, "GET", "a GET");
	ok(fake_has(&f.aws, 0, "accept", "application/json"), "for JSON");
	ok(fake_has(&f.aws, 0, "authorization", "Basic verbatim=="),
	    "the token as it is");
	ok(f.aws.seen[0].no_proxy, "no proxy");
	is_int(f.aws.seen[0].connect_ms, 2000, "two seconds to connect");
	is_int(f.aws.seen[0].idle_ms, 2000, "two seconds of silence");
	variables[1] = NULL;
	fake_provider_set(&f, NULL, variables, answers, 2);
	is_int(fake_provider_call(&f, &provider_container), PROVIDER_KEYS,
	    "without one");
	ok(!fake_has(&f.aws, 0, "authorization", NULL), "none is sent");
}

static void
test_token_file(void)
{
	static const struct fake_answer answers[] = { OK_KEYS, OK_KEYS };
	char file[4200];
	const char *variables[] = { FULL "http://127.0.0.1:1/x",
	    TOKEN "the variable's", file, NULL };

	snprintf(file, sizeof file, "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE="
	    "%s/token", f.files.directory);
	fake_provider_file(&f, "token", "first\r\n");
	fake_provider_set(&f, NULL, variables, answers, 2);
	is_int(fake_provider_call(&f, &provider_container), PROVIDER_KEYS,
	    "a token file");
	ok(fake_has(&f.aws, 0, "authorization", "first"),
	    "beats the variable; the line end does not count");
	fake_provider_file(&f, "token", "second");
	is_int(fake_provider_call(&f, &provider_container), PROVIDER_KEYS,
	    "replaced");
	ok(fake_has(&f.aws, 1, "authorization", "second"), "is read anew");
	fake_provider_file(&f, "token", "a\nb\n");
	is_int(fake_provider_call(&f, &provider_container), PROVIDER_FAILED,
	    "a line end inside");
	has_str(f.err.message, "TOKEN_FILE has a line end", "is refused");
	fake_provider_file(&f, "token", NULL);
	is_int(fake_provider_call(&f, &provider_container), PROVIDER_FAILED,
	    "no such file");
	has_str(f.err.message, "there is no file '", "it is said");
	is_int(f.err.class, ERR_CREDENTIALS, "its class");
	snprintf(file, sizeof file, "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE="
	    "%s", f.files.directory);
	is_int(fake_provider_call(&f, &provider_container), PROVIDER_FAILED,
	    "a directory");
	has_str(f.err.message, "credentials: AWS_CONTAINER_AUTHORIZATION_"
	    "TOKEN_FILE: ", "of which variable");
	is_uint(f.aws.used, 2, "nobody is asked without the token");
}

static void
test_long_token(void)
{
	static const struct fake_answer answers[] = { OK_KEYS };
	static char token[LIMIT_TOKEN + 64];
	const char *variables[] = { REL "/x", token, NULL };
	size_t n = strlen(TOKEN);

	memset(token, 'a', sizeof token);
	memcpy(token, TOKEN, n);
	token[n + LIMIT_TOKEN + 1] = '\0';
	fake_provider_set(&f, NULL, variables, answers, 1);
	is_int(fake_provider_call(&f, &provider_container), PROVIDER_FAILED,
	    "a token without end");
	is_uint(f.aws.used, 0, "is not sent");
	token[n + LIMIT_TOKEN] = '\0';
	fake_provider_set(&f, NULL, variables, answers, 1);
	is_int(fake_provider_call(&f, &provider_container), PROVIDER_KEYS,
	    "as long as may be");
}

int
main(void)
{
	fake_provider_begin(&f);
	test_rows();
	test_request();
	test_token_file();
	test_long_token();
	fake_provider_set(&f, NULL, (const char *[]){ REL "/x", NULL }, NULL,
	    0);
	f.set.call = NULL;
	is_int(fake_provider_call(&f, &provider_container), PROVIDER_FAILED,
	    "nobody to ask with");
	fake_provider_end(&f);
	return done_testing();
}
