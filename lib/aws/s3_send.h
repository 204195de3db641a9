#ifndef AWS_S3_SEND_H
#define AWS_S3_SEND_H

#include <stdbool.h>
#include <stddef.h>

#include "aws/call.h"
#include "aws/endpoint.h"
#include "aws/s3.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/span.h"

/*
 * How S3's calls reach their bucket: addressing, region redirects and 307,
 * and what an answer's status means. For s3*.c only.
 */
struct s3 {
	struct s3_settings settings;
	struct call_context *context;
	const struct keys_source *keys;
	struct endpoint endpoint;	/* of the bucket, as known now */
	struct call_reply reply;
	struct s3_answer answer;
	struct buf path;
	struct buf subject;
};

struct s3_ask {
	const char *method;
	const char *verb;	/* "read": "cannot read 's3://bucket/key'" */
	const char *action;	/* "s3:GetObject" */
	const char *key;	/* NULL: the bucket itself */
	struct span query;	/* canonical */
	const struct http_field *fields;
	size_t field_count;
	struct span body;
	bool has_body;
	const char *payload_hash;	/* hex SHA-256 of body, or NULL */
	size_t max_body;
	bool any_owner;		/* without the expected owner's header */
	bool conditional;	/* a write with If-Match or If-None-Match */
	bool if_match;		/* a conflict is the caller's to solve: 409
				   comes back at once */
};

/*
 * Send, following a region answer and a 307 once each, and fill s3->answer.
 * Statuses come back as outcomes where the header of s3.h names one; a 404 on
 * the bucket itself whose code is not NoSuchBucket is S3_ABSENT too ("not
 * configured"). err is set for S3_ERROR only. Answers of calls without a key,
 * and of all but GET and HEAD, may not be an <Error> with status 200.
 */
enum s3_outcome s3_send(struct s3 *s3, const struct s3_ask *ask,
    struct err *err);

#endif
