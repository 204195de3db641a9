#ifndef AWS_PROFILE_ROWS_H
#define AWS_PROFILE_ROWS_H

#include <stdbool.h>
#include <stddef.h>

#include "aws/section.h"

/* Where a value stands in the shared files. */
struct profile_place {
	enum section_kind kind;
	bool credentials;	/* the file */
	const char *name;	/* of the section */
	const char *key;
	const char *sub;	/* nested key, or "" */
};

/* A value; its texts are borrowed. */
struct profile_row {
	struct profile_place place;
	const char *value;
	unsigned line;
	size_t order;		/* in the files: the later one counts */
};

/* By place, then by order: fit to be searched. */
void profile_rows_sort(struct profile_row *rows, size_t count);

/* The last row of that place among sorted ones; NULL when there is none. */
const struct profile_row *profile_rows_find(const struct profile_row *rows,
    size_t count, const struct profile_place *place);

#endif
