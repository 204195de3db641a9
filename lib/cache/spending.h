#ifndef CACHE_SPENDING_H
#define CACHE_SPENDING_H

#include <stdint.h>

#include "base/err.h"
#include "cache/session.h"

/*
 * The money side of one purchase: the two limits (the command's allowance and
 * max_api_requests_per_day of this machine's ledger) and what the ledger says
 * of it. Requests are written down before they are sent.
 */
struct spending {
	struct session *session;
	const char *account;
	const char *purchase;
	int64_t time;		/* of its records: all are of one day */
	int64_t per_day;	/* -1: no limit */
	int64_t expected;	/* requests: as many as the last time, or 1 */
	int64_t taken;		/* of the allowance */
	int64_t written;	/* to the ledger */
	long counted;		/* the session's requests before */
};

/* err's code where a limit is what forbids a purchase. */
#define SPENDING_LIMIT "RequestLimit"

/*
 * May it be bought as things stand: does each limit leave as many requests as
 * it took the last time? Takes nothing. -1 with err, ERR_NO_DATA and its code.
 */
int spending_check(struct session *session, const char *account,
    const char *purchase, struct err *err);

/*
 * The same for good, just before buying: takes what it took the last time. All
 * texts are borrowed until spending_end, which must follow a 0.
 */
int spending_begin(struct spending *sp, struct session *session,
    const char *account, const char *purchase, struct err *err);

/* Before each request, a repeated one too: -1 with err when a limit leaves no
 * more, or a daily one cannot be kept. */
int spending_request(struct spending *sp, struct err *err);

/* Give back what was not sent. pages: what the data was made of, 0 when there
 * is none. */
void spending_end(struct spending *sp, int pages);

#endif
