#ifndef TESTS_FAKE_AWS_H
#define TESTS_FAKE_AWS_H

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "aws/call.h"

/*
 * A scripted AWS for tests of the aws room: a transport that plays a list of
 * answers and remembers the requests, a clock that only moves when somebody
 * sleeps, randomness that is always one half, and two sets of keys.
 */
struct fake_answer {
	int status;
	const char *fields;	/* "name: value\n" lines, or NULL */
	const char *body;	/* or NULL */
	enum http_fault fault;
	bool sent;		/* of a fault */
	int64_t takes_ms;
};

struct fake_request {
	char method[8];
	char url[4096];
	char fields[8192];	/* "name: value\n" */
	char body[8192];
	bool has_body;
	bool no_proxy;
	int64_t total_ms;
	int64_t connect_ms;
	int64_t idle_ms;
};

#define FAKE_REQUESTS 16

struct fake {
	const struct fake_answer *answers;
	size_t count;
	size_t used;
	struct fake_request seen[FAKE_REQUESTS];
	int64_t wall_ms;
	int64_t elapsed_ms;
	int64_t slept_ms;
	int signal_after_sleeps;	/* raise SIGINT then; 0: never */
	int sleeps;
	struct keys keys[2];	/* at first, and once renewed */
	int gets;
	int renewals;
	bool no_keys_on_renewal;
	struct clock clock;
	struct rand rand;
	struct http_transport http;
	struct keys_source source;
	struct call_context context;
};

static inline enum http_fault
fake_send(void *state, const struct http_request *request,
    struct http_response *response, bool *sent, struct err *err)
{
	struct fake *f = state;
	const struct fake_answer *a;
	struct fake_request *seen;
	struct buf fields;
	size_t i;

	if (f->used >= f->count || f->used >= FAKE_REQUESTS) {
		f->used++;
		err_set(err, ERR_INTERNAL, "the script has ended");
		return HTTP_INTERNAL;
	}
	a = &f->answers[f->used];
	seen = &f->seen[f->used++];
	snprintf(seen->method, sizeof seen->method, "%s", request->method);
	snprintf(seen->url, sizeof seen->url, "%s", request->url);
	buf_init(&fields, sizeof seen->fields - 1);
	for (i = 0; i < request->field_count; i++)
		buf_addf(&fields, "%s: %s\n", request->fields[i].name,
		    request->fields[i].value);
	snprintf(seen->fields, sizeof seen->fields, "%s",
	    buf_string(&fields));
	buf_clear(&fields);
	snprintf(seen->body, sizeof seen->body, "%.*s",
	    (int)request->body.n, request->body.n > 0 ? request->body.p :
	    "");
	seen->has_body = request->has_body;
	seen->no_proxy = request->no_proxy;
	seen->total_ms = request->total_ms;
	seen->connect_ms = request->connect_ms;
	seen->idle_ms = request->idle_ms;
	f->elapsed_ms += a->takes_ms;
	*sent = a->fault == HTTP_OK || a->sent;
	if (a->fault != HTTP_OK) {
		if (request->sink != NULL && a->body != NULL &&
		    request->sink(request->sink_state, a->body,
		    strlen(a->body), err) != 0)
			return HTTP_SINK;
		err_set(err, ERR_NETWORK, "fault '%s'",
		    http_fault_name(a->fault));
		return a->fault;
	}
	response->status = a->status;
	if (a->fields != NULL)
		buf_add_string(&response->fields, a->fields);
	if (request->sink != NULL && a->status / 100 == 2 &&
	    a->body != NULL) {
		if (request->sink(request->sink_state, a->body,
		    strlen(a->body), err) != 0)
			return HTTP_SINK;
	} else if (a->body != NULL) {
		buf_add_string(&response->body, a->body);
	}
	return HTTP_OK;
}

static inline int64_t
fake_wall(void *state)
{
	struct fake *f = state;

	return f->wall_ms + f->elapsed_ms;
}

static inline int64_t
fake_elapsed(void *state)
{
	struct fake *f = state;

	return f->elapsed_ms;
}

static inline void
fake_sleep(void *state, int64_t milliseconds)
{
	struct fake *f = state;

	f->elapsed_ms += milliseconds;
	f->slept_ms += milliseconds;
	f->sleeps++;
	if (f->sleeps == f->signal_after_sleeps && raise(SIGINT) != 0)
		abort();
}

static inline int
fake_fill(void *state, void *bytes, size_t n)
{
	(void)state;
	memset(bytes, 0x80, n);
	return 0;
}

static inline int
fake_get(void *state, bool renew, const struct keys **keys,
    struct err *err)
{
	struct fake *f = state;

	f->gets++;
	if (renew)
		f->renewals++;
	if (renew && f->no_keys_on_renewal)
		return err_set(err, ERR_CREDENTIALS, "no keys any more");
	*keys = &f->keys[f->renewals > 0];
	return 0;
}

static inline void
fake_keys(struct keys *keys, const char *id, const char *secret,
    const char *token)
{
	struct err err = { 0 };

	snprintf(keys->access_key_id, sizeof keys->access_key_id, "%s", id);
	if (secret_set(&keys->secret_key, span_of(secret), &err) != 0 ||
	    (token != NULL &&
	    secret_set(&keys->session_token, span_of(token), &err) != 0))
		abort();
}

/* A fresh machine that plays the answers; 2026-01-02T03:04:05Z. */
static inline void
fake_begin(struct fake *f, const struct fake_answer *answers, size_t count)
{
	memset(f, 0, sizeof *f);
	f->answers = answers;
	f->count = count;
	f->wall_ms = INT64_C(1767323045) * 1000;
	fake_keys(&f->keys[0], "AKIAIOSFODNN7EXAMPLE",
	    "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", NULL);
	fake_keys(&f->keys[1], "ASIARENEWED", "another/secret", "token-2");
	f->clock = (struct clock){ fake_wall, fake_elapsed, fake_sleep, f };
	f->rand = (struct rand){ fake_fill, f };
	f->http = (struct http_transport){ fake_send, f };
	f->source = (struct keys_source){ fake_get, f };
	f->context = (struct call_context){
		.http = &f->http, .clock = &f->clock, .rand = &f->rand,
		.deadline_ms = INT64_MAX, .max_attempts = 3,
		.quota_s3 = { .tokens = RETRY_QUOTA_FULL },
		.quota_other = { .tokens = RETRY_QUOTA_FULL },
	};
}

static inline void
fake_end(struct fake *f)
{
	keys_clear(&f->keys[0]);
	keys_clear(&f->keys[1]);
}

/* The i-th request has a field line; NULL value: any value. */
static inline bool
fake_has(const struct fake *f, size_t i, const char *name,
    const char *value)
{
	struct span rest = span_of(f->seen[i].fields), line, key, text;

	while (rest.n > 0) {
		span_split(rest, '\n', &line, &rest);
		if (span_split(line, ':', &key, &text) &&
		    span_is(key, name) &&
		    (value == NULL || span_is(span_trim(text), value)))
			return true;
	}
	return false;
}

#endif
