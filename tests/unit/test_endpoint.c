#include "aws/endpoint.h"

#include "aws/bucket_name.h"
#include "aws/partition.h"
#include "aws_files.h"
#include "tap.h"

#define S3 ENDPOINT_S3
#define STS ENDPOINT_STS
#define CE ENDPOINT_CE
#define IAM ENDPOINT_IAM

enum { FIPS = 1, DUAL = 2, LEGACY = 4, FAST = 8, GLOBAL = 16 };

/* What botocore 1.43.11's rule sets resolve to. */
static const struct {
	enum endpoint_service service;
	const char *region;
	int flags;
	const char *url;	/* without https:// */
	const char *signing;	/* NULL: the region itself */
} standard[] = {
	{ STS, "us-east-1", 0, "sts.us-east-1.amazonaws.com", NULL },
	{ STS, NULL, 0, "sts.us-east-1.amazonaws.com", "us-east-1" },
	{ STS, "", 0, "sts.us-east-1.amazonaws.com", "us-east-1" },
	{ STS, "eu-west-1", FIPS, "sts-fips.eu-west-1.amazonaws.com", NULL },
	{ STS, "eu-west-1", DUAL, "sts.eu-west-1.api.aws", NULL },
	{ STS, "eu-west-1", FIPS | DUAL, "sts-fips.eu-west-1.api.aws", NULL },
	{ STS, "eu-west-1", LEGACY, "sts.amazonaws.com", "us-east-1" },
	{ STS, "us-east-1", LEGACY, "sts.amazonaws.com", "us-east-1" },
	{ STS, "eu-west-1", LEGACY | DUAL, "sts.eu-west-1.api.aws", NULL },
	{ STS, "af-south-1", LEGACY, "sts.af-south-1.amazonaws.com", NULL },
	{ STS, "cn-north-1", LEGACY, "sts.cn-north-1.amazonaws.com.cn",
	    NULL },
	{ STS, "aws-global", 0, "sts.amazonaws.com", "us-east-1" },
	{ STS, "cn-northwest-1", DUAL,
	    "sts.cn-northwest-1.api.amazonwebservices.com.cn", NULL },
	{ STS, "us-gov-west-1", FIPS, "sts.us-gov-west-1.amazonaws.com",
	    NULL },
	{ STS, "us-gov-west-1", FIPS | DUAL,
	    "sts-fips.us-gov-west-1.api.aws", NULL },
	{ STS, "eusc-de-east-1", 0, "sts.eusc-de-east-1.amazonaws.eu", NULL },
	{ STS, "us-iso-east-1", DUAL, "sts.us-iso-east-1.api.aws.ic.gov",
	    NULL },
	{ STS, "us-isob-east-1", 0, "sts.us-isob-east-1.sc2s.sgov.gov",
	    NULL },
	{ STS, "eu-isoe-west-1", 0, "sts.eu-isoe-west-1.cloud.adc-e.uk",
	    NULL },
	{ STS, "us-isof-south-1", 0, "sts.us-isof-south-1.csp.hci.ic.gov",
	    NULL },
	{ STS, "xy-new-9", 0, "sts.xy-new-9.amazonaws.com", NULL },
	{ STS, "fips-us-east-1", 0, "sts-fips.us-east-1.amazonaws.com",
	    "us-east-1" },
	{ STS, "us-west-2-fips", 0, "sts-fips.us-west-2.amazonaws.com",
	    "us-west-2" },
	{ CE, "eu-west-1", 0, "ce.us-east-1.amazonaws.com", "us-east-1" },
	{ CE, NULL, 0, "ce.us-east-1.amazonaws.com", "us-east-1" },
	{ CE, "aws-global", 0, "ce.us-east-1.amazonaws.com", "us-east-1" },
	{ CE, "eu-west-1", DUAL, "ce.us-east-1.api.aws", "us-east-1" },
	{ CE, "eu-west-1", FIPS, "ce-fips.us-east-1.amazonaws.com",
	    "us-east-1" },
	{ CE, "cn-north-1", 0, "ce.cn-northwest-1.amazonaws.com.cn",
	    "cn-northwest-1" },
	{ CE, "cn-north-1", DUAL,
	    "ce.cn-northwest-1.api.amazonwebservices.com.cn",
	    "cn-northwest-1" },
	{ CE, "us-gov-east-1", 0, "ce.us-gov-west-1.amazonaws.com",
	    "us-gov-west-1" },
	{ CE, "us-gov-west-1", FIPS, "ce-fips.us-gov-west-1.amazonaws.com",
	    NULL },
	{ CE, "eusc-de-east-1", 0,
	    "ce.eusc-de-east-1.api.amazonwebservices.eu", NULL },
	{ CE, "eusc-de-east-1", FIPS, "ce-fips.eusc-de-east-1.amazonaws.eu",
	    NULL },
	{ CE, "us-iso-east-1", 0, "ce.us-iso-east-1.c2s.ic.gov", NULL },
	{ IAM, "eu-west-1", 0, "iam.amazonaws.com", "us-east-1" },
	{ IAM, "eu-west-1", FIPS, "iam-fips.amazonaws.com", "us-east-1" },
	{ IAM, "eu-west-1", DUAL, "iam.global.api.aws", "us-east-1" },
	{ IAM, "cn-northwest-1", 0, "iam.cn-north-1.amazonaws.com.cn",
	    "cn-north-1" },
	{ IAM, "cn-north-1", DUAL,
	    "iam.global.api.amazonwebservices.com.cn", "cn-north-1" },
	{ IAM, "us-gov-east-1", 0, "iam.us-gov.amazonaws.com",
	    "us-gov-west-1" },
	{ IAM, "us-gov-east-1", FIPS | DUAL, "iam.us-gov.api.aws",
	    "us-gov-west-1" },
	{ IAM, "eusc-de-east-1", 0, "iam.eusc-de-east-1.amazonaws.eu", NULL },
	{ IAM, "us-isob-east-1", DUAL, "iam.api.aws.scloud",
	    "us-isob-east-1" },
	{ IAM, "us-iso-west-1", 0, "iam.us-iso-east-1.c2s.ic.gov",
	    "us-iso-east-1" },
	{ IAM, "us-isob-west-1", 0, "iam.us-isob-east-1.sc2s.sgov.gov",
	    "us-isob-east-1" },
	{ IAM, "eu-isoe-west-1", 0, "iam.eu-isoe-west-1.cloud.adc-e.uk",
	    NULL },
	{ IAM, "eu-isoe-west-1", DUAL, "iam.api.cloud-aws.adc-e.uk", NULL },
	{ IAM, "us-isof-east-1", 0, "iam.us-isof-south-1.csp.hci.ic.gov",
	    "us-isof-south-1" },
	{ IAM, "us-isof-south-1", DUAL, "iam.api.aws.hci.ic.gov", NULL },
	{ CE, "us-isob-west-1", 0, "ce.us-isob-east-1.sc2s.sgov.gov",
	    "us-isob-east-1" },
	{ CE, "eu-isoe-west-1", DUAL,
	    "ce.eu-isoe-west-1.api.cloud-aws.adc-e.uk", NULL },
	{ CE, "us-isof-east-1", 0, "ce.us-isof-south-1.csp.hci.ic.gov",
	    "us-isof-south-1" },
	{ ENDPOINT_KMS, "us-isof-east-1", DUAL,
	    "kms.us-isof-east-1.api.aws.hci.ic.gov", NULL },
	{ ENDPOINT_KMS, "eu-west-1", 0, "kms.eu-west-1.amazonaws.com", NULL },
	/* botocore makes "kms.aws-global" of it. */
	{ ENDPOINT_KMS, "aws-global", 0, "kms.us-east-1.amazonaws.com",
	    "us-east-1" },
	{ ENDPOINT_KMS, "us-gov-west-1", FIPS,
	    "kms-fips.us-gov-west-1.amazonaws.com", NULL },
	{ ENDPOINT_SSO, "eu-west-1", 0, "portal.sso.eu-west-1.amazonaws.com",
	    NULL },
	{ ENDPOINT_SSO, "us-gov-west-1", FIPS,
	    "portal.sso.us-gov-west-1.amazonaws.com", NULL },
	{ ENDPOINT_SSO_OIDC, "us-gov-west-1", FIPS,
	    "oidc.us-gov-west-1.amazonaws.com", NULL },
	{ ENDPOINT_SSO_OIDC, "eu-west-1", DUAL, "oidc.eu-west-1.api.aws",
	    NULL },
	{ ENDPOINT_SIGNIN, "us-east-1", 0, "us-east-1.signin.aws.amazon.com",
	    NULL },
	{ ENDPOINT_SIGNIN, "cn-north-1", 0, "cn-north-1.signin.amazonaws.cn",
	    NULL },
	{ ENDPOINT_SIGNIN, "us-gov-west-1", 0,
	    "us-gov-west-1.signin.amazonaws-us-gov.com", NULL },
	{ ENDPOINT_SIGNIN, "us-gov-west-1", FIPS,
	    "signin-fips.us-gov-west-1.amazonaws.com", NULL },
	{ ENDPOINT_SIGNIN, "eusc-de-east-1", 0,
	    "signin.eusc-de-east-1.amazonaws.eu", NULL },
	{ ENDPOINT_SIGNIN, "us-east-1", DUAL, "signin.us-east-1.api.aws",
	    NULL },
};

/* Where legacy STS is the global endpoint; everywhere else it is regional. */
static const char *const global_sts[] = {
	"ap-northeast-1", "ap-south-1", "ap-southeast-1", "ap-southeast-2",
	"ca-central-1", "eu-central-1", "eu-north-1", "eu-west-1",
	"eu-west-2", "eu-west-3", "sa-east-1", "us-east-1", "us-east-2",
	"us-west-1", "us-west-2",
};

static struct endpoint_settings
settings_of(int flags)
{
	struct endpoint_settings s = { 0 };

	s.fips = (flags & FIPS) != 0;
	s.dualstack = s.s3_dualstack = (flags & DUAL) != 0;
	s.sts_legacy = (flags & LEGACY) != 0;
	s.s3_accelerate = (flags & FAST) != 0;
	s.s3_global = (flags & GLOBAL) != 0;
	return s;
}

static void
test_standard(void)
{
	size_t i;

	for (i = 0; i < sizeof standard / sizeof standard[0]; i++) {
		struct endpoint_settings s = settings_of(standard[i].flags);
		struct endpoint e;
		struct err err = { 0 };
		const char *region = standard[i].region;

		if (!ok(endpoint_resolve(standard[i].service, region, NULL,
		    &s, &e, &err) == 0, "%s", standard[i].url))
			continue;
		ok(strncmp(e.url, "https://", 8) == 0, "https");
		is_str(e.url + 8, standard[i].url, "service %d, %s",
		    (int)standard[i].service, region == NULL ? "-" : region);
		is_str(e.region, standard[i].signing == NULL ? region :
		    standard[i].signing, "signing region");
		is_str(e.path, "", "no path");
		ok(e.aws && !e.custom, "AWS's own");
	}
	for (i = 0; i < sizeof global_sts / sizeof global_sts[0]; i++) {
		struct endpoint_settings s = settings_of(LEGACY);
		struct endpoint e;
		struct err err = { 0 };

		is_int(endpoint_resolve(STS, global_sts[i], NULL, &s, &e,
		    &err), 0, "legacy in %s", global_sts[i]);
		is_str(e.url, "https://sts.amazonaws.com", "is global");
		is_str(e.region, "us-east-1", "and signed for there");
	}
}

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
	const char *url;
	const char *bucket;	/* NULL: endpoint_resolve */
	enum endpoint_style style;
	const char *base;	/* NULL: refused */
	const char *path;
	bool aws;
} custom[] = {
	{ "http://127.0.0.1:9000", "abc", 0, "http://127.0.0.1:9000", "/abc",
	    false },
	{ "http://127.0.0.1:9000", "abc", ENDPOINT_VIRTUAL,
	    "http://127.0.0.1:9000", "/abc", false },
	{ "http://[::1]:9000/", "abc", ENDPOINT_VIRTUAL, "http://[::1]:9000",
	    "/abc", false },
	{ "http://store:9000/", "abc", 0, "http://store:9000", "/abc",
	    false },
	{ "http://store:9000/", "abc", ENDPOINT_VIRTUAL,
	    "http://abc.store:9000", "", false },
	{ "http://store", "a.b", ENDPOINT_VIRTUAL, "http://a.b.store", "",
	    false },
	{ "http://store", "a.b.c", ENDPOINT_VIRTUAL, "http://a.b.c.store",
	    "", false },
	{ "https://store", "a.b.c", ENDPOINT_VIRTUAL, "https://store",
	    "/a.b.c", false },
	{ "https://Store:443/base/", "abc", 0, "https://store", "/base/abc",
	    false },
	{ "https://store/base", "abc", ENDPOINT_VIRTUAL, "https://abc.store",
	    "/base", false },
	{ "https://store", "Any_Name", ENDPOINT_VIRTUAL, "https://store",
	    "/Any_Name", false },
	{ "https://bucket.vpce-1-2.s3.eu-west-1.vpce.amazonaws.com", "abc", 0,
	    "https://bucket.vpce-1-2.s3.eu-west-1.vpce.amazonaws.com", "/abc",
	    true },
	{ "http://localhost:5000", NULL, 0, "http://localhost:5000", "",
	    false },
	{ "http://localhost:5000/base/x//", NULL, 0, "http://localhost:5000",
	    "/base/x", false },
	{ "https://ce.us-east-1.amazonaws.com", NULL, 0,
	    "https://ce.us-east-1.amazonaws.com", "", true },
	{ "https://notamazonaws.com", NULL, 0, "https://notamazonaws.com", "",
	    false },
	{ "http://h?x=1", NULL, 0, NULL, NULL, false },
	{ "ftp://h", NULL, 0, NULL, NULL, false },
	{ "h:9000", NULL, 0, NULL, NULL, false },
	{ "http://user:pw@h", NULL, 0, NULL, NULL, false },
	{ "http://h", "a/b", 0, NULL, NULL, false },
	{ "http://h", "..", 0, NULL, NULL, false },
	{ "http://h", "arn:aws:s3:eu-west-1:123456789012:accesspoint/x", 0,
	    NULL, NULL, false },
};

static void
test_custom(void)
{
	struct endpoint_settings s = { 0 };
	size_t i;

	for (i = 0; i < sizeof custom / sizeof custom[0]; i++) {
		const char *bucket = custom[i].bucket;
		struct endpoint e;
		struct err err = { 0 };
		int result = bucket == NULL ? endpoint_resolve(ENDPOINT_CE,
		    "eu-west-1", custom[i].url, &s, &e, &err) :
		    endpoint_bucket(bucket, "eu-west-1", custom[i].url,
		    custom[i].style, &s, &e, &err);

		if (custom[i].base == NULL) {
			is_int(result, -1, "refused: %s %s", custom[i].url,
			    bucket == NULL ? "" : bucket);
			is_int(err.class, ERR_USAGE, "as usage");
			ok(strstr(err.message, "pw") == NULL, "no password");
			continue;
		}
		if (!ok(result == 0, "%s: %s", custom[i].url, err.message))
			continue;
		is_str(e.url, custom[i].base, "%s: its base", custom[i].url);
		is_str(e.path, custom[i].path, "its path");
		is_int(e.aws, custom[i].aws, "is it AWS?");
		ok(e.custom, "it is custom");
		is_str(e.region, bucket == NULL ? "us-east-1" : "eu-west-1",
		    "its signing region");
	}
}

static const struct {
	const char *bucket;
	const char *region;
	const char *says;	/* NULL: fine */
} names[] = {
	{ "", NULL, "is empty" },
	{ "ab", NULL, "shorter than 3" },
	{ "a..b", NULL, "two dots" },
	{ "192.168.1.1", NULL, "IP address" },
	{ "1.2.3", "eu-west-1", NULL },
	{ "a.b.c.d", "eu-west-1", NULL },
	{ "1.2.3.4a", "eu-west-1", NULL },
	{ "Upper", "eu-west-1", "capital" },
	{ "under_score", "eu-west-1", "capital letter or '_'" },
	{ "Upper", NULL, NULL },
	{ "-abc", "eu-west-1", "begin and end" },
	{ "abc-", "eu-west-1", "begin and end" },
	{ "abc/def", NULL, "'prefix'" },
	{ "s3://abc", NULL, "is a URL" },
	{ "a b c", NULL, "character" },
	{ "b\303\274cket", NULL, "character" },
	{ "arn:aws:s3:::abc", NULL, "ARN" },
	{ "foo.mrap", NULL, "multi-Region" },
	{ "b--use1-az4--x-s3", NULL, "directory bucket" },
	{ "b--ol-s3", NULL, "Object Lambda" },
	{ "b--table-s3", NULL, "table bucket" },
	{ "xn--abc", NULL, "reserves" },
	{ "sthree-abc", NULL, "reserves" },
	{ "amzn-s3-demo-abc", NULL, "reserves" },
	{ "abcdefghijabcdefghijabcdefghijabcdefghijabcdefghijabcdefghijabcd",
	    "eu-west-1", "longer than 63" },
	{ "abc", "EU-west-1", "not a region" },
	{ "abc", "eu.west", "not a region" },
	{ "abc", "-eu", "not a region" },
	{ "abc", "eu-west-1-that-is-longer-than-a-label-of-a-host-may-be-by-a-char",
	    "not a region" },
};

static void
test_names(void)
{
	struct endpoint_settings s = { 0 };
	struct endpoint e;
	char long_name[300];
	size_t i;

	for (i = 0; i < sizeof names / sizeof names[0]; i++) {
		struct err err = { 0 };
		int result = endpoint_bucket(names[i].bucket,
		    names[i].region, NULL, ENDPOINT_AUTO, &s, &e, &err);

		if (names[i].says == NULL) {
			is_int(result, 0, "fine: '%s'", names[i].bucket);
			continue;
		}
		is_int(result, -1, "refused: '%s'", names[i].bucket);
		is_int(err.class, ERR_USAGE, "as usage");
		has_str(err.message, names[i].says, "with the reason");
	}
	memset(long_name, 'a', sizeof long_name);
	long_name[255] = '\0';
	ok(bucket_name_fault(long_name, BUCKET_NAME_OLD) == NULL,
	    "255 characters of old");
	is_int(endpoint_bucket(long_name, NULL, "http://h/base",
	    ENDPOINT_AUTO, &s, &e, &(struct err){ 0 }), 0,
	    "and their path fits");
	memset(long_name, 'a', sizeof long_name);
	long_name[256] = '\0';
	ok(bucket_name_fault(long_name, BUCKET_NAME_OLD) != NULL, "not 256");
	ok(bucket_name_fault(long_name, BUCKET_NAME_ANY) != NULL,
	    "not anywhere");
}

static void
test_variants(void)
{
	struct endpoint_settings fips = settings_of(FIPS);
	struct endpoint_settings dual = settings_of(DUAL);
	struct endpoint e;
	struct err err = { 0 };

	is_int(endpoint_resolve(ENDPOINT_CE, NULL, "http://h", &fips, &e,
	    &err), -1, "FIPS and a custom endpoint");
	has_str(err.message, "AWS_USE_FIPS_ENDPOINT", "names the setting");
	err_clear(&err);
	is_int(endpoint_bucket("abc", NULL, "http://h", ENDPOINT_AUTO, &dual,
	    &e, &err), -1, "dual-stack and a custom endpoint");
	has_str(err.message, "AWS_USE_DUALSTACK_ENDPOINT",
	    "names the setting");
	err_clear(&err);
	is_int(endpoint_bucket("abc", "cn-north-1", NULL, ENDPOINT_AUTO,
	    &fips, &e, &err), -1, "no FIPS in China");
	is_int(err.class, ERR_USAGE, "as usage");
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

static void
test_partitions(void)
{
	is_str(endpoint_partition("eu-west-1"), "aws", "aws");
	is_str(endpoint_partition("cn-north-1"), "aws-cn", "China");
	is_str(endpoint_partition("us-gov-east-1"), "aws-us-gov", "GovCloud");
	is_str(endpoint_partition("eusc-de-east-1"), "aws-eusc", "Europe's");
	is_str(endpoint_partition("us-iso-west-1"), "aws-iso", "iso");
	is_str(endpoint_partition("us-isob-east-1"), "aws-iso-b", "iso-b");
	is_str(endpoint_partition("eu-isoe-west-1"), "aws-iso-e", "iso-e");
	is_str(endpoint_partition("us-isof-east-1"), "aws-iso-f", "iso-f");
	is_str(endpoint_partition("aws-cn-global"), "aws-cn",
	    "a global pseudo region");
	is_str(endpoint_partition("moon-1"), "aws", "unknown");
	is_str(partition_of(NULL)->id, "aws", "none");
	ok(partition_has_host(span_of("b.s3.eu-west-1.AmazonAWS.com")),
	    "hosts have no case");
	ok(partition_has_host(span_of("sts.eu-west-1.api.aws")) &&
	    partition_has_host(span_of("eu-west-1.signin.aws.amazon.com")),
	    "AWS has other names too");
	ok(!partition_has_host(span_of("amazonaws.com")), "not itself");
	ok(!partition_has_host(span_of("amazonaws.com.evil.example")),
	    "not in the middle");
	ok(!partition_has_host(span_of("evilamazonaws.com")),
	    "not without a dot");
}

struct configured {
	const char *name;
	enum endpoint_service service;
	const char *explicit_url;
	const char *variables[4];
	const char *profile;
	bool ignore;
	const char *url;
};

static const struct configured configured[] = {
	{ "nothing", S3, NULL, { NULL }, "bare", false, NULL },
	{ "explicit", S3, "http://e", { "AWS_ENDPOINT_URL_S3=http://s" },
	    "full", false, "http://e" },
	{ "its variable", S3, NULL, { "AWS_ENDPOINT_URL=http://all",
	    "AWS_ENDPOINT_URL_S3=http://s" }, "full", false, "http://s" },
	{ "another service's", STS, NULL, { "AWS_ENDPOINT_URL_S3=http://s" },
	    "bare", false, NULL },
	{ "everybody's variable", S3, NULL, { "AWS_ENDPOINT_URL=http://all" },
	    "full", false, "http://all" },
	{ "COST_EXPLORER", CE, NULL,
	    { "AWS_ENDPOINT_URL_CE=http://wrong",
	    "AWS_ENDPOINT_URL_COST_EXPLORER=http://right" }, "bare", false,
	    "http://right" },
	{ "[services]", S3, NULL, { NULL }, "full", false,
	    "http://services-s3" },
	{ "cost_explorer in it", CE, NULL, { NULL }, "full", false,
	    "http://services-ce" },
	{ "the profile's endpoint_url", STS, NULL, { NULL }, "full", false,
	    "http://profile" },
	{ "ignored", S3, NULL, { "AWS_ENDPOINT_URL_S3=http://s" }, "full",
	    true, NULL },
	{ "explicit is not", S3, "http://e",
	    { "AWS_ENDPOINT_URL_S3=http://s" }, "full", true, "http://e" },
	{ "empty is unset", S3, NULL, { "AWS_ENDPOINT_URL_S3=" }, "bare",
	    false, NULL },
};

static const char config[] =
    "[profile full]\n"
    "services = local\n"
    "endpoint_url = http://profile\n"
    "[services local]\n"
    "s3 =\n  endpoint_url = http://services-s3\n"
    "cost_explorer =\n  endpoint_url = http://services-ce\n"
    "[profile bare]\n"
    "[profile flags]\n"
    "use_fips_endpoint = true\n"
    "use_dualstack_endpoint = True\n"
    "ignore_configured_endpoint_urls = true\n"
    "sts_regional_endpoints = legacy\n"
    "s3 =\n  use_dualstack_endpoint = false\n"
    "[profile s3only]\n"
    "s3 =\n  use_dualstack_endpoint = true\n"
    "[profile wrong]\n"
    "use_fips_endpoint = yes\n"
    "[profile wrong-s3]\n"
    "s3 =\n  use_dualstack_endpoint = 1\n"
    "[profile fast]\n"
    "s3 =\n  use_accelerate_endpoint = true\n"
    "  us_east_1_regional_endpoint = legacy\n"
    "[profile east]\n"
    "s3_us_east_1_regional_endpoint = legacy\n"
    "[profile wrong-east]\n"
    "s3_us_east_1_regional_endpoint = global\n";

static void
test_configured(const struct profile_files *files)
{
	size_t i;

	for (i = 0; i < sizeof configured / sizeof configured[0]; i++) {
		const struct configured *c = &configured[i];
		struct env env = { c->variables };
		struct endpoint_settings s = { .ignore_configured =
		    c->ignore };

		is_str(endpoint_configured(c->service, c->explicit_url, &env,
		    files, c->profile, &s), c->url, "configured: %s",
		    c->name);
	}
}

/* Each service by its own variable and its own key in [services]. */
static void
test_services(struct aws_files *shared)
{
	static const struct {
		enum endpoint_service service;
		const char *variable;
		const char *key;
	} rows[] = {
		{ S3, "AWS_ENDPOINT_URL_S3", "s3" },
		{ STS, "AWS_ENDPOINT_URL_STS", "sts" },
		{ CE, "AWS_ENDPOINT_URL_COST_EXPLORER", "cost_explorer" },
		{ IAM, "AWS_ENDPOINT_URL_IAM", "iam" },
		{ ENDPOINT_KMS, "AWS_ENDPOINT_URL_KMS", "kms" },
		{ ENDPOINT_SSO, "AWS_ENDPOINT_URL_SSO", "sso" },
		{ ENDPOINT_SSO_OIDC, "AWS_ENDPOINT_URL_SSO_OIDC", "sso_oidc" },
		{ ENDPOINT_SIGNIN, "AWS_ENDPOINT_URL_SIGNIN", "signin" },
	};
	struct endpoint_settings s = { 0 };
	size_t i, k;

	for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		char text[200], variable[100];
		const char *one[] = { variable, NULL }, *none[] = { NULL };
		struct env env = { one }, empty = { none };
		struct profile_files *files;
		struct err err = { 0 };

		snprintf(variable, sizeof variable, "%s=http://v",
		    rows[i].variable);
		snprintf(text, sizeof text, "[profile p]\nservices = x\n"
		    "[services x]\n%s =\n  endpoint_url = http://k\n",
		    rows[i].key);
		files = aws_files_load(shared, text, NULL, &err);
		for (k = 0; k < sizeof rows / sizeof rows[0]; k++) {
			is_str(endpoint_configured(rows[k].service, NULL,
			    &env, NULL, NULL, &s), k == i ? "http://v" : NULL,
			    "%s for %s", rows[i].variable, rows[k].key);
			is_str(endpoint_configured(rows[k].service, NULL,
			    &empty, files, "p", &s), k == i ? "http://k" :
			    NULL, "[services] %s for %s", rows[i].key,
			    rows[k].key);
		}
		profile_free(files);
	}
}

static void
test_settings(const struct profile_files *files)
{
	const char *none[] = { NULL };
	const char *off[] = { "AWS_USE_FIPS_ENDPOINT=FALSE",
	    "AWS_USE_DUALSTACK_ENDPOINT=true",
	    "AWS_STS_REGIONAL_ENDPOINTS=regional", NULL };
	const char *on[] = { "AWS_USE_DUALSTACK_ENDPOINT=true",
	    "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS=true", NULL };
	const char *bad[] = { "AWS_USE_FIPS_ENDPOINT=1", NULL };
	const char *regional[] = {
	    "AWS_S3_US_EAST_1_REGIONAL_ENDPOINT=regional", NULL };
	struct env env = { none };
	struct endpoint_settings s;
	struct err err = { 0 };

	is_int(endpoint_settings_read(&env, NULL, NULL, &s, &err), 0,
	    "without files");
	ok(!s.fips && !s.dualstack && !s.s3_dualstack &&
	    !s.ignore_configured && !s.sts_legacy, "everything is off");
	is_int(endpoint_settings_read(&env, files, "flags", &s, &err), 0,
	    "from a profile");
	ok(s.fips && s.dualstack && s.ignore_configured && s.sts_legacy,
	    "everything is on");
	ok(!s.s3_dualstack, "but S3's own key says no");
	is_int(endpoint_settings_read(&env, files, "s3only", &s, &err), 0,
	    "S3's key alone");
	ok(s.s3_dualstack && !s.dualstack, "is S3's alone");
	env.variables = off;
	is_int(endpoint_settings_read(&env, files, "flags", &s, &err), 0,
	    "the environment first");
	ok(!s.fips && s.dualstack && s.s3_dualstack && !s.sts_legacy,
	    "it beats the profile, for S3 too");
	env.variables = on;
	is_int(endpoint_settings_read(&env, files, "bare", &s, &err), 0,
	    "the environment alone");
	ok(!s.fips && s.dualstack && s.s3_dualstack && s.ignore_configured,
	    "is as good");
	env.variables = bad;
	is_int(endpoint_settings_read(&env, files, "bare", &s, &err), -1,
	    "neither true nor false");
	has_str(err.message, "AWS_USE_FIPS_ENDPOINT is '1'", "names it");
	err_clear(&err);
	env.variables = none;
	is_int(endpoint_settings_read(&env, files, "wrong", &s, &err), -1,
	    "in a file");
	has_str(err.message, "config' line 21: use_fips_endpoint is 'yes'",
	    "with file and line");
	err_clear(&err);
	is_int(endpoint_settings_read(&env, files, "wrong-s3", &s, &err), -1,
	    "nested");
	is_int(err.class, ERR_USAGE, "as usage");
	err_clear(&err);
	is_int(endpoint_settings_read(&env, files, "fast", &s, &err), 0,
	    "more of S3");
	ok(s.s3_accelerate && s.s3_global, "is read");
	is_int(endpoint_settings_read(&env, files, "east", &s, &err), 0,
	    "the other SDKs' name");
	ok(!s.s3_accelerate && s.s3_global, "for the same");
	env.variables = regional;
	is_int(endpoint_settings_read(&env, files, "east", &s, &err), 0,
	    "the variable first");
	ok(!s.s3_global, "here too");
	env.variables = none;
	is_int(endpoint_settings_read(&env, files, "wrong-east", &s, &err),
	    -1, "another word");
	has_str(err.message, "it takes 'regional' or 'legacy'", "the words");
}

int
main(void)
{
	struct aws_files shared;
	struct profile_files *files;
	struct err err;

	aws_files_begin(&shared);
	if ((files = aws_files_load(&shared, config, NULL, &err)) == NULL)
		return 1;
	test_standard();
	test_buckets();
	test_custom();
	test_names();
	test_variants();
	test_accelerated();
	test_partitions();
	test_configured(files);
	test_settings(files);
	profile_free(files);
	test_services(&shared);
	aws_files_end(&shared);
	return done_testing();
}
