#ifndef NET_RETRY_H
#define NET_RETRY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/span.h"
#include "net/http.h"

/*
 * Standard retry mode, 2026 numbers (facts/retries.md): full jitter
 * rand[0,1) * min(scale * 2^(n-1), 20 s), scale 50 ms for transient and 1 s
 * for throttling; a server's hint lengthens it by 5 s at most; a quota shared
 * by the workers of one service. Pure: no clock, no randomness inside.
 */
enum retry_kind {
	RETRY_NEVER,		/* a final answer */
	RETRY_TRANSIENT,	/* transport, 5xx, RequestTimeout */
	RETRY_THROTTLE,		/* SlowDown, Throttling, LimitExceeded, 429 */
	RETRY_ONCE		/* damaged in transport: one more, transient */
};

/* What a fault of the transport asks for: RETRY_TRANSIENT where another attempt
 * may meet something else, else RETRY_NEVER. */
enum retry_kind retry_of_fault(enum http_fault fault);

#define RETRY_QUOTA_FULL 500

struct retry_quota {
	int tokens;		/* start with RETRY_QUOTA_FULL */
	struct retry_quota *shared;	/* another's tokens instead */
};

/* From now on quota draws on with's tokens (or on those that with draws on):
 * workers of one service have one quota. Safe for threads. */
void retry_share(struct retry_quota *quota, struct retry_quota *with);

/* What is known after a failed attempt. */
struct retry_state {
	enum retry_kind kind;
	int attempt;		/* 1 for the first */
	int max_attempts;	/* including the first */
	int64_t left_ms;	/* until the deadline */
	int64_t hint_ms;	/* the server's wish, -1 when none */
	uint32_t random;	/* 32 random bits */
};

struct retry_step {
	bool again;
	int64_t delay_ms;
	const char *reason;	/* why not again: "attempts", "time", "quota",
				   "final"; for logs */
};

/* What to do next. Takes tokens from the quota when it says again. */
struct retry_step retry_decide(const struct retry_state *state,
    struct retry_quota *quota);

/* Give tokens back after a success: those of the last retry, else one. */
void retry_refund(struct retry_quota *quota, enum retry_kind last_retry);

/*
 * The server's wish in ms from x-amz-retry-after (integer ms) or Retry-After
 * (seconds, or an HTTP date seen from date_seconds, the answer's Date); -1
 * when neither says anything sound.
 */
int64_t retry_hint(struct span amz_retry_after, struct span retry_after,
    int64_t date_seconds);

#endif
