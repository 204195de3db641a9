#include "tap.h"

#include "aws/s3.h"
#include "fake_aws.h"

#define AMZ "x-amz-request-id: R\n"
#define OPEN "<DeleteResult xmlns=\"x\">"
#define CLOSE "</DeleteResult>"
#define DELETED(key) "<Deleted><Key>" key "</Key></Deleted>"

static const struct s3_settings settings = { .bucket = "bkt",
    .endpoint_url = "http://127.0.0.1:9000" };

static enum s3_outcome
delete(struct fake *f, struct fake_answer *answers, size_t count,
    struct s3_deletion *deletions, size_t n, struct err *err)
{
	enum s3_outcome outcome;
	struct s3 *s3;

	fake_begin(f, answers, count);
	s3 = s3_new(&settings, &f->context, &f->source, err);
	outcome = s3_delete_many(s3, deletions, n, err);
	s3_free(s3);
	fake_end(f);
	return outcome;
}

static void
test_request(void)
{
	struct fake_answer answers[] = { { 200, AMZ, OPEN CLOSE, 0, false, 0
	    } };
	struct s3_deletion d[] = {
		{ .key = "a<b>&\"c'\r\n" },
		{ .key = "v", .version_id = "V1", .etag = "\"e\"" },
	};
	struct err err = { 0 };
	struct fake f;

	is_int(delete(&f, answers, 1, d, 2, &err), S3_OK, "answered");
	is_str(f.seen[0].method, "POST", "method");
	is_str(f.seen[0].url, "http://127.0.0.1:9000/bkt?delete=", "URL");
	is_str(f.seen[0].body,
	    "<Delete xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">"
	    "<Object><Key>a&lt;b&gt;&amp;&quot;c&apos;&#13;\n</Key></Object>"
	    "<Object><Key>v</Key><VersionId>V1</VersionId>"
	    "<ETag>&quot;e&quot;</ETag></Object>"
	    "<Quiet>false</Quiet></Delete>", "body");
	ok(fake_has(&f, 0, "content-type", "application/xml"), "type");
	ok(fake_has(&f, 0, "content-md5", NULL), "Content-MD5");
	ok(d[0].failed && d[1].failed,
	    "what the answer does not mention has failed");
	is_str(d[0].code, "NoResult", "with a code of ours");
}

static void
test_results(void)
{
	struct fake_answer answers[] = { { 200, AMZ, OPEN
	    DELETED("two")
	    "<Error><Key>one</Key><Code>AccessDenied</Code>"
	    "<Message>Access Denied</Message></Error>"
	    DELETED("stranger")
	    "<Deleted><Key>same</Key><VersionId>B</VersionId></Deleted>"
	    "<Error><Key>same</Key><VersionId>A</VersionId>"
	    "<Code>PreconditionFailed</Code></Error>"
	    DELETED("a&amp;b&#13;") CLOSE, 0, false, 0 } };
	struct s3_deletion d[] = {
		{ .key = "one" }, { .key = "two" },
		{ .key = "same", .version_id = "A" },
		{ .key = "same", .version_id = "B" },
		{ .key = "a&b\r" }, { .key = "missing" },
		{ .key = "bad\x01key" }, { .key = "bad\xff" },
		{ .key = "bad\xef\xbf\xbf" },
	};
	struct err err = { 0 };
	struct fake f;

	is_int(delete(&f, answers, 1, d, 9, &err), S3_OK,
	    "some keys failed, the call did not");
	ok(d[0].failed, "one failed");
	is_str(d[0].code, "AccessDenied", "its code");
	is_str(d[0].message, "Access Denied", "its message");
	ok(!d[1].failed && d[1].code[0] == '\0', "two is deleted");
	ok(d[2].failed, "version A failed");
	is_str(d[2].code, "PreconditionFailed", "its code");
	ok(!d[3].failed, "version B is deleted");
	ok(!d[4].failed, "an awkward key is deleted");
	ok(d[5].failed, "a key without a result failed");
	is_str(d[5].code, "NoResult", "and says so");
	is_str(d[6].code, "InvalidKey", "control bytes: not sent");
	is_str(d[7].code, "InvalidKey", "no UTF-8: not sent");
	is_str(d[8].code, "InvalidKey", "U+FFFF: not sent");
	ok(strstr(f.seen[0].body, "bad") == NULL, "indeed not");
}

static void
test_nothing(void)
{
	struct s3_deletion bad[] = { { .key = "\x02" } };
	struct err err = { 0 };
	struct fake f;

	is_int(delete(&f, NULL, 0, NULL, 0, &err), S3_OK, "no keys");
	is_uint(f.used, 0, "no request");
	is_int(delete(&f, NULL, 0, bad, 1, &err), S3_OK,
	    "no key that can be sent");
	is_uint(f.used, 0, "no request");
	ok(bad[0].failed, "but a failure");
}

static void
test_errors(void)
{
	struct fake_answer retried[] = {
		{ 200, AMZ, "<Error><Code>InternalError</Code></Error>", 0,
		    false, 0 },
		{ 200, AMZ, OPEN DELETED("k") CLOSE, 0, false, 0 },
	};
	struct fake_answer garbage[] = { { 200, AMZ, "<html/>", 0, false, 0
	    } };
	struct fake_answer denied[] = { { 403, AMZ,
	    "<Error><Code>AccessDenied</Code></Error>", 0, false, 0 } };
	struct fake_answer unknown[] = { { 501, AMZ,
	    "<Error><Code>NotImplemented</Code></Error>", 0, false, 0 } };
	struct s3_deletion d[] = { { .key = "k" } };
	struct s3_deletion conditional[] = { { .key = "k", .etag = "e" } };
	struct err err = { 0 };
	struct fake f;

	is_int(delete(&f, retried, 2, d, 1, &err), S3_OK,
	    "an <Error> with status 200 is retried");
	ok(!d[0].failed, "and then it is well");
	is_int(delete(&f, garbage, 1, d, 1, &err), S3_ERROR, "garbage");
	is_int(err.class, ERR_DATA, "class");
	has_str(err.message, "cannot delete objects of 's3://bkt'",
	    "message");
	ok(d[0].failed, "nothing is taken for deleted");
	err_clear(&err);
	is_int(delete(&f, denied, 1, d, 1, &err), S3_ERROR, "denied");
	is_int(err.class, ERR_DENIED, "class");
	err_clear(&err);
	is_int(delete(&f, unknown, 1, conditional, 1, &err),
	    S3_UNSUPPORTED, "a store without conditions");
	is_int(delete(&f, unknown, 1, d, 1, &err), S3_ERROR,
	    "a store without DeleteObjects");
}

int
main(void)
{
	test_request();
	test_results();
	test_nothing();
	test_errors();
	return done_testing();
}
