#include "cache/crew.h"

#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "cache/apart.h"
#include "sys/interrupt.h"
#include "sys/thread.h"

/* Of a patient crew, after a signal. */
#define GRACE_MS 2000

/* One hand beside the caller's thread. */
struct hand {
	struct crew *crew;
	struct apart apart;
	pthread_t thread;
	bool running;
	bool left;		/* its keys expired: this task is the */
	size_t task;		/* caller's, who can renew them */
	int64_t grace_until;	/* elapsed clock; 0: no signal was seen */
};

struct crew {
	struct session *session;
	int64_t timeout_ms;
	struct hand *hands;
	size_t count;		/* hands that are ready */
	size_t max;
	bool patient;
	crew_task *task;
	void *state;
	pthread_mutex_t lock;	/* guards what follows, while hands run */
	size_t next, tasks;
	bool stop;
	struct err err;
};

static bool
signalled(const struct crew *crew)
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
crew_patient(struct crew *crew)
{
	crew->patient = true;
}

static bool
take(struct crew *crew, size_t *task)
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
stop(struct crew *crew, const struct err *why)
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
	struct crew *crew = h->crew;
	struct err why;
	size_t i;

	while (!h->apart.expired && take(crew, &i)) {
		err_clear(&why);
		h->apart.call.deadline_ms = num_add_held(clock_elapsed_ms(
		    h->apart.call.clock), crew->timeout_ms);
		if (crew->task(crew->state, h->apart.s3, i, &why) == 0)
			continue;
		if (h->apart.expired) {
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
work_here(struct crew *crew, size_t i)
{
	struct session *s = crew->session;
	struct err why = { 0 };

	session_deadline(s, crew->timeout_ms);
	if (crew->task(crew->state, s->s3, i, &why) != 0)
		stop(crew, &why);
}

/* As many hands as there is work for; fewer where they cannot be had. */
static void
gather(struct crew *crew, size_t wanted)
{
	struct log *log = crew->session->set.log;
	struct err why = { 0 };
	size_t i;

	while (crew->count < crew->max && crew->count < wanted) {
		struct hand *h = &crew->hands[crew->count];

		h->crew = crew;
		if (apart_open(&h->apart, crew->session, cancelled, h,
		    &why) != 0) {
			apart_close(&h->apart);
			break;
		}
		crew->count++;
	}
	for (i = 0; i < crew->count && i < wanted; i++) {
		struct hand *h = &crew->hands[i];

		h->left = false;
		if (apart_refresh(&h->apart, &why) != 0)
			break;
		h->running = thread_start(&h->thread, work, h) == 0;
		if (!h->running)
			break;
	}
	if (i < wanted && i < crew->max)
		log_step(log, "%zu requests at a time, no more: %s", i + 1,
		    why.class != ERR_NONE ? why.message : "no thread");
}

struct crew *
crew_new(struct session *session, int jobs, int64_t timeout_ms)
{
	struct crew *crew = calloc(1, sizeof *crew);

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
crew_free(struct crew *crew)
{
	size_t i;

	if (crew == NULL)
		return;
	for (i = 0; i < crew->count; i++)
		apart_close(&crew->hands[i].apart);
	pthread_mutex_destroy(&crew->lock);
	free(crew->hands);
	free(crew);
}

int
crew_run(struct crew *crew, size_t count,
    crew_task *task, void *state, struct err *err)
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
		err_set(&crew->err, interrupt_class(), "%s", interrupt_word());
	}
	if (crew->stop)
		*err = crew->err;
	return crew->stop ? -1 : 0;
}
