#ifndef DIAG_POLICY_CALLER_H
#define DIAG_POLICY_CALLER_H

#include <stdbool.h>

#include "aws/iam.h"
#include "base/buf.h"
#include "diag/policy_verdict.h"

/*
 * A caller's own policies, read from IAM as far as it lets them be read, and
 * what they say of one request: the inline and the managed ones of a user or
 * a role, those of a user's groups, and the permissions boundary.
 */

/* One of them. */
struct policy_held {
	struct iam_holder holder;	/* what it hangs on */
	bool managed;
	struct buf name;	/* an inline one's name, a managed one's ARN */
	struct buf text;	/* empty: not found, not read */
};

struct policy_caller {
	bool whole;		/* every one was read */
	enum verdict_answer own;	/* all but the boundary, together */
	struct policy_held denying;	/* the first that denies outright */
	bool bounded;		/* there is a boundary */
	enum verdict_answer limit;	/* what it says, where it was read */
	struct policy_held boundary;
};

void policy_caller_init(struct policy_caller *p);
void policy_caller_clear(struct policy_caller *p);	/* twice: harmless */

/* Ask IAM; ends at the first that denies. What cannot be read makes it less
 * than whole, nothing more. */
void policy_caller_fetch(const struct iam_place *place,
    const struct iam_caller *who, const char *action, const char *resource,
    struct policy_caller *out);

#endif
