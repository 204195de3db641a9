#ifndef CACHE_SURVEY_H
#define CACHE_SURVEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "cache/entry.h"
#include "cache/freshness.h"
#include "cache/key.h"
#include "cache/lease_body.h"
#include "cache/session.h"

/* What entries and leases there are, here and in S3 (status). */
struct survey_request {
	struct session *session;
	const char *account;	/* NULL: of every one */
	const struct month *month;	/* NULL: of all */
	const char *const *types;
	size_t type_count;	/* 0: all */
	bool remote;		/* S3 too */
	int64_t timeout_ms;	/* of each request with its retries */
	int jobs;		/* requests at a time, >= 1 */
};

/* One entry; what lies here and in S3 with the same ETag is one. */
struct survey_entry {
	struct key key;
	bool local, remote;	/* where it lies */
	bool known;		/* ours, and its metadata is this */
	const char *why;	/* static, where it is not known; or NULL */
	struct err *err;	/* why it could not be looked at; or NULL */
	struct entry_metadata metadata;
	struct freshness_facts facts;
	int64_t now;		/* on the clock that these go by */
	int64_t size;		/* as it lies: in S3 where it lies there */
	char etag[132];		/* "" when it never was in S3 */
};

struct survey_lease {
	struct key key;		/* its type: the purchase */
	char holder[LEASE_HOLDER_ROOM];	/* "" when not told */
	int64_t age;		/* seconds since its last renewal */
	int64_t length;		/* -1 when it cannot be read */
	int64_t renewed;	/* S3's clock */
};

struct survey {
	struct survey_entry *entries;	/* by month, the newest first, then
					   account and type */
	size_t count, room;
	struct survey_lease *leases;
	size_t lease_count, lease_room;
};

/*
 * Take it, from what is here and, with remote, from what is in S3: a list
 * request for each thousand keys, and one that reads the beginning of an
 * object for each that is not here in the same version. -1 with err when S3
 * could not be asked to the end, or for memory: what was seen until then is in
 * the survey all the same. Zero-initialise; clear in any case.
 */
int survey_take(const struct survey_request *request, struct survey *out,
    struct err *err);
void survey_clear(struct survey *s);

/* For survey*.c. A new entry, zeroed; NULL with err: memory. */
struct survey_entry *survey_add(struct survey *s, struct err *err);
/* Is that key asked for? */
bool survey_wants(const struct survey_request *rq, const struct key *key);
/* What lies in S3: into the survey, whose entries are the copies here. */
int survey_remote(const struct survey_request *rq, struct survey *s,
    struct err *err);

#endif
