#include "cache/purchase.h"

#include "codec/hash.h"
#include "purchase_time.h"
#include "tap.h"

/* Request hash of a question; "" when there is none. */
static void
hash(const char *operation, const char *request, const char *when,
    const char *now, char out[HASH_SHA256_HEX])
{
	struct config_type definition = { operation, request };
	struct err err = { 0 };
	struct purchase p;

	out[0] = '\0';
	if (purchase_plan("by-team", &definition, span_of(NULL), month(when),
	    at(now), &p, &err) == 0) {
		memcpy(out, p.request_sha256, HASH_SHA256_HEX);
		purchase_clear(&p);
	} else {
		note("%s", err.message);
	}
}

#define NOW "2025-08-11T14:30:00Z"

static void
test_hash(void)
{
	static const char base[] = "{\"Granularity\":\"DAILY\",\"Metrics\":["
	    "\"A\",\"B\"],\"GroupBy\":[{\"Type\":\"TAG\",\"Key\":\"x\"},"
	    "{\"Type\":\"TAG\",\"Key\":\"y\"}],\"Filter\":{\"Dimensions\":{"
	    "\"Key\":\"SERVICE\",\"Values\":[\"1\",\"2\"]}}}";
	static const struct {
		const char *what, *request;
		bool same;
	} rows[] = {
		{ "white space", " { \"Granularity\" : \"DAILY\",\n\"Metrics\""
		    ":[ \"A\", \"B\" ],\"GroupBy\":[{\"Type\":\"TAG\",\"Key\":"
		    "\"x\"},{\"Type\":\"TAG\",\"Key\":\"y\"}],\"Filter\":{"
		    "\"Dimensions\":{\"Key\":\"SERVICE\",\"Values\":[\"1\","
		    "\"2\"]}}}", true },
		{ "members in another order", "{\"Filter\":{\"Dimensions\":{"
		    "\"Values\":[\"1\",\"2\"],\"Key\":\"SERVICE\"}},"
		    "\"GroupBy\":[{\"Key\":\"x\",\"Type\":\"TAG\"},{\"Type\":"
		    "\"TAG\",\"Key\":\"y\"}],\"Metrics\":[\"A\",\"B\"],"
		    "\"Granularity\":\"DAILY\"}", true },
		{ "Metrics and Values in another order", "{\"Granularity\":"
		    "\"DAILY\",\"Metrics\":[\"B\",\"A\"],\"GroupBy\":[{"
		    "\"Type\":\"TAG\",\"Key\":\"x\"},{\"Type\":\"TAG\","
		    "\"Key\":\"y\"}],\"Filter\":{\"Dimensions\":{\"Key\":"
		    "\"SERVICE\",\"Values\":[\"2\",\"1\"]}}}", true },
		{ "another spelling of a text", "{\"Granularity\":"
		    "\"D\\u0041ILY\",\"Metrics\":[\"A\",\"B\"],\"GroupBy\":[{"
		    "\"Type\":\"TAG\",\"Key\":\"x\"},{\"Type\":\"TAG\","
		    "\"Key\":\"y\"}],\"Filter\":{\"Dimensions\":{\"Key\":"
		    "\"SERVICE\",\"Values\":[\"1\",\"2\"]}}}", true },
		{ "GroupBy in another order", "{\"Granularity\":\"DAILY\","
		    "\"Metrics\":[\"A\",\"B\"],\"GroupBy\":[{\"Type\":\"TAG\","
		    "\"Key\":\"y\"},{\"Type\":\"TAG\",\"Key\":\"x\"}],"
		    "\"Filter\":{\"Dimensions\":{\"Key\":\"SERVICE\","
		    "\"Values\":[\"1\",\"2\"]}}}", false },
		{ "another granularity", "{\"Granularity\":\"MONTHLY\","
		    "\"Metrics\":[\"A\",\"B\"],\"GroupBy\":[{\"Type\":\"TAG\","
		    "\"Key\":\"x\"},{\"Type\":\"TAG\",\"Key\":\"y\"}],"
		    "\"Filter\":{\"Dimensions\":{\"Key\":\"SERVICE\","
		    "\"Values\":[\"1\",\"2\"]}}}", false },
		{ "a metric less", "{\"Granularity\":\"DAILY\",\"Metrics\":["
		    "\"A\"],\"GroupBy\":[{\"Type\":\"TAG\",\"Key\":\"x\"},{"
		    "\"Type\":\"TAG\",\"Key\":\"y\"}],\"Filter\":{"
		    "\"Dimensions\":{\"Key\":\"SERVICE\",\"Values\":[\"1\","
		    "\"2\"]}}}", false },
		{ "another case", "{\"Granularity\":\"DAILY\",\"Metrics\":["
		    "\"a\",\"B\"],\"GroupBy\":[{\"Type\":\"TAG\",\"Key\":"
		    "\"x\"},{\"Type\":\"TAG\",\"Key\":\"y\"}],\"Filter\":{"
		    "\"Dimensions\":{\"Key\":\"SERVICE\",\"Values\":[\"1\","
		    "\"2\"]}}}", false },
		{ "no filter", "{\"Granularity\":\"DAILY\",\"Metrics\":[\"A\","
		    "\"B\"],\"GroupBy\":[{\"Type\":\"TAG\",\"Key\":\"x\"},{"
		    "\"Type\":\"TAG\",\"Key\":\"y\"}]}", false },
	};
	char want[HASH_SHA256_HEX], got[HASH_SHA256_HEX];
	size_t i;

	hash("GetCostAndUsage", base, "2025-08", NOW, want);
	is_uint(strlen(want), 64, "a question has a hash");
	for (i = 0; i < COUNT(rows); i++) {
		hash("GetCostAndUsage", rows[i].request, "2025-08", NOW, got);
		ok((strcmp(got, want) == 0) == rows[i].same, "%s: %s",
		    rows[i].what, rows[i].same ? "the same" : "another");
	}
	hash("GetCostAndUsage", base, "2025-08", "2025-08-12T00:00:00Z", got);
	is_str(got, want, "the next day: the same");
	hash("GetCostAndUsage", base, "2025-07", NOW, got);
	is_str(got, want, "another month: the same");
	hash("GetCostAndUsage", base, "2025-09", NOW, got);
	is_str(got, want, "a month that cannot be bought: the same");
	hash("GetCostAndUsageWithResources", base, "2025-08", NOW, got);
	ok(strcmp(got, want) != 0, "another operation: another");
	hash("GetTags", "{\"TimePeriod\":{\"Start\":\"2025-01-01\",\"End\":"
	    "\"2025-02-01\"}}", "2025-08", NOW, want);
	hash("GetTags", "{\"TimePeriod\":{\"End\":\"2025-02-01\",\"Start\":"
	    "\"2025-01-01\"}}", "2025-08", NOW, got);
	is_str(got, want, "the same TimePeriod of one's own");
	hash("GetTags", "{\"TimePeriod\":{\"Start\":\"2025-01-01\",\"End\":"
	    "\"2025-03-01\"}}", "2025-08", NOW, got);
	ok(strcmp(got, want) != 0, "another one: another");
	hash("GetTags", "{}", "2025-08", NOW, got);
	ok(strcmp(got, want) != 0, "none: another");
}

static const struct config_type by_team = { "GetCostAndUsage",
	"{\"Granularity\":\"MONTHLY\", \"Metrics\" : [\"UnblendedCost\"]}" };

/* What the hash is of: fixed, or every cache turns into misses. */
static void
test_hash_text(void)
{
	static const char canonical[] = "GetCostAndUsage\n{\"Granularity\":"
	    "\"MONTHLY\",\"Metrics\":[\"UnblendedCost\"]}";
	char want[HASH_SHA256_HEX], full[HASH_SHA256_HEX];
	struct err err = { 0 };
	struct purchase p;

	hash_sha256_hex(span_of(canonical), want);
	is_int(purchase_plan("by-team", &by_team, span_of(NULL),
	    month("2025-08"), at(NOW), &p, &err), 0, "a definition");
	is_str(p.request_sha256, want, "operation, LF, canonical JSON");
	purchase_clear(&p);
	is_int(purchase_plan("by-team", NULL, span_of(by_team.request),
	    month("2025-08"), at(NOW), &p, &err), 0, "the same by --request");
	is_str(p.request_sha256, want, "the same hash");
	purchase_clear(&p);
	is_int(purchase_plan("full-data", NULL, span_of(NULL),
	    month("2025-08"), at(NOW), &p, &err), 0, "full-data");
	memcpy(full, p.request_sha256, sizeof full);
	purchase_clear(&p);
	is_int(purchase_plan("mtd-costs", NULL, span_of(NULL),
	    month("2025-07"), at(NOW), &p, &err), 0, "a derived type");
	is_str(p.request_sha256, full, "has full-data's");
	purchase_clear(&p);
}

int
main(void)
{
	test_hash();
	test_hash_text();
	return done_testing();
}
