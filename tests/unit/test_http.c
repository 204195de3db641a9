#include "net/http.h"

#include "base/limits.h"
#include "tap.h"

/* A transport that looks at what it is given. */
static enum http_fault
echo(void *state, const struct http_request *request,
    struct http_response *response, bool *sent, struct err *err)
{
	int *calls = state;

	(void)err;
	is_uint(response->body.n, 0, "the body is empty at the start");
	is_uint(response->fields.n, 0, "so are the fields");
	is_int(response->status, 0, "no status yet");
	ok(!*sent, "nothing is sent yet");
	*sent = true;
	response->status = 200;
	buf_add_string(&response->fields, "a: 1\nb: 2\na: 3\n");
	buf_add_string(&response->body, request->method);
	return ++*calls == 1 ? HTTP_OK : HTTP_RESET;
}

int
main(void)
{
	int calls = 0;
	struct http_transport t = { echo, &calls };
	struct http_request request = { .method = "GET", .url = "http://h/",
	    .max_body = 8 * LIMIT_MIB, .total_ms = 1 };
	struct http_response response;
	struct err err = { 0 };
	bool sent = true;
	int i;

	http_response_init(&response);
	is_int(http_send(&t, &request, &response, &sent, &err), HTTP_OK,
	    "sent");
	ok(sent, "told so");
	is_uint(response.body.max, 8 * LIMIT_MIB, "the request's cap");
	is_str(buf_string(&response.body), "GET", "the answer");
	is_span(http_response_field(&response, "a"), "1", "the first field");
	is_span(http_response_field(&response, "b"), "2", "another");
	ok(http_response_field(&response, "c").p == NULL, "none");
	request.max_body = 0;
	is_int(http_send(&t, &request, &response, NULL, &err), HTTP_RESET,
	    "the same response again, and nobody asks what was sent");
	is_uint(response.body.max, LIMIT_ERROR_BODY,
	    "room for an error body at least");
	http_response_clear(&response);
	http_response_clear(&response);
	ok(http_response_field(&response, "a").p == NULL, "cleared");
	for (i = HTTP_OK; i <= HTTP_INTERNAL; i++)
		ok(http_fault_name((enum http_fault)i)[0] != '\0',
		    "fault %d has a name", i);
	is_str(http_fault_name(HTTP_TIMEOUT), "timeout", "timeout");
	return done_testing();
}
