#ifndef CACHE_REMOVAL_WORK_H
#define CACHE_REMOVAL_WORK_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "cache/crew.h"
#include "cache/key.h"
#include "cache/removal.h"

/* What the parts of removal share. For removal*.c only. */

enum removal_state {
	REMOVAL_NEW,		/* to be looked at */
	REMOVAL_PASSED,		/* gone by itself, or too young: not told */
	REMOVAL_CHOSEN,		/* to be deleted */
	REMOVAL_GONE,
	REMOVAL_LEFT,		/* kept, with a reason */
	REMOVAL_LOST		/* failed, with an error */
};

/* One key in S3. */
struct removal_target {
	struct key key;		/* of a lease, the type is the purchase */
	char *object;
	char *etag;		/* as HEAD saw it, or NULL */
	bool seen;		/* by HEAD: it is there */
	enum removal_state state;
	const char *reason;
	struct err *err;
	size_t first, count;	/* purge: its versions in the set */
	size_t done;		/* deleted so far: of those, or 1 */
};

struct removal_version {
	char *id;
	int64_t last_modified;
	bool latest;
	bool marker;
};

struct removal_set {
	struct removal_target *targets;
	size_t count, room;
	struct removal_version *versions;	/* of a key the newest first */
	size_t version_count, version_room;
};

struct removal_work {
	const struct removal_request *rq;
	struct crew *crew;
	struct removal_set leases;
	struct removal_set data;
	atomic_int silent;	/* keys in a row that S3 did not answer */
};

void removal_set_clear(struct removal_set *set);

/* A new target; object is copied. NULL with err: memory. */
struct removal_target *removal_set_add(struct removal_set *set,
    const struct key *key, const char *object, struct err *err);

/* One more version of the set's last target. */
int removal_set_version(struct removal_set *set,
    const struct removal_version *version, struct span id, struct err *err);

/* Targets of the same key become one with the versions of all, in the order in
 * which they were added; sorted by key. For sets of new targets. */
int removal_set_join(struct removal_set *set, struct err *err);

/* A new item, zeroed. NULL with err: memory. */
struct removal_item *removal_set_item(struct removal_result *out,
    struct err *err);

/* Does the request mean entries of that type? */
bool removal_wants(const struct removal_request *rq, const char *type);

/* The leases, by name or by listing. */
int removal_find_leases(struct removal_work *w, struct err *err);

/* Is it certain, by listing, that nothing lies at that key? */
bool removal_absent(const struct removal_work *w, const char *object);

/* The data's keys, by name where all are known, else by listing; with a purge
 * their versions too. */
int removal_find_data(struct removal_work *w, struct err *err);

/* HEAD each new target of the data: chosen, left, passed or lost. */
int removal_look(struct removal_work *w, struct err *err);

/* Delete what is chosen of a set: by ETag where that is honoured and there is
 * one, version by version for a purge. */
int removal_delete_leases(struct removal_work *w, struct err *err);
int removal_delete_data(struct removal_work *w, struct err *err);

/*
 * A request about a key has failed. Where the next one would fare the same
 * (credentials, a missing bucket, a signal, a store that has answered nothing
 * for a while) -1 with err, and nothing is recorded; else 0, and *why_lost is
 * a copy on the heap. Errors come out in the classes that removal_run names.
 */
int removal_look_failed(struct removal_work *w, const struct err *why,
    struct err **why_lost, struct err *err);

/* S3 has answered. */
void removal_look_answered(struct removal_work *w);

/* An error's class becomes one of those; harmless when there is none. */
void removal_look_settle(struct err *err);

/* The copies on this machine. */
int removal_local_run(const struct removal_request *rq,
    struct removal_result *out, struct err *err);

#endif
