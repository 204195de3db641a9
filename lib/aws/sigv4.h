#ifndef AWS_SIGV4_H
#define AWS_SIGV4_H

#include <stddef.h>
#include <stdint.h>

#include "aws/keys.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/span.h"
#include "net/http.h"

/*
 * AWS Signature Version 4, header form (facts/sigv4.md). Pure: the time is a
 * parameter, nothing is sent.
 */
struct sigv4_request {
	const char *method;
	struct span path;	/* canonical URI, exactly as on the wire */
	struct span query;	/* canonical query, exactly as on the wire */
	const struct http_field *fields;	/* host included; any order and
						   case. Those that must not
						   be signed are passed over */
	size_t field_count;
	const char *payload_hash;	/* lower-case hex */
	const char *region;
	const char *service;
	int64_t time;			/* seconds; also in x-amz-date */
};

/*
 * The Authorization value into authorization, and where asked for the
 * canonical request (NULL: not), which doctor compares with S3's. 0, or -1
 * when out of memory.
 */
int sigv4_sign(const struct sigv4_request *request, const struct keys *keys,
    struct buf *authorization, struct buf *canonical, struct err *err);

/* The canonical query of name/value pairs: encoded, sorted, joined by '&'.
 * A NULL value gives "name=". */
struct sigv4_pair {
	const char *name;
	const char *value;
};
int sigv4_query(const struct sigv4_pair *pairs, size_t count,
    struct buf *out, struct err *err);

#endif
