#include "codec/json.h"

#include <assert.h>

static void
line(struct json_writer *w)
{
	int i;

	buf_add_char(w->out, '\n');
	for (i = 0; i < w->depth; i++)
		buf_add_string(w->out, "  ");
}

/* What must stand before a value or a name. */
static void
lead(struct json_writer *w)
{
	if (w->named) {
		w->named = false;
		return;
	}
	if (!w->fresh)
		buf_add_char(w->out, ',');
	if (w->indent && w->depth > 0)
		line(w);
	w->fresh = false;
}

static void
open_container(struct json_writer *w, char bracket)
{
	lead(w);
	buf_add_char(w->out, bracket);
	w->depth++;
	w->fresh = true;
}

static void
close_container(struct json_writer *w, char bracket)
{
	assert(w->depth > 0 && !w->named);
	w->depth--;
	if (w->indent && !w->fresh)
		line(w);
	buf_add_char(w->out, bracket);
	w->fresh = false;
}

void
json_begin(struct json_writer *w, struct buf *out, bool indent)
{
	struct json_writer fresh = { .out = out, .indent = indent,
		.fresh = true };

	*w = fresh;
}

void
json_open_object(struct json_writer *w)
{
	open_container(w, '{');
}

void
json_close_object(struct json_writer *w)
{
	close_container(w, '}');
}

void
json_open_array(struct json_writer *w)
{
	open_container(w, '[');
}

void
json_close_array(struct json_writer *w)
{
	close_container(w, ']');
}

void
json_put_name(struct json_writer *w, const char *name)
{
	assert(w->depth > 0 && !w->named);
	lead(w);
	json_quote(span_of(name), w->out);
	buf_add_string(w->out, w->indent ? ": " : ":");
	w->named = true;
}

void
json_put_string(struct json_writer *w, const char *s)
{
	if (s == NULL)
		json_put_null(w);
	else
		json_put_span(w, span_of(s));
}

void
json_put_span(struct json_writer *w, struct span s)
{
	lead(w);
	json_quote(s, w->out);
}

void
json_put_integer(struct json_writer *w, int64_t value)
{
	lead(w);
	buf_addf(w->out, "%lld", (long long)value);
}

void
json_put_bool(struct json_writer *w, bool value)
{
	lead(w);
	buf_add_string(w->out, value ? "true" : "false");
}

void
json_put_null(struct json_writer *w)
{
	lead(w);
	buf_add_string(w->out, "null");
}

void
json_put_raw(struct json_writer *w, struct span value)
{
	lead(w);
	buf_add_span(w->out, value);
}

void
json_member_string(struct json_writer *w, const char *name, const char *s)
{
	json_put_name(w, name);
	json_put_string(w, s);
}

void
json_member_integer(struct json_writer *w, const char *name, int64_t value)
{
	json_put_name(w, name);
	json_put_integer(w, value);
}

void
json_member_bool(struct json_writer *w, const char *name, bool value)
{
	json_put_name(w, name);
	json_put_bool(w, value);
}

void
json_member_null(struct json_writer *w, const char *name)
{
	json_put_name(w, name);
	json_put_null(w);
}

void
json_member_raw(struct json_writer *w, const char *name, struct span value)
{
	json_put_name(w, name);
	json_put_raw(w, value);
}

static void
quote_ascii(unsigned char c, struct buf *out)
{
	static const char *const shorts[] = { ['\b'] = "\\b", ['\t'] = "\\t",
		['\n'] = "\\n", ['\f'] = "\\f", ['\r'] = "\\r",
		['"'] = "\\\"", ['\\'] = "\\\\" };

	if (c < sizeof shorts / sizeof shorts[0] && shorts[c] != NULL)
		buf_add_string(out, shorts[c]);
	else
		buf_addf(out, "\\u%04x", (unsigned)c);
}

/* Returns how many bytes were read: a sequence, or one stray byte. */
static size_t
quote_utf8(struct span s, struct buf *out)
{
	unsigned char second;
	size_t n;

	/* The shortest sound prefix is one sequence. */
	for (n = 2; n <= 4 && n <= s.n; n++)
		if (span_utf8(span_make(s.p, n)))
			break;
	if (n > 4 || n > s.n) {
		buf_add_string(out, "\xef\xbf\xbd");
		return 1;
	}
	second = (unsigned char)s.p[1];
	if (n == 2 && (unsigned char)s.p[0] == 0xc2 && second < 0xa0)
		buf_addf(out, "\\u%04x", (unsigned)second);
	else
		buf_add(out, s.p, n);
	return n;
}

void
json_quote(struct span s, struct buf *out)
{
	size_t i = 0, start;

	buf_add_char(out, '"');
	while (i < s.n) {
		unsigned char c;

		for (start = i; i < s.n; i++) {
			c = (unsigned char)s.p[i];
			if (c < 0x20 || c == '"' || c == '\\' || c >= 0x7f)
				break;
		}
		if (i > start)
			buf_add(out, s.p + start, i - start);
		if (i == s.n)
			break;
		c = (unsigned char)s.p[i];
		if (c >= 0x80) {
			i += quote_utf8(span_make(s.p + i, s.n - i), out);
		} else {
			quote_ascii(c, out);
			i++;
		}
	}
	buf_add_char(out, '"');
}
