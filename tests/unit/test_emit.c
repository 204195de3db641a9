#include "tap.h"

#include "base/limits.h"
#include "codec/json.h"
#include "diag/emit.h"

#define COUNT(rows) (sizeof (rows) / sizeof (rows)[0])
#define KEY "arn:aws:kms:eu-west-1:123456789012:key/1a-2b"

static const struct lifecycle_wish rules[] = {
	{ "teamcache-entries", "p/cache-v1/", 30, 7, 1, false },
	{ "teamcache-markers", "p/cache-v1/", -1, -1, -1, true },
};

static struct emit_request
request(enum emit_format format)
{
	struct emit_request rq = {
		.format = format,
		.place = { "aws", "acme-costs", "p/", "eu-west-1" },
		.rules = rules,
		.rule_count = COUNT(rules),
	};

	return rq;
}

static const char *
emit(const struct emit_request *rq, struct buf *b)
{
	struct err err = { 0 };

	buf_reset(b);
	is_int(emit_text(rq, b, &err), 0, "format %d",
	    (int)rq->format);
	is_int(buf_check(b, "text", &err), 0, "whole");
	return buf_string(b);
}

static void
test_names(void)
{
	enum emit_format format = EMIT_TERRAFORM;

	ok(emit_find("aws-cli", &format) && format == EMIT_AWS_CLI,
	    "aws-cli");
	ok(!emit_find("pulumi", &format), "no such format");
	ok(emit_find("cloudformation", &format) &&
	    format == EMIT_CLOUDFORMATION, "cloudformation");
}

static void
test_refusals(struct buf *b)
{
	struct emit_request rq = request(EMIT_TERRAFORM);
	struct err err = { 0 };

	rq.place.region = NULL;
	is_int(emit_text(&rq, b, &err), -1, "an unknown region");
	is_int(err.class, ERR_USAGE, "is a usage error");
	err_clear(&err);
	rq = request(EMIT_CLOUDFORMATION);
	rq.endpoint = "https://s3.acme.example";
	is_int(emit_text(&rq, b, &err), -1, "CloudFormation elsewhere");
	is_int(err.class, ERR_USAGE, "is a usage error too");
}

static void
test_terraform(struct buf *b)
{
	struct emit_request rq = request(EMIT_TERRAFORM);
	const char *text = emit(&rq, b);

	has_str(text, "  region = \"eu-west-1\"\n}\n", "its region");
	has_str(text, "  bucket = \"acme-costs\"\n", "its name");
	has_str(text, "    id     = \"teamcache-entries\"\n"
	    "    status = \"Enabled\"\n"
	    "\n"
	    "    filter {\n"
	    "      prefix = \"p/cache-v1/\"\n"
	    "    }\n"
	    "\n"
	    "    expiration {\n"
	    "      days = 30\n"
	    "    }\n"
	    "\n"
	    "    noncurrent_version_expiration {\n"
	    "      noncurrent_days = 7\n"
	    "    }\n", "a rule");
	has_str(text, "expired_object_delete_marker = true", "another");
	has_str(text, "sse_algorithm = \"AES256\"", "S3's own key");
	ok(strstr(text, "endpoints") == NULL, "AWS's own endpoint");
	rq.kms_key = KEY;
	rq.endpoint = "https://s3.acme.example";
	text = emit(&rq, b);
	has_str(text, "kms_master_key_id = \"" KEY "\"", "a key");
	has_str(text, "    s3 = \"https://s3.acme.example\"\n", "a store");
}

/* What a name may hold, wherever it comes from, does not end its string. */
static void
test_escapes(struct buf *b)
{
	struct lifecycle_wish rule = { "r", "a'b\"c\\d${e}%{f}$g/", 1, 1, 1,
		false };
	struct emit_request rq = request(EMIT_TERRAFORM);

	rq.rules = &rule;
	rq.rule_count = 1;
	rq.kms_key = "k'${x}\n";
	has_str(emit(&rq, b), "prefix = \"a'b\\\"c\\\\d$${e}%%{f}$g/\"\n",
	    "in HCL");
	has_str(buf_string(b), "kms_master_key_id = \"k'$${x}\\u000a\"\n",
	    "a line end too");
	rq.format = EMIT_CLOUDFORMATION;
	has_str(emit(&rq, b), "\"Prefix\": \"a'b\\\"c\\\\d${e}%{f}$g/\"",
	    "in JSON");
	rq.format = EMIT_AWS_CLI;
	has_str(emit(&rq, b), "\"Prefix\":\"a'\\''b\\\"c\\\\d${e}%{f}$g/\"",
	    "in the shell");
	has_str(buf_string(b), "\"KMSMasterKeyID\":\"k'\\''${x}\\n\"",
	    "JSON in the shell");
}

/* A prefix that IAM would take for a variable stands in the policy as its
 * escape, and that begins a template in HCL. */
static void
test_policy(struct buf *b)
{
	struct policy_grant grant = { .principal = span_of("123456789012"),
		.accounts = span_of("123456789012"), .writes = true };
	struct emit_request rq = request(EMIT_TERRAFORM);

	rq.grants = &grant;
	rq.grant_count = 1;
	rq.place.prefix = "a*${b}/";
	has_str(emit(&rq, b), "            \"arn:aws:s3:::acme-costs/a$${*}"
	    "$${$}{b}/cache-v1/123456789012/*\",\n", "in Terraform's");
	rq.format = EMIT_CLOUDFORMATION;
	has_str(emit(&rq, b), "\"arn:aws:s3:::acme-costs/a${*}${$}{b}/"
	    "cache-v1/123456789012/*\",\n", "in CloudFormation's");
	rq.format = EMIT_AWS_CLI;
	has_str(emit(&rq, b), "\"arn:aws:s3:::acme-costs/a${*}${$}{b}/"
	    "cache-v1/123456789012/*\",", "in the script's");
}

static void
test_cloudformation(struct buf *b)
{
	struct emit_request rq = request(EMIT_CLOUDFORMATION);
	struct json j = { 0 };
	struct err err = { 0 };
	json_value v;

	rq.kms_key = KEY;
	(void)emit(&rq, b);
	if (!is_int(json_parse(&j, buf_view(b), JSON_UNIQUE_KEYS, &err), 0,
	    "it is JSON"))
		return;
	v = json_member(&j, json_member(&j, 0, "Resources"),
	    "TeamcacheBucket");
	ok(json_string_is(&j, json_member(&j, v, "DeletionPolicy"), "Retain"),
	    "the bucket outlives its stack");
	v = json_member(&j, json_member(&j, v, "Properties"),
	    "LifecycleConfiguration");
	is_uint(json_count(&j, json_member(&j, v, "Rules")), 2, "two rules");
	json_clear(&j);
}

static void
test_aws_cli(struct buf *b)
{
	struct emit_request rq = request(EMIT_AWS_CLI);

	has_str(emit(&rq, b), "\taws s3api \"$operation\" --bucket "
	    "acme-costs --region eu-west-1 \"$@\"\n", "each call");
	has_str(buf_string(b), "LocationConstraint=eu-west-1", "where");
	has_str(buf_string(b), "{\"ID\":\"teamcache-markers\",\"Status\":"
	    "\"Enabled\",\"Filter\":{\"Prefix\":\"p/cache-v1/\"},"
	    "\"Expiration\":{\"ExpiredObjectDeleteMarker\":true}}", "a rule");
	rq.place.region = "us-east-1";
	rq.endpoint = "http://127.0.0.1:1/a'b;c";
	ok(strstr(emit(&rq, b), "LocationConstraint") == NULL,
	    "us-east-1 is not named");
	has_str(buf_string(b), " --endpoint-url "
	    "'http://127.0.0.1:1/a'\\''b;c' \"$@\"", "another store");
}

int
main(void)
{
	struct buf b;

	buf_init(&b, LIMIT_MIB);
	test_names();
	test_refusals(&b);
	test_terraform(&b);
	test_escapes(&b);
	test_policy(&b);
	test_cloudformation(&b);
	test_aws_cli(&b);
	buf_clear(&b);
	return done_testing();
}
