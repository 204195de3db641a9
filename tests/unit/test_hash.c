#include "tap.h"

#include "codec/hash.h"
#include "codec/hex.h"

#define COUNT(rows) (sizeof (rows) / sizeof (rows)[0])

/* FIPS 180-4's examples. */
static const struct {
	const char *text, *digest;
} sha256_rows[] = {
	{ "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852"
	    "b855" },
	{ "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f2"
	    "0015ad" },
	{ "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
	    "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06"
	    "c1" },
	{ "{\"a\":1}\n", "e346432021b04179518d9614f3560ccd71354a4ee101ddcb89"
	    "3d6959a9d6301c" },
};

static void
test_sha256(void)
{
	char hex[HASH_SHA256_HEX];
	size_t i;

	for (i = 0; i < COUNT(sha256_rows); i++) {
		hash_sha256_hex(span_of(sha256_rows[i].text), hex);
		is_str(hex, sha256_rows[i].digest, "SHA-256 of '%s'",
		    sha256_rows[i].text);
	}
}

static void
test_running(void)
{
	unsigned char digest[HASH_SHA256];
	char hex[HASH_SHA256_HEX], block[1000];
	struct hash_sha256 h, copy;
	size_t i;

	memset(block, 'a', sizeof block);
	hash_sha256_init(&h);
	for (i = 0; i < 1000; i++)
		hash_sha256_add(&h, block, sizeof block);
	copy = h;
	hash_sha256_sum(&h, digest);
	hex_encode(digest, sizeof digest, hex);
	is_str(hex, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39cc"
	    "c7112cd0", "a million times 'a'");
	hash_sha256_add(&copy, "", 0);
	hash_sha256_sum(&copy, digest);
	hex_encode(digest, sizeof digest, hex);
	is_str(hex, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39cc"
	    "c7112cd0", "a copy goes on alone");
	hash_sha256_init(&h);
	hash_sha256_add(&h, "a", 1);
	hash_sha256_sum(&h, digest);
	hash_sha256_add(&h, "bc", 2);
	hash_sha256_sum(&h, digest);
	hex_encode(digest, sizeof digest, hex);
	is_str(hex, sha256_rows[1].digest, "adding after a sum");
}

static void
test_hmac(void)
{
	/* RFC 4231 cases 1, 2, 6, and empty ones. */
	static const struct {
		char fill;
		size_t n;
		const char *key, *message, *digest;
	} rows[] = {
		{ 0x0b, 20, NULL, "Hi There", "b0344c61d8db38535ca8afceaf0bf12"
		    "b881dc200c9833da726e9376c2e32cff7" },
		{ 0, 4, "Jefe", "what do ya want for nothing?", "5bdcc146bf60"
		    "754e6a042426089575c75a003f089d2739839dec58b964ec3843" },
		{ (char)0xaa, 131, NULL, "Test Using Larger Than Block-Size "
		    "Key - Hash Key First", "60e431591ee0b67f0d8a26aacbf5b77f8"
		    "e0bc6213728c5140546040f0ee37f54" },
		{ 0, 0, "", "", "b613679a0814d9ec772f95d778c35fc5ff1697c49371"
		    "5653c6c712144292c5ad" },
	};
	unsigned char digest[HASH_SHA256];
	char hex[HASH_SHA256_HEX], key[200];
	size_t i;

	for (i = 0; i < COUNT(rows); i++) {
		if (rows[i].key != NULL)
			memcpy(key, rows[i].key, rows[i].n);
		else
			memset(key, rows[i].fill, rows[i].n);
		hash_hmac_sha256(span_make(key, rows[i].n),
		    span_of(rows[i].message), digest);
		hex_encode(digest, sizeof digest, hex);
		is_str(hex, rows[i].digest, "HMAC-SHA-256 %zu", i);
	}
}

/* facts/sigv4.md section 10: the key for 20130524/us-east-1/s3. */
static void
test_chain(void)
{
	static const char *const steps[] = { "20130524", "us-east-1", "s3",
		"aws4_request" };
	unsigned char key[HASH_SHA256];
	char hex[HASH_SHA256_HEX];
	struct span from = span_of("AWS4wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLE"
	    "KEY");
	size_t i;

	for (i = 0; i < COUNT(steps); i++) {
		hash_hmac_sha256(from, span_of(steps[i]), key);
		from = span_make((const char *)key, sizeof key);
	}
	hex_encode(key, sizeof key, hex);
	is_str(hex, "dbb893acc010964918f1fd433add87c70e8b0db6be30c1fbeafefa5e"
	    "c6ba8378", "a chain in one place, as SigV4 does it");
}

static void
test_md5(void)
{
	/* RFC 1321 A.5. */
	static const struct {
		const char *text, *digest;
	} rows[] = {
		{ "", "d41d8cd98f00b204e9800998ecf8427e" },
		{ "abc", "900150983cd24fb0d6963f7d28e17f72" },
		{ "message digest", "f96b697d7cb7938d525a2f31aaf161d0" },
	};
	unsigned char digest[HASH_MD5];
	char hex[2 * HASH_MD5 + 1];
	size_t i;

	for (i = 0; i < COUNT(rows); i++) {
		hash_md5_of(span_of(rows[i].text), digest);
		hex_encode(digest, sizeof digest, hex);
		is_str(hex, rows[i].digest, "MD5 of '%s'", rows[i].text);
	}
}

static void
test_sha1(void)
{
	/* FIPS 180-4's example, and botocore's file for a session. */
	static const struct {
		const char *text, *digest;
	} rows[] = {
		{ "abc", "a9993e364706816aba3e25717850c26c9cd0d89d" },
		{ "my-sso", "0ad374308c5a4e22f723adf10145eafad7c4031c" },
		{ "", "da39a3ee5e6b4b0d3255bfef95601890afd80709" },
	};
	char hex[HASH_SHA1_HEX];
	size_t i;

	for (i = 0; i < COUNT(rows); i++) {
		hash_sha1_hex(span_of(rows[i].text), hex);
		is_str(hex, rows[i].digest, "SHA-1 of '%s'", rows[i].text);
	}
}

int
main(void)
{
	test_sha256();
	test_running();
	test_hmac();
	test_chain();
	test_sha1();
	test_md5();
	return done_testing();
}
