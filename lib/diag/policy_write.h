#ifndef DIAG_POLICY_WRITE_H
#define DIAG_POLICY_WRITE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/span.h"
#include "codec/json.h"
#include "diag/policy_grant.h"
#include "diag/policy_statement.h"

/*
 * Least-privilege policy documents for one bucket (design section 1, facts/
 * iam-denials.md 6). A reader fetches what others bought, and waits for what
 * they are buying. A writer buys, pushes and invalidates, within its own
 * accounts' subtrees. An admin does what verify-bucket and `invalidate
 * --purge` do. All three are identity policies; the fourth is the bucket's own
 * policy, which lets other accounts in and insists on TLS. Pure.
 */
enum policy_kind { POLICY_READER, POLICY_WRITER, POLICY_ADMIN, POLICY_BUCKET };

/* The i-th word of the command, NULL at the end; and back, false when it is
 * none. */
const char *policy_write_kind(size_t i);
bool policy_write_find(const char *name, enum policy_kind *out);

struct policy_request {
	enum policy_kind kind;
	struct policy_place place;
	struct span accounts;	/* "ID[,ID...]"; empty: every account */
	const char *kms_key;	/* NULL: no key is used */
	const char *const *costs;	/* "ce:GetTags": what the writer's
					   own types ask beyond the usual;
					   ends with NULL, may be NULL */
	bool buys;		/* a writer asks Cost Explorer */
	const struct policy_grant *grants;
	size_t grant_count;
};

/* S3 takes no larger bucket policy (white space does not count). */
#define POLICY_BUCKET_MAX 20480

/* The document, as a value of the caller's. The same request gives the same
 * bytes. */
void policy_write(const struct policy_request *rq, struct json_writer *w);

/* The same by itself, appended to out (the caller checks); indented for
 * people, without a line end. */
void policy_write_text(const struct policy_request *rq, bool indent,
    struct buf *out);

#endif
