#include "aws/ce_request.h"

#include "aws/ce_operation.h"
#include "ce_script.h"
#include "tap.h"

static void
test_request_forms(void)
{
	static const struct {
		const char *request;
		const char *second;
	} forms[] = {
		{ "{}", "{\"NextPageToken\":\"t\"}" },
		{ " { } \n", "{ \"NextPageToken\":\"t\"}" },
		{ "{\"a\":[1]\n}", "{\"a\":[1]\n,\"NextPageToken\":\"t\"}" },
	};
	const struct fake_answer answers[] = {
		{ .status = 200, .body = "{\"NextPageToken\":\"t\","
		    "\"ResultsByTime\":[]}" },
		{ .status = 200, .body = "{\"ResultsByTime\":[]}" },
	};
	static const char *const refused[] = { "", "[]", "{\"a\":1,\"a\":2}",
	    "{\"NextPageToken\":\"x\"}", "{\"a\":1}}", "null" };
	struct ce_result out;
	struct fake f;
	struct err err;
	size_t i;

	for (i = 0; i < sizeof forms / sizeof forms[0]; i++) {
		struct ce_purchase purchase = { .request =
		    span_of(forms[i].request) };

		is_int(buy(&f, answers, 2, &purchase, &out, &err), 0,
		    "request %s", forms[i].request);
		is_str(f.seen[1].body, forms[i].second, "with a token");
		end(&f, &out);
	}
	for (i = 0; i < sizeof refused / sizeof refused[0]; i++) {
		struct ce_purchase purchase = { .request =
		    span_of(refused[i]) };

		is_int(buy(&f, answers, 2, &purchase, &out, &err), -1,
		    "no request: %s", refused[i]);
		is_int(err.class, ERR_USAGE, "as usage");
		is_uint(f.used, 0, "and nothing was sent");
		end(&f, &out);
	}
}

static void
test_operations(void)
{
	static const char *const unknown[] = { "", "getcostandusage",
	    "DeleteAnomalyMonitor", "CreateCostCategoryDefinition",
	    "GetCostAndUsage\r\nx: y",
	    ("StartSavingsPlansPurchase"
	    "RecommendationGeneration") };
	struct ce_result out;
	struct fake f;
	struct err err;
	size_t i;

	for (i = 0; i < sizeof unknown / sizeof unknown[0]; i++) {
		struct ce_purchase purchase = { .operation = unknown[i] };

		is_int(buy(&f, NULL, 0, &purchase, &out, &err), -1,
		    "no operation: '%s'", unknown[i]);
		is_int(err.class, ERR_USAGE, "as usage");
		is_uint(f.used, 0, "nothing is sent");
		end(&f, &out);
	}
	ok(ce_operation_find("GetUsageForecast") != NULL, "one there is");
}

/* The right that is missing is the operation's own. */
static void
test_denied(void)
{
	static const struct fake_answer denied[] = {
		{ 400, ID, TYPE("AccessDeniedException"), 0, false, 0 }
	};
	static const char *const rows[][2] = {
		{ "GetCostAndUsage", "ce:GetCostAndUsage" },
		{ "GetCostForecast", "ce:GetCostForecast" },
		{ "GetAnomalies", "ce:GetAnomalies" },
	};
	struct ce_result out;
	struct err err;
	struct fake f;
	size_t i;

	for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct ce_purchase purchase = { .operation = rows[i][0] };

		is_int(buy(&f, denied, 1, &purchase, &out, &err), -1, "%s",
		    rows[i][0]);
		is_int(err.class, ERR_DENIED, "is denied");
		is_str(err.action, rows[i][1], "and takes this right");
		end(&f, &out);
	}
}

int
main(void)
{
	test_request_forms();
	test_operations();
	test_denied();
	return done_testing();
}
