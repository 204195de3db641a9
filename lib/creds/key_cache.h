#ifndef CREDS_KEY_CACHE_H
#define CREDS_KEY_CACHE_H

#include <stdbool.h>
#include <stdint.h>

#include "aws/keys.h"
#include "base/buf.h"
#include "base/err.h"
#include "creds/provider.h"
#include "sys/env.h"

/*
 * Keys that a request gave (STS, SSO), kept below the state directory until
 * they expire: credentials/<SHA-256 of what produced them>, 0600. Many
 * processes may ask at once: one makes the request while the others wait for
 * its result. settings.disk_cache off, or a state directory that cannot be
 * used: every fetch makes its request. A file that cannot be read, or holds
 * something else, is a miss. Keys without an expiry are never kept.
 */
struct key_cache_request {
	const char *kind;	/* "assume-role", "sso", ... */
	struct span subject;	/* all that decides which keys come, made
				   with key_cache_add; no secret */
	int64_t early;		/* seconds before the end at which new ones are
				   fetched; 0: 300. When that fails, the old
				   ones do until their end */
	int (*fetch)(void *state, struct keys *keys, struct err *err);
				/* the request: keys (empty on the way in), or
				   -1 with err */
	void *state;
};

/* Does the setting credential_cache (auto, on, off; NULL: auto) ask for it?
 * auto: unless CI is set, whose machines are thrown away or shared. */
bool key_cache_wanted(const char *mode, const struct env *env);

/* Append one part of a subject; value may be NULL (another subject than ""). */
void key_cache_add(struct buf *subject, const char *name, const char *value);

/*
 * Keys from the cache, or fetched and put there. Keys whose id is
 * input->rejected do not count as cached. keys is empty on the way in. What
 * was done is said in the input's reason. 0, or -1 with the fetch's err (or
 * that of keys which come expired).
 */
int key_cache_fetch(struct provider_input *input,
    const struct key_cache_request *request, struct keys *keys,
    struct err *err);

#endif
