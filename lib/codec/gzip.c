#include "codec/gzip.h"

#include <stdlib.h>
#include <string.h>

#include <zlib.h>

#include "codec/hex.h"

/* zlib counts in unsigned int; inputs are handed over in steps. */
#define STEP ((size_t)1 << 30)

/* Windows of deflate; 16 more asks zlib for gzip's wrapper. */
#define GZIP_WINDOW (15 + 16)

/* RFC 1952: the least header, and the trailer. */
#define HEADER 10
#define TRAILER 8

/* Small enough to stay in a core's cache between inflate and sink. */
#define PIECE ((size_t)32768)

uint32_t
gzip_crc32(uint32_t crc, const void *p, size_t n)
{
	/* zlib takes NULL as "give me the initial value". */
	return n == 0 ? crc : (uint32_t)crc32_z(crc, p, n);
}

uint32_t
gzip_crc32_join(uint32_t front, uint32_t back, size_t n)
{
	return (uint32_t)crc32_combine(front, back, (z_off_t)n);
}

bool
gzip_crc32_is(struct span digits, struct span bytes)
{
	uint32_t sum = gzip_crc32(0, bytes.p, bytes.n);
	unsigned char crc[4];

	return digits.n == 2 * sizeof crc &&
	    hex_decode(digits, crc, sizeof crc) &&
	    crc[0] == (unsigned char)(sum >> 24) &&
	    crc[1] == (unsigned char)(sum >> 16) &&
	    crc[2] == (unsigned char)(sum >> 8) &&
	    crc[3] == (unsigned char)sum;
}

bool
gzip_magic(struct span bytes)
{
	return span_starts(bytes, "\x1f\x8b\x08");
}

/* The trailer is CRC-32 and length (modulo 2^32), four bytes each, the lowest
 * first; end: how far before the member's end the number ends. */
static uint32_t
trailer_number(struct span member, size_t end)
{
	const unsigned char *p = (const unsigned char *)member.p + member.n -
	    end - 4;

	return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 |
	    (uint32_t)p[3] << 24;
}

uint32_t
gzip_trailer_crc32(struct span member)
{
	return member.n < TRAILER ? 0 : trailer_number(member, 4);
}

uint32_t
gzip_trailer_length(struct span member)
{
	return member.n < TRAILER ? 0 : trailer_number(member, 0);
}

/* zlib's next_in is not const, but zlib does not write there. */
static void
feed(z_stream *z, struct span *rest)
{
	size_t n = rest->n < STEP ? rest->n : STEP;

	if (z->avail_in > 0 || n == 0)
		return;
	z->next_in = (z_const Bytef *)(uintptr_t)rest->p;
	z->avail_in = (uInt)n;
	*rest = span_make(rest->p + n, rest->n - n);
}

/* Never asks for more than fits, unless nothing fits any more. */
static char *
reserve_some(struct buf *out, size_t want, size_t *got)
{
	size_t left = out->max - out->n;

	*got = want < left ? want : left;
	if (*got == 0)
		*got = 1;
	return buf_reserve(out, *got);
}

static int
deflate_all(z_stream *z, struct span plain, struct buf *out)
{
	int code = Z_OK;

	while (code != Z_STREAM_END) {
		size_t room;
		char *to = reserve_some(out, PIECE, &room);

		if (to == NULL)
			return out->fault == BUF_FULL ? 0 : -1;
		feed(z, &plain);
		z->next_out = (Bytef *)to;
		z->avail_out = (uInt)room;
		code = deflate(z, plain.n == 0 ? Z_FINISH : Z_NO_FLUSH);
		if (code != Z_OK && code != Z_STREAM_END &&
		    code != Z_BUF_ERROR)
			return -1;
		out->n += room - z->avail_out;
		out->p[out->n] = '\0';
	}
	return 0;
}

int
gzip_compress(struct span plain, struct buf *out, struct err *err)
{
	gz_header header;
	z_stream z;
	int status = -1;

	memset(&z, 0, sizeof z);
	memset(&header, 0, sizeof header);
	header.os = 255;
	/* Of documents of costs 7 makes a twentieth less than 6 in the same
	 * time; 8 takes twice as long for half as much again. */
	if (deflateInit2(&z, 7, Z_DEFLATED, GZIP_WINDOW, 8,
	    Z_DEFAULT_STRATEGY) != Z_OK)
		return err_memory(err);
	if (deflateSetHeader(&z, &header) == Z_OK)
		status = deflate_all(&z, plain, out);
	/* Data is left over, which is an error to zlib, when out is full. */
	(void)deflateEnd(&z);
	return status == 0 ? 0 : err_memory(err);
}

/* What zlib's answer means, when it is not plain progress. */
static enum gzip_end
ending(const z_stream *z, int code, struct span rest)
{
	switch (code) {
	case Z_STREAM_END:
		return z->avail_in == 0 && rest.n == 0 ? GZIP_DONE :
		    GZIP_CORRUPT;
	case Z_MEM_ERROR:
		return GZIP_ERROR;
	case Z_BUF_ERROR:
		return GZIP_TRUNCATED;
	default:
		return GZIP_CORRUPT;
	}
}

struct gzip_reader {
	z_stream z;
	struct span rest;
	bool over;
	enum gzip_end end;
	char piece[PIECE];
};

struct gzip_reader *
gzip_reader_new(struct span member)
{
	struct gzip_reader *r = malloc(sizeof *r);

	if (r == NULL)
		return NULL;
	memset(&r->z, 0, sizeof r->z);
	r->rest = member;
	r->over = false;
	r->end = GZIP_TRUNCATED;
	if (inflateInit2(&r->z, GZIP_WINDOW) != Z_OK) {
		free(r);
		return NULL;
	}
	return r;
}

void
gzip_reader_free(struct gzip_reader *r)
{
	if (r == NULL)
		return;
	(void)inflateEnd(&r->z);
	free(r);
}

bool
gzip_reader_next(struct gzip_reader *r, struct span *piece)
{
	size_t n = 0;
	int code;

	while (n == 0 && !r->over) {
		feed(&r->z, &r->rest);
		r->z.next_out = (Bytef *)r->piece;
		r->z.avail_out = (uInt)PIECE;
		code = inflate(&r->z, Z_NO_FLUSH);
		n = PIECE - r->z.avail_out;
		/* Without room or input, Z_BUF_ERROR only asks for more. */
		if (code == Z_BUF_ERROR && (n > 0 || r->rest.n > 0))
			continue;
		r->over = code != Z_OK;
		if (r->over)
			r->end = ending(&r->z, code, r->rest);
	}
	*piece = span_make(r->piece, n);
	return n > 0;
}

enum gzip_end
gzip_reader_end(const struct gzip_reader *r)
{
	return r->end;
}

enum gzip_end
gzip_expand(struct span bytes, size_t max, gzip_sink *sink, void *state,
    struct err *err)
{
	struct gzip_reader *r = gzip_reader_new(bytes);
	enum gzip_end end = GZIP_ERROR;
	struct span piece;

	if (r == NULL) {
		err_memory(err);
		return GZIP_ERROR;
	}
	while (gzip_reader_next(r, &piece)) {
		if (piece.n > max) {
			end = GZIP_TOO_LARGE;
			goto out;
		}
		max -= piece.n;
		if (sink(state, piece.p, piece.n, err) != 0)
			goto out;
	}
	end = gzip_reader_end(r);
	if (end == GZIP_ERROR)
		err_memory(err);
out:
	gzip_reader_free(r);
	return end;
}

/*
 * The trailer tells the length (modulo 2^32): one allocation instead of a
 * dozen. It is only a hint from outside, so it is held down to what that many
 * compressed bytes can give, and to a size that is no risk.
 */
static void
reserve_hint(struct span bytes, struct buf *out)
{
	const size_t most = (size_t)16 << 20;
	size_t left = out->max - out->n, hint;

	if (bytes.n < HEADER + TRAILER || out->fault != BUF_SOUND)
		return;
	hint = gzip_trailer_length(bytes);
	if (hint <= left && hint <= most && hint / 1032 <= bytes.n)
		(void)buf_reserve(out, hint);
}

/* Straight into the buffer: with room for all of it zlib keeps no window. */
static enum gzip_end
inflate_into(z_stream *z, struct span rest, struct buf *out, struct err *err)
{
	for (;;) {
		size_t left = out->max - out->n, room = out->room - out->n;
		/* At the maximum one byte tells whether there is more. */
		bool last = left == 0;
		Bytef beyond;
		int code;

		if (!last && room <= 1) {
			if (buf_reserve(out, left < PIECE ? left : PIECE) ==
			    NULL) {
				(void)buf_check(out, "the decompressed text",
				    err);
				return GZIP_ERROR;
			}
			room = out->room - out->n;
		}
		feed(z, &rest);
		z->next_out = last ? &beyond : (Bytef *)out->p + out->n;
		room = last ? 1 : room - 1 < left ? room - 1 : left;
		room = room < STEP ? room : STEP;
		z->avail_out = (uInt)room;
		code = inflate(z, rest.n == 0 ? Z_FINISH : Z_NO_FLUSH);
		room -= z->avail_out;
		if (last && room > 0)
			return GZIP_TOO_LARGE;
		if (!last) {
			out->n += room;
			out->p[out->n] = '\0';
		}
		if (code == Z_BUF_ERROR && (room > 0 || rest.n > 0 ||
		    z->avail_out == 0))
			continue;
		if (code == Z_MEM_ERROR)
			err_memory(err);
		if (code != Z_OK)
			return ending(z, code, rest);
	}
}

enum gzip_end
gzip_expand_into(struct span bytes, struct buf *out, struct err *err)
{
	enum gzip_end end;
	z_stream z;

	if (out->fault != BUF_SOUND) {
		(void)buf_check(out, "the decompressed text", err);
		return GZIP_ERROR;
	}
	memset(&z, 0, sizeof z);
	if (inflateInit2(&z, GZIP_WINDOW) != Z_OK) {
		err_memory(err);
		return GZIP_ERROR;
	}
	reserve_hint(bytes, out);
	end = inflate_into(&z, bytes, out, err);
	(void)inflateEnd(&z);
	return end;
}
