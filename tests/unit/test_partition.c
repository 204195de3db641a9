#include "aws/partition.h"

#include "aws/endpoint.h"
#include "tap.h"

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

int
main(void)
{
	test_partitions();
	return done_testing();
}
