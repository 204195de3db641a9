#include "tap.h"

#include "base/limits.h"
#include "cache/key.h"

#define COUNT(rows) (sizeof (rows) / sizeof (rows)[0])

/* 1,024 bytes less those of the longest key behind the prefix. */
#define PREFIX_MAX (1024 - 102)

static void
test_names(void)
{
	static const struct {
		const char *text;
		bool type;
	} rows[] = {
		{ "123456789012", true },
		{ "1234-5678-90", true },
		{ "12345678901 ", false },
		{ "", false },
		{ "full-data", true },
		{ "a", true },
		{ "0", true },
		{ "-a", false },
		{ "a-", true },
		{ "A", false },
		{ "a_b", false },
		{ "a.b", false },
		{ "..", false },
		{ "a/b", false },
		{ "\xc3\xa4", false },
	};
	char longest[66];
	size_t i;

	for (i = 0; i < COUNT(rows); i++)
		ok(key_type_valid(span_of(rows[i].text)) == rows[i].type,
		    "type '%s'", rows[i].text);
	memset(longest, 'a', sizeof longest);
	ok(key_type_valid(span_make(longest, 64)), "a type of 64");
	ok(!key_type_valid(span_make(longest, 65)), "a type of 65");
	ok(!key_type_valid(span_make("a\0b", 3)), "a NUL in a type");
}

static void
test_prefix(void)
{
	static const struct {
		const char *given;
		const char *want;	/* NULL: refused */
		const char *reason;
	} rows[] = {
		{ "", "", NULL },
		{ "a", "a/", NULL },
		{ "a/", "a/", NULL },
		{ "a/b", "a/b/", NULL },
		{ "a b/\xc3\xa4", "a b/\xc3\xa4/", NULL },
		{ "a+b=c&d%2F", "a+b=c&d%2F/", NULL },
		{ ".a", ".a/", NULL },
		{ "a.", "a./", NULL },
		{ "...", ".../", NULL },
		{ "a/..b", "a/..b/", NULL },
		{ "\xe2\x82\xac", "\xe2\x82\xac/", NULL },
		{ "\xc2\xa0", "\xc2\xa0/", NULL },
		{ "/", NULL, "begins with '/'" },
		{ "/a", NULL, "begins with '/'" },
		{ "//", NULL, "begins with '/'" },
		{ "a//", NULL, "holds '//'" },
		{ "a//b", NULL, "holds '//'" },
		{ ".", NULL, "'.' or '..' segment" },
		{ "./", NULL, "'.' or '..' segment" },
		{ "..", NULL, "'.' or '..' segment" },
		{ "../a", NULL, "'.' or '..' segment" },
		{ "a/.", NULL, "'.' or '..' segment" },
		{ "a/..", NULL, "'.' or '..' segment" },
		{ "a/./b", NULL, "'.' or '..' segment" },
		{ "a/../b/", NULL, "'.' or '..' segment" },
		{ "a\nb", NULL, "control bytes" },
		{ "a\tb", NULL, "control bytes" },
		{ "\x01", NULL, "control bytes" },
		{ "a\x7f", NULL, "control bytes" },
		{ "a\xc2\x85", NULL, "control bytes" },
		{ "\xff", NULL, "valid UTF-8" },
		{ "a\xc3", NULL, "valid UTF-8" },
		{ "\xc0\xaf", NULL, "valid UTF-8" },
		{ "\xed\xa0\x80", NULL, "valid UTF-8" },
	};
	char text[PREFIX_MAX + 2];
	struct buf out;
	size_t i;

	for (i = 0; i < COUNT(rows); i++) {
		struct err err = { 0 };
		int result;

		buf_init(&out, LIMIT_KEY);
		result = key_prefix(span_of(rows[i].given), &out, &err);
		is_int(result, rows[i].want == NULL ? -1 : 0,
		    "prefix '%s'", rows[i].given);
		is_str(buf_string(&out),
		    rows[i].want == NULL ? "" : rows[i].want, "its form");
		is_int(err.class, rows[i].want == NULL ? ERR_USAGE : ERR_NONE,
		    "its error");
		if (rows[i].reason != NULL)
			has_str(err.message, rows[i].reason, "the reason");
		buf_clear(&out);
	}
	memset(text, 'a', sizeof text);
	for (i = PREFIX_MAX - 2; i <= PREFIX_MAX + 1; i++) {
		struct err err = { 0 };

		buf_init(&out, LIMIT_KEY);
		is_int(key_prefix(span_make(text, i), &out, &err),
		    i + 1 <= PREFIX_MAX ? 0 : -1, "%zu bytes without '/'", i);
		buf_clear(&out);
	}
	text[PREFIX_MAX - 1] = '/';
	buf_init(&out, LIMIT_KEY);
	is_int(key_prefix(span_make(text, PREFIX_MAX), &out,
	    &(struct err){ 0 }), 0, "the longest prefix");
	buf_clear(&out);
	buf_init(&out, LIMIT_KEY);
	is_int(key_prefix(span_make("a\0b", 3), &out, &(struct err){ 0 }), -1,
	    "a NUL");
	buf_clear(&out);
}

static void
test_longest(void)
{
	struct key key = { "123456789012", { 2025, 8 }, "" };
	char given[PREFIX_MAX - 1];
	struct buf prefix, object;

	memset(key.type, 't', 64);
	memset(given, 'p', sizeof given);
	buf_init(&prefix, LIMIT_KEY);
	buf_init(&object, LIMIT_KEY);
	is_int(key_prefix(span_make(given, sizeof given), &prefix,
	    &(struct err){ 0 }), 0, "the longest prefix is accepted");
	key_object(buf_string(&prefix), &key, &object);
	is_uint(object.n, 1024, "and gives the longest key");
	buf_reset(&object);
	key_lease(buf_string(&prefix), &key, key.type, &object);
	is_int(buf_check(&object, "key", &(struct err){ 0 }), 0,
	    "and a lease that fits");
	buf_clear(&prefix);
	buf_clear(&object);
}

static void
test_paths(void)
{
	static const struct key key = { "123456789012", { 2025, 8 },
		"mtd-costs" };
	struct month month = { 2025, 8 };
	struct key back = { 0 };
	struct buf b;

	buf_init(&b, LIMIT_KEY);
	key_object("", &key, &b);
	is_str(buf_string(&b),
	    "cache-v1/123456789012/2025-08/mtd-costs.json.gz", "object");
	ok(key_from_object("", buf_view(&b), &back), "back again");
	is_str(back.account, key.account, "account");
	is_str(back.type, key.type, "type");
	is_int(month_compare(back.month, key.month), 0, "month");
	buf_reset(&b);
	key_object("a/b/", &key, &b);
	is_str(buf_string(&b),
	    "a/b/cache-v1/123456789012/2025-08/mtd-costs.json.gz",
	    "object below a prefix");
	ok(key_from_object("a/b/", buf_view(&b), &back), "back again");
	ok(!key_from_object("a/", buf_view(&b), &back), "another prefix");
	ok(!key_from_object("", buf_view(&b), &back), "no prefix");
	buf_reset(&b);
	key_local(&key, &b);
	is_str(buf_string(&b), "cache-v1/123456789012/2025-08/mtd-costs.json",
	    "local");
	ok(key_from_local(buf_view(&b), &back), "back again");
	ok(!key_from_object("", buf_view(&b), &back), "a local one is none");
	buf_reset(&b);
	key_lease("a/", &key, "full-data", &b);
	is_str(buf_string(&b),
	    "a/lease-v1/123456789012/2025-08/full-data.json", "lease");
	ok(key_from_lease("a/", buf_view(&b), &back), "back again");
	is_str(back.type, "full-data", "its purchase");
	is_str(back.account, key.account, "its account");
	ok(!key_from_lease("", buf_view(&b), &back), "no prefix");
	ok(!key_from_object("a/", buf_view(&b), &back), "it is no entry");
	buf_reset(&b);
	key_lease_folder("a/", NULL, &month, &b);
	is_str(buf_string(&b), "a/lease-v1/", "all leases");
	buf_reset(&b);
	key_lease_folder("a/", key.account, &month, &b);
	is_str(buf_string(&b), "a/lease-v1/123456789012/2025-08/",
	    "those of a month");
	buf_reset(&b);
	key_folder("a/", key.account, NULL, &b);
	is_str(buf_string(&b), "a/cache-v1/123456789012/", "folder");
	buf_reset(&b);
	key_folder("", key.account, &month, &b);
	is_str(buf_string(&b), "cache-v1/123456789012/2025-08/",
	    "folder of a month");
	buf_clear(&b);
}

static void
test_foreign(void)
{
	static const char *const rows[] = {
		"", "cache-v1/", "cache-v1", "cache-v1//2025-08/a.json.gz",
		"cache-v1/123456789012/2025-08/.json.gz",
		"cache-v1/123456789012/2025-08/a.json",
		"cache-v1/123456789012/2025-08/a.json.gz ",
		"cache-v1/123456789012/2025-08/a.json.gz/b",
		"cache-v1/123456789012/2025-08/a/b.json.gz",
		"cache-v1/123456789012/2025-08//a.json.gz",
		"cache-v1/123456789012/2025-08/A.json.gz",
		"cache-v1/123456789012/2025-08/../a.json.gz",
		"cache-v1/123456789012/2025-13/a.json.gz",
		"cache-v1/123456789012/2025-8/a.json.gz",
		"cache-v1/123456789012/a.json.gz",
		"cache-v1/12345678901/2025-08/a.json.gz",
		"cache-v2/123456789012/2025-08/a.json.gz",
		"lease-v1/123456789012/2025-08/a.json.gz",
		"x/cache-v1/123456789012/2025-08/a.json.gz",
		"awscost-team-cache/123456789012/2025-08/a.json.gz",
	};
	struct key key = { "untouched", { 0 }, "" };
	size_t i;

	for (i = 0; i < COUNT(rows); i++)
		ok(!key_from_object("", span_of(rows[i]), &key),
		    "not ours: '%s'", rows[i]);
	is_str(key.account, "untouched", "the key is left alone");
}

static void
test_equal(void)
{
	static const struct key key = { "123456789012", { 2025, 8 }, "notes" };
	static const struct {
		const char *what;
		struct key key;
		bool equal;
	} rows[] = {
		{ "itself", { "123456789012", { 2025, 8 }, "notes" }, true },
		{ "another account", { "123456789013", { 2025, 8 }, "notes" },
		    false },
		{ "another month", { "123456789012", { 2025, 7 }, "notes" },
		    false },
		{ "another year", { "123456789012", { 2024, 8 }, "notes" },
		    false },
		{ "another type", { "123456789012", { 2025, 8 }, "note" },
		    false },
	};
	size_t i;

	for (i = 0; i < sizeof rows / sizeof rows[0]; i++)
		is_int(key_equal(&key, &rows[i].key), rows[i].equal, "%s",
		    rows[i].what);
}

int
main(void)
{
	test_names();
	test_prefix();
	test_longest();
	test_paths();
	test_foreign();
	test_equal();
	return done_testing();
}
