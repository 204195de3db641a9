#include "net/fault.h"

#include <stdio.h>

#include "sys/interrupt.h"

/*
 * The cause in mid-sentence: "Connection refused" becomes "connection
 * refused", "SSL: ..." stays.
 */
static const char *
cause_of(const struct fault_place *place, char room[256])
{
	const char *c = place->cause;
	int n;

	if (c[0] == '\0')
		return "unknown cause";
	n = snprintf(room, 256, "%s", c);
	if (n > 1 && c[0] >= 'A' && c[0] <= 'Z' && c[1] >= 'a')
		room[0] = (char)(c[0] - 'A' + 'a');
	return n < 0 ? c : room;
}

static const char *
hint(enum http_fault fault, const struct fault_place *place)
{
	bool proxied = place->proxy[0] != '\0';

	switch (fault) {
	case HTTP_RESOLVE:
		return "check the spelling of the endpoint and of the region, "
		    "and that this machine resolves names";
	case HTTP_CONNECT:
		return proxied ?
		    "check http_proxy, https_proxy, all_proxy and no_proxy" :
		    "check the endpoint, the network, and whether a proxy is "
		    "needed here (https_proxy)";
	case HTTP_TLS:
		return "where a proxy or a private authority signs, name its "
		    "bundle: AWS_CA_BUNDLE=/path/to/bundle.pem; also check "
		    "this machine's clock";
	case HTTP_PROXY:
		return "check http_proxy, https_proxy, all_proxy and no_proxy, "
		    "and the proxy's user name and password";
	case HTTP_TIMEOUT:
	case HTTP_RESET:
		return "try again; -vv shows each request";
	case HTTP_MALFORMED:
		return "check that the endpoint is an AWS one (http or https, "
		    "port), and that no proxy answers in its place";
	default:
		return NULL;
	}
}

static void
set_connect(const struct fault_place *place, const char *cause,
    struct err *err)
{
	if (place->proxy[0] != '\0')
		err_set(err, ERR_NETWORK, "cannot connect to the proxy '%s' "
		    "for '%s': %s", place->proxy, place->server, cause);
	else
		err_set(err, ERR_NETWORK, "cannot connect to '%s': %s",
		    place->server, cause);
}

static void
set_timeout(const struct fault_place *place, struct err *err)
{
	bool whole = place->waited_ms % 1000 == 0;
	long long n = whole ? place->waited_ms / 1000 : place->waited_ms;
	const char *unit = whole ? "s" : "ms";

	if (place->silence)
		err_set(err, ERR_NETWORK, "no answer from '%s' for %lld %s",
		    place->server, n, unit);
	else
		err_set(err, ERR_NETWORK, "the exchange with '%s' was not "
		    "over within %lld %s", place->server, n, unit);
}

void
fault_describe(enum http_fault fault, const struct fault_place *place,
    struct err *err)
{
	const char *next, *cause;
	char room[256];

	if (fault == HTTP_OK || err->class != ERR_NONE)
		return;
	cause = cause_of(place, room);
	switch (fault) {
	case HTTP_RESOLVE:
		err_set(err, ERR_NETWORK, "cannot find the host of '%s': %s",
		    place->server, cause);
		break;
	case HTTP_CONNECT:
		set_connect(place, cause, err);
		break;
	case HTTP_TLS:
		err_set(err, ERR_NETWORK,
		    "cannot verify the TLS certificate of '%s': %s",
		    place->server, cause);
		break;
	case HTTP_PROXY:
		err_set(err, ERR_NETWORK, "the proxy '%s' does not let us "
		    "reach '%s': %s", place->proxy, place->server,
		    cause);
		break;
	case HTTP_TIMEOUT:
		set_timeout(place, err);
		break;
	case HTTP_RESET:
		err_set(err, ERR_NETWORK, "the connection to '%s' was cut: %s",
		    place->server, cause);
		break;
	case HTTP_MALFORMED:
		err_set(err, ERR_NETWORK, "'%s' does not answer as an HTTP "
		    "server should: %s", place->server, cause);
		break;
	case HTTP_LARGE:
		err_set(err, ERR_DATA, "the answer of '%s' is larger than "
		    "%llu bytes", place->server,
		    (unsigned long long)place->limit);
		break;
	case HTTP_CANCELLED:
		err_set(err, interrupt_class(), "the request to '%s' was given "
		    "up", place->server);
		break;
	default:
		err_set(err, ERR_INTERNAL, "the request to '%s' failed: %s",
		    place->server, cause);
		break;
	}
	if ((next = hint(fault, place)) != NULL)
		err_hint(err, "%s", next);
}
