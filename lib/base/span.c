#include "base/span.h"

#include <stdlib.h>
#include <string.h>

struct span
span_of(const char *s)
{
	return span_make(s, s == NULL ? 0 : strlen(s));
}

struct span
span_make(const char *p, size_t n)
{
	struct span s = { p, n };

	return s;
}

bool
span_equal(struct span a, struct span b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

bool
span_is(struct span a, const char *s)
{
	return span_equal(a, span_of(s));
}

char
span_lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

bool
span_is_nocase(struct span a, const char *s)
{
	size_t i, n = strlen(s);

	if (a.n != n)
		return false;
	for (i = 0; i < n; i++)
		if (span_lower(a.p[i]) != span_lower(s[i]))
			return false;
	return true;
}

bool
span_starts(struct span a, const char *prefix)
{
	size_t n = strlen(prefix);

	return a.n >= n && span_is(span_make(a.p, n), prefix);
}

bool
span_ends(struct span a, const char *suffix)
{
	size_t n = strlen(suffix);

	return a.n >= n && span_is(span_make(a.p + a.n - n, n), suffix);
}

static bool
blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct span
span_trim(struct span a)
{
	while (a.n > 0 && blank(a.p[0])) {
		a.p++;
		a.n--;
	}
	while (a.n > 0 && blank(a.p[a.n - 1]))
		a.n--;
	return a;
}

bool
span_split(struct span a, char c, struct span *head, struct span *rest)
{
	const char *at = a.n == 0 ? NULL : memchr(a.p, c, a.n);
	size_t n;

	if (at == NULL) {
		*head = a;
		*rest = span_make(NULL, 0);
		return false;
	}
	n = (size_t)(at - a.p);
	*head = span_make(a.p, n);
	*rest = span_make(at + 1, a.n - n - 1);
	return true;
}

int
span_compare(struct span a, struct span b)
{
	size_t n = a.n < b.n ? a.n : b.n;
	int c = n == 0 ? 0 : memcmp(a.p, b.p, n);

	if (c != 0)
		return c;
	return a.n < b.n ? -1 : a.n > b.n;
}

bool
span_copy(struct span a, char *to, size_t room)
{
	if (a.n >= room)
		return false;
	if (a.n > 0)
		memcpy(to, a.p, a.n);
	to[a.n] = '\0';
	return true;
}

char *
span_dup(struct span a)
{
	char *s;

	if (a.n == SIZE_MAX || (s = malloc(a.n + 1)) == NULL)
		return NULL;
	if (a.n > 0)
		memcpy(s, a.p, a.n);
	s[a.n] = '\0';
	return s;
}

/* How many bytes the sequence at p has; 0 when it is none (RFC 3629, 4). */
static size_t
utf8_step(const unsigned char *p, size_t left)
{
	unsigned char c = p[0], low = 0x80, high = 0xbf;
	size_t i, n;

	if (c < 0x80)
		return 1;
	if (c >= 0xc2 && c <= 0xdf)
		n = 2;
	else if (c >= 0xe0 && c <= 0xef)
		n = 3;
	else if (c >= 0xf0 && c <= 0xf4)
		n = 4;
	else
		return 0;
	if (n > left)
		return 0;
	if (c == 0xe0)
		low = 0xa0;
	else if (c == 0xed)
		high = 0x9f;
	else if (c == 0xf0)
		low = 0x90;
	else if (c == 0xf4)
		high = 0x8f;
	if (p[1] < low || p[1] > high)
		return 0;
	for (i = 2; i < n; i++)
		if ((p[i] & 0xc0) != 0x80)
			return 0;
	return n;
}

bool
span_utf8(struct span a)
{
	const unsigned char *p = (const unsigned char *)a.p;
	size_t i = 0, step;

	while (i < a.n) {
		if ((step = utf8_step(p + i, a.n - i)) == 0)
			return false;
		i += step;
	}
	return true;
}
