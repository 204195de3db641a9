#include "cache/removal.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "cache/removal_work.h"

struct removal_target *
removal_set_add(struct removal_set *set, const struct key *key,
    const char *object, struct err *err)
{
	struct removal_target *t = array_grow(set->targets, set->count,
	    &set->room, sizeof *t);

	if (t == NULL) {
		err_memory(err);
		return NULL;
	}
	set->targets = t;
	t = &set->targets[set->count];
	memset(t, 0, sizeof *t);
	t->key = *key;
	t->first = set->version_count;
	if ((t->object = span_dup(span_of(object))) == NULL) {
		err_memory(err);
		return NULL;
	}
	set->count++;
	return t;
}

int
removal_set_version(struct removal_set *set,
    const struct removal_version *version, struct span id, struct err *err)
{
	struct removal_version *v = array_grow(set->versions,
	    set->version_count, &set->version_room, sizeof *v);

	if (v == NULL)
		return err_memory(err);
	set->versions = v;
	v = &set->versions[set->version_count];
	*v = *version;
	if ((v->id = span_dup(id)) == NULL)
		return err_memory(err);
	set->version_count++;
	set->targets[set->count - 1].count++;
	return 0;
}

static int
by_object(const void *a, const void *b)
{
	const struct removal_target *x = a, *y = b;
	int order = strcmp(x->object, y->object);

	return order != 0 ? order : (x->first > y->first) -
	    (x->first < y->first);
}

int
removal_set_join(struct removal_set *set, struct err *err)
{
	struct removal_version *joined;
	size_t i, n = 0, kept = 0;

	if (set->count == 0)
		return 0;
	joined = calloc(set->version_count + 1, sizeof *joined);
	if (joined == NULL)
		return err_memory(err);
	qsort(set->targets, set->count, sizeof *set->targets, by_object);
	for (i = 0; i < set->count; i++) {
		struct removal_target *t = &set->targets[i];
		struct removal_target *last = kept == 0 ? NULL :
		    &set->targets[kept - 1];

		if (t->count > 0)
			memcpy(joined + n, set->versions + t->first,
			    t->count * sizeof *joined);
		t->first = n;
		n += t->count;
		if (last != NULL && strcmp(last->object, t->object) == 0) {
			last->count += t->count;
			free(t->object);
		} else {
			set->targets[kept++] = *t;
		}
	}
	set->count = kept;
	free(set->versions);
	set->versions = joined;
	set->version_room = set->version_count;
	return 0;
}

struct removal_item *
removal_set_item(struct removal_result *out, struct err *err)
{
	struct removal_item *item = array_grow(out->items, out->count,
	    &out->room, sizeof *item);

	if (item == NULL) {
		err_memory(err);
		return NULL;
	}
	out->items = item;
	item = &out->items[out->count++];
	memset(item, 0, sizeof *item);
	return item;
}

void
removal_set_clear(struct removal_set *set)
{
	size_t i;

	for (i = 0; i < set->count; i++) {
		free(set->targets[i].object);
		free(set->targets[i].etag);
		free(set->targets[i].err);
	}
	for (i = 0; i < set->version_count; i++)
		free(set->versions[i].id);
	free(set->targets);
	free(set->versions);
	memset(set, 0, sizeof *set);
}
