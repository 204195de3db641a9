#include "cache/key.h"

#include <string.h>

#include "aws/arn.h"
#include "base/limits.h"

#define LEASE_EXTENSION ".json"

#define ACCOUNT_LENGTH 12
#define MONTH_LENGTH 7
#define TYPE_MAX 64

/* What the longest key has behind its prefix (the lease's is shorter). */
#define KEY_TAIL_MAX (sizeof KEY_ROOT - 1 + ACCOUNT_LENGTH + 1 + \
	MONTH_LENGTH + 1 + TYPE_MAX + sizeof KEY_EXTENSION - 1)

static bool
digit(char c)
{
	return c >= '0' && c <= '9';
}

bool
key_equal(const struct key *a, const struct key *b)
{
	return strcmp(a->account, b->account) == 0 &&
	    strcmp(a->type, b->type) == 0 &&
	    month_compare(a->month, b->month) == 0;
}

bool
key_type_valid(struct span type)
{
	size_t i;

	for (i = 0; i < type.n; i++) {
		char c = type.p[i];

		if (!digit(c) && !(c >= 'a' && c <= 'z') &&
		    !(c == '-' && i > 0))
			return false;
	}
	return type.n >= 1 && type.n <= TYPE_MAX;
}

/* C0, DEL, and C1 in its UTF-8 form. */
static bool
has_control(struct span s)
{
	size_t i;

	for (i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if (c < 0x20 || c == 0x7f)
			return true;
		if (c == 0xc2 && i + 1 < s.n &&
		    (unsigned char)s.p[i + 1] < 0xa0)
			return true;
	}
	return false;
}

/* Why a prefix cannot be used; NULL when it can. */
static const char *
prefix_fault(struct span given)
{
	struct span part, rest = given;
	bool more = true, first = true;

	if (!span_utf8(given))
		return "is not valid UTF-8";
	if (has_control(given))
		return "holds control bytes";
	while (more) {
		more = span_split(rest, '/', &part, &rest);
		if (part.n == 0 && first && more)
			return "begins with '/'";
		/* Empty at the end is the one '/' that a prefix ends with. */
		if (part.n == 0 && more)
			return "holds '//'";
		if (span_is(part, ".") || span_is(part, ".."))
			return "holds a '.' or '..' segment";
		first = false;
	}
	return NULL;
}

int
key_prefix(struct span given, struct buf *out, struct err *err)
{
	const char *fault = prefix_fault(given);
	bool slash = given.n > 0 && given.p[given.n - 1] != '/';
	int quoted = given.n < LIMIT_QUOTE ? (int)given.n : LIMIT_QUOTE;

	if (fault != NULL) {
		err_set(err, ERR_USAGE, "'%.*s' %s", quoted, given.p, fault);
		err_hint(err, "a prefix is like 'finance/costs': segments "
		    "with one '/' between them");
		return -1;
	}
	if (given.n > LIMIT_KEY - KEY_TAIL_MAX - slash)
		return err_set(err, ERR_USAGE, "'%.*s...' is too long: "
		    "with %zu bytes, keys would pass S3's %d", quoted, given.p,
		    given.n, LIMIT_KEY);
	buf_add_span(out, given);
	if (slash)
		buf_add_char(out, '/');
	return 0;
}

static void
add_month(struct buf *out, struct month month)
{
	char text[MONTH_ROOM];

	month_format(month, text);
	buf_add_string(out, text);
}

/* "{prefix}{root}{account}/{YYYY-MM}/{name}{extension}" */
static void
add_key(struct buf *out, const char *root, const struct key *key,
    const char *name, const char *extension)
{
	buf_add_string(out, root);
	buf_add_string(out, key->account);
	buf_add_char(out, '/');
	add_month(out, key->month);
	buf_add_char(out, '/');
	buf_add_string(out, name);
	buf_add_string(out, extension);
}

void
key_object(const char *prefix, const struct key *key, struct buf *out)
{
	buf_add_string(out, prefix);
	add_key(out, KEY_ROOT, key, key->type, KEY_EXTENSION);
}

void
key_local(const struct key *key, struct buf *out)
{
	add_key(out, KEY_ROOT, key, key->type, KEY_LOCAL_EXTENSION);
}

void
key_lease(const char *prefix, const struct key *key, const char *purchase,
    struct buf *out)
{
	buf_add_string(out, prefix);
	add_key(out, KEY_LEASE_ROOT, key, purchase, LEASE_EXTENSION);
}

static void
add_folder(struct buf *out, const char *root, const char *account,
    const struct month *month)
{
	buf_add_string(out, root);
	if (account == NULL)
		return;
	buf_add_string(out, account);
	buf_add_char(out, '/');
	if (month == NULL)
		return;
	add_month(out, *month);
	buf_add_char(out, '/');
}

void
key_folder(const char *prefix, const char *account,
    const struct month *month, struct buf *out)
{
	buf_add_string(out, prefix);
	add_folder(out, KEY_ROOT, account, month);
}

void
key_lease_folder(const char *prefix, const char *account,
    const struct month *month, struct buf *out)
{
	buf_add_string(out, prefix);
	add_folder(out, KEY_LEASE_ROOT, account, month);
}

/* Take s from the front of text. */
static bool
skip(struct span *text, const char *s)
{
	size_t n = strlen(s);

	if (!span_starts(*text, s))
		return false;
	*text = span_make(text->p + n, text->n - n);
	return true;
}

static bool
parse(struct span text, const char *root, const char *extension,
    struct key *out)
{
	struct span account, month, rest, name;
	struct key key = { 0 };

	if (!skip(&text, root) ||
	    !span_split(text, '/', &account, &rest) ||
	    !span_split(rest, '/', &month, &name) ||
	    !span_ends(name, extension))
		return false;
	name.n -= strlen(extension);
	if (!arn_account_valid(account) || !month_parse(month, &key.month) ||
	    !key_type_valid(name))
		return false;
	memcpy(key.account, account.p, account.n);
	memcpy(key.type, name.p, name.n);
	*out = key;
	return true;
}

bool
key_from_object(const char *prefix, struct span object, struct key *out)
{
	return skip(&object, prefix) &&
	    parse(object, KEY_ROOT, KEY_EXTENSION, out);
}

bool
key_from_lease(const char *prefix, struct span object, struct key *out)
{
	return skip(&object, prefix) &&
	    parse(object, KEY_LEASE_ROOT, LEASE_EXTENSION, out);
}

bool
key_from_local(struct span path, struct key *out)
{
	return parse(path, KEY_ROOT, KEY_LOCAL_EXTENSION, out);
}
