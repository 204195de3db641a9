#include "creds/turn.h"

#include <stdio.h>
#include <string.h>

#include "base/num.h"

#define WAIT_MS 30000
#define PAUSE_SECONDS 60

/* Room for a count of seconds. */
#define NUMBER_MAX 24

static bool
failed_path(const struct turn *turn, char to[sizeof turn->path + 8])
{
	int n = snprintf(to, sizeof turn->path + 8, "%s.failed", turn->path);

	return n > 0;
}

static bool
failed_lately(const struct turn *turn, int64_t now)
{
	char path[sizeof turn->path + 8];
	struct err ignored = { 0 };
	struct buf text;
	uint64_t at = 0;
	bool lately = false;

	buf_init(&text, NUMBER_MAX);
	/* A moment in the future was written by a clock that was wrong. */
	if (failed_path(turn, path) && file_root_read(turn->root, path, &text,
	    &ignored) == FILE_READ &&
	    num_parse(buf_view(&text), INT64_MAX, &at))
		lately = now >= (int64_t)at &&
		    now - (int64_t)at < PAUSE_SECONDS;
	buf_clear(&text);
	return lately;
}

bool
turn_take(struct turn *turn, const struct provider_input *input,
    const char *name)
{
	const struct chain_settings *set = input->settings;
	struct err ignored = { 0 };
	int64_t wait = WAIT_MS, left;
	int n;

	n = snprintf(turn->path, sizeof turn->path, "refresh/%s", name);
	if (set->state == NULL || set->state->fd < 0 || set->call == NULL ||
	    n < 0 || (size_t)n >= sizeof turn->path)
		return true;
	turn->root = set->state;
	left = call_left_ms(set->call);
	if (left < wait)
		wait = left > 0 ? left : 1;
	/* Who cannot lock goes on without: a second attempt is no harm. */
	(void)lock_wait(&turn->lock, turn->root, turn->path, set->call->clock,
	    wait, &ignored);
	return !failed_lately(turn, input->now);
}

void
turn_failed(const struct turn *turn, int64_t now)
{
	char path[sizeof turn->path + 8], number[NUMBER_MAX];
	struct err ignored = { 0 };
	struct span text;
	int n;

	if (turn->root == NULL || !failed_path(turn, path))
		return;
	n = snprintf(number, sizeof number, "%lld", (long long)now);
	text = span_make(number, n > 0 ? (size_t)n : 0);
	/* Without it the next one tries too soon, and no more. */
	(void)file_root_replace(turn->root, path, &text, 1, false, &ignored);
}

void
turn_end(struct turn *turn)
{
	lock_release(&turn->lock);
	turn->root = NULL;
}
