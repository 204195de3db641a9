#ifndef NET_HTTP_CURL_H
#define NET_HTTP_CURL_H

#include "net/http.h"
#include "net/trust.h"
#include "sys/env.h"
#include "sys/log.h"

/*
 * The transport over libcurl and BearSSL. Connections are kept alive and
 * reused within one object. Proxies from http_proxy, https_proxy, HTTPS_PROXY,
 * all_proxy, ALL_PROXY, no_proxy and NO_PROXY of env; one that is asked over
 * TLS is verified by the user's or the machine's bundle. https to an IP literal
 * is refused with ERR_USAGE (BearSSL's backend cannot verify one), verification
 * is never off. TLS 1.2 and later. The trust store is read at the first https
 * request only.
 */
struct http_curl;

struct http_curl_settings {
	const struct env *env;		/* proxies */
	struct trust *trust;		/* shared by all transports */
	struct log *log;		/* -vv: one line a request, redacted */
	const char *user_agent;
	bool (*cancelled)(void *state);	/* polled; NULL: never */
	/* Called once an exchange, with the request on its way: what it does
	 * costs no time of ours. NULL: nothing to do. */
	void (*meanwhile)(void *state);
	void *state;			/* of both */
};

/* NULL with err when out of memory. Free with http_curl_free. */
struct http_curl *http_curl_new(const struct http_curl_settings *settings,
    struct err *err);
void http_curl_free(struct http_curl *c);	/* NULL is fine */

/* The transport, borrowed from c. */
const struct http_transport *http_curl_transport(struct http_curl *c);

#endif
