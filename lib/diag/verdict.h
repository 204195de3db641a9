#ifndef DIAG_VERDICT_H
#define DIAG_VERDICT_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/span.h"
#include "codec/json.h"

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
	bool by_all;		/* its actions are all of a service, or all */
	char conditions[256];	/* "aws:SecureTransport, ...": their keys */
};

/* ERR_DATA for a text that is no policy document. */
int verdict_make(struct span policy, const struct verdict_question *q,
    struct verdict *out, struct err *err);

/* Does a decide against b, where several documents speak? */
bool verdict_outweighs(enum verdict_answer a, enum verdict_answer b);

/*
 * The policy without what denies the request: the action is taken out of the
 * statement where it is named by itself among others, else the statement goes.
 * Appended; nothing is when no statement would be left. Byte-exact for the
 * rest.
 */
int verdict_without(struct span policy, const struct verdict *v,
    const char *action, struct buf *out, struct err *err);

/* The policy with one statement (JSON) more; an empty policy makes a new one.
 * A statement of the same Sid gives way to it. */
int verdict_with(struct span policy, struct span statement, struct buf *out,
    struct err *err);

/* Does a pattern of a policy ('*' and '?') fit the text? nocase for actions. */
bool verdict_fits(struct span pattern, const char *text, bool nocase);

#endif
