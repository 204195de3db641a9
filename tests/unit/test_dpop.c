#include "creds/dpop.h"

#include <string.h>

#include "codec/base64.h"
#include "codec/json.h"
#include "p256_keys.h"
#include "tap.h"

static int
fill(void *state, void *bytes, size_t n)
{
	memset(bytes, 0xff, n);
	return *(const int *)state;
}

static void
parse(struct span part, struct buf *text, struct json *j)
{
	struct err err = { 0 };

	buf_init(text, 4096);
	ok(base64_decode(part, text), "base64url");
	is_int(json_parse(j, buf_view(text), JSON_UNIQUE_KEYS, &err), 0,
	    "JSON");
}

static void
is_member(const struct json *j, json_value at, const char *name,
    const char *value)
{
	ok(json_string_is(j, json_member(j, at, name), value), "%s is %s",
	    name, value);
}

static void
test_proof(const struct p256_key *key)
{
	static const char url[] = "https://eu-west-1.signin.aws.amazon.com"
	    "/v1/token";
	unsigned char signature[P256_SIGNATURE];
	struct span header = { 0 }, payload = { 0 }, rest, sum = { 0 };
	struct err err = { 0 };
	struct json j = { 0 };
	struct buf out, text;
	int code = 0;
	struct rand rand = { fill, &code };
	int64_t iat;

	buf_init(&out, 4096);
	is_int(dpop_proof(key, url, 1767323045, &rand, &out, &err), 0,
	    "a proof");
	ok(strpbrk(buf_string(&out), "=+/\r\n ") == NULL, "fit for a header");
	ok(span_split(buf_view(&out), '.', &header, &rest) &&
	    span_split(rest, '.', &payload, &sum), "three parts");
	parse(header, &text, &j);
	is_member(&j, 0, "typ", "dpop+jwt");
	is_member(&j, 0, "alg", "ES256");
	is_member(&j, json_member(&j, 0, "jwk"), "kty", "EC");
	is_member(&j, json_member(&j, 0, "jwk"), "crv", "P-256");
	is_member(&j, json_member(&j, 0, "jwk"), "x",
	    "YP7UuiVanTHJYet0xjVtaMBJuJI7Yfps5mliLmDyn7Y");
	is_member(&j, json_member(&j, 0, "jwk"), "y",
	    "eQP-EAi4vJmkGunpVii8ZPLxsgwtfp9Rd6PClNRGIpk");
	is_uint(json_count(&j, json_member(&j, 0, "jwk")), 4,
	    "no private part");
	json_clear(&j);
	buf_clear(&text);
	parse(payload, &text, &j);
	is_member(&j, 0, "htm", "POST");
	is_member(&j, 0, "htu", url);
	is_member(&j, 0, "jti", "ffffffff-ffff-4fff-bfff-ffffffffffff");
	ok(json_integer(&j, json_member(&j, 0, "iat"), 0, INT64_MAX, &iat) &&
	    iat == 1767323045, "the time");
	json_clear(&j);
	buf_clear(&text);
	buf_init(&text, 100);
	ok(base64_decode(sum, &text) && text.n == P256_SIGNATURE,
	    "64 bytes of signature");
	ok(p256_sign(key, span_make(out.p, out.n - sum.n - 1), signature) &&
	    memcmp(signature, text.p, sizeof signature) == 0,
	    "over what stands before it");
	buf_clear(&text);
	buf_clear(&out);
	buf_init(&out, 4096);
	code = -1;
	is_int(dpop_proof(key, url, 1, &rand, &out, &err), -1,
	    "no randomness");
	is_int(err.class, ERR_INTERNAL, "its class");
	buf_clear(&out);
}

int
main(void)
{
	struct p256_key key = { 0 }, none = { 0 };
	struct err err = { 0 };
	int code = 0;
	struct rand rand = { fill, &code };
	struct buf out;

	is_int(p256_read(&key, span_of(P256_PKCS8), &err), 0, "a key");
	test_proof(&key);
	buf_init(&out, 4096);
	is_int(dpop_proof(&none, "https://x/", 1, &rand, &out, &err), -1,
	    "no key");
	buf_clear(&out);
	p256_clear(&key);
	return done_testing();
}
