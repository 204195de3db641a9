#include "cache/keeper.h"

#include <stdlib.h>
#include <string.h>

#include "cache/apart.h"
#include "sys/thread.h"

#define SLICE_MS 200

struct keeper {
	struct apart apart;
	char *object;
	struct lease_body body;
	pthread_t thread;
	bool running;
	pthread_cond_t wake;	/* stop was set */
	pthread_mutex_t lock;	/* guards what follows */
	bool stop;
	struct lease_hold hold;
	char etag[132];		/* the thread's own */
	unsigned renewals;
};

static bool
stopped(void *state)
{
	struct keeper *k = state;
	bool stop;

	pthread_mutex_lock(&k->lock);
	stop = k->stop;
	pthread_mutex_unlock(&k->lock);
	return stop;
}

static int64_t
now_ms(const struct keeper *k)
{
	return clock_elapsed_ms(k->apart.call.clock);
}

static enum lease_saw
saw_of(enum s3_outcome outcome)
{
	switch (outcome) {
	case S3_OK:
		return LEASE_SAW_WRITTEN;
	case S3_PRECONDITION:
		return LEASE_SAW_REFUSED;
	case S3_ABSENT:
		return LEASE_SAW_GONE;
	case S3_CONFLICT:
		return LEASE_SAW_CONFLICT;
	default:
		return LEASE_SAW_DOWN;
	}
}

static void
note(struct keeper *k, enum lease_saw saw, bool ambiguous)
{
	pthread_mutex_lock(&k->lock);
	lease_hold_saw(&k->hold, saw, ambiguous, now_ms(k));
	pthread_mutex_unlock(&k->lock);
}

static void
renew(struct keeper *k)
{
	struct s3_put put = {
		.key = k->object,
		.content_type = "application/json",
		.cache_control = "no-store",
		.if_match = k->etag,
	};
	enum s3_outcome outcome;
	struct buf body;
	struct err err;

	err_clear(&err);
	buf_init(&body, LEASE_BODY_MAX);
	if (lease_body_put(&k->body, ++k->renewals, &body, &err) != 0)
		goto out;
	put.body = buf_view(&body);
	pthread_mutex_lock(&k->lock);
	lease_hold_renewing(&k->hold, now_ms(k));
	pthread_mutex_unlock(&k->lock);
	outcome = s3_put(k->apart.s3, &put, &err);
	if (outcome == S3_OK)
		memcpy(k->etag, s3_answer(k->apart.s3)->etag, sizeof k->etag);
	note(k, saw_of(outcome), s3_answer(k->apart.s3)->ambiguous);
out:
	if (err.class != ERR_NONE && !stopped(k))
		log_step(k->apart.call.log, "cannot renew the lease: %s",
		    err.message);
	buf_clear(&body);
}

/* Refused after an attempt without an answer: is the nonce still ours? */
static void
ask(struct keeper *k)
{
	struct lease_body body;
	struct err err, unread;

	err_clear(&err);
	err_clear(&unread);
	switch (s3_get(k->apart.s3, k->object, NULL, LEASE_BODY_MAX, &err)) {
	case S3_OK:
		if (lease_body_read(buf_view(
		    &s3_answer(k->apart.s3)->response->body), &body, &unread) &&
		    strcmp(body.nonce, k->body.nonce) == 0) {
			memcpy(k->etag, s3_answer(k->apart.s3)->etag,
			    sizeof k->etag);
			note(k, LEASE_SAW_OURS, false);
		} else {
			note(k, unread.class == ERR_INTERNAL ? LEASE_SAW_DOWN :
			    LEASE_SAW_LIVE, false);
		}
		break;
	case S3_ABSENT:
		note(k, LEASE_SAW_ABSENT, false);
		break;
	default:
		note(k, LEASE_SAW_DOWN, false);
		break;
	}
}

static void *
keep(void *state)
{
	struct keeper *k = state;

	while (!stopped(k)) {
		struct lease_hold hold = keeper_hold(k);

		k->apart.call.deadline_ms = lease_hold_deadline(hold.sent_ms,
		    hold.length_s);
		switch (lease_hold_next(&hold, now_ms(k))) {
		case LEASE_HOLD_RENEW:
			renew(k);
			break;
		case LEASE_HOLD_ASK:
			ask(k);
			break;
		case LEASE_HOLD_LOST:
			return NULL;
		case LEASE_HOLD_REST:
			pthread_mutex_lock(&k->lock);
			(void)thread_doze(&k->wake, &k->lock, &k->stop,
			    SLICE_MS);
			pthread_mutex_unlock(&k->lock);
			break;
		}
	}
	return NULL;
}

static int
launch(struct keeper *k, struct err *err)
{
	int rc = thread_start(&k->thread, keep, k);

	k->running = rc == 0;
	return rc == 0 ? 0 : err_system(err, rc, "cannot start", "a thread");
}

struct keeper *
keeper_start(const struct keeper_request *request, struct err *err)
{
	struct keeper *k = calloc(1, sizeof *k);

	if (k == NULL || !thread_doze_init(&k->wake)) {
		free(k);
		err_memory(err);
		return NULL;
	}
	pthread_mutex_init(&k->lock, NULL);
	k->body = *request->body;
	lease_hold_start(&k->hold, k->body.length, request->sent_ms);
	memcpy(k->etag, request->etag, strlen(request->etag) + 1);
	k->object = span_dup(span_of(request->object));
	if (k->object == NULL)
		err_memory(err);
	else if (apart_open(&k->apart, request->session, stopped, k,
	    err) == 0 && apart_refresh(&k->apart, err) == 0 &&
	    launch(k, err) == 0)
		return k;
	keeper_stop(k, NULL);
	return NULL;
}

struct lease_hold
keeper_hold(struct keeper *k)
{
	struct lease_hold hold;

	pthread_mutex_lock(&k->lock);
	hold = k->hold;
	pthread_mutex_unlock(&k->lock);
	return hold;
}

void
keeper_stop(struct keeper *k, struct lease_hold *hold)
{
	if (k == NULL)
		return;
	pthread_mutex_lock(&k->lock);
	k->stop = true;
	pthread_cond_signal(&k->wake);
	pthread_mutex_unlock(&k->lock);
	if (k->running)
		(void)pthread_join(k->thread, NULL);
	if (hold != NULL)
		*hold = k->hold;
	apart_close(&k->apart);
	pthread_cond_destroy(&k->wake);
	pthread_mutex_destroy(&k->lock);
	free(k->object);
	free(k);
}
