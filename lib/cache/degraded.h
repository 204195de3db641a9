#ifndef CACHE_DEGRADED_H
#define CACHE_DEGRADED_H

#include <stddef.h>

#include "base/err.h"

/*
 * How the service was less than it could have been, as the words of
 * "degraded" (stable: scripts look at them), and what S3 said, for advice.
 */
struct degraded {
	const char *words[8];	/* static strings, distinct, in order */
	size_t count;
	struct err s3_err;	/* S3's first answer that degraded; class
				   ERR_NONE when none */
};

void degraded_init(struct degraded *d);

/* Add a word once. */
void degraded_add(struct degraded *d, const char *word);

/* Add a word, with what S3 answered. */
void degraded_s3(struct degraded *d, const char *word,
    const struct err *err);

#endif
