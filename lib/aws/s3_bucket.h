#ifndef AWS_S3_BUCKET_H
#define AWS_S3_BUCKET_H

#include "aws/bucket_config.h"
#include "aws/s3.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/span.h"

/* Calls about the bucket itself (facts/s3.md 1). */

/*
 * HeadBucket; any_owner: whatever owner is expected. A bodiless 403 or 400 is
 * asked again as a list of nothing for its text. region gets what the answer
 * names ("" when nothing), on a refusal too. S3_OK or S3_ERROR.
 */
enum s3_outcome s3_bucket_head(struct s3 *s3, bool any_owner,
    char region[64], struct err *err);

/* Read a part's document into body (reset first). S3_ABSENT: not configured. */
enum s3_outcome s3_bucket_read(struct s3 *s3, enum bucket_config_part part,
    struct buf *body, struct err *err);

/* Replace a part's document. extra is a field more, or NULL. */
enum s3_outcome s3_bucket_write(struct s3 *s3, enum bucket_config_part part,
    struct span body, const struct http_field *extra, struct err *err);

/*
 * CreateBucket; body as bucket_config_put_location makes it, or empty
 * (us-east-1, and stores without regions). The expected owner is not sent:
 * there is none yet.
 */
enum s3_outcome s3_bucket_create(struct s3 *s3, struct span body,
    struct err *err);

#endif
