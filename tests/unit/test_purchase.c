#include "cache/purchase.h"

#include "base/limits.h"
#include "codec/json.h"
#include "purchase_time.h"
#include "tap.h"

#define FULL "\"Granularity\":\"DAILY\",\"Metrics\":[\"UnblendedCost\"," \
	"\"BlendedCost\",\"AmortizedCost\",\"NetUnblendedCost\"," \
	"\"NetAmortizedCost\"],\"GroupBy\":[{\"Type\":\"DIMENSION\"," \
	"\"Key\":\"SERVICE\"}]}"
#define FORECAST "\"Metric\":\"UNBLENDED_COST\",\"Granularity\":\"DAILY\"}"
#define PERIOD(start, end) "{\"TimePeriod\":{\"Start\":\"" start \
	"\",\"End\":\"" end "\"},"

/* The bytes that go out for the built-in types. */
static void
test_requests(void)
{
	static const struct {
		const char *what, *type, *month, *now;
		const char *want;	/* NULL: cannot be bought */
	} rows[] = {
		{ "in mid-month", "full-data", "2025-08",
		    "2025-08-11T14:30:00Z", PERIOD("2025-08-01",
		    "2025-08-12") FULL },
		{ "on the first", "full-data", "2025-08",
		    "2025-08-01T00:00:00Z", PERIOD("2025-08-01",
		    "2025-08-02") FULL },
		{ "on the last but one", "full-data", "2025-08",
		    "2025-08-30T23:59:59Z", PERIOD("2025-08-01",
		    "2025-08-31") FULL },
		{ "on the last day", "full-data", "2025-08",
		    "2025-08-31T00:00:00Z", PERIOD("2025-08-01",
		    "2025-09-01") FULL },
		{ "in its last second", "full-data", "2025-08",
		    "2025-08-31T23:59:59Z", PERIOD("2025-08-01",
		    "2025-09-01") FULL },
		{ "closed by a second", "full-data", "2025-08",
		    "2025-09-01T00:00:00Z", PERIOD("2025-08-01",
		    "2025-09-01") FULL },
		{ "closed long ago", "full-data", "2024-02",
		    "2025-08-11T14:30:00Z", PERIOD("2024-02-01",
		    "2024-03-01") FULL },
		{ "December", "full-data", "2024-12", "2025-08-11T14:30:00Z",
		    PERIOD("2024-12-01", "2025-01-01") FULL },
		{ "on New Year's Eve", "full-data", "2025-12",
		    "2025-12-31T12:00:00Z", PERIOD("2025-12-01",
		    "2026-01-01") FULL },
		{ "on the 28th in a leap year", "full-data", "2024-02",
		    "2024-02-28T12:00:00Z", PERIOD("2024-02-01",
		    "2024-02-29") FULL },
		{ "on the 28th in another", "full-data", "2025-02",
		    "2025-02-28T12:00:00Z", PERIOD("2025-02-01",
		    "2025-03-01") FULL },
		{ "next month", "full-data", "2025-09",
		    "2025-08-31T23:59:59Z", NULL },
		{ "next year", "full-data", "2026-01",
		    "2025-12-31T23:59:59Z", NULL },
		{ "derived: the same", "mtd-costs", "2025-08",
		    "2025-08-11T14:30:00Z", PERIOD("2025-08-01",
		    "2025-08-12") FULL },
		{ "derived: the same", "daily-breakdown", "2025-07",
		    "2025-08-11T14:30:00Z", PERIOD("2025-07-01",
		    "2025-08-01") FULL },
		{ "derived: the same", "service-breakdown", "2025-08",
		    "2025-08-31T14:30:00Z", PERIOD("2025-08-01",
		    "2025-09-01") FULL },
		{ "derived, next month", "mtd-costs", "2025-09",
		    "2025-08-11T14:30:00Z", NULL },
		{ "forecast in mid-month", "forecast", "2025-08",
		    "2025-08-11T14:30:00Z", PERIOD("2025-08-11",
		    "2025-09-01") FORECAST },
		{ "forecast on the first", "forecast", "2025-08",
		    "2025-08-01T00:00:00Z", PERIOD("2025-08-01",
		    "2025-09-01") FORECAST },
		{ "forecast on the last day", "forecast", "2025-12",
		    "2025-12-31T23:59:59Z", PERIOD("2025-12-31",
		    "2026-01-01") FORECAST },
		{ "forecast of what is past", "forecast", "2025-07",
		    "2025-08-01T00:00:00Z", NULL },
		{ "forecast of next month", "forecast", "2025-09",
		    "2025-08-31T23:59:59Z", NULL },
		{ "a type nobody defined", "by-team", "2025-08",
		    "2025-08-11T14:30:00Z", NULL },
	};
	size_t i;

	for (i = 0; i < COUNT(rows); i++) {
		const char *type = rows[i].type;
		bool forecast = strcmp(type, "forecast") == 0;
		bool built_in = strcmp(type, "by-team") != 0;
		struct err err = { 0 };
		struct purchase p;

		is_int(purchase_plan(type, NULL, span_of(NULL),
		    month(rows[i].month), at(rows[i].now), &p, &err), 0,
		    "%s %s: %s", type, rows[i].month, rows[i].what);
		is_str(buf_string(&p.request),
		    rows[i].want == NULL ? "" : rows[i].want, "its request");
		is_str(p.operation, rows[i].want == NULL ? NULL :
		    forecast ? "GetCostForecast" : "GetCostAndUsage",
		    "its operation");
		is_str(p.name, forecast ? "forecast" : !built_in ? type :
		    "full-data", "its name");
		ok(!p.custom, "whose it is");
		purchase_clear(&p);
		purchase_clear(&p);
	}
}

static void
test_custom(void)
{
	static const struct {
		const char *what, *operation, *request, *text, *month, *want;
	} rows[] = {
		{ "a definition", "GetCostAndUsage",
		    "{\"Granularity\":\"MONTHLY\", \"Metrics\" : [ \"X\" ]}",
		    NULL, "2025-08", PERIOD("2025-08-01", "2025-08-12")
		    "\"Granularity\":\"MONTHLY\",\"Metrics\":[ \"X\" ]}" },
		{ "of a closed month", "GetTags", "{\"TagKey\":\"team\"}",
		    NULL, "2025-07", PERIOD("2025-07-01", "2025-08-01")
		    "\"TagKey\":\"team\"}" },
		{ "of next month", "GetTags", "{\"TagKey\":\"team\"}", NULL,
		    "2025-09", NULL },
		{ "with nothing in it", "GetTags", " { } ", NULL, "2025-08",
		    "{\"TimePeriod\":{\"Start\":\"2025-08-01\",\"End\":"
		    "\"2025-08-12\"}}" },
		{ "with a TimePeriod", "GetTags", "{\"A\":1,\"TimePeriod\":"
		    "{\"Start\": \"2024-01-01\",\"End\":\"2025-01-01\"}}",
		    NULL, "2025-08", "{\"A\":1,\"TimePeriod\":{\"Start\": "
		    "\"2024-01-01\",\"End\":\"2025-01-01\"}}" },
		{ "with a TimePeriod, next month", "GetTags",
		    "{\"TimePeriod\":{}}", NULL, "2025-09",
		    "{\"TimePeriod\":{}}" },
		{ "a TimePeriod further in is none", "GetTags",
		    "{\"A\":{\"TimePeriod\":1}}", NULL, "2025-08",
		    PERIOD("2025-08-01", "2025-08-12")
		    "\"A\":{\"TimePeriod\":1}}" },
		{ "a forecast of one's own", "GetUsageForecast",
		    "{\"Metric\":\"USAGE_QUANTITY\"}", NULL, "2025-08",
		    PERIOD("2025-08-11", "2025-09-01")
		    "\"Metric\":\"USAGE_QUANTITY\"}" },
		{ "of last month", "GetCostForecast",
		    "{\"Metric\":\"BLENDED_COST\"}", NULL, "2025-07", NULL },
		{ "with a period", "GetCostForecast",
		    "{\"TimePeriod\":{\"Start\":\"x\"}}", NULL, "2025-07",
		    "{\"TimePeriod\":{\"Start\":\"x\"}}" },
		{ "--request", NULL, NULL, "{\"Metrics\":[]}", "2025-08",
		    PERIOD("2025-08-01", "2025-08-12") "\"Metrics\":[]}" },
		{ "--request before the definition", "GetTags",
		    "{\"TagKey\":\"team\"}", "{\"Metrics\":[]}", "2025-08",
		    PERIOD("2025-08-01", "2025-08-12") "\"Metrics\":[]}" },
		{ "no question of a period", "GetRightsizingRecommendation",
		    "{\"Service\":\"AmazonEC2\"}", NULL, "2025-08",
		    "{\"Service\":\"AmazonEC2\"}" },
		{ "one with a period by another name", "GetAnomalies",
		    "{\"DateInterval\":{\"StartDate\":\"2025-08-01\"}}", NULL,
		    "2025-07",
		    "{\"DateInterval\":{\"StartDate\":\"2025-08-01\"}}" },
	};
	size_t i;

	for (i = 0; i < COUNT(rows); i++) {
		struct config_type definition = { rows[i].operation,
			rows[i].request };
		struct err err = { 0 };
		struct purchase p;

		is_int(purchase_plan("by-team", rows[i].operation == NULL ?
		    NULL : &definition, span_of(rows[i].text),
		    month(rows[i].month), at("2025-08-11T14:30:00Z"), &p,
		    &err), 0, "%s", rows[i].what);
		is_str(buf_string(&p.request),
		    rows[i].want == NULL ? "" : rows[i].want, "its request");
		is_str(p.operation, rows[i].want == NULL ? NULL :
		    rows[i].text != NULL ? "GetCostAndUsage" :
		    rows[i].operation, "its operation");
		is_str(p.name, "by-team", "its name");
		ok(p.custom, "is the user's");
		is_uint(strlen(p.request_sha256), 64, "its hash");
		purchase_clear(&p);
	}
}

static void
test_refused(void)
{
	static const struct {
		const char *text, *message;
	} rows[] = {
		{ "{\"NextPageToken\":\"x\"}", "NextPageToken" },
		{ "{\"Metrics\":[],\"NextPageToken\":null}",
		    "NextPageToken" },
		{ "{\"NextToken\":\"x\"}", "NextToken" },
		{ "{\"NextPageT\\u006fken\":\"x\"}", "escape" },
		{ "{\"Gran\\u0075larity\":\"DAILY\"}", "escape" },
		{ "[]", "object" }, { "\"{}\"", "object" },
		{ "{", "byte" }, { "{}{}", "byte" }, { "x", "byte" },
		{ "{\"A\":1,\"A\":2}", "duplicate" },
		{ "{\"A\":{\"B\":1,\"\\u0042\":2}}", "duplicate" },
	};
	size_t i;

	for (i = 0; i < COUNT(rows); i++) {
		struct config_type definition = { "GetTags", rows[i].text };
		struct err err = { 0 };
		struct purchase p;

		is_int(purchase_plan("by-team", NULL, span_of(rows[i].text),
		    month("2025-08"), at("2025-08-11T14:30:00Z"), &p, &err),
		    -1, "'%s'", rows[i].text);
		is_int(err.class, ERR_USAGE, "is the user's fault");
		has_str(err.message, rows[i].message, "for this reason");
		has_str(err.message, "'by-team'", "in this type");
		purchase_clear(&p);
		err_clear(&err);
		is_int(purchase_plan("by-team", &definition, span_of(NULL),
		    month("2025-08"), at("2025-08-11T14:30:00Z"), &p, &err),
		    -1, "in a definition too");
		purchase_clear(&p);
	}
}

static void
test_names(void)
{
	static const char *const types[] = { "full-data", "mtd-costs",
		"daily-breakdown", "service-breakdown", "forecast" };
	size_t i;

	for (i = 0; i < COUNT(types); i++) {
		is_str(purchase_built_in(i), types[i], "built in: %s",
		    types[i]);
		ok(purchase_is_built_in(types[i]), "and known as such");
	}
	is_str(purchase_built_in(COUNT(types)), NULL, "no more");
	ok(!purchase_is_built_in("by-team") && !purchase_is_built_in("") &&
	    !purchase_is_built_in("full"), "others are not");
	for (i = 0; i < 4; i++)
		is_str(purchase_fills("full-data", "mtd-costs", i), types[i],
		    "full-data fills %s", types[i]);
	is_str(purchase_fills("full-data", "mtd-costs", 4), NULL, "no more");
	is_str(purchase_fills("forecast", "forecast", 0), "forecast",
	    "forecast fills itself");
	is_str(purchase_fills("forecast", "forecast", 1), NULL, "alone");
	is_str(purchase_fills("by-team", "by-team", 0), "by-team",
	    "so does a user's");
	is_str(purchase_fills("by-team", "by-team", 1), NULL, "alone");
}

static void
test_wrap(void)
{
	static const struct {
		const char *operation, *want;
	} rows[] = {
		{ "GetCostAndUsage", "{\"cost_and_usage\":{\"a\": 1}}" },
		{ "GetCostForecast", "{\"forecast\":{\"a\": 1}}" },
		{ "GetUsageForecast", "{\"usage_forecast\":{\"a\": 1}}" },
		{ "GetTags", "{\"tags\":{\"a\": 1}}" },
		{ "GetDimensionValues", "{\"dimension_values\":{\"a\": 1}}" },
		{ "GetCostAndUsageWithResources",
		    "{\"cost_and_usage_with_resources\":{\"a\": 1}}" },
		{ "ListCostAllocationTags",
		    "{\"list_cost_allocation_tags\":{\"a\": 1}}" },
	};
	struct err err = { 0 };
	struct buf b;
	size_t i;

	buf_init(&b, LIMIT_KIB);
	for (i = 0; i < COUNT(rows); i++) {
		buf_reset(&b);
		purchase_wrap(rows[i].operation, span_of("{\"a\": 1}"), &b);
		is_str(buf_string(&b), rows[i].want, "%s",
		    rows[i].operation);
		is_int(json_check(buf_view(&b), &err), 0, "is JSON");
	}
	buf_clear(&b);
}

int
main(void)
{
	test_requests();
	test_custom();
	test_refused();
	test_names();
	test_wrap();
	return done_testing();
}
