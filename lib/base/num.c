#include "base/num.h"

bool
num_parse(struct span text, uint64_t max, uint64_t *out)
{
	uint64_t value = 0;
	size_t i;

	if (text.n == 0)
		return false;
	for (i = 0; i < text.n; i++) {
		unsigned char c = (unsigned char)text.p[i];

		if (c < '0' || c > '9')
			return false;
		if (__builtin_mul_overflow(value, 10, &value) ||
		    __builtin_add_overflow(value, (uint64_t)(c - '0'), &value))
			return false;
	}
	if (value > max)
		return false;
	*out = value;
	return true;
}

bool
num_parse_signed(struct span text, int64_t min, int64_t max, int64_t *out)
{
	bool negative = text.n > 0 && text.p[0] == '-';
	uint64_t magnitude;
	int64_t value;

	if (negative)
		text = span_make(text.p + 1, text.n - 1);
	if (!num_parse(text, INT64_MAX, &magnitude))
		return false;
	value = negative ? -(int64_t)magnitude : (int64_t)magnitude;
	if (value < min || value > max)
		return false;
	*out = value;
	return true;
}

static bool
parse_scaled(struct span digits, uint64_t scale, uint64_t max, uint64_t *out)
{
	uint64_t value;

	if (!num_parse(digits, UINT64_MAX, &value) ||
	    __builtin_mul_overflow(value, scale, &value) || value > max)
		return false;
	*out = value;
	return true;
}

bool
num_parse_duration(struct span text, int64_t max, int64_t *seconds)
{
	static const struct {
		char unit;
		uint64_t seconds;
	} units[] = { { 's', 1 }, { 'm', 60 }, { 'h', 3600 }, { 'd', 86400 } };
	uint64_t value;
	size_t i;

	if (span_is(text, "0")) {
		*seconds = 0;
		return true;
	}
	if (text.n < 2)
		return false;
	for (i = 0; i < sizeof units / sizeof units[0]; i++) {
		if (text.p[text.n - 1] != units[i].unit)
			continue;
		if (!parse_scaled(span_make(text.p, text.n - 1),
		    units[i].seconds, (uint64_t)max, &value))
			return false;
		*seconds = (int64_t)value;
		return true;
	}
	return false;
}

bool
num_parse_size(struct span text, uint64_t max, uint64_t *bytes)
{
	static const struct {
		const char *suffix;
		unsigned shift;
	} units[] = { { "KiB", 10 }, { "MiB", 20 }, { "GiB", 30 },
		{ "K", 10 }, { "M", 20 }, { "G", 30 } };
	size_t i;

	for (i = 0; i < sizeof units / sizeof units[0]; i++) {
		if (!span_ends(text, units[i].suffix))
			continue;
		text.n -= span_of(units[i].suffix).n;
		return parse_scaled(text, (uint64_t)1 << units[i].shift, max,
		    bytes);
	}
	return num_parse(text, max, bytes);
}

bool
num_add_size(size_t a, size_t b, size_t *out)
{
	size_t sum;

	if (__builtin_add_overflow(a, b, &sum))
		return false;
	*out = sum;
	return true;
}

bool
num_multiply_size(size_t a, size_t b, size_t *out)
{
	size_t product;

	if (__builtin_mul_overflow(a, b, &product))
		return false;
	*out = product;
	return true;
}

int64_t
num_add_held(int64_t a, int64_t b)
{
	int64_t sum;

	if (__builtin_add_overflow(a, b, &sum))
		return b < 0 ? INT64_MIN : INT64_MAX;
	return sum;
}

int64_t
num_subtract_held(int64_t a, int64_t b)
{
	int64_t difference;

	if (__builtin_sub_overflow(a, b, &difference))
		return b < 0 ? INT64_MAX : INT64_MIN;
	return difference;
}
