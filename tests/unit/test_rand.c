#include "sys/rand.h"

#include "tap.h"

struct script {
	uint64_t values[4];
	size_t n;
};

static int
scripted(void *state, void *bytes, size_t n)
{
	struct script *s = state;

	if (n != sizeof s->values[0] || s->n == 4)
		return -1;
	memcpy(bytes, &s->values[s->n++], n);
	return 0;
}

static int
broken(void *state, void *bytes, size_t n)
{
	(void)state, (void)bytes, (void)n;
	return -1;
}

int
main(void)
{
	struct script script = { { UINT64_MAX, 7, 3, 0 }, 0 };
	struct rand r = { scripted, &script }, none = { broken, NULL };
	unsigned char a[64] = { 0 }, b[64] = { 0 };
	bool seen[5] = { false };
	int i, hits = 0;

	is_int(rand_fill(rand_system(), a, sizeof a), 0, "bytes");
	is_int(rand_fill(rand_system(), b, sizeof b), 0, "more bytes");
	ok(memcmp(a, b, sizeof a) != 0, "are different ones");
	is_int(rand_fill(rand_system(), a, 0), 0, "none wanted, none given");
	for (i = 0; i < 1000; i++) {
		uint64_t x = rand_below(rand_system(), 5);

		if (x < 5 && !seen[x]) {
			seen[x] = true;
			hits++;
		}
	}
	is_int(hits, 5, "every value below the bound turns up");
	is_uint(rand_below(rand_system(), 1), 0, "below 1 there is only 0");
	is_uint(rand_below(&r, 10), 7, "a value of the last run is not used");
	is_uint(rand_below(&r, 8), 3, "a power of two");
	is_uint(rand_below(&none, 10), 5, "no randomness: the middle");
	is_int(rand_fill(&none, a, 1), -1, "no randomness is an error");
	return done_testing();
}
