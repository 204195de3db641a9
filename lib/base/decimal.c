#include "base/decimal.h"

#include <assert.h>
#include <string.h>

#define LIMB_DIGITS 9
#define LIMB_BASE UINT32_C(1000000000)
#define DIGITS (DECIMAL_LIMBS * LIMB_DIGITS)
#define POINT (DIGITS / 2)	/* digits on each side of the point */

struct decimal
decimal_zero(void)
{
	struct decimal zero = { 0 };

	return zero;
}

static uint32_t
power_of_ten(int n)
{
	static const uint32_t powers[LIMB_DIGITS] = { 1, 10, 100, 1000, 10000,
		100000, 1000000, 10000000, 100000000 };

	return powers[n];
}

static bool
digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Adds digit * 10^exponent; false when there is no such place. */
static bool
put_digit(struct decimal *x, char c, int64_t exponent)
{
	int at;

	if (c == '0')
		return true;
	if (exponent < -POINT || exponent >= POINT)
		return false;
	at = (int)exponent + POINT;
	x->limbs[at / LIMB_DIGITS] += (uint32_t)(c - '0') *
	    power_of_ten(at % LIMB_DIGITS);
	return true;
}

/* "", or [eE][+-]digits. Held at a size that no text can bring back. */
static bool
parse_exponent(struct span s, int64_t *exponent)
{
	const int64_t most = INT64_C(1000000000000000);
	bool negative = false;
	int64_t value = 0;
	size_t i = 1;

	*exponent = 0;
	if (s.n == 0)
		return true;
	if (s.p[0] != 'e' && s.p[0] != 'E')
		return false;
	if (i < s.n && (s.p[i] == '+' || s.p[i] == '-')) {
		negative = s.p[i] == '-';
		i++;
	}
	if (i == s.n)
		return false;
	for (; i < s.n; i++) {
		if (!digit(s.p[i]))
			return false;
		if (value < most)
			value = value * 10 + (s.p[i] - '0');
	}
	*exponent = negative ? -value : value;
	return true;
}

static size_t
count_digits(struct span s, size_t from)
{
	size_t n = 0;

	while (from + n < s.n && digit(s.p[from + n]))
		n++;
	return n;
}

bool
decimal_parse(struct span text, struct decimal *out)
{
	struct decimal x = decimal_zero();
	struct span s = text;
	size_t whole, fraction = 0, end, i;
	bool negative = false;
	int64_t exponent;

	if (s.n > 0 && (s.p[0] == '-' || s.p[0] == '+')) {
		negative = s.p[0] == '-';
		s = span_make(s.p + 1, s.n - 1);
	}
	end = whole = count_digits(s, 0);
	if (end < s.n && s.p[end] == '.') {
		fraction = count_digits(s, whole + 1);
		if (fraction == 0)
			return false;
		end += 1 + fraction;
	}
	if (whole + fraction == 0 || s.n > INT32_MAX ||
	    !parse_exponent(span_make(s.p + end, s.n - end), &exponent))
		return false;
	for (i = 0; i < whole; i++)
		if (!put_digit(&x, s.p[i],
		    exponent + (int64_t)(whole - i) - 1))
			return false;
	for (i = 0; i < fraction; i++)
		if (!put_digit(&x, s.p[whole + 1 + i],
		    exponent - (int64_t)i - 1))
			return false;
	x.negative = negative && !decimal_is_zero(&x);
	*out = x;
	return true;
}

static int
compare_magnitude(const struct decimal *a, const struct decimal *b)
{
	int i;

	for (i = DECIMAL_LIMBS - 1; i >= 0; i--)
		if (a->limbs[i] != b->limbs[i])
			return a->limbs[i] < b->limbs[i] ? -1 : 1;
	return 0;
}

/* Signs aside; false when a digit falls off the left end. */
static bool
add_magnitude(struct decimal *sum, const struct decimal *x)
{
	uint32_t carry = 0;
	int i;

	for (i = 0; i < DECIMAL_LIMBS; i++) {
		uint32_t limb = sum->limbs[i] + x->limbs[i] + carry;

		carry = limb >= LIMB_BASE;
		sum->limbs[i] = carry ? limb - LIMB_BASE : limb;
	}
	return carry == 0;
}

/* large - small, signs aside, for large >= small. */
static struct decimal
subtract_magnitude(const struct decimal *large, const struct decimal *small)
{
	struct decimal x = decimal_zero();
	uint32_t borrow = 0;
	int i;

	for (i = 0; i < DECIMAL_LIMBS; i++) {
		uint32_t take = small->limbs[i] + borrow;

		borrow = large->limbs[i] < take;
		x.limbs[i] = large->limbs[i] + (borrow ? LIMB_BASE : 0) - take;
	}
	assert(borrow == 0);
	return x;
}

bool
decimal_add(struct decimal *sum, const struct decimal *x)
{
	struct decimal result = *sum;

	if (sum->negative == x->negative) {
		if (!add_magnitude(&result, x))
			return false;
	} else if (compare_magnitude(sum, x) >= 0) {
		result = subtract_magnitude(sum, x);
		result.negative = sum->negative;
	} else {
		result = subtract_magnitude(x, sum);
		result.negative = x->negative;
	}
	if (decimal_is_zero(&result))
		result.negative = false;
	*sum = result;
	return true;
}

int
decimal_compare(const struct decimal *a, const struct decimal *b)
{
	int c;

	if (a->negative != b->negative)
		return a->negative ? -1 : 1;
	c = compare_magnitude(a, b);
	return a->negative ? -c : c;
}

bool
decimal_is_zero(const struct decimal *x)
{
	int i;

	for (i = 0; i < DECIMAL_LIMBS; i++)
		if (x->limbs[i] != 0)
			return false;
	return true;
}

struct decimal
decimal_magnitude(const struct decimal *x)
{
	struct decimal result = *x;

	result.negative = false;
	return result;
}

/* x * n, signs aside; false when a digit falls off the left end. */
static bool
multiply_magnitude(const struct decimal *x, uint32_t n, struct decimal *out)
{
	uint64_t carry = 0;
	int i;

	*out = decimal_zero();
	for (i = 0; i < DECIMAL_LIMBS; i++) {
		carry += (uint64_t)x->limbs[i] * n;
		out->limbs[i] = (uint32_t)(carry % LIMB_BASE);
		carry /= LIMB_BASE;
	}
	return carry == 0;
}

/* The largest q with 2 * whole * q <= 2 * x * parts + whole: no division. */
uint64_t
decimal_scale(const struct decimal *x, const struct decimal *whole,
    uint32_t parts)
{
	const uint32_t most = parts * 1000;
	struct decimal have, twice, part;
	uint32_t low = 0, high = most, middle;

	assert(parts <= 1000000);
	if (decimal_is_zero(whole))
		return 0;
	if (!multiply_magnitude(x, 2 * parts, &have) ||
	    !add_magnitude(&have, whole) ||
	    !multiply_magnitude(whole, 2, &twice))
		return most;
	while (low < high) {
		middle = low + (high - low + 1) / 2;
		if (multiply_magnitude(&twice, middle, &part) &&
		    compare_magnitude(&part, &have) <= 0)
			low = middle;
		else
			high = middle - 1;
	}
	return low;
}

/*
 * The digits as characters, most significant first, with one more place in
 * front, for what rounding may carry. The point stands behind digits[POINT].
 */
static void
spell(const struct decimal *x, char digits[DIGITS + 1])
{
	int i, k;

	digits[0] = '0';
	for (i = 0; i < DECIMAL_LIMBS; i++) {
		uint32_t limb = x->limbs[DECIMAL_LIMBS - 1 - i];

		for (k = LIMB_DIGITS; k > 0; k--) {
			digits[i * LIMB_DIGITS + k] = (char)('0' + limb % 10);
			limb /= 10;
		}
	}
}

static void
put_digits(bool negative, const char digits[DIGITS + 1], size_t places,
    struct buf *out)
{
	size_t first = 0;

	while (first < POINT && digits[first] == '0')
		first++;
	if (negative)
		buf_add_char(out, '-');
	buf_add(out, digits + first, POINT + 1 - first);
	if (places > 0) {
		buf_add_char(out, '.');
		buf_add(out, digits + POINT + 1, places);
	}
}

void
decimal_format(const struct decimal *x, struct buf *out)
{
	char digits[DIGITS + 1];
	size_t places = POINT;

	spell(x, digits);
	while (places > 0 && digits[POINT + places] == '0')
		places--;
	put_digits(x->negative && !decimal_is_zero(x), digits, places, out);
}

void
decimal_format_rounded(const struct decimal *x, int places, struct buf *out)
{
	char digits[DIGITS + 1];
	size_t last, i;

	assert(places >= 0 && places <= 20);
	spell(x, digits);
	last = POINT + (size_t)places;
	if (digits[last + 1] >= '5') {
		for (i = last; digits[i] == '9'; i--)
			digits[i] = '0';
		digits[i]++;
	}
	for (i = 0; i <= last && digits[i] == '0'; i++)
		;
	put_digits(x->negative && i <= last, digits, (size_t)places, out);
}
