#include "net/trace.h"

#include "base/limits.h"
#include "net/redact.h"

void
trace_exchange(struct log *log, const struct http_request *request,
    const struct http_response *response, enum http_fault fault,
    int64_t milliseconds, uint64_t bytes)
{
	static const char *const ids[] = {
		"x-amz-request-id", "x-amz-id-2", "x-amzn-requestid"
	};
	struct span id;
	struct buf line;
	size_t i;

	if (log_level(log) < LOG_TRACE)
		return;
	buf_init(&line, LIMIT_HEADER_BLOCK);
	buf_addf(&line, "%s ", request->method);
	redact_url(span_of(request->url), &line);
	if (fault == HTTP_OK)
		buf_addf(&line, ": %d", response->status);
	else
		buf_addf(&line, ": %s", http_fault_name(fault));
	buf_addf(&line, ", %lld ms, %llu bytes, %s connection",
	    (long long)milliseconds, (unsigned long long)bytes,
	    response->connections > 0 ? "new" : "kept");
	for (i = 0; i < sizeof ids / sizeof ids[0]; i++) {
		id = http_response_field(response, ids[i]);
		if (id.n > LIMIT_QUOTE)
			id.n = LIMIT_QUOTE;
		if (id.n > 0)
			buf_addf(&line, ", %s %.*s", ids[i], (int)id.n, id.p);
	}
	log_trace(log, "%s", buf_string(&line));
	buf_clear(&line);
}
