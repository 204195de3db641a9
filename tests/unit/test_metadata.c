#include "creds/metadata.h"

#include "fake_aws.h"
#include "sys/interrupt.h"
#include "tap.h"

static const struct {
	const char *name;
	struct fake_answer answers[3];
	int attempts;
	int64_t deadline_ms;	/* 0: none */
	enum http_fault fault;
	int status;
	size_t requests;
	int64_t slept_ms;
} rows[] = {
	{ "an answer", { { .status = 200, .body = "x" } }, 3, 0, HTTP_OK, 200,
	    1, 0 },
	{ "a final one", { { .status = 404 } }, 3, 0, HTTP_OK, 404, 1, 0 },
	{ "again after 5xx", { { .status = 500 }, { .status = 200 } }, 3, 0,
	    HTTP_OK, 200, 2, 1000 },
	{ "and 429", { { .status = 429 }, { .status = 503 },
	    { .status = 200 } }, 3, 0, HTTP_OK, 200, 3, 2000 },
	{ "not for ever", { { .status = 500 }, { .status = 500 },
	    { .status = 503 } }, 3, 0, HTTP_OK, 503, 3, 2000 },
	{ "again after a fault", { { .fault = HTTP_TIMEOUT, .sent = true },
	    { .status = 200 } }, 3, 0, HTTP_OK, 200, 2, 1000 },
	{ "the last fault counts", { { .fault = HTTP_CONNECT },
	    { .fault = HTTP_RESET } }, 2, 0, HTTP_RESET, 0, 2, 1000 },
	{ "one attempt is one", { { .fault = HTTP_CONNECT } }, 1, 0,
	    HTTP_CONNECT, 0, 1, 0 },
	{ "a certificate stays what it is", { { .fault = HTTP_TLS } }, 3, 0,
	    HTTP_TLS, 0, 1, 0 },
	{ "not beyond the deadline", { { .status = 500, .takes_ms = 200 } }, 3,
	    1000, HTTP_OK, 500, 1, 0 },
};

static void
test_rows(void)
{
	size_t i;

	for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct metadata_request request = { .method = "GET",
		    .url = "http://169.254.170.2/x", .timeout_ms = 2000,
		    .attempts = rows[i].attempts, .pause_ms = 1000 };
		struct http_response response;
		struct err err = { 0 };
		struct fake fake;

		fake_begin(&fake, rows[i].answers, 3);
		if (rows[i].deadline_ms > 0)
			fake.context.deadline_ms = rows[i].deadline_ms;
		http_response_init(&response);
		is_int(metadata_send(&fake.context, &request, &response,
		    &err), rows[i].fault, "%s", rows[i].name);
		is_int(err.class != ERR_NONE, rows[i].fault != HTTP_OK,
		    "an error or none");
		if (rows[i].fault == HTTP_OK)
			is_int(response.status, rows[i].status, "its status");
		is_uint(fake.used, rows[i].requests, "its requests");
		is_int(fake.slept_ms, rows[i].slept_ms, "its pauses");
		ok(response.body.secret, "the body will be wiped");
		http_response_clear(&response);
		fake_end(&fake);
	}
}

static void
test_request(void)
{
	static const struct fake_answer answers[] = { { .status = 200 } };
	struct http_field field = { "x-a", "b" };
	struct metadata_request request = { .method = "PUT",
	    .url = "http://169.254.169.254/latest/api/token",
	    .fields = &field, .field_count = 1, .timeout_ms = 1000,
	    .attempts = 1 };
	struct http_response response;
	struct err err = { 0 };
	struct fake fake;

	fake_begin(&fake, answers, 1);
	fake.context.deadline_ms = 2500;
	http_response_init(&response);
	is_int(metadata_send(&fake.context, &request, &response, &err),
	    HTTP_OK, "a PUT");
	is_str(fake.seen[0].method, "PUT", "its method");
	ok(fake.seen[0].has_body && fake.seen[0].body[0] == '\0',
	    "an empty body");
	ok(fake_has(&fake, 0, "x-a", "b"), "its field");
	ok(fake.seen[0].no_proxy, "never through a proxy");
	is_int(fake.seen[0].connect_ms, 1000, "so long to connect");
	is_int(fake.seen[0].idle_ms, 1000, "and to be silent");
	is_int(fake.seen[0].total_ms, 2500, "all within the deadline");
	is_int(fake.context.counts.other, 1, "it is counted");
	fake.used = 0;
	fake.context.deadline_ms = INT64_MAX;
	is_int(metadata_send(&fake.context, &request, &response, &err),
	    HTTP_OK, "without a deadline");
	is_int(fake.seen[0].total_ms, 3000,
	    "who sends a byte now and then is not waited for either");
	http_response_clear(&response);
	fake_end(&fake);
}

static void
test_interrupt(void)
{
	static const struct fake_answer answers[] = { { .status = 500 },
	    { .status = 200 } };
	struct metadata_request request = { .method = "GET",
	    .url = "http://169.254.170.2/x", .timeout_ms = 2000,
	    .attempts = 3, .pause_ms = 1000 };
	struct http_response response;
	struct err err = { 0 };
	struct fake fake;

	is_int(interrupt_install(), 0, "handlers");
	fake_begin(&fake, answers, 2);
	fake.signal_after_sleeps = 2;
	http_response_init(&response);
	is_int(metadata_send(&fake.context, &request, &response, &err),
	    HTTP_CANCELLED, "a signal in a pause");
	is_int(err.class, ERR_INTERRUPTED, "ends it");
	is_int(fake.slept_ms, 200, "soon");
	http_response_clear(&response);
	fake_end(&fake);
}

int
main(void)
{
	test_rows();
	test_request();
	test_interrupt();
	return done_testing();
}
