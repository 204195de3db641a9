#ifndef AWS_PARTITION_H
#define AWS_PARTITION_H

#include <stdbool.h>

#include "base/span.h"

/*
 * AWS's partitions as data (botocore's partitions.json and endpoint rule
 * sets; facts/s3.md 7, cost-explorer.md 1). Pure.
 */
struct partition {
	const char *id;		/* "aws", as in ARNs */
	const char *prefix;	/* of its regions' names; "" for aws */
	const char *suffix;	/* of its host names */
	const char *dual;	/* the same for dual-stack hosts */
	const char *region;	/* home of Cost Explorer, and what a
				   "...-global" region stands for */
	const char *iam;	/* what stands between "iam." and the suffix */
	const char *iam_dual;
	const char *iam_region;
	const char *signin;	/* suffix of the sign-in hosts; NULL: as
				   other services */
	bool no_fips;		/* S3 says that it has none */
	bool ce_dual;		/* Cost Explorer is dual-stack always */
};

/* Of a region; unknown ones belong to aws. Never NULL. */
const struct partition *partition_of(const char *region);

/* Does the host lie under one of AWS's suffixes? */
bool partition_has_host(struct span host);

#endif
