/*
 * An error answer: a byte for the service, two for the status, header fields,
 * an empty line, the body. Whatever it says, the report is bounded, printable
 * and has a class.
 */
#include "fuzz.h"

#include "aws/endpoint.h"
#include "aws/errors.h"

static void
check_plain(const char *text, size_t room)
{
	const char *c;

	must(memchr(text, '\0', room) != NULL);
	for (c = text; *c != '\0'; c++)
		must(*c > 0x20 && *c < 0x7f);
}

static void
check_report(const struct errors_report *r, int status)
{
	struct err err = { 0 };
	const char *c;

	must(r->class > ERR_NONE && r->class < ERR_CLASS_COUNT);
	must(r->action <= ERRORS_RENEW && r->retry <= RETRY_ONCE);
	must((r->action == ERRORS_RETRY) == (r->retry != RETRY_NEVER));
	check_plain(r->code, sizeof r->code);
	check_plain(r->request_id, sizeof r->request_id);
	check_plain(r->host_id, sizeof r->host_id);
	check_plain(r->location, sizeof r->location);
	check_plain(r->region, sizeof r->region);
	must(r->region[0] == '\0' || endpoint_region_valid(r->region));
	must(memchr(r->message, '\0', sizeof r->message) != NULL);
	must(r->message[0] != '\0');
	for (c = r->message; *c != '\0'; c++)
		must((unsigned char)*c >= 0x20 && *c != 0x7f);
	must(errors_set(&err, r, status, "cannot read 'x'") == -1);
	fuzz_refused(&err);
	must(err.class == r->class && strcmp(err.code, r->code) == 0);
}

/* Where the empty line begins; the whole length when there is none. */
static size_t
gap(struct span text)
{
	size_t i;

	for (i = 0; i + 1 < text.n; i++)
		if (text.p[i] == '\n' && text.p[i + 1] == '\n')
			return i;
	return text.n;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const int statuses[] = { 200, 301, 307, 400, 401, 403, 404,
		405, 409, 412, 429, 500, 501, 502, 503, 504 };
	struct span text = fuzz_span(data, size), fields, body;
	struct http_response response;
	struct errors_report report;
	size_t at;

	if (size < 2)
		return 0;
	http_response_init(&response);
	response.fields.max = response.body.max = size;
	response.status = statuses[data[1] % (sizeof statuses /
	    sizeof statuses[0])];
	text = span_make(text.p + 2, text.n - 2);
	at = gap(text);
	fields = body = text;
	if (at < text.n) {
		fields.n = at + 1;
		body = span_make(text.p + at + 2, text.n - at - 2);
	} else {
		fields.n = 0;
	}
	buf_add_span(&response.fields, fields);
	buf_add_span(&response.body, body);
	errors_read((enum errors_service)(data[0] % (ERRORS_OTHER + 1)),
	    &response, &report);
	check_report(&report, response.status);
	(void)errors_in_body(body);
	http_response_clear(&response);
	return 0;
}
