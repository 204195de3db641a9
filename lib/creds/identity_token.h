#ifndef CREDS_IDENTITY_TOKEN_H
#define CREDS_IDENTITY_TOKEN_H

#include "base/buf.h"
#include "base/secret.h"
#include "creds/provider.h"

/*
 * Where an identity provider's token (a JWT) comes from, and the token. The
 * environment counts unless a profile was named on the command line:
 *
 *	AWS_WEB_IDENTITY_TOKEN_FILE		a file
 *	web_identity_token_file of the profile	a file
 *	TEAMCACHE_WEB_IDENTITY_TOKEN		the token itself
 *	GITLAB_OIDC_TOKEN, BITBUCKET_STEP_OIDC_TOKEN,
 *	CIRCLE_OIDC_TOKEN_V2, CIRCLE_OIDC_TOKEN	the same, as CI names it
 *	ACTIONS_ID_TOKEN_REQUEST_URL, _TOKEN	GitHub Actions' own service
 *
 * The SDKs know the first two. The others, which are there for all sorts of
 * purposes, count together with AWS_ROLE_ARN only.
 */
enum identity_token_kind {
	IDENTITY_TOKEN_NONE, IDENTITY_TOKEN_FILE, IDENTITY_TOKEN_VARIABLE,
	IDENTITY_TOKEN_GITHUB
};

struct identity_token {
	enum identity_token_kind kind;
	const char *text;	/* path, token or URL; borrowed */
	const char *name;	/* what says so: a variable, the key */
	const char *file;	/* where the key stands; NULL: a variable */
	unsigned line;
};

/* The first that is there; why others were passed over goes into the input's
 * reason. */
struct identity_token identity_token_find(struct provider_input *input);

/*
 * The token itself: the file is read, GitHub asked, at each call. Trimmed.
 * ERR_CREDENTIALS when it cannot be had or can be no token.
 */
int identity_token_get(const struct identity_token *from,
    const struct provider_input *input, struct secret *token,
    struct err *err);

/*
 * The token's claims iss, aud and sub, as they are compared with a role's
 * trust policy, appended as "iss \"...\", aud ...": nothing secret. brief, for
 * people, cuts them and adds exp. Appends nothing when the token is no JWT.
 */
void identity_token_claims(const struct secret *token, bool brief,
    struct buf *out);

#endif
