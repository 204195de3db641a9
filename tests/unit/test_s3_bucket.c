#include "tap.h"

#include "aws/s3_bucket.h"
#include "fake_aws.h"

#define COUNT(rows) (sizeof (rows) / sizeof (rows)[0])
#define AMZ "x-amz-request-id: R\n"
#define HOST "https://bkt.s3.eu-west-1.amazonaws.com/"
#define ERROR(code) "<Error><Code>" code "</Code></Error>"

static const struct s3_settings settings = { .bucket = "bkt",
    .region = "eu-west-1", .expected_owner = "123456789012" };

static void
test_head(void)
{
	static const struct fake_answer answers[] = {
		{ 200, AMZ "x-amz-bucket-region: eu-west-1\n", NULL, 0,
		    false, 0 },
		{ 403, AMZ "x-amz-bucket-region: eu-west-1\n", NULL, 0,
		    false, 0 },
		{ 403, AMZ, ERROR("AccessDenied"), 0, false, 0 },
		{ 404, AMZ, NULL, 0, false, 0 },
		{ 200, AMZ "x-amz-bucket-region: no/region\n", NULL, 0,
		    false, 0 },
		{ 403, AMZ, NULL, 0, false, 0 },
		{ 200, AMZ, "<ListBucketResult/>", 0, false, 0 },
		{ 200, AMZ "x-amz-bucket-region: eu-west-1\n", NULL, 0,
		    false, 0 },
	};
	struct err err = { 0 };
	char region[64];
	struct fake f;
	struct s3 *s3;

	fake_begin(&f, answers, COUNT(answers));
	s3 = s3_new(&settings, &f.context, &f.source, &err);
	is_int(s3_bucket_head(s3, false, region, &err), S3_OK, "it is there");
	is_str(region, "eu-west-1", "region");
	is_str(f.seen[0].method, "HEAD", "by HEAD");
	is_int(s3_bucket_head(s3, false, region, &err), S3_ERROR, "denied");
	is_str(region, "eu-west-1", "the region all the same");
	is_str(f.seen[2].url, HOST "?list-type=2&max-keys=0",
	    "asked again for the text");
	is_str(err.code, "AccessDenied", "code");
	is_int(err.class, ERR_DENIED, "class");
	err_clear(&err);
	is_int(s3_bucket_head(s3, false, region, &err), S3_ERROR, "missing");
	is_int(err.class, ERR_BUCKET, "class");
	is_str(region, "", "no region");
	err_clear(&err);
	is_int(s3_bucket_head(s3, true, region, &err), S3_OK, "there");
	is_str(region, "", "what is no region is none");
	ok(fake_has(&f, 0, "x-amz-expected-bucket-owner", "123456789012"),
	    "the owner is expected");
	ok(!fake_has(&f, 4, "x-amz-expected-bucket-owner", NULL),
	    "or any is welcome");
	is_int(s3_bucket_head(s3, false, region, &err), S3_OK,
	    "the list mended what the HEAD could not tell");
	is_str(f.seen[7].method, "HEAD", "it is HEAD that answers");
	is_str(region, "eu-west-1", "its region");
	is_int(err.class, ERR_NONE, "and no error");
	s3_free(s3);
	fake_end(&f);
}

static void
test_read(void)
{
	static const struct fake_answer answers[] = {
		{ 200, AMZ, "<VersioningConfiguration/>", 0, false, 0 },
		{ 404, AMZ, ERROR("NoSuchLifecycleConfiguration"), 0, false,
		    0 },
		{ 404, AMZ, ERROR("NoSuchBucketPolicy"), 0, false, 0 },
		{ 404, AMZ, ERROR("NoSuchBucket"), 0, false, 0 },
		{ 403, AMZ, ERROR("AccessDenied"), 0, false, 0 },
		{ 200, AMZ, "{\"Version\":\"2012-10-17\"}", 0, false, 0 },
	};
	struct err err = { 0 };
	struct buf body;
	struct fake f;
	struct s3 *s3;

	buf_init(&body, 4096);
	fake_begin(&f, answers, COUNT(answers));
	s3 = s3_new(&settings, &f.context, &f.source, &err);
	is_int(s3_bucket_read(s3, BUCKET_CONFIG_VERSIONING, &body, &err),
	    S3_OK, "versioning");
	is_str(buf_string(&body), "<VersioningConfiguration/>", "its body");
	is_str(f.seen[0].url, HOST "?versioning=", "its address");
	ok(fake_has(&f, 0, "x-amz-expected-bucket-owner", "123456789012"),
	    "the owner is expected");
	is_int(s3_bucket_read(s3, BUCKET_CONFIG_LIFECYCLE, &body, &err),
	    S3_ABSENT, "no rules");
	is_uint(body.n, 0, "an empty body");
	is_int(s3_bucket_read(s3, BUCKET_CONFIG_POLICY, &body, &err),
	    S3_ABSENT, "no policy");
	is_int(err.class, ERR_NONE, "neither is an error");
	is_int(s3_bucket_read(s3, BUCKET_CONFIG_POLICY, &body, &err),
	    S3_ERROR, "no bucket");
	is_int(err.class, ERR_BUCKET, "class");
	err_clear(&err);
	is_int(s3_bucket_read(s3, BUCKET_CONFIG_PUBLIC_ACCESS, &body, &err),
	    S3_ERROR, "denied");
	is_int(err.class, ERR_DENIED, "class");
	has_str(err.message, "public access block: cannot read the settings "
	    "of 's3://bkt'", "message");
	is_str(f.seen[4].url, HOST "?publicAccessBlock=", "case counts");
	err_clear(&err);
	is_int(s3_bucket_read(s3, BUCKET_CONFIG_POLICY, &body, &err), S3_OK,
	    "a policy");
	is_str(buf_string(&body), "{\"Version\":\"2012-10-17\"}", "JSON");
	buf_clear(&body);
	s3_free(s3);
	fake_end(&f);
}

static void
test_write(void)
{
	static const struct http_field extra = { "x-amz-transition-default-"
	    "minimum-object-size", "varies_by_storage_class" };
	static const struct fake_answer answers[] = {
		{ 200, AMZ, NULL, 0, false, 0 },
		{ 204, AMZ, NULL, 0, false, 0 },
		{ 400, AMZ, ERROR("MalformedPolicy"), 0, false, 0 },
		{ 200, AMZ, NULL, 0, false, 0 },
		{ 200, AMZ, NULL, 0, false, 0 },
		{ 409, AMZ, ERROR("BucketAlreadyExists"), 0, false, 0 },
	};
	struct err err = { 0 };
	struct fake f;
	struct s3 *s3;

	fake_begin(&f, answers, COUNT(answers));
	s3 = s3_new(&settings, &f.context, &f.source, &err);
	is_int(s3_bucket_write(s3, BUCKET_CONFIG_LIFECYCLE, span_of("<x/>"),
	    &extra, &err), S3_OK, "rules");
	is_str(f.seen[0].method, "PUT", "by PUT");
	is_str(f.seen[0].body, "<x/>", "the body");
	ok(fake_has(&f, 0, "content-md5", "qLWUv43Mplb7HrG2Y0SUCg=="),
	    "its checksum");
	ok(fake_has(&f, 0, extra.name, extra.value), "the field more");
	is_int(s3_bucket_write(s3, BUCKET_CONFIG_POLICY, span_of("{}"), NULL,
	    &err), S3_OK, "a policy");
	ok(fake_has(&f, 1, "content-type", "application/json"), "is JSON");
	is_int(s3_bucket_write(s3, BUCKET_CONFIG_POLICY, span_of("{}"), NULL,
	    &err), S3_ERROR, "refused");
	has_str(err.message, "policy: cannot set up 's3://bkt'", "message");
	err_clear(&err);
	is_int(s3_bucket_create(s3, span_of(""), &err), S3_OK, "a bucket");
	is_str(f.seen[3].url, HOST, "its address");
	ok(!fake_has(&f, 3, "x-amz-expected-bucket-owner", NULL),
	    "nobody owns it yet");
	is_int(s3_bucket_create(s3, span_of("<y/>"), &err), S3_OK,
	    "in a region");
	is_str(f.seen[4].body, "<y/>", "the body");
	is_int(s3_bucket_create(s3, span_of(""), &err), S3_ERROR, "taken");
	is_str(err.code, "BucketAlreadyExists", "code");
	s3_free(s3);
	fake_end(&f);
}

int
main(void)
{
	test_head();
	test_read();
	test_write();
	return done_testing();
}
