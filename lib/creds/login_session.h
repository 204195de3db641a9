#ifndef CREDS_LOGIN_SESSION_H
#define CREDS_LOGIN_SESSION_H

#include "aws/keys.h"
#include "base/err.h"
#include "creds/provider.h"

/*
 * The keys of an `aws login` session: those in its cache file,
 * $AWS_LOGIN_CACHE_DIRECTORY or ~/.aws/login/cache, under the SHA-256 of the
 * session's name. Keys with less than five minutes left are replaced (Sign-in's
 * CreateOAuth2Token with a DPoP proof), at most once a minute among all
 * processes; the file is rewritten, because the refresh token changes each
 * time. Where that fails, keys that are still valid do. ERR_CREDENTIALS with
 * the command that signs in again.
 */
int login_session_keys(struct provider_input *input, const char *session,
    struct keys *keys, struct err *err);

#endif
