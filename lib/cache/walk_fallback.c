#include "cache/walk.h"

#include <stdio.h>
#include <string.h>

#include "cache/spending.h"

void
walk_blame(struct walk *w)
{
	const struct seek *k = w->derived && w->full.s3 != SEEK_S3_UNUSED &&
	    w->asked.s3 != SEEK_S3_OUT ? &w->full : &w->asked;
	struct readthrough_result *r = w->r;
	struct err why = { 0 };

	if (r->err.class != ERR_NO_DATA || w->waited_in_vain)
		return;
	if (k->s3 == SEEK_S3_OUT || k->remote.found == REMOTE_UNPROVABLE) {
		if (k->remote.err.class != ERR_NONE)
			r->err = k->remote.err;
	} else if (w->asked.other_question) {
		err_set(&why, ERR_DATA, "the entry of type '%s' answers "
		    "another request than the one that is defined for it",
		    r->key.type);
		r->err = why;
	} else if (w->asked.remote.found == REMOTE_LARGE) {
		err_set(&why, ERR_DATA, "'s3://%s/%s' is larger than "
		    "max_object_size allows", w->s->bucket,
		    buf_string(&r->object));
		r->err = why;
	}
}

static bool
stale_allowed(struct walk *w, const struct freshness_facts *facts,
    int64_t now)
{
	struct freshness_verdict verdict = freshness_judge(facts,
	    &w->rq->policy, now);
	bool failed = w->bought_nothing || w->asked.s3 == SEEK_S3_OUT ||
	    w->full.s3 == SEEK_S3_OUT;

	if (w->rq->allow_stale)
		return true;
	return failed && verdict.age <= w->rq->stale_if_error;
}

static void
only_stale(struct readthrough_result *r, int64_t age, const struct err *why)
{
	bool limit = strcmp(why->code, SPENDING_LIMIT) == 0;
	char old[48] = "";

	if (age != INT64_MAX)
		snprintf(old, sizeof old, " (%lld s old)", (long long)age);
	err_clear(&r->err);
	err_set(&r->err, ERR_STALE, "only stale data could be had: %s",
	    why->message);
	err_hint(&r->err, "--allow-stale prints it%s%s%s", old,
	    limit ? "; else " : "", limit ? why->hint : "");
	err_code(&r->err, why->code);
}

enum step
walk_fall_back(struct walk *w)
{
	struct freshness_facts facts;
	struct readthrough_result *r = w->r;
	struct seek *k = &w->asked;
	enum seek_hit hit;
	struct err why = r->err;

	if (walk_final(&why) || (w->rq->must_share && w->bought_nothing == 0
	    && why.class != ERR_NO_DATA))
		return STEP_FAILED;
	if (seek_newest(k, &hit, &facts) == NULL && w->derived) {
		k = &w->full;
		if (seek_newest(k, &hit, &facts) == NULL)
			return STEP_FAILED;
	}
	if (hit == SEEK_MISS)
		return STEP_FAILED;
	if (stale_allowed(w, &facts, seek_now(k))) {
		log_warn(w->s->set.log, "%s: printing the stale entry of %s",
		    why.message, k->key.type);
		degraded_add(&r->degraded, "stale");
		err_clear(&r->err);
		return k == &w->asked ? walk_deliver(w, k, hit, true) :
		    walk_deliver_derived(w, hit, true);
	}
	if (why.class == ERR_NO_DATA && !w->waited_in_vain)
		only_stale(r, freshness_judge(&facts, &w->rq->policy,
		    seek_now(k)).age, &why);
	return STEP_FAILED;
}
