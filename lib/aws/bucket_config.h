#ifndef AWS_BUCKET_CONFIG_H
#define AWS_BUCKET_CONFIG_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/span.h"

/*
 * How a bucket is configured, part by part: the documents that S3 answers
 * with and takes, as values (facts/s3.md 1, 2). Pure. The rules of the
 * lifecycle are lifecycle.h's.
 */
enum bucket_config_part {
	BUCKET_CONFIG_VERSIONING, BUCKET_CONFIG_ENCRYPTION,
	BUCKET_CONFIG_PUBLIC_ACCESS, BUCKET_CONFIG_OWNERSHIP,
	BUCKET_CONFIG_POLICY, BUCKET_CONFIG_POLICY_STATUS,
	BUCKET_CONFIG_LIFECYCLE, BUCKET_CONFIG_LOGGING,
	BUCKET_CONFIG_PARTS
};

struct bucket_config_info {
	const char *query;	/* canonical: "versioning=" */
	const char *what;	/* "versioning", for messages */
	const char *read_action;	/* "s3:GetBucketVersioning" */
	const char *write_action;	/* NULL: nobody writes it here */
	const char *type;	/* content type of the body */
};

const struct bucket_config_info *bucket_config_info(
    enum bucket_config_part part);

/*
 * Reading. Each takes a whole document; -1 with err ERR_DATA when it is not
 * of that kind: a store that does not know a part may answer with something
 * else.
 */
enum bucket_config_versioning {
	BUCKET_CONFIG_NEVER, BUCKET_CONFIG_ENABLED, BUCKET_CONFIG_SUSPENDED
};
int bucket_config_versioning(struct span body,
    enum bucket_config_versioning *out, struct err *err);

struct bucket_config_encryption {
	char algorithm[32];	/* "AES256", "aws:kms"; "" when no rule says */
	char key[512];		/* as configured; "" when none */
	struct buf blocked;	/* BlockedEncryptionTypes, to be carried
				   along: XML, or empty */
};
int bucket_config_encryption(struct span body,
    struct bucket_config_encryption *out, struct err *err);
void bucket_config_encryption_clear(struct bucket_config_encryption *e);

/* The four flags of the public access block, in S3's order. */
#define BUCKET_CONFIG_FLAGS 4
const char *bucket_config_flag(size_t i);
int bucket_config_public_access(struct span body,
    bool flags[BUCKET_CONFIG_FLAGS], struct err *err);

/* "BucketOwnerEnforced", ... */
int bucket_config_ownership(struct span body, char out[32],
    struct err *err);

int bucket_config_policy_status(struct span body, bool *is_public,
    struct err *err);

/* Where the access log goes; "" when there is none. */
int bucket_config_logging(struct span body, char bucket[64],
    struct err *err);

/* Writing: the document, appended to out (the caller checks). */
void bucket_config_put_versioning(struct buf *out);	/* Enabled */
/* All four flags on. */
void bucket_config_put_public_access(struct buf *out);
void bucket_config_put_ownership(struct buf *out);	/* enforced */
/* key NULL: AES256; else that KMS key, with a bucket key. blocked: XML of the
 * former document, or empty. */
void bucket_config_put_encryption(const char *key, struct span blocked,
    struct buf *out);
/* CreateBucket's body. */
void bucket_config_put_location(const char *region, struct buf *out);

#endif
