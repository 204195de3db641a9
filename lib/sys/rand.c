#include "sys/rand.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/random.h>
#include <unistd.h>

/* For kernels and seccomp filters without getrandom(2). */
static int
fill_from_device(unsigned char *to, size_t n)
{
	int fd = open("/dev/urandom", O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	ssize_t got;

	if (fd < 0)
		return -1;
	while (n > 0) {
		got = read(fd, to, n);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			break;
		to += got;
		n -= (size_t)got;
	}
	if (close(fd) != 0)
		return -1;
	return n == 0 ? 0 : -1;
}

static int
system_fill(void *state, void *bytes, size_t n)
{
	unsigned char *to = bytes;
	ssize_t got;

	(void)state;
	while (n > 0) {
		got = getrandom(to, n, 0);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return fill_from_device(to, n);
		to += got;
		n -= (size_t)got;
	}
	return 0;
}

const struct rand *
rand_system(void)
{
	static const struct rand machine = { system_fill, NULL };

	return &machine;
}

int
rand_fill(const struct rand *r, void *bytes, size_t n)
{
	return r->fill(r->state, bytes, n);
}

uint64_t
rand_below(const struct rand *r, uint64_t bound)
{
	uint64_t x, spare;

	assert(bound > 0);
	/* The last, incomplete run of bound values would favour small ones. */
	spare = (UINT64_MAX % bound + 1) % bound;
	do {
		if (rand_fill(r, &x, sizeof x) != 0)
			return bound / 2;
	} while (x > UINT64_MAX - spare);
	return x % bound;
}
