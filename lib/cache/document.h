#ifndef CACHE_DOCUMENT_H
#define CACHE_DOCUMENT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/span.h"
#include "cache/degraded.h"
#include "cache/entry.h"
#include "cache/key.h"
#include "cache/session.h"

/* Storing a document that somebody brings (push). */
struct document_request {
	struct session *session;
	struct key key;		/* account may be "": it is found out */
	bool month_default;	/* may follow the server's clock */
	struct span data;	/* JSON, checked here */
	int64_t timestamp;	/* seconds, -1: now by the server's clock */
	int64_t ttl;
	bool if_absent;
	bool if_newer;
	bool force;		/* over foreign objects and other questions */
	bool local_only;
};

struct document_result {
	struct key key;
	struct buf object;	/* the key in S3 */
	struct buf text;	/* the envelope */
	struct entry entry;	/* views into text */
	bool stored_local;
	bool stored_remote;
	char etag[132];
	struct degraded degraded;
};

void document_result_init(struct document_result *r);
void document_result_clear(struct document_result *r);

/*
 * Can a document be of that built-in type, whatever the month? 0 for every
 * other type's JSON; ERR_DATA says what is missing or wrong.
 */
int document_check(const char *type, struct span data, struct err *err);

/*
 * Store it, in S3 and then locally. 0 only when it is in S3 (or, with
 * local_only, here). ERR_NO_DATA when the condition (if_absent, if_newer) did
 * not hold; ERR_DATA for a foreign object without force.
 */
int document_push(const struct document_request *request,
    struct document_result *out, struct err *err);

#endif
