#include "cache/lease.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "cache/lease_work.h"
#include "cache/memo.h"
#include "codec/hex.h"
#include "sys/interrupt.h"

/* On a store that races its conditional writes, the losers of a race have
 * written by then (facts/servers.md). */
#define SETTLE_MS 700

/* The work of acquiring, beside the lease itself. */
struct work {
	const struct lease_request *rq;
	struct lease *lease;
	struct lease_sight *sight;
	struct err *err;
	struct s3 *s3;
	struct lease_steps steps;
	char seen_etag[132];	/* of somebody's lease */
	char etag[132];		/* of ours */
	int64_t sent_ms;	/* first attempt of our last PUT */
	int64_t began_ms;
	bool wrote;		/* a PUT was sent: it may be ours */
	char watched_etag[132];	/* somebody's lease, and when it was first */
	int64_t watched_ms;	/* seen: for stores without a Date */
};

static struct lease *
lease_new(const struct lease_request *rq, struct err *err)
{
	struct lease *l = calloc(1, sizeof *l);
	unsigned char nonce[LEASE_NONCE];

	if (l == NULL) {
		err_memory(err);
		return NULL;
	}
	l->session = rq->session;
	l->body.length = rq->length_s;
	(void)snprintf(l->body.holder, sizeof l->body.holder, "%s",
	    rq->holder);
	buf_init(&l->object, LIMIT_KEY);
	buf_init(&l->text, LEASE_BODY_MAX);
	key_lease(buf_string(&rq->session->prefix), rq->key, rq->purchase,
	    &l->object);
	if (rand_fill(rq->session->set.rand, nonce, sizeof nonce) != 0)
		err_set(err, ERR_INTERNAL, "no randomness for a lease");
	else
		hex_encode(nonce, sizeof nonce, l->body.nonce);
	if (err->class == ERR_NONE &&
	    buf_check(&l->object, "key", err) == 0 &&
	    lease_body_put(&l->body, 0, &l->text, err) == 0)
		return l;
	lease_free(l);
	return NULL;
}

static enum lease_saw
saw_error(struct work *w, const struct err *why)
{
	if (w->err->class == ERR_NONE)
		*w->err = *why;
	return why->class == ERR_DENIED ? LEASE_SAW_DENIED : LEASE_SAW_DOWN;
}

static enum lease_saw
put(struct work *w, const char *if_match, bool again)
{
	struct lease *l = w->lease;
	struct s3_put request = {
		.key = buf_string(&l->object),
		.body = buf_view(&l->text),
		.content_type = "application/json",
		.cache_control = "no-store",
		.if_match = if_match,
		.if_absent = if_match == NULL,
	};
	struct err why;
	enum s3_outcome outcome;

	err_clear(&why);
	/* A repetition's first attempt may have taken effect unheard. */
	if (!again)
		w->sent_ms = clock_elapsed_ms(l->session->set.clock);
	w->wrote = true;
	/* Cut off by a signal it might arrive after we have looked for it, and
	 * stay there: its answer is waited for. */
	l->session->awaiting = true;
	outcome = s3_put(w->s3, &request, &why);
	l->session->awaiting = false;
	if (outcome != S3_ERROR || s3_answer(w->s3)->date >= 0)
		session_saw_date(l->session, s3_answer(w->s3)->date);
	switch (outcome) {
	case S3_OK:
		memcpy(w->etag, s3_answer(w->s3)->etag, sizeof w->etag);
		w->steps.versioned = http_response_field(
		    s3_answer(w->s3)->response, "x-amz-version-id").n > 0;
		return LEASE_SAW_WRITTEN;
	case S3_PRECONDITION:
		return LEASE_SAW_REFUSED;
	case S3_CONFLICT:
		return LEASE_SAW_CONFLICT;
	case S3_ABSENT:
		return LEASE_SAW_GONE;
	case S3_UNSUPPORTED:
		return LEASE_SAW_UNSUPPORTED;
	default:
		return saw_error(w, &why);
	}
}

enum lease_saw
lease_judge(struct lease *l, struct s3 *s3, char etag[132],
    struct lease_sight *sight, struct err *err)
{
	const struct s3_answer *answer = s3_answer(s3);
	struct lease_body body;
	bool sound = lease_body_read(buf_view(&answer->response->body), &body,
	    err);

	if (err->class == ERR_INTERNAL)
		return LEASE_SAW_DOWN;
	memcpy(etag, answer->etag, sizeof answer->etag);
	memcpy(sight->holder, body.holder, sizeof sight->holder);
	sight->length = body.length;
	sight->age = answer->last_modified >= 0 && answer->date >= 0 ?
	    answer->date - answer->last_modified : -1;
	if (sound && strcmp(body.nonce, l->body.nonce) == 0)
		return LEASE_SAW_OURS;
	return lease_step_expired(answer->date, answer->last_modified,
	    sight->length) ? LEASE_SAW_EXPIRED : LEASE_SAW_LIVE;
}

/*
 * Without a Date that can be believed nobody's clock is asked: a lease that
 * has not changed for its length, as watched here, has run out.
 */
static enum lease_saw
watch(struct work *w, enum lease_saw saw)
{
	int64_t now = clock_elapsed_ms(w->lease->session->set.clock);

	if (saw != LEASE_SAW_LIVE || s3_answer(w->s3)->date >= 0)
		return saw;
	if (strcmp(w->watched_etag, w->seen_etag) != 0) {
		memcpy(w->watched_etag, w->seen_etag, sizeof w->seen_etag);
		w->watched_ms = now;
	}
	return lease_step_expired(now / 1000, w->watched_ms / 1000,
	    w->sight->length) ? LEASE_SAW_EXPIRED : LEASE_SAW_LIVE;
}

static enum lease_saw
look_at_lease(struct work *w)
{
	struct err why;
	enum lease_saw saw;

	err_clear(&why);
	switch (s3_get(w->s3, buf_string(&w->lease->object), NULL,
	    LEASE_BODY_MAX, &why)) {
	case S3_OK:
		saw = lease_judge(w->lease, w->s3, w->seen_etag, w->sight,
		    &why);
		if (saw == LEASE_SAW_DOWN)
			return saw_error(w, &why);
		if (saw == LEASE_SAW_OURS)
			memcpy(w->etag, w->seen_etag, sizeof w->etag);
		return watch(w, saw);
	case S3_ABSENT:
		return LEASE_SAW_ABSENT;
	case S3_ERROR:
		/* Larger than a lease can be: somebody's, whatever it is. */
		if (why.class == ERR_DATA) {
			w->sight->length = LEASE_LENGTH_MAX;
			w->sight->age = -1;
			return LEASE_SAW_LIVE;
		}
		return saw_error(w, &why);
	default:
		return LEASE_SAW_DOWN;
	}
}

/*
 * A store that takes no notice of conditions lets everybody win: proved once
 * a bucket, by a second PUT that has to be refused.
 */
static bool
conditions_hold(struct work *w)
{
	struct session *s = w->lease->session;
	struct buf subject;
	enum lease_saw saw;
	char known[8];
	bool hold = true;

	buf_init(&subject, LIMIT_KEY);
	if (w->steps.trusted ||
	    session_bucket_subject(s, &subject, w->err) != 0)
		goto out;
	if (memo_get(session_memo(s), MEMO_CONDITIONS, buf_string(&subject),
	    known, sizeof known)) {
		hold = strcmp(known, "no") != 0;
		goto out;
	}
	/* An invalidate in between looks the same: once more. */
	saw = put(w, NULL, true);
	if (saw == LEASE_SAW_WRITTEN)
		saw = put(w, NULL, true);
	switch (saw) {
	case LEASE_SAW_REFUSED:
		memo_set(session_memo(s), MEMO_CONDITIONS,
		    buf_string(&subject), "yes");
		break;
	case LEASE_SAW_WRITTEN:
		memo_set(session_memo(s), MEMO_CONDITIONS,
		    buf_string(&subject), "no");
		hold = false;
		break;
	default:
		break;
	}
out:
	buf_clear(&subject);
	return hold;
}

static enum lease_do
retire(struct work *w)
{
	struct err ignored;

	err_clear(&ignored);
	log_warn(w->lease->session->set.log, "the store of bucket '%s' does "
	    "not honour conditional writes: several machines may buy the "
	    "same figures", w->lease->session->bucket);
	if (w->etag[0] != '\0')
		(void)s3_delete(w->s3, buf_string(&w->lease->object), NULL,
		    &ignored);
	return LEASE_OFF;
}

static int64_t
wait_left(const struct work *w)
{
	int64_t spent = clock_elapsed_ms(w->lease->session->set.clock) -
	    w->began_ms;

	return spent >= w->rq->wait_ms ? 0 : w->rq->wait_ms - spent;
}

static enum lease_saw
perform(struct work *w, struct lease_next next)
{
	switch (next.act) {
	case LEASE_TAKE:
		return put(w, NULL, next.again);
	case LEASE_TAKE_OVER:
		log_step(w->lease->session->set.log, "the lease of '%s' ran "
		    "out %lld s ago: taking it over", w->rq->purchase,
		    (long long)(w->sight->age - w->sight->length));
		return put(w, w->seen_etag, next.again);
	case LEASE_READ:
		return look_at_lease(w);
	case LEASE_LOOK:
		return w->rq->look(w->rq->state);
	default:
		clock_sleep_ms(w->lease->session->set.clock, next.pause_ms);
		return LEASE_SAW_NOTHING;
	}
}

static enum lease_do
run_steps(struct work *w)
{
	struct session *s = w->lease->session;
	enum lease_saw saw = LEASE_SAW_NOTHING;
	struct lease_next next;
	int came = interrupt_count();

	for (;;) {
		next = lease_step(&w->steps, saw, wait_left(w),
		    (uint32_t)rand_below(s->set.rand, UINT32_MAX));
		if (next.act >= LEASE_HELD)
			break;
		saw = perform(w, next);
		if (interrupt_count() > came) {
			err_clear(w->err);
			err_set(w->err, interrupt_class(), "interrupted while "
			    "waiting for another machine's purchase");
			return LEASE_OUT;
		}
		if (saw == LEASE_SAW_WRITTEN && !conditions_hold(w))
			return retire(w);
	}
	if (next.act == LEASE_OFF)
		return retire(w);
	return next.act;
}

static int
start_keeper(struct work *w)
{
	struct keeper_request request = {
		.session = w->lease->session,
		.object = buf_string(&w->lease->object),
		.body = &w->lease->body,
		.etag = w->etag,
		.sent_ms = w->sent_ms,
	};

	err_clear(w->err);
	w->lease->keeper = keeper_start(&request, w->err);
	return w->lease->keeper == NULL ? -1 : 0;
}

/*
 * It did not come to a purchase, and a PUT of ours may have won: an
 * interruption, or S3 gone silent. Nobody is to wait for it to run out.
 */
static void
tidy(struct work *w)
{
	session_clean_up(w->lease->session);
	lease_hold_start(&w->lease->hold, w->lease->body.length, w->sent_ms);
	lease_release(w->lease);
}

enum lease_do
lease_acquire(const struct lease_request *request, struct lease **out,
    struct lease_sight *sight, struct err *err)
{
	struct work w = {
		.rq = request,
		.sight = sight,
		.err = err,
		.began_ms = clock_elapsed_ms(request->session->set.clock),
	};
	enum lease_do end = LEASE_OUT;

	*out = NULL;
	memset(sight, 0, sizeof *sight);
	sight->age = -1;
	if ((w.s3 = session_s3(request->session, err)) == NULL ||
	    (w.lease = lease_new(request, err)) == NULL)
		return LEASE_OUT;
	w.steps.trusted = s3_is_aws(w.s3);
	w.steps.settle_ms = SETTLE_MS;
	end = run_steps(&w);
	if (end == LEASE_HELD && start_keeper(&w) != 0)
		end = LEASE_OUT;
	if (end == LEASE_OUT && w.wrote)
		tidy(&w);
	if (end == LEASE_HELD) {
		log_step(request->session->set.log, "holding the lease of "
		    "'%s'", request->purchase);
		*out = w.lease;
		return end;
	}
	lease_free(w.lease);
	return end;
}

void
lease_free(struct lease *lease)
{
	if (lease == NULL)
		return;
	keeper_stop(lease->keeper, NULL);
	buf_clear(&lease->object);
	buf_clear(&lease->text);
	free(lease);
}
