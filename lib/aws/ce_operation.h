#ifndef AWS_CE_OPERATION_H
#define AWS_CE_OPERATION_H

#include "aws/ce_pages.h"

/*
 * The operations of Cost Explorer that only read (botocore's model of
 * 2017-10-25), as data: how their pages fit together, and what an answer
 * cannot lack.
 */
struct ce_operation {
	const char *name;
	const char *action;	/* the right that it takes: "ce:" and name */
	struct ce_pages_shape shape;
	const char *array;	/* there is this array, ... */
	const char *object;	/* or this object; NULL: nothing is asked */
};

/* NULL when there is no such operation, or it does more than read. */
const struct ce_operation *ce_operation_find(const char *name);

#endif
