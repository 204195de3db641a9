#include "net/http_curl.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "curl_server.h"
#include "tap.h"

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

int
main(void)
{
	if (!curl_begin())
		return 1;
	test_dead_connection();
	test_inheritance();
	test_proxy();
	curl_end();
	return done_testing();
}
