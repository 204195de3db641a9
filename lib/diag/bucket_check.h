#ifndef DIAG_BUCKET_CHECK_H
#define DIAG_BUCKET_CHECK_H

#include <stdint.h>

#include "base/err.h"
#include "cache/session.h"
#include "diag/check.h"

/*
 * Is a bucket fit to be a team cache (design section 9)? Its configuration is
 * read, its behaviour proved with probe objects (diag/probe.h), which are
 * removed whatever happens.
 */
struct bucket_check_request {
	struct session *session;
	struct check_selection selection;
	int64_t timeout_ms;	/* of each check */
};

#define BUCKET_CHECK_MAX 64	/* there are fewer checks */

/* The i-th check's name, NULL at the end. */
const char *bucket_check_name(size_t i);

/*
 * Make the checks. 0, or -1 with err when they could not go on: keys,
 * network, a bucket that is missing or another's, an interruption; the list
 * holds what was found by then.
 */
int bucket_check_run(const struct bucket_check_request *request,
    struct check_list *list, struct err *err);

#endif
