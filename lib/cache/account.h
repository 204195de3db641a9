#ifndef CACHE_ACCOUNT_H
#define CACHE_ACCOUNT_H

#include "base/err.h"
#include "cache/session.h"

/*
 * The account that names the key: --account and account_id, the profile's
 * role or SSO account, what is remembered of the access key, else
 * GetCallerIdentity (remembered). 0, or -1 with err.
 */
int account_name(struct session *s, char account[13], struct err *err);

/*
 * Prove that the keys belong to the account before money is spent or a
 * built-in type is pushed: what came with the keys, or GetCallerIdentity
 * (remembered by access-key id). Another account: ERR_USAGE.
 */
int account_prove(struct session *s, const char *account, struct err *err);

#endif
