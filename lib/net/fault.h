#ifndef NET_FAULT_H
#define NET_FAULT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "net/http.h"

/* What a message about a failed exchange names. */
struct fault_place {
	const char *server;	/* "host:port" */
	const char *proxy;	/* without user info; "" when none */
	const char *cause;	/* the library's or system's words; "" unknown */
	int64_t waited_ms;	/* for HTTP_TIMEOUT */
	bool silence;		/* then: nothing came, not too little */
	uint64_t limit;		/* for HTTP_LARGE: bytes */
};

/*
 * Turn a fault into an error: class, message, and what to do next. Does
 * nothing for HTTP_OK or when err is set (a sink's own error). Never NULL
 * strings in place.
 */
void fault_describe(enum http_fault fault, const struct fault_place *place,
    struct err *err);

#endif
