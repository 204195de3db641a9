#ifndef AWS_STS_H
#define AWS_STS_H

#include "aws/call.h"
#include "aws/endpoint.h"

/*
 * One request to STS: body is the form. keys NULL: unsigned. A 2xx answer's
 * body is in the reply (which the caller clears in any case), marked secret;
 * else -1 with err, which begins with the subject.
 */
struct sts_request {
	const char *subject;	/* "cannot assume role '...'" */
	struct span body;
	const struct keys_source *keys;
};
int sts_send(struct call_context *context, const struct endpoint *endpoint,
    const struct sts_request *request, struct call_reply *reply,
    struct err *err);

/* Who the keys belong to. */
struct sts_identity {
	char account[13];
	char arn[2048];
	char user_id[256];
};

/* GetCallerIdentity: free, needs no permission. 0, or -1 with err. */
int sts_get_caller_identity(struct call_context *context,
    const struct endpoint *endpoint, const struct keys_source *keys,
    struct sts_identity *out, struct err *err);

#endif
