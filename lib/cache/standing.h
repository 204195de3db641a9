#ifndef CACHE_STANDING_H
#define CACHE_STANDING_H

#include <stdint.h>

#include "cache/freshness.h"

/* How good an entry is by now, for people. */
enum standing_state {
	STANDING_FRESH,		/* fetch prints it */
	STANDING_STALE,		/* fetch prints it when a refresh fails */
	STANDING_VERY_STALE	/* and this one only with --allow-stale */
};

struct standing {
	enum standing_state state;
	int64_t age;		/* seconds; -1: its timestamp is invalid */
	int64_t good_until;	/* when it stops or stopped being fresh, on the
				   clock of now; -1: it never was */
};

/* now and facts as freshness_judge has them; stale_if_error in seconds. */
struct standing standing_of(const struct freshness_facts *facts,
    const struct freshness_policy *policy, int64_t stale_if_error,
    int64_t now);

/* "fresh", "stale", "very-stale" */
const char *standing_word(enum standing_state state);

#endif
