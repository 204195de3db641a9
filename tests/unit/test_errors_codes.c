#include "aws/codes.h"
#include "error_answer.h"
#include "tap.h"

/* Every code that we know, in the envelope of its service. */
static const struct {
	const char *code;
	enum errors_service service;
	int status;
	enum err_class class;
	enum errors_action action;
	enum retry_kind retry;
} codes[] = {
	{ "ExpiredToken", S3, 400, ERR_CREDENTIALS, ERRORS_RENEW, 0 },
	{ "ExpiredToken", STS, 403, ERR_CREDENTIALS, ERRORS_RENEW, 0 },
	{ "ExpiredTokenException", CE, 400, ERR_CREDENTIALS, ERRORS_RENEW,
	    0 },
	{ "ExpiredTokenException", STS, 400, ERR_CREDENTIALS, ERRORS_FINAL,
	    0 },
	{ "ExpiredTokenException", OTHER, 400, ERR_CREDENTIALS,
	    ERRORS_FINAL, 0 },
	{ "TokenRefreshRequired", S3, 400, ERR_CREDENTIALS, ERRORS_RENEW,
	    0 },
	{ "InvalidToken", S3, 400, ERR_CREDENTIALS, ERRORS_FINAL, 0 },
	{ "InvalidAccessKeyId", S3, 403, ERR_CREDENTIALS, ERRORS_FINAL, 0 },
	{ "InvalidClientTokenId", STS, 403, ERR_CREDENTIALS, ERRORS_FINAL,
	    0 },
	{ "InvalidClientTokenId", CE, 400, ERR_CREDENTIALS, ERRORS_FINAL,
	    0 },
	{ "UnrecognizedClientException", CE, 400, ERR_CREDENTIALS,
	    ERRORS_FINAL, 0 },
	{ "InvalidSecurity", S3, 403, ERR_CREDENTIALS, ERRORS_FINAL, 0 },
	{ "SignatureDoesNotMatch", S3, 403, ERR_CREDENTIALS, ERRORS_FINAL,
	    0 },
	{ "SignatureDoesNotMatch", STS, 403, ERR_CREDENTIALS, ERRORS_CLOCK,
	    0 },
	{ "SignatureDoesNotMatch", IAM, 403, ERR_CREDENTIALS, ERRORS_CLOCK,
	    0 },
	{ "InvalidSignatureException", CE, 400, ERR_CREDENTIALS,
	    ERRORS_CLOCK, 0 },
	{ "RequestTimeTooSkewed", S3, 403, ERR_CREDENTIALS, ERRORS_CLOCK,
	    0 },
	{ "RequestExpired", IAM, 400, ERR_CREDENTIALS, ERRORS_CLOCK, 0 },
	{ "RequestInTheFuture", CE, 400, ERR_CREDENTIALS, ERRORS_CLOCK, 0 },
	{ "AuthFailure", OTHER, 401, ERR_CREDENTIALS, ERRORS_CLOCK, 0 },
	{ "MissingAuthenticationToken", STS, 403, ERR_CREDENTIALS,
	    ERRORS_FINAL, 0 },
	{ "MissingAuthenticationTokenException", CE, 400, ERR_CREDENTIALS,
	    ERRORS_FINAL, 0 },
	{ "IncompleteSignature", STS, 400, ERR_CREDENTIALS, ERRORS_FINAL,
	    0 },
	{ "IncompleteSignatureException", CE, 400, ERR_CREDENTIALS,
	    ERRORS_FINAL, 0 },
	{ "MissingSecurityHeader", S3, 400, ERR_CREDENTIALS, ERRORS_FINAL,
	    0 },
	{ "AuthorizationHeaderMalformed", S3, 400, ERR_CREDENTIALS,
	    ERRORS_FINAL, 0 },
	{ "AuthorizationQueryParametersError", S3, 400, ERR_CREDENTIALS,
	    ERRORS_FINAL, 0 },
	{ "CredentialsNotSupported", S3, 400, ERR_CREDENTIALS, ERRORS_FINAL,
	    0 },
	{ "InvalidIdentityToken", STS, 400, ERR_CREDENTIALS, ERRORS_FINAL,
	    0 },
	{ "IDPRejectedClaim", STS, 403, ERR_CREDENTIALS, ERRORS_FINAL, 0 },
	{ "UnauthorizedException", OTHER, 401, ERR_CREDENTIALS,
	    ERRORS_FINAL, 0 },
	{ "InvalidGrantException", OTHER, 400, ERR_CREDENTIALS,
	    ERRORS_FINAL, 0 },
	{ "InvalidClientException", OTHER, 401, ERR_CREDENTIALS,
	    ERRORS_FINAL, 0 },
	{ "UnauthorizedClientException", OTHER, 400, ERR_CREDENTIALS,
	    ERRORS_FINAL, 0 },
	{ "invalid_grant", OTHER, 400, ERR_CREDENTIALS, ERRORS_FINAL, 0 },
	{ "invalid_client", OTHER, 401, ERR_CREDENTIALS, ERRORS_FINAL, 0 },
	{ "expired_token", OTHER, 400, ERR_CREDENTIALS, ERRORS_FINAL, 0 },
	{ "TOKEN_EXPIRED", OTHER, 401, ERR_CREDENTIALS, ERRORS_FINAL, 0 },
	{ "USER_CREDENTIALS_CHANGED", OTHER, 403, ERR_CREDENTIALS,
	    ERRORS_FINAL, 0 },

	{ "SlowDown", S3, 503, ERR_NETWORK, ERRORS_RETRY, RETRY_THROTTLE },
	{ "SlowDownException", OTHER, 400, ERR_NETWORK, ERRORS_RETRY,
	    RETRY_THROTTLE },
	{ "Throttling", STS, 400, ERR_NETWORK, ERRORS_RETRY,
	    RETRY_THROTTLE },
	{ "ThrottlingException", CE, 400, ERR_NETWORK, ERRORS_RETRY,
	    RETRY_THROTTLE },
	{ "ThrottledException", OTHER, 400, ERR_NETWORK, ERRORS_RETRY,
	    RETRY_THROTTLE },
	{ "RequestThrottled", OTHER, 400, ERR_NETWORK, ERRORS_RETRY,
	    RETRY_THROTTLE },
	{ "RequestThrottledException", OTHER, 400, ERR_NETWORK,
	    ERRORS_RETRY, RETRY_THROTTLE },
	{ "TooManyRequestsException", OTHER, 429, ERR_NETWORK, ERRORS_RETRY,
	    RETRY_THROTTLE },
	{ "ProvisionedThroughputExceededException", OTHER, 400, ERR_NETWORK,
	    ERRORS_RETRY, RETRY_THROTTLE },
	{ "TransactionInProgressException", OTHER, 400, ERR_NETWORK,
	    ERRORS_RETRY, RETRY_THROTTLE },
	{ "RequestLimitExceeded", S3, 503, ERR_NETWORK, ERRORS_RETRY,
	    RETRY_THROTTLE },
	{ "BandwidthLimitExceeded", S3, 509, ERR_NETWORK, ERRORS_RETRY,
	    RETRY_THROTTLE },
	{ "LimitExceededException", CE, 400, ERR_NETWORK, ERRORS_RETRY,
	    RETRY_THROTTLE },
	{ "LimitExceededException", IAM, 409, ERR_INTERNAL, ERRORS_FINAL,
	    0 },
	{ "EC2ThrottledException", OTHER, 503, ERR_NETWORK, ERRORS_RETRY,
	    RETRY_THROTTLE },
	{ "PriorRequestNotComplete", OTHER, 400, ERR_NETWORK, ERRORS_RETRY,
	    RETRY_THROTTLE },
	{ "KMS.ThrottlingException", S3, 400, ERR_NETWORK, ERRORS_RETRY,
	    RETRY_THROTTLE },

	{ "InternalError", S3, 500, ERR_NETWORK, ERRORS_RETRY,
	    RETRY_TRANSIENT },
	{ "InternalFailure", CE, 500, ERR_NETWORK, ERRORS_RETRY,
	    RETRY_TRANSIENT },
	{ "InternalServerException", OTHER, 500, ERR_NETWORK, ERRORS_RETRY,
	    RETRY_TRANSIENT },
	{ "ServiceUnavailable", S3, 503, ERR_NETWORK, ERRORS_RETRY,
	    RETRY_TRANSIENT },
	{ "ServiceUnavailableException", CE, 503, ERR_NETWORK, ERRORS_RETRY,
	    RETRY_TRANSIENT },
	{ "RequestTimeout", S3, 400, ERR_NETWORK, ERRORS_RETRY,
	    RETRY_TRANSIENT },
	{ "RequestTimeoutException", CE, 400, ERR_NETWORK, ERRORS_RETRY,
	    RETRY_TRANSIENT },
	{ "IDPCommunicationError", STS, 400, ERR_NETWORK, ERRORS_RETRY,
	    RETRY_TRANSIENT },
	{ "IncompleteBody", S3, 400, ERR_NETWORK, ERRORS_RETRY,
	    RETRY_ONCE },
	{ "BadDigest", S3, 400, ERR_NETWORK, ERRORS_RETRY, RETRY_ONCE },
	{ "XAmzContentSHA256Mismatch", S3, 400, ERR_NETWORK, ERRORS_RETRY,
	    RETRY_ONCE },
	{ "ConditionalRequestConflict", S3, 409, ERR_NETWORK, ERRORS_RETRY,
	    RETRY_TRANSIENT },
	{ "ConcurrentModification", S3, 409, ERR_NETWORK, ERRORS_RETRY,
	    RETRY_TRANSIENT },
	{ "OperationAborted", S3, 409, ERR_NETWORK, ERRORS_RETRY,
	    RETRY_TRANSIENT },
	{ "PreconditionFailed", S3, 412, ERR_DATA, ERRORS_FINAL, 0 },

	{ "PermanentRedirect", S3, 301, ERR_BUCKET, ERRORS_REGION, 0 },
	{ "IllegalLocationConstraintException", S3, 400, ERR_BUCKET,
	    ERRORS_REGION, 0 },
	{ "TemporaryRedirect", S3, 307, ERR_BUCKET, ERRORS_REDIRECT, 0 },
	{ "Redirect", S3, 307, ERR_BUCKET, ERRORS_REDIRECT, 0 },

	{ "AccessDenied", S3, 403, ERR_DENIED, ERRORS_FINAL, 0 },
	{ "AccessDenied", STS, 403, ERR_DENIED, ERRORS_FINAL, 0 },
	{ "AccessDeniedException", CE, 400, ERR_DENIED, ERRORS_FINAL, 0 },
	{ "UnauthorizedAccess", S3, 403, ERR_DENIED, ERRORS_FINAL, 0 },
	{ "ForbiddenException", OTHER, 403, ERR_DENIED, ERRORS_FINAL, 0 },
	{ "INSUFFICIENT_PERMISSIONS", OTHER, 403, ERR_DENIED, ERRORS_FINAL,
	    0 },
	{ "AllAccessDisabled", S3, 403, ERR_DENIED, ERRORS_FINAL, 0 },
	{ "AccountProblem", S3, 403, ERR_DENIED, ERRORS_FINAL, 0 },
	{ "InvalidObjectState", S3, 403, ERR_DENIED, ERRORS_FINAL, 0 },
	{ "InvalidPayer", S3, 403, ERR_DENIED, ERRORS_FINAL, 0 },
	{ "MethodNotAllowed", S3, 405, ERR_DENIED, ERRORS_FINAL, 0 },
	{ "RegionDisabledException", STS, 403, ERR_DENIED, ERRORS_FINAL, 0 },
	{ "KMS.NotFoundException", S3, 400, ERR_DENIED, ERRORS_FINAL, 0 },
	{ "KMS.DisabledException", S3, 400, ERR_DENIED, ERRORS_FINAL, 0 },
	{ "KMS.KMSInvalidStateException", S3, 400, ERR_DENIED, ERRORS_FINAL,
	    0 },

	{ "NoSuchBucket", S3, 404, ERR_BUCKET, ERRORS_FINAL, 0 },
	{ "NoSuchKey", S3, 404, ERR_NO_DATA, ERRORS_FINAL, 0 },
	{ "NoSuchVersion", S3, 404, ERR_NO_DATA, ERRORS_FINAL, 0 },
	{ "NoSuchBucketPolicy", S3, 404, ERR_NO_DATA, ERRORS_FINAL, 0 },
	{ "NoSuchEntity", IAM, 404, ERR_NO_DATA, ERRORS_FINAL, 0 },
	{ "OwnershipControlsNotFoundError", S3, 404, ERR_NO_DATA,
	    ERRORS_FINAL, 0 },
	{ "ServerSideEncryptionConfigurationNotFoundError", S3, 404,
	    ERR_NO_DATA, ERRORS_FINAL, 0 },

	{ "DataUnavailableException", CE, 400, ERR_NOT_ENABLED,
	    ERRORS_FINAL, 0 },
	{ "BillExpirationException", CE, 400, ERR_NOT_ENABLED, ERRORS_FINAL,
	    0 },
	{ "OptInRequired", CE, 400, ERR_NOT_ENABLED, ERRORS_FINAL, 0 },
	{ "SubscriptionRequiredException", CE, 400, ERR_NOT_ENABLED,
	    ERRORS_FINAL, 0 },
	{ "SubscriptionRequiredException", IAM, 400, ERR_DENIED,
	    ERRORS_FINAL, 0 },
	{ "OptInRequired", S3, 403, ERR_DENIED, ERRORS_FINAL, 0 },
	{ "NotSignedUp", S3, 403, ERR_DENIED, ERRORS_FINAL, 0 },
	{ "RequestChangedException", CE, 400, ERR_DATA, ERRORS_FINAL, 0 },
	{ "InvalidNextTokenException", CE, 400, ERR_DATA, ERRORS_FINAL, 0 },
	{ "ResourceNotFoundException", CE, 400, ERR_USAGE, ERRORS_FINAL, 0 },
	{ "BillingViewHealthStatusException", CE, 400, ERR_USAGE,
	    ERRORS_FINAL, 0 },

	{ "ValidationException", CE, 400, ERR_USAGE, ERRORS_FINAL, 0 },
	{ "ValidationError", STS, 400, ERR_USAGE, ERRORS_FINAL, 0 },
	{ "SerializationException", CE, 400, ERR_USAGE, ERRORS_FINAL, 0 },
	{ "PackedPolicyTooLarge", STS, 400, ERR_USAGE, ERRORS_FINAL, 0 },
	{ "MalformedPolicyDocument", STS, 400, ERR_USAGE, ERRORS_FINAL, 0 },
	{ "MalformedPolicy", S3, 400, ERR_USAGE, ERRORS_FINAL, 0 },
	{ "InvalidBucketName", S3, 400, ERR_USAGE, ERRORS_FINAL, 0 },
	{ "InvalidLocationConstraint", S3, 400, ERR_USAGE, ERRORS_FINAL, 0 },
	{ "InvalidEncryptionAlgorithmError", S3, 400, ERR_USAGE,
	    ERRORS_FINAL, 0 },
	{ "KeyTooLongError", S3, 400, ERR_USAGE, ERRORS_FINAL, 0 },
	{ "InvalidAccessPointAliasError", S3, 400, ERR_USAGE, ERRORS_FINAL,
	    0 },
	{ "NotImplemented", S3, 501, ERR_USAGE, ERRORS_FINAL, 0 },
	{ "BucketAlreadyExists", S3, 409, ERR_BUCKET, ERRORS_FINAL, 0 },
	{ "BucketAlreadyOwnedByYou", S3, 409, ERR_BUCKET, ERRORS_FINAL, 0 },
	{ "InvalidBucketState", S3, 409, ERR_BUCKET, ERRORS_FINAL, 0 },
	{ "TooManyBuckets", S3, 400, ERR_BUCKET, ERRORS_FINAL, 0 },
	{ "EntityTooLarge", S3, 400, ERR_DATA, ERRORS_FINAL, 0 },
	{ "InvalidRange", S3, 416, ERR_DATA, ERRORS_FINAL, 0 },

	/* Codes that nobody has heard of go by their status. */
	{ "Unheard", S3, 400, ERR_INTERNAL, ERRORS_FINAL, 0 },
	{ "Unheard", S3, 403, ERR_DENIED, ERRORS_FINAL, 0 },
	{ "Unheard", CE, 401, ERR_CREDENTIALS, ERRORS_FINAL, 0 },
	{ "Unheard", S3, 404, ERR_NO_DATA, ERRORS_FINAL, 0 },
	{ "Unheard", S3, 412, ERR_DATA, ERRORS_FINAL, 0 },
	{ "Unheard", OTHER, 408, ERR_NETWORK, ERRORS_RETRY,
	    RETRY_TRANSIENT },
	{ "Unheard", OTHER, 429, ERR_NETWORK, ERRORS_RETRY,
	    RETRY_THROTTLE },
	{ "Unheard", S3, 500, ERR_NETWORK, ERRORS_RETRY, RETRY_TRANSIENT },
	{ "Unheard", S3, 502, ERR_NETWORK, ERRORS_RETRY, RETRY_TRANSIENT },
	{ "Unheard", S3, 504, ERR_NETWORK, ERRORS_RETRY, RETRY_TRANSIENT },
	{ "Unheard", S3, 501, ERR_USAGE, ERRORS_FINAL, 0 },
	{ "Unheard", S3, 505, ERR_NETWORK, ERRORS_FINAL, 0 },
	{ "Unheard", S3, 301, ERR_BUCKET, ERRORS_REGION, 0 },
	{ "Unheard", S3, 302, ERR_NETWORK, ERRORS_FINAL, 0 },
	{ "Unheard", CE, 301, ERR_NETWORK, ERRORS_FINAL, 0 },
	/* <Error> with status 200 counts as a 500. */
	{ "Unheard", S3, 200, ERR_NETWORK, ERRORS_RETRY, RETRY_TRANSIENT },
	{ "AccessDenied", S3, 200, ERR_DENIED, ERRORS_FINAL, 0 },
	/* A final code under a 5xx is still worth another try. */
	{ "NoSuchKey", S3, 503, ERR_NO_DATA, ERRORS_RETRY,
	    RETRY_TRANSIENT },
};

static void
wrap(enum errors_service service, const char *code, struct buf *out)
{
	buf_reset(out);
	if (service == CE || service == OTHER)
		buf_addf(out, "{\"__type\":\"com.amazon#%s\",\"message\":\""
		    "\"}", code);
	else if (service == S3)
		buf_addf(out, "<?xml version=\"1.0\"?>\n<Error><Code>%s"
		    "</Code><Message/></Error>", code);
	else
		buf_addf(out, "<ErrorResponse xmlns=\"urn:x\"><Error>"
		    "<Type>Sender</Type><Code>%s</Code></Error>"
		    "<RequestId>R3</RequestId></ErrorResponse>", code);
}

static void
test_codes(void)
{
	struct errors_report report;
	struct buf body;
	size_t i;

	buf_init(&body, 10000);
	for (i = 0; i < COUNT(codes); i++) {
		const char *code = codes[i].code;
		int status = codes[i].status;

		wrap(codes[i].service, code, &body);
		read_answer(codes[i].service, status, "",
		    buf_string(&body), &report);
		is_str(report.code, code, "%s %d: code", code, status);
		ok(report.aws, "%s %d: is from AWS", code, status);
		is_int(report.class, codes[i].class, "%s %d: class", code,
		    status);
		is_int(report.action, codes[i].action, "%s %d: action",
		    code, status);
		is_int(report.retry, codes[i].retry, "%s %d: retry", code,
		    status);
		ok(report.message[0] != '\0', "%s %d: has words: %s", code,
		    status, report.message);
	}
	buf_clear(&body);
}

static void
test_find(void)
{
	is_str(codes_find(S3, "NoSuchBucket")->code, "NoSuchBucket",
	    "the table is found by code");
	ok(codes_find(S3, "") == NULL, "no code, no row");
}

int
main(void)
{
	test_codes();
	test_find();
	return done_testing();
}
