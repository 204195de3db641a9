#include "net/http.h"

#include <assert.h>
#include <string.h>

#include "base/limits.h"

void
http_response_init(struct http_response *r)
{
	memset(r, 0, sizeof *r);
	buf_init(&r->fields, LIMIT_HEADER_BLOCK);
	buf_init(&r->body, 0);	/* each request brings its own cap */
}

void
http_response_clear(struct http_response *r)
{
	buf_clear(&r->fields);
	buf_clear(&r->body);
	r->status = 0;
	r->connections = 0;
}

struct span
http_response_field(const struct http_response *r, const char *name)
{
	struct span rest = buf_view(&r->fields), line, found, value;
	bool more = rest.n > 0;

	while (more) {
		more = span_split(rest, '\n', &line, &rest);
		if (span_split(line, ':', &found, &value) &&
		    span_is(found, name))
			return span_trim(value);
	}
	return span_make(NULL, 0);
}

enum http_fault
http_send(const struct http_transport *t, const struct http_request *request,
    struct http_response *response, bool *sent, struct err *err)
{
	bool own;

	assert(request->total_ms > 0);
	buf_reset(&response->fields);
	buf_reset(&response->body);
	response->body.max = request->max_body > LIMIT_ERROR_BODY ?
	    request->max_body : LIMIT_ERROR_BODY;
	response->status = 0;
	response->connections = 0;
	if (sent == NULL)
		sent = &own;
	*sent = false;
	return t->send(t->state, request, response, sent, err);
}

const char *
http_fault_name(enum http_fault fault)
{
	switch (fault) {
	case HTTP_OK:
		return "ok";
	case HTTP_RESOLVE:
		return "resolve";
	case HTTP_CONNECT:
		return "connect";
	case HTTP_TLS:
		return "tls";
	case HTTP_PROXY:
		return "proxy";
	case HTTP_TIMEOUT:
		return "timeout";
	case HTTP_RESET:
		return "reset";
	case HTTP_MALFORMED:
		return "malformed";
	case HTTP_LARGE:
		return "large";
	case HTTP_CANCELLED:
		return "cancelled";
	case HTTP_SINK:
		return "sink";
	case HTTP_INTERNAL:
		break;
	}
	return "internal";
}
