#include "cache/removal.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "cache/removal_work.h"
#include "cache/remote.h"

void
removal_result_clear(struct removal_result *r)
{
	size_t i;

	for (i = 0; i < r->count; i++) {
		free(r->items[i].object);
		free(r->items[i].err);
	}
	free(r->items);
	memset(r, 0, sizeof *r);
}

static enum removal_fate
fate_of(enum removal_state state)
{
	switch (state) {
	case REMOVAL_LEFT:
		return REMOVAL_KEPT;
	case REMOVAL_LOST:
		return REMOVAL_FAILED;
	default:
		return REMOVAL_DELETED;
	}
}

/* The items of a set, which gives its texts away. Of the leases only those
 * that could not be deleted are told. */
static int
tell(struct removal_set *set, bool failures_only, bool dry_run,
    struct removal_result *out, struct err *err)
{
	struct removal_item *item;
	size_t i;

	for (i = 0; i < set->count; i++) {
		struct removal_target *t = &set->targets[i];

		if (t->state == REMOVAL_NEW || t->state == REMOVAL_PASSED ||
		    (t->state == REMOVAL_CHOSEN && !dry_run) ||
		    (t->state != REMOVAL_LOST && failures_only))
			continue;
		if ((item = removal_set_item(out, err)) == NULL)
			return -1;
		item->object = t->object;
		item->fate = fate_of(t->state);
		item->reason = t->reason;
		item->versions = t->count;
		item->err = t->err;
		t->object = NULL;
		t->err = NULL;
	}
	return 0;
}

static bool
is_refused(const struct removal_target *t)
{
	return t->state == REMOVAL_LOST && t->err->class == ERR_DENIED;
}

/*
 * A 403 under expected_bucket_owner may say that the bucket is somebody
 * else's; the read path knows how to tell. Then that is the reason, once, and
 * not each key's refusal.
 */
static int
check_owner(const struct removal_work *w, struct removal_set *set,
    struct err *err)
{
	struct session *s = w->rq->session;
	struct key key = { .type = "full-data" };
	struct remote_entry there;
	size_t i;
	int result = 0;

	if (config_text(s->set.config, CONFIG_EXPECTED_BUCKET_OWNER) == NULL)
		return 0;
	for (i = 0; i < set->count; i++)
		if (is_refused(&set->targets[i]))
			break;
	if (i == set->count)
		return 0;
	memcpy(key.account, w->rq->account, sizeof key.account);
	key.month = set->targets[i].key.month;
	remote_init(&there, 0);
	session_deadline(s, w->rq->timeout_ms);
	if (remote_look(s, &key, &there) == REMOTE_NO_BUCKET) {
		*err = there.err;
		result = -1;
	}
	remote_clear(&there);
	for (i = 0; result != 0 && i < set->count; i++)
		if (is_refused(&set->targets[i]))
			set->targets[i].state = REMOVAL_PASSED;
	return result;
}

/*
 * A HEAD has no body: a missing bucket looks like a missing key. Where no key
 * was there, one GET tells.
 */
static int
check_bucket(const struct removal_work *w, struct err *err)
{
	const struct removal_set *set = &w->data;
	struct remote_entry there;
	int result = 0;
	size_t i;

	if (w->rq->types == NULL || w->rq->month == NULL || w->rq->purge)
		return 0;	/* it was listed */
	for (i = 0; i < set->count; i++)
		if (set->targets[i].seen ||
		    set->targets[i].state != REMOVAL_PASSED)
			return 0;
	remote_init(&there, LIMIT_OBJECT);
	session_deadline(w->rq->session, w->rq->timeout_ms);
	if (remote_get(w->rq->session, &set->targets[0].key, NULL, &there) ==
	    REMOTE_NO_BUCKET) {
		*err = there.err;
		result = -1;
	}
	remote_clear(&there);
	return result;
}

/*
 * Who has no rights where leases lie is refused the deletion of one that is
 * not there, too: then nothing was to be done.
 */
static void
forgive(struct removal_work *w)
{
	size_t i;

	for (i = 0; i < w->leases.count; i++) {
		struct removal_target *t = &w->leases.targets[i];

		if (is_refused(t) && removal_absent(w, t->object))
			t->state = REMOVAL_GONE;
	}
}

/* A purchase under way must not store what is invalidated now: its lease goes
 * first, and the buyer finds it gone (design section 6). */
static int
remove_leases(struct removal_work *w, struct err *err)
{
	const struct removal_request *rq = w->rq;

	if (rq->dry_run || rq->older_than >= REMOVAL_YOUNG)
		return 0;
	if (removal_find_leases(w, err) != 0 ||
	    removal_delete_leases(w, err) != 0 ||
	    check_owner(w, &w->leases, err) != 0)
		return -1;
	if (rq->types != NULL && rq->month != NULL)
		forgive(w);
	return 0;
}

static int
remove_data(struct removal_work *w, struct err *err)
{
	if (removal_find_data(w, err) != 0 || removal_look(w, err) != 0 ||
	    check_owner(w, &w->data, err) != 0 || check_bucket(w, err) != 0)
		return -1;
	return w->rq->dry_run ? 0 : removal_delete_data(w, err);
}

static int
remove_remote(const struct removal_request *rq, struct removal_result *out,
    struct err *err)
{
	struct removal_work w = { .rq = rq };
	struct err memory = { 0 };
	int result = -1;

	atomic_init(&w.silent, 0);
	w.crew = crew_new(rq->session, rq->jobs, rq->timeout_ms);
	if (w.crew == NULL)
		return err_memory(err);
	if (remove_leases(&w, err) == 0 && remove_data(&w, err) == 0)
		result = 0;
	/* The local copies are judged by S3's clock, too. */
	if (rq->session->s3 != NULL)
		session_saw_date(rq->session,
		    s3_answer(rq->session->s3)->date);
	if (tell(&w.leases, true, rq->dry_run, out, &memory) != 0 ||
	    tell(&w.data, false, rq->dry_run, out, &memory) != 0) {
		*err = memory;
		result = -1;
	}
	crew_free(w.crew);
	removal_set_clear(&w.leases);
	removal_set_clear(&w.data);
	return result;
}

/* Memory and signals: then the local copies stay too. */
static bool
stops_all(const struct err *err)
{
	return err->class == ERR_INTERNAL || err_interrupted(err);
}

int
removal_run(const struct removal_request *request,
    struct removal_result *out, struct err *err)
{
	int result = 0;

	/* S3 first: a local copy that goes before could come back from it.
	 * Where S3 is out of reach the copies go all the same. */
	if (request->remote && remove_remote(request, out, err) != 0) {
		removal_look_settle(err);
		if (stops_all(err))
			return -1;
		result = -1;
	}
	if (request->local && removal_local_run(request, out, err) != 0)
		result = -1;
	return result;
}
