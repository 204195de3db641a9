#ifndef AWS_IAM_H
#define AWS_IAM_H

#include <stdbool.h>

#include "aws/call.h"
#include "aws/endpoint.h"
#include "base/buf.h"

/* What IAM can be asked about a caller: its policies, and what they allow.
 * All of it needs rights of its own (iam:Simulate..., iam:Get..., iam:List...),
 * whose lack is ERR_DENIED. */
struct iam_caller {
	bool role;		/* else a user */
	char name[129];
	char arn[512];		/* of the user, or of the role itself */
};

/* From the ARN that GetCallerIdentity gives; false for root, federated users
 * and what is no ARN. A role's path is not in it: see iam_caller_complete. */
bool iam_caller_of(const char *arn, struct iam_caller *out);

struct iam_place {
	struct call_context *context;
	const struct endpoint *endpoint;
	const struct keys_source *keys;
};

/* iam:GetRole, for the role's ARN with its path. */
int iam_caller_complete(const struct iam_place *place,
    struct iam_caller *caller, struct err *err);

/* iam:SimulatePrincipalPolicy of one action on one resource: identity
 * policies, boundary and, in a member account, service control policies. Not
 * the bucket's policy, nor conditions on the request. */
struct iam_simulation {
	enum iam_decision {
		IAM_ALLOWED, IAM_IMPLICIT_DENY, IAM_EXPLICIT_DENY
	} decision;
	bool boundary_denies;
	bool organization_denies;
	char policy[256];	/* the name of the one that decides, or "" */
};
int iam_simulate(const struct iam_place *place,
    const struct iam_caller *caller, const char *action,
    const char *resource, struct iam_simulation *out, struct err *err);

/* The names of the caller's inline policies, a line each, appended. */
int iam_policy_names(const struct iam_place *place,
    const struct iam_caller *caller, struct buf *out, struct err *err);

/* The document of one of them, appended. */
int iam_policy_get(const struct iam_place *place,
    const struct iam_caller *caller, struct span name, struct buf *out,
    struct err *err);

#endif
