#include "aws/ce_operation.h"

#include <string.h>

#define TOKEN "NextPageToken"
#define SHORT_TOKEN "NextToken"

/* Token and one list that goes on. */
#define LIST(member) { .token = TOKEN, .list = (member) }

static const struct ce_operation operations[] = {
	{ "GetCostAndUsage", { .token = TOKEN, .periods = "ResultsByTime",
	    .unique = "DimensionValueAttributes" }, "ResultsByTime", NULL },
	{ "GetCostForecast", { 0 }, "ForecastResultsByTime", "Total" },
	{ "GetCostAndUsageWithResources", { .token = TOKEN,
	    .periods = "ResultsByTime",
	    .unique = "DimensionValueAttributes" }, "ResultsByTime", NULL },
	{ "GetUsageForecast", { 0 }, "ForecastResultsByTime", "Total" },
	{ "GetDimensionValues", { .token = TOKEN, .list = "DimensionValues",
	    .size = "ReturnSize" }, NULL, NULL },
	{ "GetTags", { .token = TOKEN, .list = "Tags",
	    .size = "ReturnSize" }, NULL, NULL },
	{ "GetCostCategories", { .token = TOKEN,
	    .list = "CostCategoryNames", .more = "CostCategoryValues",
	    .size = "ReturnSize" }, NULL, NULL },
	{ "GetReservationCoverage", { .token = TOKEN,
	    .periods = "CoveragesByTime" }, NULL, NULL },
	{ "GetReservationUtilization", { .token = TOKEN,
	    .periods = "UtilizationsByTime" }, NULL, NULL },
	{ "GetReservationPurchaseRecommendation", LIST("Recommendations"),
	    NULL, NULL },
	{ "GetRightsizingRecommendation", LIST("RightsizingRecommendations"),
	    NULL, NULL },
	{ "GetSavingsPlansCoverage", { .token = SHORT_TOKEN,
	    .list = "SavingsPlansCoverages" }, NULL, NULL },
	{ "GetSavingsPlansUtilization", { 0 }, NULL, NULL },
	{ "GetSavingsPlansUtilizationDetails", { .token = SHORT_TOKEN,
	    .list = "SavingsPlansUtilizationDetails" }, NULL, NULL },
	{ "GetCostAndUsageComparisons", LIST("CostAndUsageComparisons"), NULL,
	    NULL },
	{ "GetCostComparisonDrivers", LIST("CostComparisonDrivers"), NULL,
	    NULL },
	{ "GetAnomalies", LIST("Anomalies"), NULL, NULL },
};

const struct ce_operation *
ce_operation_find(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof operations / sizeof operations[0]; i++) {
		if (strcmp(operations[i].name, name) == 0)
			return &operations[i];
	}
	return NULL;
}
