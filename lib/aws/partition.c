#include "aws/partition.h"

#include <stddef.h>

/* aws is the last one: its prefix is everybody's. */
static const struct partition partitions[] = {
	{ .id = "aws-cn", .prefix = "cn-", .suffix = "amazonaws.com.cn",
	    .dual = "api.amazonwebservices.com.cn",
	    .region = "cn-northwest-1", .iam = "cn-north-1.",
	    .iam_dual = "global.", .iam_region = "cn-north-1",
	    .signin = "signin.amazonaws.cn", .no_fips = true },
	{ .id = "aws-us-gov", .prefix = "us-gov-", .suffix = "amazonaws.com",
	    .dual = "api.aws", .region = "us-gov-west-1", .iam = "us-gov.",
	    .iam_dual = "us-gov.", .iam_region = "us-gov-west-1",
	    .signin = "signin.amazonaws-us-gov.com" },
	{ .id = "aws-eusc", .prefix = "eusc-", .suffix = "amazonaws.eu",
	    .dual = "api.amazonwebservices.eu", .region = "eusc-de-east-1",
	    .iam = "eusc-de-east-1.", .iam_dual = "",
	    .iam_region = "eusc-de-east-1", .ce_dual = true },
	{ .id = "aws-iso", .prefix = "us-iso-", .suffix = "c2s.ic.gov",
	    .dual = "api.aws.ic.gov", .region = "us-iso-east-1",
	    .iam = "us-iso-east-1.", .iam_dual = "",
	    .iam_region = "us-iso-east-1" },
	{ .id = "aws-iso-b", .prefix = "us-isob-", .suffix = "sc2s.sgov.gov",
	    .dual = "api.aws.scloud", .region = "us-isob-east-1",
	    .iam = "us-isob-east-1.", .iam_dual = "",
	    .iam_region = "us-isob-east-1" },
	{ .id = "aws-iso-e", .prefix = "eu-isoe-",
	    .suffix = "cloud.adc-e.uk", .dual = "api.cloud-aws.adc-e.uk",
	    .region = "eu-isoe-west-1", .iam = "eu-isoe-west-1.",
	    .iam_dual = "", .iam_region = "eu-isoe-west-1" },
	{ .id = "aws-iso-f", .prefix = "us-isof-",
	    .suffix = "csp.hci.ic.gov", .dual = "api.aws.hci.ic.gov",
	    .region = "us-isof-south-1", .iam = "us-isof-south-1.",
	    .iam_dual = "", .iam_region = "us-isof-south-1" },
	{ .id = "aws", .prefix = "", .suffix = "amazonaws.com",
	    .dual = "api.aws", .region = "us-east-1", .iam = "",
	    .iam_dual = "global.", .iam_region = "us-east-1",
	    .signin = "signin.aws.amazon.com" },
};

#define PARTITIONS (sizeof partitions / sizeof partitions[0])

/* "aws-cn-global" and the like name a partition and no region. */
static bool
is_global(struct span region, const char *id)
{
	return span_ends(region, "-global") &&
	    span_is(span_make(region.p, region.n - 7), id);
}

const struct partition *
partition_of(const char *region)
{
	struct span s = span_of(region);
	size_t i;

	for (i = 0; i < PARTITIONS - 1; i++) {
		if (span_starts(s, partitions[i].prefix) ||
		    is_global(s, partitions[i].id))
			break;
	}
	return &partitions[i];
}

static bool
lies_under(struct span host, const char *suffix)
{
	size_t n = span_of(suffix).n;

	return suffix[0] != '\0' && host.n > n &&
	    host.p[host.n - n - 1] == '.' && span_is_nocase(
	    span_make(host.p + host.n - n, n), suffix);
}

bool
partition_has_host(struct span host)
{
	size_t i;

	for (i = 0; i < PARTITIONS; i++) {
		const struct partition *p = &partitions[i];

		if (lies_under(host, p->suffix) || lies_under(host, p->dual) ||
		    (p->signin != NULL && lies_under(host, p->signin)))
			return true;
	}
	return false;
}
