/*
 * The check agrees with a second one, written from RFC 8259's grammar, and
 * with the parser; what was read, written again, reads as the same.
 */
#include "fuzz.h"

#include <stdbool.h>

#include "base/limits.h"
#include "codec/json.h"

/* What is left of the text. */
struct grammar {
	const char *at, *end;
	unsigned depth;
};

static bool grammar_value(struct grammar *g);

static bool
take(struct grammar *g, char c)
{
	if (g->at == g->end || *g->at != c)
		return false;
	g->at++;
	return true;
}

static void
blanks(struct grammar *g)
{
	while (g->at < g->end && memchr(" \t\n\r", *g->at, 4) != NULL)
		g->at++;
}

static bool
digits(struct grammar *g)
{
	const char *start = g->at;

	while (g->at < g->end && *g->at >= '0' && *g->at <= '9')
		g->at++;
	return g->at > start;
}

/* number = [ minus ] int [ frac ] [ exp ] */
static bool
grammar_number(struct grammar *g)
{
	(void)take(g, '-');
	if (!take(g, '0') && !digits(g))
		return false;
	if (take(g, '.') && !digits(g))
		return false;
	if (take(g, 'e') || take(g, 'E')) {
		if (!take(g, '+'))
			(void)take(g, '-');
		return digits(g);
	}
	return true;
}

static bool
hex4(struct grammar *g)
{
	int i;

	for (i = 0; i < 4; i++, g->at++)
		if (g->at == g->end || *g->at == '\0' ||
		    strchr("0123456789abcdefABCDEF", *g->at) == NULL)
			return false;
	return true;
}

/* string = quotation-mark *char quotation-mark */
static bool
grammar_string(struct grammar *g)
{
	if (!take(g, '"'))
		return false;
	while (g->at < g->end) {
		unsigned char c = (unsigned char)*g->at++;

		if (c == '"')
			return true;
		if (c < 0x20)
			return false;
		if (c != '\\')
			continue;
		if (take(g, 'u')) {
			if (!hex4(g))
				return false;
			continue;
		}
		if (g->at == g->end || memchr("\"\\/bfnrt", *g->at, 8) == NULL)
			return false;
		g->at++;
	}
	return false;
}

/* object = begin-object [ member *( value-separator member ) ] end-object */
static bool
grammar_list(struct grammar *g, bool object, char end)
{
	bool sound;

	if (++g->depth > LIMIT_JSON_DEPTH)
		return false;
	blanks(g);
	if (take(g, end)) {
		g->depth--;
		return true;
	}
	do {
		blanks(g);
		if (object) {
			if (!grammar_string(g))
				return false;
			blanks(g);
			if (!take(g, ':'))
				return false;
		}
		if (!grammar_value(g))
			return false;
	} while (take(g, ','));
	sound = take(g, end);
	g->depth--;
	return sound;
}

static bool
grammar_value(struct grammar *g)
{
	static const char *const words[] = { "true", "false", "null" };
	bool sound = false;
	size_t i;

	blanks(g);
	if (g->at == g->end)
		return false;
	for (i = 0; i < 3 && !sound; i++)
		if (span_starts(span_make(g->at, (size_t)(g->end - g->at)),
		    words[i])) {
			g->at += strlen(words[i]);
			sound = true;
		}
	if (sound)
		;
	else if (*g->at == '"')
		sound = grammar_string(g);
	else if (take(g, '{'))
		sound = grammar_list(g, true, '}');
	else if (take(g, '['))
		sound = grammar_list(g, false, ']');
	else
		sound = grammar_number(g);
	blanks(g);
	return sound;
}

static bool
grammar_text(struct span text)
{
	struct grammar g = { text.p, text.p + text.n, 0 };

	return span_utf8(text) && grammar_value(&g) && g.at == g.end;
}

static void write_value(const struct json *j, json_value v,
    struct json_writer *w);

/* A name is a string whose quotes stand beside it in the text. */
static void
write_name(struct span inside, struct json_writer *w)
{
	struct span quoted = span_make(inside.p - 1, inside.n + 2);
	struct err err = { 0 };
	struct json one;
	struct buf name;

	must(json_parse(&one, quoted, 0, &err) == 0);
	must(json_type(&one, 0) == JSON_STRING);
	buf_init(&name, 3 * quoted.n);
	must(json_string(&one, 0, &name) && name.fault == BUF_SOUND);
	json_put_name(w, buf_string(&name));
	buf_clear(&name);
	json_clear(&one);
}

/* What is found without tokens is what the tokens say. */
static void
check_found(const struct json *j, json_value v, struct span inside)
{
	struct buf name;

	/* Longer than any that is looked for, and a walk of all for each. */
	if (inside.n > 64)
		return;
	buf_init(&name, inside.n);
	buf_add_span(&name, inside);
	must(span_equal(json_find(json_raw(j, v), buf_string(&name)),
	    json_raw(j, json_member(j, v, buf_string(&name)))));
	buf_clear(&name);
}

static void
write_children(const struct json *j, json_value v, bool named,
    struct json_writer *w)
{
	struct span rest, element = { NULL, 0 };
	json_value child;
	size_t n = 0;

	must(json_elements(json_raw(j, v), &rest) == !named);
	for (child = json_first(j, v); child != JSON_NONE;
	    child = json_next(j, child), n++) {
		if (named) {
			check_found(j, v, json_name(j, child));
			write_name(json_name(j, child), w);
		} else {
			must(json_element(&rest, &element));
			must(span_equal(element, json_raw(j, child)));
		}
		write_value(j, child, w);
	}
	must(named || !json_element(&rest, &element));
	must(n == json_count(j, v));
}

static void
write_value(const struct json *j, json_value v, struct json_writer *w)
{
	struct buf text;

	must(fuzz_within(json_raw(j, v), j->text) && json_raw(j, v).n > 0);
	switch (json_type(j, v)) {
	case JSON_OBJECT:
		json_open_object(w);
		write_children(j, v, true, w);
		json_close_object(w);
		break;
	case JSON_ARRAY:
		json_open_array(w);
		write_children(j, v, false, w);
		json_close_array(w);
		break;
	case JSON_STRING:
		buf_init(&text, json_raw(j, v).n * 3);
		must(json_string(j, v, &text) && text.fault == BUF_SOUND);
		must(span_utf8(buf_view(&text)));
		json_put_span(w, buf_view(&text));
		buf_clear(&text);
		break;
	default:
		must(json_type(j, v) != JSON_ABSENT);
		json_put_raw(w, json_raw(j, v));
	}
}

static void
canonical(const struct json *j, struct buf *out)
{
	static const char *const sorted[] = { "Values", "a", NULL };
	struct err err = { 0 };

	buf_init(out, 16 * j->text.n + 64);
	must(json_canonical(j, 0, sorted, out, &err) == 0);
}

/* The canonical form is JSON, and its own canonical form. */
static void
check_canonical(const struct json *j)
{
	struct err err = { 0 };
	struct buf once, twice;
	struct json again;

	canonical(j, &once);
	must(json_parse(&again, buf_view(&once), JSON_UNIQUE_KEYS, &err) == 0);
	canonical(&again, &twice);
	must(span_equal(buf_view(&once), buf_view(&twice)));
	json_clear(&again);
	buf_clear(&once);
	buf_clear(&twice);
}

/* Written by hand, with and without indentation, it has the same values. */
static void
check_written(const struct json *j, bool indent)
{
	struct json_writer w;
	struct err err = { 0 };
	struct json again;
	struct buf text;
	json_value i;

	buf_init(&text, 256 * j->text.n + 64);
	json_begin(&w, &text, indent);
	write_value(j, 0, &w);
	must(buf_check(&text, "text", &err) == 0);
	must(grammar_text(buf_view(&text)));
	must(json_parse(&again, buf_view(&text), 0, &err) == 0);
	must(again.count == j->count);
	for (i = 0; i < j->count; i++)
		must(json_type(&again, i) == json_type(j, i));
	json_clear(&again);
	buf_clear(&text);
}

/* Hands the text over in pieces of a size that is its own first byte. */
struct pieces {
	struct span rest;
	size_t size;
};

static bool
pull(void *state, struct span *piece)
{
	struct pieces *p = state;
	size_t n = p->size < p->rest.n ? p->size : p->rest.n;

	*piece = span_make(p->rest.p, n);
	p->rest = span_make(p->rest.p + n, p->rest.n - n);
	return n > 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span text = fuzz_span(data, size);
	struct pieces pieces = { text, size == 0 ? 1 : 1u + data[0] % 40 };
	struct err err = { 0 };
	bool sound = grammar_text(text);
	struct json j;
	size_t count = 0;

	must((json_check(text, &err) == 0) == sound);
	if (!sound)
		fuzz_refused(&err);
	err_clear(&err);
	must((json_check_pieces(pull, &pieces, &err) == 0) == sound);
	err_clear(&err);
	must((json_check_count(text, &count, &err) == 0) == sound);
	err_clear(&err);
	must((json_parse(&j, text, 0, &err) == 0) == sound);
	if (sound) {
		must(j.count == count);
		check_canonical(&j);
		check_written(&j, false);
		check_written(&j, true);
	}
	json_clear(&j);
	err_clear(&err);
	if (json_parse(&j, text, JSON_UNIQUE_KEYS, &err) == 0)
		must(sound);
	else if (sound)
		must(strstr(err.message, "duplicate name") != NULL);
	json_clear(&j);
	return 0;
}
