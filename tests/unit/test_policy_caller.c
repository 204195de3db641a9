#include "tap.h"

#include "diag/policy_caller.h"
#include "fake_aws.h"

#define COUNT(rows) (sizeof (rows) / sizeof (rows)[0])
#define ID "x-amzn-requestid: R\n"
#define ANSWER(body) { 200, ID, body, 0, false, 0 }
#define REFUSED { 403, ID, "<ErrorResponse><Error><Code>AccessDenied</Code>" \
	"<Message>no</Message></Error></ErrorResponse>", 0, false, 0 }

/* IAM's lists and documents. */
#define NAMES(members) ANSWER("<R><A><PolicyNames>" members \
	"</PolicyNames></A></R>")
#define ATTACHED(arn) ANSWER("<R><A><AttachedPolicies><member><PolicyArn>" \
	arn "</PolicyArn></member></AttachedPolicies></A></R>")
#define NONE ANSWER("<R><A/></R>")
#define GROUPS(name) ANSWER("<R><A><Groups><member><GroupName>" name \
	"</GroupName></member></Groups></A></R>")
#define DOCUMENT(text) ANSWER("<R><A><PolicyDocument>" text \
	"</PolicyDocument></A></R>")
#define VERSION ANSWER("<R><GetPolicyResult><Policy><DefaultVersionId>v1" \
	"</DefaultVersionId></Policy></GetPolicyResult></R>")
#define MANAGED(text) ANSWER("<R><GetPolicyVersionResult><PolicyVersion>" \
	"<Document>" text "</Document></PolicyVersion>" \
	"</GetPolicyVersionResult></R>")
#define USER(boundary) ANSWER("<R><GetUserResult><User><Arn>arn:aws:iam::" \
	"1:user/ci</Arn>" boundary "</User></GetUserResult></R>")
#define BOUND "<PermissionsBoundary><PermissionsBoundaryArn>" LIMIT \
	"</PermissionsBoundaryArn></PermissionsBoundary>"
#define LIMIT "arn:aws:iam::1:policy/limit"

#define STATEMENT(effect, action) "{&quot;Statement&quot;:[{&quot;Effect" \
	"&quot;:&quot;" effect "&quot;,&quot;Action&quot;:&quot;" action \
	"&quot;,&quot;Resource&quot;:&quot;*&quot;}]}"
#define ALLOW STATEMENT("Allow", "s3:GetObject")
#define DENY STATEMENT("Deny", "s3:*")
#define ELSE STATEMENT("Allow", "s3:PutObject")

static const struct endpoint endpoint = {
	.url = "https://iam.amazonaws.com", .region = "us-east-1",
};

static const struct row {
	const char *what;
	struct fake_answer answers[12];
	size_t count;		/* of requests that are to be made */
	bool whole;
	enum verdict_answer own;
	const char *denying;	/* NULL: none */
	enum iam_kind on;
	bool bounded;
	enum verdict_answer limit;
} rows[] = {
	{ "an inline policy allows it", { NAMES("<member>a</member>"),
	    DOCUMENT(ALLOW), NONE, NONE, USER("") }, 5, true, VERDICT_ALLOW,
	    NULL, 0, false, 0 },
	{ "nothing is about it", { NAMES("<member>a</member>"),
	    DOCUMENT(ELSE), NONE, NONE, USER("") }, 5, true,
	    VERDICT_NOTHING, NULL, 0, false, 0 },
	{ "a second inline one denies it", { NAMES("<member>a</member>"
	    "<member>b</member>"), DOCUMENT(ALLOW), DOCUMENT(DENY) }, 3, true,
	    VERDICT_DENY, "b", IAM_USER, false, 0 },
	{ "a managed one denies it", { NONE, ATTACHED("arn:m"), VERSION,
	    MANAGED(DENY) }, 4, true, VERDICT_DENY, "arn:m", IAM_USER, false,
	    0 },
	{ "a group's denies it", { NONE, NONE, GROUPS("g"),
	    NAMES("<member>p</member>"), DOCUMENT(DENY) }, 5, true,
	    VERDICT_DENY, "p", IAM_GROUP, false, 0 },
	{ "a group's managed one allows it", { NONE, NONE, GROUPS("g"), NONE,
	    ATTACHED("arn:m"), VERSION, MANAGED(ALLOW), USER("") }, 8, true,
	    VERDICT_ALLOW, NULL, 0, false, 0 },
	{ "a boundary says nothing", { NAMES("<member>a</member>"),
	    DOCUMENT(ALLOW), NONE, NONE, USER(BOUND), VERSION,
	    MANAGED(ELSE) }, 7, true, VERDICT_ALLOW, NULL, 0, true,
	    VERDICT_NOTHING },
	{ "a boundary allows it", { NAMES("<member>a</member>"),
	    DOCUMENT(ALLOW), NONE, NONE, USER(BOUND), VERSION,
	    MANAGED(ALLOW) }, 7, true, VERDICT_ALLOW, NULL, 0, true,
	    VERDICT_ALLOW },
	{ "a boundary that cannot be read", { NONE, NONE, NONE, USER(BOUND),
	    REFUSED }, 5, false, VERDICT_NOTHING, NULL, 0, true,
	    VERDICT_NOTHING },
	{ "a list that cannot be had", { REFUSED, NONE, NONE, USER("") }, 4,
	    false, VERDICT_NOTHING, NULL, 0, false, 0 },
	{ "groups that cannot be had", { NONE, NONE, REFUSED, USER("") }, 4,
	    false, VERDICT_NOTHING, NULL, 0, false, 0 },
	{ "a document that is none", { NAMES("<member>a</member>"),
	    DOCUMENT("{}"), NONE, NONE, USER("") }, 5, false,
	    VERDICT_NOTHING, NULL, 0, false, 0 },
	{ "whose boundary is not told", { NONE, NONE, NONE, REFUSED }, 4,
	    false, VERDICT_NOTHING, NULL, 0, false, 0 },
};

static void
check(const struct row *row)
{
	struct policy_caller p;
	struct iam_caller who;
	struct fake f;
	struct iam_place place = { &f.context, &endpoint, &f.source };

	iam_caller_of("arn:aws:iam::1:user/ci", &who);
	policy_caller_init(&p);
	fake_begin(&f, row->answers, row->count);
	policy_caller_fetch(&place, &who, "s3:GetObject", "arn:aws:s3:::b/k",
	    &p);
	is_int((int64_t)f.used, (int64_t)row->count, "%s: requests",
	    row->what);
	is_int(p.whole, row->whole, "%s: all was read", row->what);
	is_int(p.own, row->own, "%s: what they say", row->what);
	is_str(buf_string(&p.denying.name), row->denying == NULL ? "" :
	    row->denying, "%s: who denies", row->what);
	is_int(p.denying.text.n > 0, row->denying != NULL, "%s: its text",
	    row->what);
	if (row->denying != NULL)
		is_int(p.denying.holder.kind, row->on, "%s: hangs on",
		    row->what);
	is_int(p.bounded, row->bounded, "%s: a boundary", row->what);
	if (row->bounded) {
		is_str(buf_string(&p.boundary.name), LIMIT, "%s: its ARN",
		    row->what);
		is_int(p.limit, row->limit, "%s: what it says", row->what);
	}
	fake_end(&f);
	policy_caller_clear(&p);
	policy_caller_clear(&p);
}

int
main(void)
{
	size_t i;

	for (i = 0; i < COUNT(rows); i++)
		check(&rows[i]);
	return done_testing();
}
