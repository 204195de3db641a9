#ifndef CMD_BATCH_H
#define CMD_BATCH_H

#include <stdbool.h>
#include <stddef.h>

#include "aws/call.h"
#include "base/err.h"
#include "base/month.h"
#include "cache/allowance.h"
#include "cache/config.h"
#include "cache/readthrough.h"
#include "cache/session.h"

/*
 * Many entries in one command: profiles x months x types, read by a bounded
 * number of workers, handed back in the order asked for. Entries that one
 * purchase fills are done one after the other by the same worker, which keeps
 * its session, and so its connections, from job to job of a profile.
 */
struct batch_profile {
	struct config *config;			/* borrowed */
	struct session_settings settings;
	struct readthrough_request request;	/* what its entries share */
};

struct batch_item {
	size_t profile;		/* index */
	struct month month;
	int back;		/* months before the one asked for */
	const char *type;
	/* set by batch_run, for visit */
	struct readthrough_result *result;
	size_t next;		/* private: the next of the same purchase */
};

struct batch {
	struct batch_profile *profiles;
	size_t profile_count;
	struct batch_item *items;
	size_t item_count;
	size_t max_object;	/* bytes */
	int workers;		/* at most; one job needs no thread */
	int64_t max_api_requests;	/* of all together; -1: no limit */
	struct call_counts counts;	/* out: of all workers */
	struct retry_quota quota_s3;	/* private: theirs together */
	struct retry_quota quota_other;
	struct gate *gate;	/* likewise */
	struct allowance allowance;
};

/*
 * Called with each entry in order, on the calling thread; 0 to go on, -1 with
 * err to stop. The result is freed afterwards.
 */
typedef int batch_visit(void *state, const struct batch_item *item,
    struct err *err);

/*
 * Run them all. After a signal no new job is begun, and entries that were not
 * read are not visited. -1 with err when visit said so, or for memory.
 */
int batch_run(struct batch *batch, batch_visit *visit, void *state,
    struct err *err);

#endif
