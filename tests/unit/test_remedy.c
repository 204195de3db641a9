#include "tap.h"

#include "codec/json.h"
#include "diag/remedy.h"
#include "diag/remedy_trust.h"

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
#define POLICY "arn:aws:iam::123456789012:policy/"
#define AWS_POLICY "arn:aws:iam::aws:policy/ReadOnlyAccess"
#define OTHER "{\"Effect\":\"Allow\",\"Action\":\"a:b\",\"Resource\":\"*\"}"
#define DENY "{\"Sid\":\"No\",\"Effect\":\"Deny\",\"Action\":" \
	"\"s3:GetObject\",\"Resource\":\"*\"}"
#define DENY_OWN "{\"Sid\":\"No\",\"Effect\":\"Deny\",\"Action\":" \
	"\"s3:GetObject\",\"Resource\":\"arn:aws:s3:::*/${aws:userid}/x\"}"
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
	const char *name, *own_policy;
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
	{ "a boundary that was read", USER, DENIAL_BOUNDARY, DENIAL_IMPLICIT,
	    NULL, POLICY "b", DOC(OTHER), "permissions boundary",
	    DOC(OTHER "," STATEMENT), "aws iam create-policy-version "
	    "--policy-arn " POLICY "b --policy-document '"
	    DOC(OTHER "," STATEMENT) "' --set-as-default" },
	{ "a boundary's Deny", USER, DENIAL_BOUNDARY, DENIAL_EXPLICIT, NULL,
	    POLICY "b", DOC(OTHER "," DENY), "permissions boundary",
	    DOC(OTHER), "aws iam create-policy-version --policy-arn " POLICY
	    "b --policy-document '" DOC(OTHER) "' --set-as-default" },
	{ "a boundary's Deny that is not found", USER, DENIAL_BOUNDARY,
	    DENIAL_EXPLICIT, NULL, POLICY "b", DOC(OTHER "," DENY_OWN),
	    "permissions boundary", "", "" },
	{ "a boundary of AWS's own", USER, DENIAL_BOUNDARY, DENIAL_IMPLICIT,
	    NULL, AWS_POLICY, DOC(OTHER), "permissions boundary", "", "" },
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
			.decides = { .holder = { IAM_USER, "ci" },
			.name = span_of(row->name),
			.text = span_of(row->own_policy) } };
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

/* Denials of policies that hang on something else, or are managed. */
static void
test_decides(void)
{
	static const struct {
		const char *what;
		struct iam_holder on;
		bool managed;
		const char *name, *document, *text, *policy, *command;
	} policies[] = {
		{ "a group's", { IAM_GROUP, "devs" }, false, "p",
		    DOC(OTHER "," DENY), "inline policy 'p' of the group "
		    "'devs'", DOC(OTHER), "aws iam put-group-policy "
		    "--group-name devs --policy-name p --policy-document '"
		    DOC(OTHER) "'" },
		{ "a managed one", { IAM_USER, "ci" }, true, POLICY "p",
		    DOC(OTHER "," DENY), "holds for all", DOC(OTHER),
		    "aws iam create-policy-version --policy-arn " POLICY "p "
		    "--policy-document '" DOC(OTHER) "' --set-as-default" },
		{ "a managed one that only denies", { IAM_GROUP, "devs" },
		    true, POLICY "p", DOC(DENY), "managed policy", "",
		    "aws iam detach-group-policy --group-name devs "
		    "--policy-arn " POLICY "p" },
		{ "AWS's own", { IAM_ROLE, "build" }, true, AWS_POLICY,
		    DOC(OTHER "," DENY), "managed policy", "",
		    "aws iam detach-role-policy --role-name build "
		    "--policy-arn " AWS_POLICY },
		{ "Identity Center's", { IAM_ROLE, "AWSReservedSSO_Dev_0a" },
		    false, "AwsSSOInlinePolicy", DOC(OTHER "," DENY),
		    "permission set", "", "" },
	};
	struct diagnosis d = { .next = "", .words = "", .cause = "denied",
		.denial = true, .layer = DENIAL_IDENTITY,
		.kind = DENIAL_EXPLICIT, .action = "s3:GetObject",
		.resource = KEY, .principal = USER };
	struct remedy r;
	size_t i;

	for (i = 0; i < COUNT(policies); i++) {
		struct remedy_question q = { .diagnosis = &d,
			.actions = actions, .resources = resources,
			.decides = { policies[i].on, policies[i].managed,
			span_of(policies[i].name),
			span_of(policies[i].document) } };
		struct err err = { 0 };

		remedy_init(&r);
		is_int(remedy_make(&q, &r, &err), 0, "%s: made",
		    policies[i].what);
		has_str(buf_string(&r.text), policies[i].text, "%s: text",
		    policies[i].what);
		is_str(buf_string(&r.policy), policies[i].policy,
		    "%s: policy", policies[i].what);
		is_str(buf_string(&r.command), policies[i].command,
		    "%s: command", policies[i].what);
		remedy_clear(&r);
	}
}

#define BUILD "arn:aws:iam::123456789012:role/ci/build"
#define ASSUME(effect, who, rest) "{\"Effect\":\"" effect "\"," \
	"\"Principal\":{\"AWS\":\"" who "\"},\"Action\":" \
	"\"sts:AssumeRole\"" rest "}"
#define OUTSIDE ASSUME("Allow", "arn:aws:iam::2:root", "")
#define CONDITION ",\"Condition\":{\"StringEquals\":{" \
	"\"sts:ExternalId\":\"x\"}}"
#define TRUST_COMMAND(doc) "aws iam update-assume-role-policy --role-name " \
	"build --policy-document '" doc "'"

/* The role's side, and what is left where the caller's side allows it. */
static void
test_role(void)
{
	static const struct {
		const char *what;
		enum denial_layer layer;
		enum denial_kind kind;
		const char *trust, *text, *policy, *command;
	} trusts[] = {
		{ "he is not named", DENIAL_TRUST, DENIAL_IMPLICIT,
		    DOC(OUTSIDE), "lets the caller in",
		    DOC(OUTSIDE "," ASSUME("Allow", USER, "")),
		    TRUST_COMMAND(DOC(OUTSIDE "," ASSUME("Allow", USER,
		    ""))) },
		{ "he is refused", DENIAL_TRUST, DENIAL_EXPLICIT,
		    DOC(OUTSIDE "," ASSUME("Deny", USER, "")),
		    "statement 2 of the role's trust policy denies it",
		    DOC(OUTSIDE), TRUST_COMMAND(DOC(OUTSIDE)) },
		{ "he lacks an external id", DENIAL_TRUST, DENIAL_IMPLICIT,
		    DOC(ASSUME("Allow", USER, CONDITION)),
		    "condition on sts:ExternalId", "", "" },
		{ "it cannot be read", DENIAL_TRUST, DENIAL_IMPLICIT, "",
		    "update-assume-role-policy", ASSUME("Allow", USER, ""),
		    "" },
		{ "nobody knows", DENIAL_UNKNOWN, DENIAL_KIND_UNKNOWN, "",
		    "the role has to exist", ASSUME("Allow", USER, ""), "" },
	};
	static const char *const assume[] = { "sts:AssumeRole", NULL };
	struct remedy r;
	size_t i;

	for (i = 0; i < COUNT(trusts); i++) {
		struct diagnosis d = { .next = "", .words = "",
			.cause = "denied", .denial = true,
			.layer = trusts[i].layer, .kind = trusts[i].kind,
			.action = "sts:AssumeRole", .resource = BUILD,
			.principal = USER };
		struct remedy_question q = { .diagnosis = &d,
			.actions = assume, .resources = resources,
			.account = "123456789012", .own_allow = true,
			.trust_policy = span_of(trusts[i].trust) };
		struct err err = { 0 };

		remedy_init(&r);
		is_int(remedy_make(&q, &r, &err), 0, "%s: made",
		    trusts[i].what);
		has_str(buf_string(&r.text), trusts[i].text, "%s: text",
		    trusts[i].what);
		is_str(buf_string(&r.policy), trusts[i].policy, "%s: policy",
		    trusts[i].what);
		is_str(buf_string(&r.command), trusts[i].command,
		    "%s: command", trusts[i].what);
		remedy_clear(&r);
	}
}

/* The caller's own side allows it: the bucket's comes first. */
static void
test_own_allow(void)
{
	struct diagnosis d = { .next = "", .words = "", .cause = "denied",
		.denial = true, .action = "s3:GetObject", .resource = KEY,
		.principal = USER };
	struct remedy_question q = { .diagnosis = &d, .actions = actions,
		.resources = resources, .own_allow = true };
	struct err err = { 0 };
	struct remedy r;

	remedy_init(&r);
	is_int(remedy_make(&q, &r, &err), 0, "made");
	has_str(buf_string(&r.text), "In this order: 1. where the bucket is "
	    "another account's", "the bucket's owner first");
	is_str(buf_string(&r.policy), FOR(USER), "with what he adds");
	remedy_clear(&r);
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
		remedy_trust_token(trusts[i].role, trusts[i].claims, &r);
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
	test_decides();
	test_role();
	test_own_allow();
	return done_testing();
}
