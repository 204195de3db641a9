#ifndef NET_RECEIVER_H
#define NET_RECEIVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "net/http.h"

/*
 * The receiving half of an exchange, without a socket: header lines and body
 * pieces, as they arrive, become the response of http.h, within its caps. Only
 * the last response's fields are kept (1xx answers are forgotten, trailers not
 * taken). Zero-initialise with receiver_init; owns nothing.
 */
struct receiver {
	const struct http_request *request;
	struct http_response *response;
	struct err *err;	/* what the sink sets, or memory */
	int fields;		/* how many in this header block */
	bool in_body;		/* the final header block has ended */
	bool cut;		/* enough of an error body: stop reading */
	uint64_t bytes;		/* of body so far */
	enum http_fault fault;	/* why reading stopped, HTTP_OK when not */
};

void receiver_init(struct receiver *r, const struct http_request *request,
    struct http_response *response, struct err *err);

/*
 * One line of the header block, its end of line included: status line, field,
 * or the empty one. False: stop, see fault.
 */
bool receiver_header(struct receiver *r, const char *p, size_t n);

/*
 * A piece of the body; length is the announced one, -1 when there is none.
 * False: stop; fault tells why, and HTTP_OK with cut means that the response
 * is good as it is.
 */
bool receiver_body(struct receiver *r, const char *p, size_t n,
    int64_t length);

#endif
