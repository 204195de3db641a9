#include "creds/p256.h"

#include <string.h>

#include "codec/hex.h"
#include "p256_keys.h"
#include "tap.h"

static void
test_read(void)
{
	static const struct {
		const char *name, *pem;
		bool sound;
	} rows[] = {
		{ "SEC 1", P256_SEC1, true },
		{ "PKCS #8", P256_PKCS8, true },
		{ "with its parameters before it",
		    "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n"
		    "-----END EC PARAMETERS-----\n" P256_SEC1, true },
		{ "text around it", "a key:\n" P256_SEC1 "\n", true },
		{ "another curve", P384_SEC1, false },
		{ "nothing", "", false },
		{ "no PEM", "secret", false },
		{ "no key", "-----BEGIN EC PRIVATE KEY-----\nAAAA\n"
		    "-----END EC PRIVATE KEY-----\n", false },
		{ "half a key", "-----BEGIN EC PRIVATE KEY-----\n"
		    "MHcCAQEEIMmvqdhFunUWa1whV2ex1pNOUMPbNuibEnuKYisSD2cho"
		    "AoGCCqGSM49\n", false },
		{ "no base64", "-----BEGIN EC PRIVATE KEY-----\n***\n"
		    "-----END EC PRIVATE KEY-----\n", false },
	};
	char hex[65];
	size_t i;

	for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct p256_key key = { 0 };
		struct err err = { 0 };

		is_int(p256_read(&key, span_of(rows[i].pem), &err),
		    rows[i].sound ? 0 : -1, "%s", rows[i].name);
		if (rows[i].sound) {
			hex_encode(key.x, sizeof key.x, hex);
			is_str(hex, P256_X, "x");
			hex_encode(key.y, sizeof key.y, hex);
			is_str(hex, P256_Y, "y");
		} else {
			is_int(err.class, ERR_CREDENTIALS, "its class");
			ok(!secret_present(&key.scalar), "nothing is left");
		}
		p256_clear(&key);
		p256_clear(&key);
	}
}

static void
test_no_end(void)
{
	struct p256_key key = { 0 };
	struct err err = { 0 };
	struct span pem = span_of(P256_SEC1);

	pem.n--;
	is_int(p256_read(&key, pem, &err), 0, "no line end behind it");
	p256_clear(&key);
}

/* RFC 6979 A.2.5, SHA-256. */
static void
test_sign(void)
{
	static const struct {
		const char *message, *signature;
	} rows[] = {
		{ "sample",
		    "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea8"
		    "4eaf3716"
		    "f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f"
		    "843acda8" },
		{ "test",
		    "f1abb023518351cd71d881567b1ea663ed3efcf6c5132b354f28d3b0"
		    "b7d38367"
		    "019f4113742a2b14bd25926b49c649155f267e60d3814b4c0cc84250"
		    "e46f0083" },
	};
	unsigned char signature[P256_SIGNATURE];
	struct p256_key key = { 0 };
	struct err err = { 0 };
	char hex[2 * P256_SIGNATURE + 1];
	size_t i;

	ok(!p256_sign(&key, span_of("x"), signature), "no key, no signature");
	is_int(p256_read(&key, span_of(P256_SEC1), &err), 0, "a key");
	for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		ok(p256_sign(&key, span_of(rows[i].message), signature),
		    "signed: %s", rows[i].message);
		hex_encode(signature, sizeof signature, hex);
		is_str(hex, rows[i].signature, "as the RFC has it");
	}
	p256_clear(&key);
}

int
main(void)
{
	test_read();
	test_no_end();
	test_sign();
	return done_testing();
}
