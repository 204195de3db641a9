#include "cache/removal.h"

#include <stdlib.h>
#include <string.h>

#include "aws/codes.h"
#include "cache/remote.h"
#include "cache/removal_work.h"

/* S3's own limit for a request of many. */
#define BATCH 1000

/* A request for one object or version, and what came of it. */
struct single {
	size_t target;
	const char *version;	/* or NULL */
	const char *etag;	/* or NULL */
	enum removal_state state;
	const char *reason;
	struct err *err;
};

struct deleting {
	struct removal_work *w;
	struct removal_set *set;
	struct single *singles;
	size_t count;
	struct s3_deletion *batch;
	size_t *batched;	/* the target of each */
	size_t batch_count;
	bool unknown;		/* the store does not know batches */
};

/* How many deletions it takes to be rid of it. */
static size_t
needed(const struct removal_target *t)
{
	return t->count > 0 ? t->count : 1;
}

static size_t
all_needed(const struct removal_set *set)
{
	size_t i, n = 0;

	for (i = 0; i < set->count; i++)
		if (set->targets[i].state == REMOVAL_CHOSEN)
			n += needed(&set->targets[i]);
	return n;
}

static int
begin(struct deleting *d, struct removal_work *w, struct removal_set *set,
    struct err *err)
{
	memset(d, 0, sizeof *d);
	d->w = w;
	d->set = set;
	d->singles = calloc(all_needed(set) + 1, sizeof *d->singles);
	d->batch = calloc(BATCH, sizeof *d->batch);
	d->batched = calloc(BATCH, sizeof *d->batched);
	return d->singles == NULL || d->batch == NULL || d->batched == NULL ?
	    err_memory(err) : 0;
}

static void
end(struct deleting *d)
{
	size_t i;

	for (i = 0; i < d->count; i++)
		free(d->singles[i].err);
	free(d->singles);
	free(d->batch);
	free(d->batched);
}

static void
add_single(struct deleting *d, size_t target, const char *version,
    const char *etag)
{
	d->singles[d->count++] = (struct single){
		.target = target, .version = version, .etag = etag,
		.state = REMOVAL_CHOSEN,
	};
}

/* Why the first of its deletions failed. */
static void
lose(struct removal_target *t, struct err *why)
{
	t->state = REMOVAL_LOST;
	if (t->err == NULL)
		t->err = why;
	else
		free(why);
}

static int
delete_one(void *state, struct s3 *s3, size_t i, struct err *err)
{
	struct deleting *d = state;
	struct single *one = &d->singles[i];
	const char *object = d->set->targets[one->target].object;
	struct err why = { 0 };
	enum s3_outcome outcome = one->version != NULL ?
	    s3_versions_delete(s3, object, one->version, &why) :
	    s3_delete(s3, object, one->etag, &why);

	switch (outcome) {
	case S3_OK:
	case S3_ABSENT:
		one->state = REMOVAL_GONE;
		break;
	case S3_PRECONDITION:
	case S3_CONFLICT:
		one->state = REMOVAL_LEFT;
		one->reason = "it was replaced meanwhile";
		break;
	default:
		if (removal_look_failed(d->w, &why, &one->err, err) != 0)
			return -1;
		one->state = REMOVAL_LOST;
		return 0;
	}
	removal_look_answered(d->w);
	return 0;
}

static int
run_singles(struct deleting *d, struct err *err)
{
	int result = crew_run(d->w->crew, d->count, delete_one, d, err);
	size_t i;

	for (i = 0; i < d->count; i++) {
		struct single *one = &d->singles[i];
		struct removal_target *t = &d->set->targets[one->target];

		if (one->state == REMOVAL_GONE) {
			t->done++;
		} else if (one->state == REMOVAL_LOST) {
			lose(t, one->err);
			one->err = NULL;
		} else if (one->state == REMOVAL_LEFT) {
			t->state = REMOVAL_LEFT;
			t->reason = one->reason;
		}
	}
	return result;
}

/* Of one key in a batch: an error of its own, which names it. */
static int
lose_named(struct removal_target *t, const struct err *why, struct err *err)
{
	struct err *copy = malloc(sizeof *copy);

	if (copy == NULL)
		return err_memory(err);
	*copy = *why;
	lose(t, copy);
	return 0;
}

/* What S3 says of one key in its answer. */
static int
take_result(struct deleting *d, size_t i, struct err *err)
{
	const struct s3_deletion *one = &d->batch[i];
	const struct codes_row *row = codes_find(ERRORS_S3, one->code);
	struct removal_target *t = &d->set->targets[d->batched[i]];
	struct err why = { 0 };

	if (!one->failed) {
		t->done++;
		return 0;
	}
	/* The first two are ours; the rest are worth another try. */
	if (strcmp(one->code, "NoResult") == 0 ||
	    strcmp(one->code, "InvalidKey") == 0 ||
	    (row != NULL && row->retry != RETRY_NEVER)) {
		add_single(d, d->batched[i], one->version_id, NULL);
		return 0;
	}
	err_set(&why, row != NULL && row->class == ERR_DENIED ? ERR_DENIED :
	    ERR_NETWORK, "cannot delete 's3://%s/%s': %s (%s)",
	    d->w->rq->session->bucket, t->object, one->message[0] != '\0' ?
	    one->message : row != NULL ? row->words : "refused", one->code);
	err_code(&why, one->code);
	why.action = one->version_id == NULL ? "s3:DeleteObject" :
	    "s3:DeleteObjectVersion";
	if (why.class == ERR_DENIED)
		err_hint(&why, "the caller's policies, or those of the "
		    "bucket, do not allow it");
	return lose_named(t, &why, err);
}

/* The request itself has failed. */
static int
lose_batch(struct deleting *d, const struct err *why, struct err *err)
{
	struct err *unused = NULL, each;
	bool hopeless;
	size_t i;

	if (strcmp(why->code, "NotImplemented") == 0 ||
	    strcmp(why->code, "MethodNotAllowed") == 0) {
		d->unknown = true;
		for (i = 0; i < d->batch_count; i++)
			add_single(d, d->batched[i], d->batch[i].version_id,
			    NULL);
		return 0;
	}
	hopeless = removal_look_failed(d->w, why, &unused, err) != 0;
	each = hopeless ? *err : *unused;
	free(unused);
	if (hopeless && each.class != ERR_NETWORK)
		return -1;
	for (i = 0; i < d->batch_count; i++) {
		struct removal_target *t = &d->set->targets[d->batched[i]];
		struct err named = each;

		err_context(&named, "'%s'", t->object);
		if (t->state != REMOVAL_LOST &&
		    lose_named(t, &named, err) != 0)
			return -1;
	}
	/* Nor will the next thousand get an answer. */
	if (!hopeless && each.class == ERR_NETWORK)
		*err = each;
	return each.class == ERR_NETWORK ? -1 : 0;
}

static int
flush(struct deleting *d, struct err *err)
{
	struct session *s = d->w->rq->session;
	struct err why = { 0 };
	int result = 0;
	size_t i;

	if (d->batch_count == 0)
		return 0;
	session_deadline(s, d->w->rq->timeout_ms);
	if (s3_delete_many(s->s3, d->batch, d->batch_count, &why) != S3_OK) {
		result = lose_batch(d, &why, err);
	} else {
		removal_look_answered(d->w);
		for (i = 0; i < d->batch_count && result == 0; i++)
			result = take_result(d, i, err);
	}
	d->batch_count = 0;
	return result;
}

static int
add_to_batch(struct deleting *d, size_t target, const char *version,
    struct err *err)
{
	if (d->unknown) {
		add_single(d, target, version, NULL);
		return 0;
	}
	memset(&d->batch[d->batch_count], 0, sizeof *d->batch);
	d->batch[d->batch_count].key = d->set->targets[target].object;
	d->batch[d->batch_count].version_id = version;
	d->batched[d->batch_count++] = target;
	return d->batch_count < BATCH ? 0 : flush(d, err);
}

static int
run_batches(struct deleting *d, struct err *err)
{
	size_t i, v;

	for (i = 0; i < d->set->count; i++) {
		const struct removal_target *t = &d->set->targets[i];

		if (t->state != REMOVAL_CHOSEN)
			continue;
		for (v = 0; v < needed(t); v++)
			if (add_to_batch(d, i, t->count == 0 ? NULL :
			    d->set->versions[t->first + v].id, err) != 0)
				return -1;
	}
	return flush(d, err);
}

/* What is rid of all that it had is gone. */
static void
settle(struct deleting *d, const struct err *stopped)
{
	size_t i;

	for (i = 0; i < d->set->count; i++) {
		struct removal_target *t = &d->set->targets[i];
		struct err ignored = { 0 };

		if (t->state != REMOVAL_CHOSEN)
			continue;
		if (t->done == needed(t))
			t->state = REMOVAL_GONE;
		else if (t->done > 0 && stopped->class != ERR_NONE)
			(void)lose_named(t, stopped, &ignored);
	}
}

int
removal_delete_leases(struct removal_work *w, struct err *err)
{
	struct deleting d;
	int result = begin(&d, w, &w->leases, err);
	size_t i;

	if (result == 0) {
		for (i = 0; i < w->leases.count; i++)
			add_single(&d, i, NULL, NULL);
		result = run_singles(&d, err);
		settle(&d, err);
	}
	end(&d);
	return result;
}

/* The key of any of them: whose account the probe is made under. */
static bool
conditional(struct removal_work *w)
{
	struct session *s = w->rq->session;

	session_deadline(s, w->rq->timeout_ms);
	return remote_conditional_delete(s, &w->data.targets[0].key);
}

int
removal_delete_data(struct removal_work *w, struct err *err)
{
	struct deleting d;
	size_t i, all = all_needed(&w->data);
	bool batches;
	int result;

	if (all == 0)
		return 0;
	if ((result = begin(&d, w, &w->data, err)) != 0)
		goto out;
	batches = w->rq->purge || !conditional(w);
	if (batches && (all > 1 || w->rq->purge)) {
		result = run_batches(&d, err);
	} else {
		for (i = 0; i < w->data.count; i++)
			if (w->data.targets[i].state == REMOVAL_CHOSEN)
				add_single(&d, i, NULL, batches ? NULL :
				    w->data.targets[i].etag);
	}
	if (result == 0)
		result = run_singles(&d, err);
	settle(&d, err);
out:
	end(&d);
	return result;
}
