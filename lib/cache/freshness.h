#ifndef CACHE_FRESHNESS_H
#define CACHE_FRESHNESS_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Design section 5, "Freshness", as pure functions. Times in seconds.
 */
#define FRESHNESS_TTL_MAX 3600			/* 60 min */
#define FRESHNESS_FINAL (30 * 86400)		/* closed, complete months */
#define FRESHNESS_ALONE 3600			/* a local copy, unvalidated */
#define FRESHNESS_FUTURE 300			/* timestamp past Last-Modified */

/* What the user and the settings accept; -1 where not given. */
struct freshness_policy {
	int64_t max_age;	/* --max-age */
	int64_t ttl_override;
};

/* What is known of an entry. */
struct freshness_facts {
	int64_t timestamp;	/* Cost Explorer's Date */
	int64_t last_modified;	/* S3's, -1 when it never was in S3 */
	int64_t ttl;		/* metadata */
	bool final;		/* entry_final */
};

struct freshness_verdict {
	bool fresh;
	int64_t age;		/* never negative; INT64_MAX when the
				   timestamp is invalid */
	int64_t accepted;
	const char *why;	/* static: "within its ttl", "older than
				   --max-age", "timestamp lies after
				   Last-Modified", ... */
};

/*
 * Judge against now: S3's Date where there is an answer, else the local
 * clock plus the skew that was seen when the copy was stored.
 */
struct freshness_verdict freshness_judge(const struct freshness_facts *facts,
    const struct freshness_policy *policy, int64_t now);

/* The accepted age alone. */
int64_t freshness_accepted(const struct freshness_facts *facts,
    const struct freshness_policy *policy);

/*
 * May a local copy answer alone: validated between 0 s and
 * min(accepted, FRESHNESS_ALONE) ago on the local clock, and fresh?
 */
bool freshness_alone(const struct freshness_facts *facts,
    const struct freshness_policy *policy, int64_t validated_at,
    int64_t skew, int64_t local_now);

/*
 * Does it satisfy --refresh (or any accepted age): was its purchase begun at
 * or after the command's start, both on the server's clock?
 */
bool freshness_since(int64_t timestamp, int64_t command_start);

/*
 * refresh_cooldown: was it made so lately (cooldown in seconds; 0 and less:
 * none) that --refresh does not buy it again? Until when: timestamp + cooldown.
 */
bool freshness_cooling(const struct freshness_facts *facts, int64_t cooldown,
    int64_t now);

#endif
