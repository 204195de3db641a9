#include "creds/provider.h"

#include "fake_provider.h"
#include "sys/interrupt.h"
#include "tap.h"

#define OK_TOKEN { .status = 200, .body = "tok-1" }
#define OK_ROLE { .status = 200, .body = "web-server\n" }
#define KEYS(until) \
	"{\"Code\":\"Success\",\"LastUpdated\":\"2026-01-02T02:00:00Z\"," \
	"\"Type\":\"AWS-HMAC\",\"AccessKeyId\":\"ASIAIMDS\"," \
	"\"SecretAccessKey\":\"wJalr/s\",\"Token\":\"tok/s==\"," \
	"\"Expiration\":\"" until "\"}"
#define OK_KEYS { .status = 200, .body = KEYS("2026-01-02T09:00:00Z") }

static struct fake_provider f;

static const struct {
	const char *name;
	const char *config;
	const char *variable;
	struct fake_answer answers[6];
	enum provider_outcome outcome;
	size_t requests;
	const char *reason;	/* part of it */
	const char *says;	/* part of the error */
} rows[] = {
	{ "keys", NULL, NULL, { OK_TOKEN, OK_ROLE, OK_KEYS }, PROVIDER_KEYS, 3,
	    "role 'web-server'", NULL },
	{ "disabled", NULL, "AWS_EC2_METADATA_DISABLED=true", { { 0 } },
	    PROVIDER_PASSED, 0, "AWS_EC2_METADATA_DISABLED is true", NULL },
	{ "nobody there", NULL, NULL, { { .fault = HTTP_CONNECT } },
	    PROVIDER_PASSED, 1, "no metadata service: fault 'connect'", NULL },
	{ "two attempts, where it is asked",
	    "[profile p]\nmetadata_service_num_attempts = 2\n", NULL,
	    { { .fault = HTTP_CONNECT }, { .fault = HTTP_CONNECT } },
	    PROVIDER_PASSED, 2, "no metadata service", NULL },
	{ "a bad setting", "[profile p]\nmetadata_service_timeout = soon\n",
	    NULL, { { 0 } }, PROVIDER_FAILED, 0, "is 'soon'",
	    "metadata_service_timeout ('" },
	{ "no answer for a session: version 1", NULL, NULL,
	    { { .fault = HTTP_TIMEOUT, .sent = true }, OK_ROLE, OK_KEYS },
	    PROVIDER_KEYS, 3, "hop limit 1?): trying version 1", NULL },
	{ "unless that is disabled", NULL,
	    "AWS_EC2_METADATA_V1_DISABLED=true",
	    { { .fault = HTTP_TIMEOUT, .sent = true } }, PROVIDER_PASSED, 1,
	    "and version 1 is disabled", NULL },
	{ "no sessions (403)", NULL, NULL, { { .status = 403 }, OK_ROLE,
	    OK_KEYS }, PROVIDER_KEYS, 3, "trying version 1", NULL },
	{ "no sessions (404)", NULL, NULL, { { .status = 404 }, OK_ROLE,
	    OK_KEYS }, PROVIDER_KEYS, 3, "trying version 1", NULL },
	{ "no sessions (405)", NULL, NULL, { { .status = 405 }, OK_ROLE,
	    OK_KEYS }, PROVIDER_KEYS, 3, "trying version 1", NULL },
	{ "a bad request is none", NULL, NULL, { { .status = 400 } },
	    PROVIDER_PASSED, 1, "answers with status 400 when asked for a "
	    "session", NULL },
	{ "nor is a failure", NULL, NULL, { { .status = 503 } },
	    PROVIDER_PASSED, 1, "answers with status 503", NULL },
	{ "a captive portal", NULL, NULL, { { .status = 200,
	    .body = "<html><body>Welcome to the hotel" } }, PROVIDER_PASSED, 1,
	    "is no metadata service", NULL },
	{ "a captive portal that redirects", NULL, NULL, { { .status = 302 } },
	    PROVIDER_PASSED, 1, "answers with status 302", NULL },
	{ "a captive portal behind 404", NULL, NULL, { { .status = 404 },
	    { .status = 200, .body = "<html>" } }, PROVIDER_PASSED, 2,
	    "is no metadata service", NULL },
	{ "an empty session", NULL, NULL, { { .status = 200 } },
	    PROVIDER_PASSED, 1, "is no metadata service", NULL },
	{ "no instance profile", NULL, NULL, { OK_TOKEN, { .status = 404 } },
	    PROVIDER_PASSED, 2, "there is no instance profile", NULL },
	{ "an empty list", NULL, NULL, { OK_TOKEN, { .status = 200 } },
	    PROVIDER_PASSED, 2, "there is no instance profile", NULL },
	{ "the session has run out: another", NULL, NULL, { OK_TOKEN,
	    { .status = 401 }, { .status = 200, .body = "tok-2" }, OK_ROLE,
	    OK_KEYS }, PROVIDER_KEYS, 5, "role 'web-server'", NULL },
	{ "once", NULL, NULL, { OK_TOKEN, { .status = 401 }, OK_TOKEN,
	    { .status = 401 } }, PROVIDER_PASSED, 4,
	    "the role's name: status 401", NULL },
	{ "the other one is not given", NULL, NULL, { OK_TOKEN,
	    { .status = 401 }, { .status = 503 } }, PROVIDER_PASSED, 3,
	    "answers with status 503 when asked for a session", NULL },
	{ "version 2 is required", NULL, NULL, { { .status = 403 },
	    { .status = 401 } }, PROVIDER_PASSED, 2,
	    "it insists on version 2", NULL },
	{ "the list fails", NULL, NULL, { OK_TOKEN, { .status = 500 } },
	    PROVIDER_PASSED, 2, "the role's name: status 500", NULL },
	{ "the list fails in version 1", NULL, NULL, { { .status = 403 },
	    { .status = 500 } }, PROVIDER_PASSED, 2,
	    "the role's name: status 500", NULL },
	{ "the list is prose", NULL, NULL, { OK_TOKEN, { .status = 200,
	    .body = "Welcome to the hotel" } }, PROVIDER_PASSED, 2,
	    "is no metadata service", NULL },
	{ "a name that is longer than IAM's", NULL, NULL, { OK_TOKEN,
	    { .status = 200, .body = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaa" } }, PROVIDER_PASSED, 2,
	    "is no metadata service", NULL },
	{ "the list is cut", NULL, NULL, { OK_TOKEN,
	    { .fault = HTTP_RESET, .sent = true } }, PROVIDER_PASSED, 2,
	    "the role's name: fault 'reset'", NULL },
	{ "the list is slow", NULL, NULL, { OK_TOKEN,
	    { .fault = HTTP_TIMEOUT } }, PROVIDER_PASSED, 2,
	    "the role's name: fault 'timeout'", NULL },
	{ "the keys fail", NULL, NULL, { OK_TOKEN, OK_ROLE,
	    { .status = 500 } }, PROVIDER_PASSED, 3, "its keys: status 500",
	    NULL },
	{ "the keys are slow", NULL, NULL, { OK_TOKEN, OK_ROLE,
	    { .fault = HTTP_TIMEOUT } }, PROVIDER_PASSED, 3,
	    "its keys: fault 'timeout'", NULL },
	{ "a role that EC2 may not assume", NULL, NULL, { OK_TOKEN, OK_ROLE,
	    { .status = 200, .body = "{\"Code\":\"AssumeRoleUnauthorizedAccess"
	    "\",\"Message\":\"EC2 cannot assume the role web-server.\"}" } },
	    PROVIDER_PASSED, 3, "no keys: AssumeRoleUnauthorizedAccess: EC2 "
	    "cannot assume", NULL },
	{ "no JSON", NULL, NULL, { OK_TOKEN, OK_ROLE,
	    { .status = 200, .body = "<html>" } }, PROVIDER_FAILED, 3,
	    "is not JSON", "metadata service's answer is not JSON" },
	{ "half the keys", NULL, NULL, { OK_TOKEN, OK_ROLE,
	    { .status = 200, .body = "{\"Code\":\"Success\","
	    "\"AccessKeyId\":\"A\"}" } }, PROVIDER_FAILED, 3,
	    "has no SecretAccessKey", "has no SecretAccessKey" },
};

static void
test_rows(void)
{
	size_t i;

	for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		const char *variables[] = { "AWS_REGION=eu-west-1",
		    rows[i].variable, NULL };

		fake_provider_set(&f, rows[i].config, variables,
		    rows[i].answers, 6);
		is_int(fake_provider_call(&f, &provider_imds),
		    rows[i].outcome, "%s", rows[i].name);
		has_str(f.input.reason, rows[i].reason, "its reason");
		is_uint(f.aws.used, rows[i].requests, "its requests");
		if (rows[i].outcome == PROVIDER_KEYS) {
			is_str(f.keys.access_key_id, "ASIAIMDS", "its id");
			is_span(secret_reveal(&f.keys.secret_key), "wJalr/s",
			    "its secret");
			is_span(secret_reveal(&f.keys.session_token),
			    "tok/s==", "its token");
			is_int(f.keys.expires_at, 1767344400, "its end");
		}
		if (rows[i].says != NULL) {
			has_str(f.err.message, rows[i].says, "its error");
			is_int(f.err.class, ERR_CREDENTIALS, "of its class");
		} else {
			is_int(f.err.class, ERR_NONE, "no error");
		}
		ok(strstr(f.input.reason, "wJalr") == NULL &&
		    strstr(f.input.reason, "tok-") == NULL, "no secret");
	}
}

static void
test_requests(void)
{
	static const struct fake_answer answers[] = { OK_TOKEN, { .status =
	    200, .body = "a+b/c\r\nother" }, OK_KEYS };
	static const char paths[] = "http://[fd00:ec2::254]/latest/meta-data"
	    "/iam/security-credentials/";
	const char *variables[] = { "AWS_DEFAULT_REGION=eu-west-1",
	    "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE=IPv6",
	    "http_proxy=http://127.0.0.1:9", NULL };
	size_t i;

	fake_provider_set(&f, NULL, variables, answers, 3);
	is_int(fake_provider_call(&f, &provider_imds), PROVIDER_KEYS,
	    "over IPv6");
	is_str(f.aws.seen[0].method, "PUT", "first a PUT");
	is_str(f.aws.seen[0].url, "http://[fd00:ec2::254]/latest/api/token",
	    "for a session");
	ok(fake_has(&f.aws, 0, "x-aws-ec2-metadata-token-ttl-seconds",
	    "21600"), "of six hours");
	is_str(f.aws.seen[1].url, paths, "then the role's name");
	has_str(f.aws.seen[2].url, "security-credentials/a%2Bb%2Fc",
	    "then its keys; the first line, encoded");
	for (i = 1; i < 3; i++)
		ok(fake_has(&f.aws, i, "x-aws-ec2-metadata-token", "tok-1"),
		    "with the session's token");
	for (i = 0; i < 3; i++) {
		ok(f.aws.seen[i].no_proxy, "no proxy");
		is_int(f.aws.seen[i].connect_ms, 1000, "a second to connect");
		is_int(f.aws.seen[i].idle_ms, 1000, "a second of silence");
	}
}

static void
test_version_1(void)
{
	static const struct fake_answer answers[] = { { .status = 405 },
	    OK_ROLE, OK_KEYS };

	fake_provider_set(&f, NULL, NULL, answers, 3);
	is_int(fake_provider_call(&f, &provider_imds), PROVIDER_KEYS,
	    "version 1");
	ok(!fake_has(&f.aws, 1, "x-aws-ec2-metadata-token", NULL) &&
	    !fake_has(&f.aws, 2, "x-aws-ec2-metadata-token", NULL),
	    "has no token");
}

/* Static stability: keys that have ended do while there are no others. */
static void
test_expired(void)
{
	static const struct fake_answer answers[] = { OK_TOKEN, OK_ROLE,
	    { .status = 200, .body = KEYS("2026-01-02T03:00:00Z") } };

	fake_provider_set(&f, NULL, NULL, answers, 3);
	is_int(fake_provider_call(&f, &provider_imds), PROVIDER_KEYS,
	    "keys that have ended");
	ok(f.keys.expires_at >= f.input.now + 600 &&
	    f.keys.expires_at < f.input.now + 1080, "last a while longer");
	has_str(f.input.reason, "used all the same", "it is said");
}

/* Only where nobody else says where we are; and the keys do without it. */
static void
test_region(void)
{
	static const struct {
		const char *name;
		const char *config;
		const char *variable;
		struct fake_answer answer;
		const char *region;
		size_t requests;
	} places[] = {
		{ "nobody says it", NULL, "X=", { .status = 200,
		    .body = "cn-north-1\n" }, "cn-north-1", 4 },
		{ "a variable does", NULL, "AWS_REGION=x", { 0 }, "", 3 },
		{ "the older one does", NULL, "AWS_DEFAULT_REGION=x", { 0 },
		    "", 3 },
		{ "the profile does", "[profile p]\nregion = x\n", "X=",
		    { 0 }, "", 3 },
		{ "it is not told", NULL, "X=", { .status = 404 }, "", 4 },
		{ "it fails", NULL, "X=", { .fault = HTTP_TIMEOUT }, "", 4 },
		{ "no region", NULL, "X=", { .status = 200,
		    .body = "<html>" }, "", 4 },
		{ "a long one", NULL, "X=", { .status = 200, .body =
		    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
		    "aaaaaaaaaaaa" }, "", 4 },
	};
	size_t i;

	for (i = 0; i < sizeof places / sizeof places[0]; i++) {
		const char *variables[] = { places[i].variable, NULL };
		const struct fake_answer answers[] = { OK_TOKEN, OK_ROLE,
		    OK_KEYS, places[i].answer };

		fake_provider_set(&f, places[i].config, variables, answers, 4);
		is_int(fake_provider_call(&f, &provider_imds), PROVIDER_KEYS,
		    "region: %s", places[i].name);
		is_str(f.input.region, places[i].region, "it is found or not");
		is_uint(f.aws.used, places[i].requests, "its requests");
		if (places[i].requests == 4)
			is_str(f.aws.seen[3].url, "http://169.254.169.254"
			    "/latest/meta-data/placement/region",
			    "where it stands");
		ok(strstr(f.input.reason, "instance profile") == NULL,
		    "nothing wrong is said: %s", f.input.reason);
	}
}

static void
test_without_network(void)
{
	fake_provider_set(&f, NULL, NULL, NULL, 0);
	f.set.call = NULL;
	is_int(fake_provider_call(&f, &provider_imds), PROVIDER_PASSED,
	    "nobody to ask with");
}

static void
test_interrupt(void)
{
	static const struct fake_answer answers[] = { { .fault =
	    HTTP_CANCELLED } };

	fake_provider_set(&f, NULL, NULL, answers, 1);
	is_int(fake_provider_call(&f, &provider_imds), PROVIDER_FAILED,
	    "a signal");
	is_int(f.err.class, ERR_INTERRUPTED, "is no matter of credentials");
}

int
main(void)
{
	fake_provider_begin(&f);
	test_rows();
	test_requests();
	test_version_1();
	test_expired();
	test_region();
	test_without_network();
	test_interrupt();
	fake_provider_end(&f);
	return done_testing();
}
