#include "aws/sigv4.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/limits.h"
#include "codec/hash.h"
#include "codec/hex.h"
#include "codec/uri.h"

#define ALGORITHM "AWS4-HMAC-SHA256"

/* Room for the texts here: the header block, the key and a list's query. */
#define SIGV4_MAX (4 * LIMIT_HEADER_BLOCK)

/*
 * Hop-by-hop, or changed by proxies and HTTP libraries on the way
 * (facts/sigv4.md 3); a name that ends in '*' is a prefix.
 */
static const char *const never_signed[] = {
	"accept-encoding", "authorization", "cache-control", "connection",
	"content-length", "expect", "keep-alive", "proxy-*", "te", "trailer",
	"transfer-encoding", "upgrade", "user-agent", "x-amzn-trace-id",
};

static bool
blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool
is_signed(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof never_signed / sizeof never_signed[0]; i++) {
		const char *a = name, *b = never_signed[i];

		while (*a != '\0' && *b != '*' && span_lower(*a) == *b) {
			a++;
			b++;
		}
		if (*b == '*' || (*a == '\0' && *b == '\0'))
			return false;
	}
	return true;
}

static int
compare_names(const char *a, const char *b)
{
	while (*a != '\0' && span_lower(*a) == span_lower(*b)) {
		a++;
		b++;
	}
	return (unsigned char)span_lower(*a) - (unsigned char)span_lower(*b);
}

/* By name, and in the order of appearance where the names are the same: the
 * pointers are into one array. */
static int
compare_fields(const void *a, const void *b)
{
	const struct http_field *x = *(const struct http_field *const *)a;
	const struct http_field *y = *(const struct http_field *const *)b;
	int c = compare_names(x->name, y->name);

	return c != 0 ? c : (x > y) - (x < y);
}

static void
add_lower(struct buf *out, const char *name)
{
	for (; *name != '\0'; name++)
		buf_add_char(out, span_lower(*name));
}

/* Trimmed, runs of blanks as one space. */
static void
add_value(struct buf *out, const char *value)
{
	bool begun = false, gap = false;

	for (; *value != '\0'; value++) {
		if (blank(*value)) {
			gap = begun;
			continue;
		}
		if (gap)
			buf_add_char(out, ' ');
		buf_add_char(out, *value);
		begun = true;
		gap = false;
	}
}

/* Both header parts: "name:value\n" lines and "a;b;c". */
static int
add_fields(const struct sigv4_request *r, struct buf *lines,
    struct buf *names, struct err *err)
{
	const struct http_field **sorted;
	size_t i, n = 0;

	sorted = calloc(r->field_count + 1, sizeof *sorted);
	if (sorted == NULL)
		return err_memory(err);
	for (i = 0; i < r->field_count; i++)
		if (is_signed(r->fields[i].name))
			sorted[n++] = &r->fields[i];
	qsort(sorted, n, sizeof *sorted, compare_fields);
	for (i = 0; i < n; i++) {
		if (i > 0 && compare_names(sorted[i]->name,
		    sorted[i - 1]->name) == 0) {
			buf_add_char(lines, ',');
		} else {
			if (i > 0) {
				buf_add_char(lines, '\n');
				buf_add_char(names, ';');
			}
			add_lower(lines, sorted[i]->name);
			buf_add_char(lines, ':');
			add_lower(names, sorted[i]->name);
		}
		add_value(lines, sorted[i]->value);
	}
	if (n > 0)
		buf_add_char(lines, '\n');
	free(sorted);
	return 0;
}

static void
hmac(unsigned char key[HASH_SHA256], const char *message)
{
	hash_hmac_sha256(span_make((const char *)key, HASH_SHA256),
	    span_of(message), key);
}

/* kSigning; the caller wipes it. */
static int
signing_key(const struct sigv4_request *r, const struct keys *keys,
    const char *day, unsigned char key[HASH_SHA256], struct err *err)
{
	struct buf first;
	int result;

	buf_init_secret(&first, LIMIT_TOKEN);
	buf_add_string(&first, "AWS4");
	buf_add_span(&first, secret_reveal(&keys->secret_key));
	result = buf_check(&first, "the secret key", err);
	if (result == 0) {
		hash_hmac_sha256(buf_view(&first), span_of(day), key);
		hmac(key, r->region);
		hmac(key, r->service);
		hmac(key, "aws4_request");
	}
	buf_clear(&first);
	return result;
}

static void
add_canonical(const struct sigv4_request *r, struct span lines,
    struct span names, struct buf *out)
{
	buf_addf(out, "%s\n", r->method);
	if (r->path.n == 0)
		buf_add_char(out, '/');
	buf_add_span(out, r->path);
	buf_add_char(out, '\n');
	buf_add_span(out, r->query);
	buf_add_char(out, '\n');
	buf_add_span(out, lines);
	buf_add_char(out, '\n');
	buf_add_span(out, names);
	buf_addf(out, "\n%s", r->payload_hash);
}

int
sigv4_sign(const struct sigv4_request *request, const struct keys *keys,
    struct buf *authorization, struct buf *canonical, struct err *err)
{
	struct buf lines, names, whole, text;
	unsigned char key[HASH_SHA256];
	char time[DATE_ROOM], day[9] = "", hash[HASH_SHA256_HEX];
	char signature[HASH_SHA256_HEX];
	int result = -1;

	buf_init_secret(&lines, SIGV4_MAX);
	buf_init(&names, SIGV4_MAX);
	buf_init_secret(&whole, SIGV4_MAX);
	buf_init(&text, SIGV4_MAX);
	date_format_basic(request->time, time);
	memcpy(day, time, sizeof day - 1);
	if (add_fields(request, &lines, &names, err) != 0 ||
	    buf_check(&lines, "the header fields", err) != 0 ||
	    buf_check(&names, "the header fields", err) != 0)
		goto out;
	add_canonical(request, buf_view(&lines), buf_view(&names), &whole);
	if (buf_check(&whole, "the canonical request", err) != 0)
		goto out;
	hash_sha256_hex(buf_view(&whole), hash);
	buf_addf(&text, ALGORITHM "\n%s\n%s/%s/%s/aws4_request\n%s", time,
	    day, request->region, request->service, hash);
	if (buf_check(&text, "the string to sign", err) != 0 ||
	    signing_key(request, keys, day, key, err) != 0)
		goto out;
	hash_hmac_sha256(span_make((const char *)key, sizeof key),
	    buf_view(&text), key);
	hex_encode(key, sizeof key, signature);
	buf_addf(authorization, ALGORITHM
	    " Credential=%s/%s/%s/%s/aws4_request, SignedHeaders=%s, "
	    "Signature=%s", keys->access_key_id, day, request->region,
	    request->service, buf_string(&names), signature);
	if (canonical != NULL)
		buf_add_span(canonical, buf_view(&whole));
	if (buf_check(authorization, "the signature", err) != 0 ||
	    (canonical != NULL &&
	    buf_check(canonical, "the canonical request", err) != 0))
		goto out;
	result = 0;
out:
	explicit_bzero(key, sizeof key);
	buf_clear(&lines);
	buf_clear(&names);
	buf_clear(&whole);
	buf_clear(&text);
	return result;
}

/* One encoded pair, as offsets while the memory may still move. */
struct part {
	size_t at;
	size_t name_length;
	size_t value_length;
	const char *memory;
};

static int
compare_parts(const void *a, const void *b)
{
	const struct part *x = a, *y = b;
	int c;

	c = span_compare(span_make(x->memory + x->at, x->name_length),
	    span_make(y->memory + y->at, y->name_length));
	if (c != 0)
		return c;
	return span_compare(span_make(x->memory + x->at + x->name_length,
	    x->value_length), span_make(y->memory + y->at + y->name_length,
	    y->value_length));
}

int
sigv4_query(const struct sigv4_pair *pairs, size_t count,
    struct buf *out, struct err *err)
{
	struct part *parts = calloc(count + 1, sizeof *parts);
	struct buf encoded;
	size_t i;
	int result = -1;

	if (parts == NULL)
		return err_memory(err);
	buf_init(&encoded, SIGV4_MAX);
	for (i = 0; i < count; i++) {
		parts[i].at = encoded.n;
		uri_encode(span_of(pairs[i].name), false, &encoded);
		parts[i].name_length = encoded.n - parts[i].at;
		uri_encode(span_of(pairs[i].value), false, &encoded);
		parts[i].value_length = encoded.n - parts[i].at -
		    parts[i].name_length;
		if (buf_check(&encoded, "the query", err) != 0)
			goto out;
	}
	for (i = 0; i < count; i++)
		parts[i].memory = buf_string(&encoded);
	qsort(parts, count, sizeof *parts, compare_parts);
	for (i = 0; i < count; i++) {
		const char *p = parts[i].memory + parts[i].at;

		if (i > 0)
			buf_add_char(out, '&');
		buf_add(out, p, parts[i].name_length);
		buf_add_char(out, '=');
		buf_add(out, p + parts[i].name_length,
		    parts[i].value_length);
	}
	result = buf_check(out, "the query", err);
out:
	buf_clear(&encoded);
	free(parts);
	return result;
}
