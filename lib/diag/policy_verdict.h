#ifndef DIAG_POLICY_VERDICT_H
#define DIAG_POLICY_VERDICT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/span.h"

/*
 * What a policy document says of one request, statement by statement: as AWS
 * evaluates it, but for conditions, which are only known to be there. Pure.
 */
struct verdict_question {
	const char *principal;	/* the caller's ARN; NULL unknown */
	const char *account;	/* the caller's account; NULL unknown */
	const char *action;	/* "s3:GetObject" */
	const char *resource;	/* an ARN */
};

/* The statement that decides: a Deny before an Allow, one without a condition
 * before one with. */
struct verdict {
	enum verdict_answer {
		VERDICT_NOTHING,	/* no statement is about it */
		VERDICT_ALLOW,
		VERDICT_ALLOW_IF,	/* its condition may not hold */
		VERDICT_DENY_IF,	/* its condition may not hold */
		VERDICT_DENY
	} answer;
	size_t statement;	/* its number, from 0 */
	char sid[128];		/* "" when it has none */
	bool by_all;		/* it does not name the action itself: a pattern
				   or NotAction does */
	char conditions[256];	/* "aws:SecureTransport, ...": their keys */
};

/* ERR_DATA for a text that is no policy document. */
int policy_verdict_make(struct span policy, const struct verdict_question *q,
    struct verdict *out, struct err *err);

/* Does a decide against b, where several documents speak? */
bool policy_verdict_outweighs(enum verdict_answer a, enum verdict_answer b);

#endif
