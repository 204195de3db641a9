#include "tap.h"

#include <stdlib.h>

#include "base/span.h"

static int
sign(int n)
{
	return n < 0 ? -1 : n > 0;
}

static void
test_basics(void)
{
	static const struct span literal = SPAN_LITERAL("abc");
	char *copy;

	is_span(literal, "abc", "a literal");
	is_uint(span_of(NULL).n, 0, "NULL is empty");
	ok(span_equal(span_make(NULL, 0), span_of("")), "empty equals empty");
	ok(!span_equal(span_of("a"), span_of("b")), "unequal");
	ok(span_is(span_make("abcd", 3), "abc"), "is");
	ok(!span_is(span_make("a\0b", 3), "a"), "NUL is a byte");
	ok(span_is_nocase(span_of("Content-MD5"), "content-md5"), "nocase");
	ok(!span_is_nocase(span_of("ab"), "abc"), "nocase, shorter");
	ok(!span_is_nocase(span_of("@"), "`"), "nocase is for letters");
	ok(span_lower('A') == 'a' && span_lower('Z') == 'z', "small letters");
	ok(span_lower('@') == '@' && span_lower('[') == '[' &&
	    span_lower('\xc4') == '\xc4', "of capitals alone");
	ok(span_starts(span_of("abc"), "ab") && span_starts(span_of("a"), ""),
	    "starts");
	ok(!span_starts(span_of("a"), "ab"), "does not start");
	ok(span_ends(span_of("abc"), "bc") && !span_ends(span_of("c"), "bc"),
	    "ends");
	is_span(span_trim(span_of(" \t\r\n a b \n")), "a b", "trim");
	is_span(span_trim(span_of(" \t ")), "", "trim all");
	is_span(span_trim(span_make(NULL, 0)), "", "trim nothing");
	copy = span_dup(span_make("abcd", 2));
	is_str(copy, "ab", "dup");
	free(copy);
	copy = span_dup(span_make(NULL, 0));
	is_str(copy, "", "dup of nothing");
	free(copy);
}

static void
test_split(void)
{
	static const struct {
		const char *text;
		bool found;
		const char *head, *rest;
	} rows[] = {
		{ "a=b", true, "a", "b" }, { "a=b=c", true, "a", "b=c" },
		{ "=b", true, "", "b" }, { "a=", true, "a", "" },
		{ "a", false, "a", "" }, { "", false, "", "" },
	};
	struct span head, rest;
	size_t i;

	for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		bool found = span_split(span_of(rows[i].text), '=', &head,
		    &rest);

		ok(found == rows[i].found, "split '%s'", rows[i].text);
		is_span(head, rows[i].head, "its head");
		is_span(rest, rows[i].rest, "its rest");
	}
	ok(!span_split(span_make(NULL, 0), '=', &head, &rest), "split NULL");
	head = span_of("a:b");
	span_split(head, ':', &head, &rest);
	is_span(head, "a", "split onto itself");
}

static void
test_compare(void)
{
	static const struct {
		const char *a, *b;
		int want;
	} rows[] = { { "a", "b", -1 }, { "b", "a", 1 }, { "a", "a", 0 },
		{ "a", "ab", -1 }, { "ab", "a", 1 }, { "", "a", -1 },
		{ "", "", 0 }, { "z", "\xc3\xa9", -1 } };
	size_t i;

	for (i = 0; i < sizeof rows / sizeof rows[0]; i++)
		is_int(sign(span_compare(span_of(rows[i].a),
		    span_of(rows[i].b))), rows[i].want, "'%s' and '%s'",
		    rows[i].a, rows[i].b);
}

static void
test_utf8(void)
{
	static const struct {
		const char *bytes;
		bool good;
	} rows[] = {
		{ "", true }, { "abc", true }, { "\x7f", true },
		{ "\xc2\x80", true }, { "\xdf\xbf", true },
		{ "\xe0\xa0\x80", true }, { "\xed\x9f\xbf", true },
		{ "\xee\x80\x80", true }, { "\xef\xbf\xbf", true },
		{ "\xf0\x90\x80\x80", true }, { "\xf4\x8f\xbf\xbf", true },
		{ "a\xc3\xa9z", true },
		{ "\x80", false }, { "\xbf", false }, { "\xc0\x80", false },
		{ "\xc1\xbf", false }, { "\xc2", false }, { "\xc2z", false },
		{ "\xe0\x9f\xbf", false }, { "\xe1\x80", false },
		{ "\xe1\x80z", false }, { "\xed\xa0\x80", false },
		{ "\xf0\x8f\xbf\xbf", false }, { "\xf4\x90\x80\x80", false },
		{ "\xf1\x80\x80", false }, { "\xf5\x80\x80\x80", false },
		{ "\xff", false }, { "\xfe", false },
	};
	size_t i;

	for (i = 0; i < sizeof rows / sizeof rows[0]; i++)
		ok(span_utf8(span_of(rows[i].bytes)) == rows[i].good,
		    "%s UTF-8: %s", rows[i].good ? "is" : "is not",
		    rows[i].bytes);
	ok(span_utf8(span_make("\0", 1)), "NUL is UTF-8");
}

static void
test_copy(void)
{
	char to[4] = "old";

	ok(!span_copy(span_of("abcd"), to, sizeof to), "no room");
	is_str(to, "old", "nothing is done");
	ok(span_copy(span_of("abc"), to, sizeof to), "just room");
	is_str(to, "abc", "all of it");
	ok(span_copy(span_make(NULL, 0), to, sizeof to), "nothing");
	is_str(to, "", "is a text too");
}

int
main(void)
{
	test_basics();
	test_split();
	test_compare();
	test_utf8();
	test_copy();
	return done_testing();
}
