#ifndef TESTS_LEASE_SEARCH_H
#define TESTS_LEASE_SEARCH_H

#include <stddef.h>

#include "lease_model.h"

/*
 * All that the model can do from its beginning, breadth first, so that the
 * way to something wrong is a shortest one. Each state is visited once.
 */
struct lease_search {
	const char *wrong;	/* NULL: nothing */
	size_t states;
	size_t moves;
	size_t ends;
	bool whole;		/* false: stopped at the limit, or at wrong */
	char (*trace)[MODEL_LINE];	/* the way to wrong */
	size_t traced;
};

/* 0, or -1 when out of memory. Either way clear it afterwards. */
int lease_search_run(const struct model_rules *rules, size_t limit,
    struct lease_search *out);
void lease_search_clear(struct lease_search *s);

#endif
