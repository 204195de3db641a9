#include "net/receiver.h"

#include <string.h>

#include "base/limits.h"
#include "base/num.h"

void
receiver_init(struct receiver *r, const struct http_request *request,
    struct http_response *response, struct err *err)
{
	memset(r, 0, sizeof *r);
	r->request = request;
	r->response = response;
	r->err = err;
}

static bool
stop(struct receiver *r, enum http_fault fault)
{
	r->fault = fault;
	return false;
}

/* "HTTP/1.1 200 OK" begins a header block and forgets an earlier one. */
static bool
status_line(struct receiver *r, struct span line)
{
	struct span version, rest, code, reason;
	uint64_t status;

	if (!span_split(line, ' ', &version, &rest))
		return stop(r, HTTP_MALFORMED);
	span_split(span_trim(rest), ' ', &code, &reason);
	if (code.n != 3 || !num_parse(code, 999, &status) || status < 100)
		return stop(r, HTTP_MALFORMED);
	buf_reset(&r->response->fields);
	r->fields = 0;
	r->response->status = (int)status;
	return true;
}

static bool
is_name(struct span name)
{
	size_t i;

	for (i = 0; i < name.n; i++) {
		unsigned char c = (unsigned char)name.p[i];

		if (c <= 0x20 || c >= 0x7f)
			return false;
	}
	return name.n > 0;
}

/* A CR or NUL inside a value is replaced (RFC 9110 5.5). */
static void
add_value(struct buf *out, struct span value)
{
	size_t i, begin = out->n;

	buf_add_span(out, value);
	for (i = begin; i < out->n; i++) {
		if (out->p[i] == '\r' || out->p[i] == '\0')
			out->p[i] = ' ';
	}
}

static bool
field(struct receiver *r, struct span line)
{
	struct buf *out = &r->response->fields;
	struct span name, value;
	size_t i;

	/* An old folded line goes on with the field before it (RFC 9112 5.2). */
	if (line.p[0] == ' ' || line.p[0] == '\t') {
		if (r->fields == 0)
			return stop(r, HTTP_MALFORMED);
		out->n--;
		buf_add_char(out, ' ');
		add_value(out, span_trim(line));
		buf_add_char(out, '\n');
	} else {
		if (!span_split(line, ':', &name, &value) || !is_name(name) ||
		    ++r->fields > LIMIT_HEADER_FIELDS)
			return stop(r, HTTP_MALFORMED);
		for (i = 0; i < name.n; i++)
			buf_add_char(out, span_lower(name.p[i]));
		buf_add_string(out, ": ");
		add_value(out, span_trim(value));
		buf_add_char(out, '\n');
	}
	if (out->fault == BUF_FULL)
		return stop(r, HTTP_MALFORMED);
	if (out->fault != BUF_SOUND) {
		err_memory(r->err);
		return stop(r, HTTP_INTERNAL);
	}
	return true;
}

bool
receiver_header(struct receiver *r, const char *p, size_t n)
{
	struct span line = span_make(p, n);

	if (r->in_body)
		return true;	/* trailers */
	if (line.n > 0 && line.p[line.n - 1] == '\n')
		line.n--;
	if (line.n > 0 && line.p[line.n - 1] == '\r')
		line.n--;
	if (line.n == 0) {
		r->in_body = r->response->status >= 200;
		return true;
	}
	if (span_starts(line, "HTTP/"))
		return status_line(r, line);
	if (r->response->status == 0)
		return stop(r, HTTP_MALFORMED);
	return field(r, line);
}

/* Error bodies are for messages: what is beyond the cap is not waited for. */
static bool
error_body(struct receiver *r, const char *p, size_t n)
{
	struct buf *out = &r->response->body;
	size_t left = LIMIT_ERROR_BODY - out->n;

	r->cut = n > left;
	buf_add(out, p, r->cut ? left : n);
	if (out->fault != BUF_SOUND) {
		err_memory(r->err);
		return stop(r, HTTP_INTERNAL);
	}
	return !r->cut;
}

bool
receiver_body(struct receiver *r, const char *p, size_t n, int64_t length)
{
	struct buf *out = &r->response->body;
	int status = r->response->status;
	size_t max = r->request->max_body;
	bool first = r->bytes == 0;

	if (status < 200 || status > 299) {
		r->bytes += n;
		return error_body(r, p, n);
	}
	if ((length > 0 && (uint64_t)length > max) || n > max - r->bytes)
		return stop(r, HTTP_LARGE);
	r->bytes += n;
	if (r->request->sink != NULL) {
		if (r->request->sink(r->request->sink_state, p, n, r->err) != 0)
			return stop(r, HTTP_SINK);
		return true;
	}
	/* The whole at once, instead of growing and copying. */
	if (first && length > 0)
		buf_reserve(out, (size_t)length);
	buf_add(out, p, n);
	if (out->fault != BUF_SOUND) {
		err_memory(r->err);
		return stop(r, HTTP_INTERNAL);
	}
	return true;
}
