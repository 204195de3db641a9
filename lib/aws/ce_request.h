#ifndef AWS_CE_REQUEST_H
#define AWS_CE_REQUEST_H

#include <stdbool.h>

#include "aws/ce_operation.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/span.h"
#include "codec/json.h"

/* What Cost Explorer is asked: a request of the caller's, which the tokens of
 * the pages are put into. All pure. */

/* Can it be sent: a JSON object, each member once, without a token of its
 * own? 0; or -1 with ERR_USAGE, or no memory. */
int ce_request_check(const struct ce_operation *operation,
    struct span request, struct err *err);

/* A request that was checked into body, in place of what that held, with the
 * token (raw JSON; empty: none) as its last member. */
int ce_request_body(const struct ce_operation *operation, struct span request,
    struct span token, struct buf *body, struct err *err);

/*
 * The token of the next page out of a page, as raw JSON, in place of the last
 * one; empty when this was the last page. *plain: the page has no such member
 * at all. ERR_DATA when it is no string, or the last one again:
 * each page would be bought for ever.
 */
int ce_request_token(const struct ce_operation *operation,
    const struct json *j, struct buf *token, bool *plain, struct err *err);

#endif
