#ifndef CREDS_PROVIDER_H
#define CREDS_PROVIDER_H

#include "aws/keys.h"
#include "base/err.h"
#include "creds/chain.h"

/* What a provider is given, and where it says why. */
struct provider_input {
	const struct chain_settings *settings;
	int64_t now;		/* seconds; 0 when there is no clock */
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

/*
 * What this version does not support. Each applies where the SDKs' provider
 * would and then fails, saying so, instead of letting a later one give
 * another identity; the instance metadata service is only named.
 */
extern const struct provider provider_pending_assume_role;
extern const struct provider provider_pending_web_identity;
extern const struct provider provider_pending_sso;
extern const struct provider provider_pending_login;
extern const struct provider provider_pending_process;
extern const struct provider provider_pending_container;
extern const struct provider provider_pending_imds;

/* Append to the reason, printf-like; what was said before is kept, "; "
 * between. Never a secret. Returns PROVIDER_PASSED. */
enum provider_outcome provider_say(struct provider_input *input,
    const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
