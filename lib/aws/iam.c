#include "aws/iam.h"

#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "codec/uri.h"
#include "codec/xml.h"

static bool
copy_text(char *to, size_t room, struct span from)
{
	return from.n > 0 && span_copy(from, to, room);
}

const char *
iam_kind_name(enum iam_kind kind)
{
	static const char *const names[] = { [IAM_USER] = "user",
		[IAM_ROLE] = "role", [IAM_GROUP] = "group" };

	return names[kind];
}

/* As it stands in the names of IAM's operations. */
static const char *
kind_word(enum iam_kind kind)
{
	static const char *const words[] = { [IAM_USER] = "User",
		[IAM_ROLE] = "Role", [IAM_GROUP] = "Group" };

	return words[kind];
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
	    out->holder.name);
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
		return copy_text(out->holder.name, sizeof out->holder.name,
		    name) && copy_text(out->arn, sizeof out->arn,
		    span_of(arn));
	}
	if (!span_is(field, "assumed-role"))
		return false;
	span_split(name, '/', &field, &rest);
	out->holder.kind = IAM_ROLE;
	return copy_text(out->holder.name, sizeof out->holder.name, field) &&
	    put_role_arn(arn, account, out);
}

bool
iam_role_of(const char *arn, struct iam_holder *out)
{
	const char *mark = strstr(arn, ":role/"), *name;

	memset(out, 0, sizeof *out);
	if (strncmp(arn, "arn:", 4) != 0 || mark == NULL)
		return false;
	name = strrchr(mark, '/') + 1;
	out->kind = IAM_ROLE;
	return copy_text(out->name, sizeof out->name, span_of(name));
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

/* VERB, the kind's word and the rest make the operation. */
static void
begin_for(struct buf *form, const char *verb, const struct iam_holder *holder,
    const char *rest)
{
	const char *word = kind_word(holder->kind);

	buf_init(form, 64 * LIMIT_KIB);
	buf_addf(form, "Action=%s%s%s&Version=2010-05-08&%sName=", verb, word,
	    rest, word);
	uri_encode(span_of(holder->name), false, form);
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

/* Encoded as in a URL by AWS; not by every store. */
static int
add_document(struct span text, struct buf *out, struct err *err)
{
	text = span_trim(text);
	if (span_starts(text, "{"))
		buf_add_span(out, text);
	else if (!uri_decode(text, false, out))
		return err_set(err, ERR_DATA, "IAM's answer is no policy");
	return buf_check(out, "the policy", err);
}

void
iam_record_init(struct iam_record *r)
{
	memset(r, 0, sizeof *r);
	buf_init(&r->trust, 64 * LIMIT_KIB);
}

void
iam_record_clear(struct iam_record *r)
{
	buf_clear(&r->trust);
}

int
iam_look(const struct iam_place *place, const struct iam_holder *holder,
    struct iam_record *out, struct err *err)
{
	const struct xml_node *r;
	struct xml x = { 0 };
	struct buf form;
	struct span trust;
	int result = 0;

	begin_for(&form, "Get", holder, "");
	if (ask(place, &form, &x, err) != 0)
		return -1;
	r = xml_find(x.root, holder->kind == IAM_ROLE ?
	    "GetRoleResult/Role" : "GetUserResult/User");
	trust = xml_text(r, "AssumeRolePolicyDocument");
	(void)copy_text(out->boundary, sizeof out->boundary, xml_text(r,
	    "PermissionsBoundary/PermissionsBoundaryArn"));
	if (!copy_text(out->arn, sizeof out->arn, xml_text(r, "Arn")))
		result = err_set(err, ERR_DATA, "IAM's answer has no ARN of "
		    "the %s", iam_kind_name(holder->kind));
	else if (trust.n > 0)
		result = add_document(trust, &out->trust, err);
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

/* The texts of RESULT/LIST/member, or of an element of each, a line each. */
static int
ask_list(const struct iam_place *place, struct buf *form, const char *list,
    const char *element, struct buf *out, struct err *err)
{
	const struct xml_node *result, *m;
	struct xml x = { 0 };
	char path[64];

	if (ask(place, form, &x, err) != 0)
		return -1;
	/* "List...Result" comes first of the answer. */
	result = x.root->first;
	snprintf(path, sizeof path, "%s/member", list);
	for (m = xml_find(result, path); m != NULL; m = xml_again(m)) {
		buf_add_span(out, xml_text(m, element));
		buf_add_char(out, '\n');
	}
	if (span_is(xml_text(result, "IsTruncated"), "true"))
		err_set(err, ERR_DATA, "IAM lists only the first of them");
	xml_clear(&x);
	return err->class != ERR_NONE ? -1 :
	    buf_check(out, "the list of policies", err);
}

int
iam_policies(const struct iam_place *place, const struct iam_holder *holder,
    bool managed, struct buf *out, struct err *err)
{
	struct buf form;

	begin_for(&form, managed ? "ListAttached" : "List", holder,
	    "Policies");
	return managed ? ask_list(place, &form, "AttachedPolicies",
	    "PolicyArn", out, err) : ask_list(place, &form, "PolicyNames", "",
	    out, err);
}

int
iam_groups(const struct iam_place *place, const struct iam_holder *user,
    struct buf *out, struct err *err)
{
	struct buf form;

	begin_for(&form, "ListGroupsFor", user, "");
	return ask_list(place, &form, "Groups", "GroupName", out, err);
}

int
iam_policy_get(const struct iam_place *place,
    const struct iam_holder *holder, struct span name, struct buf *out,
    struct err *err)
{
	struct xml x = { 0 };
	struct buf form;
	int result;

	begin_for(&form, "Get", holder, "Policy");
	add(&form, "PolicyName", name);
	if (ask(place, &form, &x, err) != 0)
		return -1;
	result = add_document(xml_text(x.root->first, "PolicyDocument"), out,
	    err);
	xml_clear(&x);
	return result;
}

int
iam_managed_get(const struct iam_place *place, struct span arn,
    struct buf *out, struct err *err)
{
	struct xml x = { 0 };
	struct buf form, version;
	int result = -1;

	buf_init(&version, LIMIT_KIB);
	begin(&form, "GetPolicy");
	add(&form, "PolicyArn", arn);
	if (ask(place, &form, &x, err) != 0)
		goto out;
	buf_add_span(&version, xml_text(x.root,
	    "GetPolicyResult/Policy/DefaultVersionId"));
	xml_clear(&x);
	begin(&form, "GetPolicyVersion");
	add(&form, "PolicyArn", arn);
	add(&form, "VersionId", buf_view(&version));
	if (ask(place, &form, &x, err) == 0)
		result = add_document(xml_text(x.root,
		    "GetPolicyVersionResult/PolicyVersion/Document"), out,
		    err);
out:
	xml_clear(&x);
	buf_clear(&version);
	return result;
}
