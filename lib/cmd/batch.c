#include "cmd/batch.h"

#include <stdlib.h>
#include <string.h>

#include "cache/derive.h"
#include "cache/gate.h"
#include "creds/chain.h"
#include "net/trust.h"
#include "sys/interrupt.h"
#include "sys/thread.h"

#define NOBODY ((size_t)-1)
#define WORKERS_MAX 64

/* How many entries a worker may be ahead of the one that is handed over next:
 * they lie in memory. */
#define AHEAD 2

/* A page that is touched for the first time costs more than reading an entry
 * into it: what was handed over gives its memory to the next, up to a size. */
#define SPARES 16
#define SPARE_MAX ((size_t)1 << 20)

/* What the workers share. */
struct pool {
	struct batch *batch;
	size_t *jobs;		/* first item of each */
	size_t job_count;
	pthread_mutex_t lock;	/* guards what follows, and items' results */
	pthread_cond_t done;	/* an entry is read, or a worker has ended:
				   for the one that hands over */
	pthread_cond_t room;	/* an entry was handed over: for a worker */
	struct buf spares[SPARES];	/* memory of entries handed over */
	size_t spare_count;
	size_t next_job;
	size_t visited;		/* entries that were handed over */
	bool threads;		/* more than one, from the start */
	bool stop;
	int running;		/* workers that have not ended */
};

struct worker {
	struct pool *pool;
	struct session session;
	size_t profile;		/* whose session is open, or NOBODY */
	struct err err;		/* why it is not open */
};

/* Do two entries come from one purchase? */
static bool
joined(const struct batch_item *a, const struct batch_item *b)
{
	bool full_a = derive_possible(a->type) ||
	    strcmp(a->type, "full-data") == 0;
	bool full_b = derive_possible(b->type) ||
	    strcmp(b->type, "full-data") == 0;

	return a->profile == b->profile && full_a && full_b &&
	    month_compare(a->month, b->month) == 0;
}

/*
 * Entries of one purchase become one job. A month's types stand side by side
 * in a batch, so looking back a few items is enough.
 */
static int
make_jobs(struct pool *p, struct err *err)
{
	struct batch *b = p->batch;
	size_t i, j, back;

	p->jobs = calloc(b->item_count + 1, sizeof *p->jobs);
	if (p->jobs == NULL)
		return err_memory(err);
	for (i = 0; i < b->item_count; i++) {
		b->items[i].next = NOBODY;
		b->items[i].result = NULL;
		for (back = 1; back <= i && back <= 64; back++) {
			j = i - back;
			if (joined(&b->items[j], &b->items[i]))
				break;
		}
		if (back <= i && back <= 64)
			b->items[i - back].next = i;
		else
			p->jobs[p->job_count++] = i;
	}
	return 0;
}

static void
leave_profile(struct worker *w)
{
	struct call_counts *sum = &w->pool->batch->counts;

	if (w->profile == NOBODY)
		return;
	pthread_mutex_lock(&w->pool->lock);
	sum->s3 += w->session.call.counts.s3;
	sum->sts += w->session.call.counts.sts;
	sum->ce += w->session.call.counts.ce;
	sum->other += w->session.call.counts.other;
	pthread_mutex_unlock(&w->pool->lock);
	session_close(&w->session);
	w->profile = NOBODY;
}

/* Certificates are read and keys are found once for all workers. What there
 * is no memory for, each has by itself. */
static void
share(struct worker *w, struct batch_profile *profile)
{
	struct session_settings *all = &profile->settings;
	struct session_settings *own = &w->session.set;

	pthread_mutex_lock(&w->pool->lock);
	if (all->trust == NULL)
		all->trust = session_trust(&w->session);
	if (all->keys == NULL)
		all->keys = chain_share_new();
	if (all->bucket_keys == NULL)
		all->bucket_keys = chain_share_new();
	own->trust = all->trust;
	own->keys = all->keys;
	own->bucket_keys = all->bucket_keys;
	pthread_mutex_unlock(&w->pool->lock);
}

static void
end_sharing(struct session_settings *all)
{
	trust_free(all->trust);
	chain_share_free(all->keys);
	chain_share_free(all->bucket_keys);
	all->trust = NULL;
	all->keys = all->bucket_keys = NULL;
}

static void
enter_profile(struct worker *w, size_t profile)
{
	struct batch_profile *entered = &w->pool->batch->profiles[profile];
	struct session_settings settings;

	if (w->profile == profile)
		return;
	leave_profile(w);
	err_clear(&w->err);
	pthread_mutex_lock(&w->pool->lock);
	settings = entered->settings;
	pthread_mutex_unlock(&w->pool->lock);
	if (session_open(&w->session, &settings, &w->err) == 0 &&
	    w->pool->threads)
		share(w, entered);
	w->profile = profile;
}

static void
take_spare(struct pool *p, struct buf *text)
{
	pthread_mutex_lock(&p->lock);
	if (p->spare_count > 0)
		buf_lend(text, &p->spares[--p->spare_count]);
	pthread_mutex_unlock(&p->lock);
}

static void
keep_spare(struct pool *p, struct buf *text)
{
	pthread_mutex_lock(&p->lock);
	if (text->room <= SPARE_MAX && p->spare_count < SPARES) {
		struct buf *spare = &p->spares[p->spare_count++];

		buf_init(spare, SPARE_MAX);
		buf_lend(spare, text);
	}
	pthread_mutex_unlock(&p->lock);
}

static struct readthrough_result *
read_item(struct worker *w, const struct batch_item *item)
{
	struct batch *b = w->pool->batch;
	struct readthrough_request rq = b->profiles[item->profile].request;
	struct readthrough_result *r = malloc(sizeof *r);

	if (r == NULL)
		return NULL;
	readthrough_result_init(r, b->max_object);
	take_spare(w->pool, &r->text);
	enter_profile(w, item->profile);
	memset(&rq.key, 0, sizeof rq.key);
	rq.key.month = item->month;
	rq.month_back = item->back;
	memcpy(rq.key.type, item->type, strlen(item->type) + 1);
	rq.definition = config_type(b->profiles[item->profile].config,
	    item->type);
	if (w->err.class == ERR_NONE) {
		(void)readthrough_fetch(&w->session, &rq, r);
	} else {
		r->key = rq.key;
		r->err = w->err;
	}
	return r;
}

static void
free_result(struct pool *p, struct batch_item *item)
{
	if (item->result == NULL)
		return;
	keep_spare(p, &item->result->text);
	readthrough_result_clear(item->result);
	free(item->result);
	item->result = NULL;
}

/* A job begins at or before the entry that is waited for, or has to wait. */
static bool
too_far(const struct pool *p)
{
	return p->next_job < p->job_count && p->jobs[p->next_job] >=
	    p->visited + AHEAD * (size_t)p->batch->workers;
}

/* The next job's first item, or NOBODY. */
static size_t
take_job(struct pool *p)
{
	size_t first = NOBODY;

	pthread_mutex_lock(&p->lock);
	while (!p->stop && interrupt_count() == 0 && too_far(p))
		pthread_cond_wait(&p->room, &p->lock);
	if (!p->stop && interrupt_count() == 0 && p->next_job < p->job_count)
		first = p->jobs[p->next_job++];
	pthread_mutex_unlock(&p->lock);
	return first;
}

static void *
work(void *state)
{
	struct worker w = { .pool = state, .profile = NOBODY };
	struct pool *p = state;
	size_t i;

	while ((i = take_job(p)) != NOBODY) {
		for (; i != NOBODY; i = p->batch->items[i].next) {
			struct readthrough_result *r =
			    read_item(&w, &p->batch->items[i]);

			pthread_mutex_lock(&p->lock);
			p->batch->items[i].result = r;
			if (r == NULL)
				p->stop = true;
			pthread_cond_signal(&p->done);
			pthread_mutex_unlock(&p->lock);
			if (r == NULL || interrupt_count() > 0)
				break;
		}
	}
	leave_profile(&w);
	pthread_mutex_lock(&p->lock);
	p->running--;
	pthread_cond_signal(&p->done);
	/* The others have to see what ended this one: a stop, a signal. */
	pthread_cond_broadcast(&p->room);
	pthread_mutex_unlock(&p->lock);
	return NULL;
}

/* Wait for an entry; false when nobody is left to read it. */
static bool
wait_for(struct pool *p, size_t i)
{
	bool there;

	pthread_mutex_lock(&p->lock);
	while (p->batch->items[i].result == NULL && p->running > 0)
		pthread_cond_wait(&p->done, &p->lock);
	there = p->batch->items[i].result != NULL;
	pthread_mutex_unlock(&p->lock);
	return there;
}

static int
visit_in_order(struct pool *p, batch_visit *visit, void *state,
    struct err *err)
{
	struct batch *b = p->batch;
	int result = 0;
	size_t i;

	for (i = 0; i < b->item_count && result == 0; i++) {
		if (!wait_for(p, i)) {
			if (interrupt_count() == 0)
				result = err_memory(err);
			continue;
		}
		result = visit(state, &b->items[i], err);
		free_result(p, &b->items[i]);
		/* It makes room for one more. */
		pthread_mutex_lock(&p->lock);
		p->visited = i + 1;
		pthread_cond_signal(&p->room);
		pthread_mutex_unlock(&p->lock);
	}
	return result;
}

static int
run_threads(struct pool *p, int count, batch_visit *visit, void *state,
    struct err *err)
{
	pthread_t threads[WORKERS_MAX];
	int i, started = 0, result;

	p->threads = true;
	p->running = count;
	for (i = 0; i < count; i++)
		if (thread_start(&threads[started], work, p) == 0)
			started++;
	pthread_mutex_lock(&p->lock);
	p->running -= count - started;
	pthread_mutex_unlock(&p->lock);
	result = started == 0 ? err_set(err, ERR_INTERNAL,
	    "cannot start a thread") : visit_in_order(p, visit, state, err);
	pthread_mutex_lock(&p->lock);
	p->stop = true;
	pthread_cond_broadcast(&p->room);
	pthread_mutex_unlock(&p->lock);
	for (i = 0; i < started; i++)
		(void)pthread_join(threads[i], NULL);
	return result;
}

/* One job, or one worker: no thread, and each entry is handed over at once. */
static int
run_here(struct pool *p, batch_visit *visit, void *state, struct err *err)
{
	struct worker w = { .pool = p, .profile = NOBODY };
	struct batch *b = p->batch;
	int result = 0;
	size_t i;

	for (i = 0; i < b->item_count && result == 0; i++) {
		if (interrupt_count() > 0)
			break;
		b->items[i].result = read_item(&w, &b->items[i]);
		result = b->items[i].result == NULL ? err_memory(err) :
		    visit(state, &b->items[i], err);
		free_result(p, &b->items[i]);
	}
	leave_profile(&w);
	return result;
}

int
batch_run(struct batch *batch, batch_visit *visit, void *state,
    struct err *err)
{
	struct pool p = { .batch = batch };
	int count = batch->workers, result = -1;
	size_t i;

	memset(&batch->counts, 0, sizeof batch->counts);
	batch->quota_s3.tokens = RETRY_QUOTA_FULL;
	batch->quota_other.tokens = RETRY_QUOTA_FULL;
	batch->gate = gate_new(batch->profiles[0].settings.env,
	    batch->profiles[0].settings.clock,
	    batch->profiles[0].settings.log);
	if (batch->gate == NULL)
		return err_memory(err);
	allowance_init(&batch->allowance, batch->max_api_requests);
	for (i = 0; i < batch->profile_count; i++) {
		batch->profiles[i].settings.allowance = &batch->allowance;
		batch->profiles[i].settings.quota_s3 = &batch->quota_s3;
		batch->profiles[i].settings.quota_other = &batch->quota_other;
		batch->profiles[i].settings.gate = batch->gate;
	}
	if (make_jobs(&p, err) != 0) {
		gate_free(batch->gate);
		return -1;
	}
	pthread_mutex_init(&p.lock, NULL);
	pthread_cond_init(&p.done, NULL);
	pthread_cond_init(&p.room, NULL);
	if (count > WORKERS_MAX)
		count = WORKERS_MAX;
	if ((size_t)count > p.job_count)
		count = (int)p.job_count;
	result = count > 1 ? run_threads(&p, count, visit, state, err) :
	    run_here(&p, visit, state, err);
	for (i = 0; i < batch->item_count; i++)
		free_result(&p, &batch->items[i]);
	while (p.spare_count > 0)
		buf_clear(&p.spares[--p.spare_count]);
	for (i = 0; i < batch->profile_count; i++)
		end_sharing(&batch->profiles[i].settings);
	pthread_cond_destroy(&p.room);
	pthread_cond_destroy(&p.done);
	pthread_mutex_destroy(&p.lock);
	free(p.jobs);
	gate_free(batch->gate);
	return result;
}
