#ifndef CACHE_LOCAL_FACTS_H
#define CACHE_LOCAL_FACTS_H

#include "base/buf.h"
#include "base/err.h"
#include "base/span.h"
#include "cache/local.h"

/*
 * The line of facts in a local copy's file: one JSON object. Private to local.
 */

/* Appended to out with an LF; check with buf_check. */
void local_facts_put(const struct local_facts *facts, struct buf *out);

/* A line without its LF: 1; 0 when a member is missing or of another type
 * (unknown ones are passed over); -1 with err (memory). */
int local_facts_parse(struct span line, struct local_facts *facts,
    struct err *err);

#endif
