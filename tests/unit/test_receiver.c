#include "net/receiver.h"

#include "base/limits.h"
#include "tap.h"

static struct http_response response;
static struct receiver receiver;
static struct err err;

static void
start(const struct http_request *request)
{
	err_clear(&err);
	http_response_clear(&response);
	response.body.max = request->max_body > LIMIT_ERROR_BODY ?
	    request->max_body : LIMIT_ERROR_BODY;
	receiver_init(&receiver, request, &response, &err);
}

static bool
line(const char *text)
{
	return receiver_header(&receiver, text, strlen(text));
}

static void
test_fields(void)
{
	struct http_request request = { .max_body = 100 };

	start(&request);
	ok(line("HTTP/1.1 100 Continue\r\n") && line("X: early\r\n") &&
	    line("\r\n"), "an interim answer");
	ok(line("HTTP/1.1 200 OK\r\n") && line("ETag:  \"a\"  \r\n") &&
	    line("X-Empty:\r\n") && line("x-colon: a:b\n") &&
	    line("X-Fold: one\r\n") && line("\ttwo\r\n") &&
	    line("X-CR: a\rb\r\n") && line("\r\n"), "the final one");
	is_int(response.status, 200, "its status");
	is_str(buf_string(&response.fields), "etag: \"a\"\nx-empty: \n"
	    "x-colon: a:b\nx-fold: one two\nx-cr: a b\n", "its fields");
	is_span(http_response_field(&response, "etag"), "\"a\"", "found");
	ok(http_response_field(&response, "x-empty").p != NULL, "empty");
	ok(http_response_field(&response, "x").p == NULL, "absent");
	ok(line("X-Trailer: no\r\n"), "a trailer");
	ok(line("HTTP/1.1: 500\r\n"), "one that looks like a status line");
	is_int(response.status, 200, "changes nothing");
	ok(http_response_field(&response, "x-trailer").p == NULL, "at all");
}

static void
test_malformed(void)
{
	static const char *const first[] = {
		"X: 1\r\n", " x\r\n", "HTTP/1.1\r\n", "HTTP/1.1 20\r\n",
		"HTTP/1.1 2000 x\r\n", "HTTP/1.1 abc\r\n", "HTTP/1.1 099 x\r\n",
		"HTTP/1.1 -20 x\r\n", "garbage\r\n"
	};
	static const char *const later[] = {
		"no colon\r\n", ": no name\r\n", "a b: c\r\n", " fold\r\n",
		"a\t: b\r\n", "\x01: b\r\n"
	};
	struct http_request request = { .max_body = 100 };
	char name[32];
	size_t i;

	for (i = 0; i < sizeof first / sizeof first[0]; i++) {
		start(&request);
		ok(!line(first[i]), "first line %zu", i);
		is_int(receiver.fault, HTTP_MALFORMED, "is malformed");
	}
	for (i = 0; i < sizeof later / sizeof later[0]; i++) {
		start(&request);
		line("HTTP/1.1 200 OK\r\n");
		ok(!line(later[i]), "field %zu", i);
		is_int(receiver.fault, HTTP_MALFORMED, "is malformed");
	}
	start(&request);
	line("HTTP/1.1 200 OK\r\n");
	for (i = 0; i < 1000; i++) {
		snprintf(name, sizeof name, "x-%zu: y\r\n", i);
		if (!line(name))
			break;
	}
	is_uint(i, LIMIT_HEADER_FIELDS, "a flood of fields is stopped");
	is_int(receiver.fault, HTTP_MALFORMED, "as malformed");
	start(&request);
	line("HTTP/1.1 200 OK\r\n");
	for (i = 0; i < 100; i++) {
		char big[1024];

		memset(big, 'v', sizeof big);
		big[1] = ':';
		if (!receiver_header(&receiver, big, sizeof big))
			break;
	}
	ok(i < 65, "a long header block is stopped");
	is_int(receiver.fault, HTTP_MALFORMED, "as malformed");
}

static int
count(void *state, const char *p, size_t n, struct err *e)
{
	size_t *total = state;

	(void)p;
	*total += n;
	return *total > 10 ? err_set(e, ERR_DATA, "too much") : 0;
}

static void
test_body(void)
{
	struct http_request request = { .max_body = 8 };
	static char page[LIMIT_ERROR_BODY];
	size_t total = 0;

	start(&request);
	line("HTTP/1.1 200 OK\r\n");
	line("\r\n");
	ok(receiver_body(&receiver, "1234", 4, 8) &&
	    receiver_body(&receiver, "5678", 4, 8), "up to the cap");
	is_str(buf_string(&response.body), "12345678", "kept");
	ok(!receiver_body(&receiver, "9", 1, -1), "not beyond");
	is_int(receiver.fault, HTTP_LARGE, "but too large");
	start(&request);
	line("HTTP/1.1 200 OK\r\n");
	line("\r\n");
	ok(!receiver_body(&receiver, "1", 1, 9), "announced as too large");
	is_int(receiver.fault, HTTP_LARGE, "is known at once");

	start(&request);
	line("HTTP/1.1 404 No\r\n");
	line("\r\n");
	memset(page, 'x', sizeof page);
	ok(receiver_body(&receiver, page, sizeof page, 1 << 20),
	    "an error body has a cap of its own");
	ok(!receiver_body(&receiver, page, 1, 1 << 20), "what is beyond it");
	ok(receiver.cut && receiver.fault == HTTP_OK, "is cut, not failed");
	is_uint(response.body.n, sizeof page, "at the cap");

	request.sink = count;
	request.sink_state = &total;
	request.max_body = 100;
	start(&request);
	line("HTTP/1.1 500 No\r\n");
	line("\r\n");
	receiver_body(&receiver, "abc", 3, -1);
	is_uint(total, 0, "error bodies do not go to the sink");
	is_uint(response.body.n, 3, "but to the response");
	start(&request);
	line("HTTP/1.1 206 Part\r\n");
	line("\r\n");
	ok(receiver_body(&receiver, "1234567", 7, -1), "the sink takes");
	is_uint(total, 7, "all");
	is_uint(response.body.n, 0, "and the response nothing");
	ok(!receiver_body(&receiver, "1234567", 7, -1), "until it refuses");
	is_int(receiver.fault, HTTP_SINK, "which is the fault");
	is_str(err.message, "too much", "with the sink's own words");
}

int
main(void)
{
	http_response_init(&response);
	test_fields();
	test_malformed();
	test_body();
	http_response_clear(&response);
	return done_testing();
}
