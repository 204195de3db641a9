#ifndef TESTS_CURL_SERVER_H
#define TESTS_CURL_SERVER_H

#include <stdatomic.h>

#include "base/limits.h"
#include "listener.h"
#include "net/http_curl.h"
#include "sandbox.h"
#include "sys/clock.h"
#include "tap.h"

/*
 * libcurl's transport and a server of HTTP on the loopback interface that
 * plays a script. curl_begin once, curl_end at the end; play before each
 * request.
 */

/* What the server does, and what it saw. */
static struct {
	const char *answer;
	const char *rest;	/* after a pause of pause_ms */
	int pause_ms;
	int answers;		/* a connection; 0: all */
	struct buf request;
	atomic_int requests;	/* so far */
} script;

static inline void
serve(void *state, int number, int fd)
{
	struct buf b;
	int n;

	(void)state, (void)number;
	for (n = 0; script.answers == 0 || n < script.answers; n++) {
		/* Shown only when whole: the test looks after the answer. */
		buf_init(&b, 8 * LIMIT_MIB);
		if (listener_request(fd, &b)) {
			buf_reset(&script.request);
			buf_add_span(&script.request, buf_view(&b));
			script.requests++;
		} else {
			n = -1;
		}
		buf_clear(&b);
		if (n < 0)
			return;
		if (script.answer != NULL &&
		    !listener_say(fd, script.answer))
			return;
		clock_sleep_ms(clock_system(), script.pause_ms);
		if (script.rest == NULL)
			continue;
		if (script.rest[0] == '\0' || !listener_say(fd, script.rest))
			return;
	}
}

static struct listener server;
static struct http_response response;
static struct err err;
static bool sent;
static const char *variables[4];
static struct env env = { variables };
static struct trust *trust;
static bool cancel_now;
static int64_t took;
static int descriptors;

static inline void
play(const char *answer)
{
	script.answer = answer;
	script.rest = NULL;
	script.pause_ms = 0;
	script.answers = 0;
}

static inline bool
cancelled(void *state)
{
	(void)state;
	return cancel_now;
}

/* How often there was time, and how many requests had come by then; the last
 * one is waited for. */
static struct {
	int times;
	int wanted;
	int requests;
} spare;

static inline void
meanwhile(void *state)
{
	int i;

	(void)state;
	spare.times++;
	for (i = 0; i < 500 && script.requests < spare.wanted; i++)
		clock_sleep_ms(clock_system(), 10);
	spare.requests = script.requests;
}

static inline struct http_curl *
new_curl(struct log *log)
{
	struct http_curl_settings settings = { &env, trust, log, "tc/1",
	    cancelled, meanwhile, NULL };
	struct err e = { 0 };

	return http_curl_new(&settings, &e);
}

static inline const char *
url(const char *path)
{
	static char text[256];

	snprintf(text, sizeof text, "http://127.0.0.1:%u%s", server.port,
	    path);
	return text;
}

static inline enum http_fault
send_with(struct http_curl *c, struct http_request *request)
{
	int64_t begin = clock_elapsed_ms(clock_system());
	enum http_fault fault;

	if (request->total_ms == 0)
		request->total_ms = 10000;
	err_clear(&err);
	fault = http_send(http_curl_transport(c), request, &response, &sent,
	    &err);
	took = clock_elapsed_ms(clock_system()) - begin;
	return fault;
}

/* Once, before all; false when there is no server. */
static inline bool
curl_begin(void)
{
	descriptors = sandbox_descriptors();
	trust = trust_new(&env, NULL);
	buf_init(&script.request, 8 * LIMIT_MIB);
	http_response_init(&response);
	return trust != NULL && listener_start(&server, serve, NULL) == 0;
}

static inline void
curl_end(void)
{
	listener_stop(&server);
	http_response_clear(&response);
	buf_clear(&script.request);
	trust_free(trust);
	is_int(sandbox_descriptors(), descriptors,
	    "no descriptor is left open");
}

#endif
