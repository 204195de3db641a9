#ifndef TESTS_FIGURES_SAMPLE_H
#define TESTS_FIGURES_SAMPLE_H

/* Answers of Cost Explorer, as the cache keeps them. */

#define SAMPLE_AMOUNT(metric, amount) \
	"\"" metric "\":{\"Amount\":\"" amount "\",\"Unit\":\"USD\"}"

#define SAMPLE_GROUP(key, amount) \
	"{\"Keys\":[\"" key "\"],\"Metrics\":{" \
	SAMPLE_AMOUNT("BlendedCost", "9") "," \
	SAMPLE_AMOUNT("UnblendedCost", amount) "}}"

#define SAMPLE_PERIOD(start, end, total, groups, estimated) \
	"{\"TimePeriod\":{\"Start\":\"" start "\",\"End\":\"" end "\"}," \
	"\"Total\":{" total "},\"Groups\":[" groups "]," \
	"\"Estimated\":" estimated "}"

#define SAMPLE_COSTS(definitions, periods) \
	"{\"cost_and_usage\":{\"GroupDefinitions\":[" definitions "]," \
	"\"ResultsByTime\":[" periods "]}}"

#define SAMPLE_DIMENSION(key) "{\"Type\":\"DIMENSION\",\"Key\":\"" key "\"}"
#define SAMPLE_TAG(key) "{\"Type\":\"TAG\",\"Key\":\"" key "\"}"

/* Three days, four services, a credit, tiny amounts. */
#define SAMPLE_FULL SAMPLE_COSTS(SAMPLE_DIMENSION("SERVICE"), \
	SAMPLE_PERIOD("2026-11-01", "2026-11-02", "", \
	    SAMPLE_GROUP("Amazon Simple Storage Service", "10.25") "," \
	    SAMPLE_GROUP("Amazon Elastic Compute Cloud - Compute", "1000.5") \
	    "," SAMPLE_GROUP("Credit", "-200"), "false") "," \
	SAMPLE_PERIOD("2026-11-02", "2026-11-03", "", \
	    SAMPLE_GROUP("Amazon Elastic Compute Cloud - Compute", \
	    "999.4999999999") "," \
	    SAMPLE_GROUP("AWS Lambda", "1.23E-8"), "true") "," \
	SAMPLE_PERIOD("2026-11-03", "2026-11-04", "", \
	    SAMPLE_GROUP("Amazon Simple Storage Service", "0.75"), "true"))

#define SAMPLE_TOTAL(amount) SAMPLE_COSTS("", \
	SAMPLE_PERIOD("2026-11-01", "2026-11-04", \
	    SAMPLE_AMOUNT("UnblendedCost", amount), "", "true"))

#define SAMPLE_MEAN(start, end, amount) \
	"{\"TimePeriod\":{\"Start\":\"" start "\",\"End\":\"" end "\"}," \
	"\"MeanValue\":\"" amount "\"}"

#define SAMPLE_FORECAST \
	"{\"forecast\":{\"Total\":{\"Amount\":\"90\",\"Unit\":\"USD\"}," \
	"\"ForecastResultsByTime\":[" \
	SAMPLE_MEAN("2026-11-03", "2026-11-04", "40") "," \
	SAMPLE_MEAN("2026-11-04", "2026-11-05", "50") "]}}"

#endif
