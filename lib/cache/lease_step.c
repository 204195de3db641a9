#include "cache/lease_step.h"

/* A round of waiting asks S3 twice; the first rounds come quickly. */
#define ROUND_MIN_MS 400
#define ROUND_MAX_MS 2500
#define CONFLICT_MS 100

/* So many PUTs without a pause: a store whose conditions never hold (412 on
 * what it has just shown) must not be asked in a tight loop. */
#define PUTS 3

static struct lease_next
act(struct lease_steps *s, enum lease_do what)
{
	struct lease_next next = { what, 0, false };

	s->last = what;
	return next;
}

/* Half the length for certain, half by chance: nobody stays in step. */
static struct lease_next
pause(struct lease_steps *s, int64_t length, int64_t left, uint32_t random)
{
	struct lease_next next = act(s, LEASE_PAUSE);

	s->puts = 0;
	next.pause_ms = length / 2 +
	    (int64_t)((uint64_t)(length - length / 2) * random >> 32);
	if (next.pause_ms > left)
		next.pause_ms = left;
	return next;
}

static struct lease_next
wait_round(struct lease_steps *s, int64_t left, uint32_t random)
{
	int64_t length = ROUND_MIN_MS;
	int i;

	s->phase = LEASE_WAITING;
	if (left <= 0)
		return act(s, LEASE_BUSY);
	for (i = 0; i < s->rounds && length < ROUND_MAX_MS; i++)
		length *= 2;
	if (length > ROUND_MAX_MS)
		length = ROUND_MAX_MS;
	s->rounds++;
	return pause(s, length, left, random);
}

static struct lease_next
put(struct lease_steps *s, enum lease_do what, int64_t left, uint32_t random)
{
	struct lease_next next;

	/* Nobody buys, and we may only for ourselves. */
	if (s->denied)
		return act(s, LEASE_ALONE);
	if (s->puts == PUTS)
		return wait_round(s, left, random);
	s->puts++;
	s->phase = LEASE_TAKING;
	next = act(s, what);
	/* Nothing has said since that the last one was in vain. */
	next.again = s->conflict || s->blind;
	s->conflict = false;
	return next;
}

/* 200: ours, where the store can be relied on; else it is read back once. */
static struct lease_next
written(struct lease_steps *s)
{
	struct lease_next next;

	if (s->trusted)
		return act(s, LEASE_HELD);
	if (s->versioned && s->settle_ms > 0) {
		s->phase = LEASE_SETTLING;
		next = act(s, LEASE_PAUSE);
		next.pause_ms = s->settle_ms;
		return next;
	}
	s->phase = LEASE_PROVING;
	return act(s, LEASE_READ);
}

/* 409: it says nothing about who won. */
static struct lease_next
conflict(struct lease_steps *s, int64_t left, uint32_t random)
{
	if (left > 0) {
		s->conflict = s->last == LEASE_TAKE;
		s->phase = s->conflict ? LEASE_TAKING : LEASE_WAITING;
		return pause(s, CONFLICT_MS, left, random);
	}
	/* Who does not wait has a lease to take, or a holder to name. */
	s->phase = LEASE_ASKING;
	return act(s, LEASE_READ);
}

/* After a PUT, of either kind. */
static struct lease_next
after_put(struct lease_steps *s, enum lease_saw saw, int64_t left,
    uint32_t random)
{
	switch (saw) {
	case LEASE_SAW_WRITTEN:
		return written(s);
	case LEASE_SAW_REFUSED:
		/* Somebody buys, or it was our own first attempt. */
		s->phase = LEASE_ASKING;
		return act(s, LEASE_READ);
	case LEASE_SAW_CONFLICT:
		return conflict(s, left, random);
	case LEASE_SAW_GONE:
		return put(s, LEASE_TAKE, left, random);
	case LEASE_SAW_DENIED:
		s->denied = true;
		s->phase = LEASE_ASKING;
		return act(s, LEASE_READ);
	case LEASE_SAW_UNSUPPORTED:
		return act(s, LEASE_OFF);
	default:
		return act(s, LEASE_OUT);
	}
}

/* After a GET of the lease. */
static struct lease_next
after_read(struct lease_steps *s, enum lease_saw saw, int64_t left,
    uint32_t random)
{
	switch (saw) {
	case LEASE_SAW_OURS:
		/* An attempt whose answer was lost: proved like any other. */
		return s->phase != LEASE_PROVING ? written(s) :
		    act(s, LEASE_HELD);
	case LEASE_SAW_LIVE:
		return wait_round(s, left, random);
	case LEASE_SAW_EXPIRED:
		return put(s, LEASE_TAKE_OVER, left, random);
	case LEASE_SAW_ABSENT:
		return put(s, LEASE_TAKE, left, random);
	case LEASE_SAW_DENIED:
		if (s->denied)
			return act(s, LEASE_ALONE);
		if (s->phase == LEASE_PROVING)
			return act(s, LEASE_HELD);
		s->blind = true;
		return wait_round(s, left, random);
	default:
		return act(s, LEASE_OUT);
	}
}

struct lease_next
lease_step(struct lease_steps *s, enum lease_saw saw, int64_t left,
    uint32_t random)
{
	if (saw == LEASE_SAW_NOTHING && s->last == LEASE_TAKE)
		return put(s, LEASE_TAKE, left, random);
	switch (s->last) {
	case LEASE_TAKE:
	case LEASE_TAKE_OVER:
		return after_put(s, saw, left, random);
	case LEASE_READ:
		return after_read(s, saw, left, random);
	case LEASE_LOOK:
		if (saw == LEASE_SAW_FRESH)
			return act(s, LEASE_SERVED);
		if (saw == LEASE_SAW_DOWN)
			return act(s, LEASE_OUT);
		/* Who may not read it learns from a PUT that it is gone. */
		return s->blind ? put(s, LEASE_TAKE, left, random) :
		    act(s, LEASE_READ);
	case LEASE_PAUSE:
		if (s->phase == LEASE_TAKING)
			return put(s, LEASE_TAKE, left, random);
		if (s->phase == LEASE_SETTLING) {
			s->phase = LEASE_PROVING;
			return act(s, LEASE_READ);
		}
		return act(s, LEASE_LOOK);
	default:
		/* It has ended: say the same again. */
		return act(s, s->last);
	}
}

bool
lease_step_expired(int64_t date, int64_t last_modified, int64_t length_s)
{
	return date >= 0 && last_modified >= 0 &&
	    date - last_modified > length_s;
}
