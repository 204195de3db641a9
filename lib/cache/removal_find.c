#include "cache/removal.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "cache/purchase.h"
#include "cache/removal_work.h"

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
removal_find_type(const struct removal_request *rq, const char *type)
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

	if (removal_find_type(rq, "full-data") &&
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
		if (removal_find_type(rq, type) &&
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

/* Is the key of our form, and one of those that are meant? */
static bool
parse_object(const struct removal_work *w, struct span object,
    struct key *key)
{
	return key_from_object(buf_string(&w->rq->session->prefix), object,
	    key) && removal_find_type(w->rq, key->type);
}

/* "{folder}[YYYY-MM/]PURCHASE.json": a lease of such a purchase? */
static bool
parse_lease(const struct removal_work *w, const char *folder,
    struct span object, struct key *key)
{
	size_t n = strlen(folder);
	struct span name = span_make(object.p + n, object.n - n), month;

	if (w->rq->month != NULL)
		key->month = *w->rq->month;
	else if (!span_split(name, '/', &month, &name) ||
	    !month_parse(month, &key->month))
		return false;
	if (!span_ends(name, ".json"))
		return false;
	name.n -= sizeof ".json" - 1;
	if (!key_type_valid(name))
		return false;
	memcpy(key->type, name.p, name.n);
	key->type[name.n] = '\0';
	memcpy(key->account, w->rq->account, sizeof key->account);
	/* What fills four types bears the name of one of them. */
	return removal_find_type(w->rq, key->type);
}

/* A page of a folder into the set that it is of. */
static int
take_page(struct removal_work *w, const char *folder, bool leases,
    const struct s3_list *page, struct err *err)
{
	struct removal_target *added;
	size_t i;

	for (i = 0; i < page->count; i++) {
		struct span object = page->items[i].key;
		struct key key = { 0 };
		char *name;

		if (!span_starts(object, folder) || !(leases ?
		    parse_lease(w, folder, object, &key) :
		    parse_object(w, object, &key)))
			continue;
		if ((name = span_dup(object)) == NULL)
			return err_memory(err);
		added = removal_set_add(leases ? &w->leases : &w->data, &key,
		    name, err);
		free(name);
		if (added == NULL)
			return -1;
		if (leases)
			added->state = REMOVAL_CHOSEN;
	}
	return 0;
}

static int
endless(const char *folder, struct err *err)
{
	return err_set(err, ERR_NETWORK, "cannot list '%s': it goes on "
	    "beyond %d pages", folder, LIMIT_LIST_PAGES);
}

static int
list(struct removal_work *w, const char *folder, bool leases,
    struct err *err)
{
	struct session *s = w->rq->session;
	struct s3 *s3 = session_s3(s, err);
	struct s3_list page = { 0 };
	struct buf token;
	int pages, result = -1;

	if (s3 == NULL)
		return -1;
	buf_init(&token, LIMIT_TOKEN);
	for (pages = 0; pages < LIMIT_LIST_PAGES; pages++) {
		session_deadline(s, w->rq->timeout_ms);
		if (s3_list_page(s3, folder, buf_view(&token), PAGE, &page,
		    err) != S3_OK)
			goto out;
		buf_reset(&token);
		buf_add_span(&token, page.next);
		if (buf_check(&token, "continuation token", err) != 0 ||
		    take_page(w, folder, leases, &page, err) != 0)
			goto out;
		s3_list_clear(&page);
		if (token.n == 0)
			break;
	}
	result = pages < LIMIT_LIST_PAGES ? 0 : endless(folder, err);
out:
	s3_list_clear(&page);
	buf_clear(&token);
	return result;
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
	result = more ? endless(folder, err) : 0;
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
	const char *prefix = buf_string(&rq->session->prefix);
	struct buf folder;
	int result = -1;

	if (rq->types != NULL && rq->month != NULL)
		return name_leases(w, err);
	buf_init(&folder, LIMIT_KEY);
	if (rq->month != NULL)
		key_lease_folder(prefix, rq->account, rq->month, &folder);
	else
		buf_addf(&folder, "%s" KEY_LEASE_ROOT "%s/", prefix,
		    rq->account);
	if (buf_check(&folder, "key", err) == 0)
		result = list(w, buf_string(&folder), true, err);
	buf_clear(&folder);
	return result;
}

bool
removal_find_none(const struct removal_work *w, const char *object)
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
		    list(w, buf_string(&folder), false, err);
	/* Some stores name the delete markers of a page behind all else. */
	if (result == 0 && rq->purge)
		result = removal_set_join(&w->data, err);
	buf_clear(&folder);
	return result;
}
