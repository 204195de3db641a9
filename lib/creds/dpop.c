#include "creds/dpop.h"

#include "base/limits.h"
#include "codec/base64.h"
#include "codec/json.h"
#include "codec/uuid.h"

static int
make_uuid(const struct rand *rand, char out[UUID_ROOM], struct err *err)
{
	unsigned char bytes[UUID_BYTES];

	if (rand_fill(rand, bytes, sizeof bytes) != 0)
		return err_set(err, ERR_INTERNAL, "there is no randomness");
	uuid_format(bytes, out);
	return 0;
}

static void
put_coordinate(struct json_writer *w, const char *name,
    const unsigned char bytes[P256_COORDINATE])
{
	struct buf text;

	buf_init(&text, 2 * P256_COORDINATE);
	base64_encode_url(span_make((const char *)bytes, P256_COORDINATE),
	    &text);
	json_member_string(w, name, buf_string(&text));
	buf_clear(&text);
}

static void
write_header(const struct p256_key *key, struct buf *out)
{
	struct json_writer w;

	json_begin(&w, out, false);
	json_open_object(&w);
	json_member_string(&w, "typ", "dpop+jwt");
	json_member_string(&w, "alg", "ES256");
	json_put_name(&w, "jwk");
	json_open_object(&w);
	json_member_string(&w, "kty", "EC");
	json_member_string(&w, "crv", "P-256");
	put_coordinate(&w, "x", key->x);
	put_coordinate(&w, "y", key->y);
	json_close_object(&w);
	json_close_object(&w);
}

static void
write_payload(const char *url, int64_t now, const char *id, struct buf *out)
{
	struct json_writer w;

	json_begin(&w, out, false);
	json_open_object(&w);
	json_member_string(&w, "htm", "POST");
	json_member_string(&w, "htu", url);
	json_member_integer(&w, "iat", now);
	json_member_string(&w, "jti", id);
	json_close_object(&w);
}

int
dpop_proof(const struct p256_key *key, const char *url, int64_t now,
    const struct rand *rand, struct buf *out, struct err *err)
{
	unsigned char signature[P256_SIGNATURE];
	struct buf part, token;
	char id[UUID_ROOM];
	int result = -1;

	buf_init(&part, LIMIT_TOKEN);
	buf_init(&token, LIMIT_TOKEN);
	if (make_uuid(rand, id, err) != 0)
		goto out;
	write_header(key, &part);
	base64_encode_url(buf_view(&part), &token);
	buf_add_char(&token, '.');
	buf_reset(&part);
	write_payload(url, now, id, &part);
	base64_encode_url(buf_view(&part), &token);
	if (buf_check(&part, "a proof of possession", err) != 0 ||
	    buf_check(&token, "a proof of possession", err) != 0)
		goto out;
	if (!p256_sign(key, buf_view(&token), signature)) {
		err_set(err, ERR_CREDENTIALS, "the private key cannot sign");
		goto out;
	}
	buf_add_char(&token, '.');
	base64_encode_url(span_make((const char *)signature,
	    sizeof signature), &token);
	if (buf_check(&token, "a proof of possession", err) != 0)
		goto out;
	buf_add_span(out, buf_view(&token));
	result = buf_check(out, "a proof of possession", err);
out:
	buf_clear(&part);
	buf_clear(&token);
	return result;
}
