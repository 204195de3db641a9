#include "aws/s3.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "aws/s3_send.h"
#include "base/limits.h"
#include "codec/base64.h"
#include "codec/hash.h"
#include "codec/hex.h"

/* Fields of a PUT beside the caller's own: content type, encoding, cache
 * control, conditions, two for the checksum, two for the encryption. */
#define S3_PUT_FIELDS 9

/* Every byte of a key may take three; bucket and base path before it. */
#define S3_PATH_MAX (4 * LIMIT_KEY + 1024)

struct s3 *
s3_new(const struct s3_settings *settings, struct call_context *context,
    const struct keys_source *keys, struct err *err)
{
	struct s3 *s3 = calloc(1, sizeof *s3);

	if (s3 == NULL) {
		err_memory(err);
		return NULL;
	}
	s3->settings = *settings;
	s3->context = context;
	s3->keys = keys;
	buf_init(&s3->path, S3_PATH_MAX);
	buf_init(&s3->subject, S3_PATH_MAX);
	call_reply_init(&s3->reply);
	s3->answer.response = &s3->reply.response;
	s3->answer.last_modified = s3->answer.date = s3->answer.length = -1;
	if (endpoint_bucket(settings->bucket, settings->region,
	    settings->endpoint_url, settings->style, &settings->endpoint,
	    &s3->endpoint, err) != 0) {
		s3_free(s3);
		return NULL;
	}
	return s3;
}

void
s3_free(struct s3 *s3)
{
	if (s3 == NULL)
		return;
	call_reply_clear(&s3->reply);
	buf_clear(&s3->path);
	buf_clear(&s3->subject);
	free(s3);
}

bool
s3_is_aws(const struct s3 *s3)
{
	return s3->endpoint.aws;
}

const struct endpoint *
s3_endpoint(const struct s3 *s3)
{
	return &s3->endpoint;
}

enum http_fault
s3_fault(const struct s3 *s3)
{
	return s3->reply.fault;
}

const char *
s3_region(const struct s3 *s3)
{
	return s3->endpoint.region;
}

const struct s3_answer *
s3_answer(const struct s3 *s3)
{
	return &s3->answer;
}

struct span
s3_meta(const struct s3 *s3, const char *name)
{
	char field[128];
	int n = snprintf(field, sizeof field, "x-amz-meta-%s", name);

	if (n < 0 || (size_t)n >= sizeof field)
		return span_make(NULL, 0);
	return http_response_field(&s3->reply.response, field);
}

static void
add_field(struct s3_ask *ask, struct http_field *fields, const char *name,
    const char *value)
{
	if (value == NULL)
		return;
	fields[ask->field_count].name = name;
	fields[ask->field_count].value = value;
	ask->field_count++;
}

enum s3_outcome
s3_get(struct s3 *s3, const char *key, const char *if_none_match,
    size_t max_body, struct err *err)
{
	struct http_field fields[2];
	struct s3_ask ask = { .method = "GET", .verb = "read", .key = key,
	    .action = "s3:GetObject", .fields = fields, .max_body = max_body };

	add_field(&ask, fields, "x-amz-checksum-mode", "ENABLED");
	add_field(&ask, fields, "if-none-match", if_none_match);
	return s3_send(s3, &ask, err);
}

bool
s3_body_as_written(const struct s3 *s3)
{
	const struct http_response *response = &s3->reply.response;
	struct span named = http_response_field(response,
	    "x-amz-checksum-sha256");
	unsigned char digest[HASH_SHA256];
	struct buf own;
	bool same;

	if (named.n == 0)
		return false;
	buf_init(&own, 64);
	hash_sha256_of(buf_view(&response->body), digest);
	base64_encode(span_make((const char *)digest, sizeof digest), &own);
	same = own.n > 0 && span_equal(buf_view(&own), named);
	buf_clear(&own);
	return same;
}

void
s3_take_body(struct s3 *s3, struct buf *out)
{
	struct buf *body = &s3->reply.response.body;

	buf_clear(out);
	*out = *body;
	buf_init(body, out->max);
}

enum s3_outcome
s3_front(struct s3 *s3, const char *key, size_t n, struct err *err)
{
	char text[64];
	struct http_field range = { "range", text };
	struct s3_ask ask = { .method = "GET", .verb = "read", .key = key,
	    .action = "s3:GetObject", .fields = &range, .field_count = 1,
	    .max_body = LIMIT_MIB };

	if (snprintf(text, sizeof text, "bytes=0-%zu", n - 1) < 0)
		return err_memory(err) == 0 ? S3_OK : S3_ERROR;
	return s3_send(s3, &ask, err);
}

enum s3_outcome
s3_head(struct s3 *s3, const char *key, struct err *err)
{
	static const struct http_field range = { "range", "bytes=0-0" };
	struct s3_ask ask = { .method = "HEAD", .verb = "read",
	    .action = "s3:GetObject", .key = key };
	struct s3_ask text = { .method = "GET", .verb = "read", .key = key,
	    .action = "s3:GetObject", .fields = &range, .field_count = 1,
	    .max_body = LIMIT_ERROR_BODY };
	struct err bare = { 0 }, told = { 0 };
	enum s3_outcome outcome = s3_send(s3, &ask, &bare);
	int status = s3->answer.status;

	if (outcome == S3_ERROR && s3->reply.report.aws &&
	    (status == 403 || status == 400) &&
	    s3->reply.response.body.n == 0) {
		outcome = s3_send(s3, &text, &told);
		/* The GET mended what the HEAD's answer could not tell, a
		 * clock or a session. Its own fields are those of one byte,
		 * and an empty object has none. */
		if (outcome == S3_OK || s3->answer.status == 416) {
			err_clear(&told);
			err_clear(&bare);
			outcome = s3_send(s3, &ask, &bare);
		}
	}
	if (outcome == S3_ERROR && err->class == ERR_NONE)
		*err = told.class != ERR_NONE ? told : bare;
	return outcome;
}

enum s3_outcome
s3_put(struct s3 *s3, const struct s3_put *put, struct err *err)
{
	struct s3_ask ask = { .method = "PUT", .verb = "write",
	    .action = "s3:PutObject", .key = put->key, .body = put->body,
	    .has_body = true, .max_body = LIMIT_ERROR_BODY };
	unsigned char digest[HASH_SHA256];
	char hex[HASH_SHA256_HEX];
	struct http_field *f;
	struct buf checksum;
	enum s3_outcome outcome = S3_ERROR;

	f = calloc(S3_PUT_FIELDS + put->meta_count, sizeof *f);
	if (f == NULL) {
		err_memory(err);
		return S3_ERROR;
	}
	buf_init(&checksum, 64);
	hash_sha256_of(put->body, digest);
	hex_encode(digest, sizeof digest, hex);
	base64_encode(span_make((const char *)digest, sizeof digest),
	    &checksum);
	if (buf_check(&checksum, "the checksum", err) != 0)
		goto out;
	add_field(&ask, f, "content-type", put->content_type);
	add_field(&ask, f, "content-encoding", put->content_encoding);
	add_field(&ask, f, "cache-control", put->cache_control);
	add_field(&ask, f, "if-match", put->if_match);
	if (put->if_absent)
		add_field(&ask, f, "if-none-match", "*");
	/* Ceph verifies the checksum only beside its algorithm's name. */
	add_field(&ask, f, "x-amz-checksum-sha256", put->checksum != NULL ?
	    put->checksum : buf_string(&checksum));
	add_field(&ask, f, "x-amz-sdk-checksum-algorithm", "SHA256");
	add_field(&ask, f, "x-amz-server-side-encryption",
	    s3->settings.sse);
	if (s3->settings.sse != NULL)
		add_field(&ask, f,
		    "x-amz-server-side-encryption-aws-kms-key-id",
		    s3->settings.kms_key_id);
	if (put->meta_count > 0)
		memcpy(f + ask.field_count, put->meta,
		    put->meta_count * sizeof *f);
	ask.field_count += put->meta_count;
	ask.fields = f;
	ask.payload_hash = hex;
	ask.conditional = put->if_absent || put->if_match != NULL;
	ask.if_match = put->if_match != NULL;
	outcome = s3_send(s3, &ask, err);
out:
	buf_clear(&checksum);
	free(f);
	return outcome;
}

enum s3_outcome
s3_delete(struct s3 *s3, const char *key, const char *if_match,
    struct err *err)
{
	struct http_field field = { "if-match", if_match };
	struct s3_ask ask = { .method = "DELETE", .verb = "delete",
	    .action = "s3:DeleteObject", .key = key,
	    .max_body = LIMIT_ERROR_BODY };

	if (if_match != NULL) {
		ask.fields = &field;
		ask.field_count = 1;
		ask.conditional = ask.if_match = true;
	}
	return s3_send(s3, &ask, err);
}
