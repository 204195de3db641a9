#include "aws/errors.h"

#include <stdio.h>
#include <string.h>

#include "aws/codes.h"
#include "aws/endpoint.h"
#include "codec/json.h"
#include "codec/xml.h"
#include "net/redact.h"

/* Cost Explorer's words for a month that is too long ago. */
#define HISTORY "enabled historical data"

/* Printable ASCII without blanks, cut to the room: ids, codes, URLs. */
static void
copy_plain(char *to, size_t room, struct span from)
{
	size_t i, n = from.n < room ? from.n : room - 1;

	for (i = 0; i < n; i++)
		to[i] = from.p[i] > 0x20 && from.p[i] < 0x7f ?
		    from.p[i] : '?';
	to[n] = '\0';
}

static bool
contains(const char *text, const char *part)
{
	size_t n = strlen(part);

	for (; *text != '\0'; text++)
		if (strlen(text) >= n &&
		    span_is_nocase(span_make(text, n), part))
			return true;
	return false;
}

static void
read_message(struct errors_report *report, struct span text)
{
	struct buf clean;
	size_t n;

	text = span_trim(text);
	buf_init(&clean, 4 * sizeof report->message);
	redact_text(text, sizeof report->message - 4, &clean);
	n = clean.n < sizeof report->message ? clean.n :
	    sizeof report->message - 1;
	if (n > 0)
		memcpy(report->message, clean.p, n);
	report->message[n] = '\0';
	buf_clear(&clean);
}

/* "namespace#Code:uri" is Code. */
static void
read_code(struct errors_report *report, struct span text)
{
	struct span head, rest;

	text = span_trim(text);
	if (span_split(text, '#', &head, &rest))
		text = rest;
	span_split(text, ':', &head, &rest);
	copy_plain(report->code, sizeof report->code, head);
}

/*
 * S3: <Error>; STS and IAM: <ErrorResponse><Error>, which the older query
 * services and some emulators wrap once more in <Errors>. True when it is one.
 */
static bool
read_xml(struct span body, struct errors_report *report, char *region,
    size_t room)
{
	struct xml x = { 0 };
	struct err ignored = { 0 };
	const struct xml_node *error = NULL;
	struct span id;

	if (xml_parse(&x, body, &ignored) != 0)
		return false;
	if (strcmp(x.root->name, "Error") == 0)
		error = x.root;
	else if (strcmp(x.root->name, "ErrorResponse") == 0)
		error = xml_child(x.root, "Error");
	if (error == NULL)
		error = xml_find(x.root, "Errors/Error");
	if (error != NULL) {
		read_code(report, xml_text(error, "Code"));
		read_message(report, xml_text(error, "Message"));
		copy_plain(region, room, xml_text(error, "Region"));
		id = xml_text(error, "RequestId");
		if (id.n == 0)
			id = xml_text(x.root, "RequestId");
		copy_plain(report->request_id, sizeof report->request_id,
		    id);
		copy_plain(report->host_id, sizeof report->host_id,
		    xml_text(error, "HostId"));
	}
	xml_clear(&x);
	return error != NULL && report->code[0] != '\0';
}

static bool
read_member(const struct json *j, const char *name, struct buf *out)
{
	buf_reset(out);
	return json_string(j, json_member(j, 0, name), out) && out->n > 0;
}

/* AWS JSON, and the OAuth errors of sign-in services. */
static bool
read_json(struct span body, struct errors_report *report)
{
	struct json j = { 0 };
	struct err ignored = { 0 };
	struct buf text;
	bool known;

	if (json_parse(&j, body, 0, &ignored) != 0)
		return false;
	buf_init(&text, body.n * 3);
	known = read_member(&j, "__type", &text) ||
	    read_member(&j, "code", &text) ||
	    read_member(&j, "error", &text);
	if (known)
		read_code(report, buf_view(&text));
	if (read_member(&j, "message", &text) ||
	    read_member(&j, "Message", &text) ||
	    read_member(&j, "error_description", &text))
		read_message(report, buf_view(&text));
	buf_clear(&text);
	json_clear(&j);
	return known;
}

/* Does any field speak AWS: x-amz-..., x-amzn-...? */
static bool
has_aws_field(const struct http_response *response)
{
	struct span rest = buf_view(&response->fields), line;

	while (rest.n > 0) {
		span_split(rest, '\n', &line, &rest);
		if (span_starts(line, "x-amz-") ||
		    span_starts(line, "x-amzn-"))
			return true;
	}
	return false;
}

static void
read_fields(const struct http_response *response,
    struct errors_report *report)
{
	struct span id = http_response_field(response, "x-amz-request-id");
	struct span value;

	if (id.n == 0)
		id = http_response_field(response, "x-amzn-requestid");
	if (id.n > 0)
		copy_plain(report->request_id, sizeof report->request_id,
		    id);
	value = http_response_field(response, "x-amz-id-2");
	if (value.n > 0)
		copy_plain(report->host_id, sizeof report->host_id, value);
	/* A cut address would be another address. */
	value = http_response_field(response, "location");
	if (value.n < sizeof report->location)
		copy_plain(report->location, sizeof report->location, value);
	value = http_response_field(response, "x-amzn-errortype");
	if (report->code[0] == '\0' && value.n > 0)
		read_code(report, value);
}

/* Header, then <Region>, then "expecting 'eu-west-1'". */
static void
read_region(const struct http_response *response,
    struct errors_report *report, const char *in_body)
{
	struct span value = http_response_field(response,
	    "x-amz-bucket-region");
	struct span rest;
	const char *at;

	if (value.n == 0)
		value = span_of(in_body);
	if (value.n == 0 &&
	    (at = strstr(report->message, "expecting '")) != NULL)
		span_split(span_of(at + strlen("expecting '")), '\'', &value,
		    &rest);
	if (value.n < sizeof report->region) {
		copy_plain(report->region, sizeof report->region, value);
		if (!endpoint_region_valid(report->region))
			report->region[0] = '\0';
	}
}

static void
judge(struct errors_report *report, enum err_class class,
    enum errors_action action, enum retry_kind retry)
{
	report->class = class;
	report->action = action;
	report->retry = retry;
}

/* Without a code that says it better. */
static void
judge_status(enum errors_service service, int status,
    struct errors_report *report)
{
	bool s3 = service == ERRORS_S3;

	if (status == 429 || status == 509)
		judge(report, ERR_NETWORK, ERRORS_RETRY, RETRY_THROTTLE);
	else if (status == 500 || status == 502 || status == 503 ||
	    status == 504 || status == 408 || status / 100 == 2)
		judge(report, ERR_NETWORK, ERRORS_RETRY, RETRY_TRANSIENT);
	else if (!report->aws)
		judge(report, ERR_NETWORK, ERRORS_FINAL, RETRY_NEVER);
	else if (s3 && status == 301)
		judge(report, ERR_BUCKET, ERRORS_REGION, RETRY_NEVER);
	else if (s3 && status == 307)
		judge(report, ERR_BUCKET, ERRORS_REDIRECT, RETRY_NEVER);
	else if (status == 401)
		judge(report, ERR_CREDENTIALS, ERRORS_FINAL, RETRY_NEVER);
	else if (status == 403)
		judge(report, ERR_DENIED, ERRORS_FINAL, RETRY_NEVER);
	else if (status == 404)
		judge(report, ERR_NO_DATA, ERRORS_FINAL, RETRY_NEVER);
	else if (status == 412)
		judge(report, ERR_DATA, ERRORS_FINAL, RETRY_NEVER);
	else if (status == 501)
		judge(report, ERR_USAGE, ERRORS_FINAL, RETRY_NEVER);
	else if (status / 100 == 4)
		judge(report, ERR_INTERNAL, ERRORS_FINAL, RETRY_NEVER);
	else
		judge(report, ERR_NETWORK, ERRORS_FINAL, RETRY_NEVER);
}

/* Where the code alone says too little. */
static void
refine(enum errors_service service, int status,
    struct errors_report *report)
{
	const char *code = report->code, *text = report->message;

	if (service == ERRORS_CE && report->class == ERR_DENIED &&
	    (contains(text, "not enabled for cost explorer") ||
	    contains(text, "linked account doesn't have access")))
		report->class = ERR_NOT_ENABLED;
	if (service == ERRORS_CE && report->class == ERR_USAGE &&
	    contains(text, HISTORY))
		report->class = ERR_NOT_ENABLED;
	if (contains(code, "InvalidIdentityToken") &&
	    contains(text, "retrieve verification key"))
		judge(report, report->class, ERRORS_RETRY, RETRY_ONCE);
	if (service != ERRORS_S3 || report->region[0] == '\0')
		return;
	/* The code, or a HEAD that brings nothing but the status. */
	if (strcmp(code, "AuthorizationHeaderMalformed") == 0 ||
	    (strcmp(code, "400") == 0 && status == 400))
		report->action = ERRORS_REGION;
}

/* For people, when the service sent no text. */
static const char *
status_words(int status)
{
	switch (status) {
	case 301:
		return "the bucket is in another region";
	case 307:
		return "the bucket is reached at another address for now";
	case 400:
		return "the request was refused";
	case 401:
		return "the credentials were refused";
	case 403:
		return "access denied";
	case 404:
		return "not found";
	case 405:
		return "the method is not allowed on this resource";
	case 409:
		return "another operation was under way";
	case 412:
		return "the object is another one than expected";
	case 429:
		return "too many requests";
	case 501:
		return "the store does not know this kind of request";
	default:
		return status >= 500 ? "the service is not available" :
		    "the request was refused";
	}
}

void
errors_read(enum errors_service service,
    const struct http_response *response, struct errors_report *report)
{
	struct span body = span_trim(buf_view(&response->body));
	const struct codes_row *row;
	char region[sizeof report->region] = "";
	bool known = false;
	int n;

	memset(report, 0, sizeof *report);
	if (span_starts(body, "<"))
		known = read_xml(body, report, region, sizeof region);
	else if (span_starts(body, "{"))
		known = read_json(body, report);
	read_fields(response, report);
	report->aws = known || has_aws_field(response);
	if (report->aws && report->code[0] == '\0') {
		n = snprintf(report->code, sizeof report->code, "%d",
		    response->status);
		if (n < 0)
			report->code[0] = '\0';
	}
	if (service == ERRORS_S3 && report->aws)
		read_region(response, report, region);
	row = report->aws ? codes_find(service, report->code) : NULL;
	if (row != NULL)
		judge(report, row->class, row->action, row->retry);
	else
		judge_status(service, response->status, report);
	refine(service, response->status, report);
	/* Whatever the code says, these statuses are worth another try. */
	if (report->action == ERRORS_FINAL && row != NULL &&
	    (response->status == 500 || response->status == 502 ||
	    response->status == 503 || response->status == 504))
		judge(report, report->class, ERRORS_RETRY, RETRY_TRANSIENT);
	if (!report->aws)
		read_message(report, span_of("the answer is not from AWS"));
	else if (report->message[0] == '\0')
		read_message(report, span_of(row != NULL ? row->words :
		    status_words(response->status)));
}

bool
errors_in_body(struct span body)
{
	struct span head, rest;

	body = span_trim(body);
	if (span_starts(body, "<?xml")) {
		span_split(body, '>', &head, &rest);
		body = span_trim(rest);
	}
	return span_starts(body, "<Error>") || span_starts(body, "<Error ");
}

/* What to do next, as far as the code alone can tell. */
static const char *
first_hint(const struct errors_report *report)
{
	if (!report->aws)
		return "a proxy, firewall or captive portal is in between: "
		    "check HTTPS_PROXY and NO_PROXY, or sign in to the "
		    "network";
	if (strcmp(report->code, "RequestTimeTooSkewed") == 0 ||
	    contains(report->message, "signature expired") ||
	    contains(report->message, "signature not yet current"))
		return "set this machine's clock";
	if (report->action == ERRORS_RENEW)
		return "sign in again, then repeat the command";
	if (report->retry == RETRY_THROTTLE)
		return "wait a little, then repeat the command";
	switch (report->class) {
	case ERR_CREDENTIALS:
		return "check which credentials are in use: -v shows where "
		    "they came from";
	case ERR_DENIED:
		return "the caller's policies, or those of the resource, do "
		    "not allow it";
	case ERR_BUCKET:
		return "check the bucket's name, region and endpoint";
	case ERR_NETWORK:
		return "the service may be disturbed; repeat the command "
		    "later";
	case ERR_NOT_ENABLED:
		if (contains(report->message, HISTORY))
			return "ask for a month of the last 14, or let the "
			    "payer enable multi-year data in the Cost "
			    "Management preferences";
		return "Cost Explorer is switched on in the payer "
		    "account's Billing console, access for IAM users and "
		    "member accounts too; data follow after about 24 hours";
	default:
		return NULL;
	}
}

int
errors_set(struct err *err, const struct errors_report *report,
    int status, const char *subject)
{
	const char *hint = first_hint(report);
	size_t n = strlen(report->message);
	int length, shown;

	if (err->class != ERR_NONE)
		return -1;
	/* AWS ends its sentences; what follows here is a parenthesis. */
	if (n > 0 && report->message[n - 1] == '.')
		n--;
	shown = (int)n;
	if (report->code[0] >= 'A')
		err_set(err, report->class, "%s: %.*s (%s, HTTP %d)",
		    subject, shown, report->message, report->code, status);
	else
		err_set(err, report->class, "%s: %.*s (HTTP %d)", subject,
		    shown, report->message, status);
	err_code(err, report->code);
	if (hint != NULL)
		err_hint(err, "%s", hint);
	length = snprintf(err->request_id, sizeof err->request_id, "%s",
	    report->request_id);
	if (length < 0)
		err->request_id[0] = '\0';
	return -1;
}
