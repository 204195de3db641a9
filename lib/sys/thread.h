#ifndef SYS_THREAD_H
#define SYS_THREAD_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

/* Start a thread with room for libcurl and BearSSL: 512 KiB of stack, where
 * musl gives 128. 0, or the error's number; to be joined. */
int thread_start(pthread_t *thread, void *(*run)(void *), void *state);

/* A condition for thread_doze, to be destroyed. False: there is none. */
bool thread_doze_init(pthread_cond_t *wake);

/* Sleep for so long, or until *stop is set, both guarded by the mutex, which
 * is held, and wake is signalled. Returns *stop. */
bool thread_doze(pthread_cond_t *wake, pthread_mutex_t *mutex,
    const bool *stop, int64_t ms);

#endif
