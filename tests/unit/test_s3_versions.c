#include "tap.h"

#include "aws/s3.h"
#include "fake_aws.h"

#define COUNT(rows) (sizeof (rows) / sizeof (rows)[0])

#define AMZ "x-amz-request-id: R\n"
#define OPEN "<?xml version=\"1.0\"?><ListVersionsResult xmlns=\"x\">"
#define CLOSE "</ListVersionsResult>"
#define HOST "https://bkt.s3.eu-west-1.amazonaws.com/"

static const struct s3_settings settings = { .bucket = "bkt",
    .region = "eu-west-1" };

static enum s3_outcome
list(const char *body, const struct s3_versions_ask *ask,
    struct s3_versions *out, char *url, size_t room, struct err *err)
{
	struct fake_answer answers[] = { { 200, AMZ, body, 0, false, 0 } };
	enum s3_outcome outcome;
	struct fake f;
	struct s3 *s3;

	fake_begin(&f, answers, 1);
	s3 = s3_new(&settings, &f.context, &f.source, err);
	outcome = s3_versions_page(s3, ask, out, err);
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
	    "<NextKeyMarker>p/a+b%2Bc</NextKeyMarker>"
	    "<NextVersionIdMarker>v+/1</NextVersionIdMarker>"
	    "<DeleteMarker><Key>p/a+b%2Bc</Key><VersionId>m1</VersionId>"
	    "<IsLatest>true</IsLatest>"
	    "<LastModified>2026-01-02T03:04:05.000Z</LastModified>"
	    "</DeleteMarker>"
	    "<Version><Key>p/a+b%2Bc</Key><VersionId>v+/1</VersionId>"
	    "<IsLatest>false</IsLatest><ETag>&quot;e&quot;</ETag>"
	    "<Size>12</Size></Version>"
	    "<CommonPrefixes><Prefix>p/q/</Prefix></CommonPrefixes>"
	    "<Version><VersionId>null</VersionId><Key>p/z</Key></Version>"
	    CLOSE;
	const struct s3_versions_ask ask = { .prefix = "p/",
	    .from_key = SPAN_LITERAL("p/ +"),
	    .from_id = SPAN_LITERAL("i/d="), .max_keys = 3 };
	struct s3_versions page;
	struct err err = { 0 };
	char url[1000];

	is_int(list(body, &ask, &page, url, sizeof url, &err), S3_OK,
	    "a page");
	is_str(url, HOST "?encoding-type=url&key-marker=p%2F%20%2B&max-keys=3"
	    "&prefix=p%2F&version-id-marker=i%2Fd%3D&versions=", "its query");
	is_uint(page.count, 3, "versions and markers");
	is_span(page.items[0].key, "p/a b+c", "keys are decoded as a form");
	is_span(page.items[0].id, "m1", "its id");
	ok(page.items[0].marker && page.items[0].latest, "a marker");
	is_int(page.items[0].last_modified, 1767323045, "date");
	is_span(page.items[1].key, "p/a b+c", "in their order");
	is_span(page.items[1].id, "v+/1", "ids are as they came");
	ok(!page.items[1].marker && !page.items[1].latest, "a version");
	is_int(page.items[1].last_modified, -1, "no date");
	is_span(page.items[2].key, "p/z", "elements in any order");
	is_span(page.items[2].id, "null", "never versioned");
	ok(page.more, "it goes on");
	is_span(page.next_key, "p/a b+c", "from this key");
	is_span(page.next_id, "v+/1", "and this version");
	s3_versions_clear(&page);
	is_uint(page.count, 0, "cleared");
	s3_versions_clear(&page);
}

static void
test_ends(void)
{
	struct s3_versions_ask ask = { .prefix = "" };
	struct s3_versions page;
	struct err err = { 0 };
	char url[1000];

	is_int(list(OPEN "<IsTruncated>false</IsTruncated>"
	    "<NextKeyMarker>no</NextKeyMarker>" CLOSE, &ask, &page, url,
	    sizeof url, &err), S3_OK, "an empty last page");
	is_str(url, HOST "?encoding-type=url&versions=", "a bare query");
	is_uint(page.count, 0, "nothing");
	ok(!page.more, "only IsTruncated says that it goes on");
	s3_versions_clear(&page);

	ask.prefix = "p";
	ask.from_id = span_of("id");
	is_int(list(OPEN "<IsTruncated>true</IsTruncated>"
	    "<NextKeyMarker>a+%41</NextKeyMarker>" CLOSE, &ask, &page, url,
	    sizeof url, &err), S3_OK, "between two keys");
	is_str(url, HOST "?encoding-type=url&prefix=p&versions=",
	    "no id without a key");
	is_span(page.next_key, "a+%41", "a server that does not encode");
	is_uint(page.next_id.n, 0, "no id");
	s3_versions_clear(&page);
}

static void
test_bad(void)
{
	static const char *const bodies[] = {
		"", "no XML", "<ListVersionsResult>", "<html></html>",
		"<ListBucketResult></ListBucketResult>",
		OPEN "<IsTruncated>true</IsTruncated>" CLOSE,
		OPEN "<Version><Key>k</Key></Version>" CLOSE,
		OPEN "<Version><VersionId>v</VersionId></Version>" CLOSE,
		OPEN "<EncodingType>url</EncodingType><Version>"
		    "<Key>%zz</Key><VersionId>v</VersionId></Version>" CLOSE,
		OPEN "<EncodingType>url</EncodingType>"
		    "<IsTruncated>true</IsTruncated>"
		    "<NextKeyMarker>%</NextKeyMarker>" CLOSE,
	};
	const struct s3_versions_ask ask = { .prefix = "p" };
	struct s3_versions page;
	char url[1000];
	size_t i;

	for (i = 0; i < COUNT(bodies); i++) {
		struct err err = { 0 };

		is_int(list(bodies[i], &ask, &page, url, sizeof url, &err),
		    S3_ERROR, "refused: '%s'", bodies[i]);
		is_int(err.class, ERR_DATA, "refused %zu: class (%s)", i,
		    err.message);
		has_str(err.message, "cannot list versions in 's3://bkt/p'",
		    "refused %zu: message", i);
		ok(page.items == NULL && page.memory == NULL,
		    "refused %zu: nothing is left", i);
	}
}

static void
test_single(void)
{
	static const struct fake_answer answers[] = {
		{ 200, AMZ "etag: \"e\"\nx-amz-meta-schema-version: 1\n",
		    NULL, 0, false, 0 },
		{ 404, AMZ, NULL, 0, false, 0 },
		{ 405, AMZ "x-amz-delete-marker: true\n", NULL, 0, false, 0 },
		{ 204, AMZ, NULL, 0, false, 0 },
		{ 403, AMZ, "<Error><Code>AccessDenied</Code></Error>", 0,
		    false, 0 },
	};
	struct err err = { 0 };
	struct fake f;
	struct s3 *s3;

	fake_begin(&f, answers, COUNT(answers));
	s3 = s3_new(&settings, &f.context, &f.source, &err);
	is_int(s3_versions_head(s3, "a/b", "v+1", &err), S3_OK, "HEAD");
	is_str(f.seen[0].url, HOST "a/b?versionId=v%2B1", "of a version");
	is_str(f.seen[0].method, "HEAD", "its method");
	is_str(s3_answer(s3)->etag, "\"e\"", "ETag");
	is_span(s3_meta(s3, "schema-version"), "1", "metadata");
	is_int(s3_versions_head(s3, "a/b", "v2", &err), S3_ABSENT, "absent");
	is_int(s3_versions_head(s3, "a/b", "m", &err), S3_ERROR,
	    "a delete marker");
	err_clear(&err);
	is_int(s3_versions_delete(s3, "a/b", "null", &err), S3_OK, "DELETE");
	is_str(f.seen[3].url, HOST "a/b?versionId=null", "of a version");
	is_str(f.seen[3].method, "DELETE", "its method");
	is_int(s3_versions_delete(s3, "a/b", "v", &err), S3_ERROR, "denied");
	is_int(err.class, ERR_DENIED, "class");
	s3_free(s3);
	fake_end(&f);
}

int
main(void)
{
	test_page();
	test_ends();
	test_bad();
	test_single();
	return done_testing();
}
