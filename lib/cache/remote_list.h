#ifndef CACHE_REMOTE_LIST_H
#define CACHE_REMOTE_LIST_H

#include <stdint.h>

#include "aws/s3.h"
#include "base/err.h"
#include "cache/session.h"

/* An object of the list; 0 to go on, -1 with err to stop. */
typedef int remote_list_visit(void *state, const struct s3_listed *object,
    struct err *err);

/*
 * Every object of the bucket whose key begins with folder, page by page;
 * each page has its own time. -1 with err, also for a list that does not end.
 */
int remote_list(struct session *s, const char *folder, int64_t timeout_ms,
    remote_list_visit *visit, void *state, struct err *err);

#endif
