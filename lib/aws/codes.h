#ifndef AWS_CODES_H
#define AWS_CODES_H

#include "aws/errors.h"
#include "base/err.h"
#include "net/retry.h"

/*
 * What AWS's error codes mean (facts/s3.md 9, cost-explorer.md 6,
 * credentials.md 5 and 7, retries.md 2). A table; errors_read looks into it.
 */
struct codes_row {
	const char *code;	/* a '*' at the end: any rest */
	unsigned services;	/* bits 1 << enum errors_service */
	enum err_class class;
	enum errors_action action;
	enum retry_kind retry;
	const char *words;	/* for answers that bring no message */
};

/* The row for a code of that service; NULL when the code is unknown. */
const struct codes_row *codes_find(enum errors_service service,
    const char *code);

#endif
