#include "net/retry.h"

#include "base/date.h"
#include "base/num.h"

#define COST_TRANSIENT 14
#define COST_THROTTLE 5
#define SCALE_TRANSIENT 50
#define SCALE_THROTTLE 1000
#define DELAY_MAX 20000
#define HINT_MAX 5000

/* A wish beyond a day is as good as one; it keeps the arithmetic small. */
#define WISH_MAX ((int64_t)86400 * 1000)

enum retry_kind
retry_of_fault(enum http_fault fault)
{
	switch (fault) {
	case HTTP_RESOLVE:
	case HTTP_CONNECT:
	case HTTP_TIMEOUT:
	case HTTP_RESET:
	case HTTP_MALFORMED:
		return RETRY_TRANSIENT;
	default:
		return RETRY_NEVER;
	}
}

static int
cost(enum retry_kind kind)
{
	return kind == RETRY_THROTTLE ? COST_THROTTLE : COST_TRANSIENT;
}

/* Full jitter: random/2^32 of the step. */
static int64_t
backoff(const struct retry_state *state)
{
	int64_t top = state->kind == RETRY_THROTTLE ? SCALE_THROTTLE :
	    SCALE_TRANSIENT;
	int i;

	for (i = 1; i < state->attempt && top < DELAY_MAX; i++)
		top *= 2;
	if (top > DELAY_MAX)
		top = DELAY_MAX;
	return (int64_t)((uint64_t)state->random * (uint64_t)top >> 32);
}

/* The wish can only lengthen, and not without bound. */
static int64_t
heed(int64_t delay, int64_t hint)
{
	if (hint <= delay)
		return delay;
	return hint - delay < HINT_MAX ? hint : delay + HINT_MAX;
}

static struct retry_step
stop(const char *reason)
{
	struct retry_step step = { false, 0, reason };

	return step;
}

static int *
tokens_of(struct retry_quota *quota)
{
	return quota->shared == NULL ? &quota->tokens :
	    &quota->shared->tokens;
}

static bool
take(struct retry_quota *quota, int wanted)
{
	int *tokens = tokens_of(quota);
	int before = __atomic_load_n(tokens, __ATOMIC_RELAXED);

	do {
		if (before < wanted)
			return false;
	} while (!__atomic_compare_exchange_n(tokens, &before,
	    before - wanted, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED));
	return true;
}

void
retry_share(struct retry_quota *quota, struct retry_quota *with)
{
	quota->shared = with->shared == NULL ? with : with->shared;
}

struct retry_step
retry_decide(const struct retry_state *state, struct retry_quota *quota)
{
	struct retry_step step = { true, 0, "" };

	if (state->kind == RETRY_NEVER ||
	    (state->kind == RETRY_ONCE && state->attempt > 1))
		return stop("final");
	if (state->attempt >= state->max_attempts)
		return stop("attempts");
	step.delay_ms = heed(backoff(state), state->hint_ms);
	if (step.delay_ms >= state->left_ms)
		return stop("time");
	return take(quota, cost(state->kind)) ? step : stop("quota");
}

void
retry_refund(struct retry_quota *quota, enum retry_kind last_retry)
{
	int *tokens = tokens_of(quota);
	int before = __atomic_load_n(tokens, __ATOMIC_RELAXED), after;

	do {
		after = before + (last_retry == RETRY_NEVER ? 1 :
		    cost(last_retry));
		if (after > RETRY_QUOTA_FULL)
			after = RETRY_QUOTA_FULL;
	} while (!__atomic_compare_exchange_n(tokens, &before, after, false,
	    __ATOMIC_RELAXED, __ATOMIC_RELAXED));
}

int64_t
retry_hint(struct span amz_retry_after, struct span retry_after,
    int64_t date_seconds)
{
	uint64_t n;
	int64_t then;

	if (num_parse(amz_retry_after, UINT64_MAX, &n))
		return n < (uint64_t)WISH_MAX ? (int64_t)n : WISH_MAX;
	if (num_parse(retry_after, UINT64_MAX, &n))
		return n < (uint64_t)WISH_MAX / 1000 ? (int64_t)n * 1000 :
		    WISH_MAX;
	if (date_seconds <= 0 || !date_parse_http(retry_after, &then))
		return -1;
	if (then <= date_seconds)
		return 0;
	then -= date_seconds;
	return then < WISH_MAX / 1000 ? then * 1000 : WISH_MAX;
}
