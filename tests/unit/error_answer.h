#ifndef TESTS_ERROR_ANSWER_H
#define TESTS_ERROR_ANSWER_H

#include "aws/errors.h"

/* What errors_read makes of an answer. */
#define COUNT(rows) (sizeof (rows) / sizeof (rows)[0])

#define S3 ERRORS_S3
#define STS ERRORS_STS
#define CE ERRORS_CE
#define IAM ERRORS_IAM
#define OTHER ERRORS_OTHER

#define AMZ_ID "x-amz-request-id: REQ1\n"
#define AMZN_ID "x-amzn-requestid: REQ2\n"

static inline void
answer(struct http_response *r, int status, const char *fields,
    const char *body)
{
	http_response_init(r);
	r->body.max = 100000;
	r->status = status;
	buf_add_string(&r->fields, fields);
	buf_add_string(&r->body, body);
}

static inline void
read_answer(enum errors_service service, int status, const char *fields,
    const char *body, struct errors_report *report)
{
	struct http_response r;

	answer(&r, status, fields, body);
	errors_read(service, &r, report);
	http_response_clear(&r);
}

#endif
