#include "diag/remedy_trust.h"

#include <string.h>

#include "aws/iam.h"
#include "base/limits.h"
#include "codec/json.h"
#include "diag/policy_edit.h"
#include "diag/policy_verdict.h"

/* The value behind "NAME \"", or behind "NAME [\"" of a list's first. */
static struct span
claim(const char *claims, const char *name)
{
	const char *at = strstr(claims, name), *end;

	if (at == NULL)
		return span_make(NULL, 0);
	at += strlen(name);
	at += strspn(at, " [");
	if (*at != '"' || (end = strchr(at + 1, '"')) == NULL ||
	    end[-1] == '\\')
		return span_make(NULL, 0);
	return span_make(at + 1, (size_t)(end - at) - 1);
}

static void
put_condition(struct json_writer *w, struct span issuer, const char *name,
    struct span value)
{
	struct buf key;

	buf_init(&key, 4 * LIMIT_KIB);
	buf_add_span(&key, issuer);
	buf_addf(&key, ":%s", name);
	json_put_name(w, buf_string(&key));
	json_put_span(w, value);
	buf_clear(&key);
}

static void
put_trust(struct json_writer *w, const char *provider, struct span issuer,
    struct span audience, struct span subject)
{
	json_open_object(w);
	json_member_string(w, "Version", "2012-10-17");
	json_put_name(w, "Statement");
	json_open_array(w);
	json_open_object(w);
	json_member_string(w, "Effect", "Allow");
	json_put_name(w, "Principal");
	json_open_object(w);
	json_member_string(w, "Federated", provider);
	json_close_object(w);
	json_member_string(w, "Action", "sts:AssumeRoleWithWebIdentity");
	json_put_name(w, "Condition");
	json_open_object(w);
	json_put_name(w, "StringEquals");
	json_open_object(w);
	put_condition(w, issuer, "aud", audience);
	put_condition(w, issuer, "sub", subject);
	json_close_object(w);
	json_close_object(w);
	json_close_object(w);
	json_close_array(w);
	json_close_object(w);
}

void
remedy_trust_token(const char *role_arn, const char *claims, struct remedy *out)
{
	struct span issuer = claim(claims, "iss "), root, rest, name;
	struct span audience = claim(claims, "aud "), subject;
	const char *role = strstr(role_arn, ":role/");
	struct json_writer w;
	struct buf provider, last;

	subject = claim(claims, "sub ");
	if (span_starts(issuer, "https://"))
		issuer = span_make(issuer.p + 8, issuer.n - 8);
	if (issuer.n == 0 || audience.n == 0 || subject.n == 0 ||
	    role == NULL)
		return;
	root = span_make(role_arn, (size_t)(role - role_arn));
	for (name = span_of(role + 6); span_split(name, '/', &name, &rest);)
		name = rest;
	buf_init(&provider, 8 * LIMIT_KIB);
	buf_init(&last, LIMIT_KIB);
	buf_add_span(&provider, root);
	buf_add_string(&provider, ":oidc-provider/");
	buf_add_span(&provider, issuer);
	buf_add_span(&last, name);
	json_begin(&w, &out->policy, false);
	put_trust(&w, buf_string(&provider), issuer, audience, subject);
	buf_add_string(&out->text, "a trust policy that lets exactly this token "
	    "in; in the role's account");
	buf_add_string(&out->command, "aws iam update-assume-role-policy");
	remedy_word(&out->command, "--role-name", buf_string(&last));
	remedy_word(&out->command, "--policy-document",
	    buf_string(&out->policy));
	buf_clear(&provider);
	buf_clear(&last);
}

void
remedy_trust_statement(const char *principal, struct buf *out)
{
	struct json_writer w;

	json_begin(&w, out, false);
	json_open_object(&w);
	json_member_string(&w, "Effect", "Allow");
	json_put_name(&w, "Principal");
	json_open_object(&w);
	json_member_string(&w, "AWS", principal);
	json_close_object(&w);
	json_member_string(&w, "Action", "sts:AssumeRole");
	json_close_object(&w);
}

static void
put_command(const struct iam_holder *role, struct remedy *out)
{
	buf_add_string(&out->command, "aws iam update-assume-role-policy");
	remedy_word(&out->command, "--role-name", role->name);
	remedy_word(&out->command, "--policy-document",
	    buf_string(&out->policy));
}

/* Its own Deny, or its condition: what the role's owner wanted. */
static int
lift(const struct remedy_question *q, const struct verdict *found,
    struct remedy *out, struct err *err)
{
	buf_addf(&out->text, "statement %zu%s%s of the role's trust policy "
	    "denies it; somebody may have wanted that: ask the role's owner, "
	    "who then replaces the policy", found->statement + 1,
	    found->sid[0] != '\0' ? ", " : "", found->sid);
	return policy_edit_without(q->trust_policy, found, q->diagnosis->action,
	    &out->policy, err);
}

static int
let_in(const struct remedy_question *q, const struct verdict *found,
    struct remedy *out, struct err *err)
{
	struct buf statement;
	int result;

	if (found->answer == VERDICT_ALLOW_IF) {
		buf_addf(&out->text, "statement %zu of the role's trust policy "
		    "names the caller under a condition on %s, which is not "
		    "met (external_id, mfa_serial and role_session_name are "
		    "set in the profile)", found->statement + 1,
		    found->conditions);
		return 0;
	}
	buf_add_string(&out->text, "the owner of the role replaces its trust "
	    "policy by this one, which lets the caller in");
	buf_init(&statement, LIMIT_KIB);
	remedy_trust_statement(q->diagnosis->principal, &statement);
	result = policy_edit_with(q->trust_policy, buf_view(&statement),
	    &out->policy, err);
	buf_clear(&statement);
	return result;
}

int
remedy_trust_caller(const struct remedy_question *q, struct remedy *out,
    struct err *err)
{
	const struct diagnosis *d = q->diagnosis;
	struct verdict_question v = { .principal = d->principal,
		.account = q->account, .action = d->action,
		.resource = d->resource };
	struct verdict found = { 0 };
	struct iam_holder role;

	if (q->trust_policy.n == 0 || d->principal[0] == '\0' ||
	    !iam_role_of(d->resource, &role)) {
		buf_add_string(&out->text, "the role's account adds a statement "
		    "for the caller to the role's trust policy (aws iam "
		    "update-assume-role-policy)");
		remedy_trust_statement(d->principal, &out->policy);
		return 0;
	}
	if (policy_verdict_make(q->trust_policy, &v, &found, err) != 0 ||
	    (found.answer == VERDICT_DENY ? lift(q, &found, out, err) :
	    let_in(q, &found, out, err)) != 0)
		return -1;
	if (out->policy.n > 0)
		put_command(&role, out);
	return 0;
}
