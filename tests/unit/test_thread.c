#include "tap.h"

#include "sys/clock.h"
#include "sys/thread.h"

static struct sleeper {
	pthread_mutex_t mutex;
	pthread_cond_t wake;
	bool stop;
	bool told;
} sleeper = { .mutex = PTHREAD_MUTEX_INITIALIZER };

static void *
sleep_long(void *state)
{
	struct sleeper *s = state;
	char frame[256 * 1024];

	/* More than musl's usual stack holds. */
	memset(frame, 1, sizeof frame);
	pthread_mutex_lock(&s->mutex);
	s->told = thread_doze(&s->wake, &s->mutex, &s->stop,
	    60000 + frame[sizeof frame - 1] - 1);
	pthread_mutex_unlock(&s->mutex);
	return NULL;
}

static void
test_woken(void)
{
	int64_t began = clock_elapsed_ms(clock_system());
	pthread_t thread;

	is_int(thread_start(&thread, sleep_long, &sleeper), 0, "a thread");
	pthread_mutex_lock(&sleeper.mutex);
	sleeper.stop = true;
	pthread_cond_signal(&sleeper.wake);
	pthread_mutex_unlock(&sleeper.mutex);
	is_int(pthread_join(thread, NULL), 0, "it ends");
	ok(sleeper.told, "and knows why");
	ok(clock_elapsed_ms(clock_system()) - began < 30000, "at once");
}

static void
test_alone(void)
{
	int64_t began = clock_elapsed_ms(clock_system());
	bool stop = false;

	pthread_mutex_lock(&sleeper.mutex);
	ok(!thread_doze(&sleeper.wake, &sleeper.mutex, &stop, 20),
	    "nobody wakes it");
	ok(clock_elapsed_ms(clock_system()) - began >= 19, "it slept");
	stop = true;
	ok(thread_doze(&sleeper.wake, &sleeper.mutex, &stop, 60000),
	    "told before it sleeps");
	pthread_mutex_unlock(&sleeper.mutex);
}

int
main(void)
{
	ok(thread_doze_init(&sleeper.wake), "a condition");
	test_woken();
	test_alone();
	pthread_cond_destroy(&sleeper.wake);
	return done_testing();
}
