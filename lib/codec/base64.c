#include "codec/base64.h"

#include <stdint.h>

static const char plain[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static const char url[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

static void
encode(struct span bytes, const char *alphabet, bool pad, struct buf *out)
{
	const unsigned char *p = (const unsigned char *)bytes.p;
	size_t left;

	for (left = bytes.n; left > 0; left -= left < 3 ? left : 3) {
		size_t n = left < 3 ? left : 3;
		uint32_t v = (uint32_t)p[0] << 16;
		char four[4];

		if (n > 1)
			v |= (uint32_t)p[1] << 8;
		if (n > 2)
			v |= p[2];
		four[0] = alphabet[v >> 18];
		four[1] = alphabet[v >> 12 & 63];
		four[2] = n > 1 ? alphabet[v >> 6 & 63] : '=';
		four[3] = n > 2 ? alphabet[v & 63] : '=';
		buf_add(out, four, pad ? 4 : n + 1);
		p += n;
	}
}

void
base64_encode(struct span bytes, struct buf *out)
{
	encode(bytes, plain, true, out);
}

void
base64_encode_url(struct span bytes, struct buf *out)
{
	encode(bytes, url, false, out);
}

static int
digit_value(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	if (c == '+' || c == '-')
		return 62;
	if (c == '/' || c == '_')
		return 63;
	return -1;
}

/* Padding may be left out, but not be half there. */
static bool
strip_padding(struct span *text)
{
	size_t pad = 0;

	while (pad < 2 && pad < text->n && text->p[text->n - 1 - pad] == '=')
		pad++;
	if (pad > 0 && text->n % 4 != 0)
		return false;
	text->n -= pad;
	return text->n % 4 != 1;
}

bool
base64_decode(struct span text, struct buf *out)
{
	uint32_t v = 0;
	unsigned bits = 0;
	size_t i;

	if (!strip_padding(&text))
		return false;
	for (i = 0; i < text.n; i++) {
		int digit = digit_value(text.p[i]);

		if (digit < 0)
			return false;
		v = v << 6 | (uint32_t)digit;
		bits += 6;
		if (bits >= 8) {
			bits -= 8;
			buf_add_char(out, (char)(v >> bits & 255));
			v &= ((uint32_t)1 << bits) - 1;
		}
	}
	/* RFC 4648 3.5: one text for one value. */
	return v == 0;
}
