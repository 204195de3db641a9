#ifndef BASE_DECIMAL_H
#define BASE_DECIMAL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/span.h"

/*
 * Exact decimal numbers: money as Cost Explorer writes it, a JSON-number-like
 * text with sign, fraction and maybe an exponent ("-0.0012345678",
 * "1.23E-8"). Never a double. 20 limbs of nine digits: 90 digits before
 * and 90 after the point, far beyond any bill; what does not fit is refused,
 * never rounded.
 */
#define DECIMAL_LIMBS 20

struct decimal {
	bool negative;
	uint32_t limbs[DECIMAL_LIMBS];	/* base 10^9, least significant first;
					   the point lies in the middle */
};

/* Zero. */
struct decimal decimal_zero(void);

/*
 * Accepts  -?digits[.digits][(e|E)[+-]digits] , also ".5" and "+1" which
 * services have been seen to send. False when malformed or out of range.
 */
bool decimal_parse(struct span text, struct decimal *out);

/* *sum += x, exactly. False (sum untouched) when it does not fit. */
bool decimal_add(struct decimal *sum, const struct decimal *x);

/* <0, 0, >0. */
int decimal_compare(const struct decimal *a, const struct decimal *b);

bool decimal_is_zero(const struct decimal *x);

/* The same without its sign. */
struct decimal decimal_magnitude(const struct decimal *x);

/*
 * |x| where |whole| is so many parts, to the nearest (half up): for the length
 * of a bar and for percentages. parts is at most 10^6; the result at most
 * 1000 * parts, which also stands for what is out of reach, and 0 when whole
 * is zero.
 */
uint64_t decimal_scale(const struct decimal *x, const struct decimal *whole,
    uint32_t parts);

/*
 * Plain notation, no exponent, no trailing zeros behind the point, "0" for
 * zero, "-" only before a non-zero value.
 */
void decimal_format(const struct decimal *x, struct buf *out);

/*
 * Rounded to places digits behind the point, half away from zero; for people
 * and for "cost_usd", never for data. places 0..20.
 */
void decimal_format_rounded(const struct decimal *x, int places,
    struct buf *out);

#endif
