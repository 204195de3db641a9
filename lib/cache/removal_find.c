#include "cache/removal.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "cache/purchase.h"
#include "cache/removal_work.h"
#include "cache/remote_list.h"

#define PAGE 1000

/* Does one purchase fill both? */
static bool
filled_together(const char *a, const char *b)
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

bool
removal_wants(const struct removal_request *rq, const char *type)
{
	size_t i;

	if (rq->types == NULL)
		return true;
	for (i = 0; i < rq->type_count; i++)
		if (strcmp(rq->types[i], type) == 0 ||
		    filled_together(rq->types[i], type))
			return true;
	return false;
}

static int
add_object(struct removal_work *w, const struct key *key, struct err *err)
{
	struct removal_target *added = NULL;
	struct buf object;

	buf_init(&object, LIMIT_KEY);
	key_object(buf_string(&w->rq->session->prefix), key, &object);
	if (buf_check(&object, "key", err) == 0)
		added = removal_set_add(&w->data, key, buf_string(&object),
		    err);
	buf_clear(&object);
	return added == NULL ? -1 : 0;
}

static int
add_lease(struct removal_work *w, const char *purchase, struct err *err)
{
	struct removal_target *added = NULL;
	struct key key = { .month = *w->rq->month };
	struct buf object;

	memcpy(key.account, w->rq->account, sizeof key.account);
	buf_init(&object, LIMIT_KEY);
	key_lease(buf_string(&w->rq->session->prefix), &key, purchase,
	    &object);
	if (buf_check(&object, "key", err) == 0)
		added = removal_set_add(&w->leases, &key,
		    buf_string(&object), err);
	if (added != NULL)
		added->state = REMOVAL_CHOSEN;
	buf_clear(&object);
	return added == NULL ? -1 : 0;
}

/* The i-th type that is named, when it stands alone and comes for the first
 * time; NULL for another. */
static const char *
other_type(const struct removal_request *rq, size_t i)
{
	size_t j;

	assert(rq->types[i] != NULL);
	if (filled_together(rq->types[i], "full-data"))
		return NULL;
	for (j = 0; j < i; j++)
		if (strcmp(rq->types[j], rq->types[i]) == 0)
			return NULL;
	return rq->types[i];
}

static int
name_leases(struct removal_work *w, struct err *err)
{
	const struct removal_request *rq = w->rq;
	const char *type;
	size_t i;

	if (removal_wants(rq, "full-data") &&
	    add_lease(w, "full-data", err) != 0)
		return -1;
	for (i = 0; i < rq->type_count; i++)
		if ((type = other_type(rq, i)) != NULL &&
		    add_lease(w, type, err) != 0)
			return -1;
	return 0;
}

static int
name_data(struct removal_work *w, struct err *err)
{
	const struct removal_request *rq = w->rq;
	struct key key = { .month = *rq->month };
	const char *type;
	size_t i;

	memcpy(key.account, rq->account, sizeof key.account);
	for (i = 0; (type = purchase_fills("full-data", "", i)) != NULL;
	    i++) {
		memcpy(key.type, type, strlen(type) + 1);
		if (removal_wants(rq, type) &&
		    add_object(w, &key, err) != 0)
			return -1;
	}
	for (i = 0; i < rq->type_count; i++) {
		if ((type = other_type(rq, i)) == NULL)
			continue;
		memcpy(key.type, type, strlen(type) + 1);
		if (add_object(w, &key, err) != 0)
			return -1;
	}
	return 0;
}

/* What a list brings is believed to be of its folder only when its key says
 * so. What fills four types bears, as a lease, the name of one of them. */
static bool
is_meant(const struct removal_request *rq, const struct key *key)
{
	return strcmp(key->account, rq->account) == 0 &&
	    (rq->month == NULL || month_compare(key->month, *rq->month) == 0) &&
	    removal_wants(rq, key->type);
}

/* Is the key of our form, and one of those that are meant? */
static bool
parse_object(const struct removal_work *w, struct span object,
    struct key *key)
{
	return key_from_object(buf_string(&w->rq->session->prefix), object,
	    key) && is_meant(w->rq, key);
}

/* Of a listed lease or entry: a target, when it is meant. */
static int
take(struct removal_set *set, const struct key *key, struct span object,
    enum removal_state state, struct err *err)
{
	struct removal_target *added = NULL;
	char *name = span_dup(object);

	if (name == NULL)
		return err_memory(err);
	if ((added = removal_set_add(set, key, name, err)) != NULL)
		added->state = state;
	free(name);
	return added == NULL ? -1 : 0;
}

static int
take_lease(void *state, const struct s3_listed *object, struct err *err)
{
	struct removal_work *w = state;
	struct key key;

	return key_from_lease(buf_string(&w->rq->session->prefix),
	    object->key, &key) && is_meant(w->rq, &key) ?
	    take(&w->leases, &key, object->key, REMOVAL_CHOSEN, err) : 0;
}

static int
take_object(void *state, const struct s3_listed *object, struct err *err)
{
	struct removal_work *w = state;
	struct key key;

	return parse_object(w, object->key, &key) ?
	    take(&w->data, &key, object->key, REMOVAL_NEW, err) : 0;
}

static int
take_versions(struct removal_work *w, const struct s3_versions *page,
    struct err *err)
{
	struct removal_target *last;
	size_t i;

	for (i = 0; i < page->count; i++) {
		const struct s3_version *v = &page->items[i];
		struct removal_version version = {
			.last_modified = v->last_modified,
			.latest = v->latest,
			.marker = v->marker,
		};
		struct key key;

		if (!parse_object(w, v->key, &key))
			continue;
		last = w->data.count == 0 ? NULL :
		    &w->data.targets[w->data.count - 1];
		if ((last == NULL || !span_is(v->key, last->object)) &&
		    add_object(w, &key, err) != 0)
			return -1;
		if (removal_set_version(&w->data, &version, v->id, err) != 0)
			return -1;
	}
	return 0;
}

static int
list_versions(struct removal_work *w, const char *folder, struct err *err)
{
	struct session *s = w->rq->session;
	struct s3 *s3 = session_s3(s, err);
	struct s3_versions_ask ask = { .prefix = folder, .max_keys = PAGE };
	struct s3_versions page = { 0 };
	struct buf key, id;
	bool more = true;
	int pages, result = -1;

	if (s3 == NULL)
		return -1;
	buf_init(&key, LIMIT_KEY * 3);
	buf_init(&id, LIMIT_TOKEN);
	for (pages = 0; more && pages < LIMIT_LIST_PAGES; pages++) {
		session_deadline(s, w->rq->timeout_ms);
		ask.from_key = buf_view(&key);
		ask.from_id = buf_view(&id);
		if (s3_versions_page(s3, &ask, &page, err) != S3_OK)
			goto out;
		more = page.more;
		buf_reset(&key);
		buf_reset(&id);
		buf_add_span(&key, page.next_key);
		buf_add_span(&id, page.next_id);
		if (buf_check(&key, "key marker", err) != 0 ||
		    buf_check(&id, "version marker", err) != 0 ||
		    take_versions(w, &page, err) != 0)
			goto out;
		s3_versions_clear(&page);
	}
	result = more ? err_set(err, ERR_NETWORK, "cannot list '%s': it goes "
	    "on beyond %d pages", folder, LIMIT_LIST_PAGES) : 0;
out:
	if (err->class == ERR_DENIED)
		err_hint(err, "a purge takes s3:ListBucketVersions on the "
		    "bucket, which s3:ListBucket does not include");
	s3_versions_clear(&page);
	buf_clear(&key);
	buf_clear(&id);
	return result;
}

int
removal_find_leases(struct removal_work *w, struct err *err)
{
	const struct removal_request *rq = w->rq;
	struct buf folder;
	int result = -1;

	if (rq->types != NULL && rq->month != NULL)
		return name_leases(w, err);
	buf_init(&folder, LIMIT_KEY);
	key_lease_folder(buf_string(&rq->session->prefix), rq->account,
	    rq->month, &folder);
	if (buf_check(&folder, "key", err) == 0)
		result = remote_list(rq->session, buf_string(&folder),
		    rq->timeout_ms, take_lease, w, err);
	buf_clear(&folder);
	return result;
}

bool
removal_absent(const struct removal_work *w, const char *object)
{
	struct session *s = w->rq->session;
	struct err ignored = { 0 };
	struct s3_list page = { 0 };
	bool none;

	session_deadline(s, w->rq->timeout_ms);
	/* Should it be there, it is the first below its own name. */
	none = s->s3 != NULL && s3_list_page(s->s3, object, span_of(""), 1,
	    &page, &ignored) == S3_OK && (page.count == 0 ?
	    page.next.n == 0 : !span_is(page.items[0].key, object));
	s3_list_clear(&page);
	return none;
}

int
removal_find_data(struct removal_work *w, struct err *err)
{
	const struct removal_request *rq = w->rq;
	struct buf folder;
	int result = -1;

	if (rq->types != NULL && rq->month != NULL && !rq->purge)
		return name_data(w, err);
	buf_init(&folder, LIMIT_KEY);
	key_folder(buf_string(&rq->session->prefix), rq->account, rq->month,
	    &folder);
	if (buf_check(&folder, "key", err) == 0)
		result = rq->purge ?
		    list_versions(w, buf_string(&folder), err) :
		    remote_list(rq->session, buf_string(&folder),
		    rq->timeout_ms, take_object, w, err);
	/* Some stores name the delete markers of a page behind all else. */
	if (result == 0 && rq->purge)
		result = removal_set_join(&w->data, err);
	buf_clear(&folder);
	return result;
}
