#ifndef AWS_STS_H
#define AWS_STS_H

#include "aws/call.h"
#include "aws/endpoint.h"

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
