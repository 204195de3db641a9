#include "cache/writeback.h"

#include <string.h>

#include "base/limits.h"

static int64_t
skew(const struct writeback *w)
{
	int64_t difference = w->now - session_now(w->s);

	return difference >= -2 && difference <= 2 ? 0 : difference;
}

void
writeback_keep(struct writeback *w, struct writeback_item *item)
{
	struct local *local = session_local(w->s);
	struct local_facts facts = {
		.last_modified = item->last_modified,
		.skew = skew(w),
		.validated_at = session_now(w->s),
		.final = item->final,
		.origin = item->etag[0] == '\0' ? LOCAL_BOUGHT : LOCAL_REMOTE,
	};
	struct err err = { 0 };

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
	    &err) != 0) {
		degraded_add(w->rq->degraded, "local-store");
		log_warn(w->s->set.log, "cannot keep a local copy: %s",
		    err.message);
	}
}

void
writeback_drop(struct writeback *w)
{
	struct local *local = session_local(w->s);
	struct err err = { 0 };
	size_t i;

	for (i = 0; local != NULL && i < w->count; i++)
		if (local_remove(local, &w->items[i].key, &err) < 0)
			log_warn(w->s->set.log, "%s", err.message);
}

/* A lease that was not renewed in time may be somebody else's by now. */
static bool
may_write(struct writeback *w)
{
	if (w->rq->lease == NULL || lease_alive(w->rq->lease))
		return true;
	degraded_add(w->rq->degraded, "lease-lost");
	return false;
}

/* Another machine's entry is newer than what was just bought: it stands. */
static void
take_newer(struct writeback *w, struct remote_entry *theirs,
    struct buyer_result *out)
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
	out->newer = true;
}

enum reread {
	REREAD_OURS, REREAD_NEWER, REREAD_OLDER, REREAD_FAILED,
	REREAD_UNTOUCHABLE	/* foreign, too large, another question */
};

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

/*
 * The conditional PUT was refused: our own first attempt may have won, or
 * somebody wrote meanwhile (fencing, design section 6).
 */
static enum reread
reread(struct writeback *w, struct remote_entry *theirs)
{
	struct writeback_item *item = &w->items[0];

	remote_get(w->s, &item->key, NULL, theirs);
	if (untouchable(w, theirs))
		return REREAD_UNTOUCHABLE;
	if (theirs->found != REMOTE_FOUND)
		return theirs->found == REMOTE_ABSENT || theirs->exists ?
		    REREAD_OLDER : REREAD_FAILED;
	if (strcmp(theirs->entry.metadata.content_sha256,
	    item->entry.metadata.content_sha256) == 0 &&
	    theirs->entry.metadata.timestamp ==
	    item->entry.metadata.timestamp)
		return REREAD_OURS;
	return theirs->entry.metadata.timestamp >
	    item->entry.metadata.timestamp ? REREAD_NEWER : REREAD_OLDER;
}

static void
share_failed(struct writeback *w, struct buyer_result *out, const struct err *err)
{
	const char *word = err->class == ERR_DENIED ? "s3-put-denied" :
	    err->class == ERR_BUCKET ? "s3-no-bucket" :
	    err->class == ERR_NETWORK ? "s3-unreachable" : "s3-error";

	out->store_err = *err;
	degraded_s3(w->rq->degraded, word, "s3:PutObject", err);
}

bool
writeback_first(struct writeback *w, struct buyer_result *out)
{
	struct writeback_item *item = &w->items[0];
	struct remote_write write = { .metadata = &item->entry.metadata,
		.envelope = buf_view(&item->text) };
	struct remote_written written;
	struct remote_entry theirs;
	struct err err = { 0 };
	bool exists = item->seen_exists;
	char etag[132];
	bool done = false;
	int round;

	remote_init(&theirs, LIMIT_OBJECT);
	memcpy(etag, item->seen_etag, sizeof etag);
	for (round = 0; round < 3 && !done; round++) {
		if (!may_write(w)) {
			err_set(&err, ERR_NETWORK, "the lease was lost");
			goto out;
		}
		write.if_match = exists ? etag : NULL;
		write.if_absent = !exists;
		switch (remote_put(w->s, &item->key, &write, &written, &err)) {
		case REMOTE_STORED:
			memcpy(item->etag, written.etag, sizeof item->etag);
			item->last_modified = written.date;
			done = true;
			continue;
		case REMOTE_GONE:
			/* With the lease still ours it expired or was
			 * removed by hand; else an invalidate came between,
			 * and wins. */
			if (w->rq->lease != NULL && lease_ours(w->rq->lease)) {
				exists = false;
				continue;
			}
			w->dropped = true;
			goto out;
		case REMOTE_FAILED:
			goto out;
		case REMOTE_REFUSED:
			break;
		}
		switch (reread(w, &theirs)) {
		case REREAD_OURS:
			memcpy(item->etag, theirs.etag, sizeof item->etag);
			item->last_modified = theirs.last_modified;
			done = true;
			break;
		case REREAD_NEWER:
			take_newer(w, &theirs, out);
			done = true;
			break;
		case REREAD_OLDER:
			exists = theirs.exists;
			memcpy(etag, theirs.etag, sizeof etag);
			break;
		case REREAD_UNTOUCHABLE:
			goto out;
		case REREAD_FAILED:
			err = theirs.err;
			goto out;
		}
	}
	if (!done)
		err_set(&err, ERR_NETWORK, "cannot write '%s' to S3: others "
		    "keep writing it", item->key.type);
out:
	remote_clear(&theirs);
	if (err.class != ERR_NONE)
		share_failed(w, out, &err);
	return done;
}

void
writeback_rest(struct writeback *w, struct buyer_result *out)
{
	struct remote_written written;
	struct err err = { 0 };
	size_t i;

	for (i = 1; i < w->count; i++) {
		struct writeback_item *item = &w->items[i];
		struct remote_write write = {
			.metadata = &item->entry.metadata,
			.envelope = buf_view(&item->text),
			.if_match = item->seen_exists ? item->seen_etag : NULL,
			.if_absent = !item->seen_exists,
		};

		if (item->seen_foreign)
			continue;
		if (!may_write(w))
			return;
		err_clear(&err);
		switch (remote_put(w->s, &item->key, &write, &written, &err)) {
		case REMOTE_STORED:
			memcpy(item->etag, written.etag, sizeof item->etag);
			item->last_modified = written.date;
			break;
		case REMOTE_FAILED:
			share_failed(w, out, &err);
			break;
		default:
			log_step(w->s->set.log, "'%s' has been written by "
			    "somebody else meanwhile", item->key.type);
			break;
		}
	}
}

void
writeback_take_back(struct writeback *w)
{
	struct session *s = w->s;
	struct buf object;
	struct err err;
	size_t i;

	log_step(s->set.log, "invalidated during the purchase: nothing is "
	    "stored");
	writeback_drop(w);
	for (i = 0; i < w->count; i++) {
		struct writeback_item *item = &w->items[i];

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
