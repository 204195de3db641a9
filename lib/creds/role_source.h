#ifndef CREDS_ROLE_SOURCE_H
#define CREDS_ROLE_SOURCE_H

#include "base/buf.h"
#include "creds/provider.h"

/*
 * The keys with which a profile's role is assumed: those of its source_profile
 * by any mechanism of a profile, another role too, or of its credential_source
 * (facts/credentials.md 4). role_source_clear in any case.
 */
struct role_source {
	struct provider_input *input;	/* of the profile with the role */
	struct profile_value value;	/* what names the source */
	const struct provider *provider;	/* the credential_source's;
						   NULL: source_profile */
	struct keys keys;		/* once resolved */
};

/*
 * What the profile says; nothing is resolved. ERR_CREDENTIALS, with file and
 * line, for neither or both, an unknown credential_source, a source profile
 * that is not there, a loop (a profile may name itself when it has static
 * keys) and a chain of more than eight profiles.
 */
int role_source_read(struct role_source *s, struct provider_input *input,
    struct err *err);
void role_source_clear(struct role_source *s);

/* All that decides whose keys these are, down the chain; for key_cache_add. */
void role_source_describe(const struct role_source *s, struct buf *subject);

/* The keys, resolved when they are asked for. s is the state. */
struct keys_source role_source_keys(struct role_source *s);

#endif
