#include "tap.h"

#include "diag/diagnosis.h"
#include "diag/diagnosis_table.h"

#define COUNT(rows) (sizeof (rows) / sizeof (rows)[0])
#define WHO "arn:aws:iam::123456789012:user/ci"
#define USER "User: " WHO " is not authorized to perform: "
#define KEY "arn:aws:s3:::b/cache-v1/123456789012/x"

/* Each row of facts/iam-denials.md 3 and 4, and what nobody knows. */
static const struct {
	const char *cause;
	enum errors_service service;
	enum err_class class;
	int status;
	enum http_fault fault;
	const char *code, *message, *action;
	unsigned facts;
} rows[] = {
	{ "proxy-refused", ERRORS_S3, ERR_NETWORK, 0, HTTP_PROXY, "",
	    "the proxy 'p' does not let us reach 's'", NULL, 0 },
	{ "dotted-bucket", ERRORS_S3, ERR_NETWORK, 0, HTTP_TLS, "",
	    "name not in the certificate", NULL, DIAGNOSIS_DOTTED },
	{ "tls-untrusted", ERRORS_S3, ERR_NETWORK, 0, HTTP_TLS, "",
	    "no anchor", NULL, 0 },
	{ "tls-untrusted", ERRORS_STS, ERR_NETWORK, 0, HTTP_TLS, "",
	    "no anchor", NULL, DIAGNOSIS_OTHERS_ANSWER },
	{ "name-not-found", ERRORS_S3, ERR_NETWORK, 0, HTTP_RESOLVE, "",
	    "cannot find the host", NULL, 0 },
	{ "path-blocked", ERRORS_S3, ERR_NETWORK, 0, HTTP_CONNECT, "",
	    "timeout", NULL, DIAGNOSIS_OTHERS_ANSWER },
	{ "path-blocked", ERRORS_S3, ERR_NETWORK, 0, HTTP_TIMEOUT, "",
	    "timeout", NULL, DIAGNOSIS_OTHERS_ANSWER },
	{ "unreachable", ERRORS_S3, ERR_NETWORK, 0, HTTP_CONNECT, "",
	    "connection refused", NULL, 0 },
	{ "unreachable", ERRORS_CE, ERR_NETWORK, 0, HTTP_TIMEOUT, "", "", NULL,
	    DIAGNOSIS_OTHERS_ANSWER },
	{ "connection-cut", ERRORS_S3, ERR_NETWORK, 0, HTTP_RESET, "", "",
	    NULL, 0 },
	{ "not-http", ERRORS_S3, ERR_NETWORK, 0, HTTP_MALFORMED, "", "", NULL,
	    0 },
	{ "proxy-login", ERRORS_S3, ERR_NETWORK, 407, HTTP_OK, "",
	    "the answer is not from AWS", NULL, DIAGNOSIS_NOT_AWS },
	{ "not-aws", ERRORS_S3, ERR_NETWORK, 403, HTTP_OK, "",
	    "the answer is not from AWS", NULL, DIAGNOSIS_NOT_AWS },
	{ "not-aws", ERRORS_CE, ERR_NETWORK, 503, HTTP_OK, "",
	    "the answer is not from AWS", NULL, DIAGNOSIS_NOT_AWS },

	{ "clock", ERRORS_S3, ERR_CREDENTIALS, 403, HTTP_OK,
	    "RequestTimeTooSkewed", "too large", NULL, 0 },
	{ "clock", ERRORS_STS, ERR_CREDENTIALS, 403, HTTP_OK,
	    "SignatureDoesNotMatch", "Signature expired: x is now earlier",
	    NULL, 0 },
	{ "clock", ERRORS_CE, ERR_CREDENTIALS, 400, HTTP_OK,
	    "InvalidSignatureException", "Signature not yet current: x", NULL,
	    0 },
	{ "clock", ERRORS_S3, ERR_CREDENTIALS, 403, HTTP_OK,
	    "SignatureDoesNotMatch", "it does not match", NULL,
	    DIAGNOSIS_SKEWED },

	{ "signature", ERRORS_S3, ERR_CREDENTIALS, 403, HTTP_OK,
	    "SignatureDoesNotMatch", "it does not match", NULL, 0 },
	{ "signature", ERRORS_CE, ERR_CREDENTIALS, 400, HTTP_OK,
	    "InvalidSignatureException", "it does not match", NULL, 0 },
	{ "token-missing", ERRORS_S3, ERR_CREDENTIALS, 403, HTTP_OK,
	    "InvalidAccessKeyId", "not in our records", NULL,
	    DIAGNOSIS_TOKEN_MISSING },
	{ "key-unknown", ERRORS_S3, ERR_CREDENTIALS, 403, HTTP_OK,
	    "InvalidAccessKeyId", "not in our records", NULL, 0 },
	{ "key-unknown", ERRORS_STS, ERR_CREDENTIALS, 403, HTTP_OK,
	    "InvalidClientTokenId", "invalid", NULL, 0 },
	{ "key-unknown", ERRORS_CE, ERR_CREDENTIALS, 400, HTTP_OK,
	    "UnrecognizedClientException", "invalid", NULL, 0 },
	{ "identity-token-expired", ERRORS_STS, ERR_CREDENTIALS, 400, HTTP_OK,
	    "ExpiredTokenException", "Token expired", NULL, 0 },
	{ "session-expired", ERRORS_S3, ERR_CREDENTIALS, 400, HTTP_OK,
	    "ExpiredToken", "expired", NULL, 0 },
	{ "session-expired", ERRORS_CE, ERR_CREDENTIALS, 400, HTTP_OK,
	    "ExpiredTokenException", "expired", NULL, 0 },
	{ "session-expired", ERRORS_STS, ERR_CREDENTIALS, 403, HTTP_OK,
	    "ExpiredToken", "expired", NULL, 0 },
	{ "token-mixed", ERRORS_S3, ERR_CREDENTIALS, 400, HTTP_OK,
	    "InvalidToken", "malformed", NULL, 0 },
	{ "oidc-provider", ERRORS_STS, ERR_CREDENTIALS, 400, HTTP_OK,
	    "InvalidIdentityToken", "No OpenIDConnect provider found in your "
	    "account for https://x", NULL, 0 },
	{ "oidc-audience", ERRORS_STS, ERR_CREDENTIALS, 400, HTTP_OK,
	    "InvalidIdentityToken", "Incorrect token audience", NULL, 0 },
	{ "oidc-keys", ERRORS_STS, ERR_CREDENTIALS, 400, HTTP_OK,
	    "InvalidIdentityToken", "Couldn't retrieve verification key from "
	    "your identity provider", NULL, 0 },
	{ "oidc-token", ERRORS_STS, ERR_CREDENTIALS, 403, HTTP_OK,
	    "IDPRejectedClaim", "rejected", NULL, 0 },
	{ "oidc-trust", ERRORS_STS, ERR_CREDENTIALS, 403, HTTP_OK,
	    "AccessDenied", "Not authorized to perform "
	    "sts:AssumeRoleWithWebIdentity", NULL, 0 },
	{ "mfa-code", ERRORS_STS, ERR_CREDENTIALS, 403, HTTP_OK,
	    "AccessDenied", "MultiFactorAuthentication failed with invalid MFA"
	    " one time pass code", NULL, 0 },
	{ "duration", ERRORS_STS, ERR_USAGE, 400, HTTP_OK, "ValidationError",
	    "The requested DurationSeconds exceeds the MaxSessionDuration set "
	    "for this role", NULL, 0 },
	{ "region-disabled", ERRORS_STS, ERR_DENIED, 403, HTTP_OK,
	    "RegionDisabledException", "not activated", NULL, 0 },
	{ "not-assigned", ERRORS_OTHER, ERR_DENIED, 403, HTTP_OK,
	    "ForbiddenException", "No access", NULL, 0 },
	{ "login-expired", ERRORS_OTHER, ERR_CREDENTIALS, 401, HTTP_OK,
	    "UnauthorizedException", "Session token not found", NULL, 0 },
	{ "not-signed", ERRORS_CE, ERR_CREDENTIALS, 403, HTTP_OK,
	    "MissingAuthenticationTokenException", "missing", NULL, 0 },

	{ "wrong-region", ERRORS_S3, ERR_BUCKET, 301, HTTP_OK,
	    "PermanentRedirect", "elsewhere", NULL, 0 },
	{ "wrong-region", ERRORS_S3, ERR_CREDENTIALS, 400, HTTP_OK,
	    "AuthorizationHeaderMalformed", "expecting 'eu-west-1'", NULL, 0 },
	{ "wrong-region", ERRORS_S3, ERR_BUCKET, 400, HTTP_OK,
	    "IllegalLocationConstraintException", "incompatible", NULL, 0 },
	{ "no-bucket", ERRORS_S3, ERR_BUCKET, 404, HTTP_OK, "NoSuchBucket",
	    "does not exist", NULL, 0 },
	{ "no-bucket", ERRORS_S3, ERR_BUCKET, 404, HTTP_OK, "404",
	    "the bucket does not exist", NULL, 0 },
	{ "account-suspended", ERRORS_S3, ERR_DENIED, 403, HTTP_OK,
	    "AllAccessDisabled", "disabled", "s3:GetObject", 0 },
	{ "account-suspended", ERRORS_S3, ERR_DENIED, 403, HTTP_OK,
	    "AccountProblem", "problem", "s3:GetObject", 0 },
	{ "acl-sent", ERRORS_S3, ERR_USAGE, 400, HTTP_OK,
	    "AccessControlListNotSupported", "no ACLs", NULL, 0 },
	{ "owner-only", ERRORS_S3, ERR_DENIED, 405, HTTP_OK,
	    "MethodNotAllowed", "not allowed", "s3:GetBucketPolicy", 0 },
	{ "key-unusable", ERRORS_S3, ERR_DENIED, 400, HTTP_OK,
	    "KMS.NotFoundException", "no key", NULL, 0 },
	{ "key-unusable", ERRORS_S3, ERR_DENIED, 400, HTTP_OK,
	    "KMS.DisabledException", "disabled", NULL, 0 },
	{ "key-unusable", ERRORS_S3, ERR_DENIED, 400, HTTP_OK,
	    "KMS.KMSInvalidStateException", "pending deletion", NULL, 0 },
	{ "versioning-settles", ERRORS_S3, ERR_NO_DATA, 404, HTTP_OK,
	    "NoSuchKey", "no key", NULL, DIAGNOSIS_VERSIONING_NEW },

	{ "ce-not-enabled", ERRORS_CE, ERR_NOT_ENABLED, 400, HTTP_OK,
	    "AccessDeniedException", "User not enabled for cost explorer "
	    "access", NULL, 0 },
	{ "ce-linked-account", ERRORS_CE, ERR_NOT_ENABLED, 400, HTTP_OK,
	    "AccessDeniedException", "Linked account doesn't have access to "
	    "cost explorer", NULL, 0 },
	{ "ce-history", ERRORS_CE, ERR_NOT_ENABLED, 400, HTTP_OK,
	    "ValidationException", "You haven't enabled historical data "
	    "beyond 14 months", NULL, 0 },
	{ "ce-no-data", ERRORS_CE, ERR_NOT_ENABLED, 400, HTTP_OK,
	    "DataUnavailableException", "not ingested yet", NULL, 0 },
	{ "not-signed-up", ERRORS_CE, ERR_NOT_ENABLED, 400, HTTP_OK,
	    "OptInRequired", "subscription", NULL, 0 },
	{ "throttled", ERRORS_S3, ERR_NETWORK, 503, HTTP_OK, "SlowDown",
	    "slower", NULL, 0 },
	{ "throttled", ERRORS_CE, ERR_NETWORK, 400, HTTP_OK,
	    "LimitExceededException", "rate", NULL, 0 },
	{ "outage", ERRORS_S3, ERR_NETWORK, 500, HTTP_OK, "InternalError",
	    "we have a problem", NULL, 0 },

	{ "public-block", ERRORS_S3, ERR_DENIED, 403, HTTP_OK, "AccessDenied",
	    USER "s3:PutBucketPolicy on resource: \"arn:aws:s3:::b\" because "
	    "public policies are prevented by the BlockPublicPolicy setting "
	    "in S3 Block Public Access", "s3:PutBucketPolicy", 0 },
	{ "configuration-unread", ERRORS_S3, ERR_DENIED, 403, HTTP_OK,
	    "AccessDenied", "Access Denied", "s3:GetBucketPolicy",
	    DIAGNOSIS_CONFIGURATION },
	{ "kms-key-or-policy", ERRORS_S3, ERR_DENIED, 403, HTTP_OK,
	    "AccessDenied", USER "kms:Decrypt on the resource associated with "
	    "this ciphertext because the resource does not exist in this "
	    "Region, no resource-based policies allow access, or a "
	    "resource-based policy explicitly denies access", "s3:GetObject",
	    0 },
	{ "kms-denied", ERRORS_S3, ERR_DENIED, 403, HTTP_OK, "AccessDenied",
	    USER "kms:GenerateDataKey on resource: arn:aws:kms:eu-west-1:1:"
	    "key/k because no identity-based policy allows the "
	    "kms:GenerateDataKey action", "s3:PutObject", 0 },
	{ "wrong-owner", ERRORS_S3, ERR_DENIED, 403, HTTP_OK, "AccessDenied",
	    "Access Denied", "s3:GetObject", DIAGNOSIS_OWNER_ONLY },
	{ "missing-object", ERRORS_S3, ERR_DENIED, 403, HTTP_OK,
	    "AccessDenied", "Access Denied", "s3:GetObject",
	    DIAGNOSIS_LISTED_ABSENT },
	{ "object-ownership", ERRORS_S3, ERR_DENIED, 403, HTTP_OK,
	    "AccessDenied", "Access Denied", "s3:GetObject",
	    DIAGNOSIS_LISTED_PRESENT },
	{ "insecure-transport", ERRORS_S3, ERR_DENIED, 403, HTTP_OK,
	    "AccessDenied", USER "s3:GetObject on resource: \"" KEY "\" with "
	    "an explicit deny in a resource-based policy", "s3:GetObject",
	    DIAGNOSIS_PLAIN_HTTP },
	{ "other-organization", ERRORS_S3, ERR_DENIED, 403, HTTP_OK,
	    "AccessDenied", USER "s3:GetObject on resource: \"" KEY "\" with "
	    "an explicit deny in a resource-based policy", "s3:GetObject",
	    DIAGNOSIS_OTHER_ACCOUNT },
	{ "write-condition", ERRORS_S3, ERR_DENIED, 403, HTTP_OK,
	    "AccessDenied", USER "s3:PutObject on resource: \"" KEY "\" with "
	    "an explicit deny in a resource-based policy", "s3:PutObject",
	    DIAGNOSIS_GET_WORKS },
	{ "list-prefix", ERRORS_S3, ERR_DENIED, 403, HTTP_OK, "AccessDenied",
	    "Access Denied", "s3:ListBucket", DIAGNOSIS_GET_WORKS },
	{ "assume-role", ERRORS_STS, ERR_CREDENTIALS, 403, HTTP_OK,
	    "AccessDenied", USER "sts:AssumeRole on resource: arn:aws:iam::2:"
	    "role/r", NULL, 0 },
	{ "denied", ERRORS_STS, ERR_CREDENTIALS, 403, HTTP_OK, "AccessDenied",
	    USER "sts:AssumeRole on resource: arn:aws:iam::2:role/r because no"
	    " identity-based policy allows the sts:AssumeRole action", NULL,
	    0 },
	{ "region-not-enabled", ERRORS_S3, ERR_DENIED, 403, HTTP_OK,
	    "AccessDenied", "Access Denied", "s3:GetObject",
	    DIAGNOSIS_OPT_IN_REGION },
	{ "denied", ERRORS_S3, ERR_DENIED, 403, HTTP_OK, "AccessDenied",
	    "Access Denied", "s3:GetObject", 0 },
	{ "denied", ERRORS_CE, ERR_DENIED, 400, HTTP_OK,
	    "AccessDeniedException", USER "ce:GetCostAndUsage", NULL, 0 },
	{ "wrong-account", ERRORS_STS, ERR_NONE, 200, HTTP_OK, "", "", NULL,
	    DIAGNOSIS_ACCOUNT_DIFFERS },
	{ "unknown", ERRORS_S3, ERR_INTERNAL, 418, HTTP_OK, "TeaPot",
	    "I am one", NULL, 0 },
	{ "unknown", ERRORS_S3, ERR_NO_DATA, 404, HTTP_OK, "NoSuchKey",
	    "no key", NULL, 0 },
};

static void
test_rows(void)
{
	const struct diagnosis_row *row;
	struct diagnosis d;
	size_t i, j;

	for (i = 0; i < COUNT(rows); i++) {
		struct err err = { .class = rows[i].class };
		struct diagnosis_question q = { .err = &err,
			.service = rows[i].service, .status = rows[i].status,
			.fault = rows[i].fault, .action = rows[i].action,
			.facts = rows[i].facts };

		snprintf(err.code, sizeof err.code, "%s", rows[i].code);
		snprintf(err.message, sizeof err.message, "%s",
		    rows[i].message);
		diagnosis_make(&q, &d);
		is_str(d.cause, rows[i].cause, "%s %s %s", rows[i].cause,
		    rows[i].code, rows[i].message);
		ok(strcmp(d.cause, "unknown") == 0 || d.words[0] != '\0',
		    "%s has words", d.cause);
		ok(d.next[0] != '\0' || d.denial ||
		    strcmp(d.cause, "unknown") == 0,
		    "%s: what to do, or a policy to change", d.cause);
	}
	for (j = 0; (row = diagnosis_table_at(j)) != NULL; j++) {
		for (i = 0; i < COUNT(rows); i++)
			if (strcmp(rows[i].cause, row->cause) == 0)
				break;
		ok(i < COUNT(rows), "row '%s' is tested", row->cause);
	}
}

static void
test_denials(void)
{
	struct err err = { .class = ERR_DENIED, .code = "AccessDenied",
		.message = "cannot read it: " USER "s3:ListBucket on resource:"
		    " \"arn:aws:s3:::b\" with an explicit deny in a service "
		    "control policy: arn:aws:organizations::9:policy/o/scp/p "
		    "(AccessDenied, HTTP 403)" };
	struct diagnosis_question q = { .err = &err, .service = ERRORS_S3,
		.status = 403, .action = "s3:GetObject", .resource = KEY,
		.principal = "arn:aws:iam::1:user/other" };
	struct diagnosis d;

	diagnosis_make(&q, &d);
	is_str(d.action, "s3:ListBucket", "AWS knows the action better");
	is_str(d.resource, "arn:aws:s3:::b", "and the resource");
	is_str(d.principal, WHO, "and the principal");
	is_str(d.policy_arn, "arn:aws:organizations::9:policy/o/scp/p",
	    "and the policy");
	is_int(d.layer, DENIAL_SCP, "the layer");
	is_int(d.kind, DENIAL_EXPLICIT, "the kind");
	ok(d.told, "this is told");
	ok(diagnosis_whom(d.layer) != NULL, "somebody else has to change it");

	snprintf(err.message, sizeof err.message, "Access Denied");
	diagnosis_make(&q, &d);
	is_str(d.action, "s3:GetObject", "bare: the caller's action");
	is_str(d.resource, KEY, "and resource");
	is_str(d.principal, "arn:aws:iam::1:user/other", "and principal");
	ok(!d.told, "bare: the layer is not told");
	is_int(d.layer, DENIAL_UNKNOWN, "and not guessed");

	q.layer = DENIAL_RESOURCE;
	q.kind = DENIAL_EXPLICIT;
	diagnosis_make(&q, &d);
	ok(d.told, "bare, and the policies were read: told");
	is_int(d.layer, DENIAL_RESOURCE, "as they say");
	is_str(diagnosis_whom(d.layer), NULL, "the bucket's owner can");

	snprintf(err.message, sizeof err.message, USER "kms:Decrypt on this "
	    "resource because no identity-based policy allows it");
	diagnosis_make(&q, &d);
	is_str(d.resource, "", "another action's resource is not ours");
	is_int(d.layer, DENIAL_IDENTITY, "AWS's word beats what was found");
	err.message[0] = '\0';
	q.action = q.resource = q.principal = NULL;
	q.layer = DENIAL_UNKNOWN;
	q.kind = DENIAL_KIND_UNKNOWN;
	diagnosis_make(&q, &d);
	is_str(d.action, "", "nothing known, nothing said");
}

int
main(void)
{
	test_rows();
	test_denials();
	return done_testing();
}
