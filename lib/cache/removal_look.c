#include "cache/removal.h"

#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "cache/remote.h"
#include "cache/removal_work.h"

/* Keys in a row without an answer from S3, each with its retries, after which
 * it is believed to be gone. */
#define SILENT_MAX 10

/* The classes that removal_run names. */
static enum err_class
settled(const struct err *why)
{
	switch (why->class) {
	case ERR_USAGE:
	case ERR_CREDENTIALS:
	case ERR_DENIED:
	case ERR_BUCKET:
	case ERR_INTERRUPTED:
	case ERR_TERMINATED:
		return why->class;
	case ERR_INTERNAL:
		/* A refusal that this version has no name for is S3's. */
		return why->code[0] != '\0' ? ERR_NETWORK : ERR_INTERNAL;
	default:
		return ERR_NETWORK;
	}
}

void
removal_look_settle(struct err *err)
{
	if (err->class != ERR_NONE)
		err->class = settled(err);
}

int
removal_look_failed(struct removal_work *w, const struct err *why,
    struct err **why_lost, struct err *err)
{
	struct err copy = *why;

	if (copy.class == ERR_NONE)
		err_set(&copy, ERR_NETWORK, "S3 gave no reason");
	if (copy.class != ERR_NETWORK)
		removal_look_answered(w);
	copy.class = settled(&copy);
	if ((copy.class != ERR_DENIED && copy.class != ERR_NETWORK) ||
	    (copy.class == ERR_NETWORK &&
	    atomic_fetch_add(&w->silent, 1) + 1 >= SILENT_MAX)) {
		*err = copy;
		return -1;
	}
	if ((*why_lost = malloc(sizeof copy)) == NULL)
		return err_memory(err);
	**why_lost = copy;
	return 0;
}

void
removal_look_answered(struct removal_work *w)
{
	atomic_store(&w->silent, 0);
}

/* S3's now; the local clock where the answer has no date to be believed. */
static int64_t
now_of(const struct removal_work *w, const struct s3 *s3)
{
	int64_t date = s3_answer(s3)->date;

	return date >= 0 ? date : session_now(w->rq->session);
}

/* Seconds since the earlier of the two; 0 when neither is known. */
static int64_t
age_of(struct span timestamp, int64_t last_modified, int64_t now)
{
	int64_t made;

	if (!date_parse_rfc3339(timestamp, &made) ||
	    (last_modified >= 0 && last_modified < made))
		made = last_modified;
	return made >= 0 && made < now ? now - made : 0;
}

static void
judge(struct removal_work *w, struct removal_target *t, struct s3 *s3)
{
	const struct s3_answer *answer = s3_answer(s3);

	if (!span_is(s3_meta(s3, "schema-version"), REMOTE_SCHEMA)) {
		t->state = REMOVAL_LEFT;
		t->reason = "not written by teamcache";
	} else if (age_of(s3_meta(s3, "timestamp"), answer->last_modified,
	    now_of(w, s3)) <= w->rq->older_than) {
		t->state = REMOVAL_PASSED;
	} else {
		t->state = REMOVAL_CHOSEN;
	}
}

/* The newest version that is no delete marker; NULL when none was listed. */
static const struct removal_version *
newest(const struct removal_work *w, const struct removal_target *t)
{
	const struct removal_version *v = w->data.versions + t->first;
	size_t i;

	for (i = 0; i < t->count; i++)
		if (!v[i].marker)
			return &v[i];
	return NULL;
}

/* Nothing is behind them that could be foreign. */
static void
judge_markers(const struct removal_work *w, struct removal_target *t)
{
	int64_t now = session_now(w->rq->session);
	int64_t made = w->data.versions[t->first].last_modified;

	t->state = w->rq->older_than >= 0 &&
	    (made < 0 || now - made <= w->rq->older_than) ?
	    REMOVAL_PASSED : REMOVAL_CHOSEN;
}

/* The present object, by its name alone: to look at versions takes a right of
 * its own. Another version where there is none. */
static enum s3_outcome
head(struct s3 *s3, const struct removal_target *t,
    const struct removal_version *version, struct err *err)
{
	enum s3_outcome outcome = S3_ABSENT;

	if (version == NULL || version->latest)
		outcome = s3_head(s3, t->object, err);
	if (outcome == S3_ABSENT && version != NULL)
		outcome = s3_versions_head(s3, t->object, version->id, err);
	return outcome;
}

static int
look_at(void *state, struct s3 *s3, size_t i, struct err *err)
{
	struct removal_work *w = state;
	struct removal_target *t = &w->data.targets[i];
	const struct removal_version *version = newest(w, t);
	struct err why = { 0 };
	enum s3_outcome outcome;

	if (version == NULL && t->count > 0) {
		judge_markers(w, t);
		return 0;
	}
	outcome = head(s3, t, version, &why);
	if (outcome == S3_OK || outcome == S3_ABSENT)
		removal_look_answered(w);
	if (outcome == S3_OK) {
		t->seen = true;
		judge(w, t, s3);
		if (s3_answer(s3)->etag[0] != '\0' && (t->etag = span_dup(
		    span_of(s3_answer(s3)->etag))) == NULL)
			return err_memory(err);
		return 0;
	}
	if (outcome == S3_ABSENT) {
		t->state = REMOVAL_PASSED;
		return 0;
	}
	if (removal_look_failed(w, &why, &t->err, err) != 0)
		return -1;
	t->state = REMOVAL_LOST;
	return 0;
}

int
removal_look(struct removal_work *w, struct err *err)
{
	return crew_run(w->crew, w->data.count, look_at, w, err);
}
