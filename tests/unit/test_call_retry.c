#include <unistd.h>

#include "call_script.h"
#include "sys/interrupt.h"
#include "tap.h"

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

int
main(void)
{
	test_retries();
	test_limits();
	test_interrupt();
	test_trace();
	return done_testing();
}
