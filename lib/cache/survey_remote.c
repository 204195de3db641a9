#include "cache/survey.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/limits.h"
#include "cache/crew.h"
#include "cache/remote_list.h"
#include "codec/gzip.h"

/* The metadata is the envelope's front and well below 1 KiB; a long job URL
 * and profile name fit too. */
#define FRONT ((size_t)4 * LIMIT_KIB)

struct work {
	const struct survey_request *rq;
	struct survey *survey;
	size_t local_count;	/* entries in front that are copies here */
	size_t *todo;		/* entries that have to be looked at */
	size_t todo_count;
};

static size_t
copy_of(const struct work *w, const struct key *key, struct span etag)
{
	const struct survey_entry *e = w->survey->entries;
	size_t i;

	for (i = 0; i < w->local_count; i++)
		if (e[i].known && span_is(etag, e[i].etag) &&
		    key_equal(&e[i].key, key))
			break;
	return i;
}

static int
add_object(void *state, const struct s3_listed *object, struct err *err)
{
	struct work *w = state;
	struct session *s = w->rq->session;
	struct survey_entry *entry;
	struct key key = { 0 };
	size_t copy;

	if (!key_from_object(buf_string(&s->prefix), object->key, &key) ||
	    !survey_wants(w->rq, &key))
		return 0;
	if ((copy = copy_of(w, &key, object->etag)) < w->local_count) {
		entry = &w->survey->entries[copy];
		entry->now = session_server_now(s);
	} else if ((entry = survey_add(w->survey, err)) == NULL) {
		return -1;
	}
	entry->key = key;
	entry->remote = true;
	entry->size = object->size;
	entry->facts.last_modified = object->last_modified;
	if (object->etag.n < sizeof entry->etag && object->etag.n > 0)
		memcpy(entry->etag, object->etag.p, object->etag.n);
	return 0;
}

/* What the metadata alone says of what entry_final wants to know. */
static bool
seems_final(const struct entry_metadata *m)
{
	struct entry_coverage coverage = { .known = true,
		.contiguous = true, .estimated = m->estimated != 0 };
	struct month month;
	struct date last;

	if (!month_parse(span_of(m->period), &month) ||
	    !date_parse_day(span_of(m->data_through), &last))
		return false;
	coverage.start = month_first(month);
	coverage.end = date_of(date_start(last) + 86400);
	return entry_final(m, &coverage);
}

static int
keep_front(void *state, const char *p, size_t n, struct err *err)
{
	struct buf *front = state;
	size_t room = front->max - front->n;

	(void)err;
	buf_add(front, p, n < room ? n : room);
	return 0;
}

/* The object's first bytes, as far as they can be unpacked. */
static void
read_front(struct survey_entry *entry, struct s3 *s3)
{
	const struct s3_answer *answer = s3_answer(s3);
	struct span body = buf_view(&answer->response->body);
	struct err ignored = { 0 };
	struct buf front;

	buf_init(&front, LIMIT_METADATA);
	if (!gzip_magic(body)) {
		entry->why = "not written by teamcache";
		goto out;
	}
	(void)gzip_expand(body, LIMIT_OBJECT, keep_front, &front, &ignored);
	switch (entry_front(buf_view(&front), &entry->metadata,
	    &entry->why)) {
	case ENTRY_SOUND:
		entry->known = entry_matches(&entry->metadata, &entry->key);
		entry->why = entry->known ? NULL :
		    "it names another account, type or period";
		break;
	case ENTRY_NOT_OURS:
	case ENTRY_UNKNOWN_SCHEMA:
	case ENTRY_BROKEN:
	case ENTRY_NO_MEMORY:
		break;
	}
	entry->facts.timestamp = entry->metadata.timestamp;
	entry->facts.ttl = entry->metadata.ttl;
	entry->facts.final = entry->known && seems_final(&entry->metadata);
out:
	buf_clear(&front);
}

static int
lose(struct survey_entry *entry, const struct err *why, struct err *err)
{
	/* With another reason, the next one would fare no better. */
	if (why->class != ERR_DENIED && why->class != ERR_DATA) {
		*err = *why;
		return -1;
	}
	if ((entry->err = malloc(sizeof *why)) == NULL)
		return err_memory(err);
	*entry->err = *why;
	return 0;
}

static int
look_at(void *state, struct s3 *s3, size_t i, struct err *err)
{
	struct work *w = state;
	struct session *s = w->rq->session;
	struct survey_entry *entry = &w->survey->entries[w->todo[i]];
	struct err why = { 0 };
	struct buf object;
	int result = 0;

	buf_init(&object, LIMIT_KEY);
	key_object(buf_string(&s->prefix), &entry->key, &object);
	if (buf_check(&object, "key", err) != 0) {
		buf_clear(&object);
		return -1;
	}
	switch (s3_front(s3, buf_string(&object), FRONT, &why)) {
	case S3_OK:
		entry->now = s3_answer(s3)->date >= 0 ? s3_answer(s3)->date :
		    session_now(s);
		read_front(entry, s3);
		break;
	case S3_ABSENT:
		entry->why = "deleted a moment ago";
		break;
	default:
		if (why.class == ERR_NONE)
			err_set(&why, ERR_NETWORK, "S3 gave no reason");
		result = lose(entry, &why, err);
		break;
	}
	buf_clear(&object);
	return result;
}

static int
look(struct work *w, struct err *err)
{
	struct survey *s = w->survey;
	struct crew *crew;
	size_t i;
	int result;

	w->todo = calloc(s->count + 1, sizeof *w->todo);
	crew = crew_new(w->rq->session, w->rq->jobs, w->rq->timeout_ms);
	if (w->todo == NULL || crew == NULL) {
		crew_free(crew);
		free(w->todo);
		return err_memory(err);
	}
	for (i = w->local_count; i < s->count; i++)
		if (s->entries[i].size > 0)
			w->todo[w->todo_count++] = i;
		else
			s->entries[i].why = "it is empty";
	result = crew_run(crew, w->todo_count, look_at, w, err);
	crew_free(crew);
	free(w->todo);
	return result;
}

static int
add_lease(void *state, const struct s3_listed *object, struct err *err)
{
	struct work *w = state;
	struct survey *s = w->survey;
	struct survey_request wanted = *w->rq;
	struct survey_lease *more;
	struct key key = { 0 };

	/* A purchase bears the name of one of the types that it fills. */
	wanted.type_count = 0;
	if (!key_from_lease(buf_string(&w->rq->session->prefix), object->key,
	    &key) || !survey_wants(&wanted, &key))
		return 0;
	more = array_grow(s->leases, s->lease_count, &s->lease_room,
	    sizeof *more);
	if (more == NULL)
		return err_memory(err);
	s->leases = more;
	memset(&s->leases[s->lease_count], 0, sizeof *more);
	s->leases[s->lease_count].key = key;
	s->leases[s->lease_count++].renewed = object->last_modified;
	return 0;
}

static void
read_lease(struct survey_lease *lease, const struct s3_answer *answer)
{
	struct err ignored = { 0 };
	struct lease_body body;

	if (answer->last_modified >= 0)
		lease->renewed = answer->last_modified;
	if (answer->date > lease->renewed)
		lease->age = answer->date - lease->renewed;
	if (lease_body_read(buf_view(&answer->response->body), &body,
	    &ignored))
		lease->length = body.length;
	memcpy(lease->holder, body.holder, sizeof lease->holder);
}

/* One that is gone by now is taken out. */
static int
look_at_leases(struct work *w, struct err *err)
{
	struct session *session = w->rq->session;
	struct survey *s = w->survey;
	size_t i, kept = 0;
	struct buf object;
	int result = 0;

	buf_init(&object, LIMIT_KEY);
	for (i = 0; i < s->lease_count && result == 0; i++) {
		struct survey_lease *lease = &s->leases[i];

		lease->length = -1;
		buf_reset(&object);
		key_lease(buf_string(&session->prefix), &lease->key,
		    lease->key.type, &object);
		session_deadline(session, w->rq->timeout_ms);
		switch (s3_get(session->s3, buf_string(&object), NULL,
		    LEASE_BODY_MAX, err)) {
		case S3_OK:
			read_lease(lease, s3_answer(session->s3));
			s->leases[kept++] = *lease;
			break;
		case S3_ABSENT:
			break;
		default:
			result = -1;
			break;
		}
	}
	s->lease_count = kept;
	buf_clear(&object);
	return result;
}

static int
find_leases(struct work *w, struct err *err)
{
	struct session *s = w->rq->session;
	struct buf folder;
	int result;

	buf_init(&folder, LIMIT_KEY);
	key_lease_folder(buf_string(&s->prefix), w->rq->account,
	    w->rq->month, &folder);
	result = buf_check(&folder, "key", err);
	if (result == 0)
		result = remote_list(s, buf_string(&folder),
		    w->rq->timeout_ms, add_lease, w, err);
	buf_clear(&folder);
	return result == 0 ? look_at_leases(w, err) : -1;
}

int
survey_remote(const struct survey_request *rq, struct survey *s,
    struct err *err)
{
	struct work w = { .rq = rq, .survey = s, .local_count = s->count };
	struct buf folder;
	int result;

	buf_init(&folder, LIMIT_KEY);
	key_folder(buf_string(&rq->session->prefix), rq->account, rq->month,
	    &folder);
	result = buf_check(&folder, "key", err);
	if (result == 0)
		result = remote_list(rq->session, buf_string(&folder),
		    rq->timeout_ms, add_object, &w, err);
	buf_clear(&folder);
	if (result == 0)
		result = look(&w, err);
	return result == 0 ? find_leases(&w, err) : -1;
}
