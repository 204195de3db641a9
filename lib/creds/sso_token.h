#ifndef CREDS_SSO_TOKEN_H
#define CREDS_SSO_TOKEN_H

#include "base/err.h"
#include "base/secret.h"
#include "creds/provider.h"

/* A sign-in to IAM Identity Center, as a profile names it. */
struct sso_session {
	const char *name;	/* of [sso-session NAME]; NULL: the legacy form,
				   keys of the profile */
	const char *start_url;
	const char *region;
};

/*
 * The access token that `aws sso login` left in ~/.aws/sso/cache, under the
 * SHA-1 of the session's name (legacy: of the start URL). One of a session
 * that has less than 15 minutes left is refreshed (OIDC's CreateToken), at
 * most once a minute among all processes, and the file rewritten; where that
 * fails, what is still valid does. ERR_CREDENTIALS with the command that signs
 * in again.
 */
int sso_token_get(struct provider_input *input,
    const struct sso_session *session, struct secret *token,
    struct err *err);

/* "sign in again: aws sso login ...", as a hint. */
void sso_token_hint(const struct provider_input *input,
    const struct sso_session *session, struct err *err);

#endif
