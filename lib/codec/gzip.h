#ifndef CODEC_GZIP_H
#define CODEC_GZIP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/span.h"

/* CRC-32 as gzip has it. Start with 0; feed the result back in to go on. */
uint32_t gzip_crc32(uint32_t crc, const void *p, size_t n);

/* The CRC-32 of bytes that end with n of which the CRC-32 is back; front is of
 * what stands before them. */
uint32_t gzip_crc32_join(uint32_t front, uint32_t back, size_t n);

/* Is digits, eight of hex, the CRC-32 of the bytes? */
bool gzip_crc32_is(struct span digits, struct span bytes);

/* Does it start like a gzip member (RFC 1952: 1f 8b 08)? */
bool gzip_magic(struct span bytes);

/* The CRC-32 of the plain bytes as a member's trailer has it: to be believed
 * once it has been expanded. */
uint32_t gzip_trailer_crc32(struct span member);

/*
 * One gzip member, deterministic: level 7, mtime 0, no name, OS 255. Appended
 * to out; its maximum is checked by the caller with buf_check. -1 on memory.
 * Takes about 270 KiB beside out.
 */
int gzip_compress(struct span plain, struct buf *out, struct err *err);

/* The length of the plain bytes, modulo 2^32, as a member's trailer has it: to
 * be believed as little. */
uint32_t gzip_trailer_length(struct span member);

/*
 * Streaming inflation of exactly one gzip member. The sink gets the plain
 * bytes in pieces of at most 32 KiB; it returns 0, or -1 with err set to stop.
 */
typedef int gzip_sink(void *state, const char *p, size_t n, struct err *err);

/* How an inflation ended; GZIP_ERROR means err is set. */
enum gzip_end {
	GZIP_DONE,
	GZIP_TRUNCATED,		/* ends early */
	GZIP_CORRUPT,		/* bad header, deflate data, CRC or length, or
				   bytes after the member */
	GZIP_TOO_LARGE,		/* more than max plain bytes; the sink got no
				   more than max */
	GZIP_ERROR		/* out of memory, or the sink said no */
};

/*
 * The same, asked for piece by piece. _new takes about 72 KiB, NULL when it
 * cannot; the member is borrowed. _next gives the next plain bytes, at most
 * 32 KiB (in a view until the next call), and false at the end, which _end
 * then tells: not GZIP_TOO_LARGE, and GZIP_ERROR is lack of memory. _free of
 * NULL is harmless.
 */
struct gzip_reader;
struct gzip_reader *gzip_reader_new(struct span member);
bool gzip_reader_next(struct gzip_reader *r, struct span *piece);
enum gzip_end gzip_reader_end(const struct gzip_reader *r);
void gzip_reader_free(struct gzip_reader *r);

/*
 * Memory is about 72 KiB beside the sink's. The CRC-32 and length of the
 * trailer are verified. A name, comment, extra field or header CRC are
 * accepted. err is set only for GZIP_ERROR.
 */
enum gzip_end gzip_expand(struct span bytes, size_t max, gzip_sink *sink,
    void *state, struct err *err);

/* As gzip_expand, appended to a buffer whose own max is the cap; what it got
 * before a failure stays in it. No other memory than zlib's: 8 KiB, or 40 KiB
 * where the trailer's length is no help. */
enum gzip_end gzip_expand_into(struct span bytes, struct buf *out,
    struct err *err);

#endif
