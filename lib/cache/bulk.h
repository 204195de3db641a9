#ifndef CACHE_BULK_H
#define CACHE_BULK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/span.h"
#include "cache/entry.h"
#include "codec/gzip.h"

/*
 * A large entry whose plain text is never whole in memory: its gzip member is,
 * as it came from S3, or a file of the local store is open. The envelope can be
 * had piece by piece, as often as wanted. Zero-initialise with bulk_init.
 */
struct bulk {
	bool there;
	size_t length;		/* of the envelope */
	struct buf packed;	/* the member, unless it is in a file */
	int fd;			/* -1: it is not */
	size_t offset;		/* of the envelope in the file */
};

void bulk_init(struct bulk *b);
void bulk_clear(struct bulk *b);	/* harmless twice */

/*
 * Is a gzip member the envelope of a sound entry of at most max bytes? Looked
 * at piece by piece; depth is ENTRY_JSON or ENTRY_WHOLE. *out is what
 * entry_parse makes of it, but that data.p is NULL. false does not say why:
 * what is broken or has much white space before its data, what may be final
 * (entry_may_be_final: each of its periods has to be looked at), and what there
 * was no memory for, is for entry_parse to judge.
 */
bool bulk_sound(struct span member, enum entry_depth depth, size_t max,
    struct entry *out);

/*
 * The same of a file that has length bytes from offset on, as deep as
 * ENTRY_FRAME, with their CRC-32. The file's own position does not matter.
 */
bool bulk_file_sound(int fd, size_t offset, size_t length, struct entry *out,
    uint32_t *crc);

/* Hold such a member of such an entry; it is taken. */
void bulk_hold(struct bulk *b, struct buf *member);

/* Hold such a file, which is taken; what was held before is given back. */
void bulk_hold_file(struct bulk *b, int fd, size_t offset, size_t length);

/* Give n bytes of the envelope, from on, to a sink in pieces of at most 32 KiB.
 * -1 with err when the sink said no, for memory, or a file that is cut. */
int bulk_send(const struct bulk *b, size_t from, size_t n, gzip_sink *sink,
    void *state, struct err *err);

#endif
