#ifndef DIAG_REMEDY_H
#define DIAG_REMEDY_H

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
	/* An inline policy of the caller's that denies; empty: not found. */
	struct span policy_name;
	struct span policy;
	const char *named_policy;	/* another's name; NULL unknown */
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

/*
 * The trust policy that lets a job's identity token in: claims are as
 * identity_token_claims tells them ("iss \"...\", aud \"...\", sub
 * \"...\""). Nothing for claims that are missing or cut.
 */
void remedy_trust(const char *role_arn, const char *claims,
    struct remedy *out);

/* The statement that allows it, as JSON; principal is an ARN for a resource's
 * policy, NULL for an identity policy. */
void remedy_statement(const struct remedy_question *q, const char *principal,
    struct buf *out);

#endif
