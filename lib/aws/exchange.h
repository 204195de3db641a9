#ifndef AWS_EXCHANGE_H
#define AWS_EXCHANGE_H

#include <stdbool.h>
#include <stdint.h>

#include "aws/call.h"
#include "base/buf.h"
#include "base/date.h"
#include "base/err.h"
#include "codec/hash.h"
#include "codec/uuid.h"
#include "net/http.h"

/*
 * One call's request, ready to be sent any number of times, each time signed
 * anew with the keys and the time of that moment. call.c decides how often.
 * The first four are the caller's; the rest is filled here.
 */
struct exchange {
	struct call_context *context;
	const struct call_request *request;
	const struct keys_source *keys;
	struct call_reply *reply;
	bool renew;		/* ask for new keys before the next attempt */
	bool delivered;		/* the sink has got bytes */
	struct err attempt;	/* the transport's error */
	int max_attempts;

	struct buf url;
	struct buf host;
	struct buf authorization;
	struct http_field *fields;
	const char *payload_hash;
	char own_hash[HASH_SHA256_HEX];
	char date[DATE_ROOM];
	char invocation[UUID_ROOM];	/* UUID; "" when there is no randomness */
	char retries[64];	/* amz-sdk-request */
	bool trusted_date;	/* nobody on the way could have forged it */
};

/* What stays the same over the attempts. exchange_clear in any case. */
int exchange_prepare(struct exchange *x, struct err *err);
void exchange_clear(struct exchange *x);

/*
 * One request on the wire, within left_ms. 0 with the reply's response,
 * fault, date, sent, ambiguous (for faults) and attempts set; -1 with err when
 * it could not be made (keys, memory).
 */
int exchange_send(struct exchange *x, int64_t left_ms, struct err *err);

#endif
