#include "call_script.h"
#include "tap.h"

static void
test_request(void)
{
	static const struct fake_answer answers[] = { FINE };
	static const struct http_field fields[] = { { "range", "bytes=0-0" } };
	struct call_request request = get;
	struct call_reply reply;
	struct err err = { 0 };
	struct fake f;

	fake_begin(&f, answers, 1);
	if (secret_set(&f.keys[0].session_token, span_of("tok"), &err) != 0)
		return;
	request.fields = fields;
	request.field_count = 1;
	f.context.deadline_ms = 5000;
	call_reply_init(&reply);
	is_int(call_send(&f.context, &request, &f.source, NULL, &reply,
	    &err), 0, "a good answer");
	is_str(f.seen[0].url,
	    "https://b.s3.eu-west-1.amazonaws.com/k%20?a=b",
	    "the URL, its host in lower case");
	ok(fake_has(&f, 0, "range", "bytes=0-0"), "the caller's field");
	ok(fake_has(&f, 0, "x-amz-date", "20260102T030405Z"), "the date");
	ok(fake_has(&f, 0, "x-amz-security-token", "tok"), "the token");
	ok(fake_has(&f, 0, "x-amz-content-sha256",
	    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
	    ), "the payload's hash");
	has_str(f.seen[0].fields, "Credential=AKIAIOSFODNN7EXAMPLE/20260102/"
	    "eu-west-1/s3/aws4_request, SignedHeaders=host;range;"
	    "x-amz-content-sha256;x-amz-date;x-amz-security-token, ",
	    "what is signed");
	ok(!fake_has(&f, 0, "host", NULL), "Host is the transport's to send");
	ok(fake_has(&f, 0, "amz-sdk-request", "attempt=1; max=3"),
	    "amz-sdk-request");
	ok(fake_has(&f, 0, "amz-sdk-invocation-id",
	    "80808080-8080-4080-8080-808080808080"), "a version 4 UUID");
	is_int(f.seen[0].total_ms, 5000, "the deadline goes along");
	ok(!f.seen[0].has_body, "no body");
	is_int(f.context.counts.s3, 1, "counted");
	is_int(reply.attempts, 1, "one attempt");
	ok(reply.sent && !reply.ambiguous, "sent, not ambiguous");
	is_span(buf_view(&reply.response.body), "body", "the body");
	call_reply_clear(&reply);
	fake_end(&f);
}

static void
test_services(void)
{
	static const struct fake_answer answers[] = { FINE, FINE, FINE };
	struct call_request request = get;
	struct call_reply reply;
	struct err err = { 0 };
	struct fake f;

	fake_begin(&f, answers, 3);
	call_reply_init(&reply);
	request.service = ERRORS_CE;
	request.signing_name = "ce";
	request.has_body = true;
	request.body = span_of("{}");
	is_int(call_send(&f.context, &request, &f.source, NULL, &reply,
	    &err), 0, "Cost Explorer");
	ok(!fake_has(&f, 0, "x-amz-content-sha256", NULL),
	    "no content hash outside S3");
	is_str(f.seen[0].body, "{}", "the body");
	is_int(f.context.counts.ce, 1, "counted for Cost Explorer");
	ok(f.seen[0].total_ms > 0 && f.seen[0].total_ms <= 86400000,
	    "no deadline is a day");

	request.service = ERRORS_OTHER;
	request.signing_name = NULL;
	is_int(call_send(&f.context, &request, NULL, NULL, &reply, &err), 0,
	    "unsigned, without keys");
	ok(!fake_has(&f, 1, "authorization", NULL) &&
	    !fake_has(&f, 1, "x-amz-date", NULL), "nothing is signed");
	is_int(f.context.counts.other, 1, "counted as other");

	request.service = ERRORS_STS;
	is_int(call_send(&f.context, &request, NULL, NULL, &reply, &err), 0,
	    "STS");
	is_int(f.context.counts.sts, 1, "counted for STS");
	is_int(f.gets, 1, "keys are asked for when they are needed");
	call_reply_clear(&reply);
	fake_end(&f);
}

static void
test_expected(void)
{
	static const int expected[] = { 404, 409, 0 };
	static const struct fake_answer answers[] = {
		{ 404, AMZ, ERROR("NoSuchKey"), 0, false, 0 },
		{ 409, AMZ, ERROR("OperationAborted"), 0, false, 0 },
	};
	struct call_reply reply;
	struct err err = { 0 };
	struct fake f;

	fake_begin(&f, answers, 2);
	call_reply_init(&reply);
	is_int(call_send(&f.context, &get, &f.source, expected, &reply,
	    &err), 0, "an expected status is no error");
	is_str(reply.report.code, "NoSuchKey", "its report is filled");
	is_int(call_send(&f.context, &get, &f.source, expected, &reply,
	    &err), 0, "even one that would be retried");
	is_int(reply.attempts, 1, "comes back at once");
	is_int(err.class, ERR_NONE, "no error is set");
	call_reply_clear(&reply);
	fake_end(&f);
}

static void
test_error_in_200(void)
{
	static const struct fake_answer answers[] = {
		{ 200, AMZ, ERROR("InternalError"), 0, false, 0 }, FINE,
		{ 200, AMZ, ERROR("AccessDenied"), 0, false, 0 },
		{ 200, AMZ, ERROR("InternalError"), 0, false, 0 },
	};
	struct call_request put = get;
	struct call_reply reply;
	struct err err = { 0 };
	struct fake f;

	fake_begin(&f, answers, 4);
	call_reply_init(&reply);
	put.error_in_200 = true;
	is_int(call_send(&f.context, &put, &f.source, NULL, &reply, &err),
	    0, "an <Error> with status 200");
	is_int(reply.attempts, 2, "is retried as a 500");
	ok(reply.ambiguous, "and leaves doubt");
	is_int(call_send(&f.context, &put, &f.source, NULL, &reply, &err),
	    -1, "a final one");
	is_int(err.class, ERR_DENIED, "goes by its code");
	err_clear(&err);
	is_int(call_send(&f.context, &get, &f.source, NULL, &reply, &err),
	    0, "an object may hold <Error>");
	call_reply_clear(&reply);
	fake_end(&f);
}

struct drain {
	char text[64];
	size_t n;
	bool full;
};

static int
drain(void *state, const char *p, size_t n, struct err *err)
{
	struct drain *d = state;

	if (d->full)
		return err_set(err, ERR_DATA, "no more");
	if (n > sizeof d->text - d->n - 1)
		n = sizeof d->text - d->n - 1;
	memcpy(d->text + d->n, p, n);
	d->n += n;
	return 0;
}

static void
test_sink(void)
{
	static const struct fake_answer cut[] = { { 200, AMZ, "half",
	    HTTP_RESET, true, 0 }, FINE };
	static const struct fake_answer busy[] = { BUSY, FINE, FINE };
	struct call_request request = get;
	struct call_reply reply;
	struct drain d = { "", 0, false };
	struct err err = { 0 };
	struct fake f;

	request.sink = drain;
	request.sink_state = &d;
	fake_begin(&f, cut, 2);
	call_reply_init(&reply);
	is_int(call_send(&f.context, &request, &f.source, NULL, &reply,
	    &err), -1, "cut while the sink was fed");
	is_int(reply.attempts, 1, "is not repeated");
	is_str(d.text, "half", "what came");
	fake_end(&f);

	fake_begin(&f, busy, 3);
	memset(&d, 0, sizeof d);
	err_clear(&err);
	is_int(call_send(&f.context, &request, &f.source, NULL, &reply,
	    &err), 0, "an error before the sink was fed");
	is_str(d.text, "body", "is retried, and the body is whole");
	d.full = true;
	is_int(call_send(&f.context, &request, &f.source, NULL, &reply,
	    &err), -1, "the sink says no");
	is_str(err.message, "cannot read 'k': no more",
	    "its error is the one");
	is_int(err.class, ERR_DATA, "of its class");
	call_reply_clear(&reply);
	fake_end(&f);
}

static void
test_bad_url(void)
{
	struct call_request request = get;
	struct call_reply reply;
	struct err err = { 0 };
	struct fake f;

	fake_begin(&f, NULL, 0);
	call_reply_init(&reply);
	request.base_url = "ftp://x";
	is_int(call_send(&f.context, &request, &f.source, NULL, &reply,
	    &err), -1, "a URL that is none");
	is_int(err.class, ERR_USAGE, "is a matter of settings");
	call_reply_clear(&reply);
	fake_end(&f);
}

int
main(void)
{
	test_request();
	test_services();
	test_expected();
	test_error_in_200();
	test_sink();
	test_bad_url();
	return done_testing();
}
