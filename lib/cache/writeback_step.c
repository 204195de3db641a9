#include "cache/writeback_step.h"

/* Against somebody who keeps writing older entries. */
#define ROUNDS 3

static enum writeback_do
act(struct writeback_steps *s, enum writeback_do what)
{
	s->last = what;
	return what;
}

/* Nothing more is written: was the lease ours up to here? */
static enum writeback_do
ask(struct writeback_steps *s)
{
	s->anew = false;
	return act(s, s->leased ? WRITEBACK_ASK : WRITEBACK_END);
}

static enum writeback_do
put(struct writeback_steps *s, bool over, bool held)
{
	s->over = over;
	if (!held || s->rounds == ROUNDS)
		return ask(s);
	s->rounds++;
	s->sent = true;
	return act(s, WRITEBACK_PUT);
}

static enum writeback_do
stored(struct writeback_steps *s, bool held)
{
	s->local = WRITEBACK_SHARED;
	return held ? act(s, WRITEBACK_REST) : ask(s);
}

/* Somebody has deleted it: only a lease that is still ours says that it was
 * no invalidate. */
static enum writeback_do
vanished(struct writeback_steps *s)
{
	s->anew = true;
	if (s->leased)
		return act(s, WRITEBACK_ASK);
	s->local = WRITEBACK_DROP;
	return act(s, WRITEBACK_END);
}

static enum writeback_do
after_put(struct writeback_steps *s, enum writeback_saw saw, bool held)
{
	switch (saw) {
	case WRITEBACK_SAW_STORED:
		return stored(s, held);
	case WRITEBACK_SAW_REFUSED:
		return act(s, WRITEBACK_READ);
	case WRITEBACK_SAW_GONE:
		return vanished(s);
	default:
		return ask(s);
	}
}

static enum writeback_do
after_read(struct writeback_steps *s, enum writeback_saw saw, bool held)
{
	switch (saw) {
	case WRITEBACK_SAW_OURS:
		return stored(s, held);
	case WRITEBACK_SAW_NEWER:
		s->local = WRITEBACK_NEWER;
		return ask(s);
	case WRITEBACK_SAW_OLDER:
		return put(s, true, held);
	case WRITEBACK_SAW_ABSENT:
		return vanished(s);
	default:
		return ask(s);
	}
}

static enum writeback_do
after_ask(struct writeback_steps *s, enum writeback_saw saw, bool held)
{
	bool anew = s->anew;

	s->anew = false;
	switch (saw) {
	case WRITEBACK_SAW_HELD:
		if (anew && held && s->rounds < ROUNDS)
			return put(s, false, held);
		return act(s, WRITEBACK_RELEASE);
	case WRITEBACK_SAW_LOST:
		if (s->local != WRITEBACK_NEWER)
			s->local = WRITEBACK_DROP;
		return act(s, s->sent ? WRITEBACK_UNDO : WRITEBACK_END);
	default:
		/* Out of reach: what was written stands, the lease runs out;
		 * what has vanished stays away. */
		if (anew)
			s->local = WRITEBACK_DROP;
		return act(s, WRITEBACK_END);
	}
}

enum writeback_do
writeback_step(struct writeback_steps *s, enum writeback_saw saw, bool held)
{
	if (saw == WRITEBACK_SAW_NOTHING)
		return put(s, s->over, held);
	switch (s->last) {
	case WRITEBACK_PUT:
		return after_put(s, saw, held);
	case WRITEBACK_READ:
		return after_read(s, saw, held);
	case WRITEBACK_REST:
		return ask(s);
	case WRITEBACK_ASK:
		return after_ask(s, saw, held);
	default:
		return act(s, WRITEBACK_END);
	}
}
