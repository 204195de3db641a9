#include "lease_turn.h"

/* A renewal arrives. */
static bool
renew(struct lease_turn *t)
{
	struct model *m = t->m;
	struct model_process *p = t->p;
	bool same = t->rules->mutant == MODEL_SAME_BODY;
	enum lease_saw saw = m->lease == MODEL_ABSENT ? LEASE_SAW_GONE :
	    p->knows ? LEASE_SAW_WRITTEN : LEASE_SAW_REFUSED;
	struct lease_hold h;

	if (!lease_turn_unheard(t, saw == LEASE_SAW_WRITTEN))
		return false;
	if (t->choice == MODEL_RENEWS_NOT)
		saw = LEASE_SAW_DOWN;
	else if (saw == LEASE_SAW_WRITTEN && !same)
		lease_turn_write(t);
	else if (saw == LEASE_SAW_WRITTEN)
		m->modified = 0;
	if (t->choice == MODEL_RENEWS_UNHEARD) {
		p->knows = same;
		p->unsure = 1;
		return true;
	}
	lease_turn_hold(t->rules, p, &h);
	lease_hold_saw(&h, saw, p->unsure != 0, 0);
	if (saw == LEASE_SAW_WRITTEN)
		p->sent = p->trying;
	p->renewing = 0;
	p->unsure = h.unsure;
	p->asking = h.asking;
	p->taken = h.taken;
	if (!p->unsure)
		p->trying = 0;
	if (p->dead && p->place == MODEL_ENDED)
		lease_turn_end(t);
	return true;
}

static bool
ask_renewal(struct lease_turn *t)
{
	struct model_process *p = t->p;
	enum lease_saw saw = lease_turn_read(t);
	struct lease_hold h;

	lease_turn_hold(t->rules, p, &h);
	lease_hold_saw(&h, saw, false, 0);
	if (saw == LEASE_SAW_OURS) {
		p->sent = p->trying;
		p->trying = 0;
	}
	p->unsure = h.unsure;
	p->asking = h.asking && !h.taken;
	p->taken = h.taken;
	return true;
}

/* The renewing side of a holder. */
bool
lease_keeper_go(struct lease_turn *t)
{
	struct model_process *p = t->p;
	bool busy = p->place == MODEL_LOOKS_AGAIN || p->place == MODEL_BUYS ||
	    p->place == MODEL_LOOKS_DERIVED || (p->place == MODEL_WRITES &&
	    p->does < WRITEBACK_ASK);
	struct lease_hold h;

	if (p->renewing)
		return renew(t);
	if (t->choice != MODEL_RENEWS || !t->rules->renewals || p->dead ||
	    !p->mine || !busy)
		return false;
	lease_turn_hold(t->rules, p, &h);
	switch (lease_hold_next(&h, 0)) {
	case LEASE_HOLD_RENEW:
		p->renewing = 1;
		if (!p->unsure)
			p->trying = 0;
		return true;
	case LEASE_HOLD_ASK:
		return ask_renewal(t);
	default:
		return false;
	}
}
