#include "aws/ce_pages.h"

#include <stdint.h>
#include <stdlib.h>

#include "aws/ce_index.h"
#include "codec/json.h"

/* One period on one page, and where it goes on. */
struct piece {
	const struct json *page;
	json_value v;
	size_t next;		/* in pieces; 0: the end (the first piece is
				   nobody's continuation) */
};

struct period {
	size_t first;
	size_t last;
};

struct merger {
	const struct ce_pages_shape *shape;
	struct json *pages;
	size_t count;
	struct buf *out;
	bool started;		/* a member or element stands already */
};

static void *
room_for(size_t count, size_t size, struct err *err)
{
	void *p = calloc(count > 0 ? count : 1, size);

	if (p == NULL)
		err_memory(err);
	return p;
}

/* Comma before all but the first; then the member's name, if any. */
static void
begin(struct merger *m, const char *name)
{
	if (m->started)
		buf_add_char(m->out, ',');
	m->started = true;
	if (name != NULL)
		buf_addf(m->out, "\"%s\":", name);
}

static void
open_group(struct merger *m, char c)
{
	buf_add_char(m->out, c);
	m->started = false;
}

static void
close_group(struct merger *m, char c)
{
	buf_add_char(m->out, c);
	m->started = true;
}

static void
put_raw_member(struct merger *m, const struct json *page, json_value v)
{
	begin(m, NULL);
	buf_add_char(m->out, '"');
	buf_add_span(m->out, json_name(page, v));
	buf_add_string(m->out, "\":");
	buf_add_span(m->out, json_raw(page, v));
}

/* How many elements the member has on all pages; ERR_DATA when it is
 * something else than an array there. */
static int
count_elements(const struct merger *m, const char *name, size_t *count,
    struct err *err)
{
	size_t i;

	*count = 0;
	for (i = 0; i < m->count; i++) {
		json_value v = json_member(&m->pages[i], 0, name);

		if (v != JSON_NONE && json_type(&m->pages[i], v) != JSON_ARRAY)
			return err_set(err, ERR_DATA,
			    "page %zu: '%s' is not an array", i + 1, name);
		*count += json_count(&m->pages[i], v);
	}
	return 0;
}

static int
period_key(const struct json *page, json_value v, struct ce_key *key,
    struct err *err)
{
	json_value time = json_member(page, v, "TimePeriod");
	json_value groups = json_member(page, v, "Groups");
	json_value start = json_member(page, time, "Start");
	json_value end = json_member(page, time, "End");

	if (json_type(page, start) != JSON_STRING ||
	    json_type(page, end) != JSON_STRING)
		return err_set(err, ERR_DATA, "a period has no TimePeriod "
		    "with Start and End");
	if (groups != JSON_NONE && json_type(page, groups) != JSON_ARRAY)
		return err_set(err, ERR_DATA, "a period's Groups are not an "
		    "array");
	key->a = json_inside(page, start);
	key->b = json_inside(page, end);
	return 0;
}

/* The member on the first of a period's pieces that has it; with full, that
 * has something in it. */
static json_value
find_member(const struct piece *pieces, size_t at, const char *name,
    bool full, const struct json **page)
{
	json_value v, found = JSON_NONE;

	do {
		const struct json *j = pieces[at].page;

		v = json_member(j, pieces[at].v, name);
		if (v != JSON_NONE && (found == JSON_NONE ||
		    (full && json_count(j, v) > 0))) {
			found = v;
			*page = j;
			if (!full || json_count(j, v) > 0)
				break;
		}
		at = pieces[at].next;
	} while (at != 0);
	return found;
}

static void
put_groups(struct merger *m, const struct piece *pieces, size_t at)
{
	open_group(m, '[');
	do {
		const struct json *j = pieces[at].page;
		json_value groups = json_member(j, pieces[at].v, "Groups");
		json_value v = json_first(j, groups);

		for (; v != JSON_NONE; v = json_next(j, v)) {
			begin(m, NULL);
			buf_add_span(m->out, json_raw(j, v));
		}
		at = pieces[at].next;
	} while (at != 0);
	close_group(m, ']');
}

static bool
is_estimated(const struct piece *pieces, size_t at)
{
	do {
		const struct json *j = pieces[at].page;

		if (json_type(j, json_member(j, pieces[at].v, "Estimated")) ==
		    JSON_TRUE)
			return true;
		at = pieces[at].next;
	} while (at != 0);
	return false;
}

/* A period that several pages have a piece of. */
static void
put_period(struct merger *m, const struct piece *pieces, size_t first)
{
	static const char *const merged[] = { "Total", "Groups", "Estimated" };
	const struct json *j = pieces[first].page, *page = j;
	json_value v;
	size_t i;

	open_group(m, '{');
	for (v = json_first(j, pieces[first].v); v != JSON_NONE;
	    v = json_next(j, v)) {
		struct span name = json_name(j, v);

		if (!span_is(name, merged[0]) && !span_is(name, merged[1]) &&
		    !span_is(name, merged[2]))
			put_raw_member(m, j, v);
	}
	for (i = 0; i < sizeof merged / sizeof merged[0]; i++) {
		v = find_member(pieces, first, merged[i], i == 0, &page);
		if (v == JSON_NONE)
			continue;
		begin(m, merged[i]);
		if (i == 0)
			buf_add_span(m->out, json_raw(page, v));
		else if (i == 1)
			put_groups(m, pieces, first);
		else
			buf_add_string(m->out, is_estimated(pieces, first) ?
			    "true" : "false");
	}
	close_group(m, '}');
}

/* All pieces of all periods, linked; *used is the number of periods. */
static int
collect(const struct merger *m, struct ce_index *index, struct piece *pieces,
    struct period *periods, struct err *err)
{
	size_t i, n = 0, at;
	bool fresh;

	for (i = 0; i < m->count; i++) {
		const struct json *j = &m->pages[i];
		json_value v;

		v = json_first(j, json_member(j, 0, m->shape->periods));
		for (; v != JSON_NONE; v = json_next(j, v), n++) {
			struct ce_key key = { 0 };

			if (period_key(j, v, &key, err) != 0) {
				err_context(err, "page %zu", i + 1);
				return -1;
			}
			pieces[n].page = j;
			pieces[n].v = v;
			at = ce_index_put(index, key, &fresh);
			if (fresh)
				periods[at].first = n;
			else
				pieces[periods[at].last].next = n;
			periods[at].last = n;
		}
	}
	return 0;
}

static int
put_periods(struct merger *m, struct err *err)
{
	struct ce_index index = { 0 };
	struct piece *pieces = NULL;
	struct period *periods = NULL;
	size_t i, most;
	int result = -1;

	if (count_elements(m, m->shape->periods, &most, err) != 0 ||
	    ce_index_init(&index, most, err) != 0 ||
	    (pieces = room_for(most, sizeof *pieces, err)) == NULL ||
	    (periods = room_for(most, sizeof *periods, err)) == NULL ||
	    collect(m, &index, pieces, periods, err) != 0)
		goto out;
	begin(m, m->shape->periods);
	open_group(m, '[');
	for (i = 0; i < index.count; i++) {
		const struct piece *first = &pieces[periods[i].first];

		begin(m, NULL);
		if (first->next == 0)
			buf_add_span(m->out, json_raw(first->page, first->v));
		else
			put_period(m, pieces, periods[i].first);
	}
	close_group(m, ']');
	result = 0;
out:
	ce_index_clear(&index);
	free(pieces);
	free(periods);
	return result;
}

static struct ce_key
value_key(const struct json *page, json_value v)
{
	json_value value = json_member(page, v, "Value");
	struct ce_key key = { json_raw(page, value == JSON_NONE ? v : value),
	    { NULL, 0 } };

	return key;
}

/* An array that goes on from page to page; unique leaves out an element whose
 * Value was there before. */
static int
put_list(struct merger *m, const char *name, bool unique, struct err *err)
{
	struct ce_index index = { 0 };
	size_t i, most;
	int result = -1;

	if (count_elements(m, name, &most, err) != 0 ||
	    ce_index_init(&index, unique ? most : 0, err) != 0)
		goto out;
	begin(m, name);
	open_group(m, '[');
	for (i = 0; i < m->count; i++) {
		const struct json *j = &m->pages[i];
		json_value v = json_first(j, json_member(j, 0, name));

		for (; v != JSON_NONE; v = json_next(j, v)) {
			bool fresh = true;

			if (unique)
				ce_index_put(&index, value_key(j, v), &fresh);
			if (!fresh)
				continue;
			begin(m, NULL);
			buf_add_span(m->out, json_raw(j, v));
		}
	}
	close_group(m, ']');
	result = 0;
out:
	ce_index_clear(&index);
	return result;
}

static void
put_size(struct merger *m)
{
	int64_t sum = 0, n;
	size_t i;

	for (i = 0; i < m->count; i++) {
		const struct json *j = &m->pages[i];

		if (json_integer(j, json_member(j, 0, m->shape->size), 0,
		    INT32_MAX, &n))
			sum += n;
	}
	begin(m, m->shape->size);
	buf_addf(m->out, "%lld", (long long)sum);
}

static bool
any_page_has(const struct merger *m, const char *name)
{
	size_t i;

	for (i = 0; name != NULL && i < m->count; i++) {
		if (json_member(&m->pages[i], 0, name) != JSON_NONE)
			return true;
	}
	return false;
}

static bool
is_name(struct span name, const char *of)
{
	return of != NULL && span_is(name, of);
}

static int
put_all(struct merger *m, struct err *err)
{
	const struct ce_pages_shape *shape = m->shape;
	const struct json *j = &m->pages[0];
	json_value v;

	open_group(m, '{');
	for (v = json_first(j, 0); v != JSON_NONE; v = json_next(j, v)) {
		struct span name = json_name(j, v);

		if (!is_name(name, shape->token) &&
		    !is_name(name, shape->periods) &&
		    !is_name(name, shape->list) &&
		    !is_name(name, shape->more) &&
		    !is_name(name, shape->unique) &&
		    !is_name(name, shape->size))
			put_raw_member(m, j, v);
	}
	if ((any_page_has(m, shape->periods) && put_periods(m, err) != 0) ||
	    (any_page_has(m, shape->list) &&
	    put_list(m, shape->list, false, err) != 0) ||
	    (any_page_has(m, shape->more) &&
	    put_list(m, shape->more, false, err) != 0) ||
	    (any_page_has(m, shape->unique) &&
	    put_list(m, shape->unique, true, err) != 0))
		return -1;
	if (any_page_has(m, shape->size))
		put_size(m);
	close_group(m, '}');
	return buf_check(m->out, "the answer", err);
}

int
ce_pages_merge(const struct ce_pages_shape *shape, const struct span *pages,
    size_t count, struct buf *out, struct err *err)
{
	struct merger m = { .shape = shape, .out = out };
	int result = -1;

	if ((m.pages = room_for(count, sizeof *m.pages, err)) == NULL)
		return -1;
	for (; m.count < count; m.count++) {
		struct json *page = &m.pages[m.count];

		if (json_parse(page, pages[m.count], 0, err) != 0) {
			err_context(err, "page %zu", m.count + 1);
			goto out;
		}
		if (json_type(page, 0) != JSON_OBJECT) {
			err_set(err, ERR_DATA, "page %zu is not a JSON object",
			    m.count + 1);
			json_clear(page);
			goto out;
		}
	}
	if (count > 0)
		result = put_all(&m, err);
	else
		err_set(err, ERR_DATA, "there is no page");
out:
	while (m.count > 0)
		json_clear(&m.pages[--m.count]);
	free(m.pages);
	return result;
}
