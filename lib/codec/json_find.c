#include "codec/json.h"

#include <string.h>

/* What is left of a sound text. */
static bool
at(struct span s, char c)
{
	return s.n > 0 && s.p[0] == c;
}

static struct span
behind(struct span s, size_t n)
{
	return span_make(s.p + n, s.n - n);
}

static struct span
skip_blanks(struct span s)
{
	while (s.n > 0 && memchr(" \t\r\n", s.p[0], 4) != NULL)
		s = behind(s, 1);
	return s;
}

/* How long the string at the front is, with its quotes. */
static size_t
string_length(struct span s)
{
	const char *end = s.p + s.n, *p = s.p + 1, *quote, *before;

	while ((quote = memchr(p, '"', (size_t)(end - p))) != NULL) {
		/* An odd number of backslashes makes it part of the text. */
		for (before = quote; before > p && before[-1] == '\\';
		    before--)
			continue;
		p = quote + 1;
		if ((quote - before) % 2 == 0)
			return (size_t)(p - s.p);
	}
	return s.n;
}

/* How long the value at the front is. In a sound text brackets match: of which
 * kind one is does not matter. */
static size_t
value_length(struct span s)
{
	size_t i = 0, depth = 0;

	do {
		switch (s.p[i]) {
		case '"':
			i += string_length(behind(s, i)) - 1;
			break;
		case '{': case '[':
			depth++;
			break;
		case '}': case ']':
			depth--;
			break;
		default:
			break;
		}
		i++;
		/* A number or a word goes on. */
		if (depth == 0 && (i == s.n || s.p[0] == '"' ||
		    s.p[0] == '{' || s.p[0] == '[' ||
		    memchr(" \t\r\n,]}", s.p[i], 7) != NULL))
			break;
	} while (i < s.n);
	return i;
}

/* Takes the value at the front, and the comma behind it. */
static struct span
take_value(struct span *rest)
{
	struct span value = span_make(rest->p, value_length(*rest));

	*rest = skip_blanks(behind(*rest, value.n));
	if (at(*rest, ','))
		*rest = skip_blanks(behind(*rest, 1));
	return value;
}

struct span
json_find(struct span text, const char *name)
{
	struct span rest = skip_blanks(text), found = { NULL, 0 };
	struct span member, value;

	if (!at(rest, '{'))
		return found;
	rest = skip_blanks(behind(rest, 1));
	while (at(rest, '"')) {
		member = span_make(rest.p + 1, string_length(rest) - 2);
		rest = skip_blanks(behind(rest, member.n + 2));
		rest = skip_blanks(behind(rest, 1));
		value = take_value(&rest);
		if (json_inside_is(member, name))
			found = value;
	}
	return found;
}

bool
json_elements(struct span text, struct span *rest)
{
	*rest = skip_blanks(text);
	if (!at(*rest, '['))
		return false;
	*rest = skip_blanks(behind(*rest, 1));
	return true;
}

bool
json_element(struct span *rest, struct span *element)
{
	if (rest->n == 0 || at(*rest, ']'))
		return false;
	*element = take_value(rest);
	return true;
}
