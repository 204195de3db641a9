#include "aws/s3.h"

#include "s3_script.h"
#include "tap.h"

#define WEST "x-amz-bucket-region: eu-west-1\n"

struct found {
	char region[64];
	int calls;
};

static void
note_region(void *state, const char *region)
{
	struct found *found = state;

	snprintf(found->region, sizeof found->region, "%s", region);
	found->calls++;
}

static void
test_region(void)
{
	static const struct fake_answer wrong[] = {
		{ 301, AMZ WEST, ERROR("PermanentRedirect"), 0, false, 0 },
		FINE, FINE };
	static const struct fake_answer malformed[] = {
		ANSWER(400, "<Error><Code>AuthorizationHeaderMalformed"
		    "</Code><Region>eu-west-1</Region></Error>"), FINE };
	static const struct fake_answer loop[] = {
		{ 301, AMZ WEST, ERROR("PermanentRedirect"), 0, false, 0 },
		{ 301, AMZ "x-amz-bucket-region: us-east-1\n",
		    ERROR("PermanentRedirect"), 0, false, 0 }, FINE };
	static const struct fake_answer probe[] = {
		ANSWER(400, ERROR("IllegalLocationConstraintException")),
		{ 403, AMZ WEST, "", 0, false, 0 }, FINE };
	static const struct fake_answer lost[] = {
		ANSWER(301, ERROR("PermanentRedirect")),
		ANSWER(301, ""), FINE };
	static const struct fake_answer nonsense[] = {
		ANSWER(301, ERROR("PermanentRedirect")),
		{ 301, AMZ "x-amz-bucket-region: evil.example/x\n", "", 0,
		    false, 0 }, FINE };
	static const struct fake_answer endless[] = {
		ANSWER(301, ERROR("PermanentRedirect")),
		{ 301, AMZ "x-amz-bucket-region: aaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
		    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n",
		    "", 0, false, 0 }, FINE };
	static const struct fake_answer head[] = {
		{ 400, AMZ WEST, "", 0, false, 0 },
		{ 200, AMZ, NULL, 0, false, 0 } };
	static const struct fake_answer here[] = {
		{ 400, AMZ "x-amz-bucket-region: us-east-1\n", "", 0, false,
		    0 }, ANSWER(400, ERROR("InvalidToken")) };
	struct found found = { "", 0 };
	struct s3_settings settings = { .bucket = "bkt",
	    .region_found = note_region, .state = &found };
	struct err err = { 0 };
	struct fake f;
	struct s3 *s3 = begin(&f, wrong, 3, &settings);

	is_int(s3_get(s3, "k", NULL, 100, &err), S3_OK, "301");
	is_str(f.seen[0].url, "https://bkt.s3.us-east-1.amazonaws.com/k",
	    "an unknown region is looked for in us-east-1");
	is_str(f.seen[1].url, "https://bkt.s3.eu-west-1.amazonaws.com/k",
	    "and followed");
	has_str(f.seen[1].fields, "/eu-west-1/s3/aws4_request",
	    "signed anew");
	is_str(found.region, "eu-west-1", "the finder is told");
	is_int(s3_get(s3, "k", NULL, 100, &err), S3_OK, "the next call");
	is_str(f.seen[2].url, "https://bkt.s3.eu-west-1.amazonaws.com/k",
	    "goes there at once");
	is_int(found.calls, 1, "the finder is told once");
	end(&f, s3);

	s3 = begin(&f, malformed, 2, &settings);
	is_int(s3_get(s3, "k", NULL, 100, &err), S3_OK, "a region in the "
	    "body");
	end(&f, s3);

	found.calls = 0;
	s3 = begin(&f, loop, 3, &settings);
	is_int(s3_get(s3, "k", NULL, 100, &err), S3_ERROR, "a circle");
	is_uint(f.used, 2, "is left after one turn");
	is_int(err.class, ERR_BUCKET, "bucket error");
	is_int(found.calls, 0, "and nothing is remembered");
	end(&f, s3);

	err_clear(&err);
	s3 = begin(&f, probe, 3, &settings);
	is_int(s3_get(s3, "k", NULL, 100, &err), S3_OK,
	    "a region that only HeadBucket tells");
	is_str(f.seen[1].method, "HEAD", "HeadBucket");
	is_str(f.seen[1].url, "https://bkt.s3.us-east-1.amazonaws.com/",
	    "its URL");
	is_str(f.seen[2].url, "https://bkt.s3.eu-west-1.amazonaws.com/k",
	    "then the object");
	end(&f, s3);

	s3 = begin(&f, lost, 3, &settings);
	is_int(s3_get(s3, "k", NULL, 100, &err), S3_ERROR,
	    "a region that nobody tells");
	is_str(err.code, "PermanentRedirect", "the first answer's error");
	is_uint(f.used, 2, "after one probe");
	end(&f, s3);

	err_clear(&err);
	s3 = begin(&f, nonsense, 3, &settings);
	is_int(s3_get(s3, "k", NULL, 100, &err), S3_ERROR,
	    "a region that is none");
	is_uint(f.used, 2, "is not gone to");
	end(&f, s3);

	err_clear(&err);
	s3 = begin(&f, endless, 3, &settings);
	is_int(s3_get(s3, "k", NULL, 100, &err), S3_ERROR,
	    "a region that is too long");
	is_uint(f.used, 2, "neither");
	end(&f, s3);

	err_clear(&err);
	s3 = begin(&f, head, 2, &settings);
	is_int(s3_head(s3, "k", &err), S3_OK, "HEAD of another region");
	end(&f, s3);

	s3 = begin(&f, here, 2, &settings);
	is_int(s3_head(s3, "k", &err), S3_ERROR,
	    "HEAD 400 from the right region");
	is_str(err.code, "InvalidToken", "is something else");
	end(&f, s3);

	err_clear(&err);
	settings.endpoint_url = "http://store.example:9000";
	s3 = begin(&f, wrong, 2, &settings);
	is_int(s3_get(s3, "k", NULL, 100, &err), S3_OK,
	    "a custom endpoint's region");
	is_str(f.seen[1].url, "http://store.example:9000/bkt/k",
	    "changes the signature only");
	has_str(f.seen[1].fields, "/eu-west-1/s3/aws4_request", "signed");
	end(&f, s3);
}

/* What a 307 may lead to. */
static void
test_redirect(void)
{
	static const struct {
		const char *endpoint, *location, *url;	/* NULL: not */
	} rows[] = {
		{ NULL, "https://bkt.s3.eu-west-2.amazonaws.com/k",
		    "https://bkt.s3.eu-west-2.amazonaws.com/k" },
		{ NULL, "https://bkt.s3-eu-west-2.amazonaws.com/other?x=y",
		    "https://bkt.s3-eu-west-2.amazonaws.com/k" },
		{ NULL, "https://S3.eu-west-2.amazonaws.com/bkt/k",
		    "https://s3.eu-west-2.amazonaws.com/bkt/k" },
		{ NULL, "https://bkt.s3.dualstack.eu-west-2.api.aws/k",
		    "https://bkt.s3.dualstack.eu-west-2.api.aws/k" },
		{ NULL, "https://bkt.s3.dualstack.eu-west-2.amazonaws.com/k",
		    "https://bkt.s3.dualstack.eu-west-2.amazonaws.com/k" },
		{ NULL, "http://bkt.s3.eu-west-2.amazonaws.com/k", NULL },
		{ NULL, "https://bkt.s3.eu-west-2.amazonaws.com:8443/k", NULL },
		{ NULL, "https://xyz.s3.eu-west-2.amazonaws.com/k", NULL },
		{ NULL, "https://evil.example/k", NULL },
		{ NULL, "https://bkt.s3.amazonaws.com.evil.example/k", NULL },
		{ NULL, "https://s3.evilamazonaws.com/k", NULL },
		{ NULL, "https://ec2-1-2-3-4.compute.amazonaws.com/k", NULL },
		{ NULL, "https://user@bkt.s3.eu-west-2.amazonaws.com/", NULL },
		{ NULL, "/k", NULL },
		{ NULL, "", NULL },
		{ "http://store.example:9000",
		    "http://store.example:9000/bkt/k",
		    "http://store.example:9000/bkt/k" },
		{ "http://store.example:9000",
		    "http://bkt.store.example:9000/k",
		    "http://bkt.store.example:9000/k" },
		{ "http://store.example:9000",
		    "http://node7.store.example:9000/k",
		    "http://node7.store.example:9000/bkt/k" },
		{ "http://store.example:9000", "http://store.example/bkt/k",
		    NULL },
		{ "http://store.example:9000",
		    "https://store.example:9000/bkt/k", NULL },
		{ "http://store.example:9000",
		    "http://otherstore.example:9000/bkt/k", NULL },
		{ "https://store.example", "https://bkt.s3.amazonaws.com/k",
		    NULL },
	};
	size_t i;

	for (i = 0; i < COUNT(rows); i++) {
		char fields[300];
		struct fake_answer answers[] = {
			{ 307, fields, ERROR("TemporaryRedirect"), 0, false,
			    0 }, FINE, FINE };
		struct s3_settings settings = aws;
		bool follow = rows[i].url != NULL;
		struct err err = { 0 };
		struct fake f;
		struct s3 *s3;

		snprintf(fields, sizeof fields, AMZ "location: %s\n",
		    rows[i].location);
		settings.endpoint_url = rows[i].endpoint;
		s3 = begin(&f, answers, 3, &settings);
		is_int(s3_get(s3, "k", NULL, 100, &err), follow ? S3_OK :
		    S3_ERROR, "307 to '%s'", rows[i].location);
		is_uint(f.used, follow ? 2 : 1, "307 %zu: requests", i);
		if (rows[i].url != NULL)
			is_str(f.seen[1].url, rows[i].url, "307 %zu: URL",
			    i);
		if (!follow)
			is_int(err.class, ERR_BUCKET, "307 %zu: class", i);
		if (follow) {
			is_int(s3_get(s3, "k", NULL, 100, &err), S3_OK,
			    "307 %zu: the next call", i);
			is_str(f.seen[2].url, f.seen[0].url,
			    "307 %zu: is not remembered", i);
		}
		end(&f, s3);
	}
}

static void
test_redirect_once(void)
{
	static const struct fake_answer again[] = {
		{ 307, AMZ "location: https://bkt.s3.eu-west-2.amazonaws.com/k"
		    "\n", "", 0, false, 0 },
		{ 307, AMZ "location: https://bkt.s3.eu-west-3.amazonaws.com/k"
		    "\n", "", 0, false, 0 }, FINE };
	static const struct fake_answer put[] = {
		{ 307, AMZ "location: https://bkt.s3.eu-west-2.amazonaws.com/k"
		    "\n", "", 0, false, 0 }, FINE };
	static const struct fake_answer told[] = {
		{ 307, AMZ "x-amz-bucket-region: eu-west-2\nlocation: "
		    "https://bkt.s3.eu-west-2.amazonaws.com/k\n", "", 0, false,
		    0 }, FINE };
	struct s3_put body = { .key = "k", .content_type = "x",
	    .body = SPAN_LITERAL("again"), .if_absent = true };
	struct err err = { 0 };
	struct fake f;
	struct s3 *s3 = begin(&f, again, 3, &aws);

	is_int(s3_get(s3, "k", NULL, 100, &err), S3_ERROR, "307 twice");
	is_uint(f.used, 2, "is followed once");
	end(&f, s3);
	err_clear(&err);
	s3 = begin(&f, put, 2, &aws);
	is_int(s3_put(s3, &body, &err), S3_OK, "307 for a PUT");
	is_str(f.seen[1].body, "again", "sends the body again");
	ok(fake_has(&f, 1, "if-none-match", "*"), "and the condition");
	ok(strcmp(f.seen[0].fields, f.seen[1].fields) != 0,
	    "signed for the new host");
	has_str(f.seen[1].fields, "/eu-west-1/s3/aws4_request",
	    "in the region that was ours");
	end(&f, s3);
	s3 = begin(&f, told, 2, &aws);
	is_int(s3_get(s3, "k", NULL, 100, &err), S3_OK, "307 with a region");
	has_str(f.seen[1].fields, "/eu-west-2/s3/aws4_request",
	    "is signed for that one");
	end(&f, s3);
}

int
main(void)
{
	test_region();
	test_redirect();
	test_redirect_once();
	return done_testing();
}
