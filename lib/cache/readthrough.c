#include "cache/readthrough.h"

#include <stdio.h>
#include <string.h>

#include "base/app.h"
#include "base/limits.h"
#include "cache/account.h"
#include "cache/buyer.h"
#include "cache/delivery.h"
#include "cache/derive.h"
#include "cache/purchase.h"
#include "cache/seek.h"
#include "cache/unavailable.h"

#define FULL_DATA "full-data"

/* When a server's clock differs by more, the default month is looked at
 * again (design section 5). */
#define CLOCK_DOUBT 300

/* What a step of the walk leads to. */
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

static const char *const source_names[] = {
	[SOURCE_NONE] = "none", [SOURCE_LOCAL] = "local",
	[SOURCE_REMOTE] = "remote", [SOURCE_API] = "api",
	[SOURCE_DERIVED] = "derived", [SOURCE_STALE_LOCAL] = "stale-local",
	[SOURCE_STALE_REMOTE] = "stale-remote",
};

const char *
readthrough_source_name(enum readthrough_source source)
{
	return source_names[source];
}

void
readthrough_result_init(struct readthrough_result *r, size_t max)
{
	memset(&r->key, 0, sizeof r->key);
	buf_init(&r->object, LIMIT_KEY);
	r->source = SOURCE_NONE;
	r->fresh = r->has_data = false;
	r->age = -1;
	buf_init(&r->text, max + LIMIT_METADATA);
	r->envelope = span_make(NULL, 0);
	memset(&r->entry, 0, sizeof r->entry);
	r->etag[0] = r->unavailable[0] = '\0';
	degraded_init(&r->degraded);
	err_clear(&r->err);
}

void
readthrough_result_clear(struct readthrough_result *r)
{
	buf_clear(&r->object);
	buf_clear(&r->text);
}

static int
walk_init(struct walk *w, struct session *s,
    const struct readthrough_request *rq, struct readthrough_result *r)
{
	struct key full = r->key;

	w->s = s;
	w->rq = rq;
	w->r = r;
	w->delivery.session = s;
	w->delivery.policy = &rq->policy;
	w->delivery.result = r;
	w->lock.fd = -1;
	w->began_ms = clock_elapsed_ms(s->set.clock);
	w->waited_in_vain = w->bought_nothing = false;
	w->lease = NULL;
	memset(&w->rules, 0, sizeof w->rules);
	w->derived = derive_possible(r->key.type);
	w->use_remote = s->team_cache && !s->set.no_remote && !rq->offline;
	snprintf(full.type, sizeof full.type, "%s", FULL_DATA);
	w->rules.policy = rq->policy;
	w->rules.refresh = rq->refresh;
	w->rules.revalidate = rq->revalidate && w->use_remote;
	w->rules.use_remote = w->use_remote;
	seek_init(&w->asked, s, &w->rules, &r->key, &r->degraded);
	seek_init(&w->full, s, &w->rules, &full, &r->degraded);
	if (purchase_plan(r->key.type, rq->definition, rq->request_text,
	    r->key.month, session_now(s), &w->purchase, &r->err) != 0)
		return -1;
	if (w->purchase.custom)
		w->rules.request_sha256 = w->purchase.request_sha256;
	return 0;
}

static void
walk_clear(struct walk *w)
{
	lease_free(w->lease);
	lock_release(&w->lock);
	purchase_clear(&w->purchase);
	seek_clear(&w->asked);
	seek_clear(&w->full);
}

static enum step
deliver_seek(struct walk *w, struct seek *k, enum seek_hit hit, bool stale)
{
	delivery_seek(&w->delivery, k, hit, stale);
	return STEP_DONE;
}

static enum step
deliver_derived(struct walk *w, enum seek_hit hit, bool stale)
{
	return delivery_derived(&w->delivery, &w->full, hit, stale,
	    &w->r->err) == 0 ? STEP_DONE : STEP_FAILED;
}

/* A failure that no other source of data makes good. */
static bool
final_error(const struct err *err)
{
	return err->class == ERR_USAGE || err->class == ERR_INTERNAL ||
	    err->class == ERR_INTERRUPTED || err->class == ERR_TERMINATED;
}

static bool
month_moved(struct walk *w, int64_t date)
{
	int64_t off = date - session_now(w->s);
	struct month theirs;

	if (!w->rq->month_default || date < 0 ||
	    (off <= CLOCK_DOUBT && off >= -CLOCK_DOUBT))
		return false;
	theirs = month_of(date);
	if (month_compare(theirs, w->r->key.month) == 0)
		return false;
	log_step(w->s->set.log, "this machine's clock is %lld s off: by S3's "
	    "clock it is another month", (long long)off);
	w->r->key.month = theirs;
	return true;
}

static enum step
s3_out(struct walk *w, const struct seek *k)
{
	const struct err *why = &k->remote.err;

	if (!final_error(why) && !w->rq->must_share)
		return STEP_NEXT;
	w->r->err = *why;
	return STEP_FAILED;
}

static const char *
s3_word(const struct seek *k)
{
	switch (k->remote.found) {
	case REMOTE_DENIED:
		return "denies reading";
	case REMOTE_NO_BUCKET:
		return "cannot be used";
	default:
		return "is out of reach";
	}
}

static void
warn_s3_out(struct walk *w, const struct seek *k)
{
	log_warn(w->s->set.log, "the team cache '%s' %s, going on without "
	    "it: %s", w->s->bucket, s3_word(k), k->remote.err.message);
}

/* Steps 1 and 3 for one key: local, S3, and the local copy once more where
 * S3 is out of reach. */
static enum step
look_up(struct walk *w, struct seek *k, enum seek_hit *hit)
{
	enum step step;

	*hit = SEEK_MISS;
	if (!w->use_remote) {
		*hit = seek_unvalidated(k);
		return STEP_NEXT;
	}
	*hit = seek_remote(k);
	if (k->s3 != SEEK_S3_OUT) {
		if (month_moved(w, k->remote.date))
			return STEP_MOVED;
		return STEP_NEXT;
	}
	if ((step = s3_out(w, k)) != STEP_NEXT)
		return step;
	warn_s3_out(w, k);
	*hit = seek_unvalidated(k);
	return STEP_NEXT;
}

/*
 * A derived type that misses is computed from a fresh full-data before
 * anything is bought. S3 that was out of reach a moment ago is not asked
 * again.
 */
static enum step
look_up_full(struct walk *w)
{
	enum seek_hit hit = seek_local(&w->full);
	enum step step;

	if (hit == SEEK_MISS && w->asked.s3 == SEEK_S3_OUT) {
		w->full.s3 = SEEK_S3_OUT;
		w->full.remote.found = w->asked.remote.found;
		hit = seek_unvalidated(&w->full);
	} else if (hit == SEEK_MISS) {
		step = look_up(w, &w->full, &hit);
		if (step != STEP_NEXT)
			return step;
	}
	return hit == SEEK_MISS ? STEP_NEXT : deliver_derived(w, hit, false);
}

/* The wait ends a second before --timeout, with an outcome of its own. */
static int64_t
wait_left(const struct walk *w)
{
	int64_t wait = w->rq->wait_ms;

	if (wait > w->rq->timeout_ms - 1000)
		wait = w->rq->timeout_ms - 1000;
	wait -= clock_elapsed_ms(w->s->set.clock) - w->began_ms;
	return wait < 0 ? 0 : wait;
}

/* One process for each purchase goes on; the others wait and read again. */
static enum step
single_flight(struct walk *w)
{
	struct local *local = session_local(w->s);
	struct err err = { 0 };
	int64_t wait = wait_left(w);
	int64_t before = clock_elapsed_ms(w->s->set.clock);
	enum seek_hit hit;

	if (local == NULL)
		return STEP_NEXT;
	switch (local_lock(local, &w->r->key, w->purchase.name,
	    w->s->set.clock, wait, &w->lock, &err)) {
	case LOCK_ERROR:
		log_step(w->s->set.log, "no lock: %s", err.message);
		return STEP_NEXT;
	case LOCK_BUSY:
		w->waited_in_vain = true;
		return STEP_NEXT;
	case LOCK_HELD:
		break;
	}
	if (clock_elapsed_ms(w->s->set.clock) - before < 10)
		return STEP_NEXT;
	hit = seek_local(&w->asked);
	return hit == SEEK_MISS ? STEP_NEXT :
	    deliver_seek(w, &w->asked, hit, false);
}

static enum step
unavailable(struct walk *w, const char *why)
{
	if (w->rq->one_of_all) {
		snprintf(w->r->unavailable, sizeof w->r->unavailable, "%s",
		    why);
		return STEP_DONE;
	}
	err_set(&w->r->err, ERR_NOT_ENABLED, "no %s for account '%s': %s",
	    w->r->key.type, w->r->key.account, why);
	return STEP_FAILED;
}

#define NO_HISTORY "Cost Explorer has not enough history to forecast yet"

/* Why nothing may be bought; false when it may. */
static bool
may_not_buy(struct walk *w, enum step *step)
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
		*step = unavailable(w, "Cost Explorer forecasts the current "
		    "month only");
		return true;
	}
	if (w->purchase.operation == NULL) {
		err_set(&r->err, ERR_NO_DATA, "no entry of type '%s' in the "
		    "cache, and no request is defined for it", r->key.type);
		err_hint(&r->err, "store one with 'teamcache push %s FILE', "
		    "or define [type %s] in the settings file", r->key.type,
		    r->key.type);
		return true;
	}
	if (!w->rq->offline && !w->rq->no_api && api) {
		if (strcmp(r->key.type, "forecast") != 0 || w->rq->refresh ||
		    !unavailable_known(w->s, &w->r->key, w->rq->ttl))
			return false;
		*step = unavailable(w, NO_HISTORY);
		return true;
	}
	err_set(&r->err, ERR_NO_DATA, "'%s' of account '%s' is not in the "
	    "cache, and %s", r->key.type, r->key.account,
	    w->rq->offline ? "--offline looks nowhere else" :
	    w->rq->no_api ? "--no-api forbids buying it" :
	    "the settings (api = off) forbid buying it");
	return true;
}

/* A refusal to buy becomes the status of what stood in the way of reading. */
static void
blame(struct walk *w)
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

/* The seek object of the purchase's own key. */
static struct seek *
purchased(struct walk *w)
{
	return w->derived ? &w->full : &w->asked;
}

static enum step
deliver_purchased(struct walk *w, enum seek_hit hit)
{
	return w->derived ? deliver_derived(w, hit, false) :
	    deliver_seek(w, &w->asked, hit, false);
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
		.wait_ms = wait_left(w),
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
		(void)lease_release(w->lease);
		return deliver_purchased(w, purchased(w)->hit);
	case LEASE_SERVED:
		return deliver_purchased(w, purchased(w)->hit);
	case LEASE_BUSY:
		return busy(w, &sight);
	case LEASE_OFF:
		return STEP_NEXT;
	case LEASE_ALONE:
		degraded_s3(&r->degraded, "s3-put-denied", "s3:PutObject",
		    &err);
		break;
	default:
		*share = false;
		degraded_s3(&r->degraded, "s3-unreachable", "s3:PutObject",
		    &err);
		break;
	}
	if (!final_error(&err) && !w->rq->must_share)
		return STEP_NEXT;
	r->err = err;
	return STEP_FAILED;
}

static enum step
buy(struct walk *w)
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
		w->bought_nothing = true;
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

/*
 * Nothing fresh could be had: stale data where it is allowed, else status 9
 * when there was some and only permission to buy was missing.
 */
static enum step
fall_back(struct walk *w)
{
	struct freshness_facts facts;
	struct readthrough_result *r = w->r;
	struct seek *k = &w->asked;
	enum seek_hit hit;
	struct err why = r->err;

	if (final_error(&why) || (w->rq->must_share && w->bought_nothing == 0
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
		    why.message, k == &w->asked ? r->key.type : FULL_DATA);
		degraded_add(&r->degraded, "stale");
		err_clear(&r->err);
		return k == &w->asked ? deliver_seek(w, k, hit, true) :
		    deliver_derived(w, hit, true);
	}
	if (why.class == ERR_NO_DATA && !w->waited_in_vain) {
		err_clear(&r->err);
		err_set(&r->err, ERR_STALE, "only stale data of '%s' for "
		    "account '%s' could be had", r->key.type,
		    r->key.account);
		err_hint(&r->err, "--allow-stale prints it");
	}
	return STEP_FAILED;
}

static enum step
walk(struct walk *w)
{
	enum seek_hit hit = seek_local(&w->asked);
	enum step step;

	if (hit != SEEK_MISS)
		return deliver_seek(w, &w->asked, hit, false);
	session_deadline(w->s, w->rq->timeout_ms);
	if (!w->rq->offline &&
	    (step = single_flight(w)) != STEP_NEXT)
		return step;
	if (!w->waited_in_vain) {
		if ((step = look_up(w, &w->asked, &hit)) != STEP_NEXT)
			return step;
		if (hit != SEEK_MISS)
			return deliver_seek(w, &w->asked, hit, false);
		if (w->derived && (step = look_up_full(w)) != STEP_NEXT)
			return step;
	}
	if (!may_not_buy(w, &step))
		step = buy(w);
	if (step != STEP_FAILED)
		return step;
	step = fall_back(w);
	if (step == STEP_FAILED)
		blame(w);
	return step;
}

int
readthrough_fetch(struct session *s,
    const struct readthrough_request *request,
    struct readthrough_result *r)
{
	enum step step = STEP_FAILED;
	struct walk w;
	int round;

	r->key = request->key;
	session_deadline(s, request->timeout_ms);
	if (r->key.account[0] == '\0' &&
	    account_name(s, r->key.account, &r->err) != 0)
		return -1;
	/* Twice at most: by S3's clock it may be another month. */
	for (round = 0; round < 2; round++) {
		buf_reset(&r->object);
		key_object(buf_string(&s->prefix), &r->key, &r->object);
		if (buf_check(&r->object, "key", &r->err) != 0)
			return -1;
		step = walk_init(&w, s, request, r) != 0 ? STEP_FAILED :
		    walk(&w);
		walk_clear(&w);
		if (step != STEP_MOVED)
			break;
	}
	return step == STEP_DONE ? 0 : -1;
}
