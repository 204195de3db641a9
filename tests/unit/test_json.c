#include "tap.h"

#include "base/limits.h"
#include "codec/json.h"

#define COUNT(rows) (sizeof (rows) / sizeof (rows)[0])

static const char sample[] =
    "{ \"metadata\": { \"ttl\" : 3600, \"ok\":true, \"no\":false,\n"
    "  \"none\":null, \"neg\":-12, \"frac\":1.0, \"exp\":1e2, \"big\":"
    "9223372036854775808, \"max\":9223372036854775807 },\n"
    "  \"list\": [ [1, [2]], {\"x\":{}}, [], \"s\", 4 ],\n"
    "  \"a\\u0062c\": \"\\u00e9\\n\\ud83d\\ude00\\/\", \"dup\":1, \"dup\":2,"
    " \"\": \"empty\", \"data\":{\"k\":[ ]} }";

static void
test_reading(void)
{
	struct err err = { 0 };
	json_value metadata;
	struct json j;
	int64_t n = 77;

	if (!ok(json_parse(&j, span_of(sample), 0, &err) == 0, "sample")) {
		note("%s", err.message);
		return;
	}
	is_int(json_type(&j, 0), JSON_OBJECT, "the root");
	is_uint(json_count(&j, 0), 7, "its members");
	is_int(json_type(&j, JSON_NONE), JSON_ABSENT, "no value");
	ok(json_member(&j, 0, "nope") == JSON_NONE, "no such member");
	ok(json_member(&j, JSON_NONE, "a") == JSON_NONE, "member of nothing");
	metadata = json_member(&j, 0, "metadata");
	is_int(json_type(&j, metadata), JSON_OBJECT, "metadata");
	is_span(json_name(&j, metadata), "metadata", "its name");
	is_uint(json_count(&j, metadata), 9, "its count");
	ok(json_integer(&j, json_member(&j, metadata, "ttl"), 0, 9999, &n) &&
	    n == 3600, "an integer");
	ok(json_integer(&j, json_member(&j, metadata, "neg"), -20, 0, &n) &&
	    n == -12, "a negative one");
	ok(json_integer(&j, json_member(&j, metadata, "max"), 0, INT64_MAX,
	    &n) && n == INT64_MAX, "the largest");
	ok(!json_integer(&j, json_member(&j, metadata, "ttl"), 0, 3599, &n) &&
	    !json_integer(&j, json_member(&j, metadata, "frac"), 0, 9, &n) &&
	    !json_integer(&j, json_member(&j, metadata, "exp"), 0, 999, &n) &&
	    !json_integer(&j, json_member(&j, metadata, "big"), 0, INT64_MAX,
	    &n) && !json_integer(&j, json_member(&j, metadata, "ok"), 0, 9,
	    &n) && !json_integer(&j, JSON_NONE, 0, 9, &n), "and none");
	is_int(n, INT64_MAX, "left alone");
	is_int(json_type(&j, json_member(&j, metadata, "ok")), JSON_TRUE,
	    "true");
	is_int(json_type(&j, json_member(&j, metadata, "no")), JSON_FALSE,
	    "false");
	is_int(json_type(&j, json_member(&j, metadata, "none")), JSON_NULL,
	    "null");
	is_int(json_type(&j, json_member(&j, metadata, "frac")), JSON_NUMBER,
	    "a number");
	ok(json_integer(&j, json_member(&j, 0, "dup"), 0, 9, &n) && n == 2,
	    "the last of two wins");
	ok(json_string_is(&j, json_member(&j, 0, ""), "empty"),
	    "a member without a name");
	is_span(json_raw(&j, json_member(&j, 0, "data")), "{\"k\":[ ]}",
	    "byte-exact");
	is_span(json_name(&j, 0), "", "the root has no name");
	is_uint(json_raw(&j, 0).n, strlen(sample), "the root's text");
	json_clear(&j);
	json_clear(&j);
	ok(json_first(&j, 0) == JSON_NONE, "a cleared document is empty");
}

static void
test_walk(void)
{
	struct err err = { 0 };
	json_value v, list;
	struct json j;

	if (!ok(json_parse(&j, span_of(sample), 0, &err) == 0, "a walk"))
		return;
	list = json_member(&j, 0, "list");
	is_uint(json_count(&j, list), 5, "a list");
	is_span(json_raw(&j, list), "[ [1, [2]], {\"x\":{}}, [], \"s\", 4 ]",
	    "its text");
	v = json_first(&j, list);
	is_span(json_raw(&j, v), "[1, [2]]", "first");
	is_span(json_name(&j, v), "", "without a name");
	is_span(json_raw(&j, json_first(&j, v)), "1", "inner first");
	is_span(json_raw(&j, json_next(&j, json_first(&j, v))), "[2]",
	    "inner second");
	v = json_next(&j, v);
	is_span(json_raw(&j, v), "{\"x\":{}}", "second");
	v = json_next(&j, v);
	is_span(json_raw(&j, v), "[]", "third");
	ok(json_first(&j, v) == JSON_NONE, "which is empty");
	v = json_next(&j, v);
	is_span(json_raw(&j, v), "\"s\"", "fourth, with quotes");
	is_span(json_inside(&j, v), "s", "without them");
	is_uint(json_count(&j, v), 0, "a string has no members");
	ok(json_first(&j, v) == JSON_NONE, "nor children");
	v = json_next(&j, v);
	is_span(json_raw(&j, v), "4", "fifth");
	is_span(json_inside(&j, v), "", "a number has no inside");
	ok(json_next(&j, v) == JSON_NONE, "no sixth");
	ok(json_next(&j, JSON_NONE) == JSON_NONE &&
	    json_first(&j, JSON_NONE) == JSON_NONE &&
	    json_next(&j, 0) == JSON_NONE, "nothing beside the root");
	json_clear(&j);
}

static void
test_strings(void)
{
	static const struct {
		struct span text, want;
	} rows[] = {
		{ SPAN_LITERAL("\"\""), SPAN_LITERAL("") },
		{ SPAN_LITERAL("\"abc\""), SPAN_LITERAL("abc") },
		{ SPAN_LITERAL("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\""),
		    SPAN_LITERAL("\"\\/\b\f\n\r\t") },
		{ SPAN_LITERAL("\"\\u0041\\u00e9\\u20AC\\uffff\""),
		    SPAN_LITERAL("A\xc3\xa9\xe2\x82\xac\xef\xbf\xbf") },
		{ SPAN_LITERAL("\"\\ud83d\\ude00\\uDBFF\\uDFFF\""),
		    SPAN_LITERAL("\xf0\x9f\x98\x80\xf4\x8f\xbf\xbf") },
		{ SPAN_LITERAL("\"\\ud83d\""), SPAN_LITERAL("\xef\xbf\xbd") },
		{ SPAN_LITERAL("\"\\ude00\\ud83d\""),
		    SPAN_LITERAL("\xef\xbf\xbd\xef\xbf\xbd") },
		{ SPAN_LITERAL("\"\\ud83d\\ud83d\\ude00\""),
		    SPAN_LITERAL("\xef\xbf\xbd\xf0\x9f\x98\x80") },
		{ SPAN_LITERAL("\"\\ud83d\\u0041\""),
		    SPAN_LITERAL("\xef\xbf\xbd" "A") },
		{ SPAN_LITERAL("\"\\ud83dx\\\\ude00\""),
		    SPAN_LITERAL("\xef\xbf\xbdx\\ude00") },
		{ SPAN_LITERAL("\"\\ud83d\\n\""),
		    SPAN_LITERAL("\xef\xbf\xbd\n") },
		{ SPAN_LITERAL("\"a\\u0000b\""), SPAN_LITERAL("a\0b") },
		{ SPAN_LITERAL("\"\\\\u0041\""), SPAN_LITERAL("\\u0041") },
		{ SPAN_LITERAL("\"\xc3\xa9\\n\""), SPAN_LITERAL("\xc3\xa9\n") },
	};
	struct buf b;
	size_t i;

	buf_init(&b, 100);
	for (i = 0; i < COUNT(rows); i++) {
		struct err err = { 0 };
		struct json j;
		char room[16];
		bool nul = rows[i].want.n > 0 &&
		    memchr(rows[i].want.p, 0, rows[i].want.n) != NULL;

		if (!ok(json_parse(&j, rows[i].text, 0, &err) == 0,
		    "string %zu", i))
			continue;
		buf_reset(&b);
		ok(json_string(&j, 0, &b), "unescape");
		is_bytes(buf_view(&b), rows[i].want, "its bytes");
		ok(json_string_copy(&j, 0, room, rows[i].want.n + 1) == !nul,
		    "copied into just enough room");
		if (!nul)
			is_str(room, rows[i].want.p, "the copy");
		ok(!json_string_copy(&j, 0, room, rows[i].want.n),
		    "not into less");
		if (!nul)
			ok(json_string_is(&j, 0, rows[i].want.p), "equal");
		ok(!json_string_is(&j, 0, "abcd") &&
		    !json_string_is(&j, 0, "ab") &&
		    !json_string_is(&j, 0, "\xef\xbf"), "not to others");
		json_clear(&j);
	}
	buf_clear(&b);
}

static void
test_not_strings(void)
{
	struct err err = { 0 };
	struct json j;
	struct buf b;
	char room[8] = "";

	buf_init(&b, 100);
	if (ok(json_parse(&j, span_of("[1,null]"), 0, &err) == 0, "others")) {
		ok(!json_string(&j, 1, &b), "a number is no string");
		ok(!json_string(&j, JSON_NONE, &b), "nor is nothing");
		ok(!json_string_copy(&j, 0, room, sizeof room),
		    "nor is an array");
		ok(!json_string_is(&j, 2, "null"), "nor is null");
		json_clear(&j);
	}
	buf_clear(&b);
}

static void
test_unique(void)
{
	static const struct {
		const char *text;
		bool good;
	} rows[] = {
		{ "{}", true }, { "[]", true }, { "1", true },
		{ "{\"a\":1,\"b\":2,\"A\":3}", true },
		{ "{\"a\":{\"a\":{\"a\":1}}}", true },
		{ "[{\"a\":1},{\"a\":1}]", true },
		{ "{\"a\":\"a\",\"b\":\"a\"}", true },
		{ "{\"a\":1,\"a\":1}", false },
		{ "{\"a\":1,\"b\":2,\"a\":3}", false },
		{ "{\"\":1,\"\":1}", false },
		{ "{\"x\":[{\"a\":1,\"b\":2,\"a\":3}]}", false },
		{ "{\"a\":1,\"\\u0061\":2}", false },
		{ "{\"\\u0061\":1,\"\\u0062\":1,\"\\u0061\":2}", false },
		{ "{\"\\u0061\":1,\"b\":1,\"\\u0063\":2}", true },
		{ "{\"\\/\":1,\"/\":2}", false },
	};
	size_t i;

	for (i = 0; i < COUNT(rows); i++) {
		struct err err = { 0 };
		struct json j;

		ok((json_parse(&j, span_of(rows[i].text), JSON_UNIQUE_KEYS,
		    &err) == 0) == rows[i].good, "unique: %s", rows[i].text);
		if (!rows[i].good) {
			is_int(err.class, ERR_DATA, "as data");
			has_str(err.message, "duplicate name '", "said");
			ok(j.tokens == NULL, "nothing is left");
		}
		json_clear(&j);
	}
}

/* As many as fit into Cost Explorer's answers; a quadratic walk would show. */
static void
test_many(void)
{
	struct err err = { 0 };
	struct json j;
	struct buf b;
	json_value v;
	size_t n = 0;
	int i;

	buf_init(&b, LIMIT_CE_PAGE);
	buf_add_string(&b, "{\"list\":[");
	for (i = 0; i < 200000; i++)
		buf_addf(&b, "%s{\"n\":[%d]}", i == 0 ? "" : ",", i);
	buf_add_string(&b, "]}");
	if (ok(json_parse(&j, buf_view(&b), JSON_UNIQUE_KEYS, &err) == 0,
	    "a large document")) {
		for (v = json_first(&j, json_member(&j, 0, "list"));
		    v != JSON_NONE; v = json_next(&j, v))
			n++;
		is_uint(n, 200000, "all its elements");
		json_clear(&j);
	}
	buf_reset(&b);
	buf_add_char(&b, '{');
	for (i = 0; i < 200000; i++)
		buf_addf(&b, "%s\"name%d\":0", i == 0 ? "" : ",", i);
	buf_add_char(&b, '}');
	if (ok(json_parse(&j, buf_view(&b), JSON_UNIQUE_KEYS, &err) == 0,
	    "many members")) {
		is_uint(json_count(&j, 0), 200000, "all of them");
		json_clear(&j);
	}
	buf_clear(&b);
}

int
main(void)
{
	test_reading();
	test_walk();
	test_strings();
	test_not_strings();
	test_unique();
	test_many();
	return done_testing();
}
