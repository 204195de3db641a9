#include "net/fault.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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
	if (n > 1 && c[1] >= 'a')
		room[0] = span_lower(c[0]);
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

/*
 * BearSSL's numbers that libcurl passes on bare, as bearssl_ssl.h and
 * bearssl_x509.h have them; from 256 on they are the server's alerts (RFC
 * 5246, section 7.2).
 */
#define BARE "bearSSL: connection error 0x"

static const struct tls_word {
	unsigned long number;
	bool certificate;
	const char *words;
} tls_words[] = {
	{ 3, false, "it speaks TLS 1.1 or older; 1.2 is the least" },
	{ 16, false, "it chose a cipher that was not offered" },
	{ 27, false, "its key exchange has a wrong signature" },
	{ 49, true, "its key or signature is of a kind that is not taken, "
	    "such as MD5" },
	{ 60, true, "its key is too short" },
	{ 256 + 40, false, "it has no cipher in common with teamcache" },
	{ 256 + 70, false, "it does not speak TLS 1.2" },
	{ 256 + 112, false, "it knows no host of that name" },
};

static const struct tls_word *
tls_word_of(const char *cause)
{
	const char *at = strstr(cause, BARE);
	unsigned long number;
	size_t i;

	if (at == NULL)
		return NULL;
	number = strtoul(at + sizeof BARE - 1, NULL, 16);
	for (i = 0; i < sizeof tls_words / sizeof tls_words[0]; i++)
		if (tls_words[i].number == number)
			return &tls_words[i];
	return NULL;
}

static void
set_tls(const struct fault_place *place, const char *cause, struct err *err)
{
	const struct tls_word *word = tls_word_of(cause);

	if (word != NULL && !word->certificate) {
		err_set(err, ERR_NETWORK, "cannot agree on TLS with '%s': %s",
		    place->server, word->words);
		err_hint(err, "check the endpoint, and what answers in its "
		    "place: a proxy, a gateway");
		return;
	}
	err_set(err, ERR_NETWORK, "cannot verify the TLS certificate of "
	    "'%s': %s", place->server, word != NULL ? word->words : cause);
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
	/* The connection was there; a handshake that fails is tried again as
	 * one that was cut would be. */
	if (fault == HTTP_CONNECT && tls_word_of(cause) != NULL)
		fault = HTTP_TLS;
	switch (fault) {
	case HTTP_RESOLVE:
		err_set(err, ERR_NETWORK, "cannot find the host of '%s': %s",
		    place->server, cause);
		break;
	case HTTP_CONNECT:
		set_connect(place, cause, err);
		break;
	case HTTP_TLS:
		set_tls(place, cause, err);
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
	if (err->hint[0] == '\0' && (next = hint(fault, place)) != NULL)
		err_hint(err, "%s", next);
}
