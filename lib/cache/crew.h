#ifndef CACHE_CREW_H
#define CACHE_CREW_H

#include <stddef.h>

#include "aws/s3.h"
#include "base/err.h"
#include "cache/session.h"

/*
 * A few hands for many small requests to the bucket: at most jobs of them,
 * the caller's own thread being one, each with a connection that it keeps.
 */
struct crew;

/*
 * One of the tasks 0 to count - 1, with the bucket's handle of that hand; each
 * task is begun with its own time. 0 to go on; -1 with err where the next task
 * would meet the same: then it has recorded nothing, for it may be called once
 * more by another hand. Called from several threads at a time.
 */
typedef int crew_task(void *state, struct s3 *s3, size_t i, struct err *err);

/* jobs >= 1; timeout_ms: the time of each task. Starts nothing yet; borrows
 * the session. NULL: no memory. */
struct crew *crew_new(struct session *session, int jobs, int64_t timeout_ms);
/* After the first signal what was sent has two seconds for its answer: for
 * writes that may not arrive when nobody knows of them any more. */
void crew_patient(struct crew *crew);

/* Counts the requests of the hands in the session. NULL is fine. */
void crew_free(struct crew *crew);

/*
 * Do all the tasks. -1 with err, the first one that came: a task said so, or a
 * signal came; tasks that were not begun by then never are.
 */
int crew_run(struct crew *crew, size_t count, crew_task *task, void *state,
    struct err *err);

#endif
