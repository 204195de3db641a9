#include "sys/thread.h"

#include <stddef.h>
#include <time.h>

#define STACK ((size_t)512 * 1024)

int
thread_start(pthread_t *thread, void *(*run)(void *), void *state)
{
	pthread_attr_t attributes;
	int rc = pthread_attr_init(&attributes);

	if (rc != 0)
		return rc;
	(void)pthread_attr_setstacksize(&attributes, STACK);
	rc = pthread_create(thread, &attributes, run, state);
	(void)pthread_attr_destroy(&attributes);
	return rc;
}

bool
thread_doze_init(pthread_cond_t *wake)
{
	pthread_condattr_t monotonic;
	bool ready;

	if (pthread_condattr_init(&monotonic) != 0)
		return false;
	(void)pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	ready = pthread_cond_init(wake, &monotonic) == 0;
	(void)pthread_condattr_destroy(&monotonic);
	return ready;
}

bool
thread_doze(pthread_cond_t *wake, pthread_mutex_t *mutex, const bool *stop,
    int64_t ms)
{
	struct timespec until;

	(void)clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += ms / 1000;
	until.tv_nsec += ms % 1000 * 1000000;
	if (until.tv_nsec >= 1000000000) {
		until.tv_sec++;
		until.tv_nsec -= 1000000000;
	}
	while (!*stop && pthread_cond_timedwait(wake, mutex, &until) == 0)
		;
	return *stop;
}
