#include "sys/interrupt.h"

#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>
#include <string.h>

/* The only globals that change: a handler has no other way to tell. */
static atomic_int count;
static atomic_int first;

_Static_assert(ATOMIC_INT_LOCK_FREE == 2, "atomic_int is used in a handler");

static void
note_signal(int number)
{
	int none = 0;

	/* first before count: who sees the count grow sees the number. */
	atomic_compare_exchange_strong(&first, &none, number);
	atomic_fetch_add(&count, 1);
}

/* The write that is over the limit fails by itself then. A handler, as a
 * program that is started would inherit an ignored signal. */
static void
pass_over(int number)
{
	(void)number;
}

int
interrupt_install(void)
{
	static const int numbers[] = { SIGINT, SIGTERM, SIGHUP };
	struct sigaction action, old;
	size_t i;

	memset(&action, 0, sizeof action);
	action.sa_handler = note_signal;
	if (sigemptyset(&action.sa_mask) != 0)
		return -1;
	for (i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
		if (sigaction(numbers[i], NULL, &old) != 0)
			return -1;
		/* What nohup or a shell's "&" ignores stays ignored. */
		if (old.sa_handler == SIG_IGN)
			continue;
		/* No SA_RESTART: a sleep must end. */
		if (sigaction(numbers[i], &action, NULL) != 0)
			return -1;
	}
	action.sa_handler = pass_over;
	return sigaction(SIGXFSZ, &action, NULL);
}

int
interrupt_count(void)
{
	return atomic_load(&count);
}

int
interrupt_signal(void)
{
	return atomic_load(&first);
}

enum err_class
interrupt_class(void)
{
	int signal = interrupt_signal();

	return signal == SIGTERM || signal == SIGHUP ? ERR_TERMINATED :
	    ERR_INTERRUPTED;
}

const char *
interrupt_word(void)
{
	return interrupt_class() == ERR_TERMINATED ? "terminated" :
	    "interrupted";
}
