#include "net/http_curl.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/limits.h"
#include "listener.h"
#include "sandbox.h"
#include "sys/clock.h"
#include "tap.h"

/* What the server does, and what it saw. */
static struct {
	const char *answer;
	const char *rest;	/* after a pause of pause_ms */
	int pause_ms;
	int answers;		/* a connection; 0: all */
	struct buf request;
} script;

static void
serve(void *state, int number, int fd)
{
	struct buf b;
	int n;

	(void)state, (void)number;
	for (n = 0; script.answers == 0 || n < script.answers; n++) {
		/* Shown only when whole: the test looks after the answer. */
		buf_init(&b, 8 * LIMIT_MIB);
		if (listener_request(fd, &b)) {
			buf_reset(&script.request);
			buf_add_span(&script.request, buf_view(&b));
		} else {
			n = -1;
		}
		buf_clear(&b);
		if (n < 0)
			return;
		if (script.answer != NULL &&
		    !listener_say(fd, script.answer))
			return;
		clock_sleep_ms(clock_system(), script.pause_ms);
		if (script.rest == NULL)
			continue;
		if (script.rest[0] == '\0' || !listener_say(fd, script.rest))
			return;
	}
}

static struct listener server;
static struct http_response response;
static struct err err;
static bool sent;
static const char *variables[4];
static struct env env = { variables };
static struct trust *trust;
static bool cancel_now;
static int64_t took;

static void
play(const char *answer)
{
	script.answer = answer;
	script.rest = NULL;
	script.pause_ms = 0;
	script.answers = 0;
}

static bool
cancelled(void *state)
{
	(void)state;
	return cancel_now;
}

static struct http_curl *
new_curl(struct log *log)
{
	struct http_curl_settings settings = { &env, trust, log, "tc/1",
	    cancelled, NULL };
	struct err e = { 0 };

	return http_curl_new(&settings, &e);
}

static const char *
url(const char *path)
{
	static char text[256];

	snprintf(text, sizeof text, "http://127.0.0.1:%u%s", server.port,
	    path);
	return text;
}

static enum http_fault
send_with(struct http_curl *c, struct http_request *request)
{
	int64_t begin = clock_elapsed_ms(clock_system());
	enum http_fault fault;

	if (request->total_ms == 0)
		request->total_ms = 10000;
	err_clear(&err);
	fault = http_send(http_curl_transport(c), request, &response, &sent,
	    &err);
	took = clock_elapsed_ms(clock_system()) - begin;
	return fault;
}

static void
test_methods(void)
{
	static const struct http_field fields[] = {
		{ "X-One", "1" }, { "X-Empty", "" },
		{ "Content-Type", "text/x" }
	};
	struct http_request request = { .method = "GET", .max_body = 100 };
	struct http_curl *c = new_curl(NULL);
	const char *seen;

	play("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nETag: x\r\n\r\nok");
	request.url = url("/a/%7e/../b%2Fc//d?x=%2b&y=/&z");
	request.fields = fields;
	request.field_count = 2;
	is_int(send_with(c, &request), HTTP_OK, "GET");
	seen = buf_string(&script.request);
	has_str(seen, "GET /a/%7e/../b%2Fc//d?x=%2b&y=/&z HTTP/1.1\r\n",
	    "the URL goes out byte for byte");
	has_str(seen, "\r\nX-One: 1\r\n", "a field");
	has_str(seen, "\r\nX-Empty:\r\n", "an empty field");
	has_str(seen, "\r\nUser-Agent: tc/1\r\n", "our name");
	ok(strstr(seen, "Accept-Encoding") == NULL, "no Accept-Encoding");
	ok(strstr(seen, "Content-Length") == NULL, "no length for a GET");
	is_str(buf_string(&response.body), "ok", "the body");
	is_span(http_response_field(&response, "etag"), "x", "a field");
	is_int(response.connections, 1, "a new connection");
	ok(sent && response.is_final, "sent, final");

	request.method = "PUT";
	request.has_body = true;
	request.body = span_of("hello");
	is_int(send_with(c, &request), HTTP_OK, "PUT");
	seen = buf_string(&script.request);
	has_str(seen, "PUT /a/", "by that name");
	has_str(seen, "\r\nContent-Length: 5\r\n", "with its length");
	has_str(seen, "\r\n\r\nhello", "and its body");
	ok(strstr(seen, "Expect") == NULL, "and no Expect");
	ok(strstr(seen, "Content-Type") == NULL, "and no type of libcurl's");
	is_int(response.connections, 0, "on the same connection");

	play("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n");
	request.method = "HEAD";
	request.has_body = false;
	is_int(send_with(c, &request), HTTP_OK, "HEAD");
	has_str(buf_string(&script.request), "HEAD /a/", "by that name");
	is_uint(response.body.n, 0, "without a body");
	is_span(http_response_field(&response, "content-length"), "2",
	    "though with its length");

	play("HTTP/1.1 204 No\r\n\r\n");
	request.method = "DELETE";
	is_int(send_with(c, &request), HTTP_OK, "DELETE");
	seen = buf_string(&script.request);
	has_str(seen, "DELETE /a/", "by that name");
	ok(strstr(seen, "Content-") == NULL, "without a body");

	request.method = "POST";
	request.has_body = true;
	request.body = span_of("");
	request.field_count = 3;
	is_int(send_with(c, &request), HTTP_OK, "POST");
	seen = buf_string(&script.request);
	has_str(seen, "\r\nContent-Length: 0\r\n", "of nothing");
	has_str(seen, "\r\nContent-Type: text/x\r\n", "with our type");

	request.method = "GET";
	request.has_body = false;
	request.field_count = 0;
	is_int(send_with(c, &request), HTTP_OK, "GET after POST");
	has_str(buf_string(&script.request), "GET /a/", "is a GET");
	is_int(server.connections, 1, "all on one connection");
	http_curl_free(c);
}

static void
test_large_put(void)
{
	struct http_request request = { .method = "PUT", .max_body = 100,
	    .has_body = true };
	struct http_curl *c = new_curl(NULL);
	size_t n = 3 * LIMIT_MIB;
	char *p = malloc(n);

	if (p == NULL)
		return;
	memset(p, 'b', n);
	request.body = span_make(p, n);
	request.url = url("/big");
	play("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
	is_int(send_with(c, &request), HTTP_OK, "3 MiB go out");
	has_str(buf_string(&script.request), "\r\nContent-Length: 3145728\r\n",
	    "with their length");
	ok(strstr(buf_string(&script.request), "Expect") == NULL,
	    "and at once");
	ok(script.request.n > n, "all of them");
	free(p);
	http_curl_free(c);
}

static void
test_statuses(void)
{
	struct http_request request = { .method = "GET", .max_body = 4 };
	struct http_curl *c = new_curl(NULL);

	request.url = url("/");
	play("HTTP/1.1 301 Moved\r\nLocation: /other\r\n"
	    "Content-Length: 12\r\n\r\n<moved/>1234");
	is_int(send_with(c, &request), HTTP_OK, "a redirect");
	is_int(response.status, 301, "is not followed");
	is_str(buf_string(&response.body), "<moved/>1234",
	    "an error body has its own cap");
	play("HTTP/1.1 100 Continue\r\nX: 1\r\n\r\nHTTP/1.1 503 Slow\r\n"
	    "Content-Length: 0\r\nY: 2\r\n\r\n");
	is_int(send_with(c, &request), HTTP_OK, "after an interim answer");
	is_int(response.status, 503, "the final status");
	ok(http_response_field(&response, "x").p == NULL, "and fields");
	play("HTTP/1.1 304 Same\r\nETag: e\r\n\r\n");
	is_int(send_with(c, &request), HTTP_OK, "not modified");
	play("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
	    "2\r\nab\r\n2\r\ncd\r\n0\r\nX-Trailer: t\r\n\r\n");
	is_int(send_with(c, &request), HTTP_OK, "chunks");
	is_str(buf_string(&response.body), "abcd", "are joined");
	ok(http_response_field(&response, "x-trailer").p == NULL,
	    "no trailer");
	play("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n12345");
	is_int(send_with(c, &request), HTTP_LARGE, "over the cap");
	is_int(err.class, ERR_DATA, "is a data error");
	play("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
	    "5\r\nabcde\r\n0\r\n\r\n");
	is_int(send_with(c, &request), HTTP_LARGE, "unannounced, too");
	http_curl_free(c);
}

static void
test_endless_error(void)
{
	struct http_request request = { .method = "GET", .max_body = 4 };
	struct http_curl *c = new_curl(NULL);
	struct buf page;

	buf_init(&page, LIMIT_MIB);
	buf_add_string(&page, "HTTP/1.1 403 No\r\n\r\n");
	while (page.n < 200000)
		buf_add_string(&page, "<html>captive portal</html>");
	request.url = url("/");
	play(buf_string(&page));
	script.answers = 1;
	is_int(send_with(c, &request), HTTP_OK, "a page without an end");
	is_uint(response.body.n, LIMIT_ERROR_BODY, "is cut");
	buf_clear(&page);
	http_curl_free(c);
}

static int
take(void *state, const char *p, size_t n, struct err *e)
{
	struct buf *b = state;

	buf_add(b, p, n);
	return b->n > 3 ? err_set(e, ERR_DATA, "enough") : 0;
}

static void
test_sink(void)
{
	struct buf b;
	struct http_request request = { .method = "GET", .max_body = 100,
	    .sink = take, .sink_state = &b };
	struct http_curl *c = new_curl(NULL);

	buf_init(&b, 100);
	request.url = url("/");
	play("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc");
	is_int(send_with(c, &request), HTTP_OK, "into a sink");
	is_str(buf_string(&b), "abc", "all of it");
	is_uint(response.body.n, 0, "nothing in the response");
	is_int(send_with(c, &request), HTTP_SINK, "which may refuse");
	is_str(err.message, "enough", "with its own words");
	buf_clear(&b);
	http_curl_free(c);
}

static void
test_cut_off(void)
{
	struct http_request request = { .method = "GET", .max_body = 100 };
	struct http_curl *c = new_curl(NULL);

	request.url = url("/");
	play(NULL);
	script.rest = "";
	is_int(send_with(c, &request), HTTP_RESET, "closed without an answer");
	ok(sent, "but sent");
	has_str(err.message, "127.0.0.1:", "the host is named");
	play("HTTP/1.1 200 OK\r\nContent-Le");
	script.rest = "";
	is_int(send_with(c, &request), HTTP_RESET, "cut in the header");
	play("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc");
	script.rest = "";
	is_int(send_with(c, &request), HTTP_RESET, "cut in the body");
	play("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nabc");
	script.rest = "";
	is_int(send_with(c, &request), HTTP_RESET, "cut in a chunk");
	play("SSH-2.0-OpenSSH_9.2\r\n");
	script.rest = "";
	is_int(send_with(c, &request), HTTP_MALFORMED, "not HTTP");
	is_int(err.class, ERR_NETWORK, "is a network error");
	play("HTTP/1.1 200 OK\r\nbad field\r\n\r\n");
	is_int(send_with(c, &request), HTTP_MALFORMED, "not a field");
	http_curl_free(c);
}

/* A kept connection that the server has closed meanwhile. */
static void
test_dead_connection(void)
{
	struct http_request request = { .method = "GET", .max_body = 100 };
	struct http_curl *c = new_curl(NULL);

	request.url = url("/");
	play("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
	script.answers = 1;
	is_int(send_with(c, &request), HTTP_OK, "one answer");
	clock_sleep_ms(clock_system(), 50);
	is_int(send_with(c, &request), HTTP_OK, "and another");
	is_int(response.connections, 1, "on a new connection");
	http_curl_free(c);
}

static void
test_timeouts(void)
{
	struct http_request request = { .method = "GET", .max_body = 100,
	    .idle_ms = 200 };
	struct http_curl *c = new_curl(NULL);

	request.url = url("/");
	play(NULL);
	script.pause_ms = 1500;
	script.rest = "";
	is_int(send_with(c, &request), HTTP_TIMEOUT, "a silent server");
	ok(took >= 200 && took < 1400, "after idle_ms (%d)", (int)took);
	ok(sent, "which has the request");
	has_str(err.message, "200 ms", "the message says how long");

	play("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc");
	script.pause_ms = 1500;
	script.rest = "";
	is_int(send_with(c, &request), HTTP_TIMEOUT, "silent in the middle");
	ok(took >= 200 && took < 1500, "after idle_ms (%d)", (int)took);

	request.idle_ms = 5000;
	request.total_ms = 250;
	play(NULL);
	script.pause_ms = 1500;
	script.rest = "";
	is_int(send_with(c, &request), HTTP_TIMEOUT, "total_ms are over");
	ok(took >= 250 && took < 1500, "in time (%d)", (int)took);
	cancel_now = true;
	is_int(send_with(c, &request), HTTP_CANCELLED, "cancelled");
	is_int(err.class, ERR_INTERRUPTED, "is an interruption");
	cancel_now = false;
	http_curl_free(c);
}

static void
test_no_server(void)
{
	struct http_request request = { .method = "GET", .max_body = 100,
	    .connect_ms = 2000 };
	struct http_curl *c = new_curl(NULL);
	struct listener gone;
	char text[64];

	if (listener_start(&gone, serve, NULL) != 0)
		return;
	listener_stop(&gone);
	snprintf(text, sizeof text, "http://127.0.0.1:%u/", gone.port);
	request.url = text;
	is_int(send_with(c, &request), HTTP_CONNECT, "nobody listens");
	has_str(err.message, "connection refused", "is said");
	is_int(err.class, ERR_NETWORK, "a network error");
	ok(!sent, "nothing was sent");
	request.url = "http://name.invalid/";
	is_int(send_with(c, &request), HTTP_RESOLVE, "no such name");
	has_str(err.message, "name.invalid:80", "the name is told");
	ok(!sent, "nothing was sent");
	http_curl_free(c);
}

/* A kept connection is nothing for a program that is started meanwhile. */
static void
test_inheritance(void)
{
	struct http_request request = { .method = "GET", .max_body = 100 };
	struct http_curl *c = new_curl(NULL);
	int fd, ours = 0, inherited = 0;

	play("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
	request.url = url("/");
	is_int(send_with(c, &request), HTTP_OK, "a connection that is kept");
	for (fd = 3; fd < 256; fd++) {
		struct sockaddr_in peer = { 0 };
		socklen_t n = sizeof peer;

		if (getpeername(fd, (struct sockaddr *)&peer, &n) != 0 ||
		    ntohs(peer.sin_port) != server.port)
			continue;
		ours++;
		inherited += (fcntl(fd, F_GETFD) & FD_CLOEXEC) == 0;
	}
	is_int(ours, 1, "is there");
	is_int(inherited, 0, "and ends where a program begins");
	http_curl_free(c);
}

/* Who takes the connection and never speaks TLS. */
static void
serve_silence(void *state, int number, int fd)
{
	char byte;

	(void)state, (void)number;
	while (read(fd, &byte, 1) > 0)
		;
}

static void
test_no_handshake(void)
{
	struct http_request request = { .method = "GET", .max_body = 100,
	    .connect_ms = 300 };
	const struct clock *clock = clock_system();
	struct http_curl *c = new_curl(NULL);
	struct listener mute;
	char text[64];
	int64_t began;

	if (listener_start(&mute, serve_silence, NULL) != 0)
		return;
	snprintf(text, sizeof text, "https://localhost:%u/", mute.port);
	request.url = text;
	began = clock_elapsed_ms(clock);
	is_int(send_with(c, &request), HTTP_CONNECT, "no handshake");
	began = clock_elapsed_ms(clock) - began;
	ok(began >= 590, "it has as much time again as the connection: "
	    "%d ms", (int)began);
	ok(began < 5000, "and no more");
	ok(!sent, "nothing was sent");
	http_curl_free(c);
	listener_stop(&mute);
}

static void
test_refused(void)
{
	static const struct http_field bad[] = { { "X", "a\r\nY: b" } };
	static const struct http_field name[] = { { "X:Y", "a" } };
	struct http_request request = { .method = "GET", .max_body = 100 };
	struct http_curl *c = new_curl(NULL);
	int before = server.connections;

	play("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
	request.url = "https://127.0.0.1/";
	is_int(send_with(c, &request), HTTP_INTERNAL, "https to an address");
	is_int(err.class, ERR_USAGE, "is a usage error");
	has_str(err.message, "127.0.0.1:443", "naming it");
	request.url = "https://[::1]:8443/";
	is_int(send_with(c, &request), HTTP_INTERNAL, "IPv6, too");
	is_int(err.class, ERR_USAGE, "is a usage error");
	request.url = "ftp://h/";
	is_int(send_with(c, &request), HTTP_INTERNAL, "another scheme");
	is_int(err.class, ERR_USAGE, "is a usage error");
	request.url = url("/");
	request.fields = bad;
	request.field_count = 1;
	is_int(send_with(c, &request), HTTP_INTERNAL, "a smuggled field");
	request.fields = name;
	is_int(send_with(c, &request), HTTP_INTERNAL, "a smuggled name");
	is_int(server.connections, before, "none of which reached a server");
	http_curl_free(c);
}

static void
test_proxy(void)
{
	struct http_request request = { .method = "GET", .max_body = 100,
	    .url = "http://b.example.com/k?x=1" };
	char variable[64];
	struct http_curl *c = new_curl(NULL);

	snprintf(variable, sizeof variable, "http_proxy=u:pw@127.0.0.1:%u",
	    server.port);
	variables[0] = variable;
	play("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
	is_int(send_with(c, &request), HTTP_OK, "by a proxy");
	has_str(buf_string(&script.request),
	    "GET http://b.example.com/k?x=1 HTTP/1.1\r\n", "whole URL");
	has_str(buf_string(&script.request),
	    "Proxy-Authorization: Basic dTpwdw==", "with its password");
	play("HTTP/1.1 407 No\r\nContent-Length: 0\r\n\r\n");
	is_int(send_with(c, &request), HTTP_PROXY, "it may refuse");
	ok(strstr(err.message, "pw") == NULL, "no password is told");
	has_str(err.message, "407", "but the status");

	http_curl_free(c);
	c = new_curl(NULL);
	snprintf(variable, sizeof variable, "https_proxy=127.0.0.1:%u",
	    server.port);
	request.url = "https://b.example.com/";
	play("HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n");
	is_int(send_with(c, &request), HTTP_PROXY, "a tunnel is refused");
	has_str(buf_string(&script.request), "CONNECT b.example.com:443 ",
	    "that was asked for");
	has_str(err.message, "403", "with the status");
	ok(!sent, "nothing was sent to the server");

	http_curl_free(c);
	c = new_curl(NULL);
	snprintf(variable, sizeof variable, "http_proxy=127.0.0.1:1");
	request.url = url("/");
	is_int(send_with(c, &request), HTTP_CONNECT, "a proxy that is down");
	has_str(err.message, "proxy", "is blamed");
	request.no_proxy = true;
	play("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
	is_int(send_with(c, &request), HTTP_OK, "unless it is not wanted");
	request.no_proxy = false;
	variables[1] = "NO_PROXY=127.0.0.1";
	is_int(send_with(c, &request), HTTP_OK, "or excepted");
	variables[0] = variables[1] = NULL;
	http_curl_free(c);
}

static void
test_tls(void)
{
	struct http_request request = { .method = "GET", .max_body = 100 };
	struct http_curl *c = new_curl(NULL);
	char text[64];

	snprintf(text, sizeof text, "https://localhost:%u/", server.port);
	request.url = text;
	request.total_ms = 3000;
	play("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
	is_int(send_with(c, &request), HTTP_TIMEOUT,
	    "TLS to a server that waits for HTTP");
	ok(!sent, "nothing was sent");
	http_curl_free(c);
}

static void
test_trace(void)
{
	struct http_request request = { .method = "GET", .max_body = 100 };
	static const struct http_field fields[] = {
		{ "Authorization", "AWS4 s3cret" }
	};
	struct log *log;
	struct http_curl *c;
	char text[1024];
	int ends[2];
	ssize_t n;

	if (pipe(ends) != 0 || (log = log_new(ends[1], LOG_TRACE)) == NULL)
		return;
	c = new_curl(log);
	request.url = url("/k?X-Amz-Signature=abcdef");
	request.fields = fields;
	request.field_count = 1;
	play("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n"
	    "x-amz-request-id: RID\r\nx-amz-id-2: ID2\r\n\r\nok");
	is_int(send_with(c, &request), HTTP_OK, "traced");
	n = read(ends[0], text, sizeof text - 1);
	text[n > 0 ? n : 0] = '\0';
	has_str(text, "teamcache: GET http://127.0.0.1:", "the request");
	has_str(text, "X-Amz-Signature=[redacted]: 200, ", "the status");
	has_str(text, "2 bytes, new connection, x-amz-request-id RID, "
	    "x-amz-id-2 ID2\n", "the rest");
	ok(strstr(text, "s3cret") == NULL && strstr(text, "abcdef") == NULL,
	    "and no secret");
	http_curl_free(c);
	log_free(log);
	close(ends[0]);
	close(ends[1]);
}

int
main(void)
{
	int before = sandbox_descriptors();

	trust = trust_new(&env, NULL);
	buf_init(&script.request, 8 * LIMIT_MIB);
	http_response_init(&response);
	if (trust == NULL || listener_start(&server, serve, NULL) != 0)
		return 1;
	test_methods();
	test_large_put();
	test_statuses();
	test_endless_error();
	test_sink();
	test_cut_off();
	test_dead_connection();
	test_timeouts();
	test_no_server();
	test_no_handshake();
	test_inheritance();
	test_refused();
	test_proxy();
	test_tls();
	test_trace();
	listener_stop(&server);
	http_response_clear(&response);
	buf_clear(&script.request);
	trust_free(trust);
	is_int(sandbox_descriptors(), before, "no descriptor is left open");
	return done_testing();
}
