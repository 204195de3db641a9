#include "cache/gate.h"

#include <stdlib.h>
#include <unistd.h>

#include "cache/breaker.h"
#include "sandbox.h"
#include "tap.h"

#define SUBJECT "https://s3.example\nbucket"

/* What the tests move by hand. */
struct world {
	int64_t wall_ms;
	int64_t elapsed_ms;
	char variable[512];
	const char *variables[2];
	struct env env;
	struct clock clock;
};

static int64_t
wall(void *state)
{
	return ((const struct world *)state)->wall_ms;
}

static int64_t
elapsed(void *state)
{
	return ((const struct world *)state)->elapsed_ms;
}

static void
pass(void *state, int64_t ms)
{
	struct world *w = state;

	w->wall_ms += ms;
	w->elapsed_ms += ms;
}

static void
world_init(struct world *w, const char *dir)
{
	memset(w, 0, sizeof *w);
	w->wall_ms = 1800000000000;
	w->elapsed_ms = 5000000;
	snprintf(w->variable, sizeof w->variable, "TEAMCACHE_STATE_DIR=%s",
	    dir);
	w->variables[0] = w->variable;
	w->env.variables = w->variables;
	w->clock.wall = wall;
	w->clock.elapsed = elapsed;
	w->clock.sleep = pass;
	w->clock.state = w;
}

/* One command; whether it was let through to S3. */
static bool
command(struct world *w, bool failed)
{
	struct gate *g = gate_new(&w->env, &w->clock, NULL);
	struct gate_view view;
	bool passes = gate_pass(g, SUBJECT, &view);

	if (passes)
		gate_tell(g, SUBJECT, failed, !failed);
	gate_free(g);
	return passes;
}

static struct gate_view
look(struct world *w)
{
	struct gate_view view;
	struct err err = { 0 };
	struct memo memo;

	(void)memo_open(&memo, &w->env, &err);
	gate_look(&memo, SUBJECT, &w->clock, &view);
	memo_close(&memo);
	return view;
}

static void
test_round(struct world *w)
{
	struct gate_view view;
	struct gate *g;
	int i;

	for (i = 1; i <= BREAKER_FAILURES; i++) {
		ok(command(w, true), "command %d asks", i);
		is_int(look(w).failures, i, "and is counted");
	}
	ok(!command(w, true), "the next one does not ask");
	view = look(w);
	ok(view.open && !view.probing, "it is open");
	is_int(view.failures, 5, "one that did not ask is not counted");
	is_int(view.since, 1800000000, "since then");
	is_int(view.next_probe, 1800000060, "for a minute");
	pass(w, 59999);
	ok(!command(w, true), "up to its end");
	pass(w, 1);
	ok(command(w, true), "then one asks");
	is_int(look(w).next_probe, 1800000180, "in vain: two minutes more");
	is_int(look(w).since, 1800000000, "open since the same moment");
	/* One that is not held back, like push. */
	g = gate_new(&w->env, &w->clock, NULL);
	gate_tell(g, SUBJECT, false, true);
	gate_free(g);
	view = look(w);
	ok(!view.open && view.failures == 0 && view.since == -1 &&
	    view.next_probe == -1, "a success of anybody ends it");
	ok(command(w, false), "and everybody asks");
}

static void
test_probe(struct world *w)
{
	struct gate *one, *two;
	struct gate_view view;
	int i;

	for (i = 0; i < BREAKER_FAILURES; i++)
		command(w, true);
	pass(w, 60000);
	one = gate_new(&w->env, &w->clock, NULL);
	two = gate_new(&w->env, &w->clock, NULL);
	ok(gate_pass(one, SUBJECT, &view), "one probes");
	ok(!gate_pass(two, SUBJECT, &view) && view.probing,
	    "another does not, meanwhile");
	ok(gate_pass(one, SUBJECT, &view), "the first answer stands");
	gate_free(one);
	ok(!gate_pass(two, SUBJECT, &view), "for a command's whole life");
	gate_free(two);
	ok(command(w, false), "who gave up without a word made room");
	is_int(look(w).failures, 0, "and the next one closed it");
	gate_free(NULL);
}

/* Many workers, or many calls, of one command. */
static void
test_once(struct world *w)
{
	struct gate *g = gate_new(&w->env, &w->clock, NULL);
	int i;

	for (i = 0; i < 10; i++)
		gate_tell(g, SUBJECT, i == 3, i != 3);
	gate_tell(g, "another", true, false);
	gate_free(g);
	is_int(look(w).failures, 1, "a command counts once, a failure first");
	command(w, false);
	is_int(look(w).failures, 0, "until one goes well");
}

static void
test_no_place(void)
{
	struct gate_view view;
	struct world w;
	int i;

	world_init(&w, "/dev/null/none");
	for (i = 0; i < 7; i++)
		ok(command(&w, true), "without a state directory all ask");
	view = look(&w);
	ok(!view.open && view.failures == 0, "and nothing is known");
}

/* Twenty at a time that S3 does not serve are one more in the row. */
static void
test_side_by_side(struct world *w)
{
	struct gate *gates[20];
	struct gate_view view;
	size_t i;
	int round;

	for (round = 1; round <= BREAKER_FAILURES; round++) {
		is_int(look(w).open, 0, "closed before round %d", round);
		for (i = 0; i < 20; i++) {
			gates[i] = gate_new(&w->env, &w->clock, NULL);
			ok(gate_pass(gates[i], SUBJECT, &view), "it passes");
			gate_tell(gates[i], SUBJECT, true, false);
		}
		for (i = 0; i < 20; i++)
			gate_free(gates[i]);
		is_int(look(w).failures, round, "failures in a row");
	}
	ok(look(w).open, "the fifth opens it");
	pass(w, BREAKER_DELAY_MIN * 1000);
	ok(command(w, false), "the one that tries it again");
	is_int(look(w).failures, 0, "closes it");
}

int
main(void)
{
	int descriptors = sandbox_descriptors();
	char *dir = sandbox_new();
	struct world w;

	if (dir == NULL) {
		printf("Bail out! no directory\n");
		return 1;
	}
	world_init(&w, dir);
	test_round(&w);
	test_probe(&w);
	test_once(&w);
	test_side_by_side(&w);
	test_no_place();
	is_int(sandbox_descriptors(), descriptors, "no stray descriptor");
	sandbox_remove(dir);
	return done_testing();
}
