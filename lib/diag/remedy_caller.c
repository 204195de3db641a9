#include "diag/remedy_caller.h"

#include <string.h>

#include "base/limits.h"
#include "diag/policy_edit.h"
#include "diag/policy_verdict.h"

#define TEXT_MAX (64 * LIMIT_KIB)

/* Identity Center writes the policies of its roles anew. */
static bool
of_identity_center(const struct iam_holder *who)
{
	return who->kind == IAM_ROLE &&
	    strncmp(who->name, "AWSReservedSSO_", 15) == 0;
}

/* Nobody changes a policy that is AWS's own. */
static bool
of_aws(struct span arn)
{
	struct span rest, field;
	int i;

	for (rest = arn, i = 0; i < 5; i++)
		if (!span_split(rest, ':', &field, &rest))
			return false;
	return span_is(field, "aws");
}

static void
begin_command(const struct iam_holder *on, const char *verb,
    struct buf *command)
{
	const char *kind = iam_kind_name(on->kind);
	struct buf option;

	buf_init(&option, LIMIT_KIB);
	buf_addf(&option, "--%s-name", kind);
	buf_addf(command, "aws iam %s-%s-policy", verb, kind);
	remedy_word(command, buf_string(&option), on->name);
	buf_clear(&option);
}

static void
put_inline_command(const struct iam_holder *on, const char *name,
    struct remedy *out)
{
	bool any = out->policy.n > 0;

	begin_command(on, any ? "put" : "delete", &out->command);
	remedy_word(&out->command, "--policy-name", name);
	if (any)
		remedy_word(&out->command, "--policy-document",
		    buf_string(&out->policy));
}

static void
put_managed_command(const char *arn, struct remedy *out)
{
	buf_add_string(&out->command, "aws iam create-policy-version");
	remedy_word(&out->command, "--policy-arn", arn);
	remedy_word(&out->command, "--policy-document",
	    buf_string(&out->policy));
	buf_add_string(&out->command, " --set-as-default");
}

/* Nothing of the caller's own allows it: one more inline policy does. */
int
remedy_caller_allow(const struct remedy_question *q, struct remedy *out,
    struct err *err)
{
	struct iam_caller who;
	struct buf statement, name;
	int result;

	buf_init(&statement, TEXT_MAX);
	buf_init(&name, LIMIT_KIB);
	remedy_statement(q, NULL, &statement);
	result = policy_edit_with(span_make(NULL, 0), buf_view(&statement),
	    &out->policy, err);
	remedy_sid(q, &name);
	if (result != 0)
		goto out;
	if (!iam_caller_of(q->diagnosis->principal, &who)) {
		buf_add_string(&out->text, "give the caller an identity policy "
		    "with this statement");
	} else if (of_identity_center(&who.holder)) {
		buf_addf(&out->text, "add this statement to the permission set "
		    "of '%s' in IAM Identity Center (its administrators can)",
		    who.holder.name);
	} else {
		buf_addf(&out->text, "give the %s '%s' this policy",
		    iam_kind_name(who.holder.kind), who.holder.name);
		put_inline_command(&who.holder, buf_string(&name), out);
	}
out:
	buf_clear(&statement);
	buf_clear(&name);
	return result;
}

/* Where the Deny stands is not known. */
static void
tell_deny(const struct remedy_question *q, struct remedy *out)
{
	buf_addf(&out->text, "a Deny statement of the caller's own policies"
	    "%s%s%s matches; an Allow does not help: it has to be changed "
	    "there", q->named_policy == NULL ? "" : " (policy '",
	    q->named_policy == NULL ? "" : q->named_policy,
	    q->named_policy == NULL ? "" : "')");
}

/* A managed policy may serve others too: a new version of it where something
 * is left, else it is taken off here. */
static void
lift_managed(const struct remedy_policy *p, const char *name,
    struct remedy *out)
{
	if (of_aws(p->name))
		buf_reset(&out->policy);
	if (out->policy.n > 0) {
		buf_add_string(&out->text, "; the new version holds for all "
		    "that it is attached to");
		put_managed_command(name, out);
		return;
	}
	begin_command(&p->holder, "detach", &out->command);
	remedy_word(&out->command, "--policy-arn", name);
}

/* Somebody wrote the Deny on purpose: that is said before the command. */
int
remedy_caller_lift(const struct remedy_question *q, struct remedy *out,
    struct err *err)
{
	struct verdict_question v = { .action = q->diagnosis->action,
		.resource = q->diagnosis->resource };
	const struct remedy_policy *p = &q->decides;
	struct verdict found;
	struct buf name;

	if (p->text.n == 0) {
		tell_deny(q, out);
		return 0;
	}
	if (policy_verdict_make(p->text, &v, &found, err) != 0 ||
	    policy_edit_without(p->text, &found, q->diagnosis->action,
	    &out->policy, err) != 0)
		return -1;
	buf_init(&name, LIMIT_KIB);
	buf_add_span(&name, p->name);
	buf_addf(&out->text, "the %s policy '%s' of the %s '%s' denies it "
	    "(statement %zu%s%s); somebody may have wanted that: ask, then "
	    "take it out", p->managed ? "managed" : "inline",
	    buf_string(&name), iam_kind_name(p->holder.kind), p->holder.name,
	    found.statement + 1, found.sid[0] != '\0' ? ", " : "", found.sid);
	if (of_identity_center(&p->holder)) {
		buf_add_string(&out->text, ", in its permission set of IAM "
		    "Identity Center");
		buf_reset(&out->policy);
	} else if (p->managed) {
		lift_managed(p, buf_string(&name), out);
	} else {
		put_inline_command(&p->holder, buf_string(&name), out);
	}
	buf_clear(&name);
	return 0;
}

/* For whoever set it: the boundary as it would have to be. */
int
remedy_caller_boundary(const struct remedy_question *q, struct remedy *out,
    struct err *err)
{
	struct verdict_question v = { .action = q->diagnosis->action,
		.resource = q->diagnosis->resource };
	const struct remedy_policy *p = &q->decides;
	struct verdict found = { 0 };
	struct buf text;
	int result;

	if (p->text.n == 0 || of_aws(p->name))
		return 0;
	buf_init(&text, TEXT_MAX);
	if (q->diagnosis->kind == DENIAL_EXPLICIT) {
		result = policy_verdict_make(p->text, &v, &found, err);
		/* A Deny that only a policy variable leads to is not found. */
		if (found.answer == VERDICT_DENY ||
		    found.answer == VERDICT_DENY_IF)
			result = policy_edit_without(p->text, &found,
			    q->diagnosis->action, &out->policy, err);
	} else {
		remedy_statement(q, NULL, &text);
		result = policy_edit_with(p->text, buf_view(&text),
		    &out->policy, err);
	}
	if (result == 0 && out->policy.n > 0) {
		buf_reset(&text);
		buf_add_span(&text, p->name);
		put_managed_command(buf_string(&text), out);
	}
	buf_clear(&text);
	return result;
}
