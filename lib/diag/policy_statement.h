#ifndef DIAG_POLICY_STATEMENT_H
#define DIAG_POLICY_STATEMENT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/span.h"
#include "codec/json.h"

/*
 * The statements of IAM and bucket policies, for advice on one action as for
 * whole documents (facts/iam-denials.md 5, 6). Pure; the caller checks the
 * writer's buffer.
 */
struct policy_place {
	const char *partition;	/* "aws", "aws-cn", ... */
	const char *bucket;
	const char *prefix;	/* normalised; NULL: "" */
	const char *region;	/* the bucket's; NULL when unknown */
};

/* {"Sid":SID,"Effect":...; json_close_object ends it. */
void policy_statement_open(struct json_writer *w, const char *sid, bool allow);

/* A member that is one string or, where n is another number than one, an
 * array: open, put the n strings, close. */
void policy_statement_list_open(struct json_writer *w, const char *name,
    size_t n);
void policy_statement_list_close(struct json_writer *w, size_t n);

/* "Action"; the list ends with NULL. */
void policy_statement_actions(struct json_writer *w,
    const char *const *actions);

/* One ARN: of the bucket itself, or of what lies in it. */
void policy_statement_put_bucket(struct json_writer *w,
    const struct policy_place *place);
void policy_statement_put_objects(struct json_writer *w,
    const struct policy_place *place);

/*
 * The ARN of an account's objects below a root ("cache-v1/"); account empty:
 * of every account. What a policy would take for a wildcard or a variable in
 * the prefix stands for itself.
 */
void policy_statement_put_tree(struct json_writer *w,
    const struct policy_place *place, const char *root,
    struct span account);

/* Whole statements. A missing key answers 404 only to who may list, and HEAD
 * of the bucket brings no prefix along: so it comes without a condition. */
void policy_statement_list_bucket(struct json_writer *w,
    const struct policy_place *place);

/*
 * The use of a KMS key by way of S3: to read or, with write, to write too. key
 * is an ARN, an id, an alias (policies know no aliases: a condition does), or
 * NULL for any key.
 */
void policy_statement_key(struct json_writer *w,
    const struct policy_place *place, bool write, struct span key);

/* Cost Explorer, which knows no resources; the list ends with NULL. */
void policy_statement_costs(struct json_writer *w, const char *const *actions);

#endif
