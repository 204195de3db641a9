#include "cache/keeper.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/app.h"
#include "base/limits.h"

/* libcurl and BearSSL want more than musl's 128 KiB. */
#define STACK ((size_t)512 * 1024)
#define SLICE_MS 200

struct keeper {
	struct session *session;
	char *object;
	struct lease_body body;
	struct trust *trust;
	struct http_curl *http;
	struct call_context call;
	struct keys keys;
	struct keys_source source;
	struct s3 *s3;
	pthread_t thread;
	bool running;
	pthread_mutex_t lock;	/* guards what follows */
	bool stop;
	struct lease_hold hold;
	char etag[132];		/* the thread's own */
	unsigned renewals;
};

static int
frozen_keys(void *state, bool renew, const struct keys **keys,
    struct err *err)
{
	struct keeper *k = state;

	/* Another resolution would meet the holder's own. */
	if (renew)
		return err_set(err, ERR_CREDENTIALS, "the keys have expired");
	*keys = &k->keys;
	return 0;
}

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
	return clock_elapsed_ms(k->call.clock);
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
	outcome = s3_put(k->s3, &put, &err);
	if (outcome == S3_OK)
		memcpy(k->etag, s3_answer(k->s3)->etag, sizeof k->etag);
	note(k, saw_of(outcome), s3_answer(k->s3)->ambiguous);
out:
	if (err.class != ERR_NONE && !stopped(k))
		log_step(k->call.log, "cannot renew the lease: %s",
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
	switch (s3_get(k->s3, k->object, NULL, LEASE_BODY_MAX, &err)) {
	case S3_OK:
		if (lease_body_read(buf_view(
		    &s3_answer(k->s3)->response->body), &body, &unread) &&
		    strcmp(body.nonce, k->body.nonce) == 0) {
			memcpy(k->etag, s3_answer(k->s3)->etag,
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

		k->call.deadline_ms = lease_step_deadline(hold.sent_ms,
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
			clock_sleep_ms(k->call.clock, SLICE_MS);
			break;
		}
	}
	return NULL;
}

static int
prepare(struct keeper *k, struct err *err)
{
	struct session *s = k->session;
	struct http_curl_settings http = {
		.env = s->set.env,
		.log = s->set.log,
		.user_agent = s->user_agent,
		.cancelled = stopped,
		.cancelled_state = k,
	};
	const struct keys *keys;

	if (s->bucket_keys.get(s->bucket_keys.state, false, &keys, err) != 0
	    || keys_copy(&k->keys, keys, err) != 0)
		return -1;
	if ((k->trust = session_trust(s)) == NULL)
		return err_memory(err);
	http.trust = k->trust;
	if ((k->http = http_curl_new(&http, err)) == NULL)
		return -1;
	k->call = s->call;
	retry_share(&k->call.quota_s3, &s->call.quota_s3);
	k->call.http = http_curl_transport(k->http);
	memset(&k->call.counts, 0, sizeof k->call.counts);
	memset(&k->call.health, 0, sizeof k->call.health);
	k->source.get = frozen_keys;
	k->source.state = k;
	k->s3 = session_s3_apart(s, &k->call, &k->source, err);
	return k->s3 == NULL ? -1 : 0;
}

static int
launch(struct keeper *k, struct err *err)
{
	pthread_attr_t attributes;
	int rc;

	if (pthread_attr_init(&attributes) != 0)
		return err_memory(err);
	(void)pthread_attr_setstacksize(&attributes, STACK);
	rc = pthread_create(&k->thread, &attributes, keep, k);
	(void)pthread_attr_destroy(&attributes);
	if (rc != 0)
		return err_system(err, rc, "cannot start", "a thread");
	k->running = true;
	return 0;
}

struct keeper *
keeper_start(const struct keeper_request *request, struct err *err)
{
	struct keeper *k = calloc(1, sizeof *k);

	if (k == NULL) {
		err_memory(err);
		return NULL;
	}
	pthread_mutex_init(&k->lock, NULL);
	k->session = request->session;
	k->body = *request->body;
	lease_hold_start(&k->hold, k->body.length, request->sent_ms);
	memcpy(k->etag, request->etag, strlen(request->etag) + 1);
	k->object = span_dup(span_of(request->object));
	if (k->object == NULL)
		err_memory(err);
	else if (prepare(k, err) == 0 && launch(k, err) == 0)
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
	pthread_mutex_unlock(&k->lock);
	if (k->running) {
		(void)pthread_join(k->thread, NULL);
		k->session->call.counts.s3 += k->call.counts.s3;
		k->session->call.health.failed |= k->call.health.failed;
		k->session->call.health.answered |= k->call.health.answered;
	}
	if (hold != NULL)
		*hold = k->hold;
	s3_free(k->s3);
	http_curl_free(k->http);
	trust_free(k->trust);
	keys_clear(&k->keys);
	pthread_mutex_destroy(&k->lock);
	free(k->object);
	free(k);
}
