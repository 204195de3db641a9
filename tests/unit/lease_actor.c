#include "lease_turn.h"

#include <stddef.h>

/* The second look has found nothing fresh: buy, under a lease that holds. */
static void
buy(struct lease_turn *t)
{
	if (!lease_turn_may_go_on(t)) {
		t->p->place = MODEL_RELEASES;
		return;
	}
	t->p->place = MODEL_BUYS;
	t->p->rank = ++t->m->ranks;
	if (lease_turn_kind(t) != MODEL_BUYER)
		return;
	if (t->m->bought && !t->m->unlucky)
		*t->wrong = "two purchases, and nothing had gone wrong";
	t->m->bought = 1;
}

static void
step(struct lease_turn *t, enum lease_saw saw)
{
	struct model_process *p = t->p;
	struct lease_steps s = { .trusted = !t->rules->racing,
		.settle_ms = 1000, .versioned = true, .last = p->act,
		.phase = p->phase, .denied = p->denied, .puts = p->puts };
	int64_t left = t->choice == MODEL_GIVES_UP ? 0 : 1000;
	struct lease_next next;

	do {
		next = (t->rules->step == NULL ? lease_step : t->rules->step)
		    (&s, saw, left, 0);
		saw = LEASE_SAW_NOTHING;
	} while (next.act == LEASE_PAUSE && s.phase != LEASE_SETTLING);
	p->act = (uint8_t)s.last;
	p->phase = (uint8_t)s.phase;
	p->denied = s.denied;
	p->puts = (uint8_t)s.puts;
	p->place = MODEL_STEPS;
	if (next.act == LEASE_TAKE || next.act == LEASE_TAKE_OVER ?
	    !next.again : s.phase == LEASE_WAITING)
		p->sent = 0;
	if (next.act != LEASE_TAKE_OVER && next.act != LEASE_HELD)
		p->knows = 0;
	if (next.act == LEASE_HELD) {
		p->mine = 1;
		p->act = p->phase = p->puts = 0;
		p->place = MODEL_LOOKS_AGAIN;
		if (t->rules->mutant == MODEL_NO_SECOND_LOOK) {
			p->full = t->m->full;
			p->derived = t->m->derived;
			buy(t);
		}
	} else if (next.act > LEASE_HELD) {
		lease_turn_end(t);
	}
}

/* May the lease be written on the condition of this act? */
static enum lease_saw
condition(const struct lease_turn *t)
{
	bool exists = t->m->lease != MODEL_ABSENT;

	if (lease_turn_kind(t) == MODEL_READER)
		return LEASE_SAW_DENIED;
	if (t->p->act == LEASE_TAKE)
		return exists ? LEASE_SAW_REFUSED : LEASE_SAW_WRITTEN;
	if (!exists)
		return LEASE_SAW_GONE;
	return t->p->knows || t->rules->mutant == MODEL_OVER_ANY ?
	    LEASE_SAW_WRITTEN : LEASE_SAW_REFUSED;
}

/* A PUT of the lease arrives, or is sent once more. */
static bool
put_lease(struct lease_turn *t)
{
	struct model_process *p = t->p;
	bool passed = p->place == MODEL_PASSED;
	enum lease_saw saw = passed ? LEASE_SAW_WRITTEN : condition(t);

	if (t->choice == MODEL_GOES_NOWHERE || t->choice == MODEL_GOES_409) {
		step(t, t->choice == MODEL_GOES_409 ? LEASE_SAW_CONFLICT :
		    LEASE_SAW_DOWN);
		return true;
	}
	if (t->rules->racing && !passed && saw == LEASE_SAW_WRITTEN) {
		p->place = MODEL_PASSED;
		return t->choice == MODEL_GOES;
	}
	if (!lease_turn_unheard(t, saw == LEASE_SAW_WRITTEN))
		return false;
	if (saw == LEASE_SAW_WRITTEN) {
		lease_turn_write(t);
		if (p->act == LEASE_TAKE_OVER)
			t->m->unlucky = 1;
	}
	if (p->dead) {
		lease_turn_end(t);
	} else if (t->choice == MODEL_GOES_UNHEARD) {
		/* The same condition, on the ETag of before. */
		p->place = MODEL_STEPS;
		p->knows = 0;
	} else {
		step(t, saw);
	}
	return true;
}

/* Does what lease_step said. */
static bool
go_step(struct lease_turn *t)
{
	struct model_process *p = t->p;
	enum lease_saw saw;
	size_t i;

	if (p->act == LEASE_TAKE || p->act == LEASE_TAKE_OVER)
		return put_lease(t);
	if (t->choice != MODEL_GOES && t->choice != MODEL_GIVES_UP)
		return false;
	switch (p->act) {
	case LEASE_READ:
		saw = lease_turn_read(t);
		if (saw == LEASE_SAW_OURS &&
		    t->rules->mutant == MODEL_LAST_ATTEMPT)
			p->sent = 0;
		step(t, saw);
		return true;
	case LEASE_LOOK:
		step(t, lease_turn_fresh(t->m->full) ? LEASE_SAW_FRESH :
		    LEASE_SAW_NOT_FRESH);
		return true;
	default:
		/* The settle: no PUT lasts longer. */
		for (i = 0; i < MODEL_PROCESSES; i++)
			if (t->m->of[i].place == MODEL_PASSED)
				return false;
		step(t, LEASE_SAW_NOTHING);
		return true;
	}
}

/* What a process does next. */
bool
lease_actor_go(struct lease_turn *t)
{
	struct model_process *p = t->p;

	if (p->place == MODEL_STEPS || p->place == MODEL_PASSED)
		return go_step(t);
	if (p->place == MODEL_WRITES)
		return lease_writer_go(t);
	if (t->choice != MODEL_GOES)
		return false;
	switch (p->place) {
	case MODEL_LOOKS:
		if (lease_turn_fresh(t->m->full))
			lease_turn_end(t);
		else if (lease_turn_kind(t) ==
		    MODEL_UNLEASED)
			p->place = MODEL_LOOKS_AGAIN;
		else
			step(t, LEASE_SAW_NOTHING);
		return true;
	case MODEL_LOOKS_AGAIN:
		p->full = t->m->full;
		p->place = lease_turn_fresh(p->full) ? MODEL_RELEASES :
		    MODEL_LOOKS_DERIVED;
		return true;
	case MODEL_LOOKS_DERIVED:
		p->derived = t->m->derived;
		buy(t);
		return true;
	case MODEL_BUYS:
		lease_writer_start(t);
		return true;
	case MODEL_RELEASES:
		if (p->renewing)
			return false;
		if (p->mine && lease_turn_read(t) == LEASE_SAW_OURS)
			lease_turn_release(t);
		lease_turn_end(t);
		return true;
	default:
		return false;
	}
}

