#include "cache/lease_body.h"

#include <string.h>

#include "codec/json.h"

int
lease_body_put(const struct lease_body *body, unsigned renewals,
    struct buf *out, struct err *err)
{
	struct json_writer w;

	json_begin(&w, out, false);
	json_open_object(&w);
	json_member_string(&w, "nonce", body->nonce);
	json_member_integer(&w, "length", body->length);
	json_member_string(&w, "holder", body->holder);
	if (renewals > 0)
		json_member_integer(&w, "renewal", renewals);
	json_close_object(&w);
	return buf_check(out, "lease", err);
}

bool
lease_body_read(struct span text, struct lease_body *out, struct err *err)
{
	struct json j = { 0 };
	bool sound;

	memset(out, 0, sizeof *out);
	out->length = LEASE_LENGTH_MAX;
	if (json_parse(&j, text, JSON_UNIQUE_KEYS, err) != 0)
		return false;
	sound = json_string_copy(&j, json_member(&j, 0, "nonce"), out->nonce,
	    sizeof out->nonce) &&
	    json_integer(&j, json_member(&j, 0, "length"), 1,
	    LEASE_LENGTH_MAX, &out->length);
	if (!sound)
		out->length = LEASE_LENGTH_MAX;
	(void)json_string_copy(&j, json_member(&j, 0, "holder"), out->holder,
	    sizeof out->holder);
	json_clear(&j);
	return sound;
}
