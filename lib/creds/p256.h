#ifndef CREDS_P256_H
#define CREDS_P256_H

#include <stdbool.h>

#include "base/err.h"
#include "base/secret.h"
#include "base/span.h"

/*
 * ECDSA with NIST P-256 and SHA-256 ("ES256", RFC 7518 3.4), for the proofs
 * that `aws login` sessions are refreshed with. Zero-initialise.
 */
#define P256_COORDINATE 32
#define P256_SIGNATURE 64

struct p256_key {
	struct secret scalar;
	unsigned char x[P256_COORDINATE];	/* of the public point */
	unsigned char y[P256_COORDINATE];
};

/* A private key as PEM, SEC 1 ("EC PRIVATE KEY") or PKCS #8. ERR_CREDENTIALS,
 * without any of it, for another kind of key or none. */
int p256_read(struct p256_key *key, struct span pem, struct err *err);
void p256_clear(struct p256_key *key);	/* harmless twice */

/* r and s of the message's signature, big-endian; k comes from key and
 * message (RFC 6979), no randomness is needed. False for a key that is none. */
bool p256_sign(const struct p256_key *key, struct span message,
    unsigned char signature[P256_SIGNATURE]);

#endif
