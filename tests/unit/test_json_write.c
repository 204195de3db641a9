#include "tap.h"

#include "codec/json.h"

static void
write_sample(struct json_writer *w)
{
	json_open_object(w);
	json_member_string(w, "command", "fetch");
	json_member_integer(w, "exit_status", 0);
	json_put_name(w, "warnings");
	json_open_array(w);
	json_put_string(w, "one");
	json_put_string(w, NULL);
	json_put_span(w, span_make("two", 2));
	json_close_array(w);
	json_put_name(w, "none");
	json_open_array(w);
	json_close_array(w);
	json_put_name(w, "entries");
	json_open_array(w);
	json_open_object(w);
	json_close_object(w);
	json_open_object(w);
	json_member_bool(w, "fresh", true);
	json_member_bool(w, "stale", false);
	json_member_null(w, "error");
	json_member_raw(w, "data", span_of("{ \"a\":1.50 }"));
	json_close_object(w);
	json_close_array(w);
	json_member_integer(w, "low", INT64_MIN);
	json_put_name(w, "b");
	json_put_bool(w, true);
	json_put_name(w, "n");
	json_put_null(w);
	json_close_object(w);
}

static void
test_writer(void)
{
	static const char compact[] = "{\"command\":\"fetch\",\"exit_status\":"
	    "0,\"warnings\":[\"one\",null,\"tw\"],\"none\":[],\"entries\":[{},"
	    "{\"fresh\":true,\"stale\":false,\"error\":null,\"data\":{ \"a\":"
	    "1.50 }}],\"low\":-9223372036854775808,\"b\":true,\"n\":null}";
	static const char indented[] = "{\n"
	    "  \"command\": \"fetch\",\n"
	    "  \"exit_status\": 0,\n"
	    "  \"warnings\": [\n"
	    "    \"one\",\n"
	    "    null,\n"
	    "    \"tw\"\n"
	    "  ],\n"
	    "  \"none\": [],\n"
	    "  \"entries\": [\n"
	    "    {},\n"
	    "    {\n"
	    "      \"fresh\": true,\n"
	    "      \"stale\": false,\n"
	    "      \"error\": null,\n"
	    "      \"data\": { \"a\":1.50 }\n"
	    "    }\n"
	    "  ],\n"
	    "  \"low\": -9223372036854775808,\n"
	    "  \"b\": true,\n"
	    "  \"n\": null\n"
	    "}";
	struct err err = { 0 };
	struct json_writer w;
	struct buf b;

	buf_init(&b, 10000);
	json_begin(&w, &b, false);
	write_sample(&w);
	is_str(buf_string(&b), compact, "compact");
	is_int(json_check(buf_view(&b), &err), 0, "and JSON");
	buf_reset(&b);
	json_begin(&w, &b, true);
	write_sample(&w);
	is_str(buf_string(&b), indented, "indented");
	is_int(json_check(buf_view(&b), &err), 0, "and JSON");
	buf_reset(&b);
	json_begin(&w, &b, true);
	json_put_integer(&w, -5);
	is_str(buf_string(&b), "-5", "a value alone");
	buf_clear(&b);
	buf_init(&b, 20);
	json_begin(&w, &b, false);
	write_sample(&w);
	is_int(b.fault, BUF_FULL, "a full buffer is a fault, no crash");
	buf_clear(&b);
}

static void
test_quote(void)
{
	static const struct {
		struct span text;
		const char *want;
	} rows[] = {
		{ { NULL, 0 }, "\"\"" },
		{ SPAN_LITERAL("plain"), "\"plain\"" },
		{ SPAN_LITERAL("a\"b\\c/d"), "\"a\\\"b\\\\c/d\"" },
		{ SPAN_LITERAL("\b\f\n\r\t"), "\"\\b\\f\\n\\r\\t\"" },
		{ SPAN_LITERAL("\0\x01\x1f"), "\"\\u0000\\u0001\\u001f\"" },
		{ SPAN_LITERAL("\x7f"), "\"\\u007f\"" },
		{ SPAN_LITERAL("\xc2\x80\xc2\x9b\xc2\x9f\xc2\xa0"),
		    "\"\\u0080\\u009b\\u009f\xc2\xa0\"" },
		{ SPAN_LITERAL("\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80"),
		    "\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\"" },
		{ SPAN_LITERAL("a\x80z"), "\"a\xef\xbf\xbdz\"" },
		{ SPAN_LITERAL("\xe2\x82"),
		    "\"\xef\xbf\xbd\xef\xbf\xbd\"" },
		{ SPAN_LITERAL("\xe2\x82z"),
		    "\"\xef\xbf\xbd\xef\xbf\xbdz\"" },
		{ SPAN_LITERAL("\xc3z\xc3\xa9"),
		    "\"\xef\xbf\xbdz\xc3\xa9\"" },
		{ SPAN_LITERAL("\xed\xa0\x80"),
		    "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"" },
		{ SPAN_LITERAL("\xff"), "\"\xef\xbf\xbd\"" },
	};
	struct buf b;
	size_t i;

	buf_init(&b, 1000);
	for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct err err = { 0 };

		buf_reset(&b);
		json_quote(rows[i].text, &b);
		is_str(buf_string(&b), rows[i].want, "quote %zu", i);
		is_int(json_check(buf_view(&b), &err), 0, "which is JSON");
	}
	buf_clear(&b);
}

/* Whatever the bytes are, what is written is JSON. */
static void
test_any_bytes(void)
{
	struct err err = { 0 };
	struct buf b;
	int first, second, wrong = 0;

	buf_init(&b, 1000);
	for (first = 0; first < 256; first++)
		for (second = 0; second < 256; second++) {
			char s[3] = { (char)(unsigned char)first,
				(char)(unsigned char)second, 'x' };

			buf_reset(&b);
			json_quote(span_make(s, 3), &b);
			err_clear(&err);
			if (json_check(buf_view(&b), &err) != 0)
				wrong++;
		}
	is_int(wrong, 0, "all pairs of bytes");
	buf_clear(&b);
}

int
main(void)
{
	test_writer();
	test_quote();
	test_any_bytes();
	return done_testing();
}
