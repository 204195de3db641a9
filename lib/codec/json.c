#include "codec/json.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

/*
 * Not JSMN_STRICT: it refuses a number or literal as the whole text, which
 * RFC 8259 allows, and json_check has been stricter already.
 */
#define JSMN_STATIC
#define JSMN_PARENT_LINKS
#include <jsmn.h>

#include "base/limits.h"
#include "base/num.h"

static const jsmntok_t *
token(const struct json *j, json_value v)
{
	const jsmntok_t *tokens = j->tokens;

	return v < j->count ? &tokens[v] : NULL;
}

/* jsmn gives a string without quotes one "child", its value, for a name. */
static bool
names(const jsmntok_t *t)
{
	return t->type == JSMN_STRING && t->size == 1;
}

/*
 * From here on a value's parent link holds its next sibling instead: nobody
 * asks for parents, and walks become constant time a step.
 */
static void
link_siblings(struct json *j)
{
	jsmntok_t *tokens = j->tokens;
	int open_end[LIMIT_JSON_DEPTH + 1];
	jsmntok_t *previous[LIMIT_JSON_DEPTH + 1];
	size_t depth = 0;
	unsigned i;

	previous[0] = NULL;
	for (i = 0; i < j->count; i++) {
		jsmntok_t *t = &tokens[i];

		if (names(t))
			continue;
		while (depth > 0 && open_end[depth] <= t->start)
			depth--;
		if (previous[depth] != NULL)
			previous[depth]->parent = (int)i;
		previous[depth] = t;
		t->parent = -1;
		if (t->type == JSMN_OBJECT || t->type == JSMN_ARRAY) {
			open_end[++depth] = t->end;
			previous[depth] = NULL;
		}
	}
}

/*
 * Unescaping, a piece at a time: a run without escapes as it stands, or one
 * escape as UTF-8 in spare. The text is checked: no bounds can be passed.
 */
static uint32_t
hex4(const char *p)
{
	uint32_t v = 0;
	int i;

	for (i = 0; i < 4; i++) {
		unsigned char c = (unsigned char)p[i];

		v = v << 4 | (uint32_t)(c <= '9' ? c - '0' :
		    (c | 0x20) - 'a' + 10);
	}
	return v;
}

static size_t
put_utf8(uint32_t c, char to[4])
{
	size_t n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
	static const unsigned char lead[5] = { 0, 0, 0xc0, 0xe0, 0xf0 };
	size_t i;

	for (i = n - 1; i > 0; i--) {
		to[i] = (char)(0x80 | (c & 0x3f));
		c >>= 6;
	}
	to[0] = (char)(lead[n] | c);
	return n;
}

/* p is at \uXXXX. Returns how many bytes of text it took. */
static size_t
unescape_unicode(struct span s, uint32_t *c)
{
	uint32_t low;

	*c = hex4(s.p + 2);
	if (*c < 0xd800 || *c > 0xdfff)
		return 6;
	if (*c <= 0xdbff && s.n >= 12 && s.p[6] == '\\' && s.p[7] == 'u') {
		low = hex4(s.p + 8);
		if (low >= 0xdc00 && low <= 0xdfff) {
			*c = 0x10000 + ((*c - 0xd800) << 10) + (low - 0xdc00);
			return 12;
		}
	}
	*c = 0xfffd;
	return 6;
}

static bool
next_piece(struct span *rest, char spare[4], struct span *piece)
{
	static const char from[] = "bfnrt", to[] = "\b\f\n\r\t";
	const char *at;
	uint32_t c;
	size_t n = 2;

	if (rest->n == 0)
		return false;
	if (rest->p[0] != '\\') {
		at = memchr(rest->p, '\\', rest->n);
		n = at == NULL ? rest->n : (size_t)(at - rest->p);
		*piece = span_make(rest->p, n);
	} else if (rest->p[1] == 'u') {
		n = unescape_unicode(*rest, &c);
		*piece = span_make(spare, put_utf8(c, spare));
	} else {
		at = strchr(from, rest->p[1]);
		spare[0] = at == NULL ? rest->p[1] : to[at - from];
		*piece = span_make(spare, 1);
	}
	*rest = span_make(rest->p + n, rest->n - n);
	return true;
}

static void
unescape(struct span s, struct buf *out)
{
	struct span piece;
	char spare[4];

	while (next_piece(&s, spare, &piece))
		buf_add_span(out, piece);
}

static bool
unescaped_is(struct span s, struct span want)
{
	struct span piece;
	char spare[4];

	/* An escape is longer than what it stands for. */
	if (s.n < want.n || (s.n > 0 && s.p[0] != '\\' &&
	    (want.n == 0 || s.p[0] != want.p[0])))
		return false;
	while (next_piece(&s, spare, &piece)) {
		if (piece.n > want.n ||
		    memcmp(piece.p, want.p, piece.n) != 0)
			return false;
		want = span_make(want.p + piece.n, want.n - piece.n);
	}
	return want.n == 0;
}

static int
compare_names(const void *a, const void *b)
{
	const struct span *x = a, *y = b;

	return span_compare(*x, *y);
}

/* list has room for the members, plain for all names without escapes. */
static int
check_object(const struct json *j, json_value v, struct span *list,
    struct buf *plain, struct err *err)
{
	json_value child;
	size_t i, n = 0;

	buf_reset(plain);
	for (child = json_first(j, v); child != JSON_NONE;
	    child = json_next(j, child)) {
		struct span name = json_name(j, child);

		if (memchr(name.p, '\\', name.n) != NULL) {
			size_t start = plain->n;

			/* Reserved whole, so that it does not move. */
			if (buf_reserve(plain, j->text.n - start) == NULL)
				return err_memory(err);
			unescape(name, plain);
			name = span_make(plain->p + start, plain->n - start);
		}
		list[n++] = name;
	}
	qsort(list, n, sizeof *list, compare_names);
	for (i = 1; i < n; i++)
		if (span_equal(list[i - 1], list[i]))
			return err_set(err, ERR_DATA, "duplicate name '%.*s'",
			    (int)(list[i].n < LIMIT_QUOTE ? list[i].n :
			    LIMIT_QUOTE), list[i].n == 0 ? "" : list[i].p);
	return 0;
}

static int
check_unique(const struct json *j, struct err *err)
{
	struct span *list = NULL;
	struct buf plain;
	size_t most = 0, size;
	json_value v;
	int status = -1;

	buf_init(&plain, j->text.n);
	for (v = 0; v < j->count; v++)
		if (json_type(j, v) == JSON_OBJECT && json_count(j, v) > most)
			most = json_count(j, v);
	if (most < 2) {
		status = 0;
		goto out;
	}
	if (!num_multiply_size(most, sizeof *list, &size) ||
	    (list = malloc(size)) == NULL) {
		err_memory(err);
		goto out;
	}
	for (v = 0; v < j->count; v++)
		if (json_type(j, v) == JSON_OBJECT && json_count(j, v) > 1 &&
		    check_object(j, v, list, &plain, err) != 0)
			goto out;
	status = 0;
out:
	free(list);
	buf_clear(&plain);
	return status;
}

int
json_parse(struct json *j, struct span text, unsigned flags, struct err *err)
{
	jsmn_parser parser;
	size_t count, size;

	memset(j, 0, sizeof *j);
	if (text.n >= INT_MAX)
		return err_set(err, ERR_DATA, "2 GiB of JSON or more");
	if (json_check_count(text, &count, err) != 0)
		return -1;
	if (!num_multiply_size(count, sizeof(jsmntok_t), &size) ||
	    (j->tokens = malloc(size)) == NULL)
		return err_memory(err);
	j->text = text;
	j->count = (unsigned)count;
	jsmn_init(&parser);
	if (jsmn_parse(&parser, text.p, text.n, j->tokens, j->count) !=
	    (int)count) {
		json_clear(j);
		return err_set(err, ERR_INTERNAL,
		    "checked JSON could not be tokenized");
	}
	link_siblings(j);
	if ((flags & JSON_UNIQUE_KEYS) && check_unique(j, err) != 0) {
		json_clear(j);
		return -1;
	}
	return 0;
}

void
json_clear(struct json *j)
{
	free(j->tokens);
	memset(j, 0, sizeof *j);
}

enum json_type
json_type(const struct json *j, json_value v)
{
	const jsmntok_t *t = token(j, v);

	if (t == NULL)
		return JSON_ABSENT;
	switch (t->type) {
	case JSMN_OBJECT:
		return JSON_OBJECT;
	case JSMN_ARRAY:
		return JSON_ARRAY;
	case JSMN_STRING:
		return JSON_STRING;
	default:
		break;
	}
	switch (j->text.p[t->start]) {
	case 't':
		return JSON_TRUE;
	case 'f':
		return JSON_FALSE;
	case 'n':
		return JSON_NULL;
	default:
		return JSON_NUMBER;
	}
}

json_value
json_member(const struct json *j, json_value v, const char *name)
{
	struct span want = span_of(name);
	json_value child, found = JSON_NONE;

	if (json_type(j, v) != JSON_OBJECT)
		return JSON_NONE;
	for (child = json_first(j, v); child != JSON_NONE;
	    child = json_next(j, child))
		if (unescaped_is(json_name(j, child), want))
			found = child;
	return found;
}

json_value
json_first(const struct json *j, json_value v)
{
	const jsmntok_t *t = token(j, v);

	if (t == NULL || t->size == 0)
		return JSON_NONE;
	if (t->type == JSMN_OBJECT)
		return v + 2;
	return t->type == JSMN_ARRAY ? v + 1 : JSON_NONE;
}

json_value
json_next(const struct json *j, json_value v)
{
	const jsmntok_t *t = token(j, v);

	return t == NULL || t->parent < 0 ? JSON_NONE :
	    (json_value)t->parent;
}

static struct span
inside(const struct json *j, const jsmntok_t *t)
{
	return span_make(j->text.p + t->start, (size_t)(t->end - t->start));
}

struct span
json_name(const struct json *j, json_value v)
{
	const jsmntok_t *t = v == 0 || v == JSON_NONE ? NULL : token(j, v - 1);

	return t == NULL || !names(t) ? span_make(NULL, 0) : inside(j, t);
}

size_t
json_count(const struct json *j, json_value v)
{
	const jsmntok_t *t = token(j, v);

	return t == NULL || names(t) ? 0 : (size_t)t->size;
}

struct span
json_raw(const struct json *j, json_value v)
{
	const jsmntok_t *t = token(j, v);
	struct span s;

	if (t == NULL)
		return span_make(NULL, 0);
	s = inside(j, t);
	return t->type == JSMN_STRING ? span_make(s.p - 1, s.n + 2) : s;
}

struct span
json_inside(const struct json *j, json_value v)
{
	const jsmntok_t *t = token(j, v);

	return t == NULL || t->type != JSMN_STRING ? span_make(NULL, 0) :
	    inside(j, t);
}

bool
json_string(const struct json *j, json_value v, struct buf *out)
{
	if (json_type(j, v) != JSON_STRING)
		return false;
	unescape(json_inside(j, v), out);
	return true;
}

bool
json_string_copy(const struct json *j, json_value v, char *to, size_t room)
{
	struct span rest = json_inside(j, v), piece;
	char spare[4];
	size_t n = 0;

	if (room == 0 || json_type(j, v) != JSON_STRING)
		return false;
	while (next_piece(&rest, spare, &piece)) {
		if (piece.n >= room - n ||
		    memchr(piece.p, '\0', piece.n) != NULL)
			return false;
		memcpy(to + n, piece.p, piece.n);
		n += piece.n;
	}
	to[n] = '\0';
	return true;
}

bool
json_string_is(const struct json *j, json_value v, const char *s)
{
	return json_type(j, v) == JSON_STRING &&
	    unescaped_is(json_inside(j, v), span_of(s));
}

bool
json_inside_is(struct span inside, const char *s)
{
	return unescaped_is(inside, span_of(s));
}

bool
json_integer(const struct json *j, json_value v, int64_t min, int64_t max,
    int64_t *out)
{
	return json_type(j, v) == JSON_NUMBER &&
	    num_parse_signed(json_raw(j, v), min, max, out);
}
