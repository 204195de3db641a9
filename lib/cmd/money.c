#include "cmd/money.h"

#include <inttypes.h>
#include <string.h>

#define PLACES 2

/* Of the whole; so many wholes are as far as decimal_scale reaches. */
#define TENTHS 1000
#define OUT_OF_REACH (1000 * TENTHS)

void
money_add(const struct decimal *x, struct buf *out)
{
	size_t from = out->n, digits, commas, i, seen = 0;
	char *read, *write;

	decimal_format_rounded(x, PLACES, out);
	digits = out->n - from - 1 - PLACES;
	if (out->fault != BUF_SOUND)
		return;
	if (out->p[from] == '-')
		digits--;
	commas = (digits - 1) / 3;
	for (i = 0; i < commas; i++)
		buf_add_char(out, ',');
	if (out->fault != BUF_SOUND)
		return;
	/* From the right, until no comma is left to be set. */
	write = out->p + out->n;
	read = write - commas;
	memmove(write - 1 - PLACES, read - 1 - PLACES, 1 + PLACES);
	write -= 1 + PLACES;
	read -= 1 + PLACES;
	while (read < write) {
		*--write = *--read;
		if (++seen % 3 == 0)
			*--write = ',';
	}
}

void
money_add_share(const struct decimal *x, const struct decimal *whole,
    struct buf *out)
{
	uint64_t tenths = decimal_scale(x, whole, TENTHS);

	if (decimal_is_zero(whole) || tenths >= OUT_OF_REACH)
		return;
	buf_addf(out, "%s%" PRIu64 ".%" PRIu64 "%%", tenths > 0 &&
	    x->negative != whole->negative ? "-" : "", tenths / 10,
	    tenths % 10);
}
