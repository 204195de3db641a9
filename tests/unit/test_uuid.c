#include "codec/uuid.h"

#include "tap.h"

int
main(void)
{
	static const struct {
		unsigned char bytes[UUID_BYTES];
		const char *text;
	} rows[] = {
		{ { 0 }, "00000000-0000-4000-8000-000000000000" },
		{ { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
		    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff },
		    "ffffffff-ffff-4fff-bfff-ffffffffffff" },
		{ { 0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef, 0x01,
		    0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef },
		    "01234567-89ab-4def-8123-456789abcdef" },
	};
	char text[UUID_ROOM];
	size_t i;

	for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		uuid_format(rows[i].bytes, text);
		is_str(text, rows[i].text, "%s", rows[i].text);
	}
	return done_testing();
}
