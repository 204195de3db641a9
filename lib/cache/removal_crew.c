#include "cache/removal_crew.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "sys/interrupt.h"

/* libcurl and BearSSL want more than musl's 128 KiB. */
#define STACK ((size_t)512 * 1024)

/* Of a patient crew, after a signal. */
#define GRACE_MS 2000

/* One hand beside the caller's thread. */
struct hand {
	struct removal_crew *crew;
	struct http_curl *http;
	struct call_context call;
	struct keys keys;
	struct keys_source source;
	struct s3 *s3;
	pthread_t thread;
	bool running;
	bool expired;		/* its keys: it goes home */
	bool left;		/* and leaves this task to the caller */
	size_t task;
	int64_t grace_until;	/* elapsed clock; 0: no signal was seen */
};

struct removal_crew {
	struct session *session;
	int64_t timeout_ms;
	struct hand *hands;
	size_t count;		/* hands that are ready */
	size_t max;
	bool patient;
	removal_crew_task *task;
	void *state;
	pthread_mutex_t lock;	/* guards what follows, while hands run */
	size_t next, tasks;
	bool stop;
	struct err err;
};

static bool
signalled(const struct removal_crew *crew)
{
	return interrupt_count() > crew->session->signals_passed;
}

static bool
cancelled(void *state)
{
	struct hand *h = state;
	const struct session *s = h->crew->session;
	int64_t now;

	if (!signalled(h->crew))
		return false;
	if (!h->crew->patient || interrupt_count() > s->signals_passed + 1)
		return true;
	now = clock_elapsed_ms(s->set.clock);
	if (h->grace_until == 0)
		h->grace_until = now + GRACE_MS;
	return now >= h->grace_until;
}

void
removal_crew_patient(struct removal_crew *crew)
{
	crew->patient = true;
}

/* Another resolution would meet the caller's own: it renews, and does what
 * is left. */
static int
frozen_keys(void *state, bool renew, const struct keys **keys,
    struct err *err)
{
	struct hand *h = state;

	if (renew) {
		h->expired = true;
		return err_set(err, ERR_CREDENTIALS, "the keys have expired");
	}
	*keys = &h->keys;
	return 0;
}

static bool
take(struct removal_crew *crew, size_t *task)
{
	bool taken = false;

	pthread_mutex_lock(&crew->lock);
	if (!crew->stop && !signalled(crew) && crew->next < crew->tasks) {
		*task = crew->next++;
		taken = true;
	}
	pthread_mutex_unlock(&crew->lock);
	return taken;
}

static void
stop(struct removal_crew *crew, const struct err *why)
{
	pthread_mutex_lock(&crew->lock);
	crew->stop = true;
	if (crew->err.class == ERR_NONE)
		crew->err = *why;
	pthread_mutex_unlock(&crew->lock);
}

static void *
work(void *state)
{
	struct hand *h = state;
	struct removal_crew *crew = h->crew;
	struct err why;
	size_t i;

	while (!h->expired && take(crew, &i)) {
		err_clear(&why);
		h->call.deadline_ms = num_add_held(clock_elapsed_ms(
		    h->call.clock), crew->timeout_ms);
		if (crew->task(crew->state, h->s3, i, &why) == 0)
			continue;
		if (h->expired) {
			h->left = true;
			h->task = i;
		} else {
			stop(crew, &why);
		}
	}
	return NULL;
}

/* One task on the caller's thread. */
static void
work_here(struct removal_crew *crew, size_t i)
{
	struct session *s = crew->session;
	struct err why = { 0 };

	session_deadline(s, crew->timeout_ms);
	if (crew->task(crew->state, s->s3, i, &why) != 0)
		stop(crew, &why);
}

/* Keys and clock as they are now. */
static int
refresh(struct hand *h, struct err *err)
{
	struct session *s = h->crew->session;
	const struct keys *keys;

	h->expired = h->left = false;
	h->call.skew = s->call.skew;
	keys_clear(&h->keys);
	if (s->bucket_keys.get(s->bucket_keys.state, false, &keys, err) != 0)
		return -1;
	return keys_copy(&h->keys, keys, err);
}

static int
equip(struct hand *h, struct err *err)
{
	struct session *s = h->crew->session;
	struct http_curl_settings http = {
		.env = s->set.env,
		.log = s->set.log,
		.trust = s->trust,
		.user_agent = s->user_agent,
		.cancelled = cancelled,
		.cancelled_state = h,
	};

	if ((h->http = http_curl_new(&http, err)) == NULL)
		return -1;
	h->call = s->call;
	retry_share(&h->call.quota_s3, &s->call.quota_s3);
	h->call.http = http_curl_transport(h->http);
	memset(&h->call.counts, 0, sizeof h->call.counts);
	memset(&h->call.health, 0, sizeof h->call.health);
	h->source.get = frozen_keys;
	h->source.state = h;
	h->s3 = session_s3_apart(s, &h->call, &h->source, err);
	return h->s3 == NULL ? -1 : 0;
}

static void
dismiss(struct hand *h)
{
	s3_free(h->s3);
	http_curl_free(h->http);
	keys_clear(&h->keys);
	memset(h, 0, sizeof *h);
}

/* As many hands as there is work for; fewer where they cannot be had. */
static void
gather(struct removal_crew *crew, size_t wanted)
{
	struct log *log = crew->session->set.log;
	struct err why = { 0 };
	size_t i;

	while (crew->count < crew->max && crew->count < wanted) {
		struct hand *h = &crew->hands[crew->count];

		h->crew = crew;
		if (equip(h, &why) != 0) {
			dismiss(h);
			break;
		}
		crew->count++;
	}
	for (i = 0; i < crew->count && i < wanted; i++) {
		struct hand *h = &crew->hands[i];
		pthread_attr_t attributes;

		if (refresh(h, &why) != 0 ||
		    pthread_attr_init(&attributes) != 0)
			break;
		(void)pthread_attr_setstacksize(&attributes, STACK);
		h->running = pthread_create(&h->thread, &attributes, work,
		    h) == 0;
		(void)pthread_attr_destroy(&attributes);
		if (!h->running)
			break;
	}
	if (i < wanted && i < crew->max)
		log_step(log, "%zu requests at a time, no more: %s", i + 1,
		    why.class != ERR_NONE ? why.message : "no thread");
}

struct removal_crew *
removal_crew_new(struct session *session, int jobs, int64_t timeout_ms)
{
	struct removal_crew *crew = calloc(1, sizeof *crew);

	if (crew == NULL)
		return NULL;
	crew->session = session;
	crew->timeout_ms = timeout_ms;
	crew->max = jobs > 1 ? (size_t)jobs - 1 : 0;
	crew->hands = calloc(crew->max + 1, sizeof *crew->hands);
	if (crew->hands == NULL ||
	    pthread_mutex_init(&crew->lock, NULL) != 0) {
		free(crew->hands);
		free(crew);
		return NULL;
	}
	return crew;
}

void
removal_crew_free(struct removal_crew *crew)
{
	size_t i;

	if (crew == NULL)
		return;
	for (i = 0; i < crew->count; i++) {
		const struct call_context *call = &crew->hands[i].call;

		crew->session->call.counts.s3 += call->counts.s3;
		crew->session->call.health.failed |= call->health.failed;
		crew->session->call.health.answered |= call->health.answered;
		dismiss(&crew->hands[i]);
	}
	pthread_mutex_destroy(&crew->lock);
	free(crew->hands);
	free(crew);
}

int
removal_crew_run(struct removal_crew *crew, size_t count,
    removal_crew_task *task, void *state, struct err *err)
{
	size_t i;

	if (count == 0)
		return 0;
	if (session_s3(crew->session, err) == NULL)
		return -1;
	crew->task = task;
	crew->state = state;
	crew->next = 0;
	crew->tasks = count;
	crew->stop = false;
	err_clear(&crew->err);
	gather(crew, count - 1);
	while (take(crew, &i))
		work_here(crew, i);
	for (i = 0; i < crew->count; i++) {
		struct hand *h = &crew->hands[i];

		if (h->running)
			(void)pthread_join(h->thread, NULL);
		h->running = false;
	}
	for (i = 0; i < crew->count; i++) {
		if (crew->hands[i].left && !crew->stop && !signalled(crew))
			work_here(crew, crew->hands[i].task);
		crew->hands[i].left = false;
	}
	if (signalled(crew) && crew->err.class == ERR_NONE) {
		crew->stop = true;
		err_set(&crew->err, interrupt_class(), "%s",
		    interrupt_class() == ERR_TERMINATED ? "terminated" :
		    "interrupted");
	}
	if (crew->stop)
		*err = crew->err;
	return crew->stop ? -1 : 0;
}
