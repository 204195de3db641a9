#include "tap.h"

#include "cache/degraded.h"

static void
test_words(void)
{
	static const char *const words[] = { "a", "b", "a", "c", "b", "c",
		"a" };
	struct degraded d = { 0 };
	char copy[] = "b";
	size_t i;

	for (i = 0; i < sizeof words / sizeof words[0]; i++)
		degraded_add(&d, words[i]);
	degraded_add(&d, copy);
	is_uint(d.count, 3, "each word once");
	is_str(d.words[0], "a", "in their order: the first");
	is_str(d.words[1], "b", "the second");
	is_str(d.words[2], "c", "the third");
	is_int(d.s3_err.class, ERR_NONE, "S3 said nothing");
}

/* More words than there is room for are left out, not written. */
static void
test_full(void)
{
	static const char *const words[] = { "0", "1", "2", "3", "4", "5",
		"6", "7", "8", "9" };
	struct {
		struct degraded d;
		char guard[8];
	} x = { { .count = 0 }, "guard" };
	struct err err = { .class = ERR_DENIED };
	const size_t room = sizeof x.d.words / sizeof x.d.words[0];
	size_t i;

	for (i = 0; i < 10; i++)
		degraded_add(&x.d, words[i]);
	is_uint(x.d.count, room, "as many as there is room for");
	is_str(x.d.words[0], "0", "the first is there");
	is_str(x.d.words[room - 1], words[room - 1], "up to the last");
	is_str(x.guard, "guard", "what lies behind is left alone");
	degraded_s3(&x.d, "late", &err);
	is_int(x.d.s3_err.class, ERR_DENIED, "what S3 said is kept all the "
	    "same");
}

static void
test_s3(void)
{
	struct degraded d = { 0 };
	struct err first = { .class = ERR_DENIED, .code = "AccessDenied",
		.action = "s3:GetObject", .message = "first", .hint = "h" };
	struct err second = { .class = ERR_NETWORK,
		.action = "s3:PutObject", .message = "second" };

	degraded_add(&d, "local-store");
	degraded_s3(&d, "s3-denied", &first);
	is_uint(d.count, 2, "a word more");
	is_str(d.words[1], "s3-denied", "it");
	is_int(d.s3_err.class, ERR_DENIED, "S3's first answer");
	is_str(d.s3_err.action, "s3:GetObject", "to what");
	memset(first.message, 'x', 5);
	is_str(d.s3_err.message, "first", "copied");
	degraded_s3(&d, "s3-put-denied", &second);
	is_uint(d.count, 3, "another word");
	is_str(d.s3_err.message, "first", "the first answer stays");
	is_str(d.s3_err.action, "s3:GetObject", "with its action");
	degraded_s3(&d, "s3-denied", &second);
	is_uint(d.count, 3, "no word twice");
}

int
main(void)
{
	test_words();
	test_full();
	test_s3();
	return done_testing();
}
