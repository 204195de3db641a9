#ifndef CODEC_BASE64_H
#define CODEC_BASE64_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/span.h"

/* RFC 4648 section 4, padded. */
void base64_encode(struct span bytes, struct buf *out);

/* RFC 4648 section 5, without padding (JWT, DPoP). */
void base64_encode_url(struct span bytes, struct buf *out);

/*
 * Either alphabet, padding optional, no blanks. False when malformed (out may
 * then hold a part).
 */
bool base64_decode(struct span text, struct buf *out);

#endif
