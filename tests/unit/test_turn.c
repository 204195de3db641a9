#include "creds/turn.h"

#include <unistd.h>

#include "fake_provider.h"
#include "tap.h"

static struct fake_provider f;

static void
test_alone(void)
{
	struct turn turn = TURN_INIT, other = TURN_INIT;

	ok(turn_take(&turn, &f.input, "sso-x"), "ours");
	ok(turn.lock.fd >= 0, "and locked");
	f.aws.slept_ms = 0;
	ok(turn_take(&other, &f.input, "sso-x"), "who waits in vain may too");
	is_int(f.aws.slept_ms, 30000, "after half a minute");
	turn_end(&other);
	f.aws.context.deadline_ms = f.aws.elapsed_ms + 500;
	f.aws.slept_ms = 0;
	ok(turn_take(&other, &f.input, "sso-x"), "or at the deadline");
	is_int(f.aws.slept_ms, 500, "earlier");
	f.aws.context.deadline_ms = INT64_MAX;
	turn_end(&other);
	turn_end(&turn);
	turn_end(&turn);
	ok(turn_take(&other, &f.input, "sso-x") && other.lock.fd >= 0,
	    "free again");
	turn_end(&other);
}

static void
test_failure(void)
{
	struct turn turn = TURN_INIT;
	int64_t now = f.input.now;

	ok(turn_take(&turn, &f.input, "sso-y"), "a first attempt");
	turn_failed(&turn, now);
	turn_end(&turn);
	f.input.now = now + 59;
	ok(!turn_take(&turn, &f.input, "sso-y"), "none for a minute");
	turn_end(&turn);
	ok(turn_take(&turn, &f.input, "sso-z"), "another token may");
	turn_end(&turn);
	f.input.now = now + 60;
	ok(turn_take(&turn, &f.input, "sso-y"), "then again");
	turn_end(&turn);
	f.input.now = now - 1;
	ok(turn_take(&turn, &f.input, "sso-y"),
	    "a failure in the future was another clock's");
	turn_end(&turn);
	f.input.now = now;
	fake_provider_file(&f, "state/refresh/sso-y.failed", "rubbish");
	ok(turn_take(&turn, &f.input, "sso-y"), "rubbish is no failure");
	turn_end(&turn);
}

static void
test_nowhere(void)
{
	struct file_root none = { -1, NULL };
	struct turn turn = TURN_INIT;

	f.set.state = NULL;
	ok(turn_take(&turn, &f.input, "sso-x"), "no state directory");
	turn_failed(&turn, f.input.now);
	turn_end(&turn);
	ok(turn_take(&turn, &f.input, "sso-x"), "nobody remembers");
	turn_end(&turn);
	f.set.state = &none;
	ok(turn_take(&turn, &f.input, "sso-x"), "one that is not open");
	turn_failed(&turn, f.input.now);
	turn_end(&turn);
	f.set.state = &f.state;
}

int
main(void)
{
	fake_provider_begin(&f);
	fake_provider_set(&f, NULL, NULL, NULL, 0);
	f.input = (struct provider_input){ .settings = &f.set,
	    .now = 1767323045 };
	test_alone();
	test_failure();
	test_nowhere();
	fake_provider_end(&f);
	return done_testing();
}
