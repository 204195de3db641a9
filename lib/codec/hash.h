#ifndef CODEC_HASH_H
#define CODEC_HASH_H

#include <stddef.h>

#include "base/span.h"

/*
 * SHA-256 and HMAC-SHA-256 (FIPS 180-4, RFC 2104), MD5 for Content-MD5, and
 * SHA-1 for the names of the AWS CLI's token files.
 * No errors; nothing is allocated. (CRC-32 is gzip_crc32, in gzip.h.)
 */
#define HASH_SHA256 32
#define HASH_SHA256_HEX 65	/* with its NUL */
#define HASH_SHA1_HEX 41	/* with its NUL */
#define HASH_MD5 16

/* A running SHA-256; opaque, copyable by assignment. */
struct hash_sha256 {
	_Alignas(8) unsigned char state[128];
};

void hash_sha256_init(struct hash_sha256 *h);
void hash_sha256_add(struct hash_sha256 *h, const void *p, size_t n);
/* h may go on being added to afterwards. */
void hash_sha256_sum(const struct hash_sha256 *h,
    unsigned char out[HASH_SHA256]);

void hash_sha256_of(struct span s, unsigned char out[HASH_SHA256]);
/* Lower-case hex of the digest, NUL-terminated. */
void hash_sha256_hex(struct span s, char out[HASH_SHA256_HEX]);

/* key of any length; out may be the key's or the message's own memory. */
void hash_hmac_sha256(struct span key, struct span message,
    unsigned char out[HASH_SHA256]);

/* Lower-case hex of the digest, NUL-terminated. */
void hash_sha1_hex(struct span s, char out[HASH_SHA1_HEX]);

void hash_md5_of(struct span s, unsigned char out[HASH_MD5]);

#endif
