#ifndef AWS_IAM_H
#define AWS_IAM_H

#include <stdbool.h>

#include "aws/call.h"
#include "aws/endpoint.h"
#include "base/buf.h"

/* What IAM can be asked about a caller: its policies, and what they allow.
 * All of it needs rights of its own (iam:Simulate..., iam:Get..., iam:List...),
 * whose lack is ERR_DENIED. */

/* What policies hang on. */
struct iam_holder {
	enum iam_kind { IAM_USER, IAM_ROLE, IAM_GROUP } kind;
	char name[129];
};

/* "user", "role", "group". */
const char *iam_kind_name(enum iam_kind kind);

struct iam_caller {
	struct iam_holder holder;	/* a user or a role */
	char arn[512];		/* of the user, or of the role itself */
};

/* From the ARN that GetCallerIdentity gives; false for root, federated users
 * and what is no ARN. A role's path is not in it: see iam_look. */
bool iam_caller_of(const char *arn, struct iam_caller *out);

/* A role's name from its ARN ("arn:...:role/PATH/NAME"); false for others. */
bool iam_role_of(const char *arn, struct iam_holder *out);

struct iam_place {
	struct call_context *context;
	const struct endpoint *endpoint;
	const struct keys_source *keys;
};

/* A user or a role as IAM has it. */
struct iam_record {
	char arn[512];		/* with its path */
	char boundary[512];	/* the permissions boundary's ARN; "" none */
	struct buf trust;	/* a role's trust policy */
};
void iam_record_init(struct iam_record *r);
void iam_record_clear(struct iam_record *r);	/* harmless twice */

/* iam:GetUser, iam:GetRole. */
int iam_look(const struct iam_place *place, const struct iam_holder *holder,
    struct iam_record *out, struct err *err);

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

/* The holder's policies, a line each, appended: the names of its inline ones
 * or, managed, the ARNs of those attached to it. ERR_DATA when IAM has more of
 * them than it lists at once. */
int iam_policies(const struct iam_place *place,
    const struct iam_holder *holder, bool managed, struct buf *out,
    struct err *err);

/* The names of the groups a user is in, as above. */
int iam_groups(const struct iam_place *place,
    const struct iam_holder *user, struct buf *out, struct err *err);

/* The document of an inline policy, and of a managed one as it is in force;
 * appended. */
int iam_policy_get(const struct iam_place *place,
    const struct iam_holder *holder, struct span name, struct buf *out,
    struct err *err);
int iam_managed_get(const struct iam_place *place, struct span arn,
    struct buf *out, struct err *err);

#endif
