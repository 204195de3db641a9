#ifndef CACHE_ENTRY_H
#define CACHE_ENTRY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/span.h"
#include "cache/key.h"

/*
 * The envelope (design section 4): {"metadata":{...},"data":...}, metadata
 * first, data last and byte-exact. Fixed arrays cut nothing: what does not
 * fit is refused.
 */
struct entry_metadata {
	int64_t schema_version;
	int64_t timestamp;		/* seconds */
	char account_id[13];
	char profile_name[256];		/* "" when keys came from env */
	char data_type[65];
	char period[8];			/* "2025-08" */
	int64_t ttl;			/* seconds */
	int64_t expires_at;
	char data_through[11];		/* last day covered, "" when none */
	int estimated;			/* 0, 1, -1 unknown (null) */
	char refreshed_by[512];
	char source[64];		/* "ce:GetCostAndUsage", "push" */
	char request_sha256[65];	/* "" when none */
	char app_version[32];
	int64_t content_length;
	char content_sha256[65];
};

/* A parsed envelope; data is a view into the text it was parsed from. */
struct entry {
	struct entry_metadata metadata;
	struct span data;
	size_t data_offset;		/* of data in the text */
};

enum entry_fault {
	ENTRY_SOUND = 0,
	ENTRY_NOT_OURS,		/* no envelope at all */
	ENTRY_UNKNOWN_SCHEMA,	/* an envelope of another schema version */
	ENTRY_BROKEN,		/* an envelope, but truncated, with bad
				   metadata, a wrong length or hash, or data
				   that is no JSON */
	ENTRY_NO_MEMORY		/* nothing can be said: out of memory */
};

/*
 * Build: content_length, content_sha256 and schema_version are computed, the
 * other fields taken from metadata; white space around data is left out, and
 * bytes of a name that are no UTF-8 become '?'. Deterministic bytes. Appended
 * to out (check with buf_check).
 */
void entry_build(const struct entry_metadata *metadata, struct span data,
    struct buf *out);

/* How deep an envelope is looked into: its frame, metadata and length always,
 * at a cost that does not depend on the data's size. */
enum entry_depth {
	ENTRY_FRAME,	/* no deeper: a local copy whose CRC was right */
	ENTRY_JSON,	/* the data is JSON: the bytes are proved otherwise */
	ENTRY_WHOLE	/* it is JSON and has its SHA-256 */
};

/*
 * Parse, and check as deep as that. White space between tokens is accepted,
 * unknown metadata members are ignored, duplicate ones refused. reason gets a
 * short text for messages (static storage).
 */
enum entry_fault entry_parse(struct span text, enum entry_depth depth,
    struct entry *out, const char **reason);

/*
 * The metadata alone, from the beginning of an envelope that may be cut
 * anywhere behind it: what its data are is not known then.
 */
enum entry_fault entry_front(struct span text, struct entry_metadata *out,
    const char **reason);

/*
 * As entry_front, and up to the first byte of the data: its offset, and the
 * length that the metadata names; data.p is NULL. false unless all of that is
 * there and sound.
 */
bool entry_begin(struct span text, struct entry *out);

/* Does the metadata name this key (account, period, type)? */
bool entry_matches(const struct entry_metadata *metadata,
    const struct key *key);

/*
 * What the data of the GetCostAndUsage built-ins says of itself. Works on
 * {"cost_and_usage":{"ResultsByTime":[...]}}.
 */
struct entry_coverage {
	bool known;		/* the shape was there */
	bool empty;		/* no period, or no group and no total at all */
	bool estimated;		/* any period is, or does not say */
	bool contiguous;	/* whole days in a row, without a gap */
	struct date start;	/* of the first Start */
	struct date end;	/* behind the last End, exclusive */
};
int entry_coverage(struct span data, struct entry_coverage *out,
    struct err *err);

/* May the metadata's entry be final, for all that it says of itself? Else its
 * data need no look. */
bool entry_may_be_final(const struct entry_metadata *metadata);

/*
 * May it live 30 days: data of a built-in GetCostAndUsage type (source
 * "ce:GetCostAndUsage") whose periods cover the whole month, not empty,
 * Estimated:false in every one? (That the month is over follows.)
 */
bool entry_final(const struct entry_metadata *metadata,
    const struct entry_coverage *coverage);

#endif
