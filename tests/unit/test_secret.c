#include "tap.h"

#include "base/secret.h"

int
main(void)
{
	struct secret s = { 0 };
	struct err err = { 0 };

	ok(!secret_present(&s), "nothing at first");
	is_span(secret_reveal(&s), "", "and empty");
	is_int(secret_set(&s, span_of("wJalr/+="), &err), 0, "set");
	ok(secret_present(&s), "present");
	is_span(secret_reveal(&s), "wJalr/+=", "as it was");
	is_str(s.bytes, "wJalr/+=", "terminated");
	is_int(secret_set(&s, secret_reveal(&s), &err), 0, "set to itself");
	is_span(secret_reveal(&s), "wJalr/+=", "still the same");
	is_int(secret_set(&s, span_make("a\0b", 3), &err), 0, "with a NUL");
	is_uint(secret_reveal(&s).n, 3, "its length");
	is_int(secret_set(&s, span_make(NULL, 0), &err), 0, "set to nothing");
	ok(!secret_present(&s), "is not present");
	secret_clear(&s);
	secret_clear(&s);
	ok(s.bytes == NULL && s.length == 0, "cleared twice");
	return done_testing();
}
