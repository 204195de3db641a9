#include "error_answer.h"
#include "tap.h"

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
	read_answer(CE, 400, AMZN_ID, "{\"__type\":\"ValidationException\","
	    "\"message\":\"You haven't enabled historical data beyond 14 "
	    "months.\"}", &r);
	errors_set(&err, &r, 400, "cannot buy");
	is_int(err.class, ERR_NOT_ENABLED, "too far back: class");
	has_str(err.hint, "a month of the last 14", "too far back: hint");

	err_clear(&err);
	err_set(&err, ERR_USAGE, "earlier");
	errors_set(&err, &r, 403, "later");
	is_str(err.message, "earlier", "the first cause stays");
	is_str(err.hint, "", "with its own hint");
}

int
main(void)
{
	test_envelopes();
	test_secrets();
	test_not_aws();
	test_region();
	test_texts();
	test_in_body();
	test_set();
	return done_testing();
}
