#include "lease_model.h"

#include <stdio.h>
#include <string.h>

#include "lease_turn.h"

/* The invalidate's stages, in its right order. */
enum { DELETE_LEASE, SEE_FULL, DELETE_FULL, DELETE_DERIVED, STAGES };

void
model_init(const struct model_rules *rules, struct model *m)
{
	size_t i;

	memset(m, 0, sizeof *m);
	for (i = 0; i < MODEL_PROCESSES; i++)
		if (rules->kinds[i] == MODEL_NOBODY)
			m->of[i].place = MODEL_ENDED;
	if (rules->stale)
		m->full = m->derived = MODEL_INITIAL;
	m->crashes = rules->crashes;
	m->lost = rules->lost;
	m->failures = rules->failures;
}

/* In flight, when the process dies? */
static bool
in_flight(const struct model_process *p)
{
	return p->place == MODEL_PASSED ||
	    (p->place == MODEL_STEPS && (p->act == LEASE_TAKE ||
	    p->act == LEASE_TAKE_OVER)) || (p->place == MODEL_WRITES &&
	    (p->does == WRITEBACK_PUT || p->does == WRITEBACK_REST));
}

static bool
crash(struct lease_turn *t)
{
	struct model_process *p = t->p;

	if (p->dead || p->place == MODEL_ENDED || t->m->crashes == 0)
		return false;
	p->dead = 1;
	t->m->crashes--;
	t->m->unlucky = 1;
	if (t->choice == MODEL_CRASHES_SILENT) {
		p->renewing = 0;
		lease_turn_end(t);
		return true;
	}
	if (!in_flight(p)) {
		if (!p->renewing)
			return false;
		lease_turn_end(t);
	}
	return true;
}


static bool
older(uint8_t *age, int limit)
{
	if (*age >= limit)
		return false;
	(*age)++;
	return true;
}

/* Nothing tells apart what has passed its limit: the model stays finite. */
static bool
tick(const struct model_rules *rules, struct model *m)
{
	bool moved = m->lease != MODEL_ABSENT &&
	    older(&m->modified, rules->length + 1);
	size_t i;

	for (i = 0; i < MODEL_PROCESSES; i++) {
		struct model_process *p = &m->of[i];
		bool taking = p->place == MODEL_PASSED ||
		    (p->place == MODEL_STEPS && p->phase != LEASE_WAITING);

		if (p->dead)
			continue;
		if (p->mine || taking)
			moved = older(&p->sent, rules->length - 1) || moved;
		if (p->renewing || p->unsure)
			moved = older(&p->trying, rules->length - 1) || moved;
	}
	return moved;
}

static void
delete_lease(struct model *m)
{
	size_t i;

	m->lease = MODEL_ABSENT;
	m->modified = 0;
	for (i = 0; i < MODEL_PROCESSES; i++) {
		m->of[i].knows = 0;
		m->of[i].revoked = m->of[i].mine;
	}
}

static bool
invalidate(const struct model_rules *rules, struct model *m)
{
	bool data_first = rules->mutant == MODEL_DATA_FIRST;
	int stage = m->stage;
	size_t i;

	if (!rules->invalidate || stage == STAGES)
		return false;
	if (stage == 0) {
		m->unlucky = 1;
		for (i = 0; i < MODEL_PROCESSES; i++)
			m->of[i].before = m->of[i].rank > 0;
	}
	m->stage++;
	switch (data_first ? (stage + 1) % STAGES : stage) {
	case DELETE_LEASE:
		delete_lease(m);
		break;
	case SEE_FULL:
		m->seen = m->full;
		break;
	case DELETE_FULL:
		if (m->full == m->seen)
			m->full = MODEL_ABSENT;
		m->seen = m->derived;
		break;
	default:
		if (m->derived == m->seen)
			m->derived = MODEL_ABSENT;
		m->seen = MODEL_ABSENT;
		break;
	}
	return true;
}

/* Two purchases under one lease? */
static void
judge(const struct model_rules *rules, const struct model *m,
    const char **wrong)
{
	int buying = 0;
	size_t i;

	for (i = 0; i < MODEL_PROCESSES; i++) {
		const struct model_process *p = &m->of[i];

		if (rules->kinds[i] == MODEL_BUYER && !p->dead &&
		    p->place == MODEL_BUYS && !p->revoked)
			buying += lease_turn_held(rules, p);
	}
	if (buying > 1)
		*wrong = "two purchases in progress under a live lease";
}

/* Forget what no longer matters: fewer states are the same to see. */
static void
forget(const struct model_rules *rules, struct model *m)
{
	uint8_t rank, next;
	size_t i;

	m->bought = m->bought && !m->unlucky;
	for (i = 0; i < MODEL_PROCESSES; i++) {
		struct model_process *p = &m->of[i];

		if (p->place == MODEL_WRITES && p->does >= WRITEBACK_ASK &&
		    !p->anew && !p->renewing && !rules->plain_delete)
			p->mine = p->sent = p->trying = p->unsure =
			    p->asking = p->taken = p->revoked = p->full =
			    p->over = p->rounds = 0;
		if (p->place == MODEL_WRITES && p->does == WRITEBACK_ASK &&
		    !p->renewing)
			p->knows = 0;
		if (p->place == MODEL_ENDED && !p->renewing &&
		    m->full != MODEL_OF(i) && m->derived != MODEL_OF(i))
			p->rank = p->before = p->dead = 0;
	}
	for (rank = 1, next = 0; rank <= m->ranks; rank++)
		for (i = 0; i < MODEL_PROCESSES; i++)
			if (m->of[i].rank == rank)
				m->of[i].rank = ++next;
	m->ranks = next;
}

/* What a process does by choice; the budget is its to pay. */
static enum model_moved
process(struct lease_turn *t)
{
	bool fails = t->choice == MODEL_GOES_NOWHERE ||
	    t->choice == MODEL_GOES_409 || t->choice == MODEL_RENEWS_NOT;
	bool moved;

	if ((fails && t->m->failures == 0) || (t->p->dead &&
	    t->choice != MODEL_GOES && t->choice != MODEL_RENEWS) ||
	    (t->choice == MODEL_GIVES_UP && !t->rules->impatient))
		return MODEL_CANNOT;
	if (t->choice >= MODEL_CRASHES)
		moved = crash(t);
	else if (t->choice >= MODEL_RENEWS)
		moved = lease_keeper_go(t);
	else
		moved = lease_actor_go(t);
	if (!moved)
		return MODEL_CANNOT;
	if (fails)
		t->m->failures--;
	if (t->choice == MODEL_GOES_NOWHERE)
		t->m->unlucky = 1;
	return t->choice == MODEL_GOES || t->choice == MODEL_RENEWS ?
	    MODEL_MOVED : MODEL_MISHAP;
}

enum model_moved
model_move(const struct model_rules *rules, struct model *m, unsigned move,
    const char **wrong)
{
	struct model was = *m;
	struct lease_turn t = { .rules = rules, .m = m, .wrong = wrong };
	enum model_moved moved;
	unsigned i;

	if (move == MODEL_TICKS)
		moved = !rules->still && tick(rules, m) ? MODEL_MOVED : MODEL_CANNOT;
	else if (move == MODEL_INVALIDATES)
		moved = !invalidate(rules, m) ? MODEL_CANNOT :
		    was.stage == 0 ? MODEL_MISHAP : MODEL_MOVED;
	else {
		i = (move - 2) / MODEL_CHOICES;
		t.p = &m->of[i];
		t.self = (uint8_t)MODEL_OF(i);
		t.choice = (move - 2) % MODEL_CHOICES;
		moved = process(&t);
	}
	if (moved == MODEL_CANNOT) {
		*m = was;
		return moved;
	}
	judge(rules, m, wrong);
	forget(rules, m);
	return moved;
}

/* May it lie there when all is done? */
static const char *
left_over(const struct model_rules *rules, const struct model *m,
    uint8_t etag)
{
	const struct model_process *p;

	if (m->stage != STAGES || etag == MODEL_ABSENT)
		return NULL;
	if (etag == MODEL_INITIAL)
		return "what was invalidated is still there";
	p = &m->of[etag - MODEL_OF(0)];
	/* Without a lease nothing tells it; the dead cannot tidy up. */
	if (!p->before || p->dead ||
	    rules->kinds[etag - MODEL_OF(0)] != MODEL_BUYER)
		return NULL;
	return "a purchase from before the invalidate has stayed";
}

bool
model_ended(const struct model_rules *rules, const struct model *m,
    const char **wrong)
{
	const char *why;
	size_t i;

	for (i = 0; i < MODEL_PROCESSES; i++)
		if (m->of[i].place != MODEL_ENDED || m->of[i].renewing)
			return false;
	if (m->stage != 0 && m->stage != STAGES)
		return false;
	if ((why = left_over(rules, m, m->full)) != NULL ||
	    (why = left_over(rules, m, m->derived)) != NULL)
		*wrong = why;
	else if (!m->unlucky && m->lease != MODEL_ABSENT)
		*wrong = "a lease is left, and nothing had gone wrong";
	else if (!m->unlucky && !lease_turn_fresh(m->full))
		*wrong = "nothing is bought, and nothing had gone wrong";
	return true;
}

static uint8_t
moved_to(uint8_t etag, const uint8_t to[MODEL_PROCESSES])
{
	return etag < MODEL_OF(0) ? etag : to[etag - MODEL_OF(0)];
}

void
model_order(const struct model_rules *rules, struct model *m)
{
	uint8_t from[MODEL_PROCESSES], to[MODEL_PROCESSES], keep;
	struct model was = *m;
	size_t i, j;

	for (i = 0; i < MODEL_PROCESSES; i++)
		from[i] = (uint8_t)i;
	for (i = 0; i < MODEL_PROCESSES; i++)
		for (j = i + 1; j < MODEL_PROCESSES; j++)
			if (rules->kinds[i] == rules->kinds[j] &&
			    memcmp(&was.of[from[i]], &was.of[from[j]],
			    sizeof was.of[0]) > 0) {
				keep = from[i];
				from[i] = from[j];
				from[j] = keep;
			}
	for (i = 0; i < MODEL_PROCESSES; i++)
		to[from[i]] = (uint8_t)MODEL_OF(i);
	for (i = 0; i < MODEL_PROCESSES; i++) {
		struct model_process *p = &m->of[i];

		*p = was.of[from[i]];
		p->full = moved_to(p->full, to);
		p->derived = moved_to(p->derived, to);
	}
	m->lease = moved_to(m->lease, to);
	m->full = moved_to(m->full, to);
	m->derived = moved_to(m->derived, to);
	m->seen = moved_to(m->seen, to);
}

/* What a process is about to do, or to hear of. */
static const char *
doing(const struct model_process *p)
{
	static const char *const places[] = { "looks", "", "passed",
		"looks again", "looks at derived", "buys", "", "releases",
		"-" };
	static const char *const steps[] = { "take", "take over", "read",
		"look", "settle" };
	static const char *const writes[] = { "put", "reread", "put derived",
		"ask", "release", "undo", "-" };

	return p->place == MODEL_STEPS ? steps[p->act] :
	    p->place == MODEL_WRITES ? writes[p->does] : places[p->place];
}

void
model_show(const struct model *m, unsigned move, char *line)
{
	static const char *const choices[] = { "goes", "goes unheard",
		"goes nowhere", "409", "gives up", "renews",
		"renews unheard", "renews not", "crashes",
		"crashes silent" };
	static const char etags[] = ".i123";
	char who[64];

	if (move < 2)
		snprintf(who, sizeof who, "%s", move == MODEL_TICKS ? "tick" :
		    "invalidate");
	else
		snprintf(who, sizeof who, "%u %s", (move - 2) /
		    MODEL_CHOICES + 1, choices[(move - 2) % MODEL_CHOICES]);
	snprintf(line, MODEL_LINE, "%-18s lease %c+%d full %c derived %c | "
	    "%s %d%s | %s %d%s | %s %d%s", who, etags[m->lease], m->modified,
	    etags[m->full], etags[m->derived],
	    doing(&m->of[0]), m->of[0].sent, m->of[0].renewing ? "r" : "",
	    doing(&m->of[1]), m->of[1].sent, m->of[1].renewing ? "r" : "",
	    doing(&m->of[2]), m->of[2].sent, m->of[2].renewing ? "r" : "");
}
