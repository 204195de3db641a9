#include "creds/metadata.h"

#include <stdbool.h>

#include "base/limits.h"
#include "net/retry.h"
#include "sys/interrupt.h"

static enum http_fault
set_interrupted(const struct metadata_request *request, struct err *err)
{
	err_clear(err);
	err_set(err, interrupt_class(), "asking '%s' for credentials: %s",
	    request->url, interrupt_word());
	return HTTP_CANCELLED;
}

/* One exchange. */
static enum http_fault
send_once(struct call_context *call, const struct metadata_request *request,
    struct http_response *response, struct err *err)
{
	struct http_request h = {
		.method = request->method,
		.url = request->url,
		.fields = request->fields,
		.field_count = request->field_count,
		.has_body = request->method[0] == 'P',
		.max_body = LIMIT_CONTROL_BODY,
		.connect_ms = request->timeout_ms,
		.idle_ms = request->timeout_ms,
		/* One that sends a byte now and then must end, too. */
		.total_ms = 3 * request->timeout_ms,
		.no_proxy = true,
	};
	int64_t left = call_left_ms(call);
	enum http_fault fault;
	bool sent = false;

	if (left < h.total_ms)
		h.total_ms = left > 0 ? left : 1;
	response->body.secret = true;
	err_clear(err);
	fault = http_send(call->http, &h, response, &sent, err);
	if (sent || fault == HTTP_OK)
		call->counts.other++;
	return fault;
}

static bool
worth_repeating(enum http_fault fault, int status)
{
	if (fault == HTTP_OK)
		return status >= 500 || status == 429;
	return retry_of_fault(fault) != RETRY_NEVER;
}

enum http_fault
metadata_send(struct call_context *call,
    const struct metadata_request *request, struct http_response *response,
    struct err *err)
{
	int interrupts = interrupt_count(), attempt;
	enum http_fault fault = HTTP_INTERNAL;

	for (attempt = 1; ; attempt++) {
		fault = send_once(call, request, response, err);
		if (fault == HTTP_CANCELLED ||
		    interrupt_count() > interrupts)
			return set_interrupted(request, err);
		if (attempt >= request->attempts ||
		    !worth_repeating(fault, response->status) ||
		    call_left_ms(call) <= request->pause_ms)
			return fault;
		if (!clock_pause_ms(call->clock, request->pause_ms,
		    interrupts))
			return set_interrupted(request, err);
	}
}
