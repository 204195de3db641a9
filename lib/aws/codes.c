#include "aws/codes.h"

#include <stdbool.h>
#include <string.h>

#define S3 (1U << ERRORS_S3)
#define STS (1U << ERRORS_STS)
#define CE (1U << ERRORS_CE)
#define IAM (1U << ERRORS_IAM)
#define OTHER (1U << ERRORS_OTHER)
#define ANY (S3 | STS | CE | IAM | OTHER)

/* The first row that fits code and service counts. */
static const struct codes_row rows[] = {
	/* Sessions and keys. */
	{ "ExpiredTokenException", STS | OTHER, ERR_CREDENTIALS,
	    ERRORS_FINAL, RETRY_NEVER, "the token has expired" },
	{ "ExpiredToken", ANY, ERR_CREDENTIALS, ERRORS_RENEW, RETRY_NEVER,
	    "the session has expired" },
	{ "ExpiredTokenException", ANY, ERR_CREDENTIALS, ERRORS_RENEW,
	    RETRY_NEVER, "the session has expired" },
	{ "TokenRefreshRequired", ANY, ERR_CREDENTIALS, ERRORS_RENEW,
	    RETRY_NEVER, "the session must be renewed" },
	{ "InvalidToken", ANY, ERR_CREDENTIALS, ERRORS_FINAL, RETRY_NEVER,
	    "the session token does not belong to the access key" },
	{ "InvalidAccessKeyId", ANY, ERR_CREDENTIALS, ERRORS_FINAL,
	    RETRY_NEVER, "the access key is unknown" },
	{ "InvalidClientTokenId", ANY, ERR_CREDENTIALS, ERRORS_FINAL,
	    RETRY_NEVER, "the access key is unknown" },
	{ "UnrecognizedClientException", ANY, ERR_CREDENTIALS, ERRORS_FINAL,
	    RETRY_NEVER, "the access key is unknown" },
	{ "InvalidSecurity", ANY, ERR_CREDENTIALS, ERRORS_FINAL,
	    RETRY_NEVER, "the credentials are not valid" },
	{ "SignatureDoesNotMatch", S3, ERR_CREDENTIALS, ERRORS_FINAL,
	    RETRY_NEVER, "the signature does not match: wrong secret key" },
	{ "MissingAuthenticationToken", ANY, ERR_CREDENTIALS, ERRORS_FINAL,
	    RETRY_NEVER, "the request was not signed" },
	{ "MissingAuthenticationTokenException", ANY, ERR_CREDENTIALS,
	    ERRORS_FINAL, RETRY_NEVER, "the request was not signed" },
	{ "IncompleteSignature", ANY, ERR_CREDENTIALS, ERRORS_FINAL,
	    RETRY_NEVER, "the signature is incomplete" },
	{ "IncompleteSignatureException", ANY, ERR_CREDENTIALS,
	    ERRORS_FINAL, RETRY_NEVER, "the signature is incomplete" },
	{ "MissingSecurityHeader", ANY, ERR_CREDENTIALS, ERRORS_FINAL,
	    RETRY_NEVER, "a signature header is missing" },
	{ "AuthorizationHeaderMalformed", ANY, ERR_CREDENTIALS,
	    ERRORS_FINAL, RETRY_NEVER, "the signature is malformed" },
	{ "AuthorizationQueryParametersError", ANY, ERR_CREDENTIALS,
	    ERRORS_FINAL, RETRY_NEVER, "the signature is malformed" },
	{ "CredentialsNotSupported", ANY, ERR_CREDENTIALS, ERRORS_FINAL,
	    RETRY_NEVER, "these credentials are not supported here" },
	{ "InvalidIdentityToken*", ANY, ERR_CREDENTIALS, ERRORS_FINAL,
	    RETRY_NEVER, "the identity token was refused" },
	{ "IDPRejectedClaim*", ANY, ERR_CREDENTIALS, ERRORS_FINAL,
	    RETRY_NEVER, "the identity provider rejected the token" },
	{ "UnauthorizedException", OTHER, ERR_CREDENTIALS, ERRORS_FINAL,
	    RETRY_NEVER, "the login has expired or was revoked" },
	{ "InvalidGrantException", OTHER, ERR_CREDENTIALS, ERRORS_FINAL,
	    RETRY_NEVER, "the login has expired" },
	{ "InvalidClientException", OTHER, ERR_CREDENTIALS, ERRORS_FINAL,
	    RETRY_NEVER, "the client registration has expired" },
	{ "UnauthorizedClientException", OTHER, ERR_CREDENTIALS,
	    ERRORS_FINAL, RETRY_NEVER, "the client is not authorized" },
	{ "invalid_grant", OTHER, ERR_CREDENTIALS, ERRORS_FINAL,
	    RETRY_NEVER, "the login has expired" },
	{ "invalid_client", OTHER, ERR_CREDENTIALS, ERRORS_FINAL,
	    RETRY_NEVER, "the client registration has expired" },
	{ "expired_token", OTHER, ERR_CREDENTIALS, ERRORS_FINAL,
	    RETRY_NEVER, "the login has expired" },
	{ "TOKEN_EXPIRED", OTHER, ERR_CREDENTIALS, ERRORS_FINAL,
	    RETRY_NEVER, "the login has expired" },
	{ "USER_CREDENTIALS_CHANGED", OTHER, ERR_CREDENTIALS, ERRORS_FINAL,
	    RETRY_NEVER, "the user's password has changed" },

	/* The clock. These codes also stand for a wrong secret. */
	{ "RequestTimeTooSkewed", ANY, ERR_CREDENTIALS, ERRORS_CLOCK,
	    RETRY_NEVER, "this machine's clock is wrong" },
	{ "RequestExpired", ANY, ERR_CREDENTIALS, ERRORS_CLOCK, RETRY_NEVER,
	    "this machine's clock is wrong" },
	{ "RequestInTheFuture", ANY, ERR_CREDENTIALS, ERRORS_CLOCK,
	    RETRY_NEVER, "this machine's clock is wrong" },
	{ "SignatureDoesNotMatch", ANY, ERR_CREDENTIALS, ERRORS_CLOCK,
	    RETRY_NEVER, "the signature does not match: wrong secret key" },
	{ "InvalidSignatureException", ANY, ERR_CREDENTIALS, ERRORS_CLOCK,
	    RETRY_NEVER, "the signature does not match: wrong secret key" },
	{ "AuthFailure", ANY, ERR_CREDENTIALS, ERRORS_CLOCK, RETRY_NEVER,
	    "the credentials were not accepted" },

	/* Throttling. */
	{ "SlowDown*", ANY, ERR_NETWORK, ERRORS_RETRY, RETRY_THROTTLE,
	    "the service asks to slow down" },
	{ "Throttling*", ANY, ERR_NETWORK, ERRORS_RETRY, RETRY_THROTTLE,
	    "too many requests" },
	{ "ThrottledException", ANY, ERR_NETWORK, ERRORS_RETRY,
	    RETRY_THROTTLE, "too many requests" },
	{ "RequestThrottled*", ANY, ERR_NETWORK, ERRORS_RETRY,
	    RETRY_THROTTLE, "too many requests" },
	{ "TooManyRequestsException", ANY, ERR_NETWORK, ERRORS_RETRY,
	    RETRY_THROTTLE, "too many requests" },
	{ "ProvisionedThroughputExceededException", ANY, ERR_NETWORK,
	    ERRORS_RETRY, RETRY_THROTTLE, "too many requests" },
	{ "TransactionInProgressException", ANY, ERR_NETWORK, ERRORS_RETRY,
	    RETRY_THROTTLE, "too many requests" },
	{ "RequestLimitExceeded", ANY, ERR_NETWORK, ERRORS_RETRY,
	    RETRY_THROTTLE, "too many requests" },
	{ "BandwidthLimitExceeded", ANY, ERR_NETWORK, ERRORS_RETRY,
	    RETRY_THROTTLE, "too much traffic" },
	{ "LimitExceededException", CE, ERR_NETWORK, ERRORS_RETRY,
	    RETRY_THROTTLE, "too many requests" },
	{ "EC2ThrottledException", ANY, ERR_NETWORK, ERRORS_RETRY,
	    RETRY_THROTTLE, "too many requests" },
	{ "PriorRequestNotComplete", ANY, ERR_NETWORK, ERRORS_RETRY,
	    RETRY_THROTTLE, "an earlier request is still under way" },
	{ "KMS.ThrottlingException", S3, ERR_NETWORK, ERRORS_RETRY,
	    RETRY_THROTTLE, "too many requests to KMS" },

	/* Outages, and damage on the way. */
	{ "InternalError", ANY, ERR_NETWORK, ERRORS_RETRY, RETRY_TRANSIENT,
	    "internal error of the service" },
	{ "InternalFailure", ANY, ERR_NETWORK, ERRORS_RETRY,
	    RETRY_TRANSIENT, "internal error of the service" },
	{ "InternalServer*", ANY, ERR_NETWORK, ERRORS_RETRY,
	    RETRY_TRANSIENT, "internal error of the service" },
	{ "ServiceUnavailable*", ANY, ERR_NETWORK, ERRORS_RETRY,
	    RETRY_TRANSIENT, "the service is not available" },
	{ "RequestTimeout*", ANY, ERR_NETWORK, ERRORS_RETRY,
	    RETRY_TRANSIENT, "the service waited too long for us" },
	{ "IDPCommunicationError*", ANY, ERR_NETWORK, ERRORS_RETRY,
	    RETRY_TRANSIENT, "the identity provider did not answer AWS" },
	{ "IncompleteBody", ANY, ERR_NETWORK, ERRORS_RETRY, RETRY_ONCE,
	    "the request was cut on the way" },
	{ "BadDigest", ANY, ERR_NETWORK, ERRORS_RETRY, RETRY_ONCE,
	    "the request was damaged on the way" },
	{ "XAmzContentSHA256Mismatch", ANY, ERR_NETWORK, ERRORS_RETRY,
	    RETRY_ONCE, "the request was damaged on the way" },

	/* Writers in each other's way. */
	{ "ConditionalRequestConflict", S3, ERR_NETWORK, ERRORS_RETRY,
	    RETRY_TRANSIENT, "another write was under way" },
	{ "ConcurrentModification", S3, ERR_NETWORK, ERRORS_RETRY,
	    RETRY_TRANSIENT, "another write was under way" },
	{ "OperationAborted", S3, ERR_NETWORK, ERRORS_RETRY,
	    RETRY_TRANSIENT, "another operation was under way" },
	{ "PreconditionFailed", S3, ERR_DATA, ERRORS_FINAL, RETRY_NEVER,
	    "the object is another one than expected" },

	/* Elsewhere. */
	{ "PermanentRedirect", S3, ERR_BUCKET, ERRORS_REGION, RETRY_NEVER,
	    "the bucket is in another region" },
	{ "IllegalLocationConstraintException", S3, ERR_BUCKET,
	    ERRORS_REGION, RETRY_NEVER, "the bucket is in another region" },
	{ "TemporaryRedirect", S3, ERR_BUCKET, ERRORS_REDIRECT, RETRY_NEVER,
	    "the bucket is reached at another address for now" },
	{ "Redirect", S3, ERR_BUCKET, ERRORS_REDIRECT, RETRY_NEVER,
	    "the bucket is reached at another address for now" },

	/* Not allowed. */
	{ "AccessDenied", ANY, ERR_DENIED, ERRORS_FINAL, RETRY_NEVER,
	    "access denied" },
	{ "AccessDeniedException", ANY, ERR_DENIED, ERRORS_FINAL,
	    RETRY_NEVER, "access denied" },
	{ "UnauthorizedAccess", ANY, ERR_DENIED, ERRORS_FINAL, RETRY_NEVER,
	    "access denied" },
	{ "ForbiddenException", ANY, ERR_DENIED, ERRORS_FINAL, RETRY_NEVER,
	    "not assigned to this account and permission set" },
	{ "INSUFFICIENT_PERMISSIONS", OTHER, ERR_DENIED, ERRORS_FINAL,
	    RETRY_NEVER, "access denied" },
	{ "AllAccessDisabled", ANY, ERR_DENIED, ERRORS_FINAL, RETRY_NEVER,
	    "all access to this resource is disabled" },
	{ "AccountProblem", ANY, ERR_DENIED, ERRORS_FINAL, RETRY_NEVER,
	    "there is a problem with the AWS account" },
	{ "InvalidObjectState", S3, ERR_DENIED, ERRORS_FINAL, RETRY_NEVER,
	    "the object is archived" },
	{ "InvalidPayer", S3, ERR_DENIED, ERRORS_FINAL, RETRY_NEVER,
	    "access denied" },
	{ "MethodNotAllowed", ANY, ERR_DENIED, ERRORS_FINAL, RETRY_NEVER,
	    "the method is not allowed on this resource" },
	{ "RegionDisabledException", ANY, ERR_DENIED, ERRORS_FINAL,
	    RETRY_NEVER, "the region is not enabled in this account" },
	{ "KMS.*", S3, ERR_DENIED, ERRORS_FINAL, RETRY_NEVER,
	    "the KMS key cannot be used" },

	/* Not there. */
	{ "NoSuchBucket", ANY, ERR_BUCKET, ERRORS_FINAL, RETRY_NEVER,
	    "the bucket does not exist" },
	{ "NoSuchKey", S3, ERR_NO_DATA, ERRORS_FINAL, RETRY_NEVER,
	    "there is no such object" },
	{ "NoSuch*", ANY, ERR_NO_DATA, ERRORS_FINAL, RETRY_NEVER,
	    "not there" },
	{ "OwnershipControlsNotFoundError", S3, ERR_NO_DATA, ERRORS_FINAL,
	    RETRY_NEVER, "not configured" },
	{ "ServerSideEncryptionConfigurationNotFoundError", S3, ERR_NO_DATA,
	    ERRORS_FINAL, RETRY_NEVER, "not configured" },

	/* Cost Explorer. */
	{ "DataUnavailableException", CE, ERR_NOT_ENABLED, ERRORS_FINAL,
	    RETRY_NEVER, "Cost Explorer has no data" },
	{ "BillExpirationException", CE, ERR_NOT_ENABLED, ERRORS_FINAL,
	    RETRY_NEVER, "Cost Explorer no longer has data so old" },
	{ "OptInRequired", CE, ERR_NOT_ENABLED, ERRORS_FINAL, RETRY_NEVER,
	    "the account has not signed up for Cost Explorer" },
	{ "SubscriptionRequired*", CE, ERR_NOT_ENABLED, ERRORS_FINAL,
	    RETRY_NEVER, "the account has not signed up for Cost Explorer" },
	{ "OptInRequired", ANY, ERR_DENIED, ERRORS_FINAL, RETRY_NEVER,
	    "the account has not signed up for the service" },
	{ "NotSignedUp", ANY, ERR_DENIED, ERRORS_FINAL, RETRY_NEVER,
	    "the account has not signed up for the service" },
	{ "SubscriptionRequired*", ANY, ERR_DENIED, ERRORS_FINAL,
	    RETRY_NEVER, "the account has not signed up for the service" },
	{ "RequestChangedException", CE, ERR_DATA, ERRORS_FINAL,
	    RETRY_NEVER, "the pages do not belong together" },
	{ "InvalidNextTokenException", CE, ERR_DATA, ERRORS_FINAL,
	    RETRY_NEVER, "the page token has expired" },
	{ "ResourceNotFoundException", ANY, ERR_USAGE, ERRORS_FINAL,
	    RETRY_NEVER, "there is no such resource" },
	{ "BillingViewHealthStatusException", CE, ERR_USAGE, ERRORS_FINAL,
	    RETRY_NEVER, "the billing view is not healthy" },

	/* Settings, and requests that the user wrote. */
	{ "ValidationException", ANY, ERR_USAGE, ERRORS_FINAL, RETRY_NEVER,
	    "the request is not valid" },
	{ "ValidationError", ANY, ERR_USAGE, ERRORS_FINAL, RETRY_NEVER,
	    "the request is not valid" },
	{ "SerializationException", CE, ERR_USAGE, ERRORS_FINAL,
	    RETRY_NEVER, "the request is not valid" },
	{ "PackedPolicyTooLarge*", STS, ERR_USAGE, ERRORS_FINAL,
	    RETRY_NEVER, "the session policy is too large" },
	{ "MalformedPolicy*", ANY, ERR_USAGE, ERRORS_FINAL, RETRY_NEVER,
	    "the policy is malformed" },
	{ "InvalidBucketName", S3, ERR_USAGE, ERRORS_FINAL, RETRY_NEVER,
	    "the bucket name is not valid" },
	{ "InvalidLocationConstraint", S3, ERR_USAGE, ERRORS_FINAL,
	    RETRY_NEVER, "the region is not valid" },
	{ "InvalidEncryptionAlgorithmError", S3, ERR_USAGE, ERRORS_FINAL,
	    RETRY_NEVER, "the encryption setting is not valid" },
	{ "KeyTooLongError", S3, ERR_USAGE, ERRORS_FINAL, RETRY_NEVER,
	    "the key is too long" },
	{ "InvalidAccessPointAliasError", S3, ERR_USAGE, ERRORS_FINAL,
	    RETRY_NEVER, "the access point is not valid" },
	{ "NotImplemented", ANY, ERR_USAGE, ERRORS_FINAL, RETRY_NEVER,
	    "the store does not know this kind of request" },
	{ "BucketAlready*", S3, ERR_BUCKET, ERRORS_FINAL, RETRY_NEVER,
	    "the bucket name is taken" },
	{ "InvalidBucketState", S3, ERR_BUCKET, ERRORS_FINAL, RETRY_NEVER,
	    "the bucket is in a state that does not allow it" },
	{ "TooManyBuckets", S3, ERR_BUCKET, ERRORS_FINAL, RETRY_NEVER,
	    "the account has too many buckets" },
	{ "EntityTooLarge", S3, ERR_DATA, ERRORS_FINAL, RETRY_NEVER,
	    "the object is too large" },
	{ "InvalidRange", S3, ERR_DATA, ERRORS_FINAL, RETRY_NEVER,
	    "the object is shorter than expected" },
};

static bool
code_fits(const char *pattern, const char *code)
{
	size_t n = strlen(pattern);

	if (pattern[n - 1] == '*')
		return strncmp(pattern, code, n - 1) == 0;
	return strcmp(pattern, code) == 0;
}

const struct codes_row *
codes_find(enum errors_service service, const char *code)
{
	size_t i;

	for (i = 0; i < sizeof rows / sizeof rows[0]; i++)
		if ((rows[i].services & 1U << service) != 0 &&
		    code_fits(rows[i].code, code))
			return &rows[i];
	return NULL;
}
