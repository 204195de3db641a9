#ifndef CACHE_VARIABLE_H
#define CACHE_VARIABLE_H

#include <stddef.h>

#include "base/buf.h"
#include "sys/env.h"

/*
 * The variables that are teamcache's own: each setting's (config.h), and some
 * that are no settings. Other programs' (AWS_*, CI) are not among them.
 */
#define VARIABLE_PREFIX "TEAMCACHE_"

/* The i-th name, settings first; NULL at the end. */
const char *variable_at(size_t i);

/*
 * How many variables of that prefix are set that nobody reads (misspelt ones)?
 * The first VARIABLE_TOLD are appended to out, with the name that was probably
 * meant: "'TEAMCACHE_BUCKETT' (did you mean 'TEAMCACHE_BUCKET'?), ..., and 3
 * more". Names alone, cut to LIMIT_QUOTE bytes, with '?' for what a terminal
 * would take for a command; never values. An empty one counts as unset.
 */
#define VARIABLE_TOLD 8
size_t variable_unread(const struct env *env, struct buf *out);

#endif
