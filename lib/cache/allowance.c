#include "cache/allowance.h"

#include <stddef.h>

void
allowance_init(struct allowance *a, int64_t limit)
{
	a->limit = limit;
	atomic_init(&a->taken, 0);
}

bool
allowance_take(struct allowance *a, int64_t n)
{
	int64_t taken;

	if (a == NULL)
		return true;
	taken = atomic_load(&a->taken);
	do {
		if (a->limit >= 0 && (taken > a->limit ||
		    n > a->limit - taken))
			return false;
	} while (!atomic_compare_exchange_weak(&a->taken, &taken, taken + n));
	return true;
}

void
allowance_give(struct allowance *a, int64_t n)
{
	if (a != NULL)
		(void)atomic_fetch_sub(&a->taken, n);
}

int64_t
allowance_left(const struct allowance *a)
{
	int64_t taken;

	if (a == NULL || a->limit < 0)
		return INT64_MAX;
	taken = atomic_load(&a->taken);
	return taken < a->limit ? a->limit - taken : 0;
}

int64_t
allowance_taken(const struct allowance *a)
{
	return a == NULL ? 0 : atomic_load(&a->taken);
}
