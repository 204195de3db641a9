#ifndef SYS_THREAD_H
#define SYS_THREAD_H

#include <pthread.h>

/* Start a thread with room for libcurl and BearSSL: 512 KiB of stack, where
 * musl gives 128. 0, or the error's number; to be joined. */
int thread_start(pthread_t *thread, void *(*run)(void *), void *state);

#endif
