#include "net/redact.h"

#include <string.h>
#include <strings.h>

#include "base/limits.h"
#include "base/printable.h"

#define MARK "[redacted]"

/* From this length on a run of base64 letters is taken for a secret. */
#define LONG_RUN 40

/* Words in a readable path ("service-breakdown", the parts of a UUID). */
#define LONG_WORD 32

bool
redact_field(const char *name)
{
	static const char *const parts[] = {
		"authorization", "token", "cookie", "secret", "password",
		"signature", "credential", "customer-key", "authenticate",
		"api-key"
	};
	struct span s = span_of(name);
	size_t i, at, n;

	for (i = 0; i < sizeof parts / sizeof parts[0]; i++) {
		n = strlen(parts[i]);
		for (at = 0; at + n <= s.n; at++) {
			if (strncasecmp(s.p + at, parts[i], n) == 0)
				return false;
		}
	}
	return true;
}

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Either base64 alphabet; '.' joins the parts of a JWT. */
static bool
in_run(char c, bool jwt)
{
	return is_letter(c) || is_digit(c) || c == '+' || c == '/' ||
	    c == '-' || c == '_' || (jwt && c == '.');
}

/*
 * Random base64 always has capitals in 40 letters. What has none and is
 * broken into short words is an S3 key or a UUID, which people need to see.
 */
static bool
is_readable(struct span run)
{
	size_t i, word = 0;

	for (i = 0; i < run.n; i++) {
		char c = run.p[i];

		if ((c >= 'A' && c <= 'Z') || c == '+')
			return false;
		word = c == '/' || c == '-' || c == '_' ? 0 : word + 1;
		if (word >= LONG_WORD)
			return false;
	}
	return true;
}

/* How many bytes at p are a secret by their looks? */
static size_t
opaque(struct span s)
{
	bool jwt = span_starts(s, "eyJ");
	size_t n = 0;

	while (n < s.n && in_run(s.p[n], jwt))
		n++;
	if (n < (jwt ? 20 : LONG_RUN) || is_readable(span_make(s.p, n)))
		return 0;
	while (n < s.n && s.p[n] == '=')
		n++;
	return n;
}

/* An ARN names a resource; none of its parts is a secret. */
static size_t
arn(struct span s)
{
	size_t n = 0;

	if (!span_starts(s, "arn:"))
		return 0;
	while (n < s.n && (in_run(s.p[n], true) || s.p[n] == ':' ||
	    s.p[n] == '@' || s.p[n] == '*' || s.p[n] == ','))
		n++;
	return n;
}

/* The end of a value: blanks and what separates fields. */
static size_t
value_length(struct span s)
{
	size_t n = 0;

	while (n < s.n && strchr(" \t\r\n\"'&,;<>}", s.p[n]) == NULL)
		n++;
	return n;
}

static bool
starts_nocase(struct span s, const char *prefix)
{
	size_t n = strlen(prefix);

	return s.n >= n && strncasecmp(s.p, prefix, n) == 0;
}

/*
 * "Signature=...", "x-amz-security-token:...", "\"SecretAccessKey\": \"...":
 * how many bytes up to the value? A colon with a blank behind it is prose
 * ("invalid token: ...") unless the word stood in quotes.
 */
static size_t
label(struct span s)
{
	static const char *const words[] = {
		"signature", "token", "secret", "password", "secretaccesskey",
		"secretkey", "credential", "authorization"
	};
	size_t i, n;
	bool quoted;

	for (i = 0; i < sizeof words / sizeof words[0]; i++) {
		n = strlen(words[i]);
		if (!starts_nocase(s, words[i]))
			continue;
		quoted = n < s.n && s.p[n] == '"';
		if (quoted)
			n++;
		if (n >= s.n || (s.p[n] != '=' && s.p[n] != ':'))
			continue;
		n++;
		while (quoted && n < s.n && (s.p[n] == ' ' || s.p[n] == '"'))
			n++;
		if (n < s.n && s.p[n] != ' ')
			return n;
	}
	/* "Bearer token is invalid" is prose, too. */
	if (starts_nocase(s, "bearer ") &&
	    value_length(span_make(s.p + 7, s.n - 7)) >= 12)
		return 7;
	return 0;
}

/* Copy s; what looks like a secret becomes the mark. */
static void
copy(struct span s, struct buf *out)
{
	bool inside = false;	/* within a word: only whole runs count */
	size_t n, skip;

	while (s.n > 0) {
		n = inside ? 0 : arn(s);
		skip = 0;
		if (n == 0 && !inside)
			skip = opaque(s);
		if (n == 0 && skip == 0 && (n = label(s)) > 0)
			skip = value_length(span_make(s.p + n, s.n - n));
		if (n == 0 && skip == 0)
			n = 1;
		inside = skip == 0 && in_run(s.p[n - 1], false);
		buf_add(out, s.p, n);
		if (skip > 0)
			buf_add_string(out, MARK);
		s = span_make(s.p + n + skip, s.n - n - skip);
	}
}

/* Where to cut so that no character is torn. */
static size_t
whole_characters(const char *p, size_t n)
{
	while (n > 0 && ((unsigned char)p[n] & 0xc0) == 0x80)
		n--;
	return n;
}

void
redact_text(struct span text, size_t max, struct buf *out)
{
	struct buf clean, hidden;
	bool cut;

	/* A secret that straddles the cut must still be seen as one. */
	cut = text.n > LIMIT_ERROR_BODY;
	if (cut)
		text.n = LIMIT_ERROR_BODY;
	buf_init(&clean, LIMIT_ERROR_BODY);
	buf_init(&hidden, 16 * LIMIT_ERROR_BODY);
	buf_add_span(&clean, text);
	printable_clean(clean.p, clean.n, false);
	copy(buf_view(&clean), &hidden);
	if (hidden.n > max) {
		hidden.n = whole_characters(hidden.p, max);
		cut = true;
	}
	if (clean.fault != BUF_SOUND || hidden.fault != BUF_SOUND)
		out->fault = BUF_NO_MEMORY;
	buf_add_span(out, buf_view(&hidden));
	if (cut)
		buf_add_string(out, "...");
	buf_clear(&clean);
	buf_clear(&hidden);
}

static void
redact_query(struct span query, struct buf *out)
{
	struct span rest = query, pair, name, value;
	bool more = true;

	while (more) {
		more = span_split(rest, '&', &pair, &rest);
		if (!span_split(pair, '=', &name, &value)) {
			copy(pair, out);
		} else {
			buf_add_span(out, name);
			buf_add_char(out, '=');
			if (starts_nocase(name, "x-amz-") ||
			    value.n >= LONG_RUN)
				buf_add_string(out, MARK);
			else
				copy(value, out);
		}
		if (more)
			buf_add_char(out, '&');
	}
}

void
redact_url(struct span url, struct buf *out)
{
	struct span base, query;
	const char *at;
	struct buf clean;
	size_t n;

	buf_init(&clean, LIMIT_HEADER_BLOCK);
	buf_add_span(&clean, url);
	printable_clean(clean.p, clean.n, false);
	if (clean.fault != BUF_SOUND) {
		buf_add_string(out, MARK);
		return;
	}
	if (!span_split(buf_view(&clean), '?', &base, &query))
		query = span_make(NULL, 0);
	at = clean.p == NULL ? NULL : strstr(clean.p, "://");
	if (at != NULL && at < base.p + base.n) {
		n = (size_t)(at - base.p) + 3;
		buf_add(out, base.p, n);
		base = span_make(base.p + n, base.n - n);
	}
	/* A proxy may stand without a scheme: "user:password@host:port". */
	for (n = 0; n < base.n && base.p[n] != '/'; n++)
		;
	while (n > 0 && base.p[n - 1] != '@')
		n--;
	base = span_make(base.p + n, base.n - n);
	buf_add_span(out, base);
	if (query.p != NULL) {
		buf_add_char(out, '?');
		redact_query(query, out);
	}
	buf_clear(&clean);
}
