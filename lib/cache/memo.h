#ifndef CACHE_MEMO_H
#define CACHE_MEMO_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "sys/env.h"
#include "sys/file.h"

/*
 * Small facts worth remembering between runs, in the state directory
 * (${TEAMCACHE_STATE_DIR:-${XDG_STATE_HOME:-~/.local/state}/teamcache}),
 * one file a fact so that processes cannot lose each other's: the account of
 * an access-key id, the region of a bucket, whether a bucket's conditional
 * delete works. Nothing secret. A directory that cannot be used makes every
 * get a miss and every set a no-op.
 */
struct memo {
	struct file_root root;
	bool usable;
	struct err *fault;	/* why it is not usable; NULL: it is, or no
				   memory was left to keep that */
};

enum memo_kind {
	MEMO_ACCOUNT,		/* subject: access-key id */
	MEMO_REGION,		/* subject: endpoint LF bucket */
	MEMO_CONDITIONAL_DELETE,	/* subject: endpoint LF bucket */
	MEMO_CONDITIONS,	/* subject: endpoint LF bucket; "yes", "no" */
	MEMO_UNAVAILABLE	/* subject: tree LF key; value: until when */
};

/* -1 with err only for ERR_USAGE (a relative directory). */
int memo_open(struct memo *memo, const struct env *env, struct err *err);
/* After a failure too. */
void memo_close(struct memo *memo);

/* 0 when the directory can be used; -1 with err that says why memo_open could
 * not. */
int memo_fault(const struct memo *memo, struct err *err);

/* The value into to; false when unknown or unfit (over room, control bytes). */
bool memo_get(const struct memo *memo, enum memo_kind kind,
    const char *subject, char *to, size_t room);
void memo_set(const struct memo *memo, enum memo_kind kind,
    const char *subject, const char *value);

#endif
