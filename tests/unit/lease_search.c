#include "lease_search.h"

#include <stdlib.h>
#include <string.h>

struct visit {
	struct model m;
	uint8_t move;		/* that led here */
	uint32_t from;
};

struct edge {
	uint32_t from, to;
};

struct table {
	const struct model_rules *rules;
	struct lease_search *out;
	struct visit *visits;
	uint32_t *slots;	/* index + 1 of a visit */
	size_t slot_count;	/* a power of two */
	/* Of moves that lead towards the end. */
	struct edge *edges;
	size_t edge_count, edge_room;
	uint8_t *finishes;	/* by visit: the end can be reached */
	size_t limit;
};

static uint64_t
hash(const struct model *m)
{
	uint64_t words[(sizeof *m + 7) / 8] = { 0 }, h = 0;
	size_t i;

	memcpy(words, m, sizeof *m);
	for (i = 0; i < sizeof words / sizeof words[0]; i++) {
		h = (h ^ words[i]) * UINT64_C(0x9e3779b97f4a7c15);
		h ^= h >> 32;
	}
	return h;
}

/* Twice the room where there is none left. */
static int
grow(struct table *t)
{
	size_t count = t->out->states, i, slot;
	size_t room = t->slot_count == 0 ? 1024 : 2 * t->slot_count;
	struct visit *visits;

	if (2 * count < t->slot_count)
		return 0;
	visits = realloc(t->visits, room / 2 * sizeof *visits);
	if (visits == NULL)
		return -1;
	t->visits = visits;
	free(t->slots);
	t->slots = calloc(room, sizeof *t->slots);
	if (t->slots == NULL)
		return -1;
	t->slot_count = room;
	for (i = 0; i < count; i++) {
		slot = hash(&visits[i].m) & (room - 1);
		while (t->slots[slot] != 0)
			slot = (slot + 1) & (room - 1);
		t->slots[slot] = (uint32_t)i + 1;
	}
	return 0;
}

/* Its index; a new one is visited later. */
static int
index_of(struct table *t, const struct model *m, uint32_t from,
    unsigned move, uint32_t *at)
{
	struct visit *visit;
	size_t slot;

	if (grow(t) != 0)
		return -1;
	slot = hash(m) & (t->slot_count - 1);
	while (t->slots[slot] != 0) {
		*at = t->slots[slot] - 1;
		if (memcmp(&t->visits[*at].m, m, sizeof *m) == 0)
			return 0;
		slot = (slot + 1) & (t->slot_count - 1);
	}
	*at = (uint32_t)t->out->states++;
	t->slots[slot] = *at + 1;
	visit = &t->visits[*at];
	memcpy(&visit->m, m, sizeof *m);
	visit->move = (uint8_t)move;
	visit->from = from;
	return 0;
}

static int
add_edge(struct table *t, uint32_t from, uint32_t to)
{
	size_t room = t->edge_room == 0 ? 4096 : 2 * t->edge_room;
	struct edge *edges;

	if (t->edge_count == t->edge_room) {
		edges = realloc(t->edges, room * sizeof *edges);
		if (edges == NULL)
			return -1;
		t->edges = edges;
		t->edge_room = room;
	}
	t->edges[t->edge_count].from = from;
	t->edges[t->edge_count++].to = to;
	return 0;
}

/* How the state at was reached, and the move from there that went wrong. */
static int
trace(struct table *t, uint32_t at, const struct model *next, unsigned move)
{
	struct lease_search *out = t->out;
	uint32_t i;
	size_t n;

	for (n = 1, i = at; i != 0; i = t->visits[i].from)
		n++;
	out->trace = calloc(n + 1, sizeof *out->trace);
	if (out->trace == NULL)
		return -1;
	out->traced = next == NULL ? n : n + 1;
	if (next != NULL)
		model_show(next, move, out->trace[n]);
	for (i = at; n-- > 0; i = t->visits[i].from)
		model_show(&t->visits[i].m, t->visits[i].move,
		    out->trace[n]);
	return 0;
}

/* All moves from one state. */
static int
visit(struct table *t, uint32_t at)
{
	struct lease_search *out = t->out;
	enum model_moved moved;
	struct model m;
	uint32_t to;
	unsigned move;

	for (move = 0; move < MODEL_MOVES; move++) {
		memcpy(&m, &t->visits[at].m, sizeof m);
		moved = model_move(t->rules, &m, move, &out->wrong);
		if (moved == MODEL_CANNOT)
			continue;
		out->moves++;
		if (out->wrong != NULL)
			return trace(t, at, &m, move);
		model_order(t->rules, &m);
		if (index_of(t, &m, at, move, &to) != 0)
			return -1;
		if (moved == MODEL_MOVED && add_edge(t, at, to) != 0)
			return -1;
	}
	memcpy(&m, &t->visits[at].m, sizeof m);
	if (model_ended(t->rules, &m, &out->wrong)) {
		out->ends++;
		t->finishes[at] = 1;
	}
	return out->wrong == NULL ? 0 : trace(t, at, NULL, 0);
}

/*
 * From where can the end be reached, if nothing further goes wrong and time
 * passes? Walks back from the ends.
 */
static int
check_ends(struct table *t)
{
	size_t n = t->out->states, i, done, waiting = 0;
	size_t *start = calloc(n + 1, sizeof *start);
	uint32_t *froms = calloc(t->edge_count + 1, sizeof *froms);
	uint32_t *queue = calloc(n, sizeof *queue), at;
	int result = -1;

	if (start == NULL || froms == NULL || queue == NULL)
		goto out;
	for (i = 0; i < t->edge_count; i++)
		start[t->edges[i].to]++;
	for (i = 1; i <= n; i++)
		start[i] += start[i - 1];
	for (i = 0; i < t->edge_count; i++)
		froms[--start[t->edges[i].to]] = t->edges[i].from;
	for (i = 0; i < n; i++)
		if (t->finishes[i])
			queue[waiting++] = (uint32_t)i;
	for (done = 0; done < waiting; done++) {
		at = queue[done];
		for (i = start[at]; i < start[at + 1]; i++)
			if (!t->finishes[froms[i]]) {
				t->finishes[froms[i]] = 1;
				queue[waiting++] = froms[i];
			}
	}
	result = 0;
	for (i = 0; i < n && t->out->wrong == NULL; i++)
		if (!t->finishes[i]) {
			t->out->wrong = "the end cannot be reached";
			result = trace(t, (uint32_t)i, NULL, 0);
		}
out:
	free(start);
	free(froms);
	free(queue);
	return result;
}

int
lease_search_run(const struct model_rules *rules, size_t limit,
    struct lease_search *out)
{
	struct table t = { .rules = rules, .out = out, .limit = limit };
	struct model m;
	uint32_t at;
	int result = -1;

	memset(out, 0, sizeof *out);
	model_init(rules, &m);
	model_order(rules, &m);
	/* One state's moves may go beyond the limit. */
	t.finishes = calloc(limit + MODEL_MOVES + 1, 1);
	if (t.finishes == NULL || index_of(&t, &m, 0, 0, &at) != 0)
		goto out;
	for (at = 0; at < out->states && out->states <= limit &&
	    out->wrong == NULL; at++)
		if (visit(&t, at) != 0)
			goto out;
	out->whole = at == out->states && out->wrong == NULL;
	if (out->whole && check_ends(&t) != 0)
		goto out;
	result = 0;
out:
	free(t.visits);
	free(t.slots);
	free(t.edges);
	free(t.finishes);
	return result;
}

void
lease_search_clear(struct lease_search *s)
{
	free(s->trace);
	memset(s, 0, sizeof *s);
}
