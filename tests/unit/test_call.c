#include "tap.h"

#include <unistd.h>

#include "base/limits.h"
#include "fake_aws.h"
#include "sys/interrupt.h"

#define COUNT(rows) (sizeof (rows) / sizeof (rows)[0])

#define AMZ "x-amz-request-id: R\n"
#define ERROR(code) "<Error><Code>" code "</Code></Error>"
#define BUSY { 503, AMZ, ERROR("SlowDown"), 0, false, 0 }
#define FINE { 200, AMZ "etag: \"x\"\n", "body", 0, false, 0 }

static const struct call_request get = {
	.service = ERRORS_S3, .signing_name = "s3", .region = "eu-west-1",
	.method = "GET", .base_url = "https://B.s3.eu-west-1.amazonaws.com",
	.path = SPAN_LITERAL("/k%20"), .query = SPAN_LITERAL("a=b"),
	.max_body = 1000, .subject = "cannot read 'k'",
};

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

/* Sequences: what is retried, how often, and what remains. */
static void
test_retries(void)
{
	static const struct {
		const char *name;
		struct fake_answer answers[5];
		size_t count;
		int result;
		enum err_class class;
		const char *message;	/* a part */
		int attempts;
		bool ambiguous, sent;
		long counted;
		int64_t slept;
	} rows[] = {
		{ "throttled once", { BUSY, FINE }, 2, 0, 0, "", 2, true,
		    true, 2, 501 },
		{ "throttled thrice", { BUSY, BUSY, BUSY, FINE }, 3, -1,
		    ERR_NETWORK, "cannot read 'k' (after 3 attempts): the "
		    "service asks to slow down (SlowDown, HTTP 503)", 3,
		    true, true, 3, 1504 },
		{ "two kinds of failure", { BUSY, { 403, AMZ,
		    ERROR("AccessDenied"), 0, false, 0 } }, 2, -1,
		    ERR_DENIED, "(after 2 attempts; the first: SlowDown, "
		    "HTTP 503): access denied (AccessDenied, HTTP 403)", 2,
		    true, true, 2, 501 },
		{ "transient", { { 500, AMZ, ERROR("InternalError"), 0,
		    false, 0 }, FINE }, 2, 0, 0, "", 2, true, true, 2, 25 },
		{ "denied", { { 403, AMZ, ERROR("AccessDenied"), 0, false,
		    0 } }, 1, -1, ERR_DENIED, "access denied", 1, false,
		    true, 1, 0 },
		{ "cut while answering", { { 0, NULL, NULL, HTTP_RESET,
		    true, 0 }, FINE }, 2, 0, 0, "", 2, true, true, 2, 25 },
		{ "not even connected", { { 0, NULL, NULL, HTTP_CONNECT,
		    false, 0 }, FINE }, 2, 0, 0, "", 2, false, true, 1, 25 },
		{ "never connected", { { 0, NULL, NULL, HTTP_RESOLVE, false,
		    0 }, { 0, NULL, NULL, HTTP_RESOLVE, false, 0 },
		    { 0, NULL, NULL, HTTP_RESOLVE, false, 0 } }, 3, -1,
		    ERR_NETWORK, "(after 3 attempts): fault 'resolve'", 3,
		    false, false, 0, 75 },
		{ "first a reset, then refused", { { 0, NULL, NULL,
		    HTTP_RESET, true, 0 }, { 0, NULL, NULL, HTTP_TLS, false,
		    0 } }, 2, -1, ERR_NETWORK, "(after 2 attempts; the "
		    "first: reset): fault 'tls'", 2, true, true, 1, 25 },
		{ "malformed", { { 0, NULL, NULL, HTTP_MALFORMED, true, 0 },
		    FINE }, 2, 0, 0, "", 2, true, true, 2, 25 },
		{ "timeout", { { 0, NULL, NULL, HTTP_TIMEOUT, true, 0 },
		    FINE }, 2, 0, 0, "", 2, true, true, 2, 25 },
		{ "certificate", { { 0, NULL, NULL, HTTP_TLS, false, 0 } },
		    1, -1, ERR_NETWORK, "fault 'tls'", 1, false, false, 0,
		    0 },
		{ "proxy", { { 0, NULL, NULL, HTTP_PROXY, false, 0 } }, 1,
		    -1, ERR_NETWORK, "fault 'proxy'", 1, false, false, 0, 0 },
		{ "large", { { 0, NULL, NULL, HTTP_LARGE, true, 0 } }, 1,
		    -1, ERR_NETWORK, "fault 'large'", 1, true, true, 1, 0 },
		{ "internal", { { 0, NULL, NULL, HTTP_INTERNAL, false, 0 } },
		    1, -1, ERR_NETWORK, "fault 'internal'", 1, false, false,
		    0, 0 },
		{ "cancelled", { { 0, NULL, NULL, HTTP_CANCELLED, true, 0 }
		    }, 1, -1, ERR_INTERRUPTED, "interrupted", 1, true, true,
		    1, 0 },
		{ "damaged twice", { { 400, AMZ, ERROR("BadDigest"), 0,
		    false, 0 }, { 400, AMZ, ERROR("BadDigest"), 0, false, 0 }
		    }, 2, -1, ERR_NETWORK, "damaged", 2, false, true, 2,
		    25 },
		{ "a hint of the server", { { 503, AMZ
		    "x-amz-retry-after: 2000\n", ERROR("SlowDown"), 0,
		    false, 0 }, FINE }, 2, 0, 0, "", 2, true, true, 2,
		    2000 },
		{ "not AWS, 502", { { 502, "", "<html/>", 0, false, 0 },
		    FINE }, 2, 0, 0, "", 2, true, true, 2, 25 },
		{ "not AWS, 403", { { 403, "", "<html/>", 0, false, 0 } },
		    1, -1, ERR_NETWORK, "not from AWS", 1, false, true, 1,
		    0 },
		{ "304", { { 304, AMZ, NULL, 0, false, 0 } }, 1, 0, 0, "",
		    1, false, true, 1, 0 },
		{ "region", { { 301, AMZ "x-amz-bucket-region: eu-west-2\n",
		    "", 0, false, 0 } }, 1, -1, ERR_BUCKET, "region", 1,
		    false, true, 1, 0 },
	};
	struct call_reply reply;
	size_t i;

	for (i = 0; i < COUNT(rows); i++) {
		const char *name = rows[i].name;
		struct err err = { 0 };
		struct fake f;

		fake_begin(&f, rows[i].answers, rows[i].count);
		call_reply_init(&reply);
		is_int(call_send(&f.context, &get, &f.source, NULL, &reply,
		    &err), rows[i].result, "%s: result", name);
		is_int(err.class, rows[i].class, "%s: class", name);
		has_str(err.message, rows[i].message, "%s: message", name);
		is_int(reply.attempts, rows[i].attempts, "%s: attempts",
		    name);
		is_int(reply.ambiguous, rows[i].ambiguous, "%s: ambiguous",
		    name);
		is_int(reply.sent, rows[i].sent, "%s: sent", name);
		is_int(f.context.counts.s3, rows[i].counted, "%s: counted",
		    name);
		is_int(f.slept_ms, rows[i].slept, "%s: slept", name);
		is_uint(f.used, rows[i].count, "%s: nothing left over",
		    name);
		call_reply_clear(&reply);
		fake_end(&f);
	}
}

static void
test_signed_anew(void)
{
	static const struct fake_answer answers[] = {
		{ 503, AMZ "x-amz-retry-after: 4000\n", ERROR("SlowDown"),
		    0, false, 0 }, FINE };
	struct call_reply reply;
	struct err err = { 0 };
	struct fake f;

	fake_begin(&f, answers, 2);
	call_reply_init(&reply);
	is_int(call_send(&f.context, &get, &f.source, NULL, &reply, &err),
	    0, "two attempts");
	ok(fake_has(&f, 0, "x-amz-date", "20260102T030405Z"),
	    "the first one's date");
	ok(fake_has(&f, 1, "x-amz-date", "20260102T030409Z"),
	    "the second is signed with its own");
	ok(fake_has(&f, 1, "amz-sdk-request", "attempt=2; max=3"),
	    "and counts up");
	is_int(f.context.quota_s3.tokens, RETRY_QUOTA_FULL,
	    "the quota is given back");
	is_int(f.gets, 2, "keys are asked for each time");
	call_reply_clear(&reply);
	fake_end(&f);
}

static void
test_limits(void)
{
	static const struct fake_answer busy[] = { BUSY, BUSY, BUSY, BUSY };
	static const struct fake_answer slow[] = { { 500, AMZ, "", 0, false,
	    990 }, FINE };
	struct call_request once = get;
	struct call_reply reply;
	struct err err = { 0 };
	struct fake f;

	fake_begin(&f, busy, 4);
	call_reply_init(&reply);
	once.max_attempts = 1;
	is_int(call_send(&f.context, &once, &f.source, NULL, &reply, &err),
	    -1, "what must not be repeated");
	is_int(reply.attempts, 1, "is not repeated");

	err_clear(&err);
	f.context.quota_s3.tokens = 4;
	is_int(call_send(&f.context, &get, &f.source, NULL, &reply, &err),
	    -1, "no quota");
	is_int(reply.attempts, 1, "no retry");

	err_clear(&err);
	f.used = 0;
	f.context.quota_s3.tokens = 0;
	f.context.quota_other.tokens = RETRY_QUOTA_FULL;
	once.service = ERRORS_CE;
	once.signing_name = "ce";
	once.max_attempts = 2;
	is_int(call_send(&f.context, &once, &f.source, NULL, &reply, &err),
	    -1, "another service");
	is_int(reply.attempts, 2, "has a quota of its own");
	call_reply_clear(&reply);
	fake_end(&f);

	err_clear(&err);
	fake_begin(&f, slow, 2);
	call_reply_init(&reply);
	f.context.deadline_ms = 1000;
	is_int(call_send(&f.context, &get, &f.source, NULL, &reply, &err),
	    -1, "no time for another attempt");
	is_int(reply.attempts, 1, "so there is none");
	is_int(err.class, ERR_NETWORK, "a network error");
	has_str(err.message, "HTTP 500", "which says what was wrong");
	is_int(call_left_ms(&f.context), 10, "time left");

	err_clear(&err);
	f.elapsed_ms = 2000;
	is_int(call_left_ms(&f.context), 0, "never negative");
	is_int(call_send(&f.context, &get, &f.source, NULL, &reply, &err),
	    -1, "no time at all");
	has_str(err.message, "cannot read 'k': timed out after 0.0 s",
	    "timed out");
	is_int(reply.attempts, 0, "nothing is sent");
	ok(!reply.sent, "sent is false");
	f.context.deadline_ms = INT64_MAX;
	ok(call_left_ms(&f.context) == INT64_MAX, "no deadline");
	call_reply_clear(&reply);
	fake_end(&f);
}

#define EXPIRED { 400, AMZ, ERROR("ExpiredToken"), 0, false, 0 }

static void
test_renew(void)
{
	static const struct fake_answer good[] = { EXPIRED, FINE };
	static const struct fake_answer bad[] = { EXPIRED, EXPIRED, FINE };
	struct call_request once = get;
	struct call_reply reply;
	struct err err = { 0 };
	struct fake f;

	fake_begin(&f, good, 2);
	call_reply_init(&reply);
	once.max_attempts = 1;
	is_int(call_send(&f.context, &once, &f.source, NULL, &reply, &err),
	    0, "an expired session is renewed, and costs no attempt");
	is_int(f.renewals, 1, "keys are resolved again");
	has_str(f.seen[1].fields, "Credential=ASIARENEWED/",
	    "signed with the new keys");
	ok(fake_has(&f, 1, "x-amz-security-token", "token-2"),
	    "and the new token");
	is_int(f.slept_ms, 0, "without waiting");
	fake_end(&f);

	fake_begin(&f, bad, 3);
	is_int(call_send(&f.context, &get, &f.source, NULL, &reply, &err),
	    -1, "expired again");
	is_int(f.renewals, 1, "is renewed only once");
	is_int(err.class, ERR_CREDENTIALS, "credentials");
	fake_end(&f);

	err_clear(&err);
	fake_begin(&f, good, 2);
	f.no_keys_on_renewal = true;
	is_int(call_send(&f.context, &get, &f.source, NULL, &reply, &err),
	    -1, "no keys to be had");
	is_str(err.message, "no keys any more", "their error is the one");
	fake_end(&f);

	err_clear(&err);
	fake_begin(&f, bad, 1);
	once.signing_name = NULL;
	is_int(call_send(&f.context, &once, NULL, NULL, &reply, &err), -1,
	    "an unsigned call renews nothing");
	call_reply_clear(&reply);
	fake_end(&f);
}

/* 2026-01-02: ten minutes later, and two seconds. */
#define LATER "date: Fri, 02 Jan 2026 03:14:05 GMT\n"
#define NEAR "date: Fri, 02 Jan 2026 03:04:07 GMT\n"
#define SKEWED ERROR("RequestTimeTooSkewed")

static void
test_clock(void)
{
	static const struct {
		const char *name, *url;
		struct fake_answer answers[3];
		int result, attempts;
		int64_t skew, date;
	} rows[] = {
		{ "corrected", "https://h", { { 403, AMZ LATER, SKEWED, 0,
		    false, 0 }, { 200, AMZ LATER, "", 0, false, 0 } }, 0, 2,
		    600, 1767323645 },
		{ "only once", "https://h", { { 403, AMZ LATER, SKEWED, 0,
		    false, 0 }, { 403, AMZ "date: Fri, 02 Jan 2026 05:00:00"
		    " GMT\n", SKEWED, 0, false, 0 }, FINE }, -1, 2, 600,
		    1767330000 },
		{ "no request id", "https://h", { { 403, LATER, SKEWED, 0,
		    false, 0 }, FINE }, -1, 1, 0, 1767323645 },
		{ "no date", "https://h", { { 403, AMZ, SKEWED, 0, false, 0
		    }, FINE }, -1, 1, 0, -1 },
		{ "no difference", "https://h", { { 403, AMZ NEAR, SKEWED, 0,
		    false, 0 }, FINE }, -1, 1, 0, 1767323047 },
		{ "another error", "https://h", { { 403, AMZ LATER,
		    ERROR("AccessDenied"), 0, false, 0 }, FINE }, -1, 1, 0,
		    1767323645 },
		{ "plain http", "http://store.example", { { 403, AMZ LATER,
		    SKEWED, 0, false, 0 }, FINE }, -1, 1, 0, -1 },
		{ "loopback", "http://127.0.0.1:9", { { 403, AMZ LATER,
		    SKEWED, 0, false, 0 }, FINE }, 0, 2, 600, -1 },
	};
	struct call_request request = get;
	struct call_reply reply;
	size_t i;

	request.max_attempts = 1;
	for (i = 0; i < COUNT(rows); i++) {
		const char *name = rows[i].name;
		struct err err = { 0 };
		struct fake f;

		fake_begin(&f, rows[i].answers, 3);
		call_reply_init(&reply);
		request.base_url = rows[i].url;
		is_int(call_send(&f.context, &request, &f.source, NULL,
		    &reply, &err), rows[i].result, "clock, %s: result",
		    name);
		is_int(reply.attempts, rows[i].attempts,
		    "clock, %s: attempts", name);
		is_int(f.context.skew, rows[i].skew, "clock, %s: skew",
		    name);
		is_int(reply.date, rows[i].date, "clock, %s: date", name);
		if (rows[i].attempts == 2)
			ok(fake_has(&f, 1, "x-amz-date",
			    "20260102T031405Z"),
			    "clock, %s: signed with the server's time",
			    name);
		call_reply_clear(&reply);
		fake_end(&f);
	}
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
test_interrupt(void)
{
	static const struct fake_answer answers[] = {
		{ 503, AMZ "x-amz-retry-after: 5000\n", ERROR("SlowDown"),
		    0, false, 0 }, FINE };
	struct call_reply reply;
	struct err err = { 0 };
	struct fake f;

	if (!ok(interrupt_install() == 0, "signals are caught"))
		return;
	fake_begin(&f, answers, 2);
	call_reply_init(&reply);
	f.signal_after_sleeps = 3;
	is_int(call_send(&f.context, &get, &f.source, NULL, &reply, &err),
	    -1, "a signal while waiting");
	is_int(err.class, ERR_INTERRUPTED, "interrupts");
	is_int(f.slept_ms, 300, "within a slice of 100 ms");
	is_int(reply.attempts, 1, "nothing more is sent");
	err_clear(&err);
	is_int(call_send(&f.context, &get, &f.source, NULL, &reply, &err),
	    0, "a later call is not hit by an old signal");
	call_reply_clear(&reply);
	fake_end(&f);
}

static void
test_trace(void)
{
	static const struct fake_answer answers[] = { BUSY, FINE };
	struct call_reply reply;
	struct err err = { 0 };
	struct fake f;
	char text[1000];
	ssize_t n;
	int fds[2];

	if (pipe(fds) != 0) {
		ok(false, "a pipe");
		return;
	}
	fake_begin(&f, answers, 2);
	call_reply_init(&reply);
	f.context.log = log_new(fds[1], LOG_TRACE);
	is_int(call_send(&f.context, &get, &f.source, NULL, &reply, &err),
	    0, "traced");
	n = read(fds[0], text, sizeof text - 1);
	text[n < 0 ? 0 : n] = '\0';
	has_str(text, "attempt 1 of 3: SlowDown, HTTP 503, request R; "
	    "again in 501 ms", "a line for the retry");
	log_free(f.context.log);
	close(fds[0]);
	close(fds[1]);
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

/* Keys that took requests of their own: their time is the call's time. */
static int
slow_get(void *state, bool renew, const struct keys **keys, struct err *err)
{
	struct fake *f = state;

	f->elapsed_ms += 4000;
	return fake_get(state, renew, keys, err);
}

static void
test_slow_keys(void)
{
	static const struct fake_answer answers[] = {
		{ 200, NULL, "", 0, false, 0 },
		{ 200, NULL, "", 0, false, 0 },
	};
	struct call_reply reply;
	struct err err = { 0 };
	struct fake f;

	fake_begin(&f, answers, 2);
	call_reply_init(&reply);
	f.source.get = slow_get;
	f.context.deadline_ms = 10000;
	is_int(call_send(&f.context, &get, &f.source, NULL, &reply, &err), 0,
	    "keys that take four of ten seconds");
	is_int(f.seen[0].total_ms, 6000, "leave six");
	f.context.deadline_ms = f.elapsed_ms + 3000;
	is_int(call_send(&f.context, &get, &f.source, NULL, &reply, &err), 0,
	    "keys that take all of the time");
	is_int(f.seen[1].total_ms, 1, "leave next to nothing");
	call_reply_clear(&reply);
	fake_end(&f);
}

int
main(void)
{
	test_request();
	test_services();
	test_retries();
	test_signed_anew();
	test_limits();
	test_renew();
	test_clock();
	test_expected();
	test_error_in_200();
	test_sink();
	test_interrupt();
	test_trace();
	test_bad_url();
	test_slow_keys();
	return done_testing();
}
