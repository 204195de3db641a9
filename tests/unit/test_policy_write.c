#include "tap.h"

#include "base/limits.h"
#include "codec/json.h"
#include "diag/policy_write.h"

#define COUNT(rows) (sizeof (rows) / sizeof (rows)[0])
#define ARN(what) "\"arn:aws:s3:::acme-costs" what "\""
#define DOCUMENT(statements) "{\"Version\":\"2012-10-17\",\"Statement\":[" \
	statements "]}"
#define ALLOW(sid, actions, resources) "{\"Sid\":\"" sid "\",\"Effect\":" \
	"\"Allow\",\"Action\":" actions ",\"Resource\":" resources "}"
#define LIST ALLOW("TeamcacheMissingMeans404", "\"s3:ListBucket\"", ARN(""))
#define WRITE "[\"s3:GetObject\",\"s3:PutObject\",\"s3:DeleteObject\"]"
#define COSTS(more) ALLOW("TeamcacheCosts", "[\"ce:GetCostAndUsage\"," \
	"\"ce:GetCostForecast\"" more "]", "\"*\"")
#define KEY "arn:aws:kms:eu-west-1:123456789012:key/1a-2b"
#define USE_KEY(actions) "{\"Sid\":\"TeamcacheKey\",\"Effect\":\"Allow\"," \
	"\"Action\":" actions ",\"Resource\":\"" KEY "\",\"Condition\":{" \
	"\"StringLike\":{\"kms:ViaService\":\"s3.eu-west-1.amazonaws.com\"}}}"
#define TLS_ONLY "{\"Sid\":\"TeamcacheTlsOnly\",\"Effect\":\"Deny\"," \
	"\"Principal\":\"*\",\"Action\":\"s3:*\",\"Resource\":[" ARN("") "," \
	ARN("/*") "],\"Condition\":{\"Bool\":{\"aws:SecureTransport\":" \
	"\"false\"}}}"

static struct policy_request
request(enum policy_kind kind, const char *prefix, const char *accounts)
{
	struct policy_request rq = { .kind = kind, .place = { "aws",
		"acme-costs", prefix, "eu-west-1" },
		.accounts = span_of(accounts), .buys = true };

	return rq;
}

static void
is_document(const struct policy_request *rq, const char *want,
    const char *what)
{
	struct err err = { 0 };
	struct buf b;

	buf_init(&b, 64 * LIMIT_KIB);
	policy_write_text(rq, false, &b);
	is_str(buf_string(&b), want, "%s", what);
	is_int(json_check(buf_view(&b), &err), 0, "%s: it is JSON", what);
	buf_clear(&b);
}

static void
test_reader(void)
{
	struct policy_request rq = request(POLICY_READER, "p/",
	    "123456789012");

	is_document(&rq, DOCUMENT(LIST "," ALLOW("TeamcacheObjects",
	    "\"s3:GetObject\"", "[" ARN("/p/cache-v1/123456789012/*") ","
	    ARN("/p/lease-v1/123456789012/*") "]")), "a reader");
	rq = request(POLICY_READER, "", "");
	is_document(&rq, DOCUMENT(LIST "," ALLOW("TeamcacheObjects",
	    "\"s3:GetObject\"", "[" ARN("/cache-v1/*/*") ","
	    ARN("/lease-v1/*/*") "]")), "a reader of every account");
	rq.kms_key = KEY;
	is_document(&rq, DOCUMENT(LIST "," ALLOW("TeamcacheObjects",
	    "\"s3:GetObject\"", "[" ARN("/cache-v1/*/*") ","
	    ARN("/lease-v1/*/*") "]") "," USE_KEY("\"kms:Decrypt\"")),
	    "a reader where a key is used");
}

static void
test_writer(void)
{
	static const char *const costs[] = { "ce:GetTags",
		"ce:GetCostAndUsage", "ce:GetTags", NULL };
	struct policy_request rq = request(POLICY_WRITER, "",
	    "123456789012,210987654321");
#define TREES "[" ARN("/cache-v1/123456789012/*") "," \
	ARN("/cache-v1/210987654321/*") "," ARN("/lease-v1/123456789012/*") \
	"," ARN("/lease-v1/210987654321/*") "]"

	is_document(&rq, DOCUMENT(LIST "," ALLOW("TeamcacheObjects", WRITE,
	    TREES) "," COSTS("")), "a writer of two accounts");
	rq.costs = costs;
	is_document(&rq, DOCUMENT(LIST "," ALLOW("TeamcacheObjects", WRITE,
	    TREES) "," COSTS(",\"ce:GetTags\"")),
	    "with types of its own: each operation once");
	rq.buys = false;
	rq.kms_key = KEY;
	is_document(&rq, DOCUMENT(LIST "," ALLOW("TeamcacheObjects", WRITE,
	    TREES) "," USE_KEY("[\"kms:Decrypt\",\"kms:GenerateDataKey\"]")),
	    "one that buys nothing, with a key");
#undef TREES
}

#define ROLE "arn:aws:iam::123456789012:role/"

#define LET_LIST(principals) "{\"Sid\":\"TeamcacheMissingMeans404\"," \
	"\"Effect\":\"Allow\",\"Principal\":{\"AWS\":" principals "}," \
	"\"Action\":\"s3:ListBucket\",\"Resource\":" ARN("") "}"
#define LET(sid, principal, actions, resources) "{\"Sid\":\"" sid "\"," \
	"\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"" principal "\"}," \
	"\"Action\":" actions ",\"Resource\":" resources "}"
#define ROOT(account) "arn:aws:iam::" account ":root"
#define OWN(account) "[" ARN("/cache-v1/" account "/*") "," \
	ARN("/lease-v1/" account "/*") "]"

static void
test_bucket(void)
{
	static const char *const texts[] = { "123456789012=123456789012",
		ROLE "warm=210987654321", "123456789012",
		"333333333333=210987654321" };
	struct policy_grant grants[COUNT(texts)];
	struct policy_request rq = request(POLICY_BUCKET, "", "");
	struct err err = { 0 };
	size_t i;

	is_document(&rq, DOCUMENT(TLS_ONLY), "a bucket for its own account");
	for (i = 0; i < COUNT(texts); i++)
		is_int(policy_grant_parse(texts[i], i < 2, &grants[i], &err),
		    0, "grant %zu", i);
	rq.grants = grants;
	rq.grant_count = 1;
	is_document(&rq, DOCUMENT(LET_LIST("\"" ROOT("123456789012") "\"")
	    "," LET("TeamcacheWriter123456789012", ROOT("123456789012"),
	    WRITE, OWN("123456789012")) "," TLS_ONLY), "for one account");
	rq.grant_count = COUNT(texts);
	is_document(&rq, DOCUMENT(LET_LIST("[\"" ROOT("123456789012") "\",\""
	    ROLE "warm\",\"" ROOT("333333333333") "\"]") ","
	    LET("TeamcacheWriter123456789012", ROOT("123456789012"), WRITE,
	    OWN("123456789012")) ","
	    LET("TeamcacheWriterc0d9ade10ddc", ROLE "warm", WRITE,
	    OWN("210987654321")) ","
	    LET("TeamcacheReader123456789012", ROOT("123456789012"),
	    "\"s3:GetObject\"", "[" ARN("/cache-v1/*/*") ","
	    ARN("/lease-v1/*/*") "]") ","
	    LET("TeamcacheReader333333333333", ROOT("333333333333"),
	    "\"s3:GetObject\"", OWN("210987654321")) "," TLS_ONLY),
	    "for accounts and a role");
}

static void
test_admin(void)
{
	struct policy_request rq = request(POLICY_ADMIN, "p/", "");
	struct err err = { 0 };
	struct json j = { 0 };
	struct buf b;
	json_value list, s;
	size_t n = 0;

	rq.kms_key = KEY;
	buf_init(&b, 64 * LIMIT_KIB);
	policy_write_text(&rq, true, &b);
	is_int(json_parse(&j, buf_view(&b), JSON_UNIQUE_KEYS, &err), 0,
	    "an admin's, indented");
	list = json_member(&j, 0, "Statement");
	for (s = json_first(&j, list); s != JSON_NONE; s = json_next(&j, s))
		n += json_string_is(&j, json_member(&j, s, "Effect"),
		    "Allow");
	is_uint(n, 5, "inspect, set up, entries, leases, key");
	json_clear(&j);
	buf_clear(&b);
}

static void
test_names(void)
{
	enum policy_kind kind = POLICY_READER;

	ok(policy_write_find("bucket", &kind) && kind == POLICY_BUCKET,
	    "bucket");
	ok(!policy_write_find("buckets", &kind), "no such word");
	is_str(policy_write_kind(1), "writer", "the second word");
	ok(policy_write_kind(4) == NULL, "there are four");
}

int
main(void)
{
	test_names();
	test_reader();
	test_writer();
	test_admin();
	test_bucket();
	return done_testing();
}
