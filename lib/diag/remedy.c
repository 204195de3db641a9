#include "diag/remedy.h"

#include <string.h>

#include "base/limits.h"
#include "codec/escape.h"
#include "codec/json.h"
#include "diag/policy_edit.h"
#include "diag/policy_verdict.h"
#include "diag/remedy_caller.h"
#include "diag/remedy_trust.h"

#define TEXT_MAX (64 * LIMIT_KIB)

void
remedy_init(struct remedy *r)
{
	buf_init(&r->text, TEXT_MAX);
	buf_init(&r->policy, TEXT_MAX);
	buf_init(&r->command, 2 * TEXT_MAX);
}

void
remedy_clear(struct remedy *r)
{
	buf_clear(&r->text);
	buf_clear(&r->policy);
	buf_clear(&r->command);
}

static void
put_list(struct json_writer *w, const char *name, const char *const *list)
{
	json_put_name(w, name);
	if (list[1] == NULL) {
		json_put_string(w, list[0]);
		return;
	}
	json_open_array(w);
	for (; *list != NULL; list++)
		json_put_string(w, *list);
	json_close_array(w);
}

/* Letters only. */
void
remedy_sid(const struct remedy_question *q, struct buf *out)
{
	const char *colon = strchr(q->actions[0], ':');

	buf_addf(out, "Teamcache%s", colon == NULL ? "" : colon + 1);
}

void
remedy_statement(const struct remedy_question *q, const char *principal,
    struct buf *out)
{
	struct json_writer w;
	struct buf sid;

	buf_init(&sid, LIMIT_KIB);
	remedy_sid(q, &sid);
	json_begin(&w, out, false);
	json_open_object(&w);
	json_member_string(&w, "Sid", buf_string(&sid));
	json_member_string(&w, "Effect", "Allow");
	if (principal != NULL) {
		json_put_name(&w, "Principal");
		json_open_object(&w);
		json_member_string(&w, "AWS", principal);
		json_close_object(&w);
	}
	put_list(&w, "Action", q->actions);
	put_list(&w, "Resource", q->resources);
	json_close_object(&w);
	buf_clear(&sid);
}

void
remedy_word(struct buf *command, const char *option, const char *word)
{
	buf_addf(command, " %s ", option);
	escape_shell(span_of(word), command);
}

static void
put_bucket_command(const struct remedy_question *q, struct remedy *out)
{
	buf_addf(&out->command, "aws s3api %s-bucket-policy",
	    out->policy.n > 0 ? "put" : "delete");
	remedy_word(&out->command, "--bucket", q->bucket);
	if (out->policy.n > 0)
		remedy_word(&out->command, "--policy",
		    buf_string(&out->policy));
	if (q->endpoint != NULL)
		remedy_word(&out->command, "--endpoint-url", q->endpoint);
}

static int
allow_in_bucket(const struct remedy_question *q, struct remedy *out,
    struct err *err)
{
	const char *who = q->diagnosis->principal;
	struct buf statement;
	int result = 0;

	buf_init(&statement, TEXT_MAX);
	remedy_statement(q, who[0] != '\0' ? who : "*", &statement);
	if (q->readable) {
		buf_add_string(&out->text, "the owner of the bucket replaces "
		    "its policy by this one, which lets the caller in");
		result = policy_edit_with(q->bucket_policy,
		    buf_view(&statement), &out->policy, err);
		put_bucket_command(q, out);
	} else {
		buf_add_string(&out->text, "the owner of the bucket adds this "
		    "statement to its policy");
		buf_add_span(&out->policy, buf_view(&statement));
	}
	buf_clear(&statement);
	return result;
}

/* A condition is met rather than taken out. */
static const char *
meeting(const char *conditions)
{
	static const struct {
		const char *key, *advice;
	} table[] = {
		{ "aws:SecureTransport", "use the endpoint's https:// "
		    "address" },
		{ "s3:x-amz-server-side-encryption", "send the encryption "
		    "header it asks for: sse (and kms_key_id) in the "
		    "settings" },
		{ "aws:PrincipalOrg", "it lets only its organization in: ask "
		    "the bucket's owner" },
		{ "aws:SourceIp", "come from a network that it allows" },
		{ "aws:SourceVpc", "come by the VPC endpoint that it "
		    "allows" },
		{ "s3:if-none-match", "it asks for If-None-Match on every "
		    "write: entries cannot be replaced in this bucket" },
	};
	size_t i;

	for (i = 0; i < sizeof table / sizeof table[0]; i++)
		if (strstr(conditions, table[i].key) != NULL)
			return table[i].advice;
	return NULL;
}

static int
lift_in_bucket(const struct remedy_question *q, struct remedy *out,
    struct err *err)
{
	struct verdict_question v = { .principal = q->diagnosis->principal,
		.account = q->account, .action = q->diagnosis->action,
		.resource = q->diagnosis->resource };
	struct verdict found = { 0 };

	if (q->bucket_policy.n > 0 &&
	    policy_verdict_make(q->bucket_policy, &v, &found, err) != 0)
		return -1;
	if (found.answer == VERDICT_DENY_IF) {
		const char *meets = meeting(found.conditions);

		buf_addf(&out->text, "statement %zu%s%s of the bucket policy "
		    "denies it under a condition on %s%s%s",
		    found.statement + 1, found.sid[0] != '\0' ? ", " : "",
		    found.sid, found.conditions, meets != NULL ? ": " : "",
		    meets != NULL ? meets : "");
		return 0;
	}
	if (found.answer != VERDICT_DENY) {
		buf_add_string(&out->text, "a Deny statement of the bucket "
		    "policy matches; an Allow does not help: the bucket's owner "
		    "has to change it there (aws s3api get-bucket-policy shows "
		    "it)");
		return 0;
	}
	buf_addf(&out->text, "statement %zu%s%s of the bucket policy denies "
	    "it; somebody may have wanted that: ask the bucket's owner, who "
	    "then replaces the policy", found.statement + 1,
	    found.sid[0] != '\0' ? ", " : "", found.sid);
	if (policy_edit_without(q->bucket_policy, &found, q->diagnosis->action,
	    &out->policy, err) != 0)
		return -1;
	put_bucket_command(q, out);
	return 0;
}

static void
allow_in_key(const struct remedy_question *q, struct remedy *out)
{
	const struct diagnosis *d = q->diagnosis;

	if (d->kind == DENIAL_EXPLICIT) {
		buf_add_string(&out->text, "a Deny statement of the key's "
		    "policy matches: the key's owner has to change it there");
		return;
	}
	buf_add_string(&out->text, "the owner of the KMS key adds this "
	    "statement to the key's policy (its own account's callers need "
	    "the same in their identity policy)");
	remedy_statement(q, d->principal[0] != '\0' ? d->principal : "*",
	    &out->policy);
}

static void
ask_others(const struct remedy_question *q, const char *whom,
    struct remedy *out)
{
	const struct diagnosis *d = q->diagnosis;

	buf_addf(&out->text, "only others can change that. Ask %s to allow it, "
	    "and send them this: %s%s%s is denied for %s by %s (%s)%s%s",
	    whom, d->action, d->resource[0] != '\0' ? " on " : "",
	    d->resource, d->principal[0] != '\0' ? d->principal :
	    "the caller", denial_layer_words(d->layer),
	    d->kind == DENIAL_KIND_UNKNOWN ? "no reason given" :
	    denial_kind_name(d->kind), d->policy_arn[0] != '\0' ?
	    ", policy " : "", d->policy_arn);
}

/* Nobody says who denies: the candidates, the likely one first. */
static int
list_candidates(const struct remedy_question *q, struct remedy *out,
    struct err *err)
{
	const struct diagnosis *d = q->diagnosis;
	bool cost = strncmp(d->action, "ce:", 3) == 0;
	bool role = strncmp(d->action, "sts:", 4) == 0;
	struct buf statement;
	int result;

	buf_init(&statement, TEXT_MAX);
	remedy_statement(q, NULL, &statement);
	result = policy_edit_with(span_make(NULL, 0), buf_view(&statement),
	    &out->policy, err);
	buf_addf(&out->text, "the answer does not say who denies it, and the "
	    "policies could not be read. In this order: 1. the caller's "
	    "identity policy has to allow it, as below; 2. %s; 3. no "
	    "permissions boundary, session policy or organization policy may "
	    "be in the way", role ? "the role's trust policy has to name the "
	    "caller, and the role has to exist" : cost ? "the account's "
	    "settings have to let IAM users into billing" : "the bucket policy "
	    "may not deny it, and across accounts has to allow it");
	buf_clear(&statement);
	return result;
}

/* The caller's own side allows it: what is left, with the statement for the
 * first. */
static void
list_others(const struct remedy_question *q, struct remedy *out)
{
	const struct diagnosis *d = q->diagnosis;
	const char *who = d->principal[0] != '\0' ? d->principal : "*";
	bool role = strncmp(d->action, "sts:", 4) == 0;
	bool bucket = strncmp(d->action, "s3:", 3) == 0;

	buf_addf(&out->text, "the caller's own policies allow it, and the "
	    "answer does not say who denies it. In this order: 1. %s; 2. no "
	    "session policy, VPC endpoint policy or organization policy may "
	    "be in the way", bucket ? "where the bucket is another account's, "
	    "its policy has to allow it: its owner adds the statement below; "
	    "it may not deny it" : role ? "the role has to exist, and its "
	    "trust policy has to name the caller, as below" :
	    "the account's settings have to let IAM users into billing");
	if (bucket)
		remedy_statement(q, who, &out->policy);
	else if (role)
		remedy_trust_statement(who, &out->policy);
}

int
remedy_make(const struct remedy_question *q, struct remedy *out,
    struct err *err)
{
	const struct diagnosis *d = q->diagnosis;
	const char *whom = diagnosis_whom(d->layer);
	bool explicit = d->kind == DENIAL_EXPLICIT;

	if (whom != NULL) {
		ask_others(q, whom, out);
		return d->layer != DENIAL_BOUNDARY ? 0 :
		    remedy_caller_boundary(q, out, err);
	}
	switch (d->layer) {
	case DENIAL_IDENTITY:
		return explicit ? remedy_caller_lift(q, out, err) :
		    remedy_caller_allow(q, out, err);
	case DENIAL_RESOURCE:
		return explicit ? lift_in_bucket(q, out, err) :
		    allow_in_bucket(q, out, err);
	case DENIAL_KEY:
		allow_in_key(q, out);
		return 0;
	case DENIAL_TRUST:
		return remedy_trust_caller(q, out, err);
	case DENIAL_PUBLIC_BLOCK:
		return 0;
	default:
		if (!q->own_allow)
			return list_candidates(q, out, err);
		list_others(q, out);
		return 0;
	}
}
