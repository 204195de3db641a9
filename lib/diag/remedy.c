#include "diag/remedy.h"

#include <string.h>

#include "aws/iam.h"
#include "base/limits.h"
#include "codec/json.h"
#include "creds/words.h"
#include "diag/verdict.h"

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

/* "s3:GetObject" names "TeamcacheGetObject": letters only. */
static void
put_sid(const struct remedy_question *q, struct buf *out)
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
	put_sid(q, &sid);
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

static void
add_word(struct buf *command, const char *option, const char *word)
{
	buf_addf(command, " %s ", option);
	words_quote(word, command);
}

/* Whoever assumed a role is not in a position to change it by its session. */
static const char *
kind_of(const struct iam_caller *who)
{
	return who->role ? "role" : "user";
}

/* Identity Center writes the policies of its roles anew. */
static bool
of_identity_center(const struct iam_caller *who)
{
	return who->role && strncmp(who->name, "AWSReservedSSO_", 15) == 0;
}

static void
put_identity_command(const struct iam_caller *who, const char *verb,
    const char *name, const struct buf *policy, struct remedy *out)
{
	buf_addf(&out->command, "aws iam %s-%s-policy", verb, kind_of(who));
	add_word(&out->command, who->role ? "--role-name" : "--user-name",
	    who->name);
	add_word(&out->command, "--policy-name", name);
	if (policy != NULL)
		add_word(&out->command, "--policy-document",
		    buf_string(policy));
}

/* Nothing of the caller's own allows it: one more inline policy does. */
static int
allow_caller(const struct remedy_question *q, struct remedy *out,
    struct err *err)
{
	struct iam_caller who;
	struct buf statement, name;
	int result;

	buf_init(&statement, TEXT_MAX);
	buf_init(&name, LIMIT_KIB);
	remedy_statement(q, NULL, &statement);
	result = verdict_with(span_make(NULL, 0), buf_view(&statement),
	    &out->policy, err);
	put_sid(q, &name);
	if (result != 0)
		goto out;
	if (!iam_caller_of(q->diagnosis->principal, &who)) {
		buf_add_string(&out->text, "give the caller an identity policy "
		    "with this statement");
	} else if (of_identity_center(&who)) {
		buf_addf(&out->text, "add this statement to the permission set "
		    "of '%s' in IAM Identity Center (its administrators can)",
		    who.name);
	} else {
		buf_addf(&out->text, "give the %s '%s' this policy",
		    kind_of(&who), who.name);
		put_identity_command(&who, "put", buf_string(&name),
		    &out->policy, out);
	}
out:
	buf_clear(&statement);
	buf_clear(&name);
	return result;
}

/* Somebody wrote the Deny on purpose: that is said before the command. */
static int
lift_caller(const struct remedy_question *q, struct remedy *out,
    struct err *err)
{
	struct verdict_question v = { .action = q->diagnosis->action,
		.resource = q->diagnosis->resource };
	struct iam_caller who;
	struct verdict found;
	struct buf name;

	if (q->policy.n == 0 ||
	    !iam_caller_of(q->diagnosis->principal, &who)) {
		buf_addf(&out->text, "a Deny statement of the caller's own "
		    "policies%s%s%s matches; an Allow does not help: it has to "
		    "be changed there",
		    q->named_policy == NULL ? "" : " (policy '",
		    q->named_policy == NULL ? "" : q->named_policy,
		    q->named_policy == NULL ? "" : "')");
		return 0;
	}
	if (verdict_make(q->policy, &v, &found, err) != 0 ||
	    verdict_without(q->policy, &found, q->diagnosis->action,
	    &out->policy, err) != 0)
		return -1;
	buf_init(&name, LIMIT_KIB);
	buf_add_span(&name, q->policy_name);
	buf_addf(&out->text, "the inline policy '%s' of the %s '%s' denies it "
	    "(statement %zu%s%s); somebody may have wanted that: ask, then "
	    "take it out", buf_string(&name), kind_of(&who), who.name,
	    found.statement + 1, found.sid[0] != '\0' ? ", " : "", found.sid);
	put_identity_command(&who, out->policy.n > 0 ? "put" : "delete",
	    buf_string(&name), out->policy.n > 0 ? &out->policy : NULL, out);
	buf_clear(&name);
	return 0;
}

static void
put_bucket_command(const struct remedy_question *q, struct remedy *out)
{
	buf_addf(&out->command, "aws s3api %s-bucket-policy",
	    out->policy.n > 0 ? "put" : "delete");
	add_word(&out->command, "--bucket", q->bucket);
	if (out->policy.n > 0)
		add_word(&out->command, "--policy",
		    buf_string(&out->policy));
	if (q->endpoint != NULL)
		add_word(&out->command, "--endpoint-url", q->endpoint);
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
		result = verdict_with(q->bucket_policy, buf_view(&statement),
		    &out->policy, err);
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
	    verdict_make(q->bucket_policy, &v, &found, err) != 0)
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
	if (verdict_without(q->bucket_policy, &found, q->diagnosis->action,
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
	result = verdict_with(span_make(NULL, 0), buf_view(&statement),
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
remedy_trust(const char *role_arn, const char *claims, struct remedy *out)
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
	add_word(&out->command, "--role-name", buf_string(&last));
	add_word(&out->command, "--policy-document",
	    buf_string(&out->policy));
	buf_clear(&provider);
	buf_clear(&last);
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
		return 0;
	}
	switch (d->layer) {
	case DENIAL_IDENTITY:
		return explicit ? lift_caller(q, out, err) :
		    allow_caller(q, out, err);
	case DENIAL_RESOURCE:
		return explicit ? lift_in_bucket(q, out, err) :
		    allow_in_bucket(q, out, err);
	case DENIAL_KEY:
		allow_in_key(q, out);
		return 0;
	case DENIAL_TRUST:
		buf_add_string(&out->text, "the role's account adds a statement "
		    "for the caller to the role's trust policy (aws iam "
		    "update-assume-role-policy)");
		buf_addf(&out->policy, "{\"Effect\":\"Allow\",\"Principal\":"
		    "{\"AWS\":");
		json_quote(span_of(d->principal), &out->policy);
		buf_add_string(&out->policy,
		    "},\"Action\":\"sts:AssumeRole\"}");
		return 0;
	case DENIAL_PUBLIC_BLOCK:
		return 0;
	default:
		return list_candidates(q, out, err);
	}
}
