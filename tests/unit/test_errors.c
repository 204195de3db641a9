#include "tap.h"

#include "aws/codes.h"
#include "aws/errors.h"

#define COUNT(rows) (sizeof (rows) / sizeof (rows)[0])

#define S3 ERRORS_S3
#define STS ERRORS_STS
#define CE ERRORS_CE
#define IAM ERRORS_IAM
#define OTHER ERRORS_OTHER

#define AMZ_ID "x-amz-request-id: REQ1\n"
#define AMZN_ID "x-amzn-requestid: REQ2\n"

static void
answer(struct http_response *r, int status, const char *fields,
    const char *body)
{
	http_response_init(r);
	r->body.max = 100000;
	r->status = status;
	buf_add_string(&r->fields, fields);
	buf_add_string(&r->body, body);
}

static void
read_answer(enum errors_service service, int status, const char *fields,
    const char *body, struct errors_report *report)
{
	struct http_response r;

	answer(&r, status, fields, body);
	errors_read(service, &r, report);
	http_response_clear(&r);
}

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
test_envelopes(void)
{
	struct errors_report r;

	read_answer(S3, 403, AMZ_ID "x-amz-id-2: HOST/1+=\n",
	    "<Error><Code>AccessDenied</Code><Message>Access Denied"
	    "</Message><RequestId>BODY</RequestId></Error>", &r);
	is_str(r.request_id, "REQ1", "the header's request id wins");
	is_str(r.host_id, "HOST/1+=", "host id");
	is_str(r.message, "Access Denied", "S3: message");

	read_answer(STS, 403, "", "<ErrorResponse><Error><Code>AccessDenied"
	    "</Code><Message>no</Message></Error><RequestId>abc</RequestId>"
	    "</ErrorResponse>", &r);
	is_str(r.request_id, "abc", "STS: request id of the body");

	read_answer(CE, 400, AMZN_ID, "{\"__type\":"
	    "\"ns#ThrottlingException:http://x/\",\"Message\":\"slow\"}",
	    &r);
	is_str(r.code, "ThrottlingException", "namespace and URI are off");
	is_str(r.message, "slow", "Message with a capital");
	is_str(r.request_id, "REQ2", "x-amzn-RequestId");

	read_answer(OTHER, 401, "x-amzn-errortype: UnauthorizedException:x\n",
	    "{\"message\":\"Session token not found or invalid\"}", &r);
	is_str(r.code, "UnauthorizedException", "code of the header");
	is_str(r.message, "Session token not found or invalid",
	    "message of the body");

	read_answer(OTHER, 400, AMZN_ID, "{\"error\":\"invalid_grant\","
	    "\"error_description\":\"gone\"}", &r);
	is_str(r.code, "invalid_grant", "OAuth: error");
	is_str(r.message, "gone", "OAuth: error_description");

	read_answer(S3, 404, AMZ_ID, "", &r);
	is_str(r.code, "404", "a bare HEAD has its status as code");
	is_str(r.message, "not found", "and plain words");
	is_int(r.class, ERR_NO_DATA, "bare 404: class");
	read_answer(S3, 403, AMZ_ID, "", &r);
	is_str(r.code, "403", "bare 403");
	is_int(r.class, ERR_DENIED, "bare 403: class");

	read_answer(S3, 403, AMZ_ID, "<Error><Code>AccessDenied</Code>"
	    "<Message>cut", &r);
	is_str(r.code, "403", "a cut document goes by its status");
	is_int(r.class, ERR_DENIED, "a cut document: class");
	read_answer(S3, 403, AMZ_ID, "<!DOCTYPE x [<!ENTITY a \"b\">]>"
	    "<Error><Code>&a;</Code></Error>", &r);
	is_str(r.code, "403", "entities are not expanded");
	read_answer(S3, 404, AMZ_ID, "<Error><Code>NoSuchKey</Code>"
	    "<Message></Message></Error>", &r);
	is_str(r.message, "there is no such object",
	    "Ceph's empty message has words");
}

static void
test_secrets(void)
{
	struct errors_report r;

	read_answer(S3, 400, AMZ_ID, "<Error><Code>ExpiredToken</Code>"
	    "<Message>The provided token has expired.</Message>"
	    "<Token-0>IQoJb3JpZ2luX2VjEXAMPLESECRETSECRETSECRETSECRET"
	    "</Token-0></Error>", &r);
	is_str(r.message, "The provided token has expired.",
	    "Token-0 is left alone");
	read_answer(S3, 403, AMZ_ID, "<Error><Code>Odd\xc2\x9b[1m</Code>"
	    "<Message>bad IQoJb3JpZ2luX2VjEXAMPLESECRETSECRETSECRETSECRET "
	    "\xc2\x9b</Message></Error>", &r);
	ok(strstr(r.message, "SECRET") == NULL,
	    "a token in a message is hidden: %s", r.message);
	ok(strchr(r.code, '\xc2') == NULL, "codes are plain ASCII: %s",
	    r.code);
}

static void
test_not_aws(void)
{
	static const struct {
		int status;
		const char *fields, *body;
		enum errors_action action;
		enum retry_kind retry;
	} rows[] = {
		{ 403, "content-type: text/html\n", "<html>blocked</html>",
		    ERRORS_FINAL, 0 },
		{ 403, "", "", ERRORS_FINAL, 0 },
		{ 404, "", "{\"hello\":1}", ERRORS_FINAL, 0 },
		{ 302, "location: http://login.example/\n", "",
		    ERRORS_FINAL, 0 },
		{ 307, "location: http://login.example/\n", "",
		    ERRORS_FINAL, 0 },
		{ 301, "location: http://login.example/\n", "",
		    ERRORS_FINAL, 0 },
		{ 407, "", "proxy says no", ERRORS_FINAL, 0 },
		{ 511, "", "<html/>", ERRORS_FINAL, 0 },
		{ 503, "", "<html>busy</html>", ERRORS_RETRY,
		    RETRY_TRANSIENT },
		{ 502, "", "<Error><Message>no code</Message></Error>",
		    ERRORS_RETRY, RETRY_TRANSIENT },
		{ 429, "", "", ERRORS_RETRY, RETRY_THROTTLE },
	};
	struct errors_report r;
	size_t i;

	for (i = 0; i < COUNT(rows); i++) {
		read_answer(S3, rows[i].status, rows[i].fields,
		    rows[i].body, &r);
		ok(!r.aws, "not AWS %zu: %d", i, rows[i].status);
		is_int(r.class, ERR_NETWORK, "not AWS %zu: class", i);
		is_int(r.action, rows[i].action, "not AWS %zu: action", i);
		is_int(r.retry, rows[i].retry, "not AWS %zu: retry", i);
		is_str(r.code, "", "not AWS %zu: no code", i);
		is_str(r.message, "the answer is not from AWS",
		    "not AWS %zu: words", i);
	}
}

static void
test_region(void)
{
	static const struct {
		int status;
		const char *fields, *body, *region;
		enum errors_action action;
	} rows[] = {
		{ 301, AMZ_ID "x-amz-bucket-region: eu-west-1\n", "",
		    "eu-west-1", ERRORS_REGION },
		{ 400, AMZ_ID, "<Error><Code>AuthorizationHeaderMalformed"
		    "</Code><Region>eu-west-1</Region></Error>",
		    "eu-west-1", ERRORS_REGION },
		{ 400, AMZ_ID, "<Error><Code>AuthorizationHeaderMalformed"
		    "</Code><Message>the region 'us-east-1' is wrong; "
		    "expecting 'eu-west-1'</Message></Error>", "eu-west-1",
		    ERRORS_REGION },
		{ 400, AMZ_ID, "<Error><Code>AuthorizationHeaderMalformed"
		    "</Code><Message>mal-formed</Message></Error>", "",
		    ERRORS_FINAL },
		{ 400, AMZ_ID "x-amz-bucket-region: eu-west-1\n", "",
		    "eu-west-1", ERRORS_REGION },
		{ 403, AMZ_ID "x-amz-bucket-region: eu-west-1\n", "",
		    "eu-west-1", ERRORS_FINAL },
		{ 400, AMZ_ID "x-amz-bucket-region: eu-west-1\n",
		    "<Error><Code>ExpiredToken</Code></Error>", "eu-west-1",
		    ERRORS_RENEW },
		/* Nothing that is no DNS label gets near a host name. */
		{ 301, AMZ_ID "x-amz-bucket-region: evil.example/\n", "",
		    "", ERRORS_REGION },
		{ 301, AMZ_ID, "<Error><Code>PermanentRedirect</Code>"
		    "<Region>EU</Region></Error>", "", ERRORS_REGION },
	};
	struct errors_report r;
	size_t i;

	for (i = 0; i < COUNT(rows); i++) {
		read_answer(S3, rows[i].status, rows[i].fields,
		    rows[i].body, &r);
		is_str(r.region, rows[i].region, "region %zu", i);
		is_int(r.action, rows[i].action, "region %zu: action", i);
	}
	read_answer(S3, 307, AMZ_ID "location: https://b.s3.x.aws/k\n", "",
	    &r);
	is_str(r.location, "https://b.s3.x.aws/k", "location");
	is_int(r.action, ERRORS_REDIRECT, "307");
	read_answer(CE, 400, AMZN_ID "x-amz-bucket-region: eu-west-1\n", "",
	    &r);
	is_str(r.region, "", "only S3 has regions to tell");
}

static void
test_texts(void)
{
	static const struct {
		enum errors_service service;
		const char *code, *message;
		enum err_class class;
		enum errors_action action;
	} rows[] = {
		{ CE, "AccessDeniedException",
		    "User not enabled for cost explorer access",
		    ERR_NOT_ENABLED, ERRORS_FINAL },
		{ CE, "AccessDeniedException",
		    "Linked account doesn't have access to cost explorer.",
		    ERR_NOT_ENABLED, ERRORS_FINAL },
		{ CE, "AccessDeniedException", "User: arn:aws:iam::1:user/x "
		    "is not authorized to perform: ce:GetCostAndUsage",
		    ERR_DENIED, ERRORS_FINAL },
		{ OTHER, "AccessDeniedException",
		    "User not enabled for cost explorer access",
		    ERR_DENIED, ERRORS_FINAL },
		{ CE, "ValidationException", "You haven't enabled historical "
		    "data beyond 14 months.", ERR_NOT_ENABLED, ERRORS_FINAL },
		{ OTHER, "InvalidIdentityToken", "Couldn't retrieve "
		    "verification key from your identity provider",
		    ERR_CREDENTIALS, ERRORS_RETRY },
	};
	struct errors_report r;
	struct buf body;
	size_t i;

	buf_init(&body, 10000);
	for (i = 0; i < COUNT(rows); i++) {
		buf_reset(&body);
		buf_addf(&body, "{\"__type\":\"%s\",\"message\":\"%s\"}",
		    rows[i].code, rows[i].message);
		read_answer(rows[i].service, 400, AMZN_ID,
		    buf_string(&body), &r);
		is_int(r.class, rows[i].class, "text %zu: class", i);
		is_int(r.action, rows[i].action, "text %zu: action", i);
	}
	buf_clear(&body);
}

static void
test_in_body(void)
{
	static const struct {
		const char *body;
		bool error;
	} rows[] = {
		{ "<Error><Code>x</Code></Error>", true },
		{ "\n <?xml version=\"1.0\"?>\n<Error>", true },
		{ "<Error xmlns=\"x\">", true },
		{ "", false }, { "<", false }, { "<?xml", false },
		{ "<Errors>", false }, { "<DeleteResult><Error>", false },
		{ "{\"Error\":1}", false },
	};
	size_t i;

	for (i = 0; i < COUNT(rows); i++)
		is_int(errors_in_body(span_of(rows[i].body)), rows[i].error,
		    "<Error> in '%s'", rows[i].body);
}

static void
test_set(void)
{
	struct errors_report r;
	struct err err = { 0 };

	read_answer(S3, 403, AMZ_ID, "<Error><Code>AccessDenied</Code>"
	    "<Message>Access Denied.</Message></Error>", &r);
	is_int(errors_set(&err, &r, 403, "cannot read 's3://b/k'"), -1,
	    "errors_set returns -1");
	is_str(err.message, "cannot read 's3://b/k': Access Denied "
	    "(AccessDenied, HTTP 403)", "message");
	is_str(err.code, "AccessDenied", "code");
	is_str(err.request_id, "REQ1", "request id");
	is_int(err.class, ERR_DENIED, "class");
	has_str(err.hint, "policies", "hint");

	err_clear(&err);
	read_answer(S3, 404, AMZ_ID, "", &r);
	errors_set(&err, &r, 404, "cannot find 's3://b'");
	is_str(err.message, "cannot find 's3://b': not found (HTTP 404)",
	    "a status is not said twice");

	err_clear(&err);
	read_answer(S3, 403, "", "<html/>", &r);
	errors_set(&err, &r, 403, "cannot read");
	is_str(err.message, "cannot read: the answer is not from AWS "
	    "(HTTP 403)", "not AWS");
	has_str(err.hint, "HTTPS_PROXY", "not AWS: hint");

	err_clear(&err);
	err_set(&err, ERR_USAGE, "earlier");
	errors_set(&err, &r, 403, "later");
	is_str(err.message, "earlier", "the first cause stays");
	is_str(err.hint, "", "with its own hint");
}

int
main(void)
{
	test_codes();
	test_envelopes();
	test_secrets();
	test_not_aws();
	test_region();
	test_texts();
	test_in_body();
	test_set();
	is_str(codes_find(S3, "NoSuchBucket")->code, "NoSuchBucket",
	    "the table is found by code");
	ok(codes_find(S3, "") == NULL, "no code, no row");
	return done_testing();
}
