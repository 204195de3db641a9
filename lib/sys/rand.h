#ifndef SYS_RAND_H
#define SYS_RAND_H

#include <stddef.h>
#include <stdint.h>

/* Randomness as a capability: fill returns 0, or -1 when there is none. */
struct rand {
	int (*fill)(void *state, void *bytes, size_t n);
	void *state;
};

/* getrandom(2), /dev/urandom where that is missing. */
const struct rand *rand_system(void);

int rand_fill(const struct rand *r, void *bytes, size_t n);

/* Uniform in [0, bound), bound > 0; for jitter, so a failing source gives
 * bound / 2 instead of an error. */
uint64_t rand_below(const struct rand *r, uint64_t bound);

#endif
