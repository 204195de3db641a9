#include "cache/removal.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "cache/local.h"
#include "cache/removal_work.h"
#include "sys/interrupt.h"

struct work {
	const struct removal_request *rq;
	struct local *local;
	struct removal_result *out;
};

static int
add(struct work *w, const struct key *key, const struct err *why,
    struct err *err)
{
	struct removal_item *item = removal_set_item(w->out, err);
	struct buf object;

	if (item == NULL)
		return -1;
	item->local = true;
	buf_init(&object, LIMIT_KEY);
	key_object(buf_string(&w->rq->session->prefix), key, &object);
	item->object = buf_take(&object);
	buf_clear(&object);
	if (why->class != ERR_NONE) {
		item->fate = REMOVAL_FAILED;
		if ((item->err = malloc(sizeof *item->err)) != NULL)
			*item->err = *why;
	}
	if (item->object != NULL &&
	    (item->err != NULL || why->class == ERR_NONE))
		return 0;
	free(item->object);
	free(item->err);
	w->out->count--;
	return err_memory(err);
}

/* Is it older than asked for, by its timestamp or Last-Modified on the clock
 * of who gave them? Ours may have jumped since the copy was stored. */
static bool
old_enough(const struct work *w, const struct local_copy *copy)
{
	const struct session *s = w->rq->session;
	int64_t now = s->command_start >= 0 ? session_server_now(s) :
	    session_now(s) + copy->facts.skew;
	int64_t made = copy->entry.metadata.timestamp;

	if (copy->facts.last_modified >= 0 &&
	    copy->facts.last_modified < made)
		made = copy->facts.last_modified;
	return now - made > w->rq->older_than;
}

/* Is there a copy that is meant: 1, 0, or -1 with why. */
static int
meant(const struct work *w, const struct key *key, struct err *why)
{
	struct local_copy copy;
	const char *reason;
	int found;

	local_copy_init(&copy, LIMIT_OBJECT);
	found = local_read(w->local, key, &copy, &reason, why);
	if (found > 0 && w->rq->older_than >= 0)
		found = old_enough(w, &copy);
	local_copy_clear(&copy);
	return found;
}

static int
remove_copy(struct work *w, const struct key *key, struct err *err)
{
	struct err why = { 0 };
	int removed = 1;

	if (interrupt_count() > w->rq->session->signals_passed)
		return err_set(err, interrupt_class(), "%s", interrupt_word());
	if (w->rq->dry_run || w->rq->older_than >= 0)
		removed = meant(w, key, &why);
	if (removed > 0 && !w->rq->dry_run)
		removed = local_remove(w->local, key, &why);
	return removed == 0 ? 0 : add(w, key, &why, err);
}

static int
visit(void *state, const struct key *key, int64_t size, int64_t modified,
    struct err *err)
{
	struct work *w = state;

	(void)size;
	(void)modified;
	return removal_wants(w->rq, key->type) ?
	    remove_copy(w, key, err) : 0;
}

int
removal_local_run(const struct removal_request *rq,
    struct removal_result *out, struct err *err)
{
	struct work w = { rq, session_local(rq->session), out };

	if (w.local == NULL)
		return 0;
	return local_each(w.local, rq->account, rq->month, visit, &w, err);
}
