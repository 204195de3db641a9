#ifndef DIAG_REMEDY_H
#define DIAG_REMEDY_H

#include <stdbool.h>

#include "aws/iam.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/span.h"
#include "diag/diagnosis.h"

/*
 * From a denial to what mends it: the smallest statement for the side that
 * has to change, and the command that applies it. Pure.
 */
struct remedy_question {
	const struct diagnosis *diagnosis;
	/* What the statement shall allow: NULL-terminated each. Wider than the
	 * one key that was denied, no wider than what the product needs. */
	const char *const *actions;
	const char *const *resources;	/* ARNs */
	const char *bucket;	/* NULL: none is concerned */
	const char *endpoint;	/* a configured S3 endpoint, or NULL */
	const char *account;	/* the caller's; NULL unknown */
	struct span bucket_policy;	/* as it stands; empty: none, or it
					   could not be read (see readable) */
	bool readable;
	struct span trust_policy;	/* the role's; empty: not known */
	/* The policy of the caller's side that decides: the one that denies,
	 * or his boundary. */
	struct remedy_policy {
		struct iam_holder holder;	/* what it hangs on */
		bool managed;		/* then its name is its ARN */
		struct span name, text;	/* text empty: not found */
	} decides;
	const char *named_policy;	/* another's name; NULL unknown */
	bool own_allow;		/* the caller's own side allows it */
};

/* A person's words, a policy (JSON, as it is to be applied) and a command,
 * each of which may stay empty. The caller checks the buffers. */
struct remedy {
	struct buf text;
	struct buf policy;
	struct buf command;
};

void remedy_init(struct remedy *r);
void remedy_clear(struct remedy *r);

int remedy_make(const struct remedy_question *q, struct remedy *out,
    struct err *err);

/* The statement that allows it, as JSON; principal is an ARN for a resource's
 * policy, NULL for an identity policy. */
void remedy_statement(const struct remedy_question *q, const char *principal,
    struct buf *out);

/* ------------------------------------------------ for remedy*.c */

/* "s3:GetObject" names "TeamcacheGetObject": for a Sid, and for a policy. */
void remedy_sid(const struct remedy_question *q, struct buf *out);

/* " OPTION WORD", quoted for a shell. */
void remedy_word(struct buf *command, const char *option, const char *word);

#endif
