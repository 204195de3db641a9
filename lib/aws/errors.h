#ifndef AWS_ERRORS_H
#define AWS_ERRORS_H

#include <stdbool.h>

#include "base/err.h"
#include "base/span.h"
#include "net/http.h"
#include "net/retry.h"

/*
 * AWS errors, classified by code and never by HTTP status alone
 * (facts/s3.md 9, cost-explorer.md 6, credentials.md 5). Pure.
 */
enum errors_service {
	ERRORS_S3, ERRORS_STS, ERRORS_CE, ERRORS_IAM, ERRORS_OTHER
};

/* What the call layer does about it. */
enum errors_action {
	ERRORS_FINAL,
	ERRORS_RETRY,		/* see retry */
	ERRORS_REGION,		/* the bucket is elsewhere: region[] */
	ERRORS_REDIRECT,	/* 307: location[] */
	ERRORS_CLOCK,		/* correct the clock once, from the Date */
	ERRORS_RENEW		/* session expired: resolve keys once */
};

/* One error answer, taken apart. Texts are redacted, bounded, printable. */
struct errors_report {
	enum err_class class;
	enum errors_action action;
	enum retry_kind retry;
	bool aws;		/* false: no AWS request id and no AWS body: a
				   proxy or captive portal answered */
	char code[64];		/* from the body or header; for bodiless HEADs
				   derived from the status: "404", "403" */
	char message[768];	/* an IAM text with its policy ARN fits */
	char request_id[96];
	char host_id[128];
	char region[64];	/* right region, when told; a DNS label */
	char location[512];	/* 307 */
};

/*
 * Understand a non-2xx answer (or a 200 with an <Error> body). Codes that we
 * do not know go by the HTTP status: 401 ERR_CREDENTIALS, 403 ERR_DENIED, 404
 * ERR_NO_DATA, 429 throttling, 500 502 503 504 (and a 200) transient, 301 and
 * 307 of S3 a region and a redirect; what is left of the 4xx means that we
 * asked something wrong: ERR_INTERNAL. A 200 whose code is unknown counts as
 * a 500.
 */
void errors_read(enum errors_service service,
    const struct http_response *response, struct errors_report *report);

/*
 * Is the body an S3 error document? For answers with status 200 to calls
 * that never return objects.
 */
bool errors_in_body(struct span body);

/*
 * The report as an error: message "SUBJECT: text (Code, HTTP status)", code,
 * request id and a first hint by class. subject is e.g.
 * "cannot read 's3://bucket/key'". Returns -1.
 */
int errors_set(struct err *err, const struct errors_report *report,
    int status, const char *subject);

#endif
