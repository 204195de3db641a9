#include "tap.h"

#include "base/num.h"

#define COUNT(rows) (sizeof (rows) / sizeof (rows)[0])

static void
test_parse(void)
{
	static const struct {
		const char *text;
		uint64_t max;
		bool good;
		uint64_t want;
	} rows[] = {
		{ "0", 10, true, 0 }, { "10", 10, true, 10 },
		{ "007", 10, true, 7 }, { "11", 10, false, 0 },
		{ "", 10, false, 0 }, { "-1", 10, false, 0 },
		{ "+1", 10, false, 0 }, { " 1", 10, false, 0 },
		{ "1 ", 10, false, 0 }, { "0x1", 10, false, 0 },
		{ "1.0", 10, false, 0 },
		{ "18446744073709551615", UINT64_MAX, true, UINT64_MAX },
		{ "18446744073709551616", UINT64_MAX, false, 0 },
		{ "99999999999999999999", UINT64_MAX, false, 0 },
	};
	size_t i;

	for (i = 0; i < COUNT(rows); i++) {
		uint64_t got = 77;
		bool good = num_parse(span_of(rows[i].text), rows[i].max,
		    &got);

		ok(good == rows[i].good, "'%s'", rows[i].text);
		is_uint(got, good ? rows[i].want : 77, "its value");
	}
	ok(!num_parse(span_make("1\0", 2), 10, &(uint64_t){ 0 }), "a NUL");
}

static void
test_signed(void)
{
	static const struct {
		const char *text;
		int64_t min, max;
		bool good;
		int64_t want;
	} rows[] = {
		{ "-5", -5, 5, true, -5 }, { "5", -5, 5, true, 5 },
		{ "-6", -5, 5, false, 0 }, { "6", -5, 5, false, 0 },
		{ "-0", -5, 5, true, 0 }, { "-", -5, 5, false, 0 },
		{ "--1", -5, 5, false, 0 },
		{ "9223372036854775807", INT64_MIN, INT64_MAX, true,
		    INT64_MAX },
		{ "-9223372036854775807", INT64_MIN, INT64_MAX, true,
		    -INT64_MAX },
		{ "9223372036854775808", INT64_MIN, INT64_MAX, false, 0 },
	};
	size_t i;

	for (i = 0; i < COUNT(rows); i++) {
		int64_t got = 77;
		bool good = num_parse_signed(span_of(rows[i].text),
		    rows[i].min, rows[i].max, &got);

		ok(good == rows[i].good, "signed '%s'", rows[i].text);
		is_int(got, good ? rows[i].want : 77, "its value");
	}
}

static void
test_duration(void)
{
	static const struct {
		const char *text;
		bool good;
		int64_t want;
	} rows[] = {
		{ "0", true, 0 }, { "90s", true, 90 }, { "15m", true, 900 },
		{ "6h", true, 21600 }, { "30d", true, 2592000 },
		{ "31d", false, 0 }, { "90", false, 0 }, { "s", false, 0 },
		{ "", false, 0 }, { "-1s", false, 0 }, { "1.5h", false, 0 },
		{ "1w", false, 0 }, { "1 h", false, 0 }, { "1H", false, 0 },
		{ "18446744073709551615d", false, 0 }, { "0s", true, 0 },
	};
	size_t i;

	for (i = 0; i < COUNT(rows); i++) {
		int64_t got = 77;
		bool good = num_parse_duration(span_of(rows[i].text), 2592000,
		    &got);

		ok(good == rows[i].good, "duration '%s'", rows[i].text);
		is_int(got, good ? rows[i].want : 77, "its value");
	}
}

static void
test_size(void)
{
	static const struct {
		const char *text;
		bool good;
		uint64_t want;
	} rows[] = {
		{ "0", true, 0 }, { "1000", true, 1000 },
		{ "1KiB", true, 1024 }, { "1K", true, 1024 },
		{ "256MiB", true, 268435456 }, { "2M", true, 2097152 },
		{ "1GiB", true, 1073741824 }, { "1G", true, 1073741824 },
		{ "2G", false, 0 }, { "KiB", false, 0 }, { "1KB", false, 0 },
		{ "1kib", false, 0 }, { "", false, 0 }, { "-1K", false, 0 },
		{ "18446744073709551615K", false, 0 },
	};
	size_t i;

	for (i = 0; i < COUNT(rows); i++) {
		uint64_t got = 77;
		bool good = num_parse_size(span_of(rows[i].text), 1073741824,
		    &got);

		ok(good == rows[i].good, "size '%s'", rows[i].text);
		is_uint(got, good ? rows[i].want : 77, "its value");
	}
}

static void
test_checked(void)
{
	size_t n = 77;

	ok(num_add_size(2, 3, &n) && n == 5, "sum");
	ok(!num_add_size(SIZE_MAX, 1, &n) && n == 5, "sum too large");
	ok(num_multiply_size(2, 3, &n) && n == 6, "product");
	ok(!num_multiply_size(SIZE_MAX / 2, 3, &n) && n == 6,
	    "product too large");
	is_int(num_add_held(2, 3), 5, "held sum");
	is_int(num_add_held(INT64_MAX, 1), INT64_MAX, "held at the top");
	is_int(num_add_held(INT64_MIN, -1), INT64_MIN, "and at the bottom");
	is_int(num_subtract_held(2, 3), -1, "held difference");
	is_int(num_subtract_held(INT64_MIN, 1), INT64_MIN, "at the bottom");
	is_int(num_subtract_held(INT64_MAX, -1), INT64_MAX, "at the top");
}

int
main(void)
{
	test_parse();
	test_signed();
	test_duration();
	test_size();
	test_checked();
	return done_testing();
}
