#include "aws/endpoint.h"

#include "endpoint_table.h"
#include "tap.h"

static const struct {
	const char *bucket;
	const char *region;
	int flags;
	enum endpoint_style style;
	const char *url;	/* without https:// */
	const char *path;
} buckets[] = {
	{ "abc", "us-east-1", 0, 0, "abc.s3.us-east-1.amazonaws.com", "" },
	{ "abc", NULL, 0, 0, "abc.s3.us-east-1.amazonaws.com", "" },
	{ "abc", "eu-west-1", 0, 0, "abc.s3.eu-west-1.amazonaws.com", "" },
	{ "abc", "eu-west-1", 0, ENDPOINT_PATH, "s3.eu-west-1.amazonaws.com",
	    "/abc" },
	{ "abc", "eu-west-1", DUAL, 0,
	    "abc.s3.dualstack.eu-west-1.amazonaws.com", "" },
	{ "abc", "us-west-2", FIPS, 0, "abc.s3-fips.us-west-2.amazonaws.com",
	    "" },
	{ "abc", "us-west-2", FIPS | DUAL, 0,
	    "abc.s3-fips.dualstack.us-west-2.amazonaws.com", "" },
	{ "abc", "cn-north-1", 0, 0, "abc.s3.cn-north-1.amazonaws.com.cn",
	    "" },
	{ "abc", "us-gov-west-1", 0, 0,
	    "abc.s3.us-gov-west-1.amazonaws.com", "" },
	{ "abc", "eusc-de-east-1", 0, 0,
	    "abc.s3.eusc-de-east-1.amazonaws.eu", "" },
	{ "abc", "us-isob-east-1", DUAL, 0,
	    "abc.s3.dualstack.us-isob-east-1.sc2s.sgov.gov", "" },
	{ "abc", "aws-global", 0, 0, "abc.s3.us-east-1.amazonaws.com", "" },
	{ "a.b.c", "eu-west-1", 0, 0, "s3.eu-west-1.amazonaws.com",
	    "/a.b.c" },
	{ "a.b.c", "eu-west-1", 0, ENDPOINT_VIRTUAL,
	    "s3.eu-west-1.amazonaws.com", "/a.b.c" },
	{ "My_Bucket", "us-east-1", 0, 0, "s3.us-east-1.amazonaws.com",
	    "/My_Bucket" },
	{ "ap-1234-s3alias", "eu-west-1", 0, 0,
	    "ap-1234-s3alias.s3.eu-west-1.amazonaws.com", "" },
	{ "abc", "eu-west-1", FAST, 0, "abc.s3-accelerate.amazonaws.com",
	    "" },
	{ "abc", "eu-west-1", FAST | DUAL, ENDPOINT_VIRTUAL,
	    "abc.s3-accelerate.dualstack.amazonaws.com", "" },
	{ "abc", NULL, GLOBAL, 0, "abc.s3.amazonaws.com", "" },
	{ "a.bc", "us-east-1", GLOBAL, 0, "s3.amazonaws.com", "/a.bc" },
	{ "abc", "eu-west-1", GLOBAL, 0, "abc.s3.eu-west-1.amazonaws.com",
	    "" },
	{ "abc", "us-east-1", GLOBAL | DUAL, 0,
	    "abc.s3.dualstack.us-east-1.amazonaws.com", "" },
};

static void
test_buckets(void)
{
	size_t i;

	for (i = 0; i < sizeof buckets / sizeof buckets[0]; i++) {
		struct endpoint_settings s = settings_of(buckets[i].flags);
		struct endpoint e;
		struct err err = { 0 };

		if (!ok(endpoint_bucket(buckets[i].bucket, buckets[i].region,
		    NULL, buckets[i].style, &s, &e, &err) == 0, "%s: %s",
		    buckets[i].bucket, err.message))
			continue;
		is_str(e.url + 8, buckets[i].url, "%s in %s",
		    buckets[i].bucket, buckets[i].region == NULL ? "-" :
		    buckets[i].region);
		is_str(e.path, buckets[i].path, "its path");
		ok(e.aws && !e.custom, "AWS's own");
	}
}

static const struct {
	const char *bucket;
	const char *region;
	const char *url;	/* configured, or NULL */
	int flags;
	enum endpoint_style style;
	const char *says;
} accelerated[] = {
	{ "abc", "eu-west-1", "http://h", FAST, 0,
	    "cannot be combined with S3 Transfer Acceleration" },
	{ "abc", "us-east-1", NULL, FAST | FIPS, 0, "no FIPS endpoints" },
	{ "abc", "cn-north-1", NULL, FAST, 0, "in this partition" },
	{ "a.bc", "eu-west-1", NULL, FAST, 0, "no dots" },
	{ "abc", "eu-west-1", NULL, FAST, ENDPOINT_PATH, "no path style" },
};

static void
test_accelerated(void)
{
	struct endpoint e;
	size_t i;

	for (i = 0; i < sizeof accelerated / sizeof accelerated[0]; i++) {
		struct endpoint_settings s = settings_of(accelerated[i].flags);
		struct err err = { 0 };

		is_int(endpoint_bucket(accelerated[i].bucket,
		    accelerated[i].region, accelerated[i].url,
		    accelerated[i].style, &s, &e, &err), -1, "refused");
		is_int(err.class, ERR_USAGE, "as usage");
		has_str(err.message, accelerated[i].says, "with the reason");
	}
}

int
main(void)
{
	test_buckets();
	test_accelerated();
	return done_testing();
}
