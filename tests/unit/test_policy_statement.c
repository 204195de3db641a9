#include "tap.h"

#include "base/limits.h"
#include "diag/policy_statement.h"

#define COUNT(rows) (sizeof (rows) / sizeof (rows)[0])

static const struct policy_place acme = { "aws", "acme-costs", "p/",
	"eu-west-1" };

static void
test_lists(void)
{
	static const char *const none[] = { NULL };
	static const char *const one[] = { "s3:GetObject", NULL };
	static const char *const two[] = { "s3:GetObject", "s3:PutObject",
		NULL };
	static const struct {
		const char *const *actions;
		bool allow;
		const char *want;
	} rows[] = {
		{ none, true, "{\"Sid\":\"S\",\"Effect\":\"Allow\","
		    "\"Action\":[]}" },
		{ one, true, "{\"Sid\":\"S\",\"Effect\":\"Allow\","
		    "\"Action\":\"s3:GetObject\"}" },
		{ two, false, "{\"Sid\":\"S\",\"Effect\":\"Deny\","
		    "\"Action\":[\"s3:GetObject\",\"s3:PutObject\"]}" },
	};
	struct json_writer w;
	struct buf b;
	size_t i;

	buf_init(&b, LIMIT_KIB);
	for (i = 0; i < COUNT(rows); i++) {
		buf_reset(&b);
		json_begin(&w, &b, false);
		policy_statement_open(&w, "S", rows[i].allow);
		policy_statement_actions(&w, rows[i].actions);
		json_close_object(&w);
		is_str(buf_string(&b), rows[i].want, "%zu actions", i);
	}
	buf_clear(&b);
}

static void
test_arns(void)
{
	static const struct {
		const char *partition, *prefix, *root, *account, *want;
	} rows[] = {
		{ "aws", "p/", "cache-v1/", "123456789012",
		    "\"arn:aws:s3:::acme-costs/p/cache-v1/123456789012/*\"" },
		{ "aws", "", "lease-v1/", "123456789012",
		    "\"arn:aws:s3:::acme-costs/lease-v1/123456789012/*\"" },
		{ "aws", NULL, "cache-v1/", "",
		    "\"arn:aws:s3:::acme-costs/cache-v1/*/*\"" },
		{ "aws-cn", "", "cache-v1/", NULL,
		    "\"arn:aws-cn:s3:::acme-costs/cache-v1/*/*\"" },
		{ "aws", "a*b?/", "r/", "", "\"arn:aws:s3:::acme-costs/"
		    "a${*}b${?}/r/*/*\"" },
		{ "aws", "${aws:username}/", "r/", "", "\"arn:aws:s3:::"
		    "acme-costs/${$}{aws:username}/r/*/*\"" },
		{ "aws", "a$b\"\\/", "r/", "", "\"arn:aws:s3:::acme-costs/"
		    "a$b\\\"\\\\/r/*/*\"" },
	};
	struct json_writer w;
	struct buf b;
	size_t i;

	buf_init(&b, LIMIT_KIB);
	for (i = 0; i < COUNT(rows); i++) {
		struct policy_place place = { rows[i].partition,
			"acme-costs", rows[i].prefix, NULL };

		buf_reset(&b);
		json_begin(&w, &b, false);
		policy_statement_put_tree(&w, &place, rows[i].root,
		    span_of(rows[i].account));
		is_str(buf_string(&b), rows[i].want, "a tree: row %zu", i);
	}
	buf_reset(&b);
	json_begin(&w, &b, false);
	json_open_array(&w);
	policy_statement_put_bucket(&w, &acme);
	policy_statement_put_objects(&w, &acme);
	json_close_array(&w);
	is_str(buf_string(&b), "[\"arn:aws:s3:::acme-costs\","
	    "\"arn:aws:s3:::acme-costs/*\"]",
	    "the bucket, and all that lies in it");
	buf_clear(&b);
}

static void
test_list_bucket(void)
{
	struct json_writer w;
	struct buf b;

	buf_init(&b, LIMIT_KIB);
	json_begin(&w, &b, false);
	policy_statement_list_bucket(&w, &acme);
	is_str(buf_string(&b), "{\"Sid\":\"TeamcacheMissingMeans404\","
	    "\"Effect\":\"Allow\",\"Action\":\"s3:ListBucket\","
	    "\"Resource\":\"arn:aws:s3:::acme-costs\"}",
	    "listing has no condition");
	buf_clear(&b);
}

#define KEY "arn:aws:kms:us-east-2:123456789012:key/1a-2b"

static void
test_keys(void)
{
	static const struct {
		const char *what, *partition, *region, *key, *resource,
		    *conditions;
	} rows[] = {
		{ "an ARN, whose region counts", "aws", "eu-west-1", KEY, KEY,
		    "\"s3.us-east-2.amazonaws.com\"}" },
		{ "an id", "aws", "eu-west-1", "1a-2b",
		    "arn:aws:kms:eu-west-1:*:key/1a-2b",
		    "\"s3.eu-west-1.amazonaws.com\"}" },
		{ "an id in an unknown region", "aws", NULL, "1a-2b",
		    "arn:aws:kms:*:*:key/1a-2b", "\"s3.*.amazonaws.com\"}" },
		{ "an alias", "aws", "eu-west-1", "alias/costs",
		    "arn:aws:kms:eu-west-1:*:key/*",
		    "\"s3.eu-west-1.amazonaws.com\"},"
		    "\"ForAnyValue:StringEquals\":{\"kms:ResourceAliases\":"
		    "\"alias/costs\"}" },
		{ "an alias's ARN", "aws", NULL,
		    "arn:aws:kms:eu-west-1:123456789012:alias/team/costs",
		    "arn:aws:kms:eu-west-1:123456789012:key/*",
		    "\"s3.eu-west-1.amazonaws.com\"},"
		    "\"ForAnyValue:StringEquals\":{\"kms:ResourceAliases\":"
		    "\"alias/team/costs\"}" },
		{ "none", "aws", "eu-west-1", NULL,
		    "arn:aws:kms:eu-west-1:*:key/*",
		    "\"s3.eu-west-1.amazonaws.com\"}" },
		{ "half an ARN", "aws", NULL, "arn:aws:kms",
		    "arn:aws:kms:*:*:key/arn:aws:kms",
		    "\"s3.*.amazonaws.com\"}" },
		{ "GovCloud", "aws-us-gov", "us-gov-west-1", "1a-2b",
		    "arn:aws-us-gov:kms:us-gov-west-1:*:key/1a-2b",
		    "\"s3.us-gov-west-1.amazonaws.com\"}" },
		{ "China, whose host names are others", "aws-cn",
		    "cn-north-1", "1a-2b",
		    "arn:aws-cn:kms:cn-north-1:*:key/1a-2b",
		    "\"s3.cn-north-1.*\"}" },
	};
	struct json_writer w;
	struct buf b, want;
	size_t i;

	buf_init(&b, LIMIT_KIB);
	buf_init(&want, LIMIT_KIB);
	for (i = 0; i < COUNT(rows); i++) {
		struct policy_place place = { rows[i].partition,
			"acme-costs", "", rows[i].region };
		bool write = i % 2 == 1;

		buf_reset(&b);
		buf_reset(&want);
		buf_addf(&want, "{\"Sid\":\"TeamcacheKey\",\"Effect\":"
		    "\"Allow\",\"Action\":%s,\"Resource\":\"%s\","
		    "\"Condition\":{\"StringLike\":{\"kms:ViaService\":%s}}",
		    write ? "[\"kms:Decrypt\",\"kms:GenerateDataKey\"]" :
		    "\"kms:Decrypt\"", rows[i].resource, rows[i].conditions);
		json_begin(&w, &b, false);
		policy_statement_key(&w, &place, write, span_of(rows[i].key));
		is_str(buf_string(&b), buf_string(&want), "%s", rows[i].what);
	}
	buf_clear(&b);
	buf_clear(&want);
}

int
main(void)
{
	test_lists();
	test_arns();
	test_list_bucket();
	test_keys();
	return done_testing();
}
