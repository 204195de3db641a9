#ifndef DIAG_POLICY_GRANT_H
#define DIAG_POLICY_GRANT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/span.h"

/* Who may do what in the bucket: what its own policy is to say. Pure. */
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
int policy_grant_parse(const char *text, bool writes,
    struct policy_grant *out, struct err *err);

/* Each principal once as a writer and once as a reader, at most: their
 * statements have one name each. Else ERR_USAGE. */
int policy_grant_check(const struct policy_grant *grants, size_t count,
    struct err *err);

#endif
