#include "aws/endpoint.h"

#include "endpoint_table.h"
#include "tap.h"

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

int
main(void)
{
	test_standard();
	test_custom();
	test_variants();
	return done_testing();
}
