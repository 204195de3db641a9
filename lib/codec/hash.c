#include "codec/hash.h"

#include <string.h>

#include <bearssl.h>

#include "codec/hex.h"

_Static_assert(sizeof(br_sha256_context) <= sizeof(struct hash_sha256),
    "struct hash_sha256 must hold BearSSL's context");

/* Copied in and out: bytes may not be read as another type in place. */
static br_sha256_context
load(const struct hash_sha256 *h)
{
	br_sha256_context context;

	memcpy(&context, h->state, sizeof context);
	return context;
}

static void
store(struct hash_sha256 *h, const br_sha256_context *context)
{
	memcpy(h->state, context, sizeof *context);
}

void
hash_sha256_init(struct hash_sha256 *h)
{
	br_sha256_context context;

	memset(h, 0, sizeof *h);
	br_sha256_init(&context);
	store(h, &context);
}

void
hash_sha256_add(struct hash_sha256 *h, const void *p, size_t n)
{
	br_sha256_context context = load(h);

	br_sha256_update(&context, p, n);
	store(h, &context);
}

void
hash_sha256_sum(const struct hash_sha256 *h, unsigned char out[HASH_SHA256])
{
	br_sha256_context context = load(h);

	br_sha256_out(&context, out);
}

void
hash_sha256_of(struct span s, unsigned char out[HASH_SHA256])
{
	br_sha256_context context;

	br_sha256_init(&context);
	br_sha256_update(&context, s.p, s.n);
	br_sha256_out(&context, out);
	/* The block buffer holds the end of s, maybe a token. */
	explicit_bzero(&context, sizeof context);
}

void
hash_sha256_hex(struct span s, char out[HASH_SHA256_HEX])
{
	unsigned char digest[HASH_SHA256];

	hash_sha256_of(s, digest);
	hex_encode(digest, sizeof digest, out);
}

/* More than BearSSL's frames take. */
#define FRAMES 2048

/* They hold the masked key, block and message schedule, and lie where this
 * function's frame does. */
static void wipe_frames(void) __attribute__((noinline));

static void
wipe_frames(void)
{
	unsigned char frames[FRAMES];

	explicit_bzero(frames, sizeof frames);
}

void
hash_hmac_sha256(struct span key, struct span message,
    unsigned char out[HASH_SHA256])
{
	br_hmac_key_context prepared;
	br_hmac_context context;

	br_hmac_key_init(&prepared, &br_sha256_vtable, key.p, key.n);
	br_hmac_init(&context, &prepared, 0);
	br_hmac_update(&context, message.p, message.n);
	br_hmac_out(&context, out);
	explicit_bzero(&prepared, sizeof prepared);
	explicit_bzero(&context, sizeof context);
	wipe_frames();
}

void
hash_sha1_hex(struct span s, char out[HASH_SHA1_HEX])
{
	unsigned char digest[br_sha1_SIZE];
	br_sha1_context context;

	br_sha1_init(&context);
	br_sha1_update(&context, s.p, s.n);
	br_sha1_out(&context, digest);
	hex_encode(digest, sizeof digest, out);
}

void
hash_md5_of(struct span s, unsigned char out[HASH_MD5])
{
	br_md5_context context;

	br_md5_init(&context);
	br_md5_update(&context, s.p, s.n);
	br_md5_out(&context, out);
}
