#include "codec/escape.h"

#include <string.h>

#include "base/decimal.h"

static bool
has_any(struct span s, const char *characters)
{
	size_t i;

	for (i = 0; i < s.n; i++)
		if (s.p[i] != '\0' && strchr(characters, s.p[i]) != NULL)
			return true;
	return false;
}

void
escape_csv(struct span s, struct buf *out)
{
	struct decimal number;
	bool formula = s.n > 0 && has_any(span_make(s.p, 1), "=+-@\t\r") &&
	    !decimal_parse(s, &number);
	bool quoted = has_any(s, "\",\r\n") || (s.n > 0 &&
	    (s.p[0] == ' ' || s.p[s.n - 1] == ' '));
	size_t i;

	if (quoted)
		buf_add_char(out, '"');
	if (formula)
		buf_add_char(out, '\'');
	for (i = 0; i < s.n; i++) {
		if (s.p[i] == '"')
			buf_add_char(out, '"');
		buf_add_char(out, s.p[i]);
	}
	if (quoted)
		buf_add_char(out, '"');
}

void
escape_markdown(struct span s, struct buf *out)
{
	size_t i;

	for (i = 0; i < s.n; i++) {
		struct span rest = span_make(s.p + i, s.n - i);
		char c = s.p[i];

		if (c == '&')
			buf_add_string(out, "&amp;");
		else if (c == '<')
			buf_add_string(out, "&lt;");
		else if (c == '>')
			buf_add_string(out, "&gt;");
		else if (c == '\n' || c == '\r')
			buf_add_char(out, ' ');
		/* What looks like an address becomes a link by itself. */
		else if (span_starts(rest, "://"))
			buf_add_string(out, "&#58;");
		else if (c == '.' && i >= 3 &&
		    span_is_nocase(span_make(s.p + i - 3, 3), "www"))
			buf_add_string(out, "&#46;");
		else if (c != '\0' && (strchr("\\`*_[]#!|~$@", c) != NULL ||
		    (i == 0 && (c == '-' || c == '+'))))
			buf_addf(out, "\\%c", c);
		else
			buf_add_char(out, c);
	}
}

void
escape_html(struct span s, struct buf *out)
{
	static const struct {
		char c;
		const char *entity;
	} entities[] = { { '&', "&amp;" }, { '<', "&lt;" }, { '>', "&gt;" },
		{ '"', "&quot;" }, { '\'', "&#39;" } };
	size_t i, k;

	for (i = 0; i < s.n; i++) {
		for (k = 0; k < sizeof entities / sizeof entities[0]; k++)
			if (s.p[i] == entities[k].c)
				break;
		if (k < sizeof entities / sizeof entities[0])
			buf_add_string(out, entities[k].entity);
		else
			buf_add_char(out, s.p[i]);
	}
}

void
escape_shell(struct span s, struct buf *out)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "abcdefghijklmnopqrstuvwxyz0123456789_-./@%+:";
	bool needed = s.n == 0 || s.p[0] == '-';
	size_t i;

	for (i = 0; i < s.n && !needed; i++)
		needed = memchr(plain, s.p[i], sizeof plain - 1) == NULL;
	if (!needed) {
		buf_add_span(out, s);
		return;
	}
	buf_add_char(out, '\'');
	for (i = 0; i < s.n; i++) {
		if (s.p[i] == '\'')
			buf_add_string(out, "'\\''");
		else
			buf_add_char(out, s.p[i]);
	}
	buf_add_char(out, '\'');
}
