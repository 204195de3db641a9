#include "tap.h"

#include "base/limits.h"
#include "cache/derive.h"
#include "codec/json.h"

#define COUNT(rows) (sizeof (rows) / sizeof (rows)[0])

#define MTD "mtd-costs"
#define DAYS "daily-breakdown"
#define SERVICES "service-breakdown"

#define RESULTS(list) "{\"cost_and_usage\":{\"ResultsByTime\":[" list "]}}"
#define TIMES(start, end) "\"TimePeriod\":{\"Start\":\"" start \
	"\",\"End\":\"" end "\"}"
#define AMOUNT(metric, amount) "\"" metric "\":{\"Amount\":\"" amount \
	"\",\"Unit\":\"USD\"}"
#define COST(amount) AMOUNT("UnblendedCost", amount)
#define GROUP(key, metrics) "{\"Keys\":[\"" key "\"],\"Metrics\":{" metrics \
	"}}"
#define FINAL ",\"Estimated\":false"
#define ESTIMATED ",\"Estimated\":true"
#define DAY(day, next, groups, estimated) "{" TIMES("2025-08-" day, \
	"2025-08-" next) ",\"Total\":{},\"Groups\":[" groups "]" estimated "}"
/* What comes out. */
#define SUMMED(start, end, metrics, estimated) "{" TIMES("2025-08-" start, \
	"2025-08-" end) ",\"Total\":{" metrics "},\"Groups\":[]" estimated "}"

/* Two days in August: 0.1 + 0.2 + 1.05 - 0.35 = 1 of the one metric. */
#define TWO_DAYS RESULTS( \
	DAY("01", "02", GROUP("Amazon EC2", COST("0.1") "," \
	    AMOUNT("BlendedCost", "10")) "," GROUP("Amazon S3", \
	    COST("0.2") "," AMOUNT("BlendedCost", "20.25")), FINAL) "," \
	DAY("02", "03", GROUP("Amazon S3", COST("1.05") "," \
	    AMOUNT("BlendedCost", "0.75")) "," GROUP("Tax", COST("-0.35") "," \
	    AMOUNT("BlendedCost", "0")), ESTIMATED))

static const struct {
	const char *what, *type, *data, *want;
} rows[] = {
	{ "two days", MTD, TWO_DAYS, RESULTS(SUMMED("01", "03", COST("1") ","
	    AMOUNT("BlendedCost", "31"), ESTIMATED)) },
	{ "two days", DAYS, TWO_DAYS, RESULTS(SUMMED("01", "02", COST("0.3")
	    "," AMOUNT("BlendedCost", "30.25"), FINAL) "," SUMMED("02", "03",
	    COST("0.7") "," AMOUNT("BlendedCost", "0.75"), ESTIMATED)) },
	{ "two days", SERVICES, TWO_DAYS, RESULTS(DAY("01", "03",
	    GROUP("Amazon EC2", COST("0.1") "," AMOUNT("BlendedCost", "10"))
	    "," GROUP("Amazon S3", COST("1.25") "," AMOUNT("BlendedCost",
	    "21")) "," GROUP("Tax", COST("-0.35") "," AMOUNT("BlendedCost",
	    "0")), ESTIMATED)) },
	{ "all is final", MTD, RESULTS(DAY("01", "02", GROUP("A", COST("1")),
	    FINAL) "," DAY("02", "03", GROUP("A", COST("2")), FINAL)),
	    RESULTS(SUMMED("01", "03", COST("3"), FINAL)) },
	{ "a gap is not", MTD, RESULTS(DAY("01", "02", GROUP("A", COST("1")),
	    FINAL) "," DAY("03", "04", GROUP("A", COST("2")), FINAL)),
	    RESULTS(SUMMED("01", "04", COST("3"), ESTIMATED)) },
	{ "what does not say is not", MTD, RESULTS(DAY("01", "02",
	    GROUP("A", COST("1")), "")), RESULTS(SUMMED("01", "02", COST("1"),
	    ESTIMATED)) },
	{ "one that does not say", DAYS, RESULTS(DAY("01", "02",
	    GROUP("A", COST("1")), "") "," DAY("02", "03", GROUP("A",
	    COST("1")), FINAL)), RESULTS(SUMMED("01", "02", COST("1"),
	    ESTIMATED) "," SUMMED("02", "03", COST("1"), FINAL)) },

	/* Exact sums. */
	{ "tenths", MTD, RESULTS(DAY("01", "02", GROUP("A", COST("0.1")) ","
	    GROUP("B", COST("0.2")), FINAL)), RESULTS(SUMMED("01", "02",
	    COST("0.3"), FINAL)) },
	{ "more digits than a double has", MTD, RESULTS(DAY("01", "02",
	    GROUP("A", COST("12345678901234567890.1234567891")) ","
	    GROUP("B", COST("0.00000000000000000009")), FINAL)),
	    RESULTS(SUMMED("01", "02",
	    COST("12345678901234567890.12345678910000000009"), FINAL)) },
	{ "exponents", MTD, RESULTS(DAY("01", "02", GROUP("A",
	    COST("1.23E-8")) "," GROUP("B", COST("4e2")) "," GROUP("C",
	    COST("5E+1")) "," GROUP("D", COST("-1e-8")), FINAL)),
	    RESULTS(SUMMED("01", "02", COST("450.0000000023"), FINAL)) },
	{ "below zero", MTD, RESULTS(DAY("01", "02", GROUP("A",
	    COST("-0.0000000001")) "," GROUP("B", COST("-12.5")), FINAL)),
	    RESULTS(SUMMED("01", "02", COST("-12.5000000001"), FINAL)) },
	{ "nothing is left", MTD, RESULTS(DAY("01", "02", GROUP("A",
	    COST("-3.10")) "," GROUP("B", COST("3.1")), FINAL)),
	    RESULTS(SUMMED("01", "02", COST("0"), FINAL)) },
	{ "carries", MTD, RESULTS(DAY("01", "02", GROUP("A",
	    COST("999999999.999999999")) "," GROUP("B",
	    COST("0.000000001")), FINAL)), RESULTS(SUMMED("01", "02",
	    COST("1000000000"), FINAL)) },

	/* Days without groups, and none at all. */
	{ "an idle day", DAYS, RESULTS(DAY("01", "02", "", FINAL) ","
	    DAY("02", "03", GROUP("A", COST("2")), FINAL)),
	    RESULTS(SUMMED("01", "02", COST("0"), FINAL) "," SUMMED("02",
	    "03", COST("2"), FINAL)) },
	{ "an idle day", MTD, RESULTS(DAY("01", "02", "", FINAL) ","
	    DAY("02", "03", GROUP("A", COST("2")), FINAL)),
	    RESULTS(SUMMED("01", "03", COST("2"), FINAL)) },
	{ "an idle day", SERVICES, RESULTS(DAY("01", "02", "", FINAL) ","
	    DAY("02", "03", GROUP("A", COST("2")), FINAL)),
	    RESULTS(DAY("01", "03", GROUP("A", COST("2")), FINAL)) },
	{ "only idle days", MTD, RESULTS(DAY("01", "02", "", FINAL) ","
	    DAY("02", "03", "", ESTIMATED)), RESULTS(SUMMED("01", "03", "",
	    ESTIMATED)) },
	{ "only idle days", DAYS, RESULTS(DAY("01", "02", "", FINAL)),
	    RESULTS(SUMMED("01", "02", "", FINAL)) },
	{ "only idle days", SERVICES, RESULTS(DAY("01", "02", "", FINAL)),
	    RESULTS(DAY("01", "02", "", FINAL)) },
	{ "no period", MTD, RESULTS(""), RESULTS("") },
	{ "no period", DAYS, RESULTS(""), RESULTS("") },
	{ "no period", SERVICES, RESULTS(""), RESULTS("") },
	{ "neither Groups nor Total", MTD, RESULTS("{" TIMES("2025-08-01",
	    "2025-08-02") FINAL "}"), RESULTS(SUMMED("01", "02", "",
	    FINAL)) },
	{ "null for them", MTD, RESULTS("{" TIMES("2025-08-01",
	    "2025-08-02") ",\"Groups\":null,\"Total\":null" FINAL "}"),
	    RESULTS(SUMMED("01", "02", "", FINAL)) },

	/* Total alone. */
	{ "totals", MTD, RESULTS(SUMMED("01", "02", COST("1.5"), FINAL) ","
	    SUMMED("02", "03", COST("2.5"), FINAL)), RESULTS(SUMMED("01",
	    "03", COST("4"), FINAL)) },
	{ "totals", DAYS, RESULTS(SUMMED("01", "02", COST("1.50"), FINAL)),
	    RESULTS(SUMMED("01", "02", COST("1.5"), FINAL)) },
	{ "totals of nothing", SERVICES, RESULTS(SUMMED("01", "02",
	    COST("0.0"), FINAL)), RESULTS(DAY("01", "02", "", FINAL)) },
	{ "groups count, not a Total beside them", MTD, RESULTS("{"
	    TIMES("2025-08-01", "2025-08-02") ",\"Total\":{" COST("99")
	    "},\"Groups\":[" GROUP("A", COST("1")) "]" FINAL "}"),
	    RESULTS(SUMMED("01", "02", COST("1"), FINAL)) },

	/* Services. */
	{ "order by key", SERVICES, RESULTS(DAY("01", "02",
	    GROUP("Tax", COST("1")) "," GROUP("AWS Glue DataBrew", COST("2"))
	    "," GROUP("AWS Glue", COST("3")) "," GROUP("AWS Glue!", COST("4"))
	    "," GROUP("aws", COST("5")) "," GROUP("\xc3\x9c" "ber",
	    COST("6")) "," GROUP("", COST("7")) "," GROUP("A", COST("8")),
	    FINAL)), RESULTS(DAY("01", "02", GROUP("", COST("7")) ","
	    GROUP("A", COST("8")) "," GROUP("AWS Glue", COST("3")) ","
	    GROUP("AWS Glue DataBrew", COST("2")) "," GROUP("AWS Glue!",
	    COST("4")) "," GROUP("Tax", COST("1")) "," GROUP("aws", COST("5"))
	    "," GROUP("\xc3\x9c" "ber", COST("6")), FINAL)) },
	{ "one service twice in a day", SERVICES, RESULTS(DAY("01", "02",
	    GROUP("B", COST("1")) "," GROUP("A", COST("2")) "," GROUP("B",
	    COST("4")), FINAL)), RESULTS(DAY("01", "02", GROUP("A", COST("2"))
	    "," GROUP("B", COST("5")), FINAL)) },
	{ "two keys", SERVICES, RESULTS(DAY("01", "02",
	    "{\"Keys\":[\"B\",\"A\"],\"Metrics\":{" COST("1") "}},"
	    "{\"Keys\":[\"A\",\"Z\"],\"Metrics\":{" COST("2") "}},"
	    "{\"Keys\":[\"A\",\"B\"],\"Metrics\":{" COST("4") "}},"
	    "{\"Keys\":[\"A\"],\"Metrics\":{" COST("8") "}},"
	    "{\"Keys\":[\"A\",\"B\"],\"Metrics\":{" COST("16") "}}", FINAL)),
	    RESULTS(DAY("01", "02",
	    "{\"Keys\":[\"A\",\"B\"],\"Metrics\":{" COST("20") "}},"
	    "{\"Keys\":[\"A\",\"Z\"],\"Metrics\":{" COST("2") "}},"
	    "{\"Keys\":[\"A\"],\"Metrics\":{" COST("8") "}},"
	    "{\"Keys\":[\"B\",\"A\"],\"Metrics\":{" COST("1") "}}", FINAL)) },
	{ "quotes in keys", SERVICES, RESULTS(DAY("01", "02",
	    GROUP("say \\\"hi\\\"", COST("1")) "," GROUP("a\\\\", COST("2"))
	    "," GROUP("say \\\"hi\\\"", COST("3")), FINAL)),
	    RESULTS(DAY("01", "02", GROUP("a\\\\", COST("2")) ","
	    GROUP("say \\\"hi\\\"", COST("4")), FINAL)) },

	/* Metrics: those of the data, in the order of their appearance. */
	{ "a metric that comes later", DAYS, RESULTS(DAY("01", "02",
	    GROUP("A", COST("1")), FINAL) "," DAY("02", "03", GROUP("A",
	    AMOUNT("BlendedCost", "2")), FINAL)), RESULTS(SUMMED("01", "02",
	    COST("1") "," AMOUNT("BlendedCost", "0"), FINAL) ","
	    SUMMED("02", "03", COST("0") "," AMOUNT("BlendedCost", "2"),
	    FINAL)) },
	{ "a metric of one service", SERVICES, RESULTS(DAY("01", "02",
	    GROUP("A", COST("1")) "," GROUP("B", COST("2") ","
	    AMOUNT("BlendedCost", "3")), FINAL)), RESULTS(DAY("01", "02",
	    GROUP("A", COST("1") "," AMOUNT("BlendedCost", "0")) ","
	    GROUP("B", COST("2") "," AMOUNT("BlendedCost", "3")), FINAL)) },
	{ "another currency", MTD, RESULTS(DAY("01", "02",
	    GROUP("A", "\"UnblendedCost\":{\"Amount\":\"1\",\"Unit\":\"CNY\"}")
	    "," GROUP("B", "\"UnblendedCost\":{\"Unit\":\"CNY\",\"Amount\":"
	    "\"2\",\"More\":[]}"), FINAL)), RESULTS(SUMMED("01", "02",
	    "\"UnblendedCost\":{\"Amount\":\"3\",\"Unit\":\"CNY\"}",
	    FINAL)) },
	{ "units of their own", MTD, RESULTS(DAY("01", "02", GROUP("A",
	    COST("1") ",\"UsageQuantity\":{\"Amount\":\"5\",\"Unit\":"
	    "\"N/A\"}"), FINAL)), RESULTS(SUMMED("01", "02", COST("1")
	    ",\"UsageQuantity\":{\"Amount\":\"5\",\"Unit\":\"N/A\"}",
	    FINAL)) },

	{ "eight metrics", MTD, RESULTS(DAY("01", "02", GROUP("A",
	    AMOUNT("a", "1") "," AMOUNT("b", "2") "," AMOUNT("c", "3") ","
	    AMOUNT("d", "4") "," AMOUNT("e", "5") "," AMOUNT("f", "6") ","
	    AMOUNT("g", "7") "," AMOUNT("h", "8")), FINAL)),
	    RESULTS(SUMMED("01", "02", AMOUNT("a", "1") "," AMOUNT("b", "2")
	    "," AMOUNT("c", "3") "," AMOUNT("d", "4") "," AMOUNT("e", "5") ","
	    AMOUNT("f", "6") "," AMOUNT("g", "7") "," AMOUNT("h", "8"),
	    FINAL)) },

	/* GroupDefinitions belong to groups. */
	{ "GroupDefinitions", SERVICES, "{\"cost_and_usage\":{"
	    "\"GroupDefinitions\":[ {\"Key\": \"SERVICE\"} ],"
	    "\"DimensionValueAttributes\":[],\"ResultsByTime\":[]}}",
	    "{\"cost_and_usage\":{\"GroupDefinitions\":[ {\"Key\": "
	    "\"SERVICE\"} ],\"ResultsByTime\":[]}}" },
	{ "GroupDefinitions", MTD, "{\"cost_and_usage\":{"
	    "\"GroupDefinitions\":[{\"Key\":\"SERVICE\"}],"
	    "\"ResultsByTime\":[]}}", RESULTS("") },

	/* Hours, as they stand. */
	{ "hours", MTD, RESULTS("{" TIMES("2025-08-01T00:00:00Z",
	    "2025-08-01T01:00:00Z") ",\"Groups\":[]" FINAL "},{"
	    TIMES("2025-08-01T01:00:00Z", "2025-08-01T02:00:00Z")
	    ",\"Groups\":[]" FINAL "}"), RESULTS("{"
	    TIMES("2025-08-01T00:00:00Z", "2025-08-01T02:00:00Z")
	    ",\"Total\":{},\"Groups\":[]" FINAL "}") },
};

static void
test_sums(void)
{
	struct buf b, again;
	size_t i;

	buf_init(&b, LIMIT_MIB);
	buf_init(&again, LIMIT_MIB);
	for (i = 0; i < COUNT(rows); i++) {
		struct err err = { 0 };

		buf_reset(&b);
		buf_reset(&again);
		is_int(derive_data(rows[i].type, span_of(rows[i].data), &b,
		    &err), 0, "%s: %s", rows[i].type, rows[i].what);
		is_str(buf_string(&b), rows[i].want, "its figures");
		is_int(json_check(buf_view(&b), &err), 0, "are JSON");
		if (err.class != ERR_NONE)
			note("%s", err.message);
		derive_data(rows[i].type, span_of(rows[i].data), &again,
		    &err);
		is_bytes(buf_view(&again), buf_view(&b), "the same bytes "
		    "again");
	}
	buf_clear(&b);
	buf_clear(&again);
}

#define GROUPED(groups) RESULTS(DAY("01", "02", groups, FINAL))

static void
test_refused(void)
{
	static const struct {
		const char *what, *data, *message;
		bool not_services, not_sums;
	} bad[] = {
		{ "units differ", GROUPED(GROUP("A", COST("1")) "," GROUP("B",
		    "\"UnblendedCost\":{\"Amount\":\"1\",\"Unit\":\"CNY\"}")),
		    "units differ", false, false },
		{ "units differ between days", RESULTS(DAY("01", "02",
		    GROUP("A", COST("1")), FINAL) "," DAY("02", "03",
		    GROUP("A", "\"UnblendedCost\":{\"Amount\":\"1\",\"Unit\":"
		    "\"\"}"), FINAL)), "units differ", false, false },
		{ "no unit", GROUPED(GROUP("A",
		    "\"UnblendedCost\":{\"Amount\":\"1\"}")), "no unit", false,
		    false },
		{ "no amount", GROUPED(GROUP("A",
		    "\"UnblendedCost\":{\"Unit\":\"USD\"}")), "no decimal",
		    false, false },
		{ "an amount that is a number", GROUPED(GROUP("A",
		    "\"UnblendedCost\":{\"Amount\":1,\"Unit\":\"USD\"}")),
		    "no decimal", false, false },
		{ "an amount that is empty", GROUPED(GROUP("A", COST(""))),
		    "no decimal", false, false },
		{ "an amount in words", GROUPED(GROUP("A", COST("NaN"))),
		    "no decimal", false, false },
		{ "an amount with a comma", GROUPED(GROUP("A",
		    COST("1,000"))), "no decimal", false, false },
		{ "an amount beyond all bills", GROUPED(GROUP("A",
		    COST("1e90"))), "no decimal", false, false },
		{ "null for a metric", GROUPED(GROUP("A",
		    "\"UnblendedCost\":null")), "no decimal", false, false },
		{ "no metrics", GROUPED("{\"Keys\":[\"A\"]}"), "no metrics",
		    false, false },
		{ "metrics that are a list", GROUPED("{\"Keys\":[\"A\"],"
		    "\"Metrics\":[]}"), "no metrics", false, false },
		{ "a group that is none", GROUPED("7"), "no ", false, false },
		{ "a long name", GROUPED(GROUP("A", AMOUNT("0123456789"
		    "012345678901234567890123456789012345678901234567890123",
		    "1"))), "too long", false, false },
		{ "too many metrics", GROUPED(GROUP("A", AMOUNT("a", "1") ","
		    AMOUNT("b", "1") "," AMOUNT("c", "1") "," AMOUNT("d", "1")
		    "," AMOUNT("e", "1") "," AMOUNT("f", "1") ","
		    AMOUNT("g", "1") "," AMOUNT("h", "1") ","
		    AMOUNT("i", "1"))), "more metrics", false, false },
		{ "no Keys", GROUPED("{\"Metrics\":{" COST("1") "}}"),
		    "no Keys", false, true },
		{ "a Total without groups", RESULTS(SUMMED("01", "02",
		    COST("1"), FINAL)), "no Groups", false, true },
		{ "a sum beyond all bills", GROUPED(GROUP("A", COST("9e89"))
		    "," GROUP("B", COST("9e89"))), "out of range", true,
		    false },
		{ "no Start", RESULTS("{\"TimePeriod\":{\"End\":"
		    "\"2025-08-02\"},\"Groups\":[]}"), "no Start", false,
		    false },
		{ "no End", RESULTS("{\"TimePeriod\":{\"Start\":"
		    "\"2025-08-02\"},\"Groups\":[]}"), "or End", false,
		    false },
		{ "no times in the second", RESULTS(DAY("01", "02", "", FINAL)
		    ",{\"Groups\":[]}"), "no Start", false, false },
		{ "a Start that is a number", RESULTS("{\"TimePeriod\":{"
		    "\"Start\":1,\"End\":2},\"Groups\":[]}"), "no Start",
		    false, false },
		{ "a period that is none", RESULTS("null"), "no Start", false,
		    false },
		{ "groups that are an object", RESULTS("{" TIMES("2025-08-01",
		    "2025-08-02") ",\"Groups\":{\"a\":" GROUP("A", COST("1"))
		    "}}"), "Groups", false, false },
		{ "a Total that is a list", RESULTS("{" TIMES("2025-08-01",
		    "2025-08-02") ",\"Total\":[]}"), "Total", false, false },
		{ "an object of results", "{\"cost_and_usage\":{"
		    "\"ResultsByTime\":{}}}", "ResultsByTime", false, false },
		{ "unwrapped", "{\"ResultsByTime\":[]}", "ResultsByTime",
		    false, false },
		{ "a forecast", "{\"forecast\":{\"ResultsByTime\":[]}}",
		    "ResultsByTime", false, false },
		{ "a list", "[]", "ResultsByTime", false, false },
		{ "no JSON", "{\"cost_and_usage\"", "byte", false, false },
	};
	static const char *const types[] = { MTD, DAYS, SERVICES };
	struct buf b;
	size_t i, k;

	buf_init(&b, LIMIT_MIB);
	for (i = 0; i < COUNT(bad); i++)
		for (k = 0; k < COUNT(types); k++) {
			struct err err = { 0 };

			if ((k == 2 && bad[i].not_services) ||
			    (k < 2 && bad[i].not_sums))
				continue;
			buf_reset(&b);
			is_int(derive_data(types[k], span_of(bad[i].data), &b,
			    &err), -1, "%s: %s", types[k], bad[i].what);
			is_int(err.class, ERR_DATA, "is a fault of the data");
			has_str(err.message, bad[i].message, "and says so");
		}
	buf_clear(&b);
}

static void
test_possible(void)
{
	static const char *const not[] = { "full-data", "forecast", "by-team",
		"", "mtd", "mtd-costs2", "MTD-COSTS" };
	size_t i;

	ok(derive_possible(MTD) && derive_possible(DAYS) &&
	    derive_possible(SERVICES), "three types are derived");
	for (i = 0; i < COUNT(not); i++)
		ok(!derive_possible(not[i]), "'%s' is not", not[i]);
}

/* Many services, out of order, over many days: every row in its place. */
static void
test_many(void)
{
	const unsigned services = 500, days = 30;
	struct err err = { 0 };
	struct buf in, out, want;
	unsigned day, i;

	buf_init(&in, 16 * LIMIT_MIB);
	buf_init(&out, 16 * LIMIT_MIB);
	buf_init(&want, 16 * LIMIT_MIB);
	buf_add_string(&in, "{\"cost_and_usage\":{\"ResultsByTime\":[");
	for (day = 1; day <= days; day++) {
		buf_addf(&in, "%s{\"TimePeriod\":{\"Start\":\"2025-08-%02u\","
		    "\"End\":\"2025-08-%02u\"},\"Groups\":[",
		    day == 1 ? "" : ",", day, day + 1);
		for (i = 0; i < services; i++)
			buf_addf(&in, "%s{\"Keys\":[\"s%03u\"],\"Metrics\":{"
			    "\"C\":{\"Amount\":\"%u.01\",\"Unit\":\"USD\"}}}",
			    i == 0 ? "" : ",", i * 7 * day % services, i);
		buf_add_string(&in, "],\"Estimated\":false}");
	}
	buf_add_string(&in, "]}}");
	is_int(derive_data(MTD, buf_view(&in), &out, &err), 0, "15,000 sums");
	/* 30 days of (0 + 1 + ... + 499) + 500 cents. */
	is_str(buf_string(&out), "{\"cost_and_usage\":{\"ResultsByTime\":[{"
	    "\"TimePeriod\":{\"Start\":\"2025-08-01\",\"End\":\"2025-08-31\"},"
	    "\"Total\":{\"C\":{\"Amount\":\"3742650\",\"Unit\":\"USD\"}},"
	    "\"Groups\":[],\"Estimated\":false}]}}", "their total");
	buf_reset(&out);
	is_int(derive_data(SERVICES, buf_view(&in), &out, &err), 0,
	    "500 services");
	for (i = 0; i < services; i++) {
		unsigned k, d, sum = 0, cents = 0;

		for (d = 1; d <= days; d++)
			for (k = 0; k < services; k++)
				if (k * 7 * d % services == i) {
					sum += k;
					cents++;
				}
		/* On some days 7 d shares a factor with 500. */
		if (cents == 0)
			continue;
		sum += cents / 100;
		cents %= 100;
		buf_reset(&want);
		buf_addf(&want, "[\"s%03u\"],\"Metrics\":{\"C\":{\"Amount\":"
		    "\"%u", i, sum);
		if (cents % 10 != 0)
			buf_addf(&want, ".%02u\"", cents);
		else if (cents != 0)
			buf_addf(&want, ".%u\"", cents / 10);
		else
			buf_add_string(&want, "\"");
		if (strstr(buf_string(&out), buf_string(&want)) == NULL)
			break;
	}
	is_uint(i, services, "each with its sum");
	buf_clear(&in);
	buf_clear(&out);
	buf_clear(&want);
}

static void
test_no_room(void)
{
	static const char *const types[] = { MTD, DAYS, SERVICES };
	struct err err = { 0 };
	struct buf b;
	size_t k;

	for (k = 0; k < COUNT(types); k++) {
		buf_init(&b, 100);
		is_int(derive_data(types[k], span_of(TWO_DAYS), &b, &err), 0,
		    "%s without room", types[k]);
		is_int(buf_check(&b, "it", &err), -1, "is seen in the buffer");
		buf_clear(&b);
		err_clear(&err);
	}
}

int
main(void)
{
	test_possible();
	test_sums();
	test_refused();
	test_many();
	test_no_room();
	return done_testing();
}
