#include "aws/s3_bucket.h"

#include "aws/s3_send.h"
#include "base/limits.h"
#include "codec/base64.h"
#include "codec/hash.h"

static void
note_region(const struct s3 *s3, char region[64])
{
	struct span found = http_response_field(&s3->reply.response,
	    "x-amz-bucket-region");

	if (found.n > 0 && span_copy(found, region, 64) &&
	    !endpoint_region_valid(region))
		region[0] = '\0';
}

enum s3_outcome
s3_bucket_head(struct s3 *s3, bool any_owner, char region[64],
    struct err *err)
{
	const struct s3_ask ask = { .method = "HEAD", .verb = "find",
	    .action = "s3:ListBucket", .any_owner = any_owner };
	const struct s3_ask text = { .method = "GET", .verb = "find",
	    .action = "s3:ListBucket",
	    .query = SPAN_LITERAL("list-type=2&max-keys=0"),
	    .max_body = LIMIT_LIST_BODY, .any_owner = any_owner };
	struct err bare = { 0 }, told = { 0 };
	enum s3_outcome outcome = s3_send(s3, &ask, &bare);
	int status = s3->answer.status;

	region[0] = '\0';
	note_region(s3, region);
	if (outcome != S3_OK && s3->reply.report.aws &&
	    (status == 403 || status == 400) &&
	    s3->reply.response.body.n == 0) {
		outcome = s3_send(s3, &text, &told);
		note_region(s3, region);
		/* It mended what the HEAD's answer could not tell: a clock, a
		 * session. */
		if (outcome == S3_OK) {
			err_clear(&bare);
			outcome = s3_send(s3, &ask, &bare);
			note_region(s3, region);
		}
	}
	if (outcome == S3_OK)
		return S3_OK;
	if (err->class == ERR_NONE)
		*err = told.class != ERR_NONE ? told : bare;
	if (err->class == ERR_NONE)
		err_set(err, ERR_BUCKET, "cannot find 's3://%s'",
		    s3->settings.bucket);
	return S3_ERROR;
}

enum s3_outcome
s3_bucket_read(struct s3 *s3, enum bucket_config_part part,
    struct buf *body, struct err *err)
{
	const struct bucket_config_info *info = bucket_config_info(part);
	struct s3_ask ask = { .method = "GET", .verb = "read the settings of",
	    .action = info->read_action, .query = span_of(info->query),
	    .max_body = LIMIT_CONTROL_BODY };
	enum s3_outcome outcome = s3_send(s3, &ask, err);

	buf_reset(body);
	if (outcome == S3_ERROR)
		err_context(err, "%s", info->what);
	if (outcome != S3_OK)
		return outcome;
	buf_add_span(body, buf_view(&s3->reply.response.body));
	return buf_check(body, info->what, err) == 0 ? S3_OK : S3_ERROR;
}

/* A PUT on the bucket with the checksum that older stores insist on. */
static enum s3_outcome
put(struct s3 *s3, const struct s3_ask *bare, const char *type,
    const struct http_field *extra, struct err *err)
{
	struct http_field fields[3] = { { "content-type", type } };
	unsigned char digest[HASH_MD5];
	enum s3_outcome outcome = S3_ERROR;
	struct s3_ask ask = *bare;
	struct buf md5;

	buf_init(&md5, 64);
	hash_md5_of(ask.body, digest);
	base64_encode(span_make((const char *)digest, sizeof digest), &md5);
	if (buf_check(&md5, "the checksum", err) == 0) {
		fields[1].name = "content-md5";
		fields[1].value = buf_string(&md5);
		if (extra != NULL)
			fields[2] = *extra;
		ask.fields = fields;
		ask.field_count = extra != NULL ? 3 : 2;
		outcome = s3_send(s3, &ask, err);
	}
	buf_clear(&md5);
	return outcome;
}

enum s3_outcome
s3_bucket_write(struct s3 *s3, enum bucket_config_part part,
    struct span body, const struct http_field *extra, struct err *err)
{
	const struct bucket_config_info *info = bucket_config_info(part);
	struct s3_ask ask = { .method = "PUT", .verb = "set up",
	    .action = info->write_action, .query = span_of(info->query),
	    .body = body, .has_body = true, .max_body = LIMIT_ERROR_BODY };
	enum s3_outcome outcome = put(s3, &ask, info->type, extra, err);

	if (outcome != S3_OK && outcome != S3_ERROR)
		err_set(err, ERR_BUCKET, "cannot set up 's3://%s': the store "
		    "answers %s", s3->settings.bucket, s3->reply.report.code);
	if (outcome != S3_OK)
		err_context(err, "%s", info->what);
	return outcome == S3_OK ? S3_OK : S3_ERROR;
}

enum s3_outcome
s3_bucket_create(struct s3 *s3, struct span body, struct err *err)
{
	struct s3_ask ask = { .method = "PUT", .verb = "create",
	    .action = "s3:CreateBucket", .any_owner = true, .body = body,
	    .has_body = true, .max_body = LIMIT_ERROR_BODY };
	enum s3_outcome outcome = body.n > 0 ?
	    put(s3, &ask, "application/xml", NULL, err) :
	    s3_send(s3, &ask, err);

	if (outcome != S3_OK && outcome != S3_ERROR)
		err_set(err, ERR_BUCKET, "cannot create 's3://%s': the store "
		    "answers %s", s3->settings.bucket, s3->reply.report.code);
	return outcome == S3_OK ? S3_OK : S3_ERROR;
}
