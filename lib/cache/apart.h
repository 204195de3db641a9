#ifndef CACHE_APART_H
#define CACHE_APART_H

#include <stdbool.h>

#include "aws/s3.h"
#include "base/err.h"
#include "cache/session.h"

/*
 * A session's bucket for a thread beside the session's own: a connection, a
 * context and a copy of the keys that are nobody else's. The thread uses s3
 * and call (its deadline is the thread's to set); the rest is private.
 */
struct apart {
	struct session *session;
	struct http_curl *http;
	struct call_context call;
	struct keys keys;
	struct keys_source source;
	struct s3 *s3;
	bool expired;		/* S3 wanted other keys than these */
};

/*
 * On the session's thread, once its bucket is open (session_s3). cancelled:
 * as in struct http_curl_settings. Zero-initialise; to be closed in any case,
 * before the session. -1 with err.
 */
int apart_open(struct apart *a, struct session *s,
    bool (*cancelled)(void *state), void *state, struct err *err);

/* Keys and clock as the session has them now; on its thread, before each
 * start of the other. -1 with err: there are no keys. */
int apart_refresh(struct apart *a, struct err *err);

/* What was asked counts in the session. Its thread has ended. */
void apart_close(struct apart *a);

#endif
