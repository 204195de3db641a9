#ifndef AWS_CE_H
#define AWS_CE_H

#include <stdint.h>

#include "aws/call.h"
#include "aws/endpoint.h"
#include "base/buf.h"

/*
 * Cost Explorer (facts/cost-explorer.md). Every request costs USD 0.01, each
 * page too. AWS JSON 1.1.
 */
struct ce_purchase {
	const char *operation;	/* "GetCostAndUsage", "GetCostForecast", or
				   another read operation of a custom type
				   (ce_operation.h) */
	struct span request;	/* JSON object without NextPageToken */
	int64_t page_timeout_ms;	/* each page that arrives starts the
					   context's deadline anew: now and so
					   many ms more; 0: it stays */
	/* Asked before each request, the repetition of a page too; 0 to go
	 * on, -1 with err to stop (limits, lost lease). Called with the pages
	 * that have arrived, those that a new start dropped too. May be NULL. */
	int (*before_request)(void *state, int pages, struct err *err);
	void *state;
};

struct ce_result {
	struct buf answer;	/* one JSON object: pages merged, without
				   NextPageToken; ce_result_init */
	int64_t first_date;	/* Date of the first page's answer, -1 */
	int pages;		/* that the answer was made of */
};

void ce_result_init(struct ce_result *r, size_t max);
void ce_result_clear(struct ce_result *r);

/*
 * Buy. Pages are followed until there is no NextPageToken, periods that are
 * cut by a page are merged, paging errors (RequestChanged, InvalidNextToken)
 * start over once. A single page is kept byte for byte.
 *
 * Each attempt may cost money: a page gets at most the context's max_attempts,
 * and is asked for once more only, whatever that is, when a request was sent
 * and no answer came.
 *
 * 0; or -1 with err, and the answer empty: ERR_NOT_ENABLED for "not enabled"
 * and DataUnavailable (code kept), ERR_DENIED, ERR_NETWORK, ...; ERR_USAGE for
 * an operation that is unknown or writes, and for a request that is no JSON
 * object or holds a token; ERR_DATA for an answer that is no JSON object,
 * lacks its results, has the same token twice, or passes the answer's maximum
 * or LIMIT_CE_PAGES. counts in the context say how many requests were paid.
 */
int ce_buy(struct call_context *context, const struct endpoint *endpoint,
    const struct keys_source *keys, const struct ce_purchase *purchase,
    struct ce_result *out, struct err *err);

#endif
