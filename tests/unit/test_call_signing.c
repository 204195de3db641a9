#include "call_script.h"
#include "tap.h"

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
	test_signed_anew();
	test_renew();
	test_clock();
	test_slow_keys();
	return done_testing();
}
