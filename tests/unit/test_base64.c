#include "tap.h"

#include "codec/base64.h"

static void
test_vectors(void)
{
	/* RFC 4648 section 10, and the two letters that differ. */
	static const struct {
		const char *plain, *padded, *url;
	} rows[] = {
		{ "", "", "" },
		{ "f", "Zg==", "Zg" },
		{ "fo", "Zm8=", "Zm8" },
		{ "foo", "Zm9v", "Zm9v" },
		{ "foob", "Zm9vYg==", "Zm9vYg" },
		{ "fooba", "Zm9vYmE=", "Zm9vYmE" },
		{ "foobar", "Zm9vYmFy", "Zm9vYmFy" },
		{ "\xfb\xff\xbf", "+/+/", "-_-_" },
	};
	struct buf b;
	size_t i;

	buf_init(&b, 100);
	for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		base64_encode(span_of(rows[i].plain), &b);
		is_str(buf_string(&b), rows[i].padded, "encode %zu", i);
		buf_reset(&b);
		base64_encode_url(span_of(rows[i].plain), &b);
		is_str(buf_string(&b), rows[i].url, "encode for URLs %zu", i);
		buf_reset(&b);
		ok(base64_decode(span_of(rows[i].padded), &b), "decode %zu",
		    i);
		is_str(buf_string(&b), rows[i].plain, "its bytes");
		buf_reset(&b);
		ok(base64_decode(span_of(rows[i].url), &b),
		    "decode for URLs %zu", i);
		is_str(buf_string(&b), rows[i].plain, "its bytes");
		buf_reset(&b);
	}
	buf_clear(&b);
}

static void
test_refused(void)
{
	static const char *const rows[] = { "A", "A===", "AA=", "=", "==",
		"====", "AAAA=", "AAAA==", "AAA==", "A=A=", "AA A", "AAAA\n",
		" AAAA", "AA*A", "Zh==", "Zm9=", "AAAAA" };
	struct buf b;
	size_t i;

	buf_init(&b, 100);
	for (i = 0; i < sizeof rows / sizeof rows[0]; i++)
		ok(!base64_decode(span_of(rows[i]), &b), "refuse '%s'",
		    rows[i]);
	buf_clear(&b);
}

static void
test_bytes(void)
{
	char all[256];
	struct buf text, back;
	int i;

	for (i = 0; i < 256; i++)
		all[i] = (char)(unsigned char)i;
	buf_init(&text, 1000);
	buf_init(&back, 1000);
	base64_encode(span_make(all, 256), &text);
	ok(base64_decode(buf_view(&text), &back), "all bytes");
	is_bytes(buf_view(&back), span_make(all, 256), "and back");
	buf_clear(&text);
	buf_clear(&back);
	buf_init(&text, 5);
	base64_encode(span_make(all, 256), &text);
	is_int(text.fault, BUF_FULL, "a full buffer is a fault");
	buf_clear(&text);
}

int
main(void)
{
	test_vectors();
	test_refused();
	test_bytes();
	return done_testing();
}
