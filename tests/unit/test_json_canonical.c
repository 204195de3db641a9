#include "tap.h"

#include "base/limits.h"
#include "codec/json.h"

static const char *const sorted_arrays[] = { "Values", "Metrics", NULL };

static const struct {
	const char *name, *text, *want;
} forms[] = {
	{ "blanks go", " { \"a\" : [ 1 , 2 ] } ", "{\"a\":[1,2]}" },
	{ "scalars", "[true,false,null,\"s\",0]",
	    "[true,false,null,\"s\",0]" },
	{ "a scalar alone", " \"x\" ", "\"x\"" },
	{ "empty ones", "{\"b\":{ },\"a\":[ ]}", "{\"a\":[],\"b\":{}}" },
	{ "members are sorted", "{\"b\":1,\"a\":2,\"B\":3,\"aa\":4}",
	    "{\"B\":3,\"a\":2,\"aa\":4,\"b\":1}" },
	{ "at each depth", "{\"z\":{\"b\":1,\"a\":2},\"a\":[{\"d\":1,\"c\":2}"
	    "]}", "{\"a\":[{\"c\":2,\"d\":1}],\"z\":{\"a\":2,\"b\":1}}" },
	{ "by their bytes, unescaped", "{\"\\u00e9\":1,\"z\":2,\"\\u0061\":3}",
	    "{\"a\":3,\"z\":2,\"\xc3\xa9\":1}" },
	{ "a quote sorts as a quote", "{\"\\\"\":1,\"#\":2,\"!\":3}",
	    "{\"!\":3,\"\\\"\":1,\"#\":2}" },
	{ "the last duplicate stays", "{\"a\":1,\"b\":0,\"\\u0061\":2}",
	    "{\"a\":2,\"b\":0}" },
	{ "numbers as they stand", "[1.0,1e2,1E+2,-0,100]",
	    "[1.0,1e2,1E+2,-0,100]" },
	{ "escapes are minimal", "\"\\u0041\\/\\u00e9\\u0007\\u000a\\u007f\\"
	    "u0022\"", "\"A/\xc3\xa9\\u0007\\n\x7f\\\"\"" },
	{ "GroupBy keeps its order", "{\"GroupBy\":[\"b\",\"a\"]}",
	    "{\"GroupBy\":[\"b\",\"a\"]}" },
	{ "Metrics are sorted", "{\"Metrics\":[\"b\",\"a\",\"\\u0041\"]}",
	    "{\"Metrics\":[\"A\",\"a\",\"b\"]}" },
	{ "also deep inside", "{\"Filter\":{\"Or\":[{\"Dimensions\":{\"Values"
	    "\":[\"y\",\"x\"],\"Key\":\"K\"}},{\"Not\":{\"Tags\":{\"Values\":"
	    "[\"2\",\"10\"]}}}]}}", "{\"Filter\":{\"Or\":[{\"Dimensions\":{"
	    "\"Key\":\"K\",\"Values\":[\"x\",\"y\"]}},{\"Not\":{\"Tags\":{"
	    "\"Values\":[\"10\",\"2\"]}}}]}}" },
	{ "by their canonical form", "{\"Values\":[{\"b\":1,\"a\":2},{\"a\":1}"
	    ",[ ],3]}", "{\"Values\":[3,[],{\"a\":1},{\"a\":2,\"b\":1}]}" },
	{ "an escaped name", "{\"\\u0056alues\":[2,1]}",
	    "{\"Values\":[1,2]}" },
	{ "not arrays in them", "{\"Values\":[[2,1],[1,3]]}",
	    "{\"Values\":[[1,3],[2,1]]}" },
	{ "no array", "{\"Values\":\"ba\"}", "{\"Values\":\"ba\"}" },
};

/* The canonical form of a canonical form is itself. */
static void
test_again(struct span form)
{
	struct err err = { 0 };
	struct json j;
	struct buf b;

	if (!ok(json_parse(&j, form, JSON_UNIQUE_KEYS, &err) == 0,
	    "read again"))
		return;
	buf_init(&b, 1000);
	is_int(json_canonical(&j, 0, sorted_arrays, &b, &err), 0, "written");
	is_bytes(buf_view(&b), form, "the same");
	buf_clear(&b);
	json_clear(&j);
}

static void
test_forms(void)
{
	struct buf b;
	size_t i;

	buf_init(&b, 1000);
	for (i = 0; i < sizeof forms / sizeof forms[0]; i++) {
		struct err err = { 0 };
		struct json j;

		if (!ok(json_parse(&j, span_of(forms[i].text), 0, &err) == 0,
		    "%s", forms[i].name)) {
			note("%s", err.message);
			continue;
		}
		buf_reset(&b);
		is_int(json_canonical(&j, 0, sorted_arrays, &b, &err), 0,
		    "written");
		is_str(buf_string(&b), forms[i].want, "its form");
		json_clear(&j);
		test_again(buf_view(&b));
	}
	buf_clear(&b);
}

static void
test_part(void)
{
	static const char text[] = "{\"a\":1,\"data\":{\"y\":[2,1],\"x\":{}},"
	    "\"z\":\"later\"}";
	struct err err = { 0 };
	struct json j;
	struct buf b;

	buf_init(&b, 100);
	if (!ok(json_parse(&j, span_of(text), 0, &err) == 0, "a document"))
		return;
	buf_add_string(&b, ">");
	is_int(json_canonical(&j, json_member(&j, 0, "data"), NULL, &b, &err),
	    0, "a part of it");
	is_str(buf_string(&b), ">{\"x\":{},\"y\":[2,1]}", "appended");
	is_int(json_canonical(&j, JSON_NONE, NULL, &b, &err), -1,
	    "no value cannot be written");
	err_clear(&err);
	buf_clear(&b);
	buf_init(&b, 10);
	is_int(json_canonical(&j, 0, NULL, &b, &err), -1, "no room");
	is_int(err.class, ERR_DATA, "is an error");
	buf_clear(&b);
	json_clear(&j);
}

static void
test_deep(void)
{
	struct err err = { 0 };
	char text[2 * LIMIT_JSON_DEPTH];
	struct json j;
	struct buf b;

	memset(text, '[', LIMIT_JSON_DEPTH);
	memset(text + LIMIT_JSON_DEPTH, ']', LIMIT_JSON_DEPTH);
	buf_init(&b, sizeof text);
	if (ok(json_parse(&j, span_make(text, sizeof text), 0, &err) == 0,
	    "as deep as can be")) {
		is_int(json_canonical(&j, 0, NULL, &b, &err), 0, "written");
		is_bytes(buf_view(&b), span_make(text, sizeof text),
		    "the same");
		json_clear(&j);
	}
	buf_clear(&b);
}

int
main(void)
{
	test_forms();
	test_part();
	test_deep();
	return done_testing();
}
