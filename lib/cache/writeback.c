#include "cache/writeback.h"

#include <string.h>

#include "base/limits.h"

void
writeback_keep(struct writeback *w, struct writeback_item *item)
{
	struct local *local = session_local(w->s);
	struct local_facts facts = {
		.last_modified = item->last_modified,
		.skew = w->skew,
		.validated_at = session_now(w->s),
		.final = item->final,
		.origin = item->etag[0] == '\0' ? LOCAL_BOUGHT : LOCAL_REMOTE,
	};
	struct err err = { 0 };

	if (item->left_out)
		return;
	if (w->rq->asked->pushed_here && strcmp(item->key.type,
	    w->rq->asked->key.type) == 0)
		return;
	memcpy(facts.etag, item->etag, sizeof facts.etag);
	if (local == NULL) {
		session_keep(w->s, &item->key, &facts,
		    buf_view(&item->text));
		return;
	}
	w->s->local_written = true;
	if (local_write(local, &item->key, &facts, buf_view(&item->text),
	    NULL, &err) != 0) {
		degraded_add(w->rq->degraded, "local-store");
		log_warn(w->s->set.log, "cannot keep a local copy: %s",
		    err.message);
		session_keep(w->s, &item->key, &facts,
		    buf_view(&item->text));
	}
}

/* A lease that was not renewed in time may be somebody else's by now. */
static bool
held(struct writeback *w)
{
	return w->rq->lease == NULL || lease_alive(w->rq->lease);
}

/* Another machine's entry is newer than what was just bought: it stands. */
static void
take_newer(struct writeback *w, struct remote_entry *theirs)
{
	struct writeback_item *item = &w->items[0];
	struct buf swap = item->text;

	log_step(w->s->set.log, "'%s' in S3 is newer than this purchase: it "
	    "stands", item->key.type);
	item->text = theirs->text;
	theirs->text = swap;
	item->entry = theirs->entry;
	memcpy(item->etag, theirs->etag, sizeof item->etag);
	item->last_modified = theirs->last_modified;
}

/* What came between is not ours to replace, nor ours to print. */
static bool
untouchable(const struct writeback *w, const struct remote_entry *theirs)
{
	const char *word = theirs->found == REMOTE_FOREIGN ?
	    "foreign-object" : theirs->found == REMOTE_LARGE ?
	    "too-large-object" : NULL;

	if (theirs->found == REMOTE_FOUND && w->rq->purchase->custom &&
	    strcmp(theirs->entry.metadata.request_sha256,
	    w->rq->purchase->request_sha256) != 0)
		word = "other-question";
	if (word == NULL)
		return false;
	degraded_add(w->rq->degraded, word);
	return true;
}

static void
failed(struct writeback *w, const struct err *err)
{
	const char *word = err->class == ERR_DENIED ? "s3-put-denied" :
	    err->class == ERR_BUCKET ? "s3-no-bucket" :
	    err->class == ERR_NETWORK ? "s3-unreachable" : "s3-error";

	if (err->class == ERR_NONE)
		return;
	w->err = *err;
	degraded_s3(w->rq->degraded, word, err);
}

static enum remote_stored
put_item(struct writeback *w, struct writeback_item *item, bool over,
    struct err *err)
{
	struct remote_write write = {
		.metadata = &item->entry.metadata,
		.envelope = buf_view(&item->text),
		.if_match = over ? item->seen_etag : NULL,
		.if_absent = !over,
	};
	struct remote_written written;
	enum remote_stored stored = remote_put(w->s, &item->key, &write,
	    &written, err);

	if (stored == REMOTE_STORED) {
		memcpy(item->etag, written.etag, sizeof item->etag);
		item->last_modified = written.date;
	} else {
		item->unheard = item->unheard || written.ambiguous;
	}
	return stored;
}

static enum writeback_saw
put_first(struct writeback *w)
{
	struct err err;

	err_clear(&err);
	switch (put_item(w, &w->items[0], w->steps.over, &err)) {
	case REMOTE_STORED:
		return WRITEBACK_SAW_STORED;
	case REMOTE_REFUSED:
		return WRITEBACK_SAW_REFUSED;
	case REMOTE_GONE:
		return WRITEBACK_SAW_GONE;
	default:
		failed(w, &err);
		return WRITEBACK_SAW_FAILED;
	}
}

static bool
same_content(const struct writeback_item *item,
    const struct remote_entry *theirs)
{
	return theirs->found == REMOTE_FOUND && strcmp(
	    theirs->entry.metadata.content_sha256,
	    item->entry.metadata.content_sha256) == 0 &&
	    theirs->entry.metadata.timestamp ==
	    item->entry.metadata.timestamp;
}

/*
 * The conditional PUT was refused: our own first attempt may have won, or
 * somebody wrote meanwhile (fencing, design section 6).
 */
static enum writeback_saw
read_first(struct writeback *w)
{
	struct writeback_item *item = &w->items[0];
	struct remote_entry theirs;
	enum writeback_saw saw = WRITEBACK_SAW_FAILED;

	remote_init(&theirs, LIMIT_OBJECT);
	remote_get(w->s, &item->key, NULL, &theirs);
	if (untouchable(w, &theirs))
		goto out;
	memcpy(item->seen_etag, theirs.etag, sizeof item->seen_etag);
	if (same_content(item, &theirs)) {
		memcpy(item->etag, theirs.etag, sizeof item->etag);
		item->last_modified = theirs.last_modified;
		saw = WRITEBACK_SAW_OURS;
	} else if (theirs.found == REMOTE_FOUND &&
	    theirs.entry.metadata.timestamp >
	    item->entry.metadata.timestamp) {
		take_newer(w, &theirs);
		saw = WRITEBACK_SAW_NEWER;
	} else if (theirs.exists) {
		saw = WRITEBACK_SAW_OLDER;
	} else if (theirs.found == REMOTE_ABSENT ||
	    theirs.found == REMOTE_CORRUPT) {
		saw = WRITEBACK_SAW_ABSENT;
	} else {
		failed(w, &theirs.err);
	}
out:
	remote_clear(&theirs);
	return saw;
}

/* The derived ones: each conditional on what was seen; a refused one is left
 * as it is. */
static void
put_rest(struct writeback *w)
{
	struct err err;
	size_t i;

	for (i = 1; i < w->count; i++) {
		struct writeback_item *item = &w->items[i];

		if (item->left_out || item->seen_foreign || !held(w))
			continue;
		err_clear(&err);
		if (put_item(w, item, item->seen_exists, &err) ==
		    REMOTE_FAILED)
			failed(w, &err);
	}
}

static enum writeback_saw
ask(struct writeback *w)
{
	switch (lease_ask(w->rq->lease)) {
	case LEASE_IS_OURS:
		return WRITEBACK_SAW_HELD;
	case LEASE_IS_GONE:
		return WRITEBACK_SAW_LOST;
	default:
		return WRITEBACK_SAW_FAILED;
	}
}

/* A PUT whose answer was lost may have left our entry there. */
static void
find_unheard(struct writeback *w, struct writeback_item *item)
{
	struct remote_entry there;

	if (item->etag[0] != '\0' || !item->unheard)
		return;
	remote_init(&there, LIMIT_OBJECT);
	remote_get(w->s, &item->key, NULL, &there);
	if (same_content(item, &there))
		memcpy(item->etag, there.etag, sizeof item->etag);
	remote_clear(&there);
}

/* Somebody invalidated while we bought: what we wrote goes again. */
static void
undo(struct writeback *w)
{
	struct session *s = w->s;
	struct buf object;
	struct err err;
	size_t i;

	log_step(s->set.log, "invalidated during the purchase: nothing is "
	    "stored");
	for (i = 0; i < w->count; i++) {
		struct writeback_item *item = &w->items[i];

		find_unheard(w, item);
		if (item->etag[0] == '\0')
			continue;
		buf_init(&object, LIMIT_KEY);
		key_object(buf_string(&s->prefix), &item->key, &object);
		err_clear(&err);
		if (s3_delete(s->s3, buf_string(&object),
		    remote_conditional_delete(s, &item->key) ? item->etag :
		    NULL, &err) == S3_ERROR)
			log_warn(s->set.log, "cannot take back '%s': %s",
			    item->key.type, err.message);
		item->etag[0] = '\0';
		buf_clear(&object);
	}
}

/* Everything from the end of the purchase on is tidying up for a signal. */
static enum writeback_saw
perform(struct writeback *w, enum writeback_do act)
{
	switch (act) {
	case WRITEBACK_PUT:
		return put_first(w);
	case WRITEBACK_READ:
		return read_first(w);
	case WRITEBACK_REST:
		put_rest(w);
		return WRITEBACK_SAW_DONE;
	case WRITEBACK_ASK:
		session_clean_up(w->s);
		return ask(w);
	case WRITEBACK_RELEASE:
		session_clean_up(w->s);
		lease_delete(w->rq->lease);
		return WRITEBACK_SAW_DONE;
	default:
		session_clean_up(w->s);
		undo(w);
		return WRITEBACK_SAW_DONE;
	}
}

static void
drop_local(struct writeback *w)
{
	struct local *local = session_local(w->s);
	size_t i;

	for (i = 0; local != NULL && i < w->count; i++) {
		struct err err = { 0 };

		if (local_remove(local, &w->items[i].key, &err) < 0)
			log_warn(w->s->set.log, "%s", err.message);
	}
}

void
writeback_run(struct writeback *w)
{
	enum writeback_saw saw = WRITEBACK_SAW_NOTHING;
	enum writeback_do act;

	w->steps.leased = w->rq->lease != NULL;
	w->steps.over = w->items[0].seen_exists;
	while ((act = writeback_step(&w->steps, saw, held(w))) !=
	    WRITEBACK_END)
		saw = perform(w, act);
	if (w->rq->lease != NULL && !held(w))
		degraded_add(w->rq->degraded, "lease-lost");
	if (w->steps.local == WRITEBACK_DROP)
		drop_local(w);
}
