#include "codec/uuid.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "codec/hex.h"

void
uuid_format(const unsigned char bytes[UUID_BYTES], char out[UUID_ROOM])
{
	unsigned char b[UUID_BYTES];
	char hex[2 * UUID_BYTES + 1];
	int n;

	memcpy(b, bytes, sizeof b);
	b[6] = (unsigned char)((b[6] & 0x0f) | 0x40);
	b[8] = (unsigned char)((b[8] & 0x3f) | 0x80);
	hex_encode(b, sizeof b, hex);
	n = snprintf(out, UUID_ROOM, "%.8s-%.4s-%.4s-%.4s-%s", hex, hex + 8,
	    hex + 12, hex + 16, hex + 20);
	assert(n == UUID_ROOM - 1);
}
