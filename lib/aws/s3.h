#ifndef AWS_S3_H
#define AWS_S3_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "aws/call.h"
#include "aws/endpoint.h"
#include "base/err.h"
#include "base/span.h"

/* S3's object calls for one bucket (facts/s3.md 1, 4). */
enum s3_outcome {
	S3_ERROR = -1,		/* err is set (and its code, class) */
	S3_OK = 0,		/* 200, 204 */
	S3_NOT_MODIFIED,	/* 304 */
	S3_ABSENT,		/* 404 NoSuchKey (not NoSuchBucket) */
	S3_PRECONDITION,	/* 412 */
	S3_CONFLICT,		/* 409, after the retries for it */
	S3_UNSUPPORTED		/* 501: the store knows no conditions */
};

/* How the bucket is reached; all strings are borrowed for the life of s3. */
struct s3_settings {
	const char *bucket;
	const char *region;	/* NULL: to be discovered */
	const char *endpoint_url;	/* configured, or NULL */
	enum endpoint_style style;
	struct endpoint_settings endpoint;
	const char *expected_owner;	/* twelve digits, or NULL */
	const char *sse;	/* "AES256", "aws:kms", NULL: bucket default */
	const char *kms_key_id;	/* or NULL */
	/* Told when a request found the bucket in another region, so that it
	 * can be remembered; may be NULL. */
	void (*region_found)(void *state, const char *region);
	void *state;
};

struct s3;

/* Borrows context and keys. NULL with err. */
struct s3 *s3_new(const struct s3_settings *settings,
    struct call_context *context, const struct keys_source *keys,
    struct err *err);
void s3_free(struct s3 *s3);

/* The store is AWS's own (or looks like it): conditions can be relied on. */
bool s3_is_aws(const struct s3 *s3);

/* Where its requests go, as known now; borrowed. */
const struct endpoint *s3_endpoint(const struct s3 *s3);

/* What went wrong below HTTP in the last call. */
enum http_fault s3_fault(const struct s3 *s3);

/* The region that requests are signed for, as far as it is known now. */
const char *s3_region(const struct s3 *s3);

/* What the last call brought; valid until the next one on this s3. */
struct s3_answer {
	char etag[132];		/* with its quotes, "" when none */
	int64_t last_modified;	/* seconds, -1 when none */
	int64_t date;		/* server's Date, -1 when unknown */
	int64_t length;		/* Content-Length, -1 when unknown */
	bool ambiguous;		/* see call_reply: on S3_ERROR too it tells
				   whether a write may have happened */
	int status;
	const struct http_response *response;	/* fields, body */
};
const struct s3_answer *s3_answer(const struct s3 *s3);

/* x-amz-meta-NAME of the last answer. */
struct span s3_meta(const struct s3 *s3, const char *name);

/*
 * GET. if_none_match: an ETag with quotes, or NULL. The body (at most
 * max_body; more is ERR_DATA) is in the answer's response. Region redirects
 * and 307 are followed once, signed anew.
 */
enum s3_outcome s3_get(struct s3 *s3, const char *key,
    const char *if_none_match, size_t max_body, struct err *err);

/*
 * Does the body of the last s3_get have the SHA-256 that the store was given
 * with it (facts/s3.md 5)? s3_put gives it one, and the store checks it then.
 * false where it is not told, is another algorithm's or of parts.
 */
bool s3_body_as_written(const struct s3 *s3);

/* Its body, which the answer has no longer. */
void s3_take_body(struct s3 *s3, struct buf *out);

/* GET of the first n bytes (n > 0), or fewer where there are fewer; of an empty
 * object an error. A store that knows no ranges sends up to a MiB. */
enum s3_outcome s3_front(struct s3 *s3, const char *key, size_t n,
    struct err *err);

/* HEAD; a bodiless 403 or 400 is asked again as a ranged GET for its text. */
enum s3_outcome s3_head(struct s3 *s3, const char *key, struct err *err);

/* PUT. condition: exactly one of if_match (ETag) and if_absent, or none. The
 * SSE headers of the settings and x-amz-checksum-sha256 are added. */
struct s3_put {
	const char *key;
	struct span body;
	const char *content_type;
	const char *content_encoding;	/* or NULL */
	const char *cache_control;	/* or NULL */
	const struct http_field *meta;	/* full names, x-amz-meta-... */
	size_t meta_count;
	const char *if_match;
	bool if_absent;
	const char *checksum;	/* instead of the body's own SHA-256, base64:
				   to see it refused; or NULL */
};
enum s3_outcome s3_put(struct s3 *s3, const struct s3_put *put,
    struct err *err);

/* DELETE; if_match may be NULL. Absent keys are S3_OK on AWS. */
enum s3_outcome s3_delete(struct s3 *s3, const char *key,
    const char *if_match, struct err *err);

/* One page of ListObjectsV2 below prefix (whole keys, decoded). */
struct s3_listed {
	struct span key;
	struct span etag;
	int64_t last_modified;
	int64_t size;
};
struct s3_list {
	struct s3_listed *items;
	size_t count;
	struct span next;	/* continuation token; empty: last page */
	void *memory;		/* private */
};
enum s3_outcome s3_list_page(struct s3 *s3, const char *prefix,
    struct span continuation, unsigned max_keys, struct s3_list *out,
    struct err *err);
void s3_list_clear(struct s3_list *list);

/*
 * DeleteObjects, at most 1,000 keys; each key's result into its deletion. The
 * call is S3_OK when the service answered, however many keys failed. Two codes
 * are ours: "InvalidKey" for keys that XML cannot name (control bytes, broken
 * UTF-8; they are not sent), "NoResult" where the answer passes a key over.
 */
struct s3_deletion {
	const char *key;
	const char *version_id;	/* or NULL */
	const char *etag;	/* condition, or NULL */
	bool failed;		/* result */
	char code[64];		/* result: "" or the key's error code */
	char message[256];
};
enum s3_outcome s3_delete_many(struct s3 *s3, struct s3_deletion *deletions,
    size_t count, struct err *err);

/*
 * One page of ListObjectVersions below a prefix: versions and delete markers
 * as they came, keys in byte order, of one key the newest first. from_key and
 * from_id are next_key and next_id of the page before, empty for the first.
 */
struct s3_versions_ask {
	const char *prefix;	/* whole keys begin with it; "" for all */
	struct span from_key;
	struct span from_id;
	unsigned max_keys;	/* 0: the store's own */
};
struct s3_version {
	struct span key;	/* decoded */
	struct span id;		/* "null" where the bucket has none */
	int64_t last_modified;	/* -1 unknown */
	bool latest;
	bool marker;		/* a delete marker: no object behind it */
};
struct s3_versions {
	struct s3_version *items;
	size_t count;
	bool more;
	struct span next_key;
	struct span next_id;	/* may be empty */
	void *memory;		/* private */
};
enum s3_outcome s3_versions_page(struct s3 *s3,
    const struct s3_versions_ask *which, struct s3_versions *out,
    struct err *err);
void s3_versions_clear(struct s3_versions *versions);

/* HEAD and DELETE of one version. An absent version is S3_ABSENT or, to
 * DELETE on AWS, S3_OK; HEAD of a delete marker is an error (405). */
enum s3_outcome s3_versions_head(struct s3 *s3, const char *key,
    const char *version_id, struct err *err);
enum s3_outcome s3_versions_delete(struct s3 *s3, const char *key,
    const char *version_id, struct err *err);

#endif
