#ifndef NET_PROXY_H
#define NET_PROXY_H

#include <stdbool.h>

#include "sys/env.h"

/*
 * The proxy for a URL's scheme, as curl and the AWS tools take it from the
 * environment: http_proxy (lower case only: CGI can set the other one),
 * https_proxy, HTTPS_PROXY, then all_proxy, ALL_PROXY. "" when there is none.
 * Borrowed from env.
 */
const char *proxy_url(const struct env *env, bool https);

/* Hosts that are asked directly: no_proxy, NO_PROXY; "" when unset. */
const char *proxy_exceptions(const struct env *env);

#endif
