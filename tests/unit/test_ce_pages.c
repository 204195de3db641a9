#include "aws/ce_operation.h"
#include "aws/ce_pages.h"

#include "ce_script.h"
#include "tap.h"

#define LATER "date: Fri, 02 Jan 2026 04:04:05 GMT\n"
#define DAY2 PERIOD("2026-01-02", "2026-01-03")
#define GROUP(name, amount) "{\"Keys\":[\"" name "\"],\"Metrics\":" \
	"{\"UnblendedCost\":{\"Amount\":\"" amount "\",\"Unit\":\"USD\"}}}"

struct limit {
	int calls;
	int last;	/* pages that it was told of */
	int allowed;
};

static int
before_request(void *state, int pages, struct err *err)
{
	struct limit *limit = state;

	limit->calls++;
	limit->last = pages;
	return limit->calls <= limit->allowed ? 0 :
	    err_set(err, ERR_NO_DATA, "the limit is reached");
}

static void
test_pages(void)
{
	const struct fake_answer answers[] = {
		{ .status = 200, .fields = DATE, .takes_ms = 70000, .body =
		    "{\"NextPageToken\":\"a\\/b+=\",\"GroupDefinitions\":[1],"
		    "\"ResultsByTime\":[{" DAY1 ",\"Total\":{},\"Groups\":["
		    GROUP("A", "1.00") "," GROUP("B", "2") "],"
		    "\"Estimated\":false}],"
		    "\"DimensionValueAttributes\":[{\"Value\":\"1\"}]}" },
		{ .status = 200, .fields = LATER, .takes_ms = 70000, .body =
		    "{\"NextPageToken\":\"second\",\"ResultsByTime\":[{" DAY1
		    ",\"Total\":{},\"Groups\":[" GROUP("C", "3") "],"
		    "\"Estimated\":true},{" DAY2 ",\"Total\":{},"
		    "\"Groups\":[" GROUP("A", "4") "],"
		    "\"Estimated\":true}],\"DimensionValueAttributes\":"
		    "[{\"Value\":\"1\"},{\"Value\":\"2\"}]}" },
		{ .status = 200, .fields = LATER, .takes_ms = 70000, .body =
		    "{\"ResultsByTime\":[{" DAY2 ",\"Total\":{},"
		    "\"Groups\":[" GROUP("B", "5.50") "],"
		    "\"Estimated\":true}]}" },
	};
	struct limit limit = { .allowed = 3 };
	struct ce_purchase purchase = { .page_timeout_ms = 120000,
	    .before_request = before_request, .state = &limit };
	struct ce_result out;
	struct fake f;
	struct err err;

	is_int(buy(&f, answers, 3, &purchase, &out, &err), 0,
	    "three pages: %s", err.message);
	is_span(buf_view(&out.answer),
	    "{\"GroupDefinitions\":[1],\"ResultsByTime\":[{" DAY1
	    ",\"Total\":{},\"Groups\":[" GROUP("A", "1.00") ","
	    GROUP("B", "2") "," GROUP("C", "3") "],\"Estimated\":true},{" DAY2
	    ",\"Total\":{},\"Groups\":[" GROUP("A", "4") ","
	    GROUP("B", "5.50") "],\"Estimated\":true}],"
	    "\"DimensionValueAttributes\":[{\"Value\":\"1\"},"
	    "{\"Value\":\"2\"}]}", "are merged");
	is_int(out.pages, 3, "and counted");
	is_int(f.context.counts.ce, 3, "and paid");
	is_int(out.first_date, DATE_SECONDS, "the date is the first one's");
	is_str(f.seen[1].body,
	    "{\"Granularity\":\"DAILY\",\"NextPageToken\":\"a\\/b+=\"}",
	    "the token goes back as it came, last");
	is_str(f.seen[2].body,
	    "{\"Granularity\":\"DAILY\",\"NextPageToken\":\"second\"}",
	    "the next one instead of it");
	is_int(limit.calls, 3, "it was asked before each page");
	is_int(limit.last, 2, "with the pages so far");
	is_int(f.context.deadline_ms, 3 * 70000 + 120000,
	    "each page starts the deadline anew");
	is_int(f.seen[1].total_ms, 120000, "so the second has its own time");
	end(&f, &out);

	limit = (struct limit){ .allowed = 2 };
	is_int(buy(&f, answers, 3, &purchase, &out, &err), -1, "a limit");
	is_int(err.class, ERR_NO_DATA, "stops with its own error");
	is_int(f.context.counts.ce, 2, "before more is paid");
	is_uint(out.answer.n, 0, "and leaves nothing");
	end(&f, &out);
}

static void
test_start_over(void)
{
	static const char *const codes[] = {
		TYPE("InvalidNextTokenException"),
		TYPE("com.amazon#RequestChangedException"),
	};
	struct fake_answer answers[] = {
		{ .status = 200, .fields = DATE, .body =
		    "{\"NextPageToken\":\"t\",\"ResultsByTime\":[{" DAY1
		    ",\"Groups\":[1]}]}" },
		{ .status = 400, .fields = ID, .body = NULL },
		{ .status = 200, .fields = LATER, .body =
		    "{\"NextPageToken\":\"u\",\"ResultsByTime\":[{" DAY1
		    ",\"Groups\":[2]}]}" },
		{ .status = 200, .body = "{\"ResultsByTime\":[{" DAY1
		    ",\"Groups\":[3]}]}" },
		{ .status = 500, .body = "unused" },
	};
	struct limit limit = { .allowed = 9 };
	struct ce_purchase purchase = { .before_request = before_request,
	    .state = &limit };
	struct ce_result out;
	struct fake f;
	struct err err;
	size_t i;

	for (i = 0; i < sizeof codes / sizeof codes[0]; i++) {
		answers[1].body = codes[i];
		is_int(buy(&f, answers, 4, &purchase, &out, &err), 0,
		    "%s starts over", codes[i]);
		is_span(buf_view(&out.answer), "{\"ResultsByTime\":[{" DAY1
		    ",\"Groups\":[2,3]}]}", "from the first page");
		is_int(out.pages, 2, "the dropped page is none of it");
		is_int(out.first_date, DATE_SECONDS + 3600,
		    "the date is the new first page's");
		is_int(limit.last, 2, "but it was told of it");
		is_str(f.seen[2].body, REQUEST, "without a token");
		end(&f, &out);
	}
	answers[3] = answers[1];
	limit = (struct limit){ .allowed = 9 };
	is_int(buy(&f, answers, 5, &purchase, &out, &err), -1,
	    "once, not twice");
	is_str(err.code, "RequestChangedException", "the code is kept");
	is_uint(f.used, 4, "four requests");
	end(&f, &out);
	is_int(buy(&f, answers + 1, 1, &purchase, &out, &err), -1,
	    "on the first page there is nothing to start over");
	is_uint(f.used, 1, "one request");
	end(&f, &out);
}

static void
test_other_paging(void)
{
	const struct fake_answer plans[] = {
		{ .status = 200, .body = "{\"SavingsPlansCoverages\":[1],"
		    "\"NextToken\":\"t\"}" },
		{ .status = 200, .body = "{\"SavingsPlansCoverages\":[2]}" },
	};
	const struct fake_answer values[] = {
		{ .status = 200, .body = "{\"DimensionValues\":[{\"Value\":"
		    "\"a\"}],\"ReturnSize\":1,\"TotalSize\":3,"
		    "\"NextPageToken\":\"t\"}" },
		{ .status = 200, .body = "{\"DimensionValues\":[{\"Value\":"
		    "\"a\"},{\"Value\":\"b\"}],\"ReturnSize\":2,"
		    "\"TotalSize\":3}" },
	};
	struct ce_purchase purchase = { .operation =
	    "GetSavingsPlansCoverage" };
	struct ce_result out;
	struct fake f;
	struct err err;

	is_int(buy(&f, plans, 2, &purchase, &out, &err), 0, "NextToken");
	is_str(f.seen[1].body,
	    "{\"Granularity\":\"DAILY\",\"NextToken\":\"t\"}", "goes back");
	is_span(buf_view(&out.answer), "{\"SavingsPlansCoverages\":[1,2]}",
	    "a list goes on");
	end(&f, &out);
	purchase.operation = "GetDimensionValues";
	is_int(buy(&f, values, 2, &purchase, &out, &err), 0, "values");
	is_span(buf_view(&out.answer), "{\"TotalSize\":3,"
	    "\"DimensionValues\":[{\"Value\":\"a\"},{\"Value\":\"a\"},"
	    "{\"Value\":\"b\"}],\"ReturnSize\":3}", "and its size is summed");
	end(&f, &out);
}

static void
test_runaway(void)
{
	const struct fake_answer same[] = {
		{ .status = 200, .body = "{\"ResultsByTime\":[],"
		    "\"NextPageToken\":\"t\"}" },
		{ .status = 200, .body = "{\"ResultsByTime\":[],"
		    "\"NextPageToken\":\"t\"}" },
	};
	struct ce_purchase purchase = { 0 };
	struct ce_result out;
	struct fake f;
	struct err err;

	is_int(buy(&f, same, 2, &purchase, &out, &err), -1,
	    "the same token twice");
	is_int(err.class, ERR_DATA, "is no paging");
	is_uint(f.used, 2, "and ends there");
	end(&f, &out);
	fake_begin(&f, same, 2);
	ce_result_init(&out, 10);
	err_clear(&err);
	is_int(ce_buy(&f.context, &endpoint, &f.source, &purchase, &out,
	    &err), -1, "more than the answer may have");
	has_str(err.message, "larger than 10 bytes", "is said");
	is_uint(f.used, 1, "and no more is bought");
	end(&f, &out);
}

struct merge_case {
	const char *name;
	const char *pages[4];
	const char *merged;	/* NULL: refused */
};

static const struct merge_case merges[] = {
	{ "no page", { NULL }, NULL },
	{ "one page", { "{\"ResultsByTime\": [ {" DAY1 "} ], \"x\":[ 1 ]}" },
	    "{\"x\":[ 1 ],\"ResultsByTime\":[{" DAY1 "}]}" },
	{ "members in another order", { "{\"ResultsByTime\":[{\"Groups\":[1],"
	    "\"Estimated\":false,\"TimePeriod\":{\"End\":\"2026-01-02\","
	    "\"Start\":\"2026-01-01\"},\"New\":7}]}",
	    "{\"ResultsByTime\":[{" DAY1 ",\"Groups\":[2]}]}" },
	    "{\"ResultsByTime\":[{\"TimePeriod\":{\"End\":\"2026-01-02\","
	    "\"Start\":\"2026-01-01\"},\"New\":7,\"Groups\":[1,2],"
	    "\"Estimated\":false}]}" },
	{ "Total is the first that is not empty", {
	    "{\"ResultsByTime\":[{" DAY1 ",\"Total\":{}}]}",
	    "{\"ResultsByTime\":[{" DAY1 ",\"Total\":{\"m\":{}}}]}",
	    "{\"ResultsByTime\":[{" DAY1 ",\"Total\":{\"n\":{}}}]}" },
	    "{\"ResultsByTime\":[{" DAY1 ",\"Total\":{\"m\":{}}}]}" },
	{ "a group that recurs is kept twice", {
	    "{\"ResultsByTime\":[{" DAY1 ",\"Groups\":[1]}]}",
	    "{\"ResultsByTime\":[{" DAY1 ",\"Groups\":[1]}]}" },
	    "{\"ResultsByTime\":[{" DAY1 ",\"Groups\":[1,1]}]}" },
	{ "Groups that come late", { "{\"ResultsByTime\":[{" DAY1 "}]}",
	    "{\"ResultsByTime\":[{" DAY1 ",\"Groups\":[1]}]}" },
	    "{\"ResultsByTime\":[{" DAY1 ",\"Groups\":[1]}]}" },
	{ "same start, other end", { "{\"ResultsByTime\":[{" DAY1 "}]}",
	    "{\"ResultsByTime\":[{" PERIOD("2026-01-01", "2026-02-01")
	    "}]}" }, "{\"ResultsByTime\":[{" DAY1 "},{"
	    PERIOD("2026-01-01", "2026-02-01") "}]}" },
	{ "periods keep their first order", {
	    "{\"ResultsByTime\":[{" DAY1 ",\"Groups\":[1]},{" DAY2
	    ",\"Groups\":[2]}]}", "{\"ResultsByTime\":[{" DAY1
	    ",\"Groups\":[3]},{" DAY2 ",\"Groups\":[4]}]}" },
	    "{\"ResultsByTime\":[{" DAY1 ",\"Groups\":[1,3]},{" DAY2
	    ",\"Groups\":[2,4]}]}" },
	{ "results that one page lacks", { "{\"GroupDefinitions\":[1]}",
	    "{\"GroupDefinitions\":[2],\"ResultsByTime\":[{" DAY1 "}]}" },
	    "{\"GroupDefinitions\":[1],\"ResultsByTime\":[{" DAY1 "}]}" },
	{ "attributes without Value", { "{\"DimensionValueAttributes\":"
	    "[{\"a\":1},{\"a\":1},3]}" },
	    "{\"DimensionValueAttributes\":[{\"a\":1},3]}" },
	{ "not JSON", { "{\"ResultsByTime\":[]}", "{" }, NULL },
	{ "not an object", { "[]" }, NULL },
	{ "not an array", { "{\"ResultsByTime\":1}" }, NULL },
	{ "attributes that are no array",
	    { "{\"DimensionValueAttributes\":{}}" }, NULL },
	{ "a period without its time", { "{\"ResultsByTime\":[{}]}" }, NULL },
	{ "a period that is none", { "{\"ResultsByTime\":[1]}" }, NULL },
	{ "half a time", { "{\"ResultsByTime\":[{\"TimePeriod\":"
	    "{\"Start\":\"2026-01-01\"}}]}" }, NULL },
	{ "Groups that are no array", { "{\"ResultsByTime\":[{" DAY1
	    ",\"Groups\":{}}]}" }, NULL },
};

static int
merge(const struct span *pages, size_t count, struct buf *out,
    struct err *err)
{
	return ce_pages_merge(&ce_operation_find("GetCostAndUsage")->shape,
	    pages, count, out, err);
}

static void
test_merge(void)
{
	struct buf out;
	size_t i;

	buf_init(&out, 10000);
	for (i = 0; i < sizeof merges / sizeof merges[0]; i++) {
		const struct merge_case *c = &merges[i];
		struct span pages[4];
		struct err err = { 0 };
		size_t n = 0;
		int result;

		for (; n < 4 && c->pages[n] != NULL; n++)
			pages[n] = span_of(c->pages[n]);
		buf_reset(&out);
		result = merge(pages, n, &out, &err);
		if (c->merged == NULL) {
			is_int(result, -1, "%s: refused", c->name);
			is_int(err.class, ERR_DATA, "%s", err.message);
			continue;
		}
		is_int(result, 0, "%s: %s", c->name, err.message);
		is_span(buf_view(&out), c->merged, "its answer");
	}
	buf_clear(&out);
}

/* A year of days over 400 pages, cut anywhere: nothing is lost. */
static void
test_many(void)
{
	enum { PAGES = 400, DAYS = 366 };
	static struct span pages[PAGES];
	struct buf text[PAGES], out;
	struct err err = { 0 };
	size_t groups = 0, i;
	int page, day;

	for (page = 0; page < PAGES; page++) {
		buf_init(&text[page], LIMIT_MIB);
		buf_add_string(&text[page], "{\"ResultsByTime\":[");
		for (day = page % 7; day < DAYS; day += 7)
			buf_addf(&text[page], "%s{\"TimePeriod\":{\"Start\":"
			    "\"%d\",\"End\":\"%d\"},\"Groups\":[\"@\"]}",
			    day < 7 ? "" : ",", day, day + 1);
		buf_add_string(&text[page], "]}");
		pages[page] = buf_view(&text[page]);
	}
	buf_init(&out, 8 * LIMIT_MIB);
	is_int(merge(pages, PAGES, &out, &err), 0, "400 pages: %s",
	    err.message);
	for (i = 0; i < out.n; i++)
		groups += out.p[i] == '@';
	is_uint(groups, 20915, "all groups are there");
	for (page = 0; page < PAGES; page++)
		buf_clear(&text[page]);
	buf_clear(&out);
}

int
main(void)
{
	test_pages();
	test_start_over();
	test_other_paging();
	test_runaway();
	test_merge();
	test_many();
	return done_testing();
}
