#include "net/retry.h"

#include "tap.h"

static const struct {
	const char *name;
	struct retry_state state;
	int tokens;
	bool again;
	int64_t delay;
	const char *reason;
	int left;
} rows[] = {
	{ "transient, first, no jitter",
	    { RETRY_TRANSIENT, 1, 3, 60000, -1, 0 }, 500, true, 0, "", 486 },
	{ "transient, first, full jitter",
	    { RETRY_TRANSIENT, 1, 3, 60000, -1, UINT32_MAX }, 500, true, 49,
	    "", 486 },
	{ "transient, second, half",
	    { RETRY_TRANSIENT, 2, 3, 60000, -1, 0x80000000 }, 500, true, 50,
	    "", 486 },
	{ "throttle, first, half",
	    { RETRY_THROTTLE, 1, 3, 60000, -1, 0x80000000 }, 500, true, 500,
	    "", 495 },
	{ "throttle, fourth: 8 s",
	    { RETRY_THROTTLE, 4, 9, 60000, -1, 0x80000000 }, 500, true, 4000,
	    "", 495 },
	{ "throttle, tenth: held at 20 s",
	    { RETRY_THROTTLE, 10, 99, 60000, -1, 0x80000000 }, 500, true,
	    10000, "", 495 },
	{ "transient, a thousandth: held at 20 s",
	    { RETRY_TRANSIENT, 1000, 2000, 60000, -1, 0x80000000 }, 500, true,
	    10000, "", 486 },
	{ "the server's wish lengthens",
	    { RETRY_TRANSIENT, 1, 3, 60000, 3000, 0 }, 500, true, 3000, "",
	    486 },
	{ "by 5 s at most",
	    { RETRY_THROTTLE, 1, 3, 60000, 90000, 0x80000000 }, 500, true,
	    5500, "", 495 },
	{ "and never shortens",
	    { RETRY_THROTTLE, 1, 3, 60000, 10, 0x80000000 }, 500, true, 500,
	    "", 495 },
	{ "a final answer",
	    { RETRY_NEVER, 1, 3, 60000, -1, 0 }, 500, false, 0, "final", 500 },
	{ "damaged once",
	    { RETRY_ONCE, 1, 3, 60000, -1, 0 }, 500, true, 0, "", 486 },
	{ "damaged twice",
	    { RETRY_ONCE, 2, 3, 60000, -1, 0 }, 500, false, 0, "final", 500 },
	{ "no attempt left",
	    { RETRY_TRANSIENT, 3, 3, 60000, -1, 0 }, 500, false, 0, "attempts",
	    500 },
	{ "one attempt allowed",
	    { RETRY_THROTTLE, 1, 1, 60000, -1, 0 }, 500, false, 0, "attempts",
	    500 },
	{ "the deadline comes first",
	    { RETRY_THROTTLE, 1, 3, 500, -1, 0x80000000 }, 500, false, 0,
	    "time", 500 },
	{ "the deadline is over",
	    { RETRY_TRANSIENT, 1, 3, 0, -1, 0 }, 500, false, 0, "time", 500 },
	{ "the quota is used up",
	    { RETRY_TRANSIENT, 1, 3, 60000, -1, 0 }, 13, false, 0, "quota",
	    13 },
	{ "but throttling still fits",
	    { RETRY_THROTTLE, 1, 3, 60000, -1, 0 }, 5, true, 0, "", 0 }
};

static const struct {
	const char *amz;
	const char *http;
	int64_t date;
	int64_t want;
} hints[] = {
	{ "1500", "", 0, 1500 },
	{ "0", "9", 0, 0 },
	{ "-5", "", 0, -1 },
	{ "1.5", "2", 0, 2000 },
	{ "", "120", 0, 120000 },
	{ "", "99999999999999", 0, 86400000 },
	{ "99999999999999", "", 0, 86400000 },
	{ "", "99999999999999999999999", 0, -1 },
	{ "", "Sun, 06 Nov 1994 08:49:37 GMT", 784111767, 10000 },
	{ "", "Sun, 06 Nov 1994 08:49:37 GMT", 784111777, 0 },
	{ "", "Sun, 06 Nov 1994 08:49:37 GMT", 784119999, 0 },
	{ "", "Sun, 06 Nov 1994 08:49:37 GMT", 0, -1 },
	{ "", "Sun, 06 Nov 2094 08:49:37 GMT", 784111767, 86400000 },
	{ "", "soon", 784111767, -1 },
	{ "", "", 784111767, -1 }
};

int
main(void)
{
	struct retry_quota quota = { 0 }, first = { 0 }, second = { 0 };
	struct retry_step step;
	size_t i;

	for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		quota.tokens = rows[i].tokens;
		step = retry_decide(&rows[i].state, &quota);
		is_int(step.again, rows[i].again, "%s: again", rows[i].name);
		is_int(step.delay_ms, rows[i].delay, "%s: delay",
		    rows[i].name);
		is_str(step.reason, rows[i].reason, "%s: reason",
		    rows[i].name);
		is_int(quota.tokens, rows[i].left, "%s: tokens",
		    rows[i].name);
	}
	first.tokens = 14;
	retry_share(&second, &first);
	retry_share(&quota, &second);
	ok(retry_decide(&rows[0].state, &quota).again &&
	    first.tokens == 0, "one worker takes what is there");
	ok(!retry_decide(&rows[0].state, &second).again,
	    "the other finds nothing left");
	retry_refund(&quota, RETRY_TRANSIENT);
	is_int(first.tokens, 14, "what is given back is everybody's");
	quota.shared = NULL;
	quota.tokens = 100;
	retry_refund(&quota, RETRY_NEVER);
	is_int(quota.tokens, 101, "a first success gives one back");
	retry_refund(&quota, RETRY_TRANSIENT);
	is_int(quota.tokens, 115, "a retried one what it took");
	retry_refund(&quota, RETRY_THROTTLE);
	is_int(quota.tokens, 120, "throttling, too");
	quota.tokens = RETRY_QUOTA_FULL;
	retry_refund(&quota, RETRY_ONCE);
	is_int(quota.tokens, RETRY_QUOTA_FULL, "never beyond full");
	for (i = 0; i < sizeof hints / sizeof hints[0]; i++)
		is_int(retry_hint(span_of(hints[i].amz),
		    span_of(hints[i].http), hints[i].date), hints[i].want,
		    "hint '%s' '%s'", hints[i].amz, hints[i].http);
	return done_testing();
}
