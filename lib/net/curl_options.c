#include "net/curl_options.h"

#include <curl/curl.h>

#include <string.h>
#include <sys/socket.h>

#include "base/limits.h"
#include "net/field_line.h"

/* libcurl's receive buffer: fresh pages cost more than a few more reads. */
#define RECEIVE_BUFFER 16384L

/* libcurl would let a child process (credential_process) inherit it. */
static curl_socket_t
open_socket(void *data, curlsocktype purpose, struct curl_sockaddr *address)
{
	(void)data, (void)purpose;
	return socket(address->family, address->socktype | SOCK_CLOEXEC |
	    SOCK_NONBLOCK, address->protocol);
}

/* 0 when libcurl took the option. */
static int
set_long(CURL *easy, CURLoption option, long value)
{
	return curl_easy_setopt(easy, option, value) != CURLE_OK;
}

static int
set_text(CURL *easy, CURLoption option, const char *value)
{
	return curl_easy_setopt(easy, option, value) != CURLE_OK;
}

int
curl_options_common(void *easy, const struct curl_options *o,
    struct err *err)
{
	int bad = 0;

	bad |= set_long(easy, CURLOPT_NOSIGNAL, 1);
	bad |= set_long(easy, CURLOPT_PATH_AS_IS, 1);
	bad |= set_text(easy, CURLOPT_PROTOCOLS_STR, "http,https");
	bad |= set_long(easy, CURLOPT_DISALLOW_USERNAME_IN_URL, 1);
	bad |= set_long(easy, CURLOPT_FOLLOWLOCATION, 0);
	bad |= set_long(easy, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1);
	bad |= set_long(easy, CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2);
	bad |= set_long(easy, CURLOPT_SSL_VERIFYPEER, 1);
	bad |= set_long(easy, CURLOPT_SSL_VERIFYHOST, 2);
	bad |= set_long(easy, CURLOPT_TCP_NODELAY, 1);
	bad |= set_long(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1);
	bad |= set_long(easy, CURLOPT_BUFFERSIZE, RECEIVE_BUFFER);
	/* A resolver that hangs must not hold up our giving up. */
	bad |= set_long(easy, CURLOPT_QUICK_EXIT, 1);
	bad |= set_text(easy, CURLOPT_USERAGENT, o->user_agent);
	bad |= curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, o->words) !=
	    CURLE_OK;
	bad |= curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION,
	    open_socket) != CURLE_OK;
	bad |= curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, o->header) !=
	    CURLE_OK;
	bad |= curl_easy_setopt(easy, CURLOPT_HEADERDATA, o->state) !=
	    CURLE_OK;
	bad |= curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, o->body) !=
	    CURLE_OK;
	bad |= curl_easy_setopt(easy, CURLOPT_WRITEDATA, o->state) !=
	    CURLE_OK;
	return bad ? err_memory(err) : 0;
}

static int
add_field(struct curl_slist **fields, const char *line, struct err *err)
{
	struct curl_slist *more = curl_slist_append(*fields, line);

	if (more == NULL)
		return err_memory(err);
	*fields = more;
	return 0;
}

int
curl_options_fields(const struct http_request *request,
    struct curl_slist **out, struct err *err)
{
	bool typed = false;
	struct buf line;
	size_t i;
	int result = 0;

	buf_init_secret(&line, LIMIT_HEADER_BLOCK);
	for (i = 0; i < request->field_count && result == 0; i++) {
		typed |= span_is_nocase(span_of(request->fields[i].name),
		    "content-type");
		result = field_line(&request->fields[i], &line, err);
		if (result == 0)
			result = add_field(out, buf_string(&line), err);
	}
	buf_clear(&line);
	/* Not what libcurl would add: a form's type, and a wait of 1 s. */
	if (result == 0 && request->has_body)
		result = add_field(out, "Expect:", err);
	if (result == 0 && request->has_body && !typed)
		result = add_field(out, "Content-Type:", err);
	return result;
}

void
curl_options_forget(void *easy, struct curl_slist *fields)
{
	struct curl_slist *at;

	(void)curl_easy_setopt(easy, CURLOPT_HTTPHEADER, NULL);
	for (at = fields; at != NULL; at = at->next)
		explicit_bzero(at->data, strlen(at->data));
	curl_slist_free_all(fields);
}

/*
 * A fresh path for the method: libcurl keeps the last request's. A method
 * with a body is a POST by another name, so that the body is sent from where
 * it lies.
 */
static int
set_method(CURL *easy, const struct http_request *request)
{
	const char *p = request->body.n == 0 ? "" : request->body.p;
	bool head = strcmp(request->method, "HEAD") == 0;
	bool get = strcmp(request->method, "GET") == 0;
	int bad = 0;

	bad |= set_long(easy, CURLOPT_HTTPGET, 1);
	bad |= set_text(easy, CURLOPT_CUSTOMREQUEST,
	    head || get ? NULL : request->method);
	if (head)
		bad |= set_long(easy, CURLOPT_NOBODY, 1);
	if (request->has_body && !head) {
		bad |= curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE,
		    (curl_off_t)request->body.n) != CURLE_OK;
		bad |= curl_easy_setopt(easy, CURLOPT_POSTFIELDS, p) !=
		    CURLE_OK;
	}
	return bad;
}

int
curl_options_request(void *easy, const struct http_request *request,
    int64_t connect_ms, struct curl_slist *fields, struct err *err)
{
	int bad = 0;

	bad |= set_text(easy, CURLOPT_URL, request->url);
	bad |= set_long(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)connect_ms);
	bad |= set_method(easy, request);
	bad |= curl_easy_setopt(easy, CURLOPT_HTTPHEADER, fields) !=
	    CURLE_OK;
	return bad ? err_memory(err) : 0;
}

int
curl_options_proxy(void *easy, const char *proxy, const char *exceptions,
    struct err *err)
{
	int bad = 0;

	/* "" keeps libcurl from reading the environment itself. */
	if (proxy != NULL)
		bad |= set_text(easy, CURLOPT_PROXY, proxy);
	if (exceptions != NULL)
		bad |= set_text(easy, CURLOPT_NOPROXY, exceptions);
	return bad ? err_memory(err) : 0;
}

int
curl_options_roots(void *easy, struct span pem, bool of_proxy,
    struct err *err)
{
	struct curl_blob blob = { (void *)(uintptr_t)pem.p, pem.n,
	    CURL_BLOB_NOCOPY };

	if (curl_easy_setopt(easy, of_proxy ? CURLOPT_PROXY_CAINFO_BLOB :
	    CURLOPT_CAINFO_BLOB, &blob) == CURLE_OK)
		return 0;
	return err_memory(err);
}
