#include "tap.h"

#include "codec/hex.h"

int
main(void)
{
	static const char *const bad[] = { "", "00", "00010", "0001020",
		"00010g", "0001 2", "-00102", "0x0102", "00010203" };
	const unsigned char bytes[3] = { 0x00, 0xab, 0xff };
	unsigned char got[3] = { 0 };
	char text[7];
	size_t i;

	hex_encode(bytes, 3, text);
	is_str(text, "00abff", "encode");
	hex_encode(bytes, 0, text);
	is_str(text, "", "encode nothing");
	ok(hex_decode(span_of("00abff"), got, 3) && memcmp(got, bytes, 3) == 0,
	    "decode");
	ok(hex_decode(span_of("00ABfF"), got, 3) && memcmp(got, bytes, 3) == 0,
	    "decode either case");
	ok(hex_decode(span_make(NULL, 0), got, 0), "decode nothing");
	for (i = 0; i < sizeof bad / sizeof bad[0]; i++)
		ok(!hex_decode(span_of(bad[i]), got, 3), "refuse '%s'",
		    bad[i]);
	is_int(hex_value('0'), 0, "0");
	is_int(hex_value('9'), 9, "9");
	is_int(hex_value('a'), 10, "a");
	is_int(hex_value('F'), 15, "F");
	is_int(hex_value('G'), -1, "G");
	is_int(hex_value('\0'), -1, "NUL");
	return done_testing();
}
