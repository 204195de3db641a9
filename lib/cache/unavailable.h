#ifndef CACHE_UNAVAILABLE_H
#define CACHE_UNAVAILABLE_H

#include <stdbool.h>
#include <stdint.h>

#include "cache/key.h"
#include "cache/session.h"

/*
 * "Cost Explorer has no forecast yet" is an answer too: remembered for one
 * ttl, so that a cron job does not ask for it each time.
 */

/* Was it said less than a ttl ago? */
bool unavailable_known(struct session *s, const struct key *key, int64_t ttl);

void unavailable_remember(struct session *s, const struct key *key,
    int64_t ttl);

#endif
