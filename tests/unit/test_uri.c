#include "tap.h"

#include "codec/uri.h"

#define COUNT(rows) (sizeof (rows) / sizeof (rows)[0])

static void
test_encode(void)
{
	static const struct {
		const char *plain, *path, *query;
	} rows[] = {
		{ "", "", "" },
		{ "abcXYZ019-._~", "abcXYZ019-._~", "abcXYZ019-._~" },
		{ "a/b", "a/b", "a%2Fb" },
		{ "cache/v1/a b+c=~\xc3\xa9.json",
		    "cache/v1/a%20b%2Bc%3D~%C3%A9.json",
		    "cache%2Fv1%2Fa%20b%2Bc%3D~%C3%A9.json" },
		{ "//x/../y/./", "//x/../y/./", "%2F%2Fx%2F..%2Fy%2F.%2F" },
		{ "%41%", "%2541%25", "%2541%25" },
		{ "*()';,:@$&?#[]!\"<>\\^`{|}",
		    "%2A%28%29%27%3B%2C%3A%40%24%26%3F%23%5B%5D%21%22%3C%3E"
		    "%5C%5E%60%7B%7C%7D",
		    "%2A%28%29%27%3B%2C%3A%40%24%26%3F%23%5B%5D%21%22%3C%3E"
		    "%5C%5E%60%7B%7C%7D" },
		{ "\x01\x7f\xff\r\n", "%01%7F%FF%0D%0A", "%01%7F%FF%0D%0A" },
	};
	struct buf b;
	size_t i;

	buf_init(&b, 1000);
	for (i = 0; i < COUNT(rows); i++) {
		buf_reset(&b);
		uri_encode(span_of(rows[i].plain), true, &b);
		is_str(buf_string(&b), rows[i].path, "path '%s'",
		    rows[i].plain);
		buf_reset(&b);
		uri_encode(span_of(rows[i].plain), false, &b);
		is_str(buf_string(&b), rows[i].query, "query '%s'",
		    rows[i].plain);
	}
	buf_reset(&b);
	uri_encode(span_make("\0", 1), true, &b);
	is_str(buf_string(&b), "%00", "a NUL");
	buf_clear(&b);
}

static void
test_decode(void)
{
	static const struct {
		const char *text, *plain, *form;	/* NULL: refused */
	} rows[] = {
		{ "", "", "" }, { "a%20b", "a b", "a b" },
		{ "a+b", "a+b", "a b" }, { "%2B%2b", "++", "++" },
		{ "%c3%A9", "\xc3\xa9", "\xc3\xa9" }, { "%25", "%", "%" },
		{ "%2525", "%25", "%25" },
		{ "%", NULL, NULL }, { "%4", NULL, NULL },
		{ "%4g", NULL, NULL }, { "%%41", NULL, NULL },
		{ "a%2", NULL, NULL }, { "%-1", NULL, NULL },
	};
	struct buf b;
	size_t i;
	int form;

	buf_init(&b, 1000);
	for (i = 0; i < COUNT(rows); i++)
		for (form = 0; form < 2; form++) {
			const char *want = form ? rows[i].form : rows[i].plain;
			bool good;

			buf_reset(&b);
			good = uri_decode(span_of(rows[i].text), form, &b);
			ok(good == (want != NULL), "decode '%s'",
			    rows[i].text);
			if (good)
				is_str(buf_string(&b), want, "its bytes");
		}
	buf_clear(&b);
}

/* All bytes there and back. */
static void
test_round(void)
{
	char all[256];
	struct buf text, back;
	int i;

	for (i = 0; i < 256; i++)
		all[i] = (char)(unsigned char)i;
	buf_init(&text, 1000);
	buf_init(&back, 1000);
	uri_encode(span_make(all, 256), false, &text);
	ok(uri_decode(buf_view(&text), true, &back), "decode all bytes");
	is_bytes(buf_view(&back), span_make(all, 256), "there and back");
	buf_clear(&text);
	buf_clear(&back);
}

static void
test_parse(void)
{
	static const struct {
		const char *text;
		bool https;
		const char *host;
		bool ip, loopback;
		unsigned port;
		const char *path, *query, *authority;
	} rows[] = {
		{ "https://s3.eu-west-1.amazonaws.com", true,
		    "s3.eu-west-1.amazonaws.com", false, false, 443, "", "",
		    "s3.eu-west-1.amazonaws.com" },
		{ "http://localhost:9000/a/b?c=d?e", false, "localhost", false,
		    true, 9000, "/a/b", "c=d?e", "localhost:9000" },
		{ "HTTPS://Example.COM:443/", true, "Example.COM", false,
		    false, 443, "/", "", "example.com" },
		{ "http://a:80", false, "a", false, false, 80, "", "", "a" },
		{ "http://a:443", false, "a", false, false, 443, "", "",
		    "a:443" },
		{ "https://a:80", true, "a", false, false, 80, "", "",
		    "a:80" },
		{ "http://127.0.0.1:8080/x", false, "127.0.0.1", true, true,
		    8080, "/x", "", "127.0.0.1:8080" },
		{ "http://127.255.255.254", false, "127.255.255.254", true,
		    true, 80, "", "", "127.255.255.254" },
		{ "http://128.0.0.1", false, "128.0.0.1", true, false, 80, "",
		    "", "128.0.0.1" },
		{ "http://169.254.170.2/v2/credentials/x", false,
		    "169.254.170.2", true, false, 80, "/v2/credentials/x", "",
		    "169.254.170.2" },
		{ "http://[::1]:5000/", false, "::1", true, true, 5000, "/",
		    "", "[::1]:5000" },
		{ "http://[FD00:EC2::23]/v1", false, "FD00:EC2::23", true,
		    false, 80, "/v1", "", "[fd00:ec2::23]" },
		{ "http://[::ffff:127.0.0.1]", false, "::ffff:127.0.0.1",
		    true, true, 80, "", "", "[::ffff:127.0.0.1]" },
		{ "http://[0:0:0:0:0:0:0:1]", false, "0:0:0:0:0:0:0:1", true,
		    true, 80, "", "", "[0:0:0:0:0:0:0:1]" },
		{ "http://s3.LocalHost", false, "s3.LocalHost", false, true,
		    80, "", "", "s3.localhost" },
		{ "http://localhost.", false, "localhost.", false, true, 80,
		    "", "", "localhost." },
		{ "http://localhost.example.com", false,
		    "localhost.example.com", false, false, 80, "", "",
		    "localhost.example.com" },
		{ "http://notlocalhost", false, "notlocalhost", false, false,
		    80, "", "", "notlocalhost" },
		{ "http://a_b-c.d?x", false, "a_b-c.d", false, false, 80, "",
		    "x", "a_b-c.d" },
		{ "http://1.example", false, "1.example", false, false, 80,
		    "", "", "1.example" },
		{ "https://a/%20@", true, "a", false, false, 443, "/%20@", "",
		    "a" },
	};
	struct buf b;
	size_t i;

	buf_init(&b, 1000);
	for (i = 0; i < COUNT(rows); i++) {
		struct err err = { 0 };
		struct uri u;

		if (!ok(uri_parse(&u, span_of(rows[i].text), &err) == 0,
		    "URL '%s'", rows[i].text)) {
			note("%s", err.message);
			continue;
		}
		is_int(u.https, rows[i].https, "its scheme");
		is_span(u.host, rows[i].host, "its host");
		is_int(u.host_is_ip, rows[i].ip, "a literal?");
		is_int(u.host_is_loopback, rows[i].loopback, "loopback?");
		is_uint(u.port, rows[i].port, "its port");
		is_int(u.port_default, rows[i].port ==
		    (rows[i].https ? 443 : 80), "the scheme's own?");
		is_span(u.path, rows[i].path, "its path");
		is_span(u.query, rows[i].query, "its query");
		buf_reset(&b);
		uri_authority(&u, &b);
		is_str(buf_string(&b), rows[i].authority, "its authority");
	}
	buf_clear(&b);
}

static void
test_refused(void)
{
	static const char *const rows[] = {
		"", "http", "http:", "http:/", "http://", "https://",
		"http:///x", "http://?x", "//host/", "host", "host:80",
		"ftp://host", "s3://bucket/key", "httpx://a", "file:///x",
		"http://user@host", "http://u:p@host/", "http://@host",
		"http://a b", "http://a\tb", "http://a\n", " http://a",
		"http://a ", "http://a/x#y", "http://a#", "http://a/\x7f",
		"http://a/\xc3\xa9", "http://\xc3\xa9",
		"http://a:", "http://a:0", "http://a:65536", "http://a:x",
		"http://a:-1", "http://a:80:80", "http://a:000080",
		"http://:80", "http://.", "http://..", "http://.a",
		"http://a..b", "http://a%41", "http://a\\b", "http://a,b",
		"http://127.1", "http://1", "http://2130706433",
		"http://0x7f.0.0.1", "http://127.0.0.0x1", "http://256.0.0.1",
		"http://127.0.0.01", "http://1.2.3.4.5", "http://1.2.3.4.",
		"http://[::1", "http://[]", "http://[::1]x", "http://[::g]",
		"http://[127.0.0.1]", "http://[::1]:", "http://[::1]:0",
		"http://[::1%25eth0]", "http://[", "http://::1", "http://]",
		"http://[1:2:3:4:5:6:7:8:9]",
	};
	size_t i;

	for (i = 0; i < COUNT(rows); i++) {
		struct err err = { 0 };
		struct uri u;

		is_int(uri_parse(&u, span_of(rows[i]), &err), -1,
		    "refuse '%s'", rows[i]);
		is_int(err.class, ERR_USAGE, "as usage");
		ok(u.host.p == NULL, "and nothing is left");
	}
}

static void
test_messages(void)
{
	struct err err = { 0 };
	char text[5000];
	struct uri u;

	uri_parse(&u, span_of("ftp://host/"), &err);
	is_str(err.message, "'ftp://host/' is not a usable URL: it must begin "
	    "with http:// or https://", "the text is quoted");
	err_clear(&err);
	uri_parse(&u, span_of("http://user:hunter2@host/?X-Sig=abc"), &err);
	ok(strstr(err.message, "hunter2") == NULL &&
	    strstr(err.message, "X-Sig") == NULL, "but no password");
	err_clear(&err);
	memset(text, 'a', sizeof text);
	uri_parse(&u, span_make(text, sizeof text), &err);
	ok(strlen(err.message) < 400, "nor a very long text");
	err_clear(&err);
	memcpy(text, "http://", 7);
	is_int(uri_parse(&u, span_make(text, sizeof text), &err), -1,
	    "a very long host");
}

int
main(void)
{
	test_encode();
	test_decode();
	test_round();
	test_parse();
	test_refused();
	test_messages();
	return done_testing();
}
