#ifndef TESTS_CALL_SCRIPT_H
#define TESTS_CALL_SCRIPT_H

#include "fake_aws.h"

/* A call of S3, to an AWS that plays a script. */
#define COUNT(rows) (sizeof (rows) / sizeof (rows)[0])

#define AMZ "x-amz-request-id: R\n"
#define ERROR(code) "<Error><Code>" code "</Code></Error>"
#define BUSY { 503, AMZ, ERROR("SlowDown"), 0, false, 0 }
#define FINE { 200, AMZ "etag: \"x\"\n", "body", 0, false, 0 }

static const struct call_request get = {
	.service = ERRORS_S3, .signing_name = "s3", .region = "eu-west-1",
	.method = "GET", .base_url = "https://B.s3.eu-west-1.amazonaws.com",
	.path = SPAN_LITERAL("/k%20"), .query = SPAN_LITERAL("a=b"),
	.max_body = 1000, .subject = "cannot read 'k'",
};

#endif
