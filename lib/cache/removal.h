#ifndef CACHE_REMOVAL_H
#define CACHE_REMOVAL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "cache/session.h"

/* Deleting entries, here and in S3 (invalidate). */
struct removal_request {
	struct session *session;
	const char *account;
	struct month month;
	const char *const *types;	/* NULL: every type that is there */
	size_t type_count;
	bool local;
	bool remote;
	bool dry_run;
};

enum removal_fate { REMOVAL_DELETED, REMOVAL_KEPT, REMOVAL_FAILED };

/* What became of one key. */
struct removal_item {
	char *object;		/* the key in S3, also for local copies */
	bool local;		/* the copy on this machine, else S3's */
	enum removal_fate fate;
	char reason[160];	/* why it was kept */
	struct err err;		/* why it failed */
};

struct removal_result {
	struct removal_item *items;
	size_t count;
	size_t room;
};

void removal_result_clear(struct removal_result *r);

/*
 * Delete (or, dry, tell what would be). Naming a built-in type that one
 * purchase fills names all four. Each object is looked at by HEAD: one that
 * lacks x-amz-meta-schema-version: 1 is kept; deletion carries the ETag that
 * was seen where that is honoured. 0 when the work was done, whatever became
 * of single keys (see fate); -1 with err when it could not begin or go on.
 */
int removal_run(const struct removal_request *request,
    struct removal_result *out, struct err *err);

#endif
