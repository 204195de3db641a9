#ifndef DIAG_BUCKET_PLAN_H
#define DIAG_BUCKET_PLAN_H

#include <stddef.h>

#include "aws/bucket_config.h"
#include "aws/s3.h"
#include "base/buf.h"
#include "base/err.h"
#include "diag/bucket_facts.h"
#include "diag/check.h"
#include "diag/policy_grant.h"
#include "diag/policy_statement.h"

/*
 * What it takes to make a bucket fit: the calls that set up what is not, and
 * no others, so that a second plan is empty. Other people's lifecycle rules and
 * policy statements are kept.
 */
struct bucket_plan_request {
	struct policy_place place;
	const char *kms_key;	/* the bucket's key from now on; NULL: as it
				   is, AES256 where nothing is */
	const struct policy_grant *grants;	/* who is to be let in */
	size_t grant_count;
	struct check_selection selection;	/* of the checks: what is not
				   checked is not mended */
};

struct bucket_plan_call {
	enum bucket_config_part part;
	struct buf body;
};

struct bucket_plan {
	struct bucket_plan_call calls[BUCKET_CONFIG_PARTS];
	size_t count;
};

/*
 * facts are asked for as needed. -1 with err: nothing can be planned, for
 * instance where others' rules may not be read (ERR_DENIED): what cannot be
 * seen is not replaced. Zero-initialises plan; clear it in any case.
 */
int bucket_plan_make(const struct bucket_plan_request *request,
    struct bucket_facts *facts, struct bucket_plan *plan, struct err *err);
void bucket_plan_clear(struct bucket_plan *plan);	/* harmless twice */

/* Make the i-th call; its part of the facts is forgotten. */
int bucket_plan_apply(const struct bucket_plan *plan, size_t i,
    struct bucket_facts *facts, struct err *err);

#endif
