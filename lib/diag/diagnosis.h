#ifndef DIAG_DIAGNOSIS_H
#define DIAG_DIAGNOSIS_H

#include <stdbool.h>

#include "aws/errors.h"
#include "base/err.h"
#include "diag/denial.h"
#include "net/http.h"

/*
 * From an error, and what else is known, to what is wrong and what mends it
 * (facts/iam-denials.md 3 and 4). Pure: one table, and AWS's own words.
 */

/* What other checks and the settings tell; bits of diagnosis_question.facts. */
enum {
	DIAGNOSIS_NOT_AWS = 1 << 0,	/* the answer is none of AWS's */
	DIAGNOSIS_SKEWED = 1 << 1,	/* the clocks differ by minutes */
	DIAGNOSIS_TOKEN_MISSING = 1 << 2,	/* an ASIA key without token */
	DIAGNOSIS_PLAIN_HTTP = 1 << 3,	/* http://, and the bucket's policy
					   may ask for TLS */
	DIAGNOSIS_DOTTED = 1 << 4,	/* a bucket name with dots */
	DIAGNOSIS_OTHERS_ANSWER = 1 << 5,	/* other endpoints can be
						   reached */
	DIAGNOSIS_LISTED_ABSENT = 1 << 6,	/* listing works, and the key
						   is not in it */
	DIAGNOSIS_LISTED_PRESENT = 1 << 7,	/* ... and the key is in it */
	DIAGNOSIS_GET_WORKS = 1 << 8,	/* objects can be read */
	DIAGNOSIS_OWNER_ONLY = 1 << 9,	/* it passes without the expected
					   owner's header */
	DIAGNOSIS_OTHER_ACCOUNT = 1 << 10,	/* the bucket is another
						   account's */
	DIAGNOSIS_ACCOUNT_DIFFERS = 1 << 11,	/* the keys are not of the
						   account that is wanted */
	DIAGNOSIS_CONFIGURATION = 1 << 12,	/* it was only a look at the
						   bucket's configuration */
	DIAGNOSIS_OPT_IN_REGION = 1 << 13,	/* one that has to be enabled,
						   and STS answers elsewhere */
	DIAGNOSIS_VERSIONING_NEW = 1 << 14	/* switched on minutes ago */
};

struct diagnosis_question {
	const struct err *err;	/* class ERR_NONE: nothing failed */
	enum errors_service service;
	int status;		/* HTTP; 0: no answer */
	enum http_fault fault;	/* below HTTP */
	const char *action;	/* what the request needs, "s3:GetObject" */
	const char *resource;	/* its ARN; NULL unknown */
	const char *principal;	/* the caller's ARN; NULL unknown */
	unsigned facts;
	/* What policies that could be read, or a simulation, say; for answers
	 * that do not explain themselves. */
	enum denial_layer layer;
	enum denial_kind kind;
};

struct diagnosis {
	const char *cause;	/* a stable word, "wrong-region" */
	const char *words;	/* what is wrong, in mid-sentence */
	const char *next;	/* what to do; "": see the remedy */
	bool denial;		/* a policy said no, and what follows holds */
	bool told;		/* layer and kind are known, not guessed */
	enum denial_layer layer;
	enum denial_kind kind;
	char action[96];	/* AWS's word for it before the caller's */
	char resource[1280];	/* "" unknown */
	char principal[768];	/* "" unknown */
	char policy_arn[512];	/* "" unknown */
};

void diagnosis_make(const struct diagnosis_question *q,
    struct diagnosis *out);

/* Whom to ask about a layer that the caller's own account cannot change, in
 * mid-sentence; NULL where it can. */
const char *diagnosis_whom(enum denial_layer layer);

#endif
