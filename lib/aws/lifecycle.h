#ifndef AWS_LIFECYCLE_H
#define AWS_LIFECYCLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/span.h"
#include "codec/xml.h"

/*
 * A bucket's lifecycle rules (facts/s3.md 2). A PUT replaces all of them, so
 * those of others are kept as they were read, unknown elements included. Pure.
 */
struct lifecycle_rule {
	struct span id;		/* "" when it has none */
	bool enabled;
	bool by_prefix;		/* nothing but the prefix decides */
	struct span prefix;	/* "": the whole bucket */
	int64_t days;		/* Expiration; -1: none */
	int64_t noncurrent_days;	/* NoncurrentVersionExpiration; -1 */
	int64_t newer_noncurrent;	/* how many it keeps; -1: none */
	int64_t upload_days;	/* AbortIncompleteMultipartUpload; -1 */
	bool markers;		/* ExpiredObjectDeleteMarker */
	const struct xml_node *node;	/* private */
};

/* Zero-initialise; views into memory of its own. */
struct lifecycle {
	struct lifecycle_rule *rules;
	size_t count;
	struct xml xml;
};

/* -1 with err ERR_DATA when it is no lifecycle document. */
int lifecycle_read(struct span body, struct lifecycle *out, struct err *err);
void lifecycle_clear(struct lifecycle *l);	/* harmless twice */

/* A rule to be written: days -1 for what it does not do. */
struct lifecycle_wish {
	const char *id;
	const char *prefix;
	int64_t days;
	int64_t noncurrent_days;
	int64_t upload_days;
	bool markers;		/* not together with days */
};

/*
 * The document with these rules and, in front of them, the rules of old (may
 * be NULL) that have another id than any of them.
 */
void lifecycle_write(const struct lifecycle *old,
    const struct lifecycle_wish *wishes, size_t count, struct buf *out);

#endif
