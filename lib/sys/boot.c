#include "sys/boot.h"

#include <string.h>

#include "sys/file.h"

void
boot_id(char out[BOOT_ROOM])
{
	struct err ignored = { 0 };
	struct span id;
	struct buf text;

	out[0] = '\0';
	buf_init(&text, 128);
	if (file_read("/proc/sys/kernel/random/boot_id", &text, &ignored) ==
	    FILE_READ) {
		id = span_trim(buf_view(&text));
		if (id.n > 0 && id.n < BOOT_ROOM) {
			memcpy(out, id.p, id.n);
			out[id.n] = '\0';
		}
	}
	buf_clear(&text);
}
