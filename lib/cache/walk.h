#ifndef CACHE_WALK_H
#define CACHE_WALK_H

#include <stdbool.h>
#include <stdint.h>

#include "cache/delivery.h"
#include "cache/lease.h"
#include "cache/purchase.h"
#include "cache/readthrough.h"
#include "cache/seek.h"
#include "sys/lock.h"

/*
 * One walk along the read path of design section 5. For readthrough.c, which
 * looks, walk.c, which buys, and walk_fallback.c only.
 */

/* What a step leads to. */
enum step {
	STEP_NEXT,		/* nothing yet: go on */
	STEP_DONE,		/* the result is complete */
	STEP_FAILED,		/* result->err says why */
	STEP_MOVED		/* another month than was thought: again */
};

struct walk {
	struct session *s;
	const struct readthrough_request *rq;
	struct readthrough_result *r;
	struct delivery delivery;
	struct purchase purchase;
	struct seek_rules rules;
	struct seek asked;	/* the key that was asked for */
	struct seek full;	/* full-data, for a derived type */
	bool derived;
	bool use_remote;
	struct lock lock;
	int64_t began_ms;
	bool waited_in_vain;
	struct lease *lease;	/* held while we buy */
	bool bought_nothing;	/* a purchase was tried and failed */
};

/* Hand over what a look found. */
enum step walk_deliver(struct walk *w, struct seek *k, enum seek_hit hit,
    bool stale);
enum step walk_deliver_derived(struct walk *w, enum seek_hit hit,
    bool stale);

/* A failure that no other source of data makes good. */
bool walk_final(const struct err *err);

/* The wait ends a second before --timeout, with an outcome of its own. */
int64_t walk_wait_left(const struct walk *w);

/* Why nothing may be bought (*step and the result's err say it); false when
 * it may. */
bool walk_may_not_buy(struct walk *w, enum step *step);

/*
 * Nothing fresh could be had: stale data where it is allowed, else status 9
 * when there was some and only permission to buy was missing.
 */
enum step walk_fall_back(struct walk *w);

/* A refusal to buy becomes the status of what stood in the way of reading. */
void walk_blame(struct walk *w);

/* Become the one buyer, buy, store; or be served by another's purchase. */
enum step walk_buy(struct walk *w);

#endif
