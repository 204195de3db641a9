#ifndef TESTS_LEASE_TURN_H
#define TESTS_LEASE_TURN_H

#include "cache/lease_hold.h"
#include "cache/lease_step.h"
#include "cache/writeback_step.h"
#include "lease_model.h"

/* Inside the model: one move, who makes it and with which luck. */
struct lease_turn {
	const struct model_rules *rules;
	struct model *m;
	struct model_process *p;
	uint8_t self;		/* MODEL_OF p */
	enum model_choice choice;
	const char **wrong;
};

enum model_kind lease_turn_kind(const struct lease_turn *t);

/* lease_hold as the process would have it now, at 0 ms. */
void lease_turn_hold(const struct model_rules *rules,
    const struct model_process *p, struct lease_hold *h);
bool lease_turn_held(const struct model_rules *rules,
    const struct model_process *p);

/* Held, or no lease needed? Else two purchases may come. */
bool lease_turn_may_go_on(struct lease_turn *t);

/* The process ends; what a dead one has sent may still arrive. */
void lease_turn_end(struct lease_turn *t);

/* Is the answer of this choice lost? false: that cannot be. */
bool lease_turn_unheard(struct lease_turn *t, bool took_effect);

/* The lease: one GET, a PUT that succeeds, DELETE If-Match. */
enum lease_saw lease_turn_read(struct lease_turn *t);
void lease_turn_write(struct lease_turn *t);
void lease_turn_release(struct lease_turn *t);

/* An entry that was bought; when, 0 for others. */
bool lease_turn_fresh(uint8_t etag);
uint8_t lease_turn_rank(const struct model *m, uint8_t etag);

/* One move of a process; false when it cannot be. */
bool lease_actor_go(struct lease_turn *t);
bool lease_writer_go(struct lease_turn *t);
bool lease_keeper_go(struct lease_turn *t);

/* The purchase has come: write it back. */
void lease_writer_start(struct lease_turn *t);

#endif
