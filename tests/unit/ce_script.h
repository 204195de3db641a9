#ifndef TESTS_CE_SCRIPT_H
#define TESTS_CE_SCRIPT_H

#include "aws/ce.h"
#include "base/limits.h"
#include "fake_aws.h"

/* Purchases from a Cost Explorer that plays a script. */
#define DATE "date: Fri, 02 Jan 2026 03:04:05 GMT\n"
#define DATE_SECONDS INT64_C(1767323045)
#define TYPE(code) "{\"__type\":\"" code "\",\"message\":\"m\"}"
#define ID "x-amzn-requestid: r-1\n"
#define REQUEST "{\"Granularity\":\"DAILY\"}"

#define PERIOD(start, end) \
	"\"TimePeriod\":{\"Start\":\"" start "\",\"End\":\"" end "\"}"
#define DAY1 PERIOD("2026-01-01", "2026-01-02")

static const struct endpoint endpoint = {
	.url = "https://ce.us-east-1.amazonaws.com", .region = "us-east-1",
	.aws = true,
};

/* One purchase over a script; err and out are the caller's. */
static inline int
buy(struct fake *f, const struct fake_answer *answers, size_t count,
    struct ce_purchase *purchase, struct ce_result *out, struct err *err)
{
	if (purchase->operation == NULL)
		purchase->operation = "GetCostAndUsage";
	if (purchase->request.p == NULL)
		purchase->request = span_of(REQUEST);
	fake_begin(f, answers, count);
	f->context.max_attempts = 5;
	err_clear(err);
	ce_result_init(out, LIMIT_MIB);
	return ce_buy(&f->context, &endpoint, &f->source, purchase, out, err);
}

static inline void
end(struct fake *f, struct ce_result *out)
{
	fake_end(f);
	ce_result_clear(out);
}

#endif
