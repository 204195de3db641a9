#ifndef DIAG_EMIT_H
#define DIAG_EMIT_H

#include <stdbool.h>
#include <stddef.h>

#include "aws/lifecycle.h"
#include "base/buf.h"
#include "base/err.h"
#include "codec/json.h"
#include "diag/policy_grant.h"
#include "diag/policy_statement.h"

/*
 * Infrastructure code for a bucket that verify-bucket passes: versioned,
 * encrypted, without ACLs and public access, for TLS only, with lifecycle
 * rules, and open to those who are named. Every value from outside is escaped
 * for the place where it stands. Pure.
 */
enum emit_format { EMIT_TERRAFORM, EMIT_CLOUDFORMATION, EMIT_AWS_CLI };

/* The format of that name; false when there is none. */
bool emit_find(const char *name, enum emit_format *out);

struct emit_request {
	enum emit_format format;
	struct policy_place place;	/* with its region */
	const char *endpoint;	/* another store than AWS's, or NULL */
	const char *kms_key;	/* NULL: AES256 */
	const struct lifecycle_wish *rules;
	size_t rule_count;
	const struct policy_grant *grants;
	size_t grant_count;
};

/* The text, appended to out, which the caller checks. ERR_USAGE where the
 * region is not known, or the format has no way to the endpoint. */
int emit_text(const struct emit_request *rq, struct buf *out,
    struct err *err);

/* The formats, one a file; a request that emit_text lets pass. */
void emit_terraform(const struct emit_request *rq, struct buf *out);
void emit_cloudformation(const struct emit_request *rq, struct buf *out);
void emit_aws_cli(const struct emit_request *rq, struct buf *out);

/* The bucket's policy, which all of them have. */
void emit_policy(const struct emit_request *rq, struct json_writer *w);

#endif
