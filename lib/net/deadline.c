#include "net/deadline.h"

struct deadline
deadline_start(int64_t total_ms, int64_t idle_ms, int64_t now)
{
	struct deadline d = { total_ms, idle_ms, now, now, 0, false };

	return d;
}

enum deadline_state
deadline_look(struct deadline *d, int64_t now, bool connected,
    int64_t moved, int64_t *wait_ms)
{
	int64_t left = d->total_ms - (now - d->begin);
	int64_t quiet;

	*wait_ms = 0;
	if (moved != d->moved || connected != d->connected)
		d->active = now;
	d->moved = moved;
	d->connected = connected;
	if (left <= 0)
		return DEADLINE_TOTAL;
	quiet = d->idle_ms - (now - d->active);
	if (connected && quiet <= 0)
		return DEADLINE_IDLE;
	*wait_ms = connected && quiet < left ? quiet : left;
	return DEADLINE_AHEAD;
}
