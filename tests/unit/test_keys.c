#include "tap.h"

#include <stdlib.h>

#include "aws/keys.h"

static void
fill(struct keys *k)
{
	struct err err = { 0 };

	snprintf(k->access_key_id, sizeof k->access_key_id, "ASIAEXAMPLE");
	snprintf(k->account_id, sizeof k->account_id, "123456789012");
	k->expires_at = 1767323045;
	if (secret_set(&k->secret_key, span_of("secret"), &err) != 0 ||
	    secret_set(&k->session_token, span_of("token"), &err) != 0)
		abort();
}

static void
test_copy(void)
{
	struct keys from = { 0 }, to = { 0 }, bare = { 0 };
	struct err err = { 0 };

	fill(&from);
	is_int(keys_copy(&to, &from, &err), 0, "copy");
	is_str(to.access_key_id, "ASIAEXAMPLE", "the id is copied");
	is_str(to.account_id, "123456789012", "the account too");
	is_int(to.expires_at, 1767323045, "and the expiry");
	is_span(secret_reveal(&to.secret_key), "secret", "the secret");
	is_span(secret_reveal(&to.session_token), "token", "the token");
	ok(to.secret_key.bytes != from.secret_key.bytes,
	    "in memory of its own");

	snprintf(bare.access_key_id, sizeof bare.access_key_id, "AKIABARE");
	is_int(keys_copy(&to, &bare, &err), 0, "copy over other keys");
	is_str(to.access_key_id, "AKIABARE", "the new id is there");
	ok(!secret_present(&to.session_token), "the old token is gone");
	ok(!secret_present(&to.secret_key), "the old secret is gone");
	is_int(to.expires_at, 0, "the old expiry is gone");
	keys_clear(&to);
	keys_clear(&from);
	keys_clear(&bare);
}

static void
test_clear(void)
{
	struct keys k = { 0 }, zero = { 0 };

	fill(&k);
	keys_clear(&k);
	is_int(memcmp(&k, &zero, sizeof k), 0, "cleared keys are all zero");
	keys_clear(&k);
	ok(true, "clearing twice is harmless");
}

int
main(void)
{
	test_copy();
	test_clear();
	return done_testing();
}
