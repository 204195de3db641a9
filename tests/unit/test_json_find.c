#include "tap.h"

#include "codec/json.h"

#define COUNT(rows) (sizeof (rows) / sizeof (rows)[0])

static const struct {
	const char *text, *name, *value;
} members[] = {
	{ "{\"a\":1}", "a", "1" },
	{ " { \"a\" : 1 , \"b\" :\t2\n} ", "b", "2" },
	{ "{\"a\":1}", "b", "" },
	{ "{\"a\":1}", "", "" },
	{ "{\"\":1}", "", "1" },
	{ "{}", "a", "" },
	{ "[]", "a", "" },
	{ "[\"a\",1]", "a", "" },
	{ "\"a\"", "a", "" },
	{ "17", "a", "" },
	{ "", "a", "" },
	{ "{\"a\":1,\"a\":[2]}", "a", "[2]" },
	{ "{\"\\u0061\":1}", "a", "1" },
	{ "{\"b\":{\"a\":1},\"c\":[{\"a\":2}],\"a\":{\"a\":3}}", "a",
	    "{\"a\":3}" },
	{ "{\"b\":\"\\\"a\\\":1,\",\"a\":true}", "a", "true" },
	{ "{\"b\":\"]}\\\\\",\"a\":-1.5e+3,\"c\":null}", "a", "-1.5e+3" },
	{ "{\"b\\\\\":\"[\",\"a\" :\"x,y\" }", "a", "\"x,y\"" },
	{ "{\"b\":[[],{},[{\"x\":[\"]\"]}]],\"a\":null}", "a", "null" },
	{ "{\"a\":[ 1 , 2 ] }", "a", "[ 1 , 2 ]" },
};

static const struct {
	const char *text, *joined;	/* elements, each with "|" behind it */
} arrays[] = {
	{ "[]", "" },
	{ " [ ] ", "" },
	{ "[1]", "1|" },
	{ "[[1],[2,3],[]]", "[1]|[2,3]|[]|" },
	{ "[ \"a]\" , {\"b\":\"}\"},null ,-0 ]", "\"a]\"|{\"b\":\"}\"}|null|-0|" },
	{ "[\"\\\\\",\"\\\"\",1e5]", "\"\\\\\"|\"\\\"\"|1e5|" },
	{ "[[[[1]]]]", "[[[1]]]|" },
};

static void
test_members(void)
{
	size_t i;

	for (i = 0; i < COUNT(members); i++)
		is_span(json_find(span_of(members[i].text), members[i].name),
		    members[i].value, "'%s' of %s", members[i].name,
		    members[i].text);
}

static void
test_arrays(void)
{
	static const char *const others[] = { "", "{}", "1", "\"[]\"",
		"{\"a\":[1]}" };
	struct span rest, element;
	struct buf joined;
	size_t i;

	for (i = 0; i < COUNT(arrays); i++) {
		buf_init(&joined, 1024);
		ok(json_elements(span_of(arrays[i].text), &rest), "an array");
		while (json_element(&rest, &element)) {
			buf_add_span(&joined, element);
			buf_add_char(&joined, '|');
		}
		ok(!json_element(&rest, &element), "the end stays the end");
		is_str(buf_string(&joined), arrays[i].joined, "elements of %s",
		    arrays[i].text);
		buf_clear(&joined);
	}
	for (i = 0; i < COUNT(others); i++)
		ok(!json_elements(span_of(others[i]), &rest), "no array: %s",
		    others[i]);
}

int
main(void)
{
	test_members();
	test_arrays();
	return done_testing();
}
