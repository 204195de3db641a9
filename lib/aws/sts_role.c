#include "aws/sts_role.h"

#include <string.h>
#include <strings.h>

#include "aws/arn.h"
#include "base/date.h"
#include "base/limits.h"
#include "codec/uri.h"
#include "codec/xml.h"

/* A part of the service's code and of its text, each "" for any. */
struct advice {
	const char *code;
	const char *text;
	const char *hint;
};

/* The first that fits; facts/iam-denials.md 3. */
static const struct advice advices[] = {
	{ "AccessDenied", "MultiFactorAuthentication failed",
	    "a code works once: wait for the next one (30 s), and check that "
	    "mfa_serial names the device that shows it" },
	{ "AccessDenied", "AssumeRoleWithWebIdentity",
	    "the role is not there, or its trust policy does not allow this "
	    "token: compare the token's iss, aud and sub with the policy's "
	    "Principal and Condition (a sub with '*' takes StringLike)" },
	{ "AccessDenied", "no identity-based policy allows",
	    "allow the caller sts:AssumeRole on that role, in a policy of its "
	    "own" },
	{ "AccessDenied", "explicit deny",
	    "a policy denies it explicitly; the message says which kind" },
	{ "AccessDenied", "", "AWS does not say which it is: the role is not "
	    "there, its trust policy does not name the caller (external_id "
	    "and mfa_serial count), or the caller's own policies do not allow "
	    "sts:AssumeRole on it" },
	{ "ExpiredToken", "", "" },	/* told apart below */
	{ "InvalidIdentityToken", "No OpenIDConnect provider",
	    "make an IAM identity provider for the token's issuer in the "
	    "role's account, its URL exactly as the token's iss" },
	{ "InvalidIdentityToken", "audience",
	    "the token's aud must be in the identity provider's list of "
	    "client ids, usually sts.amazonaws.com" },
	{ "InvalidIdentityToken", "verification key",
	    "AWS reads the issuer's keys from the internet: its "
	    "/.well-known/openid-configuration and keys must be public" },
	{ "InvalidIdentityToken", "",
	    "check that the file or variable holds the identity provider's "
	    "whole token (a JWT), and that its issuer is set up in IAM" },
	{ "IDPRejectedClaim", "",
	    "ask the identity provider for a new token" },
	{ "IDPCommunicationError", "",
	    "AWS could not reach the identity provider; repeat the command "
	    "later" },
	{ "ValidationError", "MaxSessionDuration",
	    "lower duration_seconds, or raise the role's maximum session "
	    "duration" },
	{ "ValidationError", "role chaining",
	    "a role that is assumed from another role lasts an hour at most: "
	    "set duration_seconds to 3600 or less" },
	{ "ValidationError", "durationSeconds",
	    "duration_seconds takes 900 to 43200" },
	{ "ValidationError", "", "check role_arn, role_session_name, "
	    "external_id, mfa_serial and duration_seconds" },
	{ "RegionDisabled", "",
	    "STS is switched off in this region, or the account has not "
	    "opted in to it: set region to another one" },
};

static bool
has_part(const char *text, const char *part)
{
	size_t n = strlen(part);

	do {
		if (strncasecmp(text, part, n) == 0)
			return true;
	} while (*text++ != '\0');
	return false;
}

/* Make the refusal one of credentials, and say what may mend it. */
static void
explain(bool with_token, struct err *err)
{
	const char *hint = NULL;
	size_t i;

	if (err->class != ERR_NETWORK)
		err->class = ERR_CREDENTIALS;
	for (i = 0; i < sizeof advices / sizeof advices[0]; i++) {
		if (!span_starts(span_of(err->code), advices[i].code) ||
		    !has_part(err->message, advices[i].text))
			continue;
		hint = advices[i].hint;
		break;
	}
	if (hint == NULL)
		return;
	if (hint[0] == '\0')
		hint = with_token ? "fetch a new token from the identity "
		    "provider: a job that waited long needs a new one" :
		    "the keys with which the role is assumed have expired: "
		    "fetch them anew";
	err_hint(err, "%s", hint);
}

static void
put(struct buf *form, const char *name, struct span value)
{
	if (value.n == 0)
		return;
	buf_addf(form, "&%s=", name);
	uri_encode(value, false, form);
}

static void
put_role(struct buf *form, const char *action, const struct sts_role *role)
{
	buf_addf(form, "Action=%s&Version=2011-06-15", action);
	put(form, "RoleArn", span_of(role->arn));
	put(form, "RoleSessionName", span_of(role->session));
	put(form, "DurationSeconds", span_of(role->duration));
	put(form, "ExternalId", span_of(role->external_id));
	put(form, "SerialNumber", span_of(role->mfa_serial));
	put(form, "TokenCode", span_of(role->mfa_code));
}

/* What goes into a header field: visible ASCII. */
static bool
sound(struct span text, size_t max)
{
	size_t i;

	for (i = 0; i < text.n; i++)
		if (text.p[i] <= 0x20 || text.p[i] >= 0x7f)
			return false;
	return text.n > 0 && text.n <= max;
}

static int
read_keys(struct span body, const char *result_name,
    const struct sts_role *role, struct keys *out, struct err *err)
{
	struct xml x = { 0 };
	const struct xml_node *result, *given;
	struct span id, secret, token;
	int status = -1;

	if (xml_parse(&x, body, err) != 0)
		return -1;
	result = xml_child(x.root, result_name);
	given = xml_child(result, "Credentials");
	id = span_trim(xml_text(given, "AccessKeyId"));
	secret = span_trim(xml_text(given, "SecretAccessKey"));
	token = span_trim(xml_text(given, "SessionToken"));
	if (!sound(id, sizeof out->access_key_id - 1) ||
	    !sound(secret, LIMIT_TOKEN) || !sound(token, LIMIT_TOKEN) ||
	    !date_parse_rfc3339(span_trim(xml_text(given, "Expiration")),
	    &out->expires_at)) {
		err_set(err, ERR_DATA, "the answer has no sound key id, "
		    "secret, token and expiry");
		goto out;
	}
	if (secret_set(&out->secret_key, secret, err) != 0 ||
	    secret_set(&out->session_token, token, err) != 0)
		goto out;
	memcpy(out->access_key_id, id.p, id.n);
	if (!arn_account(xml_text(result, "AssumedRoleUser/Arn"),
	    out->account_id))
		(void)arn_account(span_of(role->arn), out->account_id);
	status = 0;
out:
	xml_clear(&x);
	return status;
}

/* form is complete but for its check. */
static int
exchange(struct call_context *context, const struct endpoint *endpoint,
    const struct keys_source *keys, const struct sts_role *role,
    const struct buf *form, struct keys *out, struct err *err)
{
	const char *result_name = keys != NULL ? "AssumeRoleResult" :
	    "AssumeRoleWithWebIdentityResult";
	struct sts_request r = { .keys = keys };
	struct call_reply reply;
	struct buf subject;
	int result = -1;

	call_reply_init(&reply);
	buf_init(&subject, LIMIT_KEY);
	buf_addf(&subject, "cannot assume role '%.*s'", (int)LIMIT_QUOTE,
	    role->arn);
	r.subject = buf_string(&subject);
	r.body = buf_view(form);
	if (buf_check(form, "the request to STS", err) != 0)
		goto out;
	result = sts_send(context, endpoint, &r, &reply, err);
	if (result != 0) {
		/* Not what fetching the keys for it failed with. */
		if (err->code[0] != '\0' &&
		    span_starts(span_of(err->message), r.subject))
			explain(keys == NULL, err);
		goto out;
	}
	result = read_keys(buf_view(&reply.response.body), result_name, role,
	    out, err);
	if (result != 0)
		err_context(err, "%s", r.subject);
out:
	buf_clear(&subject);
	call_reply_clear(&reply);
	return result;
}

int
sts_role_assume(struct call_context *context,
    const struct endpoint *endpoint, const struct keys_source *keys,
    const struct sts_role *role, struct keys *out, struct err *err)
{
	struct buf form;
	int result;

	buf_init_secret(&form, LIMIT_CONTROL_BODY);
	put_role(&form, "AssumeRole", role);
	result = exchange(context, endpoint, keys, role, &form, out, err);
	buf_clear(&form);
	return result;
}

int
sts_role_assume_with_token(struct call_context *context,
    const struct endpoint *endpoint, const struct secret *token,
    const struct sts_role *role, struct keys *out, struct err *err)
{
	struct buf form;
	int result;

	buf_init_secret(&form, LIMIT_CONTROL_BODY);
	put_role(&form, "AssumeRoleWithWebIdentity", role);
	put(&form, "WebIdentityToken", secret_reveal(token));
	result = exchange(context, endpoint, NULL, role, &form, out, err);
	buf_clear(&form);
	return result;
}
