#include "sys/thread.h"

#include <stddef.h>

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
