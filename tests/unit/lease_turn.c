#include "lease_turn.h"

#include <string.h>

enum model_kind
lease_turn_kind(const struct lease_turn *t)
{
	return t->rules->kinds[t->self - MODEL_OF(0)];
}

void
lease_turn_hold(const struct model_rules *rules, const struct model_process *p,
    struct lease_hold *h)
{
	lease_hold_start(h, rules->length * MODEL_TICK,
	    -p->sent * INT64_C(1000) * MODEL_TICK);
	h->trying_ms = -p->trying * INT64_C(1000) * MODEL_TICK;
	h->unsure = p->unsure != 0;
	h->asking = p->asking != 0;
	h->taken = p->taken != 0;
}

bool
lease_turn_held(const struct model_rules *rules, const struct model_process *p)
{
	struct lease_hold h;

	lease_turn_hold(rules, p, &h);
	if (rules->mutant == MODEL_NO_DEADLINE)
		return !h.taken;
	return lease_hold_next(&h, 0) != LEASE_HOLD_LOST;
}

/* A lease that has run out, or was never needed. */
bool
lease_turn_may_go_on(struct lease_turn *t)
{
	if (lease_turn_kind(t) != MODEL_BUYER || lease_turn_held(t->rules, t->p))
		return true;
	t->m->unlucky = 1;
	return false;
}

void
lease_turn_end(struct lease_turn *t)
{
	struct model_process *p = t->p, was = *p;

	memset(p, 0, sizeof *p);
	p->place = MODEL_ENDED;
	p->rank = was.rank;
	p->before = was.before;
	p->dead = was.dead;
	if (was.dead && was.renewing) {
		p->renewing = 1;
		p->knows = was.knows;
	}
}

static void
forget_lease(struct model *m)
{
	size_t i;

	for (i = 0; i < MODEL_PROCESSES; i++)
		m->of[i].knows = 0;
}

void
lease_turn_write(struct lease_turn *t)
{
	forget_lease(t->m);
	t->m->lease = t->self;
	t->m->modified = 0;
	t->p->knows = 1;
}

bool
lease_turn_fresh(uint8_t etag)
{
	return etag != MODEL_ABSENT && etag != MODEL_INITIAL;
}

/* An answer that the choice takes away; false: this cannot be. */
bool
lease_turn_unheard(struct lease_turn *t, bool took_effect)
{
	if (t->choice != MODEL_GOES_UNHEARD &&
	    t->choice != MODEL_RENEWS_UNHEARD)
		return true;
	if (!took_effect || t->m->lost == 0)
		return false;
	t->m->lost--;
	return true;
}

enum lease_saw
lease_turn_read(struct lease_turn *t)
{
	struct model *m = t->m;
	bool early = t->rules->mutant == MODEL_EARLY;
	int length = t->rules->length * MODEL_TICK / (early ? 2 : 1);

	t->p->knows = m->lease != MODEL_ABSENT;
	if (m->lease == MODEL_ABSENT)
		return LEASE_SAW_ABSENT;
	if (m->lease == t->self)
		return LEASE_SAW_OURS;
	return lease_step_expired(m->modified * MODEL_TICK, 0, length) ?
	    LEASE_SAW_EXPIRED : LEASE_SAW_LIVE;
}

void
lease_turn_release(struct lease_turn *t)
{
	if (t->rules->plain_delete) {
		if (!lease_turn_may_go_on(t))
			return;
	} else if (!t->p->knows && t->rules->mutant != MODEL_RELEASE_ANY) {
		return;
	}
	forget_lease(t->m);
	t->m->lease = MODEL_ABSENT;
	t->m->modified = 0;
}

uint8_t
lease_turn_rank(const struct model *m, uint8_t etag)
{
	return lease_turn_fresh(etag) ? m->of[etag - MODEL_OF(0)].rank : 0;
}

