#include "tap.h"

#include "base/decimal.h"

#define COUNT(rows) (sizeof (rows) / sizeof (rows)[0])

#define NINES "999999999999999999999999999999"	/* thirty */
#define ZEROS "000000000000000000000000000000"
#define MOST NINES NINES NINES
#define LEAST "0." ZEROS ZEROS "00000000000000000000000000000" "1"

static const char *
plain(const struct decimal *x, struct buf *b)
{
	buf_reset(b);
	decimal_format(x, b);
	return buf_string(b);
}

static void
test_parse(void)
{
	static const struct {
		const char *text, *want;	/* NULL: refused */
	} rows[] = {
		{ "0", "0" }, { "-0", "0" }, { "0.000", "0" }, { "00", "0" },
		{ "1", "1" }, { "-1", "-1" }, { "+1", "1" }, { "007", "7" },
		{ ".5", "0.5" }, { "-.5", "-0.5" }, { "1.50", "1.5" },
		{ "10", "10" }, { "-0.0012345678", "-0.0012345678" },
		{ "1.23E-8", "0.0000000123" }, { "1.23e8", "123000000" },
		{ "1E+2", "100" }, { "100e-2", "1" }, { "1e0", "1" },
		{ "123456789.987654321", "123456789.987654321" },
		{ "1234567890.0987654321", "1234567890.0987654321" },
		{ "0e999999999999999999999", "0" }, { "0.0E-99999", "0" },
		{ "1e89", "1" ZEROS ZEROS "00000000000000000000000000000" },
		{ "1e-90", LEAST }, { MOST, MOST }, { "-" MOST, "-" MOST },
		{ "0.1e90", "1" ZEROS ZEROS "00000000000000000000000000000" },
		{ "1000e-93", LEAST }, { LEAST, LEAST },
		{ "1e90", NULL }, { "1e-91", NULL }, { MOST "0", NULL },
		{ LEAST "1", NULL }, { LEAST "0", LEAST },
		{ "1e99999999999999999999999", NULL },
		{ "1e-99999999999999999999999", NULL },
		{ "", NULL }, { "-", NULL }, { "+", NULL }, { ".", NULL },
		{ "1.", NULL }, { "-.", NULL }, { "e5", NULL }, { "1e", NULL },
		{ "1e+", NULL }, { "1e-", NULL }, { "1e1.5", NULL },
		{ "--1", NULL }, { "+-1", NULL }, { " 1", NULL },
		{ "1 ", NULL }, { "1,5", NULL }, { "1.2.3", NULL },
		{ "0x10", NULL }, { "NaN", NULL }, { "inf", NULL },
		{ "1e5x", NULL }, { "1_000", NULL }, { ".e5", NULL },
	};
	struct buf b;
	size_t i;

	buf_init(&b, 1000);
	for (i = 0; i < COUNT(rows); i++) {
		struct decimal x = decimal_zero();
		bool good = decimal_parse(span_of(rows[i].text), &x);

		ok(good == (rows[i].want != NULL), "'%s'", rows[i].text);
		if (good)
			is_str(plain(&x, &b), rows[i].want, "its value");
		else
			ok(decimal_is_zero(&x), "left alone");
	}
	ok(!decimal_parse(span_make("1\0", 2), &(struct decimal){ 0 }),
	    "a NUL");
	ok(!decimal_parse(span_make(NULL, 0), &(struct decimal){ 0 }),
	    "nothing");
	buf_clear(&b);
}

static void
test_add(void)
{
	static const struct {
		const char *a, *b, *want;	/* NULL: does not fit */
	} rows[] = {
		{ "0", "0", "0" }, { "1", "2", "3" }, { "1", "-1", "0" },
		{ "-1", "1", "0" }, { "-1", "-2", "-3" }, { "5", "-7", "-2" },
		{ "-5", "7", "2" }, { "7", "-5", "2" }, { "-7", "5", "-2" },
		{ "0.1", "0.2", "0.3" }, { "0.999999999", "0.000000001", "1" },
		{ "999999999", "1", "1000000000" },
		{ "1000000000", "-0.000000001", "999999999.999999999" },
		{ "999999999999999999.999999999999999999",
		    "0.000000000000000001", "1000000000000000000" },
		{ "1e-90", "-1e-90", "0" },
		{ MOST, "1", NULL }, { "-" MOST, "-1", NULL },
		{ MOST, "-1", "99999999999999999999999999999" NINES NINES
		    "8" },
		{ MOST, "0.1", MOST ".1" },
		{ "12345.6789", "-0.0000000000000000000001",
		    "12345.6788999999999999999999" },
	};
	struct buf b;
	size_t i;

	buf_init(&b, 1000);
	for (i = 0; i < COUNT(rows); i++) {
		struct decimal sum, x;
		bool fits;

		if (!decimal_parse(span_of(rows[i].a), &sum) ||
		    !decimal_parse(span_of(rows[i].b), &x)) {
			ok(false, "row %zu", i);
			continue;
		}
		fits = decimal_add(&sum, &x);
		ok(fits == (rows[i].want != NULL), "%s + %s", rows[i].a,
		    rows[i].b);
		is_str(plain(&sum, &b), fits ? rows[i].want : rows[i].a,
		    "its sum");
	}
	buf_clear(&b);
}

static void
test_exactness(void)
{
	struct decimal sum = decimal_zero(), cent, back;
	struct buf b;
	int i;

	buf_init(&b, 1000);
	ok(decimal_parse(span_of("0.01"), &cent), "a cent");
	for (i = 0; i < 100000; i++)
		if (!decimal_add(&sum, &cent))
			break;
	is_str(plain(&sum, &b), "1000", "a hundred thousand cents");
	ok(decimal_add(&sum, &sum), "a sum with itself");
	is_str(plain(&sum, &b), "2000", "is twice");
	ok(decimal_parse(buf_view(&b), &back) &&
	    decimal_compare(&back, &sum) == 0, "what is written is read");
	buf_clear(&b);
}

static void
test_compare(void)
{
	static const char *const ascending[] = { "-" MOST, "-10", "-2", "-1.5",
		"-0.1", "-1e-90", "0", "1e-90", "0.1", "1.5", "2", "10", MOST };
	size_t i, k;

	for (i = 0; i < COUNT(ascending); i++)
		for (k = 0; k < COUNT(ascending); k++) {
			struct decimal a, b;

			if (!decimal_parse(span_of(ascending[i]), &a) ||
			    !decimal_parse(span_of(ascending[k]), &b))
				continue;
			is_int(decimal_compare(&a, &b),
			    i < k ? -1 : i > k, "%s and %s", ascending[i],
			    ascending[k]);
		}
}

static void
test_rounded(void)
{
	static const struct {
		const char *text;
		int places;
		const char *want;
	} rows[] = {
		{ "0", 2, "0.00" }, { "0", 0, "0" }, { "1", 2, "1.00" },
		{ "1.005", 2, "1.01" }, { "1.004999", 2, "1.00" },
		{ "-1.005", 2, "-1.01" }, { "0.004", 2, "0.00" },
		{ "-0.004", 2, "0.00" }, { "-0.005", 2, "-0.01" },
		{ "0.5", 0, "1" }, { "0.4999", 0, "0" }, { "9.995", 2,
		    "10.00" }, { "999999999.999", 2, "1000000000.00" },
		{ "12.3", 5, "12.30000" }, { "1.5", 1, "1.5" },
		{ MOST ".9", 0, "1" ZEROS ZEROS ZEROS },
		{ "0.00000000000000000005", 20, "0.00000000000000000005" },
		{ "0.000000000000000000005", 20, "0.00000000000000000001" },
	};
	struct buf b;
	size_t i;

	buf_init(&b, 1000);
	for (i = 0; i < COUNT(rows); i++) {
		struct decimal x;

		if (!decimal_parse(span_of(rows[i].text), &x)) {
			ok(false, "row %zu", i);
			continue;
		}
		buf_reset(&b);
		decimal_format_rounded(&x, rows[i].places, &b);
		is_str(buf_string(&b), rows[i].want, "%s to %d places",
		    rows[i].text, rows[i].places);
	}
	buf_clear(&b);
}

static void
test_scale(void)
{
	static const struct {
		const char *x, *whole;
		uint32_t parts;
		uint64_t want;
	} rows[] = {
		{ "1", "3", 1000, 333 }, { "2", "3", 1000, 667 },
		{ "-2", "3", 1000, 667 }, { "2", "-3", 1000, 667 },
		{ "0", "3", 1000, 0 }, { "3", "3", 1000, 1000 },
		{ "1", "0", 1000, 0 }, { "1", "3", 0, 0 },
		{ "0.5", "1", 1, 1 }, { "0.4999999999999999", "1", 1, 0 },
		{ "1e80", "3e80", 1000000, 333333 },
		{ "1e-80", "3e-80", 1000000, 333333 },
		{ "1e-80", "1e80", 1000000, 0 },
		{ "7", "2", 100, 350 }, { "2000", "1", 10, 10000 },
		{ "1e85", "1", 1000000, 1000000000 },
		{ "1234567.891", "9876543.21", 1000000, 125000 },
	};
	struct decimal x, whole;
	size_t i;

	for (i = 0; i < COUNT(rows); i++) {
		if (!decimal_parse(span_of(rows[i].x), &x) ||
		    !decimal_parse(span_of(rows[i].whole), &whole)) {
			ok(false, "row %zu", i);
			continue;
		}
		is_uint(decimal_scale(&x, &whole, rows[i].parts),
		    rows[i].want, "%s of %s in %u", rows[i].x,
		    rows[i].whole, (unsigned)rows[i].parts);
		ok(!decimal_magnitude(&x).negative, "%s without its sign",
		    rows[i].x);
	}
}

int
main(void)
{
	test_parse();
	test_add();
	test_exactness();
	test_compare();
	test_rounded();
	test_scale();
	return done_testing();
}
