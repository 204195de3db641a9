#ifndef CACHE_REMOTE_H
#define CACHE_REMOTE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "cache/bulk.h"
#include "cache/entry.h"
#include "cache/key.h"
#include "cache/session.h"

/* x-amz-meta-schema-version of what we write. */
#define REMOTE_SCHEMA "1"

/* What says that an object is a probe of ours, which may be removed. */
#define REMOTE_PROBE_META "teamcache-probe"
#define REMOTE_PROBE_FIELD "x-amz-meta-" REMOTE_PROBE_META

/* What a look at an entry in S3 found (design section 4). */
enum remote_found {
	REMOTE_FOUND,		/* a sound entry of this key */
	REMOTE_NOT_MODIFIED,	/* the local copy's ETag still holds */
	REMOTE_ABSENT,
	REMOTE_UNPROVABLE,	/* 403 that may mean "missing": err says */
	REMOTE_FOREIGN,		/* not ours: a miss, never touched */
	REMOTE_LARGE,		/* over a cap: a miss, never touched */
	REMOTE_CORRUPT,		/* ours and broken: a miss; removed where that
				   is safe */
	REMOTE_DENIED,		/* reading is denied; err */
	REMOTE_NO_BUCKET,	/* missing or owned by another; err */
	REMOTE_DOWN,		/* network, throttling, outage; err */
	REMOTE_ERROR		/* anything else; err */
};

struct remote_entry {
	enum remote_found found;
	struct buf text;	/* the plain envelope */
	struct entry entry;	/* views into text */
	bool may_be_bulk;	/* the caller takes it so, too: the text is
				   empty then, and the data a length */
	struct bulk bulk;
	bool has_crc;
	uint32_t crc;		/* CRC-32 of the envelope, where it is known */
	char etag[132];
	int64_t last_modified;	/* -1 unknown */
	int64_t date;		/* S3's clock, -1 unknown */
	int64_t length;		/* as it lies there, -1 unknown */
	bool exists;		/* something lies at the key */
	struct err err;
};

void remote_init(struct remote_entry *r, size_t max);
void remote_clear(struct remote_entry *r);

/* One GET, conditional when etag is not NULL; a corrupt object is deleted on
 * the way. */
enum remote_found remote_get(struct session *s, const struct key *key,
    const char *etag, struct remote_entry *out);

/* One HEAD: existence, ETag, and whether the object is ours by its headers
 * (FOUND, else FOREIGN). text stays empty. */
enum remote_found remote_look(struct session *s, const struct key *key,
    struct remote_entry *out);

enum remote_stored {
	REMOTE_STORED,
	REMOTE_REFUSED,		/* 412 or 409: somebody else wrote */
	REMOTE_GONE,		/* 404 on If-Match */
	REMOTE_FAILED		/* err */
};

/* What to store, and under which condition: if_match is the ETag to replace,
 * if_absent writes only where nothing is; neither: unconditionally. */
struct remote_write {
	const struct entry_metadata *metadata;
	struct span envelope;
	const char *if_match;
	bool if_absent;
};

struct remote_written {
	char etag[132];
	int64_t date;		/* S3's clock, -1 unknown */
	bool ambiguous;		/* an earlier attempt may have won */
};

/* Store an envelope, compressed, with its headers (design section 4). */
enum remote_stored remote_put(struct session *s, const struct key *key,
    const struct remote_write *write, struct remote_written *out,
    struct err *err);

/* Does the store honour If-Match on DELETE (AWS: yes; elsewhere proved once
 * with a probe object of our own under the key's account, and remembered)? */
bool remote_conditional_delete(struct session *s, const struct key *key);

/* The proof itself, with a probe object at that key: 1 honoured, 0 not, -1
 * with err. Nothing of it is remembered. */
int remote_delete_honoured(struct session *s, struct s3 *s3,
    const char *probe, struct err *err);

#endif
