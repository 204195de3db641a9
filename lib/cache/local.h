#ifndef CACHE_LOCAL_H
#define CACHE_LOCAL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "cache/bulk.h"
#include "cache/entry.h"
#include "cache/key.h"
#include "sys/clock.h"
#include "sys/env.h"
#include "sys/file.h"
#include "sys/lock.h"
#include "sys/lock_holder.h"

/*
 * The local store (design section 7): data below
 * ${TEAMCACHE_DIR:-${XDG_CACHE_HOME:-~/.cache}/teamcache}/TREE/ with a tree
 * for each endpoint + bucket + prefix. A copy is one file: a first line with
 * CRC-32 and length of all that follows ("tcl1 CRC32HEX LENGTH"), a line of
 * local facts (JSON), then the envelope. Torn or damaged files read as absent.
 */
struct local {
	struct file_root top;	/* the folder of all trees */
	struct file_root root;	/* the tree's folder; closed as long as
				   nothing has been written there */
	bool usable;
};

/* How the copy came here. */
enum local_origin {
	LOCAL_REMOTE,		/* it is, or was, in S3: it has an ETag */
	LOCAL_BOUGHT,		/* bought here, not (yet) in S3: offered to
				   it */
	LOCAL_PUSHED,		/* push --local: never offered */
	LOCAL_DERIVED		/* computed from full-data; lives and dies
				   with it */
};

/* What is kept beside the envelope. */
struct local_facts {
	char etag[132];		/* "" when the copy never was in S3 */
	int64_t last_modified;	/* -1 without ETag */
	int64_t skew;		/* server minus local clock, when stored */
	int64_t validated_at;	/* local clock */
	bool final;		/* entry_final, computed when stored */
	enum local_origin origin;
};

#define LOCAL_FIRST 64		/* the first line, with room to spare */

struct local_copy {
	struct local_facts facts;
	struct entry entry;	/* views into bytes */
	struct buf bytes;	/* the whole file, and no room beyond it */
	size_t envelope_offset;
	char first_line[LOCAL_FIRST];	/* tells this file from another; "": none
				   was read */
	bool may_be_bulk;	/* the caller takes a large one that is not
				   LOCAL_BOUGHT as its file, too: bytes are
				   empty then, and the data a length */
	struct bulk bulk;
	uint32_t crc;		/* CRC-32 of the bulk's envelope */
	size_t max;
};

/* max: a larger file reads as absent. */
void local_copy_init(struct local_copy *copy, size_t max);
/* Give memory and file back; the copy may be read into again. */
void local_copy_clear(struct local_copy *copy);

/*
 * Open (creating) the folder of all trees, and the tree that writing makes.
 * -1 with err, and not usable, when the place cannot be used (ERR_USAGE: a
 * relative TEAMCACHE_DIR, XDG_CACHE_HOME or HOME; ERR_INTERNAL otherwise: no
 * HOME, read-only, foreign owner, writable by others). endpoint, bucket and
 * prefix may be NULL, which is "". Four system calls where the tree is there.
 */
int local_open(struct local *local, const struct env *env,
    const char *endpoint, const char *bucket, const char *prefix,
    struct err *err);
void local_close(struct local *local);	/* harmless twice */

/*
 * A sound copy of that key: 1; absent, torn, of another key or schema: 0
 * (reason gets a static text or NULL); -1 with err for trouble that the user
 * should hear of (permissions, links, I/O). Four system calls. What the copy
 * held before is gone in any case.
 */
int local_read(const struct local *local, const struct key *key,
    struct local_copy *copy, const char **reason, struct err *err);

/*
 * Has the copy of that key become another one than copy holds (none, where it
 * holds none), of an entry made after that time? It is read into copy then,
 * else copy stays as it is. For who holds no lock, and is about to write.
 */
bool local_newer(const struct local *local, const struct key *key,
    int64_t timestamp, struct local_copy *copy);

/* Make the tree where it is not there yet. */
int local_make(struct local *local, struct err *err);

/* Make what a copy of that key needs, and a new store, beside the copy itself.
 * local_write does so as well: this is for when time costs nothing. */
void local_prepare(struct local *local, const struct key *key);

/* Store an envelope with its facts, atomically, 0600. crc: the envelope's
 * CRC-32 where it is known, else NULL. */
int local_write(struct local *local, const struct key *key,
    const struct local_facts *facts, struct span envelope,
    const uint32_t *crc, struct err *err);

/* The same for a large one, of which the CRC-32 is known. What is stored is
 * what it is read from then, as long as it is held. */
int local_write_bulk(struct local *local, const struct key *key,
    const struct local_facts *facts, struct bulk *bulk, uint32_t crc,
    struct err *err);

/* Remove a copy; 1 removed, 0 was not there, -1 err. */
int local_remove(const struct local *local, const struct key *key,
    struct err *err);

/* The purchase's lock on this machine; see sys/lock.h. *waited: somebody had
 * it. */
enum lock_result local_lock(struct local *local, const struct key *key,
    const char *purchase, const struct clock *clock, int64_t wait_ms,
    struct lock *lock, bool *waited, struct err *err);

/* The locks that somebody holds now, each with the path of its file; holder
 * NULL: it is not known who. Purchases that want one wait for him. */
typedef void local_held(void *state, const char *path,
    const struct lock_holder *holder);
int local_locks(const struct local *local, local_held *held, void *state,
    struct err *err);

/* Every copy below account (NULL: of all) and month (NULL: of all): key, size
 * of the file and when it was written. visit returns 0 to go on, -1 with err
 * to stop. Nothing is opened; what is no copy's name is passed over. */
typedef int local_visit(void *state, const struct key *key, int64_t size,
    int64_t modified, struct err *err);
int local_each(const struct local *local, const char *account,
    const struct month *month, local_visit *visit, void *state,
    struct err *err);

/*
 * Delete copies not written for max_age seconds and, oldest first, what is
 * over max_bytes in all trees; temporary files left by a kill too. To be
 * called after a write, with the machine's clock, which the files' times are
 * of; works at most once an hour (a stamp file's mtime), the first time an hour
 * after the first call. Errors are ignored: it is housekeeping. Locks stay.
 */
void local_prune(const struct local *local, int64_t now, int64_t max_age,
    int64_t max_bytes);

#endif
