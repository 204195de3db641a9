#include "tap.h"

#include "aws/s3.h"
#include "fake_aws.h"

#define COUNT(rows) (sizeof (rows) / sizeof (rows)[0])

#define AMZ "x-amz-request-id: R\n"
#define OPEN "<?xml version=\"1.0\"?><ListBucketResult xmlns=\"x\">"
#define CLOSE "</ListBucketResult>"

static const struct s3_settings settings = { .bucket = "bkt",
    .region = "eu-west-1" };

static enum s3_outcome
list(const char *body, const char *prefix, const char *token,
    struct s3_list *out, char *url, size_t room, struct err *err)
{
	struct fake_answer answers[] = { { 200, AMZ, body, 0, false, 0 } };
	enum s3_outcome outcome;
	struct fake f;
	struct s3 *s3;

	fake_begin(&f, answers, 1);
	s3 = s3_new(&settings, &f.context, &f.source, err);
	outcome = s3_list_page(s3, prefix, span_of(token), 2, out, err);
	if (strlen(f.seen[0].url) < room)
		memcpy(url, f.seen[0].url, strlen(f.seen[0].url) + 1);
	s3_free(s3);
	fake_end(&f);
	return outcome;
}

static void
test_page(void)
{
	static const char body[] = OPEN
	    "<Name>bkt</Name><EncodingType>url</EncodingType>"
	    "<IsTruncated>true</IsTruncated>"
	    "<NextContinuationToken>1ueGc+/x==</NextContinuationToken>"
	    "<Contents><Key>p/a+b%2Bc%C3%A9%0A.json</Key>"
	    "<LastModified>2026-01-02T03:04:05.000Z</LastModified>"
	    "<ETag>&quot;e1&quot;</ETag><Size>12</Size>"
	    "<StorageClass>STANDARD</StorageClass></Contents>"
	    "<CommonPrefixes><Prefix>p/q/</Prefix></CommonPrefixes>"
	    "<Contents><ETag>\"e2\"</ETag><Key>p/z</Key></Contents>"
	    CLOSE;
	struct s3_list page;
	struct err err = { 0 };
	char url[1000];

	is_int(list(body, "p/", "a+/b=", &page, url, sizeof url, &err),
	    S3_OK, "a page");
	is_str(url, "https://bkt.s3.eu-west-1.amazonaws.com/"
	    "?continuation-token=a%2B%2Fb%3D&encoding-type=url&list-type=2"
	    "&max-keys=2&prefix=p%2F", "its query");
	is_uint(page.count, 2, "two objects");
	is_span(page.items[0].key, "p/a b+c\xc3\xa9\n.json",
	    "keys are decoded as a form");
	is_span(page.items[0].etag, "\"e1\"", "ETag with quotes");
	is_int(page.items[0].last_modified, 1767323045, "date");
	is_int(page.items[0].size, 12, "size");
	is_span(page.items[1].key, "p/z", "elements in any order");
	is_span(page.items[1].etag, "\"e2\"", "its ETag");
	is_int(page.items[1].last_modified, -1, "no date");
	is_int(page.items[1].size, -1, "no size");
	is_span(page.next, "1ueGc+/x==", "the token is as it came");
	s3_list_clear(&page);
	is_uint(page.count, 0, "cleared");
	s3_list_clear(&page);
}

static void
test_last(void)
{
	struct s3_list page;
	struct err err = { 0 };
	char url[1000];

	is_int(list(OPEN "<IsTruncated>false</IsTruncated>"
	    "<NextContinuationToken>no</NextContinuationToken>" CLOSE, "",
	    NULL, &page, url, sizeof url, &err), S3_OK, "an empty last page");
	is_str(url, "https://bkt.s3.eu-west-1.amazonaws.com/"
	    "?encoding-type=url&list-type=2&max-keys=2", "no prefix");
	is_uint(page.count, 0, "no objects");
	is_uint(page.next.n, 0, "only IsTruncated says that it goes on");
	s3_list_clear(&page);

	is_int(list(OPEN "<IsTruncated>true</IsTruncated>"
	    "<NextContinuationToken>t</NextContinuationToken>" CLOSE, "p",
	    NULL, &page, url, sizeof url, &err), S3_OK,
	    "an empty page that is not the last");
	is_span(page.next, "t", "its token");
	s3_list_clear(&page);

	is_int(list(OPEN "<Contents><Key>a+b%41</Key></Contents>" CLOSE,
	    "p", NULL, &page, url, sizeof url, &err), S3_OK,
	    "a server that does not encode");
	is_span(page.items[0].key, "a+b%41", "keys are as they came");
	s3_list_clear(&page);
}

static void
test_bad(void)
{
	static const char *const bodies[] = {
		"", "no XML", "<ListBucketResult>", "<html></html>",
		OPEN "<IsTruncated>true</IsTruncated>" CLOSE,
		OPEN "<Contents><Size>1</Size></Contents>" CLOSE,
		OPEN "<EncodingType>url</EncodingType><Contents>"
		    "<Key>%zz</Key></Contents>" CLOSE,
	};
	struct s3_list page;
	char url[1000];
	size_t i;

	for (i = 0; i < COUNT(bodies); i++) {
		struct err err = { 0 };

		is_int(list(bodies[i], "p", NULL, &page, url, sizeof url,
		    &err), S3_ERROR, "refused: '%s'", bodies[i]);
		is_int(err.class, ERR_DATA, "refused %zu: class (%s)", i,
		    err.message);
		has_str(err.message, "cannot list 's3://bkt/p'",
		    "refused %zu: message", i);
		ok(page.items == NULL && page.memory == NULL,
		    "refused %zu: nothing is left", i);
	}
}

static void
test_errors(void)
{
	static const struct fake_answer answers[] = {
		{ 200, AMZ, "<Error><Code>InternalError</Code></Error>", 0,
		    false, 0 },
		{ 403, AMZ, "<Error><Code>AccessDenied</Code></Error>", 0,
		    false, 0 },
		{ 404, AMZ, "<Error><Code>NoSuchBucket</Code></Error>", 0,
		    false, 0 },
	};
	struct s3_list page;
	struct err err = { 0 };
	struct fake f;
	struct s3 *s3;

	fake_begin(&f, answers, 3);
	s3 = s3_new(&settings, &f.context, &f.source, &err);
	is_int(s3_list_page(s3, "p", span_of(""), 0, &page, &err), S3_ERROR,
	    "an <Error> with status 200 is retried");
	is_str(f.seen[0].url, "https://bkt.s3.eu-west-1.amazonaws.com/"
	    "?encoding-type=url&list-type=2&prefix=p", "no page size");
	is_int(err.class, ERR_DENIED, "the last answer counts");
	s3_list_clear(&page);
	err_clear(&err);
	is_int(s3_list_page(s3, "p", span_of(""), 0, &page, &err), S3_ERROR,
	    "no bucket");
	is_int(err.class, ERR_BUCKET, "its class");
	s3_list_clear(&page);
	s3_free(s3);
	fake_end(&f);
}

int
main(void)
{
	test_page();
	test_last();
	test_bad();
	test_errors();
	return done_testing();
}
