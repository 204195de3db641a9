#include "cache/walk.h"

#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "base/nearest.h"
#include "cache/account.h"
#include "cache/buyer.h"
#include "cache/spending.h"
#include "cache/unavailable.h"

enum step
walk_deliver(struct walk *w, struct seek *k, enum seek_hit hit, bool stale)
{
	delivery_seek(&w->delivery, k, hit, stale);
	return STEP_DONE;
}

enum step
walk_deliver_derived(struct walk *w, enum seek_hit hit, bool stale)
{
	return delivery_derived(&w->delivery, &w->full, hit, stale,
	    &w->r->err) == 0 ? STEP_DONE : STEP_FAILED;
}

/* A failure that no other source of data makes good. */
bool
walk_final(const struct err *err)
{
	return err->class == ERR_USAGE || err->class == ERR_INTERNAL ||
	    err_interrupted(err);
}

/* The wait ends a second before --timeout, with an outcome of its own. */
int64_t
walk_wait_left(const struct walk *w)
{
	int64_t wait = w->rq->wait_ms;

	if (wait > w->rq->timeout_ms - 1000)
		wait = w->rq->timeout_ms - 1000;
	wait -= clock_elapsed_ms(w->s->set.clock) - w->began_ms;
	return wait < 0 ? 0 : wait;
}

static enum step
unavailable(struct walk *w, const char *why, const char *hint)
{
	if (w->rq->one_of_all) {
		snprintf(w->r->unavailable, sizeof w->r->unavailable, "%s",
		    why);
		return STEP_DONE;
	}
	err_set(&w->r->err, ERR_NOT_ENABLED, "no %s for account '%s': %s",
	    w->r->key.type, w->r->key.account, why);
	err_hint(&w->r->err, "%s", hint);
	return STEP_FAILED;
}

static const char *
built_in(const void *state, size_t i, size_t *n)
{
	const char *type = purchase_built_in(i);

	(void)state;
	*n = type == NULL ? 0 : strlen(type);
	return type;
}

/* Any name may be somebody's own type, a mistyped one too. */
static void
hint_at_type(const char *type, struct err *err)
{
	char meant[128] = "";
	const char *near;
	size_t n;

	near = nearest_of(type, strlen(type), built_in, NULL, &n);
	if (near != NULL)
		(void)snprintf(meant, sizeof meant,
		    "did you mean '%.*s'? Otherwise ", (int)n, near);
	err_hint(err, "%sstore one with 'teamcache push %s FILE', or define "
	    "[type %s] in the settings file", meant, type, type);
}

/* Is there an entry, though it is stale? */
static bool
has_stale(const struct walk *w)
{
	struct freshness_facts facts;
	enum seek_hit hit;

	return seek_newest(&w->asked, &hit, &facts) != NULL ||
	    (w->derived && seek_newest(&w->full, &hit, &facts) != NULL);
}

#define NO_HISTORY "Cost Explorer has not enough history to forecast yet", \
	"a young account has forecasts after some weeks; --all takes their " \
	"absence for no failure"
#define NO_FUTURE "Cost Explorer forecasts the current month only", \
	"what another month came to is in mtd-costs"

/* Why nothing may be bought; false when it may. */
bool
walk_may_not_buy(struct walk *w, enum step *step)
{
	struct readthrough_result *r = w->r;
	bool api = config_on(w->s->set.config, CONFIG_API);

	*step = STEP_FAILED;
	if (w->waited_in_vain) {
		err_set(&r->err, ERR_NO_DATA, "another process on this "
		    "machine is buying '%s' of '%s' and has not finished",
		    w->purchase.name, r->key.account);
		err_hint(&r->err, "wait longer (--timeout), or look at it "
		    "again in a minute");
		return true;
	}
	if (strcmp(r->key.type, "forecast") == 0 &&
	    w->purchase.operation == NULL) {
		*step = unavailable(w, NO_FUTURE);
		return true;
	}
	if (w->purchase.operation == NULL) {
		err_set(&r->err, ERR_NO_DATA, "no %sentry of type '%s' in the "
		    "cache, and no request is defined for it",
		    has_stale(w) ? "fresh " : "", r->key.type);
		hint_at_type(r->key.type, &r->err);
		return true;
	}
	if (!w->rq->offline && !w->rq->no_api && api) {
		if (strcmp(r->key.type, "forecast") != 0 || w->rq->refresh ||
		    !unavailable_known(w->s, &w->r->key, w->rq->ttl))
			return spending_check(w->s, r->key.account,
			    w->purchase.name, &r->err) != 0;
		*step = unavailable(w, NO_HISTORY);
		return true;
	}
	err_set(&r->err, ERR_NO_DATA, "'%s' of account '%s' is %s, and %s",
	    r->key.type, r->key.account, has_stale(w) ? "stale" :
	    "not in the cache",
	    w->rq->offline ? "--offline looks nowhere else" :
	    w->rq->no_api ? "--no-api forbids buying it" :
	    "the settings (api = off) forbid buying it");
	return true;
}

/* The seek object of the purchase's own key. */
static struct seek *
purchased(struct walk *w)
{
	return w->derived ? &w->full : &w->asked;
}

static enum step
deliver_purchased(struct walk *w, enum seek_hit hit)
{
	return w->derived ? walk_deliver_derived(w, hit, false) :
	    walk_deliver(w, &w->asked, hit, false);
}

/* Has another machine bought meanwhile? */
static enum lease_saw
look_for_purchase(void *state)
{
	struct walk *w = state;
	struct seek *k = purchased(w);

	if (seek_remote(k) != SEEK_MISS)
		return LEASE_SAW_FRESH;
	return k->s3 == SEEK_S3_OUT ? LEASE_SAW_DOWN : LEASE_SAW_NOT_FRESH;
}

static enum step
busy(struct walk *w, const struct lease_sight *sight)
{
	struct readthrough_result *r = w->r;

	w->waited_in_vain = true;
	err_set(&r->err, ERR_NO_DATA, "'%s' of account '%s' is being bought "
	    "by %s%s%s, for %lld s so far", w->purchase.name,
	    r->key.account, sight->holder[0] == '\0' ? "another machine" :
	    "'", sight->holder, sight->holder[0] == '\0' ? "" : "'",
	    (long long)(sight->age < 0 ? 0 : sight->age));
	err_hint(&r->err, "wait longer (--wait), or buy all the same "
	    "(--no-lease)");
	return STEP_FAILED;
}

/*
 * One buyer across all machines. STEP_NEXT: buy, with w->lease where one was
 * taken; *share turns false where S3 is not to be written.
 */
static enum step
become_buyer(struct walk *w, bool *share)
{
	const char *holder = config_text(w->s->set.config,
	    CONFIG_REFRESHED_BY);
	struct readthrough_result *r = w->r;
	struct lease_request rq = {
		.session = w->s,
		.key = &r->key,
		.purchase = w->purchase.name,
		.length_s = w->rq->lease_s,
		.holder = holder == NULL ? "" : holder,
		.wait_ms = walk_wait_left(w),
		.look = look_for_purchase,
		.state = w,
	};
	struct lease_sight sight;
	struct err err;

	err_clear(&err);
	switch (lease_acquire(&rq, &w->lease, &sight, &err)) {
	case LEASE_HELD:
		/* Somebody may just have finished. */
		if (look_for_purchase(w) != LEASE_SAW_FRESH)
			return STEP_NEXT;
		session_clean_up(w->s);
		lease_release(w->lease);
		return deliver_purchased(w, purchased(w)->hit);
	case LEASE_SERVED:
		return deliver_purchased(w, purchased(w)->hit);
	case LEASE_BUSY:
		return busy(w, &sight);
	case LEASE_OFF:
		return STEP_NEXT;
	case LEASE_ALONE:
		degraded_s3(&r->degraded, "s3-put-denied", &err);
		break;
	default:
		*share = false;
		degraded_s3(&r->degraded, "s3-unreachable", &err);
		break;
	}
	if (!walk_final(&err) && !w->rq->must_share)
		return STEP_NEXT;
	r->err = err;
	return STEP_FAILED;
}

enum step
walk_buy(struct walk *w)
{
	struct readthrough_result *r = w->r;
	const struct seek *seen = purchased(w);
	bool share = w->use_remote && w->asked.s3 != SEEK_S3_OUT &&
	    seen->s3 != SEEK_S3_OUT;
	struct buyer_request rq = {
		.session = w->s,
		.purchase = &w->purchase,
		.key = &r->key,
		.asked = &w->asked,
		.ttl = w->rq->ttl,
		.timeout_ms = w->rq->timeout_ms,
		.degraded = &r->degraded,
	};
	struct freshness_verdict verdict = { .fresh = true };
	struct buyer_result bought;
	enum step step = STEP_FAILED;

	if (account_prove(w->s, r->key.account, &r->err) != 0)
		return STEP_FAILED;
	if (share && !w->rq->no_lease && !seek_untouchable(seen) &&
	    (step = become_buyer(w, &share)) != STEP_NEXT)
		return step;
	step = STEP_FAILED;
	rq.seen = share ? seen : NULL;
	rq.now = seek_now(seen);
	rq.lease = w->lease;
	buyer_result_init(&bought, LIMIT_OBJECT + LIMIT_METADATA);
	if (buyer_buy(&rq, &bought, &r->err) != 0) {
		w->bought_nothing = strcmp(r->err.code, SPENDING_LIMIT) != 0;
		if (strcmp(r->key.type, "forecast") == 0 &&
		    strcmp(r->err.code, "DataUnavailableException") == 0) {
			err_clear(&r->err);
			unavailable_remember(w->s, &w->r->key, w->rq->ttl);
			step = unavailable(w, NO_HISTORY);
		}
		goto out;
	}
	if (bought.store_err.class != ERR_NONE) {
		if (!bought.shared && w->rq->must_share) {
			r->err = bought.store_err;
			goto out;
		}
		log_warn(w->s->set.log, "bought, but %s on this machine "
		    "only: %s", bought.shared ? "some of it is" : "it is",
		    bought.store_err.message);
	}
	if (rq.now > bought.entry.metadata.timestamp)
		verdict.age = rq.now - bought.entry.metadata.timestamp;
	memcpy(r->etag, bought.etag, sizeof r->etag);
	delivery_entry(&w->delivery, &bought.text, 0, &bought.entry,
	    bought.newer ? SOURCE_REMOTE : SOURCE_API, verdict);
	step = STEP_DONE;
out:
	buyer_result_clear(&bought);
	return step;
}
