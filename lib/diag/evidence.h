#ifndef DIAG_EVIDENCE_H
#define DIAG_EVIDENCE_H

#include <stdbool.h>

#include "aws/iam.h"
#include "diag/denial.h"
#include "diag/policy_verdict.h"

/*
 * Who denied a request, where the answer does not say it: from what IAM
 * simulates and the policies that could be read, in the order of AWS's own
 * evaluation (facts/iam-denials.md 5). Pure, and it never guesses: one thing
 * that is not known leaves the layer unknown.
 */
struct evidence {
	bool simulated;		/* and what of it: */
	struct iam_simulation simulation;
	/* The caller's policies, as policy_caller has them. */
	bool whole;
	enum verdict_answer own;
	bool bounded;
	enum verdict_answer limit;
	/* The policy of what was asked for: a bucket's or, trust, a role's,
	 * which has to allow it in any case. */
	bool trust;
	bool resource_read;	/* it is known, or known to be none */
	enum verdict_answer resource;
	bool condition_met;	/* the one of its VERDICT_DENY_IF is */
	bool foreign;		/* it is another account's */
};

struct evidence_finding {
	enum denial_layer layer;	/* DENIAL_UNKNOWN: not told */
	enum denial_kind kind;
	bool own_allow;		/* the caller's own side allows it */
};

void evidence_weigh(const struct evidence *e, struct evidence_finding *out);

#endif
