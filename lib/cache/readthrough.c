#include "cache/readthrough.h"

#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "cache/account.h"
#include "cache/derive.h"
#include "cache/walk.h"
#include "sys/interrupt.h"

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
	bulk_init(&r->bulk);
	r->etag[0] = r->unavailable[0] = '\0';
	degraded_init(&r->degraded);
	err_clear(&r->err);
}

void
readthrough_result_clear(struct readthrough_result *r)
{
	buf_clear(&r->object);
	buf_clear(&r->text);
	bulk_clear(&r->bulk);
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
	(void)snprintf(full.type, sizeof full.type, "full-data");
	w->rules.policy = rq->policy;
	w->rules.refresh = rq->refresh;
	w->rules.revalidate = rq->revalidate && w->use_remote;
	w->rules.use_remote = w->use_remote;
	w->rules.cooldown = config_number(s->set.config,
	    CONFIG_REFRESH_COOLDOWN);
	seek_init(&w->asked, s, &w->rules, &r->key, &r->degraded);
	seek_init(&w->full, s, &w->rules, &full, &r->degraded);
	/* Not so full-data, of which others are computed. */
	w->asked.remote.may_be_bulk = rq->may_be_bulk;
	w->asked.copy.may_be_bulk = rq->may_be_bulk;
	/* What a result brings is for what S3 sends, which it then gets. */
	buf_lend(&w->asked.remote.text, &r->text);
	if (purchase_plan(r->key.type, rq->definition, rq->request_text,
	    r->key.month, session_server_now(s), &w->purchase, &r->err) != 0)
		return -1;
	if (w->purchase.custom)
		w->rules.request_sha256 = w->purchase.request_sha256;
	return 0;
}

/* For the ledger: what a cache gave was not bought. */
static void
count(struct walk *w)
{
	struct savings *savings = &w->s->savings;

	if (w->purchase.operation == NULL || !w->r->has_data)
		return;
	switch (w->r->source) {
	case SOURCE_LOCAL:
	case SOURCE_REMOTE:
	case SOURCE_DERIVED:
		savings_read(savings, &w->r->key, w->purchase.name);
		break;
	case SOURCE_API:
		savings_bought(savings, &w->r->key, w->purchase.name);
		break;
	default:
		break;
	}
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

static bool
month_moved(struct walk *w, int64_t server)
{
	return w->rq->month_default && session_month_moved(w->s, server,
	    w->rq->month_back, &w->r->key.month);
}

/* A copy remembers how wrong our clock was when it was stored. It may be
 * right by now, so S3 is asked which month it is. */
static bool
month_in_doubt(const struct walk *w)
{
	struct month month = w->r->key.month;

	return w->rq->month_default && w->use_remote &&
	    w->asked.has_copy && session_month_moved(w->s,
	    seek_now(&w->asked), w->rq->month_back, &month);
}

static enum step
s3_out(struct walk *w, const struct seek *k)
{
	const struct err *why = &k->remote.err;

	if (!walk_final(why) && !w->rq->must_share)
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
	if (w->s->s3_out_said)
		return;
	w->s->s3_out_said = w->s->s3_out != NULL;
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
	return hit == SEEK_MISS ? STEP_NEXT :
	    walk_deliver_derived(w, hit, false);
}

/* Steps 1 and 3 for what is asked for, and for what it can be computed of. */
static enum step
look(struct walk *w)
{
	enum seek_hit hit;
	enum step step = look_up(w, &w->asked, &hit);

	if (step == STEP_NEXT && hit != SEEK_MISS)
		return walk_deliver(w, &w->asked, hit, false);
	return step == STEP_NEXT && w->derived ? look_up_full(w) : step;
}

/* The same without S3: another process may have stored it since. */
static enum step
look_here(struct walk *w)
{
	enum seek_hit hit = seek_local(&w->asked);

	if (hit != SEEK_MISS)
		return walk_deliver(w, &w->asked, hit, false);
	if (w->derived && (hit = seek_local(&w->full)) != SEEK_MISS)
		return walk_deliver_derived(w, hit, false);
	return STEP_NEXT;
}

/*
 * One process for each purchase goes on; the others wait and read again. Who
 * finds it in S3 takes no lock: it would cost a file, and many their turn. Who
 * waited in vain does not buy, and reads what is there.
 */
static enum step
single_flight(struct walk *w)
{
	struct local *local = session_local(w->s);
	struct err err = { 0 };
	int came = interrupt_count();
	enum lock_result lock;
	enum step step;
	bool waited;

	if (local == NULL)
		return STEP_NEXT;
	lock = local_lock(local, &w->r->key, w->purchase.name,
	    w->s->set.clock, walk_wait_left(w), &w->lock, &waited, &err);
	if (lock == LOCK_ERROR) {
		log_step(w->s->set.log, "no lock: %s", err.message);
		return STEP_NEXT;
	}
	if (lock == LOCK_BUSY && interrupt_count() > came) {
		err_set(&w->r->err, interrupt_class(), "interrupted while "
		    "waiting for another process's purchase");
		return STEP_FAILED;
	}
	w->waited_in_vain = lock == LOCK_BUSY;
	step = look_here(w);
	return step == STEP_NEXT && waited ? look(w) : step;
}

/* Which days are asked for depends on today, by S3's clock where it was heard:
 * ours may be days behind, and others would read the gap as figures. */
static int
plan_again(struct walk *w)
{
	struct key *key = &w->r->key;

	if (date_of(session_server_now(w->s)).day ==
	    date_of(session_now(w->s)).day)
		return 0;
	purchase_clear(&w->purchase);
	return purchase_plan(key->type, w->rq->definition,
	    w->rq->request_text, key->month, session_server_now(w->s),
	    &w->purchase, &w->r->err);
}

static enum step
walk(struct walk *w)
{
	enum seek_hit hit = seek_local(&w->asked);
	enum step step;

	if (hit != SEEK_MISS && !month_in_doubt(w))
		return walk_deliver(w, &w->asked, hit, false);
	session_deadline(w->s, w->rq->timeout_ms);
	if ((step = look(w)) != STEP_NEXT)
		return step;
	if (!w->rq->offline &&
	    (step = single_flight(w)) != STEP_NEXT)
		return step;
	if (plan_again(w) != 0)
		return STEP_FAILED;
	if (!walk_may_not_buy(w, &step))
		step = walk_buy(w);
	if (step != STEP_FAILED)
		return step;
	step = walk_fall_back(w);
	if (step == STEP_FAILED)
		walk_blame(w);
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
		if (step == STEP_DONE)
			count(&w);
		walk_clear(&w);
		if (step != STEP_MOVED)
			break;
	}
	return step == STEP_DONE ? 0 : -1;
}
