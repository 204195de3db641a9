#include "fake_aws.h"
#include "tap.h"

#define COUNT(rows) (sizeof (rows) / sizeof (rows)[0])

#define FROM_AWS "x-amz-request-id: R\n"
#define CODE(code) "<Error><Code>" code "</Code></Error>"

/* How an answer to the only attempt counts; -1: neither. */
enum count { NEITHER = -1, FAILED, ANSWERED };

static const struct {
	const char *name;
	struct fake_answer answer;
	enum count count;
} rows[] = {
	{ "200", { 200, FROM_AWS, "", HTTP_OK, false, 0 }, ANSWERED },
	{ "304", { 304, FROM_AWS, NULL, HTTP_OK, false, 0 }, ANSWERED },
	{ "no such key", { 404, FROM_AWS, CODE("NoSuchKey"), HTTP_OK, false,
	    0 }, ANSWERED },
	{ "no such bucket", { 404, FROM_AWS, CODE("NoSuchBucket"), HTTP_OK,
	    false, 0 }, ANSWERED },
	{ "a denial", { 403, FROM_AWS, CODE("AccessDenied"), HTTP_OK, false,
	    0 }, ANSWERED },
	{ "a wrong region", { 301, FROM_AWS, CODE("PermanentRedirect"),
	    HTTP_OK, false, 0 }, ANSWERED },
	{ "a conflict", { 409, FROM_AWS, CODE("ConditionalRequestConflict"),
	    HTTP_OK, false, 0 }, ANSWERED },
	{ "damaged on the way", { 400, FROM_AWS, CODE("BadDigest"), HTTP_OK,
	    false, 0 }, ANSWERED },
	{ "500", { 500, FROM_AWS, CODE("InternalError"), HTTP_OK, false, 0 },
	    FAILED },
	{ "503", { 503, FROM_AWS, CODE("ServiceUnavailable"), HTTP_OK, false,
	    0 }, FAILED },
	{ "throttling", { 503, FROM_AWS, CODE("SlowDown"), HTTP_OK, false,
	    0 }, FAILED },
	{ "429", { 429, FROM_AWS, "", HTTP_OK, false, 0 }, FAILED },
	{ "S3 waited in vain", { 400, FROM_AWS, CODE("RequestTimeout"),
	    HTTP_OK, false, 0 }, FAILED },
	{ "a proxy's 502", { 502, NULL, "<html>", HTTP_OK, false, 0 },
	    FAILED },
	{ "a portal's page", { 403, NULL, "<html>", HTTP_OK, false, 0 },
	    FAILED },
	{ "no such host", { 0, NULL, NULL, HTTP_RESOLVE, false, 0 },
	    FAILED },
	{ "refused", { 0, NULL, NULL, HTTP_CONNECT, false, 0 }, FAILED },
	{ "silence", { 0, NULL, NULL, HTTP_TIMEOUT, true, 0 }, FAILED },
	{ "cut off", { 0, NULL, NULL, HTTP_RESET, true, 0 }, FAILED },
	{ "not HTTP", { 0, NULL, NULL, HTTP_MALFORMED, true, 0 }, FAILED },
	{ "another's certificate", { 0, NULL, NULL, HTTP_TLS, false, 0 },
	    NEITHER },
	{ "a large body", { 0, NULL, NULL, HTTP_LARGE, true, 0 }, NEITHER },
	{ "given up", { 0, NULL, NULL, HTTP_CANCELLED, true, 0 }, NEITHER },
};

static struct call_request
request(enum errors_service service)
{
	struct call_request r = {
		.service = service,
		.signing_name = service == ERRORS_S3 ? "s3" : "sts",
		.region = "eu-west-1",
		.method = "GET",
		.base_url = "https://b.s3.eu-west-1.amazonaws.com",
		.path = span_of("/key"),
		.max_body = 1000,
		.subject = "cannot read 's3://b/key'",
		.max_attempts = 1,
	};

	return r;
}

static enum count
send_one(enum errors_service service, const struct fake_answer *answer)
{
	struct call_request r = request(service);
	struct call_health health;
	struct call_reply reply;
	struct err err = { 0 };
	struct fake f;

	fake_begin(&f, answer, 1);
	call_reply_init(&reply);
	(void)call_send(&f.context, &r, &f.source, NULL, &reply, &err);
	health = f.context.health;
	call_reply_clear(&reply);
	fake_end(&f);
	if (health.failed)
		return health.answered ? NEITHER : FAILED;
	return health.answered ? ANSWERED : NEITHER;
}

/* An attempt that failed is forgotten when the next one went well. */
static void
test_attempts(void)
{
	static const struct fake_answer answers[] = {
		{ 503, FROM_AWS, CODE("SlowDown"), HTTP_OK, false, 0 },
		{ 0, NULL, NULL, HTTP_TIMEOUT, true, 0 },
		{ 200, FROM_AWS, "", HTTP_OK, false, 0 },
		{ 503, FROM_AWS, CODE("SlowDown"), HTTP_OK, false, 0 },
	};
	struct call_request r = request(ERRORS_S3);
	struct call_reply reply;
	struct err err = { 0 };
	struct fake f;

	fake_begin(&f, answers, COUNT(answers));
	call_reply_init(&reply);
	r.max_attempts = 3;
	is_int(call_send(&f.context, &r, &f.source, NULL, &reply, &err), 0,
	    "the third attempt does it");
	ok(f.context.health.answered && !f.context.health.failed,
	    "and S3 has served");
	r.max_attempts = 1;
	is_int(call_send(&f.context, &r, &f.source, NULL, &reply, &err), -1,
	    "another call fails");
	ok(f.context.health.answered && f.context.health.failed,
	    "both are told");
	call_reply_clear(&reply);
	fake_end(&f);
}

int
main(void)
{
	size_t i;

	for (i = 0; i < COUNT(rows); i++)
		is_int(send_one(ERRORS_S3, &rows[i].answer), rows[i].count,
		    "%s", rows[i].name);
	for (i = 0; i < COUNT(rows); i++)
		is_int(send_one(ERRORS_STS, &rows[i].answer), NEITHER,
		    "%s, of another service", rows[i].name);
	test_attempts();
	return done_testing();
}
