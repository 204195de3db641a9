#include "cmd/money.h"

#include "tap.h"

static const struct {
	const char *number;
	const char *want;
} amounts[] = {
	{ "0", "0.00" }, { "1", "1.00" }, { "12.5", "12.50" },
	{ "999.994", "999.99" }, { "999.995", "1,000.00" },
	{ "1234.5", "1,234.50" }, { "-1", "-1.00" }, { "-999", "-999.00" },
	{ "-1000", "-1,000.00" }, { "-0.001", "0.00" },
	{ "123456789.123", "123,456,789.12" },
	{ "1e30", "1,000,000,000,000,000,000,000,000,000,000.00" },
};

static const struct {
	const char *x, *whole, *want;
} shares[] = {
	{ "1", "3", "33.3%" }, { "2", "3", "66.7%" }, { "0", "3", "0.0%" },
	{ "-1", "200", "-0.5%" }, { "-1", "-200", "0.5%" },
	{ "-1", "1e9", "0.0%" }, { "5", "2", "250.0%" }, { "1", "0", "" },
	{ "9999.9", "10", "99999.0%" }, { "12000", "0.05", "" },
	{ "-12000", "0.05", "" },
};

int
main(void)
{
	struct decimal x = { 0 }, whole = { 0 };
	struct buf out, full;
	size_t i;

	buf_init(&out, 200);
	for (i = 0; i < sizeof amounts / sizeof amounts[0]; i++) {
		buf_reset(&out);
		buf_add_string(&out, "12,");
		ok(decimal_parse(span_of(amounts[i].number), &x), "a number");
		money_add(&x, &out);
		is_str(buf_string(&out) + 3, amounts[i].want, "%s",
		    amounts[i].number);
	}
	for (i = 0; i < sizeof shares / sizeof shares[0]; i++) {
		buf_reset(&out);
		ok(decimal_parse(span_of(shares[i].x), &x) &&
		    decimal_parse(span_of(shares[i].whole), &whole),
		    "numbers");
		money_add_share(&x, &whole, &out);
		is_str(buf_string(&out), shares[i].want, "%s of %s",
		    shares[i].x, shares[i].whole);
	}
	ok(decimal_parse(span_of("1234567"), &x), "a number");
	for (i = 0; i < 12; i++) {
		buf_init(&full, i);
		money_add(&x, &full);
		ok(full.fault == BUF_FULL, "no room in %zu bytes", i);
		buf_clear(&full);
	}
	buf_clear(&out);
	return done_testing();
}
