#ifndef CACHE_READTHROUGH_H
#define CACHE_READTHROUGH_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "cache/bulk.h"
#include "cache/config.h"
#include "cache/degraded.h"
#include "cache/entry.h"
#include "cache/freshness.h"
#include "cache/key.h"
#include "cache/session.h"

/* Where an entry came from; names of design section 11. */
enum readthrough_source {
	SOURCE_NONE, SOURCE_LOCAL, SOURCE_REMOTE, SOURCE_API, SOURCE_DERIVED,
	SOURCE_STALE_LOCAL, SOURCE_STALE_REMOTE
};
const char *readthrough_source_name(enum readthrough_source source);

/* What is asked for. */
struct readthrough_request {
	struct key key;		/* account may be "": it is found out */
	bool month_default;	/* may follow the server's clock, */
	int month_back;		/* so many months behind it */
	bool one_of_all;	/* --all: "no forecast yet" is no error */
	const struct config_type *definition;	/* custom type, or NULL */
	struct span request_text;	/* --request, or empty */
	struct freshness_policy policy;
	int64_t ttl;		/* written with what is bought; seconds */
	int64_t stale_if_error;	/* seconds */
	bool allow_stale;
	bool refresh;
	bool revalidate;
	bool offline;
	bool no_api;
	bool must_share;	/* --warm, fallback = fail: S3 out of reach is
				   a failure */
	bool may_be_bulk;	/* a large one may come as result->bulk */
	bool no_lease;
	int64_t lease_s;	/* its length */
	int64_t wait_ms;	/* for somebody else's purchase */
	int64_t timeout_ms;
};

struct readthrough_result {
	struct key key;
	struct buf object;	/* the key in S3 */
	enum readthrough_source source;
	bool fresh;
	int64_t age;		/* seconds, -1 unknown */
	struct buf text;	/* what the views look into */
	struct span envelope;	/* view */
	struct entry entry;	/* views */
	struct bulk bulk;	/* of a large one instead: text is empty, and
				   of envelope and data there is the length */
	bool has_data;
	char etag[132];		/* with its quotes, "" when not in S3 */
	struct degraded degraded;
	char unavailable[256];	/* why there is none, where that is no error */
	struct err err;		/* why there is none */
};

/* max: the cap on a document, in bytes. Memory that is lent to text is used
 * for an object of S3. */
void readthrough_result_init(struct readthrough_result *r, size_t max);
void readthrough_result_clear(struct readthrough_result *r);

/*
 * The read path of design section 5: local copy, S3, full-data for a derived
 * type, Cost Explorer; what was bought is stored in both. 0 when there is
 * data (or "unavailable" under one_of_all), else -1 with result->err.
 */
int readthrough_fetch(struct session *s,
    const struct readthrough_request *request,
    struct readthrough_result *result);

#endif
