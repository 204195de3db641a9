#include "net/http_curl.h"

#include <curl/curl.h>

#include <stdlib.h>
#include <string.h>

#include "net/curl_options.h"
#include "net/deadline.h"
#include "net/fault.h"
#include "net/proxy.h"
#include "net/receiver.h"
#include "net/redact.h"
#include "net/target.h"
#include "net/trace.h"
#include "sys/clock.h"

#define CONNECT_MS 3100
#define IDLE_MS 60000
#define POLL_MS 100	/* how long a cancellation may go unseen */

/* One exchange, from send to its end. */
struct exchange {
	const struct http_request *request;
	struct receiver receiver;
	struct target target;
	struct curl_slist *fields;
	bool *sent;
	struct deadline deadline;
	int64_t received;	/* header and body bytes so far */
	bool connected;
	bool cancelled;
	enum deadline_state late;
};

struct http_curl {
	struct http_transport transport;
	struct http_curl_settings settings;
	CURL *easy;
	CURLM *multi;
	const struct clock *clock;
	const char *proxy;		/* as set on easy; NULL: not yet */
	const char *exceptions;
	enum trust_step step;		/* the one that worked last */
	const char *roots;		/* as set on easy */
	struct exchange now;
	char words[CURL_ERROR_SIZE];	/* libcurl's, for the present one */
};

static size_t
take_header(char *p, size_t one, size_t n, void *data)
{
	struct http_curl *c = data;

	(void)one;
	c->now.received += (int64_t)n;
	return receiver_header(&c->now.receiver, p, n) ? n : 0;
}

static size_t
take_body(char *p, size_t one, size_t n, void *data)
{
	struct http_curl *c = data;
	curl_off_t length = -1;

	(void)one;
	c->now.received += (int64_t)n;
	if (c->now.receiver.bytes == 0 && curl_easy_getinfo(c->easy,
	    CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &length) != CURLE_OK)
		length = -1;
	return receiver_body(&c->now.receiver, p, n, length) ? n : 0;
}

/* Where the request goes first, as far as that has changed. */
static int
set_proxy(struct http_curl *c, const struct http_request *request,
    struct err *err)
{
	const char *proxy = request->no_proxy ? "" :
	    proxy_url(c->settings.env, c->now.target.uri.https);
	const char *exceptions = proxy_exceptions(c->settings.env);
	struct span pem;

	if (curl_options_proxy(c->easy, proxy != c->proxy ? proxy : NULL,
	    exceptions != c->exceptions ? exceptions : NULL, err) != 0)
		return -1;
	c->proxy = proxy;
	c->exceptions = exceptions;
	/* One that itself is asked over TLS is no host of AWS's. */
	if (strncmp(proxy, "https:", 6) != 0)
		return 0;
	return trust_roots(c->settings.trust, "", TRUST_FIRST, &pem, err) != 0 ?
	    -1 : curl_options_roots(c->easy, pem, true, err);
}

/* 1: roots are set; 0: there are none for this step; -1: err. */
static int
set_roots(struct http_curl *c, enum trust_step step, struct err *err)
{
	struct span pem;

	if (trust_roots(c->settings.trust, c->now.target.host, step, &pem,
	    err) != 0)
		return -1;
	if (pem.n == 0)
		return 0;
	if (pem.p == c->roots)
		return 1;
	if (curl_options_roots(c->easy, pem, false, err) != 0)
		return -1;
	c->roots = pem.p;
	return 1;
}

static int
prepare(struct http_curl *c, const struct http_request *request,
    struct err *err)
{
	struct exchange *x = &c->now;
	int64_t connect = request->connect_ms > 0 ? request->connect_ms :
	    CONNECT_MS;

	if (target_set(&x->target, request->url, err) != 0)
		return -1;
	if (curl_options_fields(request, &x->fields, err) != 0)
		return -1;
	/* Name and TCP; TLS gets as much again. */
	if (x->target.uri.https)
		connect *= 2;
	if (connect > 3600 * 1000)
		connect = 3600 * 1000;
	if (curl_options_request(c->easy, request, connect, x->fields,
	    err) != 0)
		return -1;
	return set_proxy(c, request, err);
}

/* Look at the clock and the counters; false ends the exchange. */
static bool
watch(struct http_curl *c, int64_t *wait)
{
	struct exchange *x = &c->now;
	curl_off_t ready = 0, up = 0;

	if (!x->connected && curl_easy_getinfo(c->easy,
	    CURLINFO_PRETRANSFER_TIME_T, &ready) == CURLE_OK && ready > 0) {
		x->connected = *x->sent = true;
		/* libcurl sends in the same step that finds it connected. */
		if (c->settings.meanwhile != NULL)
			c->settings.meanwhile(c->settings.state);
	}
	(void)curl_easy_getinfo(c->easy, CURLINFO_SIZE_UPLOAD_T, &up);
	x->late = deadline_look(&x->deadline, clock_elapsed_ms(c->clock),
	    x->connected, x->received + up, wait);
	x->cancelled = c->settings.cancelled != NULL &&
	    c->settings.cancelled(c->settings.state);
	if (*wait > POLL_MS)
		*wait = POLL_MS;
	return !x->cancelled && x->late == DEADLINE_AHEAD;
}

/* One run of the prepared request. The result is of use unless stopped. */
static CURLcode
run(struct http_curl *c, struct http_response *response, struct err *err)
{
	struct exchange *x = &c->now;
	CURLcode code = CURLE_FAILED_INIT;
	int64_t wait = 0;
	int running = 1, left;
	CURLMsg *message;

	receiver_init(&x->receiver, x->request, response, err);
	x->connected = false;
	x->received = 0;
	c->words[0] = '\0';
	if (curl_multi_add_handle(c->multi, c->easy) != CURLM_OK)
		return CURLE_OUT_OF_MEMORY;
	for (;;) {
		if (curl_multi_perform(c->multi, &running) != CURLM_OK)
			break;
		if (running == 0 || !watch(c, &wait))
			break;
		if (curl_multi_poll(c->multi, NULL, 0, (int)wait, NULL) !=
		    CURLM_OK)
			break;
	}
	while ((message = curl_multi_info_read(c->multi, &left)) != NULL) {
		if (message->msg == CURLMSG_DONE)
			code = message->data.result;
	}
	if (curl_multi_remove_handle(c->multi, c->easy) != CURLM_OK)
		code = CURLE_FAILED_INIT;
	return code;
}

/* https: again with the other roots when the first do not verify. */
static int
run_verified(struct http_curl *c, struct http_response *response,
    CURLcode *code, struct err *err)
{
	int have = set_roots(c, c->step, err);

	if (have == 0 && c->step == TRUST_FALLBACK)
		have = set_roots(c, c->step = TRUST_FIRST, err);
	if (have < 0)
		return -1;
	*code = run(c, response, err);
	if (*code != CURLE_PEER_FAILED_VERIFICATION ||
	    c->step == TRUST_FALLBACK || c->now.cancelled ||
	    c->now.late != DEADLINE_AHEAD)
		return 0;
	if ((have = set_roots(c, TRUST_FALLBACK, err)) <= 0)
		return have;
	*code = run(c, response, err);
	if (*code != CURLE_PEER_FAILED_VERIFICATION)
		c->step = TRUST_FALLBACK;
	return 0;
}

/* Did the exchange go over a proxy? */
static bool
proxied(const struct http_curl *c)
{
	long used = 0;

	return curl_easy_getinfo(c->easy, CURLINFO_USED_PROXY, &used) ==
	    CURLE_OK && used != 0;
}

/* Failed before a connection stood. */
static enum http_fault
judge_connect(const struct http_curl *c, CURLcode code, struct buf *cause)
{
	curl_off_t found = 0;
	long number = 0;

	(void)curl_easy_getinfo(c->easy, CURLINFO_NAMELOOKUP_TIME_T, &found);
	(void)curl_easy_getinfo(c->easy, CURLINFO_OS_ERRNO, &number);
	if (code == CURLE_OPERATION_TIMEDOUT && found == 0) {
		buf_add_string(cause, "the name servers do not answer");
		return HTTP_RESOLVE;
	}
	if (code == CURLE_OPERATION_TIMEDOUT)
		buf_add_string(cause, "timed out");
	else if (code == CURLE_COULDNT_CONNECT && number != 0)
		buf_add_string(cause, strerror((int)number));
	else
		buf_add_string(cause, c->words);
	return HTTP_CONNECT;
}

/* libcurl's codes in our terms; NULL: its own words say it best. */
static const struct verdict {
	CURLcode code;
	enum http_fault fault;
	const char *cause;
} verdicts[] = {
	{ CURLE_COULDNT_RESOLVE_HOST, HTTP_RESOLVE, "no such name" },
	{ CURLE_COULDNT_RESOLVE_PROXY, HTTP_PROXY,
	    "its own name cannot be found" },
	{ CURLE_PROXY, HTTP_PROXY, NULL },
	{ CURLE_PEER_FAILED_VERIFICATION, HTTP_TLS, NULL },
	{ CURLE_SSL_CACERT_BADFILE, HTTP_TLS, NULL },
	{ CURLE_GOT_NOTHING, HTTP_RESET, "closed without an answer" },
	{ CURLE_PARTIAL_FILE, HTTP_RESET,
	    "closed in the middle of the answer" },
	{ CURLE_SEND_ERROR, HTTP_RESET, NULL },
	{ CURLE_RECV_ERROR, HTTP_RESET, NULL },
	{ CURLE_UNSUPPORTED_PROTOCOL, HTTP_MALFORMED, NULL }, /* HTTP/0.9 */
	{ CURLE_WEIRD_SERVER_REPLY, HTTP_MALFORMED, NULL },
	{ CURLE_TOO_LARGE, HTTP_MALFORMED, NULL }
};

static enum http_fault
judge(const struct http_curl *c, CURLcode code, struct buf *cause)
{
	const char *words = c->words[0] != '\0' ? c->words :
	    curl_easy_strerror(code);
	long tunnel = 0;
	size_t i;

	(void)curl_easy_getinfo(c->easy, CURLINFO_HTTP_CONNECTCODE, &tunnel);
	if (tunnel >= 300 && code != CURLE_OK) {
		buf_addf(cause, "it answers CONNECT with status %ld", tunnel);
		return HTTP_PROXY;
	}
	if (code == CURLE_OK && c->now.receiver.response->status == 407 &&
	    proxied(c)) {
		buf_add_string(cause, "it answers with status 407");
		return HTTP_PROXY;
	}
	if (code == CURLE_OK)
		return HTTP_OK;
	if (code == CURLE_COULDNT_CONNECT || code == CURLE_SSL_CONNECT_ERROR ||
	    code == CURLE_OPERATION_TIMEDOUT ||
	    (code == CURLE_RECV_ERROR && !*c->now.sent))
		return judge_connect(c, code, cause);
	for (i = 0; i < sizeof verdicts / sizeof verdicts[0]; i++) {
		if (verdicts[i].code != code)
			continue;
		buf_add_string(cause, verdicts[i].cause != NULL ?
		    verdicts[i].cause : words);
		return verdicts[i].fault;
	}
	buf_add_string(cause, words);
	return HTTP_INTERNAL;
}

/* The exchange's fault, before anything is said about it. */
static enum http_fault
conclude(struct http_curl *c, CURLcode code, struct fault_place *place,
    struct buf *cause)
{
	const struct exchange *x = &c->now;

	if (x->cancelled)
		return HTTP_CANCELLED;
	if (x->late != DEADLINE_AHEAD) {
		place->silence = x->late == DEADLINE_IDLE;
		place->waited_ms = place->silence ? x->deadline.idle_ms :
		    x->deadline.total_ms;
		return HTTP_TIMEOUT;
	}
	if (x->receiver.fault == HTTP_MALFORMED)
		buf_add_string(cause, "its header is malformed or too long");
	if (x->receiver.fault != HTTP_OK)
		return x->receiver.fault;
	if (code == CURLE_WRITE_ERROR && x->receiver.cut)
		return HTTP_OK;
	/* To libcurl a header block that just ends is a whole one. */
	if (code == CURLE_OK && !x->receiver.in_body) {
		buf_add_string(cause, "closed in the middle of the header");
		return HTTP_RESET;
	}
	return judge(c, code, cause);
}

/* What can be told once libcurl has ended. */
static void
finish(struct http_curl *c, struct http_response *response,
    enum http_fault fault)
{
	curl_off_t ready = 0;
	long connections = 0;

	(void)curl_easy_getinfo(c->easy, CURLINFO_NUM_CONNECTS, &connections);
	(void)curl_easy_getinfo(c->easy, CURLINFO_PRETRANSFER_TIME_T, &ready);
	if (ready > 0)
		*c->now.sent = true;
	response->connections = connections > 0;
	trace_exchange(c->settings.log, c->now.request, response, fault,
	    clock_elapsed_ms(c->clock) - c->now.deadline.begin,
	    c->now.receiver.bytes);
}

static enum http_fault
send_request(void *state, const struct http_request *request,
    struct http_response *response, bool *sent, struct err *err)
{
	struct http_curl *c = state;
	struct exchange *x = &c->now;
	struct fault_place place = { .limit = request->max_body };
	enum http_fault fault = HTTP_INTERNAL;
	CURLcode code = CURLE_FAILED_INIT;
	struct buf cause, proxy;

	memset(x, 0, sizeof *x);
	x->request = request;
	x->sent = sent;
	x->deadline = deadline_start(request->total_ms, request->idle_ms > 0 ?
	    request->idle_ms : IDLE_MS, clock_elapsed_ms(c->clock));
	buf_init(&cause, 1024);
	buf_init(&proxy, 1024);
	if (prepare(c, request, err) != 0)
		goto out;
	if (!x->target.uri.https)
		code = run(c, response, err);
	else if (run_verified(c, response, &code, err) != 0)
		goto out;
	fault = conclude(c, code, &place, &cause);
	finish(c, response, fault);
	if (code == CURLE_OUT_OF_MEMORY)
		err_memory(err);
	if (c->proxy != NULL && proxied(c))
		redact_url(span_of(c->proxy), &proxy);
	place.server = x->target.server;
	place.proxy = buf_string(&proxy);
	place.cause = buf_string(&cause);
	fault_describe(fault, &place, err);
out:
	curl_options_forget(c->easy, x->fields);
	x->fields = NULL;
	buf_clear(&cause);
	buf_clear(&proxy);
	return fault;
}

struct http_curl *
http_curl_new(const struct http_curl_settings *settings, struct err *err)
{
	struct curl_options options = { .header = take_header,
	    .body = take_body };
	struct http_curl *c = calloc(1, sizeof *c);

	if (c == NULL) {
		err_memory(err);
		return NULL;
	}
	c->settings = *settings;
	c->clock = clock_system();
	c->transport = (struct http_transport){ send_request, c };
	/* Counted and thread-safe: the first one does the work. */
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
		free(c);
		err_memory(err);
		return NULL;
	}
	c->easy = curl_easy_init();
	c->multi = curl_multi_init();
	if (c->easy == NULL || c->multi == NULL) {
		err_memory(err);
	} else {
		options.user_agent = c->settings.user_agent;
		options.words = c->words;
		options.state = c;
		if (curl_options_common(c->easy, &options, err) == 0)
			return c;
	}
	http_curl_free(c);
	return NULL;
}

void
http_curl_free(struct http_curl *c)
{
	if (c == NULL)
		return;
	curl_easy_cleanup(c->easy);
	(void)curl_multi_cleanup(c->multi);
	curl_global_cleanup();
	free(c);
}

const struct http_transport *
http_curl_transport(struct http_curl *c)
{
	return &c->transport;
}
