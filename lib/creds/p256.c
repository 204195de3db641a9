#include "creds/p256.h"

#include <stdbool.h>
#include <string.h>

#include <bearssl.h>

/* Constant time, and the only curve that is linked for this. */
#define CURVE (&br_ec_p256_m31)

static void
push_key(void *decoder, const void *p, size_t n)
{
	br_skey_decoder_push(decoder, p, n);
}

/* Push the first private key there is. */
static void
decode(struct span pem, br_skey_decoder_context *decoder)
{
	br_pem_decoder_context reader;
	bool ended = false, inside = false;
	size_t used;

	br_pem_decoder_init(&reader);
	br_pem_decoder_setdest(&reader, push_key, decoder);
	while (pem.n > 0 && !ended) {
		used = br_pem_decoder_push(&reader, pem.p, pem.n);
		pem = span_make(pem.p + used, pem.n - used);
		switch (br_pem_decoder_event(&reader)) {
		case BR_PEM_BEGIN_OBJ:
			/* "EC PARAMETERS" may stand before it. */
			inside = strstr(br_pem_decoder_name(&reader),
			    "PRIVATE KEY") != NULL;
			br_pem_decoder_setdest(&reader,
			    inside ? push_key : NULL, decoder);
			break;
		case BR_PEM_END_OBJ:
			ended = inside;
			break;
		case BR_PEM_ERROR:
			pem.n = 0;
			break;
		}
	}
	explicit_bzero(&reader, sizeof reader);
}

static int
take(struct p256_key *key, const br_ec_private_key *from, struct err *err)
{
	unsigned char point[BR_EC_KBUF_PUB_MAX_SIZE];
	br_ec_public_key public;

	if (from->xlen > P256_COORDINATE || br_ec_compute_pub(CURVE, &public,
	    point, from) != 1 + 2 * P256_COORDINATE)
		return err_set(err, ERR_CREDENTIALS, "the private key is no "
		    "number of its curve");
	memcpy(key->x, point + 1, P256_COORDINATE);
	memcpy(key->y, point + 1 + P256_COORDINATE, P256_COORDINATE);
	return secret_set(&key->scalar, span_make((const char *)from->x,
	    from->xlen), err);
}

int
p256_read(struct p256_key *key, struct span pem, struct err *err)
{
	br_skey_decoder_context decoder;
	const br_ec_private_key *found;
	int result = -1;

	br_skey_decoder_init(&decoder);
	decode(pem, &decoder);
	found = br_skey_decoder_get_ec(&decoder);
	if (found == NULL || found->curve != BR_EC_secp256r1)
		err_set(err, ERR_CREDENTIALS,
		    "there is no P-256 private key in PEM form");
	else
		result = take(key, found, err);
	explicit_bzero(&decoder, sizeof decoder);
	return result;
}

void
p256_clear(struct p256_key *key)
{
	secret_clear(&key->scalar);
	memset(key, 0, sizeof *key);
}

bool
p256_sign(const struct p256_key *key, struct span message,
    unsigned char signature[P256_SIGNATURE])
{
	struct span scalar = secret_reveal(&key->scalar);
	unsigned char digest[br_sha256_SIZE], d[P256_COORDINATE];
	br_ec_private_key sk = { BR_EC_secp256r1, d, sizeof d };
	br_sha256_context context;
	size_t n;

	if (scalar.n == 0 || scalar.n > sizeof d)
		return false;
	memset(d, 0, sizeof d);
	memcpy(d + sizeof d - scalar.n, scalar.p, scalar.n);
	br_sha256_init(&context);
	br_sha256_update(&context, message.p, message.n);
	br_sha256_out(&context, digest);
	n = br_ecdsa_i31_sign_raw(CURVE, &br_sha256_vtable, digest, &sk,
	    signature);
	explicit_bzero(d, sizeof d);
	return n == P256_SIGNATURE;
}
