#ifndef CACHE_ALLOWANCE_H
#define CACHE_ALLOWANCE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

/*
 * How many Cost Explorer requests one command may pay for: one number that
 * all its workers take from, without a lock. Safe for threads.
 */
struct allowance {
	int64_t limit;		/* -1: none */
	_Atomic int64_t taken;
};

void allowance_init(struct allowance *a, int64_t limit);

/* Take n (>= 0), all or nothing; false: there are not so many left. NULL has
 * always enough. */
bool allowance_take(struct allowance *a, int64_t n);

/* Give n back; negative: that many more are gone, whatever the limit. */
void allowance_give(struct allowance *a, int64_t n);

/* What is left, and what was taken. INT64_MAX and 0 for NULL. */
int64_t allowance_left(const struct allowance *a);
int64_t allowance_taken(const struct allowance *a);

#endif
