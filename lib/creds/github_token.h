#ifndef CREDS_GITHUB_TOKEN_H
#define CREDS_GITHUB_TOKEN_H

#include "aws/call.h"
#include "base/buf.h"
#include "base/err.h"

/*
 * The identity token of a GitHub Actions job (GitHub: "OpenID Connect
 * reference", requesting the JWT), for the audience sts.amazonaws.com: a GET
 * of the URL in ACTIONS_ID_TOKEN_REQUEST_URL with the bearer token of
 * ACTIONS_ID_TOKEN_REQUEST_TOKEN (NULL: unset). Appended to out, whose
 * memory must be wiped. https only, unless the host is loopback.
 * ERR_CREDENTIALS, ERR_NETWORK, ERR_USAGE (the URL).
 */
int github_token_get(struct call_context *call, const char *url,
    const char *bearer, struct buf *out, struct err *err);

#endif
