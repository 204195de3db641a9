#include "codec/json.h"

#include <stdlib.h>
#include <string.h>

#include "base/num.h"

/*
 * Values are written from the last to the first: children stand behind their
 * parents, so a container finds its children's texts done and joins them.
 * No recursion, and no text lives longer than its parent needs it.
 */
struct work {
	const struct json *j;
	const char *const *sorted_arrays;
	struct buf *texts;	/* one a value, counted from the first */
	json_value base;
	struct child *children;	/* of the container at hand */
};

struct child {
	struct span name;	/* canonical text; empty in arrays */
	struct span text;
	json_value value;
};

/* RFC 8785 3.2.2.2. */
static void
put_string(struct span s, struct buf *out)
{
	static const char from[] = "\"\\\b\f\n\r\t", to[] = "\"\\bfnrt";
	size_t i;

	buf_add_char(out, '"');
	for (i = 0; i < s.n; i++) {
		char c = s.p[i];
		const char *at = c == '\0' ? NULL : strchr(from, c);

		if (at != NULL)
			buf_addf(out, "\\%c", to[at - from]);
		else if ((unsigned char)c < 0x20)
			buf_addf(out, "\\u%04x", (unsigned)c);
		else
			buf_add_char(out, c);
	}
	buf_add_char(out, '"');
}

static int
by_text(const void *a, const void *b)
{
	const struct child *x = a, *y = b;

	return span_compare(x->text, y->text);
}

/* Equal names stay in the document's order. */
static int
by_name(const void *a, const void *b)
{
	const struct child *x = a, *y = b;
	int c = span_compare(x->name, y->name);

	if (c != 0)
		return c;
	return x->value < y->value ? -1 : x->value > y->value;
}

static bool
sorted(const struct work *w, json_value v)
{
	const char *const *name = w->sorted_arrays;
	struct span raw = json_name(w->j, v);

	if (name == NULL || raw.p == NULL)
		return false;
	for (; *name != NULL; name++)
		if (json_string_is(w->j, v - 1, *name))
			return true;
	return false;
}

static struct buf *
text_of(const struct work *w, json_value v)
{
	return &w->texts[v - w->base];
}

static void
join(struct work *w, json_value v, struct buf *out)
{
	bool object = json_type(w->j, v) == JSON_OBJECT, fresh = true;
	json_value child;
	size_t i, n = 0;

	for (child = json_first(w->j, v); child != JSON_NONE;
	    child = json_next(w->j, child)) {
		struct child *c = &w->children[n++];

		c->value = child;
		c->text = buf_view(text_of(w, child));
		c->name = object ? buf_view(text_of(w, child - 1)) :
		    span_make(NULL, 0);
	}
	if (object)
		qsort(w->children, n, sizeof *w->children, by_name);
	else if (sorted(w, v))
		qsort(w->children, n, sizeof *w->children, by_text);
	buf_add_char(out, object ? '{' : '[');
	for (i = 0; i < n; i++) {
		struct child *c = &w->children[i];

		if (object && i + 1 < n && span_equal(c->name, c[1].name))
			continue;
		if (!fresh)
			buf_add_char(out, ',');
		fresh = false;
		if (object) {
			put_string(c->name, out);
			buf_add_char(out, ':');
		}
		buf_add_span(out, c->text);
	}
	buf_add_char(out, object ? '}' : ']');
	for (i = 0; i < n; i++) {
		buf_clear(text_of(w, w->children[i].value));
		if (object)
			buf_clear(text_of(w, w->children[i].value - 1));
	}
}

/* A member's name: the token before its value. */
static bool
is_name(const struct json *j, json_value v)
{
	return json_name(j, v + 1).p != NULL;
}

/* Names stay unescaped until join has sorted them. */
static int
write_value(struct work *w, json_value v, struct err *err)
{
	struct buf *out = text_of(w, v), plain;
	int status = 0;

	switch (json_type(w->j, v)) {
	case JSON_OBJECT:
	case JSON_ARRAY:
		join(w, v, out);
		break;
	case JSON_STRING:
		if (is_name(w->j, v)) {
			(void)json_string(w->j, v, out);
			break;
		}
		buf_init(&plain, out->max);
		(void)json_string(w->j, v, &plain);
		put_string(buf_view(&plain), out);
		status = buf_check(&plain, "a JSON string", err);
		buf_clear(&plain);
		break;
	default:
		buf_add_span(out, json_raw(w->j, v));
		break;
	}
	if (status == 0)
		status = buf_check(out, "canonical JSON", err);
	return status;
}

/* How many tokens the value is made of. */
static size_t
token_count(const struct json *j, json_value v)
{
	struct span whole = json_raw(j, v);
	size_t n = 1;

	while (v + n < j->count &&
	    json_raw(j, v + (json_value)n).p < whole.p + whole.n)
		n++;
	return n;
}

int
json_canonical(const struct json *j, json_value v,
    const char *const *sorted_arrays, struct buf *out, struct err *err)
{
	struct work w = { j, sorted_arrays, NULL, v, NULL };
	size_t count = token_count(j, v), i, size;
	int status = -1;

	if (json_type(j, v) == JSON_ABSENT)
		return err_set(err, ERR_INTERNAL, "no JSON value to write");
	if (!num_multiply_size(count, sizeof *w.children, &size) ||
	    (w.texts = calloc(count, sizeof *w.texts)) == NULL ||
	    (w.children = malloc(size)) == NULL) {
		err_memory(err);
		goto out;
	}
	for (i = 0; i < count; i++)
		buf_init(&w.texts[i], out->max);
	for (i = count; i-- > 0;)
		if (write_value(&w, v + (json_value)i, err) != 0)
			goto out;
	buf_add_span(out, buf_view(&w.texts[0]));
	status = buf_check(out, "canonical JSON", err);
out:
	for (i = 0; w.texts != NULL && i < count; i++)
		buf_clear(&w.texts[i]);
	free(w.texts);
	free(w.children);
	return status;
}
