#ifndef CACHE_REMOVAL_H
#define CACHE_REMOVAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "cache/session.h"

/* Below this age, --older-than ends purchases under way too. */
#define REMOVAL_YOUNG 900

/* Deleting entries, here and in S3 (invalidate). */
struct removal_request {
	struct session *session;
	const char *account;
	const struct month *month;	/* NULL: every month that is there */
	const char *const *types;	/* NULL: every type that is there */
	size_t type_count;
	int64_t older_than;	/* seconds; -1: of any age */
	int64_t timeout_ms;	/* of each request with its retries */
	int jobs;		/* requests at a time, >= 1 */
	bool local;
	bool remote;
	bool purge;		/* every version of these keys in S3 */
	bool dry_run;
};

enum removal_fate { REMOVAL_DELETED, REMOVAL_KEPT, REMOVAL_FAILED };

/* What became of one key. */
struct removal_item {
	char *object;		/* the key in S3, also for local copies */
	bool local;		/* the copy on this machine, else S3's */
	enum removal_fate fate;
	size_t versions;	/* purged, delete markers too; else 0 */
	const char *reason;	/* why it was kept; static */
	struct err *err;	/* why it failed; else NULL */
};

struct removal_result {
	struct removal_item *items;
	size_t count;
	size_t room;
};

void removal_result_clear(struct removal_result *r);

/*
 * Delete (or, dry, tell what would be). Naming a built-in type that one
 * purchase fills names all four.
 *
 * In S3: the leases of the purchases first, so that one under way stores
 * nothing afterwards (design section 6), then the data. With older_than of
 * REMOVAL_YOUNG and more the leases stay: what is being bought is younger.
 * Each object is looked at by HEAD, several at a time: one that lacks
 * x-amz-meta-schema-version: 1 is kept; its age is S3's Date minus the earlier
 * of its timestamp and Last-Modified. Where conditional deletion is honoured
 * each is deleted with the ETag that was seen, else they go in batches of
 * 1,000. A purge deletes the versions and delete markers that were listed, of
 * keys whose newest version is ours. Then the copies on this machine.
 *
 * 0 when the work was done, whatever became of single keys (see fate; a lease
 * that could not be deleted is an item that failed); -1 with err when it could
 * not begin or go on: out tells what was done by then. err and the items'
 * errors are of the classes INTERNAL, USAGE, CREDENTIALS, DENIED, BUCKET,
 * NETWORK, INTERRUPTED and TERMINATED.
 */
int removal_run(const struct removal_request *request,
    struct removal_result *out, struct err *err);

#endif
