#ifndef CREDS_PROVIDER_H
#define CREDS_PROVIDER_H

#include "aws/keys.h"
#include "base/err.h"
#include "creds/chain.h"

/* The profiles that lead to a source profile: the one that names it, the one
 * that names that one, ..., the selected one. */
struct provider_link {
	const char *profile;
	const struct provider_link *parent;
};

/* What a provider is given, and where it says why. */
struct provider_input {
	const struct chain_settings *settings;
	int64_t now;		/* seconds; 0 when there is no clock */
	const char *rejected;	/* id of keys that a service has just called
				   expired: not these again; NULL: none */
	const struct provider_link *link;	/* NULL: not a source profile */
	const char *advice;	/* for the error when nobody has keys; static;
				   NULL: none */
	char region[64];	/* where the source of the keys says that it
				   runs, if nobody named a region; else "" */
	char reason[512];	/* filled for every outcome */
};

enum provider_outcome {
	PROVIDER_FAILED = -1,	/* it applies, and err says what is wrong */
	PROVIDER_PASSED = 0,	/* it does not apply */
	PROVIDER_KEYS = 1
};

/* One const entry for each provider, in the chain's one table. keys is empty
 * on the way in; what a failure leaves there is cleared by the chain. */
struct provider {
	const char *name;
	enum provider_outcome (*resolve)(struct provider_input *input,
	    struct keys *keys, struct err *err);
};

/* The static keys in the environment. */
extern const struct provider provider_environment;

/* The static keys of the profile, in either file; two rows, because other
 * providers come between them. */
extern const struct provider provider_profile;
extern const struct provider provider_profile_config;

/* role_arn with source_profile or credential_source: STS AssumeRole. */
extern const struct provider provider_assume_role;

/* A token of an identity provider, from a file, a variable or GitHub's own
 * service: STS AssumeRoleWithWebIdentity. */
extern const struct provider provider_web_identity;

/* sso_account_id and sso_role_name: IAM Identity Center, with the token that
 * `aws sso login` left. */
extern const struct provider provider_sso;

/* login_session: the keys that `aws login` left. */
extern const struct provider provider_login;

/* credential_process: a program that prints them, run without a shell. */
extern const struct provider provider_process;

/* AWS_CONTAINER_CREDENTIALS_*: the agent of ECS or of EKS Pod Identity. */
extern const struct provider provider_container;

/* EC2's instance metadata service, version 2. Passed over where nothing
 * answers. */
extern const struct provider provider_imds;

/* Append to the reason, printf-like; what was said before is kept, "; "
 * between. Never a secret. Returns PROVIDER_PASSED. */
enum provider_outcome provider_say(struct provider_input *input,
    const char *format, ...) __attribute__((format(printf, 2, 3)));

/* What the profile says of a key; absent: text NULL. */
struct profile_value provider_value(const struct provider_input *input,
    const char *key);

/*
 * Where a service is asked for keys. region NULL: AWS_REGION,
 * AWS_DEFAULT_REGION, the profile's, that of the profile that names it, the
 * input's.
 * ERR_USAGE for a bad endpoint or region.
 */
int provider_endpoint(const struct provider_input *input,
    enum endpoint_service service, const char *region, struct endpoint *out,
    struct err *err);

#endif
