#include "cache/removal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "cache/local.h"
#include "cache/purchase.h"
#include "cache/remote.h"

struct work {
	const struct removal_request *rq;
	struct removal_result *out;
};

void
removal_result_clear(struct removal_result *r)
{
	size_t i;

	for (i = 0; i < r->count; i++)
		free(r->items[i].object);
	free(r->items);
	memset(r, 0, sizeof *r);
}

/* A new item for a key; NULL when out of memory. */
static struct removal_item *
add(struct work *w, const struct key *key, bool local, struct err *err)
{
	struct removal_result *out = w->out;
	size_t room = out->room == 0 ? 16 : out->room * 2;
	struct removal_item *items, *item;
	struct buf object;

	if (out->count == out->room) {
		items = realloc(out->items, room * sizeof *items);
		if (items == NULL) {
			err_memory(err);
			return NULL;
		}
		out->items = items;
		out->room = room;
	}
	buf_init(&object, LIMIT_KEY);
	key_object(buf_string(&w->rq->session->prefix), key, &object);
	item = &out->items[out->count];
	memset(item, 0, sizeof *item);
	item->local = local;
	if (buf_check(&object, "key", err) != 0 ||
	    (item->object = buf_take(&object)) == NULL) {
		err_memory(err);
		buf_clear(&object);
		return NULL;
	}
	out->count++;
	return item;
}

static int
remove_local(struct work *w, const struct key *key, struct err *err)
{
	struct local *local = session_local(w->rq->session);
	struct removal_item *item;
	struct err why = { 0 };
	int removed;

	if (local == NULL)
		return 0;
	if (w->rq->dry_run) {
		/* Only what is there would go. */
		struct local_copy copy;
		const char *reason;

		local_copy_init(&copy, LIMIT_OBJECT);
		removed = local_read(local, key, &copy, &reason, &why);
		local_copy_clear(&copy);
	} else {
		removed = local_remove(local, key, &why);
	}
	if (removed == 0)
		return 0;
	if ((item = add(w, key, true, err)) == NULL)
		return -1;
	item->fate = removed > 0 ? REMOVAL_DELETED : REMOVAL_FAILED;
	item->err = why;
	return 0;
}

static void
fail(struct removal_item *item, const struct err *why)
{
	item->fate = REMOVAL_FAILED;
	item->err = *why;
	if (item->err.class == ERR_NONE)
		err_set(&item->err, ERR_INTERNAL, "S3 gave no reason");
}

static void
delete_seen(struct work *w, const struct key *key,
    const struct remote_entry *seen, struct removal_item *item)
{
	struct session *s = w->rq->session;
	struct err why = { 0 };
	const char *etag = seen->etag[0] != '\0' &&
	    remote_conditional_delete(s, key) ? seen->etag : NULL;

	switch (s3_delete(s->s3, item->object, etag, &why)) {
	case S3_OK:
	case S3_ABSENT:
		item->fate = REMOVAL_DELETED;
		break;
	case S3_PRECONDITION:
	case S3_CONFLICT:
		item->fate = REMOVAL_KEPT;
		snprintf(item->reason, sizeof item->reason,
		    "it was replaced meanwhile");
		break;
	default:
		fail(item, &why);
		break;
	}
}

/* Errors that the next key would meet too. */
static bool
hopeless(const struct err *err)
{
	return err->class == ERR_CREDENTIALS || err->class == ERR_BUCKET ||
	    err->class == ERR_NETWORK || err->class == ERR_USAGE ||
	    err->class == ERR_INTERNAL || err->class == ERR_INTERRUPTED ||
	    err->class == ERR_TERMINATED;
}

static int
remove_remote(struct work *w, const struct key *key, struct err *err)
{
	struct remote_entry seen;
	struct removal_item *item;
	int result = -1;

	remote_init(&seen, 0);
	switch (remote_look(w->rq->session, key, &seen)) {
	case REMOTE_ABSENT:
		result = 0;
		goto out;
	case REMOTE_FOUND:
		if ((item = add(w, key, false, err)) == NULL)
			goto out;
		if (!w->rq->dry_run)
			delete_seen(w, key, &seen, item);
		break;
	case REMOTE_FOREIGN:
		if ((item = add(w, key, false, err)) == NULL)
			goto out;
		item->fate = REMOVAL_KEPT;
		snprintf(item->reason, sizeof item->reason,
		    "not written by teamcache");
		break;
	default:
		if (hopeless(&seen.err)) {
			*err = seen.err;
			goto out;
		}
		if ((item = add(w, key, false, err)) == NULL)
			goto out;
		fail(item, &seen.err);
		break;
	}
	result = 0;
out:
	remote_clear(&seen);
	return result;
}

/*
 * A purchase under way must not store what is invalidated now: its lease goes
 * first, and the buyer finds it gone (design section 6 depends on the order).
 */
static int
remove_lease(struct work *w, const char *purchase, struct err *err)
{
	struct session *s = w->rq->session;
	struct key key = { .month = w->rq->month };
	struct s3 *s3;
	struct buf object;
	int result = -1;

	if (!w->rq->remote || w->rq->dry_run)
		return 0;
	memcpy(key.account, w->rq->account, sizeof key.account);
	buf_init(&object, LIMIT_KEY);
	key_lease(buf_string(&s->prefix), &key, purchase, &object);
	if (buf_check(&object, "key", err) == 0 &&
	    (s3 = session_s3(s, err)) != NULL &&
	    s3_delete(s3, buf_string(&object), NULL, err) != S3_ERROR)
		result = 0;
	buf_clear(&object);
	return result;
}

static int
remove_key(struct work *w, const struct key *key, struct err *err)
{
	/* S3 first: a local copy that goes before could come back from it. */
	if (w->rq->remote && remove_remote(w, key, err) != 0)
		return -1;
	return w->rq->local ? remove_local(w, key, err) : 0;
}

static bool
fills_same(const char *a, const char *b)
{
	const char *type;
	size_t i;
	bool has_a = false, has_b = false;

	for (i = 0; (type = purchase_fills("full-data", a, i)) != NULL; i++) {
		has_a = has_a || strcmp(type, a) == 0;
		has_b = has_b || strcmp(type, b) == 0;
	}
	return has_a && has_b;
}

/* The types named, each with those that its purchase fills; once each. */
static bool
named(const struct removal_request *rq, const char *type)
{
	size_t i;

	for (i = 0; i < rq->type_count; i++)
		if (strcmp(rq->types[i], type) == 0 ||
		    fills_same(rq->types[i], type))
			return true;
	return false;
}

/*
 * A HEAD has no body: a missing bucket looks like a missing key. Where no key
 * was there, one GET tells.
 */
static int
check_bucket(struct work *w, const struct key *key, struct err *err)
{
	struct remote_entry there;
	int result = 0;
	size_t i;

	if (!w->rq->remote)
		return 0;
	for (i = 0; i < w->out->count; i++)
		if (!w->out->items[i].local)
			return 0;
	remote_init(&there, LIMIT_OBJECT);
	if (remote_get(w->rq->session, key, NULL, &there) ==
	    REMOTE_NO_BUCKET) {
		*err = there.err;
		result = -1;
	}
	remote_clear(&there);
	return result;
}

static int
remove_named(struct work *w, struct err *err)
{
	const struct removal_request *rq = w->rq;
	struct key key = { .month = rq->month };
	const char *type;
	size_t i;

	memcpy(key.account, rq->account, sizeof key.account);
	if (named(rq, "full-data") && remove_lease(w, "full-data", err) != 0)
		return -1;
	for (i = 0; i < rq->type_count; i++)
		if (!fills_same(rq->types[i], "full-data") &&
		    remove_lease(w, rq->types[i], err) != 0)
			return -1;
	for (i = 0; (type = purchase_built_in(i)) != NULL; i++) {
		if (!named(rq, type))
			continue;
		memcpy(key.type, type, strlen(type) + 1);
		if (remove_key(w, &key, err) != 0)
			return -1;
	}
	for (i = 0; i < rq->type_count; i++) {
		if (purchase_is_built_in(rq->types[i]))
			continue;
		memcpy(key.type, rq->types[i], strlen(rq->types[i]) + 1);
		if (remove_key(w, &key, err) != 0)
			return -1;
	}
	return check_bucket(w, &key, err);
}

static int
visit_local(void *state, const struct key *key, int64_t size,
    int64_t modified, struct err *err)
{
	(void)size;
	(void)modified;
	return remove_local(state, key, err);
}

/* What is done with each key of a listed folder. */
typedef int page_visit(struct work *w, struct span object, struct err *err);

static int
visit_object(struct work *w, struct span object, struct err *err)
{
	struct key key;

	if (!key_from_object(buf_string(&w->rq->session->prefix), object,
	    &key))
		return 0;
	return remove_remote(w, &key, err);
}

/* .../YYYY-MM/PURCHASE.json */
static int
visit_lease(struct work *w, struct span object, struct err *err)
{
	struct span rest = object, part;
	char purchase[65];

	while (span_split(rest, '/', &part, &rest))
		continue;
	if (!span_ends(part, ".json"))
		return 0;
	part.n -= sizeof ".json" - 1;
	if (!key_type_valid(part))
		return 0;
	memcpy(purchase, part.p, part.n);
	purchase[part.n] = '\0';
	return remove_lease(w, purchase, err);
}

static int
visit_page(struct work *w, const struct s3_list *page, page_visit *visit,
    struct err *err)
{
	size_t i;

	for (i = 0; i < page->count; i++)
		if (visit(w, page->items[i].key, err) != 0)
			return -1;
	return 0;
}

static int
visit_folder(struct work *w, const char *folder, page_visit *visit,
    struct err *err)
{
	struct s3 *s3 = session_s3(w->rq->session, err);
	struct s3_list page = { 0 };
	struct buf token;
	int pages, result = -1;

	if (s3 == NULL)
		return -1;
	buf_init(&token, LIMIT_TOKEN);
	for (pages = 0; pages < LIMIT_LIST_PAGES; pages++) {
		if (s3_list_page(s3, folder, buf_view(&token), 1000, &page,
		    err) != S3_OK)
			goto out;
		buf_reset(&token);
		buf_add_span(&token, page.next);
		if (buf_check(&token, "continuation token", err) != 0 ||
		    visit_page(w, &page, visit, err) != 0)
			goto out;
		s3_list_clear(&page);
		if (token.n == 0)
			break;
	}
	result = 0;
out:
	s3_list_clear(&page);
	buf_clear(&token);
	return result;
}

/* The leases first, then the data. */
static int
remove_listed(struct work *w, struct err *err)
{
	const struct removal_request *rq = w->rq;
	const char *prefix = buf_string(&rq->session->prefix);
	struct buf folder;
	int result = -1;

	buf_init(&folder, LIMIT_KEY);
	key_lease_folder(prefix, rq->account, &rq->month, &folder);
	if (buf_check(&folder, "key", err) != 0 || (!rq->dry_run &&
	    visit_folder(w, buf_string(&folder), visit_lease, err) != 0))
		goto out;
	buf_reset(&folder);
	key_folder(prefix, rq->account, &rq->month, &folder);
	if (buf_check(&folder, "key", err) != 0 ||
	    visit_folder(w, buf_string(&folder), visit_object, err) != 0)
		goto out;
	result = 0;
out:
	buf_clear(&folder);
	return result;
}

int
removal_run(const struct removal_request *request,
    struct removal_result *out, struct err *err)
{
	struct work w = { request, out };
	struct local *local;

	if (request->types != NULL)
		return remove_named(&w, err);
	if (request->remote && remove_listed(&w, err) != 0)
		return -1;
	if (!request->local ||
	    (local = session_local(request->session)) == NULL)
		return 0;
	return local_each(local, request->account, &request->month,
	    visit_local, &w, err);
}
