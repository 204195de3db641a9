#include "aws/ce.h"

#include "ce_script.h"
#include "sys/interrupt.h"
#include "tap.h"

static void
test_one_page(void)
{
	static const char body[] = "\n{ \"ResultsByTime\" : [ {" DAY1
	    ", \"Estimated\":true} ],\"x\":1.10 }\n";
	const struct fake_answer answers[] = {
		{ .status = 200, .fields = DATE, .body = body },
	};
	struct ce_purchase purchase = { 0 };
	struct ce_result out;
	struct fake f;
	struct err err;

	is_int(buy(&f, answers, 1, &purchase, &out, &err), 0, "one page");
	is_bytes(buf_view(&out.answer), span_trim(span_of(body)),
	    "stands as it came");
	is_int(out.pages, 1, "is one page");
	is_int(out.first_date, DATE_SECONDS, "has its date");
	is_int(f.context.counts.ce, 1, "costs one request");
	is_str(f.seen[0].method, "POST", "is asked for by POST");
	is_str(f.seen[0].url, "https://ce.us-east-1.amazonaws.com/",
	    "at the endpoint");
	is_str(f.seen[0].body, REQUEST, "with the request as it is");
	ok(fake_has(&f, 0, "content-type", "application/x-amz-json-1.1"),
	    "as AWS JSON");
	ok(fake_has(&f, 0, "x-amz-target",
	    "AWSInsightsIndexService.GetCostAndUsage"), "to the operation");
	has_str(f.seen[0].fields, "/us-east-1/ce/aws4_request",
	    "signed for ce");
	is_int(f.context.deadline_ms, INT64_MAX, "without a page timeout the "
	    "deadline stays");
	end(&f, &out);
}

static void
test_empty_token(void)
{
	const struct fake_answer answers[] = {
		{ .status = 200, .body = "{\"NextPageToken\":null,"
		    "\"ResultsByTime\":[ ],\"x\":{ \"y\":1.0 }}" },
	};
	struct ce_purchase purchase = { 0 };
	struct ce_result out;
	struct fake f;
	struct err err;

	is_int(buy(&f, answers, 1, &purchase, &out, &err), 0,
	    "a token that is null");
	is_span(buf_view(&out.answer),
	    "{\"x\":{ \"y\":1.0 },\"ResultsByTime\":[]}", "is left out");
	is_int(out.first_date, -1, "no date is no date");
	end(&f, &out);
}

static void
test_retries(void)
{
	static const char fine[] = "{\"ResultsByTime\":[]}";
	const struct fake_answer silent[] = {
		{ .fault = HTTP_TIMEOUT, .sent = true },
		{ .fault = HTTP_RESET, .sent = true },
		{ .status = 200, .body = fine },
	};
	const struct fake_answer silent_once[] = {
		{ .fault = HTTP_TIMEOUT, .sent = true },
		{ .status = 200, .body = fine },
	};
	const struct fake_answer unreachable[] = {
		{ .fault = HTTP_CONNECT }, { .fault = HTTP_RESOLVE },
		{ .fault = HTTP_CONNECT }, { .fault = HTTP_CONNECT },
		{ .status = 200, .body = fine },
	};
	const struct fake_answer busy[] = {
		{ .status = 400, .fields = ID,
		    .body = TYPE("LimitExceededException") },
		{ .status = 400, .fields = ID,
		    .body = TYPE("ThrottlingException") },
		{ .status = 500, .fields = ID, .body = "{}" },
		{ .status = 200, .body = fine },
	};
	const struct fake_answer final[] = {
		{ .status = 400, .fields = ID,
		    .body = TYPE("DataUnavailableException") },
		{ .status = 200, .body = fine },
	};
	struct ce_purchase purchase = { 0 };
	struct ce_result out;
	struct fake f;
	struct err err;

	is_int(buy(&f, silent, 3, &purchase, &out, &err), -1,
	    "no answer, twice");
	is_int(err.class, ERR_NETWORK, "is a network error");
	has_str(err.message, "after 2 attempts", "after two attempts");
	is_uint(f.used, 2, "which may both have been paid, and no more");
	is_int(f.context.counts.ce, 2, "and are counted");
	end(&f, &out);
	is_int(buy(&f, silent_once, 2, &purchase, &out, &err), 0,
	    "no answer, once: %s", err.message);
	is_int(f.context.counts.ce, 2, "two are paid");
	end(&f, &out);
	is_int(buy(&f, unreachable, 5, &purchase, &out, &err), 0,
	    "what was never sent costs nothing: five attempts");
	is_int(f.context.counts.ce, 1, "and one request");
	end(&f, &out);
	is_int(buy(&f, busy, 4, &purchase, &out, &err), 0,
	    "throttling and a server's error");
	ok(f.slept_ms > 500, "with pauses: %d ms", (int)f.slept_ms);
	end(&f, &out);
	is_int(buy(&f, final, 2, &purchase, &out, &err), -1,
	    "a final answer is final");
	is_int(err.class, ERR_NOT_ENABLED, "no data is not-enabled");
	is_str(err.code, "DataUnavailableException", "with its code");
	is_uint(f.used, 1, "one request");
	end(&f, &out);
	fake_begin(&f, busy, 4);
	f.context.max_attempts = 2;
	ce_result_init(&out, LIMIT_MIB);
	err_clear(&err);
	is_int(ce_buy(&f.context, &endpoint, &f.source, &purchase, &out,
	    &err), -1, "two attempts are allowed");
	is_uint(f.used, 2, "and made");
	end(&f, &out);
}

static void
test_deadline(void)
{
	const struct fake_answer answers[] = {
		{ .status = 500, .fields = ID, .body = "{}",
		    .takes_ms = 1000 },
		{ .status = 200, .body = "{\"ResultsByTime\":[]}" },
	};
	struct ce_purchase purchase = { .operation = "GetCostAndUsage",
	    .request = span_of(REQUEST), .page_timeout_ms = 5000 };
	struct ce_result out;
	struct err err = { 0 };
	struct fake f;

	fake_begin(&f, answers, 2);
	f.context.deadline_ms = 1000;
	ce_result_init(&out, LIMIT_MIB);
	is_int(ce_buy(&f.context, &endpoint, &f.source, &purchase, &out,
	    &err), -1, "the deadline has passed");
	is_uint(f.used, 1, "no second attempt");
	is_int(f.context.deadline_ms, 1000, "a page that does not arrive "
	    "starts nothing anew");
	end(&f, &out);
}

static const struct {
	const char *operation;
	const char *body;
	const char *says;	/* NULL: fine */
} shapes[] = {
	{ "GetCostAndUsage", "not JSON", "no JSON value" },
	{ "GetCostAndUsage", "", "GetCostAndUsage" },
	{ "GetCostAndUsage", "[]", "not a JSON object" },
	{ "GetCostAndUsage", "{}", "has no 'ResultsByTime'" },
	{ "GetCostAndUsage", "{\"ResultsByTime\":{}}",
	    "has no 'ResultsByTime'" },
	{ "GetCostAndUsage", "{\"ResultsByTime\":[],\"NextPageToken\":1}",
	    "NextPageToken is not a string" },
	{ "GetCostForecast", "{\"Total\":{}}", NULL },
	{ "GetCostForecast", "{\"ForecastResultsByTime\":[]}", NULL },
	{ "GetCostForecast", "{\"Total\":[]}",
	    "has no 'ForecastResultsByTime'" },
	{ "GetCostForecast", "{\"Total\":{},\"NextPageToken\":\"t\"}", NULL },
	{ "GetDimensionValues", "{}", NULL },
	{ "GetSavingsPlansUtilization", "{}", NULL },
	{ "GetTags", "3", "not a JSON object" },
};

static void
test_shapes(void)
{
	struct ce_result out;
	struct fake f;
	struct err err;
	size_t i;

	for (i = 0; i < sizeof shapes / sizeof shapes[0]; i++) {
		const struct fake_answer answers[] = {
			{ .status = 200, .body = shapes[i].body },
		};
		struct ce_purchase purchase = { .operation =
		    shapes[i].operation };
		int result = buy(&f, answers, 1, &purchase, &out, &err);

		if (shapes[i].says == NULL) {
			is_int(result, 0, "%s: %s", shapes[i].operation,
			    shapes[i].body);
			is_span(buf_view(&out.answer), shapes[i].body,
			    "as it came");
		} else {
			is_int(result, -1, "%s: %s", shapes[i].operation,
			    shapes[i].body);
			is_int(err.class, ERR_DATA, "is no answer");
			has_str(err.message, shapes[i].says, "and says why");
		}
		end(&f, &out);
	}
}

static void
test_base_path(void)
{
	const struct fake_answer answers[] = {
		{ .status = 200, .body = "{\"ResultsByTime\":[]}" },
	};
	struct endpoint custom = { .url = "http://h:1", .path = "/ce",
	    .region = "cn-northwest-1", .custom = true };
	struct ce_purchase purchase = { .operation = "GetCostAndUsage",
	    .request = span_of(REQUEST) };
	struct ce_result out;
	struct err err = { 0 };
	struct fake f;

	fake_begin(&f, answers, 1);
	ce_result_init(&out, 1000);
	is_int(ce_buy(&f.context, &custom, &f.source, &purchase, &out, &err),
	    0, "a base path");
	is_str(f.seen[0].url, "http://h:1/ce", "is kept");
	has_str(f.seen[0].fields, "/cn-northwest-1/ce/", "and the region");
	end(&f, &out);
}

/* Must be the last: the signal stays counted. */
static void
test_signal(void)
{
	const struct fake_answer answers[] = {
		{ .status = 400, .fields = ID,
		    .body = TYPE("ThrottlingException") },
		{ .status = 200, .body = "{\"ResultsByTime\":[]}" },
	};
	struct ce_purchase purchase = { .operation = "GetCostAndUsage",
	    .request = span_of(REQUEST) };
	struct ce_result out;
	struct err err = { 0 };
	struct fake f;

	if (interrupt_install() != 0) {
		ok(false, "handlers");
		return;
	}
	fake_begin(&f, answers, 2);
	f.signal_after_sleeps = 1;
	ce_result_init(&out, LIMIT_MIB);
	is_int(ce_buy(&f.context, &endpoint, &f.source, &purchase, &out,
	    &err), -1, "a signal while waiting");
	is_int(err.class, ERR_INTERRUPTED, "ends it as such");
	is_uint(f.used, 1, "nothing more is sent");
	end(&f, &out);
}

int
main(void)
{
	test_one_page();
	test_empty_token();
	test_retries();
	test_deadline();
	test_shapes();
	test_base_path();
	test_signal();
	return done_testing();
}
