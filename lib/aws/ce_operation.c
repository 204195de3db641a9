#include "aws/ce_operation.h"

#include <string.h>

#define TOKEN "NextPageToken"
#define SHORT_TOKEN "NextToken"

/* Name and action. */
#define NAME(name) (name), ("ce:" name)

/* Token and one list that goes on. */
#define LIST(member) { .token = TOKEN, .list = (member) }

static const struct ce_operation operations[] = {
	{ NAME("GetCostAndUsage"), { .token = TOKEN, .periods = "ResultsByTime",
	    .unique = "DimensionValueAttributes" }, "ResultsByTime", NULL },
	{ NAME("GetCostForecast"), { 0 }, "ForecastResultsByTime", "Total" },
	{ NAME("GetCostAndUsageWithResources"), { .token = TOKEN,
	    .periods = "ResultsByTime",
	    .unique = "DimensionValueAttributes" }, "ResultsByTime", NULL },
	{ NAME("GetUsageForecast"), { 0 }, "ForecastResultsByTime", "Total" },
	{ NAME("GetDimensionValues"), { .token = TOKEN,
	    .list = "DimensionValues", .size = "ReturnSize" }, NULL, NULL },
	{ NAME("GetTags"), { .token = TOKEN, .list = "Tags",
	    .size = "ReturnSize" }, NULL, NULL },
	{ NAME("GetCostCategories"), { .token = TOKEN,
	    .list = "CostCategoryNames", .more = "CostCategoryValues",
	    .size = "ReturnSize" }, NULL, NULL },
	{ NAME("GetReservationCoverage"), { .token = TOKEN,
	    .periods = "CoveragesByTime" }, NULL, NULL },
	{ NAME("GetReservationUtilization"), { .token = TOKEN,
	    .periods = "UtilizationsByTime" }, NULL, NULL },
	{ NAME("GetReservationPurchaseRecommendation"), LIST("Recommendations"),
	    NULL, NULL },
	{ NAME("GetRightsizingRecommendation"),
	    LIST("RightsizingRecommendations"), NULL, NULL },
	{ NAME("GetSavingsPlansCoverage"), { .token = SHORT_TOKEN,
	    .list = "SavingsPlansCoverages" }, NULL, NULL },
	{ NAME("GetSavingsPlansUtilization"), { 0 }, NULL, NULL },
	{ NAME("GetSavingsPlansUtilizationDetails"), { .token = SHORT_TOKEN,
	    .list = "SavingsPlansUtilizationDetails" }, NULL, NULL },
	{ NAME("GetCostAndUsageComparisons"),
	    LIST("CostAndUsageComparisons"), NULL, NULL },
	{ NAME("GetCostComparisonDrivers"), LIST("CostComparisonDrivers"), NULL,
	    NULL },
	{ NAME("GetAnomalies"), LIST("Anomalies"), NULL, NULL },
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
