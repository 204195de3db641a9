#include "tap.h"

#include <stdlib.h>

#include "codec/gzip.h"

/* "hello" as a stored block: nothing to decode, all to check. */
#define STORED "\x01\x05\x00\xfa\xff" "hello"
#define TRAILER "\x86\xa6\x10\x36" "\x05\x00\x00\x00"
#define HEADER "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
#define HELLO HEADER STORED TRAILER

#define BYTES(literal) span_make((literal), sizeof(literal) - 1)

static const char *
end_name(enum gzip_end end)
{
	static const char *const names[] = { "done", "truncated", "corrupt",
		"too large", "error" };

	return names[end];
}

static void
test_crc32(void)
{
	is_uint(gzip_crc32(0, "", 0), 0, "CRC of nothing");
	is_uint(gzip_crc32(0, NULL, 0), 0, "CRC of NULL");
	is_uint(gzip_crc32(0, "123456789", 9), 0xcbf43926, "CRC check value");
	is_uint(gzip_crc32(gzip_crc32(0, "1234", 4), "56789", 5), 0xcbf43926,
	    "CRC in two steps");
	is_uint(gzip_crc32(0xcbf43926, NULL, 0), 0xcbf43926,
	    "nothing changes nothing");
	is_uint(gzip_crc32_join(gzip_crc32(0, "1234", 4),
	    gzip_crc32(0, "56789", 5), 5), 0xcbf43926, "CRC of two joined");
	is_uint(gzip_crc32_join(0, 0xcbf43926, 9), 0xcbf43926,
	    "with nothing before");
	is_uint(gzip_crc32_join(0xcbf43926, 0, 0), 0xcbf43926,
	    "with nothing behind");
	ok(gzip_crc32_is(span_of("cbf43926"), span_of("123456789")),
	    "in digits");
	ok(gzip_crc32_is(span_of("00000000"), span_of("")), "of nothing");
	ok(!gzip_crc32_is(span_of("cbf43927"), span_of("123456789")),
	    "another");
	ok(!gzip_crc32_is(span_of("bf43926"), span_of("123456789")),
	    "seven digits");
	ok(!gzip_crc32_is(span_of("cbf439260"), span_of("123456789")),
	    "nine");
	ok(!gzip_crc32_is(span_of("cbf4392g"), span_of("123456789")),
	    "no digit");
}

static void
test_magic(void)
{
	ok(gzip_magic(BYTES(HELLO)), "magic");
	ok(gzip_magic(BYTES("\x1f\x8b\x08")), "magic alone");
	ok(!gzip_magic(BYTES("\x1f\x8b")), "too short");
	ok(!gzip_magic(BYTES("\x1f\x8b\x07")), "another method");
	ok(!gzip_magic(BYTES("bvx2")), "LZFSE");
	ok(!gzip_magic(BYTES("{\"metadata\"")), "JSON");
	ok(!gzip_magic(span_make(NULL, 0)), "nothing");
}

static void
test_trailer(void)
{
	is_uint(gzip_trailer_crc32(BYTES(HELLO)), gzip_crc32(0, "hello", 5),
	    "the trailer's CRC");
	is_uint(gzip_trailer_crc32(BYTES("\x1f\x8b\x08\x00\x01\x02\x03")), 0,
	    "of what is shorter than a trailer");
	is_uint(gzip_trailer_crc32(span_make(NULL, 0)), 0, "of nothing");
	is_uint(gzip_trailer_length(BYTES(HELLO)), 5, "the trailer's length");
	is_uint(gzip_trailer_length(BYTES("\x1f\x8b\x08\x00\x01\x02\x03")), 0,
	    "of what is shorter than a trailer");
}

/* A member in a copy of exactly its size, read to its end, and once more. */
static enum gzip_end
read_all(struct span member, struct buf *out)
{
	char *copy = malloc(member.n + 1);
	struct gzip_reader *r;
	enum gzip_end end = GZIP_ERROR;
	struct span piece;

	buf_init(out, (size_t)1 << 20);
	if (copy != NULL && member.n > 0)
		memcpy(copy, member.p, member.n);
	r = copy == NULL ? NULL :
	    gzip_reader_new(span_make(copy, member.n));
	if (r != NULL) {
		while (gzip_reader_next(r, &piece)) {
			ok(piece.n > 0 && piece.n <= 32768, "a piece");
			buf_add_span(out, piece);
		}
		ok(!gzip_reader_next(r, &piece) && piece.n == 0,
		    "nothing comes behind the end");
		end = gzip_reader_end(r);
	}
	gzip_reader_free(r);
	free(copy);
	return end;
}

static void
test_members(void)
{
	static const struct {
		const char *name;
		struct span bytes;
		enum gzip_end end;
	} rows[] = {
		{ "plain", SPAN_LITERAL(HELLO), GZIP_DONE },
		{ "with a name", SPAN_LITERAL("\x1f\x8b\x08\x08\0\0\0\0\0\x03"
		    "a.json\0" STORED TRAILER), GZIP_DONE },
		{ "with a comment", SPAN_LITERAL("\x1f\x8b\x08\x10\0\0\0\0\0"
		    "\x03" "hi\0" STORED TRAILER), GZIP_DONE },
		{ "with an extra field", SPAN_LITERAL("\x1f\x8b\x08\x04\0\0\0"
		    "\0\0\x03\x04\x00" "abcd" STORED TRAILER), GZIP_DONE },
		{ "with a header CRC", SPAN_LITERAL("\x1f\x8b\x08\x02\0\0\0\0"
		    "\0\xff\x90\xc9" STORED TRAILER), GZIP_DONE },
		{ "with a wrong header CRC", SPAN_LITERAL("\x1f\x8b\x08\x02\0"
		    "\0\0\0\0\xff\x91\xc9" STORED TRAILER), GZIP_CORRUPT },
		{ "with an mtime", SPAN_LITERAL("\x1f\x8b\x08\x00\x01\x02\x03"
		    "\x04\x02\x03" STORED TRAILER), GZIP_DONE },
		{ "of nothing", SPAN_LITERAL(HEADER "\x03\x00" "\0\0\0\0"
		    "\0\0\0\0"), GZIP_DONE },
		{ "wrong CRC", SPAN_LITERAL(HEADER STORED "\x87\xa6\x10\x36"
		    "\x05\0\0\0"), GZIP_CORRUPT },
		{ "wrong length", SPAN_LITERAL(HEADER STORED "\x86\xa6\x10\x36"
		    "\x06\0\0\0"), GZIP_CORRUPT },
		{ "wrong block", SPAN_LITERAL(HEADER "\x07" "hello" TRAILER),
		    GZIP_CORRUPT },
		{ "wrong stored length", SPAN_LITERAL(HEADER
		    "\x01\x05\x00\xfb\xff" "hello" TRAILER), GZIP_CORRUPT },
		{ "a byte behind it", SPAN_LITERAL(HELLO "\0"),
		    GZIP_CORRUPT },
		{ "a second member", SPAN_LITERAL(HELLO HELLO),
		    GZIP_CORRUPT },
		{ "another method", SPAN_LITERAL("\x1f\x8b\x07\0\0\0\0\0\0\xff"
		    STORED TRAILER), GZIP_CORRUPT },
		{ "reserved flags", SPAN_LITERAL("\x1f\x8b\x08\xe0\0\0\0\0\0"
		    "\xff" STORED TRAILER), GZIP_CORRUPT },
		{ "zlib's own wrapper", SPAN_LITERAL("\x78\x9c\x03\x00\x00\x00"
		    "\x00\x01"), GZIP_CORRUPT },
		{ "JSON", SPAN_LITERAL("{\"a\":1}"), GZIP_CORRUPT },
		{ "nothing at all", { NULL, 0 }, GZIP_TRUNCATED },
	};
	size_t i;

	for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct err err = { 0 };
		enum gzip_end end;
		struct buf b;

		buf_init(&b, 100);
		end = gzip_expand_into(rows[i].bytes, &b, &err);
		is_str(end_name(end), end_name(rows[i].end), "%s",
		    rows[i].name);
		is_int(err.class, ERR_NONE, "no error object");
		if (end == GZIP_DONE && b.n > 0)
			is_str(buf_string(&b), "hello", "its text");
		buf_clear(&b);
		is_str(end_name(read_all(rows[i].bytes, &b)),
		    end_name(rows[i].end), "piece by piece");
		if (end == GZIP_DONE && b.n > 0)
			is_str(buf_string(&b), "hello", "its text");
		buf_clear(&b);
	}
}

static void
test_truncated(void)
{
	static const struct span whole = SPAN_LITERAL(HELLO);
	struct err err = { 0 };
	int wrong = 0;
	size_t n;

	for (n = 0; n < whole.n; n++) {
		struct buf b;

		buf_init(&b, 100);
		if (gzip_expand_into(span_make(whole.p, n), &b, &err) !=
		    GZIP_TRUNCATED)
			wrong++;
		buf_clear(&b);
	}
	is_int(wrong, 0, "truncated after each of its bytes");
}

/* Any byte of deflate data and trailer may change: never taken as sound. */
static void
test_corrupt(void)
{
	static const char text[] = "{\"ResultsByTime\":[{\"TimePeriod\":{"
	    "\"Start\":\"2025-08-01\",\"End\":\"2025-08-02\"}}]}";
	struct err err = { 0 };
	struct buf packed, b;
	size_t i;
	int wrong = 0;

	buf_init(&packed, 1000);
	is_int(gzip_compress(span_of(text), &packed, &err), 0, "compress");
	for (i = 10; i < packed.n; i++) {
		packed.p[i] ^= 0x10;
		buf_init(&b, 100000);
		if (gzip_expand_into(buf_view(&packed), &b, &err) ==
		    GZIP_DONE)
			wrong++;
		buf_clear(&b);
		packed.p[i] ^= 0x10;
	}
	is_int(wrong, 0, "a flipped bit in each byte");
	is_int(err.class, ERR_NONE, "no error object");
	buf_clear(&packed);
}

struct pieces {
	size_t count, total, largest;
	size_t stop_at;
};

static int
count_piece(void *state, const char *p, size_t n, struct err *err)
{
	struct pieces *s = state;

	(void)p;
	s->count++;
	s->total += n;
	if (n > s->largest)
		s->largest = n;
	if (s->count == s->stop_at)
		return err_set(err, ERR_NETWORK, "pipe closed");
	return 0;
}

static void
test_sizes(void)
{
	static const size_t sizes[] = { 0, 1, 32767, 32768, 32769, 65536,
		1000000 };
	struct err err = { 0 };
	size_t i, k;

	for (i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
		size_t n = sizes[i];
		struct pieces p = { 0 };
		struct buf packed, b;
		char *text = malloc(n + 1);
		uint32_t seed = 1;

		if (!ok(text != NULL, "%zu bytes", n))
			continue;
		for (k = 0; k < n; k++) {
			seed = seed * 1103515245 + 12345;
			text[k] = (char)('a' + (seed >> 16 & 15));
		}
		buf_init(&packed, n + 1000);
		buf_init(&b, n);
		is_int(gzip_compress(span_make(text, n), &packed, &err), 0,
		    "compressed");
		is_int(buf_check(&packed, "it", &err), 0, "whole");
		ok(packed.n >= 10 && memcmp(packed.p, HEADER, 4) == 0 &&
		    memcmp(packed.p + 4, "\0\0\0\0\0\xff", 6) == 0,
		    "no time, no name, no system");
		is_str(end_name(gzip_expand_into(buf_view(&packed), &b, &err)),
		    "done", "expanded into just enough room");
		ok(span_equal(buf_view(&b), span_make(text, n)),
		    "the same bytes");
		is_str(end_name(gzip_expand(buf_view(&packed), n, count_piece,
		    &p, &err)), "done", "expanded to a sink");
		is_uint(p.total, n, "all of them");
		ok(p.largest <= 65536, "in small pieces");
		memset(&p, 0, sizeof p);
		if (n > 0)
			is_str(end_name(gzip_expand(buf_view(&packed), n - 1,
			    count_piece, &p, &err)), "too large",
			    "a byte too many");
		ok(p.total <= n, "the sink got no more than the cap");
		free(text);
		buf_clear(&packed);
		buf_clear(&b);
	}
	is_int(err.class, ERR_NONE, "no error object");
}

static void
test_bomb(void)
{
	struct err err = { 0 };
	struct pieces p = { 0 };
	struct buf packed, b;
	char *zeros = calloc(1, 8 << 20);

	buf_init(&packed, 1 << 20);
	buf_init(&b, 100000);
	if (ok(zeros != NULL, "8 MiB of zeros")) {
		is_int(gzip_compress(span_make(zeros, 8 << 20), &packed,
		    &err), 0, "compressed");
		note("to %zu bytes", packed.n);
	}
	is_str(end_name(gzip_expand_into(buf_view(&packed), &b, &err)),
	    "too large", "expansion ends at the cap");
	is_int(b.fault, BUF_SOUND, "the buffer is not at fault");
	p.stop_at = 3;
	is_str(end_name(gzip_expand(buf_view(&packed), 8 << 20, count_piece,
	    &p, &err)), "error", "the sink says no");
	is_int(err.class, ERR_NETWORK, "with its own error");
	is_uint(p.count, 3, "and is not called again");
	free(zeros);
	buf_clear(&packed);
	buf_clear(&b);
}

static void
test_full(void)
{
	struct err err = { 0 };
	struct buf b;
	size_t max;
	int wrong = 0;

	for (max = 0; max < 25; max++) {
		buf_init(&b, max);
		if (gzip_compress(BYTES("hello"), &b, &err) != 0 ||
		    b.fault != BUF_FULL)
			wrong++;
		buf_clear(&b);
	}
	is_int(wrong, 0, "no room for the compressed text");
	buf_init(&b, 25);
	is_int(gzip_compress(BYTES("hello"), &b, &err), 0, "just enough");
	is_uint(b.n, 25, "as long as it is");
	is_int(buf_check(&b, "it", &err), 0, "and no fault");
	buf_clear(&b);
	buf_init(&b, 100);
	buf_add_string(&b, ">");
	is_int(gzip_expand_into(BYTES(HELLO), &b, &err), GZIP_DONE, "append");
	is_str(buf_string(&b), ">hello", "behind what is there");
	b.fault = BUF_NO_MEMORY;
	is_int(gzip_expand_into(BYTES(HELLO), &b, &err), GZIP_ERROR,
	    "a buffer at fault");
	is_int(err.class, ERR_INTERNAL, "is an error");
	buf_clear(&b);
}

static void
test_same(void)
{
	struct err err = { 0 };
	struct buf a, b;

	buf_init(&a, 100);
	buf_init(&b, 100);
	gzip_compress(BYTES("hello hello hello"), &a, &err);
	gzip_compress(BYTES("hello hello hello"), &b, &err);
	is_bytes(buf_view(&a), buf_view(&b), "deterministic");
	buf_clear(&a);
	buf_clear(&b);
}

static void
test_reader(void)
{
	struct buf text, packed, out;
	struct err err = { 0 };
	int i;

	buf_init(&text, (size_t)1 << 20);
	buf_init(&packed, (size_t)1 << 20);
	for (i = 0; text.n < 200000; i++)
		buf_addf(&text, "%d,", i * i % 65537);
	is_int(gzip_compress(buf_view(&text), &packed, &err), 0, "compress");
	is_uint(gzip_trailer_length(buf_view(&packed)), text.n, "its length");
	is_str(end_name(read_all(buf_view(&packed), &out)), "done", "read");
	ok(span_equal(buf_view(&out), buf_view(&text)), "the same text");
	buf_clear(&out);
	is_str(end_name(read_all(span_make(packed.p, packed.n / 2), &out)),
	    "truncated", "half of it");
	ok(out.n > 32768 && memcmp(out.p, text.p, out.n) == 0,
	    "gives what can be had");
	buf_clear(&out);
	packed.p[packed.n / 2] ^= 0x10;
	is_str(end_name(read_all(buf_view(&packed), &out)), "corrupt",
	    "with a bit changed");
	buf_clear(&out);
	gzip_reader_free(NULL);
	buf_clear(&packed);
	buf_clear(&text);
}

int
main(void)
{
	test_reader();
	test_crc32();
	test_magic();
	test_trailer();
	test_members();
	test_truncated();
	test_corrupt();
	test_sizes();
	test_bomb();
	test_full();
	test_same();
	return done_testing();
}
