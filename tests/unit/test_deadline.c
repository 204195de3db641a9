#include "net/deadline.h"

#include "tap.h"

int
main(void)
{
	struct deadline d = deadline_start(1000, 300, 5000);
	int64_t wait = 0;

	is_int(deadline_look(&d, 5000, false, 0, &wait), DEADLINE_AHEAD,
	    "begun");
	is_int(wait, 1000, "connecting has its own bound");
	is_int(deadline_look(&d, 5600, false, 0, &wait), DEADLINE_AHEAD,
	    "no silence before a connection");
	is_int(deadline_look(&d, 5600, true, 0, &wait), DEADLINE_AHEAD,
	    "connected");
	is_int(wait, 300, "from here silence counts");
	is_int(deadline_look(&d, 5899, true, 0, &wait), DEADLINE_AHEAD,
	    "nearly silent");
	is_int(wait, 1, "one ms more");
	is_int(deadline_look(&d, 5899, true, 1, &wait), DEADLINE_AHEAD,
	    "a byte");
	is_int(wait, 101, "the whole is nearer now");
	is_int(deadline_look(&d, 6000, true, 2, &wait), DEADLINE_TOTAL,
	    "over, bytes or not");
	d = deadline_start(1000, 300, 0);
	deadline_look(&d, 0, true, 7, &wait);
	is_int(deadline_look(&d, 300, true, 7, &wait), DEADLINE_IDLE,
	    "silent for too long");
	is_int(wait, 0, "nothing to wait for");
	return done_testing();
}
