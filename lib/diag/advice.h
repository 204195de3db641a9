#ifndef DIAG_ADVICE_H
#define DIAG_ADVICE_H

#include "base/buf.h"
#include "base/err.h"

/*
 * From an error and what was tried to what mends it: the commands that make a
 * missing bucket, the smallest policy statement for a denied action. Pure.
 */
struct advice_question {
	const struct err *err;	/* with its action */
	const char *bucket;	/* NULL when there is none */
	const char *prefix;	/* normalised, may be "" */
	const char *account;	/* of the entry, may be NULL */
	const char *region;	/* the bucket's, NULL when unknown */
	const char *endpoint;	/* a custom S3 endpoint, or NULL */
	const char *kms_key_id;	/* or NULL */
};

/*
 * Lines for a person (no trailing empty line), appended to out; nothing when
 * there is nothing to advise. The caller checks out.
 */
void advice_text(const struct advice_question *q, struct buf *out);

#endif
