#include "aws/exchange.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "aws/sigv4.h"
#include "base/limits.h"
#include "codec/uri.h"

/* Fields that are added here: date, token, hash, host, Authorization and two
 * for AWS's retry statistics. */
#define EXCHANGE_FIELDS 7

/* A key of 1,024 bytes, all encoded, and a list's query. */
#define EXCHANGE_URL_MAX (64 * LIMIT_KIB)

/* A deadline that nobody set. */
#define EXCHANGE_DAY_MS ((int64_t)86400000)

static void
make_invocation(const struct rand *rand, char out[UUID_ROOM])
{
	unsigned char bytes[UUID_BYTES];

	out[0] = '\0';
	if (rand_fill(rand, bytes, sizeof bytes) == 0)
		uuid_format(bytes, out);
}

int
exchange_prepare(struct exchange *x, struct err *err)
{
	const struct call_request *r = x->request;
	struct uri uri;

	x->max_attempts = r->max_attempts > 0 ? r->max_attempts :
	    x->context->max_attempts;
	if (x->max_attempts < 1)
		x->max_attempts = 1;
	buf_init(&x->url, EXCHANGE_URL_MAX);
	buf_init(&x->host, EXCHANGE_URL_MAX);
	buf_init_secret(&x->authorization, LIMIT_HEADER_BLOCK);
	if (uri_parse(&uri, span_of(r->base_url), err) != 0)
		return -1;
	/* Written anew, so that the Host that is signed is the one that
	 * goes out. */
	uri_authority(&uri, &x->host);
	x->trusted_date = uri.https || uri.host_is_loopback;
	buf_addf(&x->url, "%s://", uri.https ? "https" : "http");
	buf_add_span(&x->url, buf_view(&x->host));
	buf_add_span(&x->url, r->path);
	if (r->query.n > 0) {
		buf_add_char(&x->url, '?');
		buf_add_span(&x->url, r->query);
	}
	x->fields = calloc(r->field_count + EXCHANGE_FIELDS, sizeof *x->fields);
	if (x->fields == NULL)
		return err_memory(err);
	x->payload_hash = r->payload_hash;
	if (r->signing_name != NULL && r->payload_hash == NULL) {
		hash_sha256_hex(r->body, x->own_hash);
		x->payload_hash = x->own_hash;
	}
	make_invocation(x->context->rand, x->invocation);
	if (buf_check(&x->host, "the URL", err) != 0)
		return -1;
	return buf_check(&x->url, "the URL", err);
}

static void
put_field(struct exchange *x, size_t *n, const char *name,
    const char *value)
{
	x->fields[*n].name = name;
	x->fields[*n].value = value;
	(*n)++;
}

static int
sign(struct exchange *x, size_t *n, struct err *err)
{
	const struct call_request *r = x->request;
	const struct keys *keys;
	struct sigv4_request s = { 0 };
	size_t all = *n;

	if (x->keys->get(x->keys->state, x->renew, &keys, err) != 0)
		return -1;
	x->renew = false;
	s.time = clock_wall_seconds(x->context->clock) + x->context->skew;
	date_format_basic(s.time, x->date);
	put_field(x, &all, "x-amz-date", x->date);
	if (r->service == ERRORS_S3)
		put_field(x, &all, "x-amz-content-sha256", x->payload_hash);
	if (secret_present(&keys->session_token))
		put_field(x, &all, "x-amz-security-token",
		    secret_reveal(&keys->session_token).p);
	*n = all;
	/* Host is signed, but sent by the transport. */
	put_field(x, &all, "host", buf_string(&x->host));
	s.method = r->method;
	s.path = r->path;
	s.query = r->query;
	s.fields = x->fields;
	s.field_count = all;
	s.payload_hash = x->payload_hash;
	s.region = r->region;
	s.service = r->signing_name;
	buf_reset(&x->authorization);
	if (x->context->canonical != NULL)
		buf_reset(x->context->canonical);
	if (sigv4_sign(&s, keys, &x->authorization, x->context->canonical,
	    err) != 0)
		return -1;
	put_field(x, n, "authorization", buf_string(&x->authorization));
	return 0;
}

/* All fields of one attempt; signed anew each time. */
static int
make_fields(struct exchange *x, size_t *n, struct err *err)
{
	const struct call_request *r = x->request;
	int length;

	*n = r->field_count;
	if (*n > 0)
		memcpy(x->fields, r->fields, *n * sizeof *r->fields);
	if (r->signing_name != NULL && sign(x, n, err) != 0)
		return -1;
	if (x->invocation[0] == '\0')
		return 0;
	length = snprintf(x->retries, sizeof x->retries,
	    "attempt=%d; max=%d", x->reply->attempts + 1, x->max_attempts);
	if (length < 0)
		return 0;
	put_field(x, n, "amz-sdk-invocation-id", x->invocation);
	put_field(x, n, "amz-sdk-request", x->retries);
	return 0;
}

static void
count_request(struct call_counts *counts, enum errors_service service)
{
	switch (service) {
	case ERRORS_S3:
		counts->s3++;
		break;
	case ERRORS_STS:
		counts->sts++;
		break;
	case ERRORS_CE:
		counts->ce++;
		break;
	default:
		counts->other++;
		break;
	}
}

/* A body that went on to the sink in part cannot be taken back. */
static int
watch_sink(void *state, const char *p, size_t n, struct err *err)
{
	struct exchange *x = state;

	x->delivered = true;
	return x->request->sink(x->request->sink_state, p, n, err);
}

static void
note_date(struct exchange *x)
{
	struct span text = http_response_field(&x->reply->response, "date");

	x->reply->date = -1;
	if (x->trusted_date && !date_parse_http(text, &x->reply->date))
		x->reply->date = -1;
}

int
exchange_send(struct exchange *x, int64_t left, struct err *err)
{
	const struct call_request *r = x->request;
	struct call_reply *reply = x->reply;
	struct http_request h = { 0 };
	bool sent = false;
	int64_t now_left;

	if (make_fields(x, &h.field_count, err) != 0)
		return -1;
	/* The keys may have taken requests of their own. */
	now_left = call_left_ms(x->context);
	if (now_left < left)
		left = now_left > 0 ? now_left : 1;
	h.method = r->method;
	h.url = buf_string(&x->url);
	h.fields = x->fields;
	h.body = r->body;
	h.has_body = r->has_body;
	h.max_body = r->max_body;
	h.connect_ms = x->context->connect_ms;
	h.total_ms = left < EXCHANGE_DAY_MS ? left : EXCHANGE_DAY_MS;
	if (r->sink != NULL) {
		h.sink = watch_sink;
		h.sink_state = x;
	}
	err_clear(&x->attempt);
	reply->fault = http_send(x->context->http, &h, &reply->response,
	    &sent, &x->attempt);
	reply->attempts++;
	if (sent || reply->fault == HTTP_OK) {
		reply->sent = true;
		count_request(&x->context->counts, r->service);
	}
	if (reply->fault != HTTP_OK && sent)
		reply->ambiguous = true;
	note_date(x);
	return 0;
}

void
exchange_clear(struct exchange *x)
{
	free(x->fields);
	x->fields = NULL;
	buf_clear(&x->url);
	buf_clear(&x->host);
	buf_clear(&x->authorization);
}
