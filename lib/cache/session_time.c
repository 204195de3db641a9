#include "cache/session.h"

/* Beyond this a clock is called wrong. */
#define CLOCK_DOUBT 300

int64_t
session_now(const struct session *s)
{
	return clock_wall_seconds(s->set.clock);
}

int64_t
session_server_now(const struct session *s)
{
	if (s->command_start < 0)
		return session_now(s);
	return s->command_start +
	    (clock_elapsed_ms(s->set.clock) - s->started_ms) / 1000;
}

/*
 * --refresh asks for a purchase begun after the command's start, on the
 * server's clock: ours may be wrong by hours.
 */
void
session_saw_date(struct session *s, int64_t date)
{
	int64_t run;

	if (date < 0 || s->command_start >= 0)
		return;
	run = clock_elapsed_ms(s->set.clock) - s->started_ms;
	s->command_start = date - run / 1000;
}

bool
session_month_moved(const struct session *s, int64_t server, int back,
    struct month *month)
{
	int64_t off = server - session_now(s);
	struct month theirs;

	if (server < 0 || (off <= CLOCK_DOUBT && off >= -CLOCK_DOUBT))
		return false;
	theirs = month_add(month_of(server), -back);
	if (month_compare(theirs, *month) == 0)
		return false;
	log_step(s->set.log, "this machine's clock is %lld s off: by S3's "
	    "clock it is another month", (long long)off);
	*month = theirs;
	return true;
}
