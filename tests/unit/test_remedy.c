#include "tap.h"

#include "codec/json.h"
#include "diag/remedy.h"
#include "diag/verdict.h"

#define COUNT(rows) (sizeof (rows) / sizeof (rows)[0])
#define USER "arn:aws:iam::123456789012:user/team/ci"
#define ROLE "arn:aws:sts::123456789012:assumed-role/build/job"
#define SSO "arn:aws:sts::123456789012:assumed-role/AWSReservedSSO_Dev_0a/me"
#define KEY "arn:aws:s3:::b/cache-v1/1/x"
#define TREE "arn:aws:s3:::b/cache-v1/1/*"
#define DOC(statements) "{\"Version\":\"2012-10-17\",\"Statement\":[" \
	statements "]}"
#define STATEMENT "{\"Sid\":\"TeamcacheGetObject\",\"Effect\":\"Allow\"," \
	"\"Action\":\"s3:GetObject\",\"Resource\":\"" TREE "\"}"
#define FOR(who) "{\"Sid\":\"TeamcacheGetObject\",\"Effect\":\"Allow\"," \
	"\"Principal\":{\"AWS\":\"" who "\"},\"Action\":\"s3:GetObject\"," \
	"\"Resource\":\"" TREE "\"}"
#define OTHER "{\"Effect\":\"Allow\",\"Action\":\"a:b\",\"Resource\":\"*\"}"
#define DENY "{\"Sid\":\"No\",\"Effect\":\"Deny\",\"Action\":" \
	"\"s3:GetObject\",\"Resource\":\"*\"}"
#define DENY_ALL "{\"Sid\":\"No\",\"Effect\":\"Deny\",\"Principal\":\"*\"," \
	"\"Action\":\"s3:GetObject\",\"Resource\":\"*\"}"
#define DENY_PLAIN "{\"Sid\":\"Tls\",\"Effect\":\"Deny\",\"Principal\":" \
	"\"*\",\"Action\":\"s3:*\",\"Resource\":\"*\",\"Condition\":{" \
	"\"Bool\":{\"aws:SecureTransport\":\"false\"}}}"

static const char *const actions[] = { "s3:GetObject", NULL };
static const char *const resources[] = { TREE, NULL };

struct row {
	const char *what, *principal;
	enum denial_layer layer;
	enum denial_kind kind;
	const char *bucket_policy;	/* NULL: it cannot be read */
	const char *name, *inline_policy;
	const char *text, *policy, *command;	/* text: a part of it */
};

static const struct row rows[] = {
	{ "a user without it", USER, DENIAL_IDENTITY, DENIAL_IMPLICIT, NULL,
	    NULL, NULL, "the user 'ci'", DOC(STATEMENT),
	    "aws iam put-user-policy --user-name ci --policy-name "
	    "TeamcacheGetObject --policy-document '" DOC(STATEMENT) "'" },
	{ "a role without it", ROLE, DENIAL_IDENTITY, DENIAL_IMPLICIT, NULL,
	    NULL, NULL, "the role 'build'", DOC(STATEMENT),
	    "aws iam put-role-policy --role-name build --policy-name "
	    "TeamcacheGetObject --policy-document '" DOC(STATEMENT) "'" },
	{ "Identity Center's role", SSO, DENIAL_IDENTITY, DENIAL_IMPLICIT,
	    NULL, NULL, NULL, "permission set", DOC(STATEMENT), "" },
	{ "root", "arn:aws:iam::123456789012:root", DENIAL_IDENTITY,
	    DENIAL_IMPLICIT, NULL, NULL, NULL, "identity policy",
	    DOC(STATEMENT), "" },
	{ "an inline Deny", USER, DENIAL_IDENTITY, DENIAL_EXPLICIT, NULL,
	    "it's", DOC(OTHER "," DENY), "statement 2, No", DOC(OTHER),
	    "aws iam put-user-policy --user-name ci --policy-name "
	    "'it'\\''s' --policy-document '" DOC(OTHER) "'" },
	{ "an inline policy that is nothing else", USER, DENIAL_IDENTITY,
	    DENIAL_EXPLICIT, NULL, "no", DOC(DENY), "ask, then take it out",
	    "", "aws iam delete-user-policy --user-name ci --policy-name no" },
	{ "a Deny that cannot be read", USER, DENIAL_IDENTITY,
	    DENIAL_EXPLICIT, NULL, NULL, NULL, "an Allow does not help", "",
	    "" },
	{ "the bucket's Deny", USER, DENIAL_RESOURCE, DENIAL_EXPLICIT,
	    DOC(OTHER "," DENY_ALL), NULL, NULL, "statement 2, No",
	    DOC(OTHER), "aws s3api put-bucket-policy --bucket b --policy '"
	    DOC(OTHER) "' --endpoint-url http://s" },
	{ "the bucket's only Deny", USER, DENIAL_RESOURCE, DENIAL_EXPLICIT,
	    DOC(DENY_ALL), NULL, NULL, "ask the bucket's owner", "",
	    "aws s3api delete-bucket-policy --bucket b --endpoint-url "
	    "http://s" },
	{ "its condition", USER, DENIAL_RESOURCE, DENIAL_EXPLICIT,
	    DOC(DENY_PLAIN), NULL, NULL, "https://", "", "" },
	{ "the bucket's Deny, unread", USER, DENIAL_RESOURCE,
	    DENIAL_EXPLICIT, NULL, NULL, NULL, "get-bucket-policy", "", "" },
	{ "not let in", USER, DENIAL_RESOURCE, DENIAL_IMPLICIT, DOC(OTHER),
	    NULL, NULL, "lets the caller in", DOC(OTHER "," FOR(USER)),
	    "aws s3api put-bucket-policy --bucket b --policy '"
	    DOC(OTHER "," FOR(USER)) "' --endpoint-url http://s" },
	{ "not let in, no policy", USER, DENIAL_RESOURCE, DENIAL_IMPLICIT, "",
	    NULL, NULL, "lets the caller in", DOC(FOR(USER)),
	    "aws s3api put-bucket-policy --bucket b --policy '"
	    DOC(FOR(USER)) "' --endpoint-url http://s" },
	{ "not let in, unread", USER, DENIAL_RESOURCE, DENIAL_IMPLICIT, NULL,
	    NULL, NULL, "adds this statement", FOR(USER), "" },
	{ "the key's policy", USER, DENIAL_KEY, DENIAL_IMPLICIT, NULL, NULL,
	    NULL, "owner of the KMS key", FOR(USER), "" },
	{ "the key's Deny", USER, DENIAL_KEY, DENIAL_EXPLICIT, NULL, NULL,
	    NULL, "the key's owner", "", "" },
	{ "the role's trust", USER, DENIAL_TRUST, DENIAL_IMPLICIT, NULL, NULL,
	    NULL, "update-assume-role-policy", "{\"Effect\":\"Allow\","
	    "\"Principal\":{\"AWS\":\"" USER "\"},\"Action\":"
	    "\"sts:AssumeRole\"}", "" },
	{ "an SCP", USER, DENIAL_SCP, DENIAL_EXPLICIT, NULL, NULL, NULL,
	    "s3:GetObject on " KEY " is denied for " USER, "", "" },
	{ "an RCP", USER, DENIAL_RCP, DENIAL_EXPLICIT, NULL, NULL, NULL,
	    "organization that owns it", "", "" },
	{ "a boundary", USER, DENIAL_BOUNDARY, DENIAL_IMPLICIT, NULL, NULL,
	    NULL, "permissions boundary", "", "" },
	{ "a session policy", ROLE, DENIAL_SESSION, DENIAL_IMPLICIT, NULL,
	    NULL, NULL, "inline-session-policy", "", "" },
	{ "a VPC endpoint", USER, DENIAL_VPCE, DENIAL_EXPLICIT, NULL, NULL,
	    NULL, "VPC endpoint", "", "" },
	{ "nobody knows", USER, DENIAL_UNKNOWN, DENIAL_KIND_UNKNOWN, NULL,
	    NULL, NULL, "In this order: 1.", DOC(STATEMENT), "" },
};

static void
test_rows(void)
{
	struct remedy r;
	size_t i;

	for (i = 0; i < COUNT(rows); i++) {
		const struct row *row = &rows[i];
		struct diagnosis d = { .next = "", .words = "",
			.cause = "denied", .denial = true,
			.layer = row->layer, .kind = row->kind };
		struct remedy_question q = { .diagnosis = &d,
			.actions = actions, .resources = resources,
			.bucket = "b", .endpoint = "http://s",
			.account = "123456789012",
			.bucket_policy = span_of(row->bucket_policy),
			.readable = row->bucket_policy != NULL,
			.policy_name = span_of(row->name),
			.policy = span_of(row->inline_policy) };
		struct err err = { 0 };

		snprintf(d.action, sizeof d.action, "s3:GetObject");
		snprintf(d.resource, sizeof d.resource, KEY);
		snprintf(d.principal, sizeof d.principal, "%s",
		    row->principal);
		remedy_init(&r);
		is_int(remedy_make(&q, &r, &err), 0, "%s: made", row->what);
		has_str(buf_string(&r.text), row->text, "%s: text",
		    row->what);
		is_str(buf_string(&r.policy), row->policy, "%s: policy",
		    row->what);
		is_str(buf_string(&r.command), row->command, "%s: command",
		    row->what);
		ok(r.policy.n == 0 || json_check(buf_view(&r.policy), &err)
		    == 0, "%s: JSON", row->what);
		remedy_clear(&r);
	}
}

#define CLAIMS(sub) "the token says: iss \"https://token.example\", aud " \
	"\"sts.amazonaws.com\", sub " sub ", exp 2030-01-01T00:00:00Z"
#define TRUST "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":" \
	"\"Allow\",\"Principal\":{\"Federated\":\"arn:aws:iam::1:" \
	"oidc-provider/token.example\"},\"Action\":" \
	"\"sts:AssumeRoleWithWebIdentity\",\"Condition\":{" \
	"\"StringEquals\":{\"token.example:aud\":\"sts.amazonaws.com\"," \
	"\"token.example:sub\":\"repo:o/r:ref:refs/heads/m\"}}}]}"

static void
test_trust(void)
{
	static const struct {
		const char *role, *claims, *policy;
	} trusts[] = {
		{ "arn:aws:iam::1:role/ci/build",
		    CLAIMS("\"repo:o/r:ref:refs/heads/m\""), TRUST },
		{ "arn:aws:iam::1:user/x",
		    CLAIMS("\"repo:o/r:ref:refs/heads/m\""), "" },
		{ "arn:aws:iam::1:role/r", CLAIMS("\"cut"), "" },
		{ "arn:aws:iam::1:role/r", "", "" },
	};
	struct remedy r;
	size_t i;

	for (i = 0; i < COUNT(trusts); i++) {
		remedy_init(&r);
		remedy_trust(trusts[i].role, trusts[i].claims, &r);
		is_str(buf_string(&r.policy), trusts[i].policy, "%s %s",
		    trusts[i].role, trusts[i].claims);
		if (i == 0)
			has_str(buf_string(&r.command), "--role-name build ",
			    "the role's name, without its path");
		remedy_clear(&r);
	}
}

int
main(void)
{
	test_trust();
	test_rows();
	return done_testing();
}
