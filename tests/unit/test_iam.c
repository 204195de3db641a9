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
		is_str(c.name, rows[i].name, "name");
		is_str(c.arn, rows[i].of, "ARN");
		is_int(c.role, rows[i].role, "role or user");
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
	};
	struct err err = { 0 };
	struct iam_caller who;
	struct fake f;
	struct iam_place place = { &f.context, &endpoint, &f.source };
	struct buf b;

	buf_init(&b, LIMIT_MIB);
	iam_caller_of("arn:aws:iam::123456789012:user/ci", &who);
	fake_begin(&f, answers, COUNT(answers));
	is_int(iam_policy_names(&place, &who, &b, &err), 0, "names");
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
	is_int(iam_policy_names(&place, &who, &b, &err), -1, "denied");
	is_int(err.class, ERR_DENIED, "is said");
	fake_end(&f);
	buf_clear(&b);
}

static void
test_role(void)
{
	static const struct fake_answer answers[] = {
		{ 200, ID, "<R><GetRoleResult><Role><Arn>arn:aws:iam::1:role/"
		    "aws-reserved/sso/X</Arn></Role></GetRoleResult></R>", 0,
		    false, 0 },
		{ 200, ID, "<R/>", 0, false, 0 },
	};
	struct err err = { 0 };
	struct iam_caller who;
	struct fake f;
	struct iam_place place = { &f.context, &endpoint, &f.source };

	iam_caller_of("arn:aws:sts::1:assumed-role/X/me", &who);
	fake_begin(&f, answers, COUNT(answers));
	is_int(iam_caller_complete(&place, &who, &err), 0, "a role's path");
	is_str(who.arn, "arn:aws:iam::1:role/aws-reserved/sso/X", "is told");
	is_int(iam_caller_complete(&place, &who, &err), -1, "or is not");
	fake_end(&f);
}

int
main(void)
{
	test_caller();
	test_simulate();
	test_policies();
	test_role();
	return done_testing();
}
