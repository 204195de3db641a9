#ifndef AWS_KEYS_H
#define AWS_KEYS_H

#include <stdint.h>

#include "base/err.h"
#include "base/secret.h"

/*
 * One set of AWS keys, frozen as a tuple for a request. Zero-initialise;
 * keys_clear wipes and frees.
 */
struct keys {
	char access_key_id[132];	/* "" when there are none */
	struct secret secret_key;
	struct secret session_token;	/* not present for long-term keys */
	int64_t expires_at;		/* seconds, 0 when never or unknown */
	char account_id[13];		/* "" when it takes a request to know */
};

void keys_clear(struct keys *k);
int keys_copy(struct keys *to, const struct keys *from, struct err *err);

/*
 * Where a caller gets keys at the moment it needs them. renew asks for a new
 * resolution because a service said that these have expired. *keys stays
 * valid until the next call. -1 with err (ERR_CREDENTIALS) when none.
 */
struct keys_source {
	int (*get)(void *state, bool renew, const struct keys **keys,
	    struct err *err);
	void *state;
};

#endif
