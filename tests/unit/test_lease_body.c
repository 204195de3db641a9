#include "tap.h"

#include "cache/lease_body.h"

#define NONCE "00112233445566778899aabbccddeeff"
#define FRONT "{\"nonce\":\"" NONCE "\","

static const struct {
	const char *text;
	bool sound;
	int64_t length;
	const char *holder;
	const char *name;
} rows[] = {
	{ FRONT "\"length\":60,\"holder\":\"ci\"}", true, 60, "ci", "a lease" },
	{ FRONT "\"length\":60,\"holder\":\"ci\",\"renewal\":7}", true, 60,
	    "ci", "renewed" },
	{ FRONT "\"length\":60,\"later\":[1]}", true, 60, "",
	    "no holder, a member of a later version" },
	{ FRONT "\"length\":900}", true, 900, "", "the longest" },
	{ FRONT "\"length\":901,\"holder\":\"ci\"}", false, 900, "ci",
	    "too long: counts as the longest" },
	{ FRONT "\"length\":0}", false, 900, "", "no time at all" },
	{ FRONT "\"length\":-5}", false, 900, "", "a negative one" },
	{ FRONT "\"length\":\"60\"}", false, 900, "", "a text for a length" },
	{ FRONT "\"holder\":\"ci\"}", false, 900, "ci", "no length" },
	{ "{\"length\":60,\"holder\":\"ci\"}", false, 900, "ci", "no nonce" },
	{ "{\"nonce\":\"" NONCE "0\",\"length\":60}", false, 900, "",
	    "a nonce too long" },
	{ FRONT "\"length\":60,\"length\":61}", false, 900, "",
	    "a name twice" },
	{ "[]", false, 900, "", "an array" },
	{ "", false, 900, "", "nothing" },
	{ "<html>", false, 900, "", "a page" },
};

static void
test_read(void)
{
	size_t i;

	for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct lease_body body;
		struct err err = { 0 };

		is_int(lease_body_read(span_of(rows[i].text), &body, &err),
		    rows[i].sound, "%s: sound", rows[i].name);
		is_int(body.length, rows[i].length, "%s: length",
		    rows[i].name);
		is_str(body.holder, rows[i].holder, "%s: holder",
		    rows[i].name);
	}
}

static void
test_put(void)
{
	struct lease_body body = { NONCE, 60, "a \"quoted\" one\n" }, again;
	struct err err = { 0 };
	struct buf first, renewed;

	buf_init(&first, LEASE_BODY_MAX);
	buf_init(&renewed, LEASE_BODY_MAX);
	is_int(lease_body_put(&body, 0, &first, &err), 0, "put");
	is_int(lease_body_put(&body, 1, &renewed, &err), 0, "renewed");
	ok(!span_equal(buf_view(&first), buf_view(&renewed)),
	    "a renewal is another text");
	ok(lease_body_read(buf_view(&renewed), &again, &err), "read");
	is_str(again.nonce, NONCE, "its nonce");
	is_int(again.length, 60, "its length");
	is_str(again.holder, body.holder, "its holder");
	buf_clear(&first);
	buf_clear(&renewed);
	/* The most that a holder can be, each byte an escape of six. */
	memset(body.holder, '\001', sizeof body.holder - 1);
	body.holder[sizeof body.holder - 1] = '\0';
	buf_init(&first, LEASE_BODY_MAX);
	is_int(lease_body_put(&body, 4000000000U, &first, &err), 0,
	    "the longest fits");
	buf_clear(&first);
}

int
main(void)
{
	test_read();
	test_put();
	return done_testing();
}
