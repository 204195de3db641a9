#include "sys/boot.h"

#include "sys/file.h"

void
boot_id(char out[BOOT_ROOM])
{
	struct err ignored = { 0 };
	struct buf text;

	out[0] = '\0';
	buf_init(&text, 128);
	if (file_read("/proc/sys/kernel/random/boot_id", &text, &ignored) ==
	    FILE_READ)
		(void)span_copy(span_trim(buf_view(&text)), out, BOOT_ROOM);
	buf_clear(&text);
}
