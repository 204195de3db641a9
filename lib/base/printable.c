#include "base/printable.h"

#include <stdint.h>
#include <string.h>

#include "base/span.h"

/* Bytes of the well-formed sequence at p; 1, with *bad set, where none is. */
static size_t
sequence(const char *p, size_t n, uint32_t *point, bool *bad)
{
	unsigned char c = (unsigned char)p[0];
	size_t length = c < 0x80 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
	size_t i;

	*point = c;
	*bad = length > n || !span_utf8(span_make(p, length));
	if (*bad)
		return 1;
	if (length > 1)
		*point = c & (0xffU >> (length + 1));
	for (i = 1; i < length; i++)
		*point = *point << 6 | ((unsigned char)p[i] & 0x3f);
	return length;
}

static bool
is_control(uint32_t point)
{
	return point < 0x20 || (point >= 0x7f && point < 0xa0) ||
	    point == 0x200e || point == 0x200f || point == 0x061c ||
	    (point >= 0x2028 && point <= 0x202e) ||
	    (point >= 0x2066 && point <= 0x2069);
}

void
printable_clean(char *p, size_t n, bool keep_lines)
{
	size_t i, length;
	uint32_t point;
	bool bad;

	for (i = 0; i < n; i += length) {
		length = sequence(p + i, n - i, &point, &bad);
		if (point == '\n' && keep_lines)
			continue;
		if (bad || is_control(point))
			memset(p + i, '?', length);
	}
}
