/*
 * Both readers of a member agree, and hold to the maximum; what they take
 * out, and the input itself, comes back from a member of ours.
 */
#include "fuzz.h"

#include "codec/gzip.h"

enum { PLAIN_MAX = 1 << 16 };

static int
collect(void *state, const char *p, size_t n, struct err *err)
{
	struct buf *out = state;

	(void)err;
	must(n > 0 && n <= 32768);
	buf_add(out, p, n);
	return 0;
}

static void
check_round(struct span plain)
{
	struct err err = { 0 };
	struct buf member, again;

	buf_init(&member, plain.n + plain.n / 8 + 1024);
	buf_init(&again, plain.n);
	must(gzip_compress(plain, &member, &err) == 0);
	must(buf_check(&member, "member", &err) == 0);
	must(gzip_magic(buf_view(&member)));
	must(gzip_expand_into(buf_view(&member), &again, &err) == GZIP_DONE);
	must(span_equal(buf_view(&again), plain));
	buf_clear(&again);
	buf_clear(&member);
}

/* The maximum may fall anywhere; behind it there is nothing. */
static void
check_maximum(struct span bytes, struct span plain)
{
	struct err err = { 0 };
	size_t max = plain.n == 0 ? 0 : plain.n - 1;
	struct buf out;

	buf_init(&out, PLAIN_MAX);
	must(gzip_expand(bytes, plain.n, collect, &out, &err) == GZIP_DONE);
	must(out.n == plain.n);
	buf_reset(&out);
	if (plain.n > 0)
		must(gzip_expand(bytes, max, collect, &out, &err) ==
		    GZIP_TOO_LARGE);
	must(out.n <= max);
	buf_clear(&out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span bytes = fuzz_span(data, size);
	enum gzip_end streamed, whole;
	struct err err = { 0 };
	struct buf pieces, out;

	buf_init(&pieces, PLAIN_MAX);
	buf_init(&out, PLAIN_MAX);
	streamed = gzip_expand(bytes, PLAIN_MAX, collect, &pieces, &err);
	must(streamed != GZIP_ERROR);
	whole = gzip_expand_into(bytes, &out, &err);
	must(whole == streamed);
	must(pieces.n <= PLAIN_MAX && out.n <= PLAIN_MAX);
	if (streamed == GZIP_DONE) {
		must(gzip_magic(bytes));
		must(span_equal(buf_view(&pieces), buf_view(&out)));
		check_maximum(bytes, buf_view(&out));
		check_round(buf_view(&out));
	}
	check_round(bytes);
	must(gzip_crc32(gzip_crc32(0, bytes.p, size / 2),
	    size == 0 ? NULL : bytes.p + size / 2, size - size / 2) ==
	    gzip_crc32(0, bytes.p, size));
	buf_clear(&pieces);
	buf_clear(&out);
	return 0;
}
