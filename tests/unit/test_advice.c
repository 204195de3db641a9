#include "tap.h"

#include "base/limits.h"
#include "codec/json.h"
#include "diag/advice.h"

#define COUNT(rows) (sizeof (rows) / sizeof (rows)[0])
#define INTRO "The statement that allows it, for the caller's identity " \
	"policy (across accounts in the bucket's or key's policy too):\n"
#define ALLOW(sid, action, resource) "  {\"Sid\":\"" sid "\",\"Effect\":" \
	"\"Allow\",\"Action\":" action ",\"Resource\":\"" resource "\"}\n"
#define LIST(bucket) ALLOW("TeamcacheMissingMeans404", "\"s3:ListBucket\"", \
	"arn:aws:s3:::" bucket)
#define GET(tree) ALLOW("TeamcacheObjects", "\"s3:GetObject\"", \
	"arn:aws:s3:::" tree)
#define LEASE(tree) ALLOW("TeamcacheLease", "[\"s3:PutObject\"," \
	"\"s3:GetObject\",\"s3:DeleteObject\"]", "arn:aws:s3:::" tree)
#define KEY_IF(actions, arn, conditions) "  {\"Sid\":\"TeamcacheKey\"," \
	"\"Effect\":\"Allow\",\"Action\":" actions ",\"Resource\":\"" arn \
	"\",\"Condition\":{" conditions "}}\n"
#define VIA(region) "\"StringLike\":{\"kms:ViaService\":\"s3." region \
	".amazonaws.com\"}"
#define ALIAS(name) ",\"ForAnyValue:StringEquals\":{\"kms:ResourceAliases" \
	"\":\"" name "\"}"
#define KEY(actions, arn) KEY_IF(actions, arn, VIA("eu-west-1"))
#define BOTH "[\"kms:Decrypt\",\"kms:GenerateDataKey\"]"

/* AWS's words (facts/iam-denials.md 2). */
#define USER "cannot do it: User: arn:aws:sts::123456789012:assumed-role/r/s" \
	" is not authorized to perform: "
#define ON " on resource: \"arn:aws:s3:::b/x\" "

static const char *
advise(struct advice_question *q, const char *action, const char *code,
    enum err_class class, const char *message, struct buf *out)
{
	struct err err = { .class = class, .action = action };

	snprintf(err.code, sizeof err.code, "%s", code);
	snprintf(err.message, sizeof err.message, "%s", message);
	q->err = &err;
	buf_reset(out);
	advice_text(q, out);
	q->err = NULL;
	return buf_string(out);
}

#define MADE(more, tail) "To make the bucket 'acme-costs':\n" \
	"  aws s3api create-bucket --bucket acme-costs --region " more tail \
	"\n  aws s3api put-public-access-block --bucket acme-costs \\\n" \
	"    --public-access-block-configuration BlockPublicAcls=true," \
	"IgnorePublicAcls=true,BlockPublicPolicy=true," \
	"RestrictPublicBuckets=true" tail \
	"\n  aws s3api put-bucket-versioning --bucket acme-costs \\\n" \
	"    --versioning-configuration Status=Enabled" tail "\n" \
	"If it exists already, its name, region or endpoint is wrong in the " \
	"settings.\n"
#define IN(region) region " \\\n    --create-bucket-configuration " \
	"LocationConstraint=" region

static void
test_no_bucket(void)
{
	static const struct {
		const char *region, *endpoint, *want;
	} rows[] = {
		{ "us-east-1", NULL, MADE("us-east-1", "") },
		{ NULL, NULL, MADE("us-east-1", "") },
		{ "eu-central-1", NULL, MADE(IN("eu-central-1"), "") },
		{ "us-east-2", NULL, MADE(IN("us-east-2"), "") },
		{ "cn-north-1", NULL, MADE(IN("cn-north-1"), "") },
		{ NULL, "http://127.0.0.1:9000", MADE("us-east-1",
		    " --endpoint-url http://127.0.0.1:9000") },
		{ "eu-west-1", "https://s3.acme.example", MADE(
		    IN("eu-west-1"),
		    " --endpoint-url https://s3.acme.example") },
		{ NULL, "https://s3.acme.example/a'b;c", MADE("us-east-1",
		    " --endpoint-url 'https://s3.acme.example/a'\\''b;c'") },
	};
	struct buf b;
	size_t i;

	buf_init(&b, 16 * LIMIT_KIB);
	for (i = 0; i < COUNT(rows); i++) {
		struct advice_question q = { .bucket = "acme-costs",
			.region = rows[i].region,
			.endpoint = rows[i].endpoint };
		const char *action = i % 2 == 0 ? NULL : "s3:GetObject";

		is_str(advise(&q, action, "NoSuchBucket", ERR_BUCKET, "no",
		    &b), rows[i].want, "in %s at %s",
		    rows[i].region == NULL ? "no region" : rows[i].region,
		    rows[i].endpoint == NULL ? "AWS" : rows[i].endpoint);
	}
	buf_clear(&b);
}

static void
test_denied(void)
{
	static const struct {
		const char *what, *action, *bucket, *prefix, *account, *region,
		    *message, *want;
	} rows[] = {
		{ "reading", "s3:GetObject", "b", "p/", "123456789012", NULL,
		    "Access Denied", INTRO
		    GET("b/p/cache-v1/123456789012/*") LIST("b") },
		{ "without a prefix", "s3:GetObject", "b", "", "123456789012",
		    NULL, "Access Denied", INTRO
		    GET("b/cache-v1/123456789012/*") LIST("b") },
		{ "with a NULL one", "s3:GetObject", "b", NULL, "", NULL,
		    "Access Denied", INTRO GET("b/cache-v1/*/*") LIST("b") },
		{ "of nobody's account", "s3:GetObject", "b", "p/q/", NULL,
		    NULL, "Access Denied", INTRO GET("b/p/q/cache-v1/*/*")
		    LIST("b") },
		{ "a prefix in quotes", "s3:GetObject", "b", "te\"a\\m/", NULL,
		    NULL, "Access Denied", INTRO
		    GET("b/te\\\"a\\\\m/cache-v1/*/*") LIST("b") },
		{ "writing", "s3:PutObject", "b", "p/", "123456789012", NULL,
		    "Access Denied", INTRO ALLOW("TeamcacheObjects",
		    "[\"s3:PutObject\",\"s3:GetObject\"]",
		    "arn:aws:s3:::b/p/cache-v1/123456789012/*")
		    LEASE("b/p/lease-v1/123456789012/*") LIST("b") },
		{ "deleting", "s3:DeleteObject", "b", "", "123456789012", NULL,
		    "Access Denied", INTRO ALLOW("TeamcacheObjects",
		    "\"s3:DeleteObject\"",
		    "arn:aws:s3:::b/cache-v1/123456789012/*")
		    LEASE("b/lease-v1/123456789012/*") LIST("b") },
		{ "listing", "s3:ListBucket", "b", "p/", "123456789012", NULL,
		    "Access Denied", INTRO LIST("b") },
		{ "reading what the message calls listing", "s3:GetObject",
		    "b", "p/", NULL, NULL, USER "s3:ListBucket" ON "because no"
		    " identity-based policy allows the s3:ListBucket action",
		    INTRO LIST("b") },
		{ "in China", "s3:GetObject", "b", "", "123456789012",
		    "cn-north-1", "Access Denied", INTRO
		    ALLOW("TeamcacheObjects", "\"s3:GetObject\"",
		    "arn:aws-cn:s3:::b/cache-v1/123456789012/*")
		    ALLOW("TeamcacheMissingMeans404", "\"s3:ListBucket\"",
		    "arn:aws-cn:s3:::b") },
		{ "in GovCloud", "s3:ListBucket", "b", "", NULL,
		    "us-gov-west-1", "Access Denied", INTRO
		    ALLOW("TeamcacheMissingMeans404", "\"s3:ListBucket\"",
		    "arn:aws-us-gov:s3:::b") },
		{ "Cost Explorer", "ce:GetCostAndUsage", NULL, NULL,
		    "123456789012", NULL, "Access Denied", INTRO
		    ALLOW("TeamcacheCosts", "[\"ce:GetCostAndUsage\","
		    "\"ce:GetCostForecast\"]", "*") },
		{ "Cost Explorer beside a bucket", "ce:GetCostForecast", "b",
		    "p/", "123456789012", NULL, USER "ce:GetCostForecast on "
		    "resource: arn:aws:ce:us-east-1:123456789012:"
		    "/GetCostForecast because no identity-based policy allows",
		    INTRO ALLOW("TeamcacheCosts", "[\"ce:GetCostAndUsage\","
		    "\"ce:GetCostForecast\"]", "*") },
		{ "another operation", "ce:GetTags", NULL, NULL, NULL, NULL,
		    "Access Denied", INTRO ALLOW("TeamcacheCosts",
		    "[\"ce:GetCostAndUsage\",\"ce:GetCostForecast\","
		    "\"ce:GetTags\"]", "*") },
		{ "which only the message knows", "ce:GetCostAndUsage", NULL,
		    NULL, NULL, NULL, USER "ce:GetDimensionValues on resource:"
		    " arn:aws:ce:us-east-1:123456789012:/GetDimensionValues "
		    "because no identity-based policy allows it", INTRO
		    ALLOW("TeamcacheCosts", "[\"ce:GetCostAndUsage\","
		    "\"ce:GetCostForecast\",\"ce:GetDimensionValues\"]",
		    "*") },
		{ "a message of something else", "ce:GetCostAndUsage", "b",
		    NULL, NULL, NULL, USER "s3:GetObject" ON, INTRO
		    ALLOW("TeamcacheCosts", "[\"ce:GetCostAndUsage\","
		    "\"ce:GetCostForecast\"]", "*") },
		{ "a message that lies", "ce:GetCostAndUsage", NULL, NULL,
		    NULL, NULL, USER "ce:Get\\\"},{ on", INTRO
		    ALLOW("TeamcacheCosts", "[\"ce:GetCostAndUsage\","
		    "\"ce:GetCostForecast\"]", "*") },
		{ "whose keys they are", NULL, "b", NULL, NULL, NULL,
		    "cannot tell which account the keys belong to: cannot ask "
		    "STS for the caller's identity: access denied (HTTP 403)",
		    "" },
		{ "no bucket", "s3:GetObject", NULL, NULL, NULL, NULL,
		    "Access Denied", "" },
		{ "no action", NULL, "b", NULL, NULL, NULL, "Access Denied",
		    "" },
		{ "a version", "s3:DeleteObjectVersion", "b", "",
		    "123456789012", NULL, "Access Denied", INTRO
		    ALLOW("TeamcacheObjects", "\"s3:DeleteObjectVersion\"",
		    "arn:aws:s3:::b/cache-v1/123456789012/*") LIST("b") },
		{ "what is only of a bucket", "s3:ListBucketVersions", "b", "",
		    NULL, NULL, "Access Denied", "" },
		{ "a role", "sts:AssumeRole", "b", "", NULL, NULL,
		    "Access Denied", "" },
	};
	struct buf b;
	size_t i;

	buf_init(&b, 16 * LIMIT_KIB);
	for (i = 0; i < COUNT(rows); i++) {
		struct advice_question q = {
			.bucket = rows[i].bucket, .prefix = rows[i].prefix,
			.account = rows[i].account,
			.region = rows[i].region };

		is_str(advise(&q, rows[i].action, "AccessDenied", ERR_DENIED,
		    rows[i].message, &b), rows[i].want, "%s", rows[i].what);
	}
	buf_clear(&b);
}

#define ARN "arn:aws:kms:eu-west-1:123456789012:key/1a-2b"

static void
test_keys(void)
{
	static const struct {
		const char *what, *action, *key, *message, *want;
	} rows[] = {
		{ "reading, named by the message", "s3:GetObject", NULL,
		    USER "kms:Decrypt on resource: " ARN " because no "
		    "identity-based policy allows the kms:Decrypt action",
		    INTRO KEY("\"kms:Decrypt\"", ARN) },
		{ "writing, in quotes", "s3:PutObject", "alias/x",
		    USER "kms:GenerateDataKey on resource: \"" ARN "\" because"
		    " no identity-based policy allows", INTRO KEY(BOTH, ARN) },
		{ "named by the settings", "s3:PutObject", ARN,
		    USER "kms:GenerateDataKey on this resource", INTRO
		    KEY(BOTH, ARN) },
		{ "by its id", "s3:PutObject", "1a-2b",
		    USER "kms:GenerateDataKey on this resource", INTRO
		    KEY_IF(BOTH, "arn:aws:kms:*:*:key/1a-2b", VIA("*")) },
		{ "by an alias, which policies do not know", "s3:PutObject",
		    "alias/teamcache", USER "kms:GenerateDataKey on this "
		    "resource", INTRO KEY_IF(BOTH, "arn:aws:kms:*:*:key/*",
		    VIA("*") ALIAS("alias/teamcache")) },
		{ "by an alias's ARN", "s3:PutObject",
		    "arn:aws:kms:eu-west-1:123456789012:alias/x",
		    USER "kms:GenerateDataKey on this resource", INTRO
		    KEY_IF(BOTH, "arn:aws:kms:eu-west-1:123456789012:key/*",
		    VIA("eu-west-1") ALIAS("alias/x")) },
		{ "by nobody", "s3:GetObject", NULL, USER "kms:Decrypt on the "
		    "resource associated with this ciphertext because the "
		    "resource does not exist in this Region, no resource-based"
		    " policies allow access, or a resource-based policy "
		    "explicitly denies access", INTRO
		    KEY_IF("\"kms:Decrypt\"", "arn:aws:kms:*:*:key/*",
		    VIA("*")) },
	};
	struct buf b;
	size_t i;

	buf_init(&b, 16 * LIMIT_KIB);
	for (i = 0; i < COUNT(rows); i++) {
		struct advice_question q = {
			.bucket = "b", .kms_key_id = rows[i].key };

		is_str(advise(&q, rows[i].action, "AccessDenied", ERR_DENIED,
		    rows[i].message, &b), rows[i].want, "%s", rows[i].what);
	}
	buf_clear(&b);
}

/* Which side said no, and whether a statement mends it. */
static void
test_layers(void)
{
	static const struct {
		const char *reason, *want;	/* NULL: nothing is said */
		bool mends;
	} rows[] = {
		{ "because no identity-based policy allows the s3:GetObject "
		    "action", NULL, true },
		{ "with an explicit deny in an identity-based policy: "
		    "arn:aws:iam::123456789012:policy/x",
		    "caller's own policies", false },
		{ "because no resource-based policy allows the s3:GetObject "
		    "action", "bucket's (or key's) own policy", true },
		{ "with an explicit deny in a resource-based policy",
		    "statement of the bucket's", false },
		{ "because no permissions boundary allows the s3:GetObject "
		    "action", "permissions boundary", true },
		{ "with an explicit deny in a permissions boundary",
		    "permissions boundary", false },
		{ "because no session policy allows the s3:GetObject action",
		    "session policy", true },
		{ "with an explicit deny in a sessions policy",
		    "session policy", false },
		{ "with an explicit deny in a service control policy",
		    "service control policy", false },
		{ "because no service control policy allows the s3:GetObject "
		    "action", "service control policy", true },
		{ "with an explicit deny in a resource control policy",
		    "resource control policy", false },
		{ "because no VPC endpoint policy allows the s3:GetObject "
		    "action", "VPC endpoint's policy", true },
		{ "with an explicit deny in a VPC endpoint policy transitively"
		    " through a service control policy",
		    "VPC endpoint's policy", false },
		{ "WITH AN EXPLICIT DENY IN A SERVICE CONTROL POLICY",
		    "service control policy", false },
		{ "for a reason that nobody knows yet", NULL, true },
		{ "", NULL, true },
	};
	struct buf b;
	size_t i;

	buf_init(&b, 16 * LIMIT_KIB);
	for (i = 0; i < COUNT(rows); i++) {
		struct advice_question q = { .bucket = "b" };
		struct buf message;
		const char *text;

		buf_init(&message, 1000);
		buf_addf(&message, USER "s3:GetObject" ON "%s",
		    rows[i].reason);
		text = advise(&q, "s3:GetObject", "AccessDenied", ERR_DENIED,
		    buf_string(&message), &b);
		if (rows[i].want != NULL)
			has_str(text, rows[i].want, "'%s'", rows[i].reason);
		else
			ok(strncmp(text, INTRO, strlen(INTRO)) == 0, "'%s'",
			    rows[i].reason);
		ok((strstr(text, "\"Allow\"") != NULL) == rows[i].mends,
		    "a statement %s it", rows[i].mends ? "mends" :
		    "does not mend");
		buf_clear(&message);
	}
	buf_clear(&b);
}

static void
test_nothing(void)
{
	static const enum err_class classes[] = { ERR_NONE, ERR_INTERNAL,
		ERR_USAGE, ERR_NO_DATA, ERR_CREDENTIALS, ERR_BUCKET,
		ERR_NETWORK, ERR_DATA, ERR_STALE, ERR_NOT_ENABLED };
	static const char *const codes[] = { "InvalidObjectState",
		"KMS.DisabledException", "AccountProblem",
		"SubscriptionRequiredException" };
	struct advice_question q = { .bucket = "b" };
	struct buf b;
	size_t i;

	buf_init(&b, 16 * LIMIT_KIB);
	for (i = 0; i < COUNT(classes); i++)
		is_str(advise(&q, "s3:GetObject", "NoSuchKey", classes[i], "no",
		    &b), "",
		    "class %d: nothing to advise", (int)classes[i]);
	for (i = 0; i < COUNT(codes); i++)
		is_str(advise(&q, "s3:GetObject", codes[i], ERR_DENIED, "no",
		    &b), "",
		    "%s: no statement mends it", codes[i]);
	q.bucket = NULL;
	is_str(advise(&q, NULL, "NoSuchBucket", ERR_BUCKET, "no", &b), "",
	    "no bucket that could be made");
	buf_clear(&b);
}

/* Every line of a statement is JSON, whatever the names. */
static void
test_json(void)
{
	static const char *const prefixes[] = { "a/", "\"/", "\\/", "\xc3\xbc/",
		"'; rm -rf /", "\xe2\x82\xac{}/" };
	struct buf b;
	size_t i;

	buf_init(&b, 16 * LIMIT_KIB);
	for (i = 0; i < COUNT(prefixes); i++) {
		struct advice_question q = {
			.bucket = "b", .prefix = prefixes[i] };
		struct span rest, line;
		struct err err = { 0 };
		int statements = 0;

		advise(&q, "s3:PutObject", "AccessDenied", ERR_DENIED, "no",
		    &b);
		for (rest = buf_view(&b); rest.n > 0;) {
			span_split(rest, '\n', &line, &rest);
			if (span_starts(line, "  {") &&
			    json_check(span_trim(line), &err) == 0)
				statements++;
		}
		is_int(statements, 3, "'%s' in statements", prefixes[i]);
	}
	buf_clear(&b);
}

int
main(void)
{
	test_no_bucket();
	test_denied();
	test_keys();
	test_layers();
	test_nothing();
	test_json();
	return done_testing();
}
