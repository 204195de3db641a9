#include "sys/boot.h"

#include "tap.h"

int
main(void)
{
	char one[BOOT_ROOM], two[BOOT_ROOM];

	memset(one, 'x', sizeof one);
	boot_id(one);
	boot_id(two);
	ok(memchr(one, '\0', sizeof one) != NULL, "a string");
	is_str(one, two, "one boot, one name");
	ok(strlen(one) == 36 || one[0] == '\0', "a UUID, or nothing");
	return done_testing();
}
