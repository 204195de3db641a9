#include "cache/survey.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/limits.h"
#include "cache/local.h"

void
survey_clear(struct survey *s)
{
	size_t i;

	for (i = 0; i < s->count; i++)
		free(s->entries[i].err);
	free(s->entries);
	free(s->leases);
	memset(s, 0, sizeof *s);
}

struct survey_entry *
survey_add(struct survey *s, struct err *err)
{
	struct survey_entry *more = array_grow(s->entries, s->count, &s->room,
	    sizeof *more);

	if (more == NULL) {
		err_memory(err);
		return NULL;
	}
	s->entries = more;
	memset(&s->entries[s->count], 0, sizeof *s->entries);
	return &s->entries[s->count++];
}

bool
survey_wants(const struct survey_request *rq, const struct key *key)
{
	size_t i;

	if (rq->account != NULL && strcmp(rq->account, key->account) != 0)
		return false;
	if (rq->month != NULL && month_compare(*rq->month, key->month) != 0)
		return false;
	for (i = 0; i < rq->type_count; i++)
		if (strcmp(rq->types[i], key->type) == 0)
			return true;
	return rq->type_count == 0;
}

struct walk {
	const struct survey_request *rq;
	struct survey *survey;
	struct local *local;
};

static int
visit(void *state, const struct key *key, int64_t size, int64_t modified,
    struct err *err)
{
	struct walk *w = state;
	struct survey_entry *entry;

	(void)modified;
	if (!survey_wants(w->rq, key))
		return 0;
	if ((entry = survey_add(w->survey, err)) == NULL)
		return -1;
	entry->key = *key;
	entry->local = true;
	entry->size = size;
	return 0;
}

/* As fetch would read it; false when it reads as absent. */
static bool
read_copy(struct walk *w, struct survey_entry *entry)
{
	struct session *s = w->rq->session;
	struct local_copy copy;
	const char *reason;
	struct err why = { 0 };
	int found;

	local_copy_init(&copy, LIMIT_OBJECT + LIMIT_METADATA);
	found = local_read(w->local, &entry->key, &copy, &reason, &why);
	if (found < 0 && (entry->err = malloc(sizeof why)) != NULL)
		*entry->err = why;
	if (found > 0) {
		entry->known = true;
		entry->metadata = copy.entry.metadata;
		entry->facts.timestamp = copy.entry.metadata.timestamp;
		entry->facts.last_modified = copy.facts.last_modified;
		entry->facts.ttl = copy.entry.metadata.ttl;
		entry->facts.final = copy.facts.final;
		entry->now = session_now(s) + copy.facts.skew;
		memcpy(entry->etag, copy.facts.etag, sizeof entry->etag);
	} else if (reason != NULL) {
		log_step(s->set.log, "the local copy of '%s' does not "
		    "count: %s", entry->key.type, reason);
	}
	local_copy_clear(&copy);
	return found != 0;
}

static int
take_local(const struct survey_request *rq, struct survey *s,
    struct err *err)
{
	struct walk w = { rq, s, session_local(rq->session) };
	size_t i, kept = 0;

	if (w.local == NULL)
		return 0;
	if (local_each(w.local, rq->account, rq->account == NULL ? NULL :
	    rq->month, visit, &w, err) != 0)
		return -1;
	for (i = 0; i < s->count; i++)
		if (read_copy(&w, &s->entries[i]))
			s->entries[kept++] = s->entries[i];
	s->count = kept;
	return 0;
}

static int
compare_keys(const struct key *a, const struct key *b)
{
	int order = month_compare(b->month, a->month);

	if (order == 0)
		order = strcmp(a->account, b->account);
	return order != 0 ? order : strcmp(a->type, b->type);
}

static int
compare_entries(const void *a, const void *b)
{
	const struct survey_entry *x = a, *y = b;
	int order = compare_keys(&x->key, &y->key);

	return order != 0 ? order : y->local - x->local;
}

static int
compare_leases(const void *a, const void *b)
{
	const struct survey_lease *x = a, *y = b;

	return compare_keys(&x->key, &y->key);
}

int
survey_take(const struct survey_request *rq, struct survey *out,
    struct err *err)
{
	int result = take_local(rq, out, err);

	if (result == 0 && rq->remote)
		result = survey_remote(rq, out, err);
	if (out->count > 0)
		qsort(out->entries, out->count, sizeof *out->entries,
		    compare_entries);
	if (out->lease_count > 0)
		qsort(out->leases, out->lease_count, sizeof *out->leases,
		    compare_leases);
	return result;
}
