#ifndef NET_TRACE_H
#define NET_TRACE_H

#include <stdint.h>

#include "net/http.h"
#include "sys/log.h"

/*
 * One line about an exchange for -vv: method, redacted URL, status or fault,
 * ms, bytes of body, whether the connection was new, the server's request ids.
 * No other field's value is shown. Does nothing below LOG_TRACE.
 */
void trace_exchange(struct log *log, const struct http_request *request,
    const struct http_response *response, enum http_fault fault,
    int64_t milliseconds, uint64_t bytes);

#endif
