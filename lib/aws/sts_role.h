#ifndef AWS_STS_ROLE_H
#define AWS_STS_ROLE_H

#include "aws/sts.h"
#include "base/secret.h"

/* The role that is asked for. NULL: left out. Texts are sent as they are. */
struct sts_role {
	const char *arn;
	const char *session;	/* RoleSessionName */
	const char *duration;	/* DurationSeconds, in digits */
	const char *external_id;
	const char *mfa_serial;
	const char *mfa_code;
};

/*
 * AssumeRole, signed with keys, and AssumeRoleWithWebIdentity, unsigned, with
 * the identity provider's token (facts/credentials.md 5). 0 with temporary
 * keys in *out (empty on the way in): expiry set, the account from the
 * AssumedRoleUser's ARN. -1 with err: ERR_CREDENTIALS when STS refused, with
 * what may mend it as the hint; ERR_NETWORK when it could not be asked;
 * ERR_DATA when the answer makes no sense.
 */
int sts_role_assume(struct call_context *context,
    const struct endpoint *endpoint, const struct keys_source *keys,
    const struct sts_role *role, struct keys *out, struct err *err);
int sts_role_assume_with_token(struct call_context *context,
    const struct endpoint *endpoint, const struct secret *token,
    const struct sts_role *role, struct keys *out, struct err *err);

#endif
