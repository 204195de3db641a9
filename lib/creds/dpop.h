#ifndef CREDS_DPOP_H
#define CREDS_DPOP_H

#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "creds/p256.h"
#include "sys/rand.h"

/*
 * A proof of possession (RFC 9449): a JWT, signed with the key whose public
 * half it shows, for one POST to url at now (seconds). Appended to out. -1
 * with err when there is no randomness for its id, or the key is none.
 */
int dpop_proof(const struct p256_key *key, const char *url, int64_t now,
    const struct rand *rand, struct buf *out, struct err *err);

#endif
