#ifndef CACHE_SEEK_H
#define CACHE_SEEK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "cache/degraded.h"
#include "cache/freshness.h"
#include "cache/local.h"
#include "cache/remote.h"
#include "cache/session.h"

/*
 * Looking for one key where nothing costs money: the local copy, then S3
 * (design section 5, steps 1 and 3). One seek object a key and command.
 */
enum seek_s3 {
	SEEK_S3_UNUSED,		/* team cache off, or not asked (yet) */
	SEEK_S3_UP,		/* it answered */
	SEEK_S3_OUT		/* down, denied, no bucket: see remote.err */
};

/* What may be printed. */
enum seek_hit { SEEK_MISS, SEEK_LOCAL, SEEK_REMOTE };

/* How the seeker judges. */
struct seek_rules {
	struct freshness_policy policy;
	bool refresh;		/* only a purchase since the start will do */
	bool revalidate;	/* ask S3 even when the copy is fresh */
	bool use_remote;
	int64_t cooldown;	/* refresh_cooldown, seconds; -1: none */
	const char *request_sha256;	/* of a custom type, else NULL */
};

struct seek {
	struct session *session;
	const struct seek_rules *rules;
	struct key key;
	struct local_copy copy;
	bool has_copy;
	bool kept;		/* the copy is one in memory: session_kept */
	struct remote_entry remote;
	bool remote_final;	/* entry_final of the object */
	enum seek_s3 s3;
	enum seek_hit hit;	/* of the last look */
	bool other_question;	/* a copy or object answers another request */
	bool other_remote;	/* the object does */
	bool pushed_here;	/* a pushed copy answers another request: it
				   is not to be replaced */
	struct degraded *degraded;	/* the caller's */
};

void seek_init(struct seek *k, struct session *session,
    const struct seek_rules *rules, const struct key *key,
    struct degraded *degraded);
void seek_clear(struct seek *k);

/* Read (again) the local copy; SEEK_LOCAL when it may answer alone. */
enum seek_hit seek_local(struct seek *k);

/* Ask S3, once. A copy that is no longer in S3 is dropped; a newer object is
 * stored locally; one that was bought while S3 was out is offered to it. */
enum seek_hit seek_remote(struct seek *k);

/* Without S3 (off, out of reach): is the local copy within its accepted age,
 * whenever it was validated? */
enum seek_hit seek_unvalidated(struct seek *k);

/* The newest entry that is there, however old; NULL when none. *hit says
 * which, facts are what freshness needs. */
const struct entry *seek_newest(const struct seek *k, enum seek_hit *hit,
    struct freshness_facts *facts);

/* The server's clock as far as it is known here. */
int64_t seek_now(const struct seek *k);

/* The metadata's and store's facts for the freshness rules. */
struct freshness_facts seek_copy_facts(const struct seek *k);
struct freshness_facts seek_remote_facts(const struct seek *k);

/*
 * Was its purchase begun at or after the command's start, by the server's
 * clock? Never before that was heard: ours may have jumped.
 */
bool seek_new(const struct seek *k, const struct freshness_facts *facts);

/* Every period of a closed month is there and final? Looks at each one. */
bool seek_final(const struct entry *entry);

/*
 * Good enough to print? What was bought since the command began always is;
 * under --refresh nothing else is, but what refresh_cooldown holds it back
 * from (which is said): that is judged like any other.
 */
bool seek_acceptable(const struct seek *k,
    const struct freshness_facts *facts);

/* Did what lies in S3 make the key untouchable (foreign, too large, another
 * question)? */
bool seek_untouchable(const struct seek *k);

#endif
