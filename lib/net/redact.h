#ifndef NET_REDACT_H
#define NET_REDACT_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/span.h"

/* May this header field's value be shown in a trace? Authorization, tokens,
 * cookies and the like may not. */
bool redact_field(const char *name);

/*
 * A service's message for people: control bytes and invalid UTF-8 replaced,
 * cut at max bytes, and anything that looks like a key, token, signature or
 * long base64 run (40 and more) replaced by "[redacted]".
 */
void redact_text(struct span text, size_t max, struct buf *out);

/* A URL without user info and with the values of X-Amz-* query parameters
 * (presigned) and long opaque values replaced. */
void redact_url(struct span url, struct buf *out);

#endif
