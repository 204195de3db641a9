#include "diag/diagnosis_table.h"

#include <stddef.h>

#include "diag/diagnosis.h"

#define S3 (1U << ERRORS_S3)
#define STS (1U << ERRORS_STS)
#define CE (1U << ERRORS_CE)
#define IAM (1U << ERRORS_IAM)
#define OTHER (1U << ERRORS_OTHER)
#define ANY (S3 | STS | CE | IAM | OTHER)
#define FAULT(fault) (1U << (fault))
#define LAYER(layer) (1U << (layer))

/* The first row that fits counts. */
static const struct diagnosis_row rows[] = {
	/* On the way. */
	{ .cause = "proxy-refused", .services = ANY,
	    .faults = FAULT(HTTP_PROXY),
	    .words = "the proxy does not let us through",
	    .next = "check HTTPS_PROXY (user and password too) and NO_PROXY, "
	    "and let the proxy pass the hosts of s3, sts, ce, oidc and "
	    "portal.sso" },
	{ .cause = "dotted-bucket", .services = ANY,
	    .faults = FAULT(HTTP_TLS),
	    .facts = DIAGNOSIS_DOTTED,
	    .words = "a bucket name with dots fits no certificate of S3's as "
	    "a host name",
	    .next = "use path style: 's3 =' with 'addressing_style = path' "
	    "below it in the AWS profile" },
	{ .cause = "tls-untrusted", .services = ANY,
	    .faults = FAULT(HTTP_TLS),
	    .words = "the server's certificate is not signed by an authority "
	    "that is believed here: somebody on the way opens TLS, or a "
	    "bundle is missing",
	    .next = "name the bundle that has the authority: "
	    "AWS_CA_BUNDLE=/path/to/bundle.pem, or ca_bundle in the AWS "
	    "profile" },
	{ .cause = "name-not-found", .services = ANY,
	    .faults = FAULT(HTTP_RESOLVE),
	    .words = "the host's name is not known",
	    .next = "check region, bucket name and endpoint, and this "
	    "machine's name server" },
	{ .cause = "path-blocked", .services = S3,
	    .faults = FAULT(HTTP_CONNECT) | FAULT(HTTP_TIMEOUT),
	    .facts = DIAGNOSIS_OTHERS_ANSWER,
	    .words = "other endpoints answer, S3 does not",
	    .next = "look at the S3 gateway endpoint, the route table and "
	    "the security group of this network, and at the firewall" },
	{ .cause = "unreachable", .services = ANY,
	    .faults = FAULT(HTTP_CONNECT) | FAULT(HTTP_TIMEOUT),
	    .words = "the server does not answer",
	    .next = "check the network and the endpoint, and whether a proxy "
	    "is needed here (HTTPS_PROXY)" },
	{ .cause = "connection-cut", .services = ANY,
	    .faults = FAULT(HTTP_RESET),
	    .words = "the connection was cut",
	    .next = "try again; where it stays so, a firewall on the way "
	    "closes it" },
	{ .cause = "not-http", .services = ANY,
	    .faults = FAULT(HTTP_MALFORMED),
	    .words = "what answers does not speak HTTP",
	    .next = "check the endpoint's scheme and port" },
	{ .cause = "proxy-login", .services = ANY,
	    .status = 407,
	    .facts = DIAGNOSIS_NOT_AWS,
	    .words = "the proxy wants a login",
	    .next = "give user and password in "
	    "HTTPS_PROXY=http://USER:PASSWORD@HOST:PORT" },
	{ .cause = "not-aws", .services = ANY,
	    .facts = DIAGNOSIS_NOT_AWS,
	    .words = "something that is not AWS answered: a proxy, a "
	    "firewall or a captive portal",
	    .next = "sign in to the network, check HTTPS_PROXY and NO_PROXY, "
	    "and let the proxy pass the hosts of s3, sts, ce, oidc and "
	    "portal.sso" },

	/* The clock, which signatures depend on. */
	{ .cause = "clock", .services = ANY,
	    .codes = "RequestTimeTooSkewed|RequestExpired|RequestInTheFuture",
	    .words = "this machine's clock is wrong",
	    .next = "set this machine's clock" },
	{ .cause = "clock", .services = ANY,
	    .fragment = "Signature expired",
	    .words = "this machine's clock is behind",
	    .next = "set this machine's clock" },
	{ .cause = "clock", .services = ANY,
	    .fragment = "Signature not yet current",
	    .words = "this machine's clock is ahead",
	    .next = "set this machine's clock" },
	{ .cause = "clock", .services = ANY,
	    .codes = "SignatureDoesNotMatch|InvalidSignatureException",
	    .facts = DIAGNOSIS_SKEWED,
	    .words = "this machine's clock is wrong",
	    .next = "set this machine's clock" },

	/* The keys. */
	{ .cause = "signature", .services = ANY,
	    .codes = "SignatureDoesNotMatch|InvalidSignatureException|"
	    "AuthFailure",
	    .words = "the secret key does not belong to the access key, or "
	    "somebody on the way changes the request",
	    .next = "compare the secret key with its origin, blanks at its "
	    "end too; where a proxy stands before the endpoint, it must keep "
	    "host and path" },
	{ .cause = "token-missing", .services = ANY,
	    .codes = "InvalidAccessKeyId|InvalidClientTokenId|"
	    "UnrecognizedClientException",
	    .facts = DIAGNOSIS_TOKEN_MISSING,
	    .words = "temporary keys (ASIA...) need their session token",
	    .next = "set AWS_SESSION_TOKEN, or aws_session_token beside the "
	    "keys" },
	{ .cause = "key-unknown", .services = ANY,
	    .codes = "InvalidAccessKeyId|InvalidClientTokenId|"
	    "UnrecognizedClientException",
	    .words = "the access key is unknown: deleted, switched off, of "
	    "another partition, or of an account that has not enabled the "
	    "region",
	    .next = "make a new key, or use another profile; a token of the "
	    "global STS endpoint is not known in regions that have to be "
	    "enabled: AWS_STS_REGIONAL_ENDPOINTS=regional" },
	{ .cause = "identity-token-expired", .services = STS,
	    .codes = "ExpiredTokenException",
	    .words = "the identity provider's token has expired",
	    .next = "ask for a new one in the same job, just before it is "
	    "used; rerun the job's step" },
	{ .cause = "session-expired", .services = ANY,
	    .codes = "ExpiredToken|ExpiredTokenException|TokenRefreshRequired",
	    .words = "the session has expired",
	    .next = "sign in again: 'aws sso login', 'aws login', or "
	    "whatever gave the keys" },
	{ .cause = "token-mixed", .services = ANY,
	    .codes = "InvalidToken",
	    .words = "the session token does not belong to the access key, "
	    "or it comes from the global STS endpoint and the region has to "
	    "be enabled",
	    .next = "unset a stale AWS_SESSION_TOKEN; use a regional STS "
	    "endpoint (AWS_STS_REGIONAL_ENDPOINTS=regional)" },
	{ .cause = "oidc-provider", .services = STS,
	    .codes = "InvalidIdentityToken*",
	    .fragment = "No OpenIDConnect provider",
	    .words = "the role's account knows no identity provider with the "
	    "token's issuer",
	    .next = "in the role's account: aws iam "
	    "create-open-id-connect-provider --url ISSUER --client-id-list "
	    "AUDIENCE; the URL must be the token's iss, its path too" },
	{ .cause = "oidc-audience", .services = STS,
	    .codes = "InvalidIdentityToken*",
	    .fragment = "Incorrect token audience",
	    .words = "the identity provider does not list the token's "
	    "audience",
	    .next = "add it: aws iam "
	    "add-client-id-to-open-id-connect-provider "
	    "--open-id-connect-provider-arn ARN --client-id AUDIENCE" },
	{ .cause = "oidc-keys", .services = STS,
	    .codes = "InvalidIdentityToken*",
	    .fragment = "retrieve verification key",
	    .words = "AWS cannot fetch the issuer's signing keys",
	    .next = "the issuer's /.well-known/openid-configuration and its "
	    "JWKS must be reachable from the internet; try again once" },
	{ .cause = "oidc-token", .services = STS,
	    .codes = "InvalidIdentityToken*|IDPRejectedClaim*",
	    .words = "STS does not accept the identity token",
	    .next = "compare its iss, aud and exp with the identity provider "
	    "in the role's account" },
	{ .cause = "oidc-trust", .services = STS,
	    .codes = "AccessDenied",
	    .fragment = "AssumeRoleWithWebIdentity",
	    .words = "the role's trust policy does not match the token, or "
	    "there is no such role: AWS does not say which",
	    .next = "compare the token's aud and sub with the conditions of "
	    "the trust policy; patterns need StringLike, and a job with an "
	    "environment has sub repo:OWNER/REPO:environment:NAME" },
	{ .cause = "mfa-code", .services = STS,
	    .fragment = "MultiFactorAuthentication",
	    .words = "the MFA code is wrong or was used before",
	    .next = "wait for the next one; each works once" },
	{ .cause = "duration", .services = STS,
	    .codes = "ValidationError",
	    .fragment = "DurationSeconds",
	    .words = "duration_seconds is more than the role allows (a role "
	    "assumed by a role: 3600)",
	    .next = "lower duration_seconds in the AWS profile" },
	{ .cause = "region-disabled", .services = ANY,
	    .codes = "RegionDisabledException",
	    .words = "the region is not enabled in this account",
	    .next = "enable it (Account settings, AWS Regions), or use "
	    "another one" },
	{ .cause = "not-assigned", .services = OTHER,
	    .codes = "ForbiddenException",
	    .words = "the user is not assigned to this account and "
	    "permission set",
	    .next = "ask the administrators of IAM Identity Center for it" },
	{ .cause = "login-expired", .services = OTHER,
	    .codes = "UnauthorizedException|InvalidGrantException|"
	    "InvalidClientException|TOKEN_EXPIRED|USER_CREDENTIALS_CHANGED|"
	    "invalid_grant|invalid_client|expired_token",
	    .words = "the login has expired or was revoked",
	    .next = "sign in again: 'aws sso login' or 'aws login'" },
	{ .cause = "not-signed", .services = ANY,
	    .codes = "MissingAuthenticationToken*|IncompleteSignature*|"
	    "MissingSecurityHeader",
	    .words = "the request arrived without its signature",
	    .next = "a proxy on the way takes headers away; go around it "
	    "with NO_PROXY" },

	/* The bucket. */
	{ .cause = "wrong-region", .services = S3,
	    .codes = "PermanentRedirect|IllegalLocationConstraintException|"
	    "AuthorizationHeaderMalformed|301",
	    .words = "the bucket is in another region",
	    .next = "set the bucket's region: --region, or region in the "
	    "settings" },
	{ .cause = "no-bucket", .services = ANY,
	    .codes = "NoSuchBucket|404",
	    .class = ERR_BUCKET,
	    .words = "there is no such bucket",
	    .next = "check its name, the partition and the endpoint; "
	    "'teamcache verify-bucket --create' makes it" },
	{ .cause = "account-suspended", .services = ANY,
	    .codes = "AllAccessDisabled|AccountProblem",
	    .words = "AWS has suspended the account or the resource "
	    "(billing, abuse)",
	    .next = "ask AWS Support" },
	{ .cause = "acl-sent", .services = S3,
	    .codes = "AccessControlListNotSupported",
	    .words = "an ACL was sent to a bucket that has none",
	    .next = "nothing here sends one: look for a proxy that adds "
	    "x-amz-acl" },
	{ .cause = "owner-only", .services = S3,
	    .codes = "MethodNotAllowed",
	    .words = "only the account that owns the bucket may ask for it",
	    .next = "run it with keys of the owner's account" },
	{ .cause = "key-unusable", .services = S3,
	    .codes = "KMS.NotFoundException|KMS.DisabledException|"
	    "KMS.KMSInvalidState*|KMS.InvalidState*",
	    .words = "the KMS key is deleted, disabled or in another region",
	    .next = "enable the key again, or set another one for the bucket" },
	{ .cause = "versioning-settles", .services = S3,
	    .codes = "NoSuchKey|404",
	    .facts = DIAGNOSIS_VERSIONING_NEW,
	    .words = "versioning was switched on a moment ago and is still "
	    "spreading",
	    .next = "wait up to 15 minutes" },

	/* Cost Explorer, beyond IAM. */
	{ .cause = "ce-not-enabled", .services = CE,
	    .fragment = "not enabled for cost explorer",
	    .words = "Cost Explorer, or IAM's access to billing, is not "
	    "switched on; no policy mends that",
	    .next = "the payer account opens Billing, Cost Explorer once "
	    "(data after 24 hours); its root user activates 'IAM user and "
	    "role access to Billing information'" },
	{ .cause = "ce-linked-account", .services = CE,
	    .fragment = "linked account doesn't have access",
	    .words = "the payer has not given member accounts access to Cost "
	    "Explorer; no policy mends that",
	    .next = "the payer switches on linked account access in the Cost "
	    "Management preferences" },
	{ .cause = "ce-history", .services = CE,
	    .fragment = "enabled historical data",
	    .words = "the month is further back than the account keeps",
	    .next = "ask for a month of the last 14, or let the payer enable "
	    "multi-year data" },
	{ .cause = "ce-no-data", .services = CE,
	    .codes = "DataUnavailableException|BillExpirationException",
	    .words = "Cost Explorer has no data for that",
	    .next = "a young account has its first data after 24 hours, and "
	    "forecasts after weeks" },
	{ .cause = "not-signed-up", .services = ANY,
	    .codes = "OptInRequired|SubscriptionRequired*|NotSignedUp",
	    .words = "the account has not signed up for the service",
	    .next = "finish the sign-up in the AWS console" },

	/* Disturbances. */
	{ .cause = "throttled", .services = ANY,
	    .codes = "SlowDown*|Throttl*|RequestThrottled*|"
	    "TooManyRequestsException|RequestLimitExceeded|"
	    "LimitExceededException|KMS.ThrottlingException",
	    .words = "too many requests",
	    .next = "wait a little, then repeat it" },
	{ .cause = "outage", .services = ANY,
	    .class = ERR_NETWORK,
	    .words = "the service is disturbed",
	    .next = "repeat it later" },

	/* Denied. What denies is told, or found out, below. */
	{ .cause = "public-block", .services = S3,
	    .class = ERR_DENIED,
	    .layers = LAYER(DENIAL_PUBLIC_BLOCK),
	    .words = "S3 Block Public Access refuses a policy or ACL that is "
	    "public",
	    .next = "name the accounts in the policy instead of \"*\"; leave "
	    "the block on" },
	{ .cause = "configuration-unread", .services = S3,
	    .facts = DIAGNOSIS_CONFIGURATION,
	    .class = ERR_DENIED,
	    .words = "it was not checked, for want of the right to read it",
	    .next = "" },
	{ .cause = "kms-key-or-policy", .services = ANY,
	    .fragment = "does not exist in this Region, no resource-based",
	    .class = ERR_DENIED,
	    .words = "the KMS key is not there, or its policy does not allow "
	    "the caller: AWS does not say which",
	    .next = "ask the key's owner whether the key is in that region "
	    "and whether its policy allows the caller; the key of another "
	    "account needs both its policy and the caller's" },
	{ .cause = "kms-denied", .services = ANY,
	    .fragment = "kms:",
	    .class = ERR_DENIED,
	    .words = "the KMS key of the bucket may not be used",
	    .next = "" },
	{ .cause = "wrong-owner", .services = S3,
	    .facts = DIAGNOSIS_OWNER_ONLY,
	    .class = ERR_DENIED,
	    .words = "the bucket belongs to another account than "
	    "expected_bucket_owner says",
	    .next = "do not write to it: somebody else may have taken the "
	    "name; find out whose it is, then correct the setting" },
	{ .cause = "missing-object", .services = S3,
	    .facts = DIAGNOSIS_LISTED_ABSENT,
	    .class = ERR_DENIED,
	    .words = "the object is not there, and S3 says 403 instead of 404",
	    .next = "" },
	{ .cause = "object-ownership", .services = S3,
	    .facts = DIAGNOSIS_LISTED_PRESENT,
	    .class = ERR_DENIED,
	    .words = "the object may belong to the account that wrote it, or "
	    "its own path is not allowed",
	    .next = "let the bucket own its objects: aws s3api "
	    "put-bucket-ownership-controls --ownership-controls "
	    "'Rules=[{ObjectOwnership=BucketOwnerEnforced}]'; else widen the "
	    "statement's resource" },
	{ .cause = "insecure-transport", .services = S3,
	    .facts = DIAGNOSIS_PLAIN_HTTP,
	    .class = ERR_DENIED,
	    .layers = LAYER(DENIAL_RESOURCE),
	    .words = "the bucket policy may refuse what comes without TLS, "
	    "and the endpoint is http://",
	    .next = "use the endpoint's https:// address" },
	{ .cause = "other-organization", .services = S3,
	    .fragment = "explicit deny",
	    .facts = DIAGNOSIS_OTHER_ACCOUNT,
	    .class = ERR_DENIED,
	    .layers = LAYER(DENIAL_RESOURCE),
	    .words = "the bucket policy denies callers from outside "
	    "(aws:PrincipalOrgID or aws:PrincipalOrgPaths)",
	    .next = "" },
	{ .cause = "write-condition", .services = S3,
	    .action = "s3:PutObject",
	    .facts = DIAGNOSIS_GET_WORKS,
	    .class = ERR_DENIED,
	    .layers = LAYER(DENIAL_RESOURCE),
	    .kind = DENIAL_EXPLICIT,
	    .words = "a Deny statement of the bucket policy matches writes: "
	    "often one that asks for an encryption header, for If-None-Match, "
	    "or for another prefix",
	    .next = "" },
	{ .cause = "list-prefix", .services = S3,
	    .action = "s3:ListBucket",
	    .facts = DIAGNOSIS_GET_WORKS,
	    .class = ERR_DENIED,
	    .words = "objects can be read but not listed: s3:ListBucket is "
	    "missing, or bound to another s3:prefix",
	    .next = "" },
	{ .cause = "assume-role", .services = STS,
	    .codes = "AccessDenied*",
	    .fragment = "sts:AssumeRole",
	    .class = ERR_DENIED,
	    .layers = LAYER(DENIAL_UNKNOWN),
	    .words = "the caller may not assume the role, or the role does "
	    "not trust the caller, or there is no such role: AWS does not "
	    "say which",
	    .next = "" },
	{ .cause = "region-not-enabled", .services = ANY,
	    .facts = DIAGNOSIS_OPT_IN_REGION,
	    .class = ERR_DENIED,
	    .layers = LAYER(DENIAL_UNKNOWN),
	    .words = "the region has to be enabled first in the caller's "
	    "account",
	    .next = "enable it (Account settings, AWS Regions), or use "
	    "another one" },
	{ .cause = "denied", .services = ANY,
	    .class = ERR_DENIED,
	    .words = "access is denied",
	    .next = "" },

	/* The rest. */
	{ .cause = "wrong-account", .services = ANY,
	    .facts = DIAGNOSIS_ACCOUNT_DIFFERS,
	    .words = "the keys belong to another account than the one that "
	    "is wanted",
	    .next = "keys in the environment win over AWS_PROFILE: unset "
	    "them, or name the profile with --profile" },
	{ .cause = "unknown", .services = ANY,
	    .words = "",
	    .next = "" },
};

const struct diagnosis_row *
diagnosis_table_at(size_t i)
{
	return i < sizeof rows / sizeof rows[0] ? &rows[i] : NULL;
}
