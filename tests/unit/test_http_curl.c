#include "net/http_curl.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/limits.h"
#include "curl_server.h"
#include "tap.h"

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
	ok(sent, "sent");

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

/* Time that costs nothing is that of the server: it has the request. */
static void
test_meanwhile(void)
{
	struct http_request request = { .method = "GET", .max_body = 100 };
	struct http_curl *c = new_curl(NULL);
	int i;

	request.url = url("/");
	for (i = 1; i <= 2; i++) {
		spare.times = 0;
		spare.wanted = script.requests + 1;
		play("HTTP/1.1 100 Continue\r\n\r\n");
		script.rest = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
		script.pause_ms = 50;
		is_int(send_with(c, &request), HTTP_OK, "request %d", i);
		is_int(spare.times, 1, "there is time once");
		is_int(spare.requests, spare.wanted,
		    "while the request is with the server");
	}
	spare.wanted = 0;
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
	if (!curl_begin())
		return 1;
	test_methods();
	test_large_put();
	test_statuses();
	test_endless_error();
	test_sink();
	test_meanwhile();
	test_trace();
	curl_end();
	return done_testing();
}
