#ifndef AWS_CALL_H
#define AWS_CALL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "aws/errors.h"
#include "aws/keys.h"
#include "base/err.h"
#include "net/http.h"
#include "net/retry.h"
#include "sys/clock.h"
#include "sys/log.h"
#include "sys/rand.h"

/*
 * Requests sent, attempts included, by service; for --json and the ledger.
 */
struct call_counts {
	long s3;
	long sts;
	long ce;
	long other;
};

/*
 * How S3 has served this worker, attempts not told apart: failed when a call
 * ended with a fault of the way there, a timeout, a 5xx or throttling;
 * answered when one ended with any other answer. An interruption, or keys that
 * could not be had, is neither.
 */
struct call_health {
	bool failed;
	bool answered;
};

/*
 * What every AWS call of one worker shares. Borrowed pointers outlive it.
 * skew (server minus ours, seconds) is learnt from RequestTimeTooSkewed-class
 * answers only, and used for signing.
 */
struct call_context {
	const struct http_transport *http;
	const struct clock *clock;
	const struct rand *rand;
	struct log *log;
	int64_t deadline_ms;	/* on the elapsed clock; INT64_MAX: none */
	int max_attempts;	/* >= 1 */
	int64_t connect_ms;	/* see http_request; 0: its default */
	struct retry_quota quota_s3;
	struct retry_quota quota_other;
	int64_t skew;
	struct call_counts counts;
	struct buf *canonical;	/* gets what the last signature was made over
				   (it holds the session token); NULL: not
				   kept */
	struct call_health health;
};

/* One signed (or unsigned) request; see http_request for the borrowed
 * parts. */
struct call_request {
	enum errors_service service;
	const char *signing_name;	/* "s3", "sts", "ce"; NULL: unsigned */
	const char *region;		/* signing region */
	const char *method;
	const char *base_url;	/* "https://host[:port]", no path */
	struct span path;	/* encoded, begins with '/' */
	struct span query;	/* canonical query or empty */
	const struct http_field *fields;	/* without host, x-amz-date,
						   token, content hash */
	size_t field_count;
	struct span body;
	bool has_body;
	const char *payload_hash;	/* lower-case hex SHA-256 of body where
					   it is known already, or NULL */
	bool error_in_200;	/* a 200 may hold an S3 <Error>, which then
				   counts as a 500: all but object reads */
	size_t max_body;
	http_sink *sink;	/* once it got bytes, nothing is repeated */
	void *sink_state;
	const char *subject;	/* for errors: "cannot read 's3://b/k'" */
	const char *action;	/* for errors, as in struct err */
	int max_attempts;	/* 0: the context's; 1 for what must not be
				   repeated */
};

/* What came of it. call_reply_init once, call_reply_clear at the end; may be
 * used again. */
struct call_reply {
	struct http_response response;
	struct errors_report report;	/* valid for error answers */
	enum http_fault fault;		/* of the last attempt */
	int64_t date;		/* the server's Date, seconds; -1 unknown.
				   -1 too over plain http to a host that is no
				   loopback */
	bool ambiguous;		/* an attempt was sent and got no final answer
				   (cut off, or a 5xx): it may have taken
				   effect. The last attempt counts too */
	bool sent;		/* a request may have reached the server */
	int attempts;
};

void call_reply_init(struct call_reply *r);
void call_reply_clear(struct call_reply *r);

/*
 * keys may be NULL for unsigned requests.
 *
 * Sign, send, classify, retry within deadline and attempts, renew keys once,
 * correct the clock once. 0 for 2xx and 304 (and for the statuses that the
 * caller lists in expected, 0-terminated, may be NULL: their report is filled
 * all the same); else -1 with err set from the last answer (and the first
 * one, where it differs, in the message). Region and 307 answers are
 * returned to the caller as errors with report.action set. A signal that comes
 * in between ends it with ERR_INTERRUPTED or ERR_TERMINATED.
 */
int call_send(struct call_context *context, const struct call_request *request,
    const struct keys_source *keys, const int *expected,
    struct call_reply *reply, struct err *err);

/* Milliseconds left until the deadline, never negative. */
int64_t call_left_ms(const struct call_context *context);

#endif
