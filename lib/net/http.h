#ifndef NET_HTTP_H
#define NET_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/span.h"

/* One header field; names are compared without case. */
struct http_field {
	const char *name;
	const char *value;
};

/*
 * Takes the body of a 2xx answer piece by piece instead of the response's
 * buffer: 0 to go on, -1 with err to stop.
 */
typedef int http_sink(void *state, const char *p, size_t n,
    struct err *err);

/* A request as a value; everything is borrowed until send returns. */
struct http_request {
	const char *method;	/* "GET", "HEAD", "PUT", "POST", "DELETE" */
	const char *url;	/* absolute, encoded; goes out byte for byte */
	const struct http_field *fields;	/* Host comes from the URL */
	size_t field_count;
	struct span body;
	bool has_body;		/* Content-Length is sent, 0 too */
	size_t max_body;	/* cap of the answer's body; more is HTTP_LARGE */
	int64_t connect_ms;	/* name and TCP; TLS as much again; 0: 3,100 */
	int64_t idle_ms;	/* longest silence once connected; 0: 60,000 */
	int64_t total_ms;	/* whole exchange; must be > 0 */
	bool no_proxy;		/* link-local credential endpoints */
	http_sink *sink;	/* NULL: the body goes to the response */
	void *sink_state;
};

/* What came back. Reusable: http_response_init once, _clear at the end. */
struct http_response {
	int status;
	struct buf fields;	/* "name: value\n", names in lower case */
	struct buf body;	/* error bodies cut at LIMIT_ERROR_BODY */
	int64_t connections;	/* opened for this exchange: 0 or 1 */
};

void http_response_init(struct http_response *r);
void http_response_clear(struct http_response *r);

/* The first field of that name (lower case given), or the empty span. */
struct span http_response_field(const struct http_response *r,
    const char *name);

/* What went wrong below HTTP. */
enum http_fault {
	HTTP_OK = 0,
	HTTP_RESOLVE,		/* the name was not found */
	HTTP_CONNECT,		/* refused, unreachable, connect timeout */
	HTTP_TLS,		/* certificate or host name not verified */
	HTTP_PROXY,		/* the proxy said no */
	HTTP_TIMEOUT,		/* silence, or total_ms used up */
	HTTP_RESET,		/* closed or cut in the middle */
	HTTP_MALFORMED,		/* not HTTP, header flood */
	HTTP_LARGE,		/* body over max_body */
	HTTP_CANCELLED,		/* the cancel callback said so */
	HTTP_SINK,		/* the sink said no (err is its own) */
	HTTP_INTERNAL		/* out of memory, a bug */
};

/*
 * Something that can carry a request: libcurl, or a test's script. One
 * exchange at a time for each transport object (a thread each). send returns
 * HTTP_OK once a whole response of any status is there, else the fault with
 * err set (class, message naming host and cause; never header values).
 * Redirects are not followed. *sent tells whether any byte of the request
 * may have reached the server.
 */
struct http_transport {
	enum http_fault (*send)(void *state, const struct http_request *request,
	    struct http_response *response, bool *sent, struct err *err);
	void *state;
};

enum http_fault http_send(const struct http_transport *t,
    const struct http_request *request, struct http_response *response,
    bool *sent, struct err *err);

/* "timeout", "connect", ... for --json, logs and degraded[]. */
const char *http_fault_name(enum http_fault fault);

#endif
