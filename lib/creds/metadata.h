#ifndef CREDS_METADATA_H
#define CREDS_METADATA_H

#include <stdint.h>

#include "aws/call.h"
#include "base/err.h"
#include "net/http.h"

/*
 * A request to one of the credential endpoints beside the machine (EC2's
 * metadata service, a container's agent): unsigned, never through a proxy,
 * and soon over, because most machines have no such thing.
 */
struct metadata_request {
	const char *method;	/* "GET", or "PUT" with an empty body */
	const char *url;
	const struct http_field *fields;
	size_t field_count;
	int64_t timeout_ms;	/* to connect, and to be silent, each */
	int attempts;		/* >= 1 */
	int64_t pause_ms;	/* between them */
};

/*
 * Send it, again after a fault, a 5xx or a 429 while attempts and the
 * context's deadline allow. response is the caller's (http_response_init),
 * its body is wiped when it is given back. HTTP_OK: there is an answer of
 * any status; else the last fault with err. A signal: HTTP_CANCELLED with
 * ERR_INTERRUPTED or ERR_TERMINATED.
 */
enum http_fault metadata_send(struct call_context *call,
    const struct metadata_request *request, struct http_response *response,
    struct err *err);

#endif
