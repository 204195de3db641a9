#include "tap.h"

#include "aws/iam.h"
#include "base/limits.h"
#include "fake_aws.h"

#define COUNT(rows) (sizeof (rows) / sizeof (rows)[0])
#define ID "x-amzn-requestid: R\n"

static const struct endpoint endpoint = {
	.url = "https://iam.amazonaws.com", .region = "us-east-1",
};

static void
test_caller(void)
{
	static const struct {
		const char *arn, *name, *of;
		bool role;
	} rows[] = {
		{ "arn:aws:iam::123456789012:user/ci", "ci",
		    "arn:aws:iam::123456789012:user/ci", false },
		{ "arn:aws:iam::123456789012:user/team/a/ci", "ci",
		    "arn:aws:iam::123456789012:user/team/a/ci", false },
		{ "arn:aws-cn:sts::123456789012:assumed-role/build/job",
		    "build", "arn:aws-cn:iam::123456789012:role/build", true },
		{ "arn:aws:iam::123456789012:root", NULL, NULL, false },
		{ "arn:aws:sts::123456789012:federated-user/x", NULL, NULL,
		    false },
		{ "arn:aws:iam", NULL, NULL, false },
		{ "nothing", NULL, NULL, false },
		{ "", NULL, NULL, false },
	};
	struct iam_caller c;
	size_t i;

	for (i = 0; i < COUNT(rows); i++) {
		is_int(iam_caller_of(rows[i].arn, &c), rows[i].name != NULL,
		    "'%s'", rows[i].arn);
		if (rows[i].name == NULL)
			continue;
		is_str(c.holder.name, rows[i].name, "name");
		is_str(c.arn, rows[i].of, "ARN");
		is_int(c.holder.kind == IAM_ROLE, rows[i].role,
		    "role or user");
	}
}

#define RESULT(inside) "<SimulatePrincipalPolicyResponse xmlns=\"x\">" \
	"<SimulatePrincipalPolicyResult><EvaluationResults><member>" inside \
	"</member></EvaluationResults></SimulatePrincipalPolicyResult>" \
	"</SimulatePrincipalPolicyResponse>"

static void
test_simulate(void)
{
	static const struct {
		const char *body;
		int result;
		enum iam_decision decision;
		bool boundary, organization;
		const char *policy;
	} rows[] = {
		{ RESULT("<EvalDecision>allowed</EvalDecision>"), 0,
		    IAM_ALLOWED, false, false, "" },
		{ RESULT("<EvalDecision>implicitDeny</EvalDecision>"
		    "<MatchedStatements/>"), 0, IAM_IMPLICIT_DENY, false,
		    false, "" },
		{ RESULT("<EvalDecision>explicitDeny</EvalDecision>"
		    "<MatchedStatements><member><SourcePolicyId>no-reads"
		    "</SourcePolicyId></member></MatchedStatements>"), 0,
		    IAM_EXPLICIT_DENY, false, false, "no-reads" },
		{ RESULT("<EvalDecision>implicitDeny</EvalDecision>"
		    "<PermissionsBoundaryDecisionDetail>"
		    "<AllowedByPermissionsBoundary>false"
		    "</AllowedByPermissionsBoundary>"
		    "</PermissionsBoundaryDecisionDetail>"), 0,
		    IAM_IMPLICIT_DENY, true, false, "" },
		{ RESULT("<EvalDecision>explicitDeny</EvalDecision>"
		    "<OrganizationsDecisionDetail><AllowedByOrganizations>"
		    "false</AllowedByOrganizations>"
		    "</OrganizationsDecisionDetail>"), 0, IAM_EXPLICIT_DENY,
		    false, true, "" },
		{ RESULT("<EvalDecision>perhaps</EvalDecision>"), -1,
		    IAM_ALLOWED, false, false, "" },
		{ "<x/>", -1, IAM_ALLOWED, false, false, "" },
		{ "no XML", -1, IAM_ALLOWED, false, false, "" },
	};
	struct iam_caller who;
	size_t i;

	iam_caller_of("arn:aws:iam::123456789012:user/c&i", &who);
	for (i = 0; i < COUNT(rows); i++) {
		struct fake_answer answer = { 200, ID, rows[i].body, 0, false,
			0 };
		struct iam_simulation s;
		struct err err = { 0 };
		struct fake f;
		struct iam_place place = { &f.context, &endpoint, &f.source };

		fake_begin(&f, &answer, 1);
		is_int(iam_simulate(&place, &who, "s3:GetObject",
		    "arn:aws:s3:::b/x", &s, &err), rows[i].result, "%s",
		    rows[i].body);
		has_str(f.seen[0].body, "Action=SimulatePrincipalPolicy&"
		    "Version=2010-05-08&PolicySourceArn=arn%3Aaws%3Aiam%3A%3A"
		    "123456789012%3Auser%2Fc%26i&ActionNames.member.1="
		    "s3%3AGetObject&ResourceArns.member.1=", "the form");
		has_str(f.seen[0].fields, "/us-east-1/iam/aws4_request",
		    "signed");
		if (rows[i].result == 0) {
			is_int(s.decision, rows[i].decision, "decision");
			is_int(s.boundary_denies, rows[i].boundary,
			    "boundary");
			is_int(s.organization_denies, rows[i].organization,
			    "organization");
			is_str(s.policy, rows[i].policy, "policy");
		} else {
			is_int(err.class, ERR_DATA, "said");
		}
		fake_end(&f);
	}
}

static void
test_policies(void)
{
	static const struct fake_answer answers[] = {
		{ 200, ID, "<R><ListUserPoliciesResult><PolicyNames>"
		    "<member>a</member><member>b</member></PolicyNames>"
		    "</ListUserPoliciesResult></R>", 0, false, 0 },
		{ 200, ID, "<R><GetUserPolicyResult><PolicyDocument>"
		    "%7B%22a%22%3A1%7D</PolicyDocument></GetUserPolicyResult>"
		    "</R>", 0, false, 0 },
		{ 200, ID, "<R><GetUserPolicyResult><PolicyDocument>"
		    "{&quot;a%41&quot;:1}</PolicyDocument>"
		    "</GetUserPolicyResult></R>", 0, false, 0 },
		{ 200, ID, "<R><GetUserPolicyResult><PolicyDocument>%7"
		    "</PolicyDocument></GetUserPolicyResult></R>", 0, false,
		    0 },
		{ 403, ID, "<ErrorResponse><Error><Code>AccessDenied</Code>"
		    "<Message>no</Message></Error></ErrorResponse>", 0, false,
		    0 },
		{ 200, ID, "<R><ListGroupsForUserResult><Groups><member>"
		    "<GroupName>g</GroupName></member></Groups>"
		    "<IsTruncated>false</IsTruncated>"
		    "</ListGroupsForUserResult></R>", 0, false, 0 },
		{ 200, ID, "<R><ListAttachedGroupPoliciesResult>"
		    "<AttachedPolicies><member><PolicyName>p</PolicyName>"
		    "<PolicyArn>arn:aws:iam::1:policy/p</PolicyArn></member>"
		    "</AttachedPolicies><IsTruncated>true</IsTruncated>"
		    "</ListAttachedGroupPoliciesResult></R>", 0, false, 0 },
		{ 200, ID, "<R><GetPolicyResult><Policy><DefaultVersionId>v3"
		    "</DefaultVersionId></Policy></GetPolicyResult></R>", 0,
		    false, 0 },
		{ 200, ID, "<R><GetPolicyVersionResult><PolicyVersion>"
		    "<Document>%7B%7D</Document></PolicyVersion>"
		    "</GetPolicyVersionResult></R>", 0, false, 0 },
	};
	static const struct iam_holder who = { IAM_USER, "ci" };
	static const struct iam_holder group = { IAM_GROUP, "g" };
	struct err err = { 0 };
	struct fake f;
	struct iam_place place = { &f.context, &endpoint, &f.source };
	struct buf b;

	buf_init(&b, LIMIT_MIB);
	fake_begin(&f, answers, COUNT(answers));
	is_int(iam_policies(&place, &who, false, &b, &err), 0, "names");
	has_str(f.seen[0].body, "Action=ListUserPolicies&Version=2010-05-08&"
	    "UserName=ci", "asked by the user's name");
	is_str(buf_string(&b), "a\nb\n", "a line each");
	buf_reset(&b);
	is_int(iam_policy_get(&place, &who, span_of("a"), &b, &err), 0,
	    "a document");
	is_str(buf_string(&b), "{\"a\":1}", "decoded");
	buf_reset(&b);
	is_int(iam_policy_get(&place, &who, span_of("a"), &b, &err), 0,
	    "from another store");
	is_str(buf_string(&b), "{\"a%41\":1}", "as it stands");
	is_int(iam_policy_get(&place, &who, span_of("a"), &b, &err), -1,
	    "a broken one");
	is_int(err.class, ERR_DATA, "is said");
	err_clear(&err);
	is_int(iam_policies(&place, &who, false, &b, &err), -1, "denied");
	is_int(err.class, ERR_DENIED, "is said");
	err_clear(&err);
	buf_reset(&b);
	is_int(iam_groups(&place, &who, &b, &err), 0, "groups");
	is_str(buf_string(&b), "g\n", "by name");
	buf_reset(&b);
	is_int(iam_policies(&place, &group, true, &b, &err), -1,
	    "a list that is cut");
	is_str(buf_string(&b), "arn:aws:iam::1:policy/p\n", "as far as it goes");
	err_clear(&err);
	buf_reset(&b);
	is_int(iam_managed_get(&place, span_of("arn:aws:iam::1:policy/p"), &b,
	    &err), 0, "a managed policy");
	is_str(buf_string(&b), "{}", "its document");
	has_str(f.seen[8].body, "&VersionId=v3", "of the version in force");
	fake_end(&f);
	buf_clear(&b);
}

static void
test_look(void)
{
	static const struct fake_answer answers[] = {
		{ 200, ID, "<R><GetRoleResult><Role><Arn>arn:aws:iam::1:role/"
		    "aws-reserved/sso/X</Arn><AssumeRolePolicyDocument>"
		    "%7B%7D</AssumeRolePolicyDocument><PermissionsBoundary>"
		    "<PermissionsBoundaryArn>arn:aws:iam::1:policy/b"
		    "</PermissionsBoundaryArn></PermissionsBoundary></Role>"
		    "</GetRoleResult></R>", 0, false, 0 },
		{ 200, ID, "<R><GetUserResult><User><Arn>arn:aws:iam::1:user/"
		    "u</Arn></User></GetUserResult></R>", 0, false, 0 },
		{ 200, ID, "<R/>", 0, false, 0 },
	};
	static const struct iam_holder user = { IAM_USER, "u" };
	struct err err = { 0 };
	struct iam_caller who;
	struct iam_record r;
	struct fake f;
	struct iam_place place = { &f.context, &endpoint, &f.source };

	iam_record_init(&r);
	iam_caller_of("arn:aws:sts::1:assumed-role/X/me", &who);
	fake_begin(&f, answers, COUNT(answers));
	is_int(iam_look(&place, &who.holder, &r, &err), 0, "a role");
	is_str(r.arn, "arn:aws:iam::1:role/aws-reserved/sso/X", "its path");
	is_str(r.boundary, "arn:aws:iam::1:policy/b", "its boundary");
	is_str(buf_string(&r.trust), "{}", "whom it trusts");
	iam_record_clear(&r);
	iam_record_init(&r);
	is_int(iam_look(&place, &user, &r, &err), 0, "a user");
	is_str(r.boundary, "", "without a boundary");
	is_int(r.trust.n, 0, "and without a trust policy");
	is_int(iam_look(&place, &user, &r, &err), -1, "nothing told");
	is_int(err.class, ERR_DATA, "is said");
	fake_end(&f);
	iam_record_clear(&r);
}

static void
test_role_name(void)
{
	static const struct {
		const char *arn, *name;
	} rows[] = {
		{ "arn:aws:iam::1:role/build", "build" },
		{ "arn:aws:iam::1:role/ci/a/build", "build" },
		{ "arn:aws:iam::1:user/build", NULL },
		{ "arn:aws:iam::1:role/", NULL },
		{ "role/x", NULL },
	};
	struct iam_holder h;
	size_t i;

	for (i = 0; i < COUNT(rows); i++) {
		is_int(iam_role_of(rows[i].arn, &h), rows[i].name != NULL,
		    "'%s'", rows[i].arn);
		if (rows[i].name != NULL)
			is_str(h.name, rows[i].name, "its name");
	}
}

int
main(void)
{
	test_caller();
	test_simulate();
	test_policies();
	test_look();
	test_role_name();
	return done_testing();
}
