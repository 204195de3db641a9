#include "base/printable.h"

#include "tap.h"

static void
check(const char *in, const char *out, bool keep, const char *name)
{
	char room[64];
	size_t n = strlen(in);

	memcpy(room, in, n + 1);
	printable_clean(room, n, keep);
	is_str(room, out, "%s", name);
}

int
main(void)
{
	check("plain ~ text", "plain ~ text", false, "ASCII stays");
	check("a\tb\r\nc\x7f", "a?b??c?", false, "C0 and DEL");
	check("a\n\033b", "a\n?b", true, "LF may stay");
	check("\xc2\x85|\xc2\x9f|\xc2\xa0", "??|??|\xc2\xa0", false, "C1");
	check("\x85\xff\xc3", "???", false, "ill-formed bytes");
	check("\xed\xa0\x80", "???", false, "a surrogate");
	check("\xe2\x82\xac\xf0\x9f\x98\x80", "\xe2\x82\xac\xf0\x9f\x98\x80",
	    false, "long characters stay");
	check("\xe2\x80\xa8\xe2\x80\xae\xe2\x81\xa6\xe2\x81\xaa",
	    "?????????\xe2\x81\xaa", false, "line and direction controls");
	check("\xe2\x82", "??", false, "cut in the middle");
	printable_clean(NULL, 0, false);
	return done_testing();
}
