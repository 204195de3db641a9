#ifndef CACHE_LOCAL_HEAD_H
#define CACHE_LOCAL_HEAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/span.h"
#include "cache/local.h"

/*
 * The two lines before an envelope in a local copy: CRC-32 and length of all
 * that follows the first ("tcl1 CRC32HEX LENGTH"), and the facts.
 */
#define LOCAL_HEAD_MAX (64 + 2048)	/* of which the ETag is the largest */

/* Both, before an envelope of that CRC-32 and length; into out, which is
 * initialised here. */
int local_head_make(const struct local_facts *facts, uint32_t crc,
    size_t length, struct buf *out, struct err *err);

/* The first line with its end, of a file that begins so; out has room for
 * LOCAL_FIRST. */
void local_head_first(const char *p, size_t n, char *out);

/* Take the first from the front of a copy: the CRC's digits, and the length. */
bool local_head_frame(struct span *rest, struct span *crc, uint64_t *length);

/* Take the line of facts, without its end. */
bool local_head_facts(struct span *rest, struct span *line);

/* Is crc, of that line with its end and the envelope behind it, the digits? */
bool local_head_is(struct span digits, struct span line, uint32_t envelope,
    size_t length);

#endif
