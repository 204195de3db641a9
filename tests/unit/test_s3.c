#include "aws/s3.h"

#include "s3_script.h"
#include "tap.h"

static const struct s3_settings custom = { .bucket = "bkt",
    .endpoint_url = "http://127.0.0.1:9000" };

static void
test_get(void)
{
	static const struct fake_answer answers[] = {
		{ 200, AMZ "etag: \"abc\"\n"
		    "last-modified: Fri, 02 Jan 2026 03:04:05 GMT\n"
		    "date: Fri, 02 Jan 2026 03:04:07 GMT\n"
		    "content-length: 4\nx-amz-meta-ttl: 3600\n", "body", 0,
		    false, 0 },
		{ 304, AMZ "etag: \"abc\"\n", NULL, 0, false, 0 },
	};
	struct err err = { 0 };
	struct fake f;
	struct s3 *s3 = begin(&f, answers, 2, &aws);
	const struct s3_answer *a = s3_answer(s3);

	ok(s3_is_aws(s3), "AWS's own store");
	is_int(a->status, 0, "no answer yet");
	is_int(s3_get(s3, "p/a b+c=~\xc3\xa9.json", NULL, 100, &err), S3_OK,
	    "GET");
	is_str(f.seen[0].method, "GET", "method");
	is_str(f.seen[0].url, "https://bkt.s3.eu-west-1.amazonaws.com/"
	    "p/a%20b%2Bc%3D~%C3%A9.json", "the key is encoded once");
	ok(!fake_has(&f, 0, "if-none-match", NULL), "no condition");
	ok(!fake_has(&f, 0, "accept-encoding", NULL), "no Accept-Encoding");
	ok(!fake_has(&f, 0, "x-amz-expected-bucket-owner", NULL),
	    "no owner");
	is_str(a->etag, "\"abc\"", "the ETag with its quotes");
	is_int(a->last_modified, 1767323045, "Last-Modified");
	is_int(a->date, 1767323047, "Date");
	is_int(a->length, 4, "Content-Length");
	is_int(a->status, 200, "status");
	is_span(buf_view(&a->response->body), "body", "body");
	is_span(s3_meta(s3, "ttl"), "3600", "metadata");
	is_span(s3_meta(s3, "other"), "", "metadata that is not there");

	is_int(s3_get(s3, "k", "\"abc\"", 100, &err), S3_NOT_MODIFIED,
	    "conditional GET");
	ok(fake_has(&f, 1, "if-none-match", "\"abc\""), "the condition");
	is_int(a->length, -1, "no length");
	is_int(a->last_modified, -1, "no date");
	end(&f, s3);
	s3_free(NULL);
}

static void
test_as_written(void)
{
#define NAMED AMZ "x-amz-checksum-sha256: "
#define SUM "FeKw08M4keuw8e9gnsQZQgwg4yDOlMZfvIwzEkSOsiU="
	static const struct fake_answer answers[] = {
		{ 200, NAMED SUM "\nx-amz-checksum-type: FULL_OBJECT\n",
		    "123456789", 0, false, 0 },
		{ 200, NAMED SUM "\n", "123456780", 0, false, 0 },
		{ 200, NAMED SUM "-2\nx-amz-checksum-type: COMPOSITE\n",
		    "123456789", 0, false, 0 },
		{ 200, NAMED "\n", "123456789", 0, false, 0 },
		{ 200, AMZ "x-amz-checksum-crc32: y/Q5Jg==\n", "123456789", 0,
		    false, 0 },
		{ 200, NAMED SUM "\n", "", 0, false, 0 },
	};
	static const bool want[] = { true, false, false, false, false, false };
	const size_t count = sizeof want / sizeof want[0];
	struct err err = { 0 };
	struct fake f;
	struct s3 *s3 = begin(&f, answers, count, &aws);
	size_t i;

	for (i = 0; i < count; i++) {
		is_int(s3_get(s3, "k", NULL, 100, &err), S3_OK, "GET %zu", i);
		ok(fake_has(&f, i, "x-amz-checksum-mode", "ENABLED"),
		    "the checksum is asked for");
		is_int(s3_body_as_written(s3), want[i], "as written, %s",
		    answers[i].fields);
	}
	has_str(f.seen[0].fields, "x-amz-checksum-mode;", "it is signed");
	end(&f, s3);
#undef SUM
#undef NAMED
}

static void
test_put(void)
{
	static const struct fake_answer answers[] = { FINE, FINE, FINE };
	static const struct http_field meta[] = { { "x-amz-meta-ttl", "60" },
	    { "x-amz-meta-profile", "prod" } };
	struct s3_settings settings = custom;
	struct s3_put put = { .key = "k", .body = SPAN_LITERAL("123456789"),
	    .content_type = "application/json", .content_encoding = "gzip",
	    .cache_control = "no-store", .meta = meta, .meta_count = 2,
	    .if_absent = true };
	struct err err = { 0 };
	struct fake f;
	struct s3 *s3;

	settings.expected_owner = "123456789012";
	settings.sse = "aws:kms";
	settings.kms_key_id = "arn:key";
	s3 = begin(&f, answers, 3, &settings);
	ok(!s3_is_aws(s3), "a store of somebody else");
	is_int(s3_put(s3, &put, &err), S3_OK, "PUT");
	is_str(f.seen[0].url, "http://127.0.0.1:9000/bkt/k", "path style");
	is_str(f.seen[0].body, "123456789", "body");
	ok(fake_has(&f, 0, "content-type", "application/json"), "type");
	ok(fake_has(&f, 0, "content-encoding", "gzip"), "encoding");
	ok(fake_has(&f, 0, "cache-control", "no-store"), "cache control");
	ok(fake_has(&f, 0, "if-none-match", "*"), "condition");
	ok(!fake_has(&f, 0, "if-match", NULL), "only one");
	ok(fake_has(&f, 0, "x-amz-checksum-sha256",
	    "FeKw08M4keuw8e9gnsQZQgwg4yDOlMZfvIwzEkSOsiU="), "checksum");
	ok(fake_has(&f, 0, "x-amz-sdk-checksum-algorithm", "SHA256"),
	    "its algorithm");
	ok(fake_has(&f, 0, "x-amz-content-sha256",
	    "15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225"
	    ), "the payload's hash");
	ok(fake_has(&f, 0, "x-amz-server-side-encryption", "aws:kms"),
	    "encryption");
	ok(fake_has(&f, 0, "x-amz-server-side-encryption-aws-kms-key-id",
	    "arn:key"), "its key");
	ok(fake_has(&f, 0, "x-amz-expected-bucket-owner", "123456789012"),
	    "owner");
	ok(fake_has(&f, 0, "x-amz-meta-ttl", "60") &&
	    fake_has(&f, 0, "x-amz-meta-profile", "prod"), "metadata");
	has_str(f.seen[0].fields, "/us-east-1/s3/aws4_request",
	    "an unknown region of a custom endpoint is us-east-1");
	has_str(f.seen[0].fields, "if-none-match;", "the condition is "
	    "signed");

	memset(&put, 0, sizeof put);
	put.key = "k";
	put.content_type = "text/plain";
	put.if_match = "\"e\"";
	is_int(s3_put(s3, &put, &err), S3_OK, "PUT of nothing");
	ok(f.seen[1].has_body, "has an empty body");
	ok(fake_has(&f, 1, "if-match", "\"e\""), "if-match");
	ok(!fake_has(&f, 1, "if-none-match", NULL), "only that");
	ok(!fake_has(&f, 1, "content-encoding", NULL), "no encoding");

	is_int(s3_delete(s3, "k", NULL, &err), S3_OK, "DELETE");
	is_str(f.seen[2].method, "DELETE", "method");
	ok(!fake_has(&f, 2, "if-match", NULL), "no condition");
	ok(!f.seen[2].has_body, "no body");
	end(&f, s3);
}

enum what { GET, HEAD, PUT, PUT_ABSENT, PUT_MATCH, DELETE, DELETE_MATCH };

static enum s3_outcome
do_it(struct s3 *s3, enum what what, struct err *err)
{
	struct s3_put put = { .key = "k", .content_type = "x" };

	switch (what) {
	case GET:
		return s3_get(s3, "k", NULL, 100, err);
	case HEAD:
		return s3_head(s3, "k", err);
	case DELETE:
		return s3_delete(s3, "k", NULL, err);
	case DELETE_MATCH:
		return s3_delete(s3, "k", "\"e\"", err);
	case PUT_ABSENT:
		put.if_absent = true;
		break;
	case PUT_MATCH:
		put.if_match = "\"e\"";
		break;
	case PUT:
		break;
	}
	return s3_put(s3, &put, err);
}

static void
test_outcomes(void)
{
	static const struct {
		enum what what;
		struct fake_answer answers[4];
		size_t count;
		enum s3_outcome outcome;
		enum err_class class;
		bool ambiguous;
	} rows[] = {
		{ GET, { ANSWER(404, ERROR("NoSuchKey")) }, 1, S3_ABSENT, 0,
		    false },
		{ GET, { ANSWER(404, ERROR("NoSuchBucket")) }, 1, S3_ERROR,
		    ERR_BUCKET, false },
		{ GET, { ANSWER(404, ERROR("NoSuchVersion")) }, 1, S3_ERROR,
		    ERR_NO_DATA, false },
		{ GET, { { 404, "", "<html/>", 0, false, 0 } }, 1, S3_ERROR,
		    ERR_NETWORK, false },
		{ GET, { ANSWER(404, "<html/>") }, 1, S3_ERROR, ERR_NO_DATA,
		    false },
		{ GET, { ANSWER(403, ERROR("AccessDenied")) }, 1, S3_ERROR,
		    ERR_DENIED, false },
		{ GET, { ANSWER(501, ERROR("NotImplemented")) }, 1, S3_ERROR,
		    ERR_USAGE, false },
		{ GET, { ANSWER(200, ERROR("InternalError")) }, 1, S3_OK, 0,
		    false },
		{ GET, { { 0, NULL, NULL, HTTP_LARGE, true, 0 } }, 1,
		    S3_ERROR, ERR_NETWORK, true },
		{ HEAD, { { 200, AMZ, NULL, 0, false, 0 } }, 1, S3_OK, 0,
		    false },
		{ HEAD, { ANSWER(404, "") }, 1, S3_ABSENT, 0, false },
		{ PUT, { ANSWER(412, ERROR("PreconditionFailed")) }, 1,
		    S3_PRECONDITION, 0, false },
		{ PUT, { ANSWER(501, ERROR("NotImplemented")) }, 1, S3_ERROR,
		    ERR_USAGE, false },
		{ PUT, { ANSWER(200, ERROR("InternalError")), FINE }, 2,
		    S3_OK, 0, true },
		{ PUT, { ANSWER(409, ERROR("OperationAborted")),
		    ANSWER(409, ERROR("OperationAborted")),
		    ANSWER(409, ERROR("OperationAborted")) }, 3, S3_ERROR,
		    ERR_NETWORK, false },
		{ PUT_ABSENT, { ANSWER(412, ERROR("PreconditionFailed")) },
		    1, S3_PRECONDITION, 0, false },
		{ PUT_ABSENT, { { 0, NULL, NULL, HTTP_TIMEOUT, true, 0 },
		    ANSWER(412, ERROR("PreconditionFailed")) }, 2,
		    S3_PRECONDITION, 0, true },
		{ PUT_ABSENT, { ANSWER(409,
		    ERROR("ConditionalRequestConflict")), FINE }, 2, S3_OK,
		    0, false },
		{ PUT_ABSENT, { ANSWER(409, ERROR("ConcurrentModification")),
		    ANSWER(409, ERROR("ConcurrentModification")),
		    ANSWER(409, ERROR("ConcurrentModification")) }, 3,
		    S3_CONFLICT, 0, false },
		{ PUT_ABSENT, { ANSWER(501, ERROR("NotImplemented")) }, 1,
		    S3_UNSUPPORTED, 0, false },
		{ PUT_ABSENT, { ANSWER(400, ERROR("NotImplemented")) }, 1,
		    S3_UNSUPPORTED, 0, false },
		{ PUT_ABSENT, { { 501, "", "<html/>", 0, false, 0 } }, 1,
		    S3_ERROR, ERR_NETWORK, false },
		{ PUT_ABSENT, { ANSWER(403, ERROR("AccessDenied")) }, 1,
		    S3_ERROR, ERR_DENIED, false },
		{ PUT_ABSENT, { ANSWER(409, ERROR("InvalidBucketState")) },
		    1, S3_ERROR, ERR_BUCKET, false },
		{ PUT_MATCH, { ANSWER(409,
		    ERROR("ConditionalRequestConflict")) }, 1, S3_CONFLICT,
		    0, false },
		{ PUT_MATCH, { ANSWER(409, ERROR("InvalidBucketState")) }, 1,
		    S3_ERROR, ERR_BUCKET, false },
		{ PUT_MATCH, { ANSWER(404, ERROR("NoSuchKey")) }, 1,
		    S3_ABSENT, 0, false },
		{ PUT_MATCH, { ANSWER(404, ERROR("NoSuchBucket")) }, 1,
		    S3_ERROR, ERR_BUCKET, false },
		{ PUT_MATCH, { ANSWER(412, ERROR("PreconditionFailed")) }, 1,
		    S3_PRECONDITION, 0, false },
		{ PUT_MATCH, { ANSWER(503, ERROR("SlowDown")),
		    ANSWER(412, ERROR("PreconditionFailed")) }, 2,
		    S3_PRECONDITION, 0, true },
		{ DELETE, { { 204, AMZ, NULL, 0, false, 0 } }, 1, S3_OK, 0,
		    false },
		{ DELETE_MATCH, { ANSWER(404, ERROR("NoSuchKey")) }, 1,
		    S3_ABSENT, 0, false },
		{ DELETE_MATCH, { ANSWER(412, ERROR("PreconditionFailed")) },
		    1, S3_PRECONDITION, 0, false },
		{ DELETE_MATCH, { ANSWER(409,
		    ERROR("ConditionalRequestConflict")) }, 1, S3_CONFLICT,
		    0, false },
		{ DELETE_MATCH, { ANSWER(501, ERROR("NotImplemented")) }, 1,
		    S3_UNSUPPORTED, 0, false },
	};
	size_t i;

	for (i = 0; i < COUNT(rows); i++) {
		struct err err = { 0 };
		struct fake f;
		struct s3 *s3 = begin(&f, rows[i].answers, rows[i].count,
		    &aws);

		is_int(do_it(s3, rows[i].what, &err), rows[i].outcome,
		    "outcome %zu", i);
		is_int(err.class, rows[i].class, "outcome %zu: class (%s)",
		    i, err.message);
		is_uint(f.used, rows[i].count, "outcome %zu: requests", i);
		is_int(s3_answer(s3)->ambiguous, rows[i].ambiguous,
		    "outcome %zu: ambiguous", i);
		end(&f, s3);
	}
}

static void
test_messages(void)
{
	static const struct fake_answer answers[] = {
		ANSWER(403, ERROR("AccessDenied")),
		ANSWER(404, ERROR("NoSuchBucket")),
	};
	struct err err = { 0 };
	struct fake f;
	struct s3 *s3 = begin(&f, answers, 2, &aws);

	is_int(s3_get(s3, "p/k", NULL, 100, &err), S3_ERROR, "denied");
	is_str(err.message, "cannot read 's3://bkt/p/k': access denied "
	    "(AccessDenied, HTTP 403)", "its message");
	is_str(err.request_id, "R", "its request id");
	err_clear(&err);
	is_int(s3_delete(s3, "p/k", NULL, &err), S3_ERROR, "no bucket");
	is_str(err.message, "cannot delete 's3://bkt/p/k': the bucket does "
	    "not exist (NoSuchBucket, HTTP 404)", "its message");
	end(&f, s3);
}

static void
test_head(void)
{
	static const struct fake_answer denied[] = {
		ANSWER(403, ""), ANSWER(403, "<Error><Code>AccessDenied"
		    "</Code><Message>told why</Message></Error>") };
	static const struct fake_answer odd[] = {
		ANSWER(400, ""), { 206, AMZ "etag: \"x\"\n", "x", 0, false,
		    0 }, ANSWER(400, "") };
	static const struct fake_answer mended[] = {
		ANSWER(403, ""), { 206, AMZ "etag: \"x\"\n", "x", 0, false,
		    0 }, { 200, AMZ "etag: \"y\"\n", NULL, 0, false, 0 } };
	static const struct fake_answer empty[] = {
		ANSWER(403, ""), ANSWER(416, ERROR("InvalidRange")),
		{ 200, AMZ "etag: \"z\"\n", NULL, 0, false, 0 } };
	static const struct fake_answer gone[] = {
		ANSWER(403, ""), ANSWER(404, ERROR("NoSuchKey")) };
	struct err err = { 0 };
	struct fake f;
	struct s3 *s3 = begin(&f, denied, 2, &aws);

	is_int(s3_head(s3, "k", &err), S3_ERROR, "a bare 403");
	is_str(f.seen[1].method, "GET", "is asked again with GET");
	ok(fake_has(&f, 1, "range", "bytes=0-0"), "for one byte");
	has_str(err.message, "told why", "for its text");
	end(&f, s3);

	err_clear(&err);
	s3 = begin(&f, odd, 3, &aws);
	is_int(s3_head(s3, "k", &err), S3_ERROR, "an odd answer");
	has_str(err.message, "HTTP 400", "leaves the HEAD's error");
	end(&f, s3);

	err_clear(&err);
	s3 = begin(&f, mended, 3, &aws);
	is_int(s3_head(s3, "k", &err), S3_OK, "mended by the GET");
	is_str(f.seen[2].method, "HEAD", "it is HEAD that answers");
	is_str(s3_answer(s3)->etag, "\"y\"", "with its own fields");
	is_int(err.class, ERR_NONE, "and no error");
	end(&f, s3);

	s3 = begin(&f, empty, 3, &aws);
	is_int(s3_head(s3, "k", &err), S3_OK, "an empty object");
	is_str(s3_answer(s3)->etag, "\"z\"", "has no first byte");
	end(&f, s3);

	err_clear(&err);
	s3 = begin(&f, gone, 2, &aws);
	is_int(s3_head(s3, "k", &err), S3_ABSENT, "gone in between");
	is_int(err.class, ERR_NONE, "is no error");
	end(&f, s3);
}

static void
test_bad_settings(void)
{
	struct s3_settings settings = { .bucket = "no/bucket",
	    .region = "eu-west-1" };
	struct err err = { 0 };
	struct fake f;

	ok(begin(&f, NULL, 0, &settings) == NULL, "no such bucket name");
	fake_end(&f);
	settings.bucket = "bkt";
	settings.region = "not a region";
	fake_begin(&f, NULL, 0);
	ok(s3_new(&settings, &f.context, &f.source, &err) == NULL,
	    "no such region");
	is_int(err.class, ERR_USAGE, "a matter of settings");
	fake_end(&f);
}

static void
test_front(void)
{
	static const struct fake_answer answers[] = {
		{ 206, AMZ "etag: \"e1\"\n", "body", 0, false, 0 },
		{ 416, AMZ, ERROR("InvalidRange"), 0, false, 0 },
		{ 404, AMZ, ERROR("NoSuchKey"), 0, false, 0 },
	};
	struct err err = { 0 };
	struct fake f;
	struct s3 *s3 = begin(&f, answers, COUNT(answers), &aws);

	is_int(s3_front(s3, "k", 4096, &err), S3_OK, "a part");
	is_span(buf_view(&s3_answer(s3)->response->body), "body", "of it");
	is_str(f.seen[0].method, "GET", "read");
	ok(fake_has(&f, 0, "range", "bytes=0-4095"), "its front");
	is_int(s3_front(s3, "k", 4096, &err), S3_ERROR, "an empty object");
	is_str(err.code, "InvalidRange", "has no part");
	err_clear(&err);
	is_int(s3_front(s3, "k", 1, &err), S3_ABSENT, "nothing there");
	ok(fake_has(&f, 2, "range", "bytes=0-0"), "one byte");
	end(&f, s3);
}

int
main(void)
{
	test_get();
	test_as_written();
	test_front();
	test_put();
	test_outcomes();
	test_messages();
	test_head();
	test_bad_settings();
	return done_testing();
}
