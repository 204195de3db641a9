#ifndef DIAG_POLICIES_H
#define DIAG_POLICIES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/span.h"
#include "codec/json.h"
#include "diag/statement.h"

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
const char *policies_name(size_t i);
bool policies_find(const char *name, enum policy_kind *out);

/* Who may do what in the bucket: for POLICY_BUCKET. */
struct policy_grant {
	struct span principal;	/* an account's twelve digits, or an ARN */
	struct span accounts;	/* "ID[,ID...]"; empty: every account */
	bool writes;
};

/*
 * PRINCIPAL=ID[,ID...], or PRINCIPAL alone where it does not write; views
 * into text. ERR_USAGE, with what is wrong, for anything else: a principal is
 * an account, or the ARN of a user, a role or a role's session without
 * wildcards.
 */
int policies_grant_read(const char *text, bool writes,
    struct policy_grant *out, struct err *err);

/* Each principal once as a writer and once as a reader, at most: their
 * statements have one name each. Else ERR_USAGE. */
int policies_grants_check(const struct policy_grant *grants, size_t count,
    struct err *err);

struct policy_request {
	enum policy_kind kind;
	struct statement_place place;
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
void policies_put(const struct policy_request *rq, struct json_writer *w);

/* The same by itself, appended to out (the caller checks); indented for
 * people, without a line end. */
void policies_document(const struct policy_request *rq, bool indent,
    struct buf *out);

#endif
