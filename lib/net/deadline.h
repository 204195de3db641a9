#ifndef NET_DEADLINE_H
#define NET_DEADLINE_H

#include <stdbool.h>
#include <stdint.h>

/*
 * When an exchange has taken too long: a bound on the whole, and one on
 * silence once the connection stands (before that, connecting has its own).
 * Pure: the caller tells the time, in ms of one monotonic clock. A value that
 * is made by deadline_start.
 */
struct deadline {
	int64_t total_ms;
	int64_t idle_ms;
	int64_t begin;
	int64_t active;		/* when bytes were last seen to have moved */
	int64_t moved;		/* how many had, both ways */
	bool connected;
};

enum deadline_state {
	DEADLINE_AHEAD,
	DEADLINE_IDLE,		/* silence for idle_ms */
	DEADLINE_TOTAL		/* total_ms are over */
};

struct deadline deadline_start(int64_t total_ms, int64_t idle_ms,
    int64_t now);

/* Tell what is known now; *wait_ms: how long nothing can change. */
enum deadline_state deadline_look(struct deadline *d, int64_t now,
    bool connected, int64_t moved, int64_t *wait_ms);

#endif
