#include "cache/keeper.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/app.h"
#include "cache/lease_step.h"

/* libcurl and BearSSL want more than musl's 128 KiB. */
#define STACK ((size_t)512 * 1024)
#define SLICE_MS 200

struct keeper {
	struct session *session;
	char *object;
	char *body;
	int64_t length_s;
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
	bool lost;
	int64_t sent_ms;
	char etag[132];
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

static void
renew(struct keeper *k)
{
	struct s3_put put = {
		.key = k->object,
		.body = span_of(k->body),
		.content_type = "application/json",
		.cache_control = "no-store",
		.if_match = k->etag,
	};
	int64_t sent = now_ms(k);
	struct err err;
	enum s3_outcome outcome;

	err_clear(&err);
	k->call.deadline_ms = lease_step_deadline(k->sent_ms, k->length_s);
	outcome = s3_put(k->s3, &put, &err);
	pthread_mutex_lock(&k->lock);
	if (outcome == S3_OK) {
		k->sent_ms = sent;
		memcpy(k->etag, s3_answer(k->s3)->etag, sizeof k->etag);
	} else if (outcome == S3_PRECONDITION || outcome == S3_ABSENT) {
		k->lost = true;
	}
	pthread_mutex_unlock(&k->lock);
	if (outcome == S3_ERROR)
		log_step(k->call.log, "cannot renew the lease: %s",
		    err.message);
}

static void *
keep(void *state)
{
	struct keeper *k = state;

	while (!stopped(k) && !k->lost) {
		if (now_ms(k) >= lease_step_renewal(k->sent_ms, k->length_s))
			renew(k);
		if (now_ms(k) >= lease_step_deadline(k->sent_ms,
		    k->length_s))
			break;
		clock_sleep_ms(k->call.clock, SLICE_MS);
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
		.user_agent = "teamcache/" APP_VERSION,
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
	k->call.http = http_curl_transport(k->http);
	memset(&k->call.counts, 0, sizeof k->call.counts);
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
	k->length_s = request->length_s;
	k->sent_ms = request->sent_ms;
	memcpy(k->etag, request->etag, strlen(request->etag) + 1);
	k->object = span_dup(span_of(request->object));
	k->body = span_dup(span_of(request->body));
	if (k->object == NULL || k->body == NULL)
		err_memory(err);
	else if (prepare(k, err) == 0 && launch(k, err) == 0)
		return k;
	keeper_stop(k);
	return NULL;
}

bool
keeper_alive(struct keeper *k)
{
	bool alive;

	pthread_mutex_lock(&k->lock);
	alive = !k->lost && now_ms(k) < lease_step_deadline(k->sent_ms,
	    k->length_s);
	pthread_mutex_unlock(&k->lock);
	return alive;
}

void
keeper_etag(struct keeper *k, char etag[132])
{
	pthread_mutex_lock(&k->lock);
	memcpy(etag, k->etag, sizeof k->etag);
	pthread_mutex_unlock(&k->lock);
}

void
keeper_stop(struct keeper *k)
{
	if (k == NULL)
		return;
	pthread_mutex_lock(&k->lock);
	k->stop = true;
	pthread_mutex_unlock(&k->lock);
	if (k->running) {
		(void)pthread_join(k->thread, NULL);
		k->session->call.counts.s3 += k->call.counts.s3;
	}
	s3_free(k->s3);
	http_curl_free(k->http);
	trust_free(k->trust);
	keys_clear(&k->keys);
	pthread_mutex_destroy(&k->lock);
	free(k->object);
	free(k->body);
	free(k);
}
