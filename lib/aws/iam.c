#include "aws/iam.h"

#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "codec/uri.h"
#include "codec/xml.h"

static bool
copy_text(char *to, size_t room, struct span from)
{
	if (from.n == 0 || from.n >= room)
		return false;
	memcpy(to, from.p, from.n);
	to[from.n] = '\0';
	return true;
}

/* "arn:P:iam::A:" out of "arn:P:sts::A:...". */
static bool
put_role_arn(const char *arn, struct span account, struct iam_caller *out)
{
	struct span partition, rest = span_of(arn + strlen("arn:"));
	int n;

	span_split(rest, ':', &partition, &rest);
	n = snprintf(out->arn, sizeof out->arn, "arn:%.*s:iam::%.*s:role/%s",
	    (int)partition.n, partition.p, (int)account.n, account.p,
	    out->name);
	return n > 0 && (size_t)n < sizeof out->arn;
}

bool
iam_caller_of(const char *arn, struct iam_caller *out)
{
	struct span rest = span_of(arn), field, account, name;
	int i;

	memset(out, 0, sizeof *out);
	if (!span_starts(rest, "arn:"))
		return false;
	/* arn:PARTITION:SERVICE:REGION:ACCOUNT:KIND/NAME... */
	for (i = 0; i < 5; i++) {
		if (!span_split(rest, ':', &field, &rest))
			return false;
		account = field;
	}
	span_split(rest, '/', &field, &name);
	if (span_is(field, "user")) {
		while (span_split(name, '/', &field, &rest))
			name = rest;
		return copy_text(out->name, sizeof out->name, name) &&
		    copy_text(out->arn, sizeof out->arn, span_of(arn));
	}
	if (!span_is(field, "assumed-role"))
		return false;
	span_split(name, '/', &field, &rest);
	out->role = true;
	return copy_text(out->name, sizeof out->name, field) &&
	    put_role_arn(arn, account, out);
}

static void
add(struct buf *form, const char *name, struct span value)
{
	buf_addf(form, "&%s=", name);
	uri_encode(value, false, form);
}

static void
begin(struct buf *form, const char *action)
{
	buf_init(form, 64 * LIMIT_KIB);
	buf_addf(form, "Action=%s&Version=2010-05-08", action);
}

static void
add_name(struct buf *form, const struct iam_caller *caller)
{
	add(form, caller->role ? "RoleName" : "UserName",
	    span_of(caller->name));
}

/* Send the form, free it, and parse the answer. */
static int
ask(const struct iam_place *place, struct buf *form, struct xml *x,
    struct err *err)
{
	static const struct http_field type = { "content-type",
	    "application/x-www-form-urlencoded; charset=utf-8" };
	const struct endpoint *to = place->endpoint;
	struct call_request r = {
		.service = ERRORS_IAM, .signing_name = "iam",
		.region = to->region, .method = "POST", .base_url = to->url,
		.fields = &type, .field_count = 1, .has_body = true,
		.max_body = LIMIT_CONTROL_BODY, .subject = "cannot ask IAM",
	};
	struct call_reply reply;
	char path[sizeof to->path + 1];
	int n = snprintf(path, sizeof path, "%s/", to->path), result = -1;

	call_reply_init(&reply);
	if (n < 0 || (size_t)n >= sizeof path) {
		err_set(err, ERR_USAGE, "the endpoint's path is too long");
		goto out;
	}
	r.path = span_of(path);
	r.body = buf_view(form);
	if (buf_check(form, "the request", err) != 0 || call_send(
	    place->context, &r, place->keys, NULL, &reply, err) != 0)
		goto out;
	result = xml_parse(x, buf_view(&reply.response.body), err);
	if (result != 0)
		err_context(err, "%s", r.subject);
out:
	call_reply_clear(&reply);
	buf_clear(form);
	return result;
}

int
iam_caller_complete(const struct iam_place *place,
    struct iam_caller *caller, struct err *err)
{
	struct xml x = { 0 };
	struct buf form;
	int result;

	begin(&form, "GetRole");
	add_name(&form, caller);
	if (ask(place, &form, &x, err) != 0)
		return -1;
	result = copy_text(caller->arn, sizeof caller->arn,
	    xml_text(x.root, "GetRoleResult/Role/Arn")) ? 0 :
	    err_set(err, ERR_DATA, "IAM's answer has no ARN of the role");
	xml_clear(&x);
	return result;
}

static int
read_simulation(const struct xml_node *root, struct iam_simulation *out,
    struct err *err)
{
	const struct xml_node *r = xml_find(root,
	    "SimulatePrincipalPolicyResult/EvaluationResults/member");
	struct span decision = xml_text(r, "EvalDecision");

	if (span_is(decision, "allowed"))
		out->decision = IAM_ALLOWED;
	else if (span_is(decision, "implicitDeny"))
		out->decision = IAM_IMPLICIT_DENY;
	else if (span_is(decision, "explicitDeny"))
		out->decision = IAM_EXPLICIT_DENY;
	else
		return err_set(err, ERR_DATA,
		    "IAM's answer has no decision");
	out->boundary_denies = span_is(xml_text(r,
	    "PermissionsBoundaryDecisionDetail/"
	    "AllowedByPermissionsBoundary"), "false");
	out->organization_denies = span_is(xml_text(r,
	    "OrganizationsDecisionDetail/AllowedByOrganizations"), "false");
	if (!copy_text(out->policy, sizeof out->policy, xml_text(r,
	    "MatchedStatements/member/SourcePolicyId")))
		out->policy[0] = '\0';
	return 0;
}

int
iam_simulate(const struct iam_place *place,
    const struct iam_caller *caller, const char *action,
    const char *resource, struct iam_simulation *out, struct err *err)
{
	struct xml x = { 0 };
	struct buf form;
	int result;

	memset(out, 0, sizeof *out);
	begin(&form, "SimulatePrincipalPolicy");
	add(&form, "PolicySourceArn", span_of(caller->arn));
	add(&form, "ActionNames.member.1", span_of(action));
	add(&form, "ResourceArns.member.1", span_of(resource));
	if (ask(place, &form, &x, err) != 0)
		return -1;
	result = read_simulation(x.root, out, err);
	xml_clear(&x);
	return result;
}

int
iam_policy_names(const struct iam_place *place,
    const struct iam_caller *caller, struct buf *out, struct err *err)
{
	const struct xml_node *m;
	struct xml x = { 0 };
	struct buf form;

	begin(&form, caller->role ? "ListRolePolicies" : "ListUserPolicies");
	add_name(&form, caller);
	if (ask(place, &form, &x, err) != 0)
		return -1;
	for (m = xml_find(x.root, caller->role ?
	    "ListRolePoliciesResult/PolicyNames/member" :
	    "ListUserPoliciesResult/PolicyNames/member"); m != NULL;
	    m = xml_again(m)) {
		buf_add_span(out, m->text);
		buf_add_char(out, '\n');
	}
	xml_clear(&x);
	return buf_check(out, "the list of policies", err);
}

int
iam_policy_get(const struct iam_place *place,
    const struct iam_caller *caller, struct span name, struct buf *out,
    struct err *err)
{
	struct xml x = { 0 };
	struct buf form;
	struct span text;

	begin(&form, caller->role ? "GetRolePolicy" : "GetUserPolicy");
	add_name(&form, caller);
	add(&form, "PolicyName", name);
	if (ask(place, &form, &x, err) != 0)
		return -1;
	text = span_trim(xml_text(x.root, caller->role ?
	    "GetRolePolicyResult/PolicyDocument" :
	    "GetUserPolicyResult/PolicyDocument"));
	/* Encoded as in a URL by AWS; not by every store. */
	if (span_starts(text, "{"))
		buf_add_span(out, text);
	else if (!uri_decode(text, false, out))
		err_set(err, ERR_DATA, "IAM's answer is no policy");
	xml_clear(&x);
	return err->class != ERR_NONE ? -1 :
	    buf_check(out, "the policy", err);
}
