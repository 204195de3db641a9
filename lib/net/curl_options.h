#ifndef NET_CURL_OPTIONS_H
#define NET_CURL_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/span.h"
#include "net/http.h"

/*
 * What a libcurl handle (easy) is told; the running of it is http_curl's.
 * Texts are borrowed unless said otherwise.
 */
struct curl_slist;

/* libcurl's own form of what takes header lines and body. */
typedef size_t curl_options_taker(char *p, size_t one, size_t n, void *data);

/* What is the same for every exchange. */
struct curl_options {
	const char *user_agent;
	char *words;		/* CURL_ERROR_SIZE bytes, for its own words */
	curl_options_taker *header;
	curl_options_taker *body;
	void *state;		/* of both */
};

int curl_options_common(void *easy, const struct curl_options *o,
    struct err *err);

/* The header fields as libcurl wants them: a list, NULL too, that is to be
 * forgotten; ERR_USAGE for a field that is none. */
int curl_options_fields(const struct http_request *request,
    struct curl_slist **out, struct err *err);

/* Wipe and free: tokens and signatures were in them. */
void curl_options_forget(void *easy, struct curl_slist *fields);

/* URL, method, body and fields of one exchange. */
int curl_options_request(void *easy, const struct http_request *request,
    int64_t connect_ms, struct curl_slist *fields, struct err *err);

/* Copied by libcurl; NULL: as it was, "": none (and not that of the
 * environment). */
int curl_options_proxy(void *easy, const char *proxy,
    const char *exceptions, struct err *err);

/* The roots to believe, as PEM, of the server or of a proxy over TLS. */
int curl_options_roots(void *easy, struct span pem, bool of_proxy,
    struct err *err);

#endif
