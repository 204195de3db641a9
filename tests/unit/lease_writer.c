#include "lease_turn.h"

static void
write_back(struct lease_turn *t, enum writeback_saw saw)
{
	struct model_process *p = t->p;
	struct writeback_steps s = {
		.leased = lease_turn_kind(t) == MODEL_BUYER,
		.over = p->over, .local = p->local, .last = p->does,
		.sent = p->put, .anew = p->anew, .rounds = p->rounds };
	bool on = lease_turn_may_go_on(t);
	enum writeback_do next = writeback_step(&s, saw, on);

	while (next == WRITEBACK_ASK && t->rules->mutant == MODEL_NO_ASK)
		next = writeback_step(&s, WRITEBACK_SAW_HELD, on);
	p->over = s.over;
	p->local = (uint8_t)s.local;
	p->does = (uint8_t)s.last;
	p->put = s.sent;
	p->anew = s.anew;
	p->rounds = (uint8_t)s.rounds;
	p->place = MODEL_WRITES;
	if (next == WRITEBACK_END)
		lease_turn_end(t);
}

void
lease_writer_start(struct lease_turn *t)
{
	t->p->over = t->p->full != MODEL_ABSENT;
	write_back(t, WRITEBACK_SAW_NOTHING);
}

/* A PUT of data arrives, on the condition of what was seen. */
static enum writeback_saw
put_data(struct lease_turn *t, uint8_t *object, uint8_t seen, bool over)
{
	bool exists = *object != MODEL_ABSENT;

	if (t->rules->mutant != MODEL_UNFENCED) {
		if (over && !exists)
			return WRITEBACK_SAW_GONE;
		if (over ? *object != seen : exists)
			return WRITEBACK_SAW_REFUSED;
	}
	if (lease_turn_rank(t->m, *object) > t->p->rank)
		*t->wrong = "older data replaced newer";
	*object = t->self;
	return WRITEBACK_SAW_STORED;
}

static bool
go_put(struct lease_turn *t)
{
	struct model_process *p = t->p;
	bool rest = p->does == WRITEBACK_REST;
	uint8_t *object = rest ? &t->m->derived : &t->m->full;
	enum writeback_saw saw;

	if (t->choice == MODEL_GOES_NOWHERE) {
		saw = WRITEBACK_SAW_FAILED;
	} else if (t->choice == MODEL_GOES_409) {
		saw = WRITEBACK_SAW_REFUSED;
	} else {
		saw = rest ? put_data(t, object, p->derived,
		    p->derived != MODEL_ABSENT) :
		    put_data(t, object, p->full, p->over);
		if (!lease_turn_unheard(t, saw == WRITEBACK_SAW_STORED))
			return false;
	}
	if (p->dead)
		lease_turn_end(t);
	else if (t->choice == MODEL_GOES_UNHEARD)
		return true;
	else if (rest) {
		p->knew = saw == WRITEBACK_SAW_STORED;
		write_back(t, WRITEBACK_SAW_DONE);
	} else {
		write_back(t, saw);
	}
	return true;
}

static enum writeback_saw
read_full(struct lease_turn *t)
{
	struct model *m = t->m;

	t->p->full = m->full;
	if (m->full == MODEL_ABSENT)
		return WRITEBACK_SAW_ABSENT;
	if (m->full == t->self)
		return WRITEBACK_SAW_OURS;
	return lease_turn_rank(m, m->full) > t->p->rank ? WRITEBACK_SAW_NEWER :
	    WRITEBACK_SAW_OLDER;
}

static enum writeback_saw
ask_lease(struct lease_turn *t)
{
	enum lease_saw saw = lease_turn_read(t);

	if (saw == LEASE_SAW_OURS)
		return WRITEBACK_SAW_HELD;
	if (saw != LEASE_SAW_ABSENT && t->rules->mutant == MODEL_ONLY_ABSENT)
		return WRITEBACK_SAW_FAILED;
	return WRITEBACK_SAW_LOST;
}

static void
undo(struct lease_turn *t)
{
	if (t->m->full == t->self)
		t->m->full = MODEL_ABSENT;
	if (t->m->derived == t->self && (t->p->knew ||
	    t->rules->mutant != MODEL_UNDO_KNOWN))
		t->m->derived = MODEL_ABSENT;
}

/* Does what writeback_step said. */
bool
lease_writer_go(struct lease_turn *t)
{
	struct model_process *p = t->p;

	if (p->does == WRITEBACK_PUT || p->does == WRITEBACK_REST)
		return go_put(t);
	if (t->choice != MODEL_GOES)
		return false;
	switch (p->does) {
	case WRITEBACK_READ:
		write_back(t, read_full(t));
		return true;
	case WRITEBACK_ASK:
		/* No renewal of ours may cross the release. */
		if (p->renewing)
			return false;
		write_back(t, ask_lease(t));
		return true;
	case WRITEBACK_RELEASE:
		lease_turn_release(t);
		break;
	default:
		undo(t);
		break;
	}
	write_back(t, WRITEBACK_SAW_DONE);
	return true;
}

