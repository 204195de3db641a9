#include "net/http_curl.h"

#include <unistd.h>

#include "curl_server.h"
#include "tap.h"

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

/* The server says no more than that, in longer than any wait here. */
static void
play_silent(const char *answer)
{
	play(answer);
	script.pause_ms = 1500;
	script.rest = "";
}

static void
test_timeouts(void)
{
	struct http_request request = { .method = "GET", .max_body = 100,
	    .idle_ms = 200 };
	struct http_curl *c = new_curl(NULL);

	request.url = url("/");
	play_silent(NULL);
	is_int(send_with(c, &request), HTTP_TIMEOUT, "a silent server");
	ok(took >= 200 && took < 1400, "after idle_ms (%d)", (int)took);
	ok(sent, "which has the request");
	has_str(err.message, "200 ms", "the message says how long");

	play_silent("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc");
	is_int(send_with(c, &request), HTTP_TIMEOUT, "silent in the middle");
	ok(took >= 200 && took < 1500, "after idle_ms (%d)", (int)took);

	request.idle_ms = 5000;
	request.total_ms = 250;
	play_silent(NULL);
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
	spare.times = 0;
	is_int(send_with(c, &request), HTTP_CONNECT, "nobody listens");
	is_int(spare.times, 0, "no time before there is a connection");
	has_str(err.message, "connection refused", "is said");
	is_int(err.class, ERR_NETWORK, "a network error");
	ok(!sent, "nothing was sent");
	request.url = "http://name.invalid/";
	is_int(send_with(c, &request), HTTP_RESOLVE, "no such name");
	has_str(err.message, "name.invalid:80", "the name is told");
	ok(!sent, "nothing was sent");
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

int
main(void)
{
	if (!curl_begin())
		return 1;
	test_cut_off();
	test_timeouts();
	test_no_server();
	test_no_handshake();
	test_tls();
	test_refused();
	curl_end();
	return done_testing();
}
