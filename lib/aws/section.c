#include "aws/section.h"

#include <stddef.h>

static const struct {
	const char *word;
	enum section_kind kind;
} words[] = {
	{ "profile", SECTION_PROFILE },
	{ "sso-session", SECTION_SSO_SESSION },
	{ "services", SECTION_SERVICES },
};

enum section_kind
section_kind_of(struct span word)
{
	size_t i;

	for (i = 0; i < sizeof words / sizeof words[0]; i++) {
		if (span_is(word, words[i].word))
			return words[i].kind;
	}
	return SECTION_IGNORED;
}

/*
 * Quotes are taken off, a backslash counts only between double quotes. False
 * when it is not exactly one word.
 */
static bool
unquote(struct span s, struct buf *out)
{
	char quote = '\0';
	size_t i;

	for (i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (quote == '\0' && (c == '"' || c == '\'')) {
			quote = c;
		} else if (quote != '\0' && c == quote) {
			quote = '\0';
		} else if (quote == '"' && c == '\\' && i + 1 < s.n &&
		    (s.p[i + 1] == '"' || s.p[i + 1] == '\\')) {
			buf_add_char(out, s.p[++i]);
		} else if (quote == '\0' && (c == ' ' || c == '\t')) {
			return false;
		} else {
			buf_add_char(out, c);
		}
	}
	return quote == '\0';
}

enum section_kind
section_read(struct span inside, bool credentials, struct buf *name)
{
	size_t n = 0, start = name->n;
	enum section_kind kind;

	if (inside.n > 0 && (credentials || span_is(inside, "default"))) {
		buf_add_span(name, inside);
		return SECTION_PROFILE;
	}
	while (n < inside.n && inside.p[n] != ' ' && inside.p[n] != '\t')
		n++;
	kind = section_kind_of(span_make(inside.p, n));
	if (kind != SECTION_IGNORED && unquote(span_trim(span_make(
	    inside.p + n, inside.n - n)), name) && name->n > start)
		return kind;
	if (name->n > start)
		name->n = start;
	buf_add_span(name, inside);
	return SECTION_IGNORED;
}
