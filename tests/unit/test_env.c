#include "sys/env.h"

#include "tap.h"

int
main(void)
{
	static const char *const list[] = {
		"HOMEX=no", "HOME=/h", "EMPTY=", "HOME=/second", "A=b=c",
		"BARE", NULL
	};
	struct env env = { list };
	struct env none = { NULL };

	is_str(env_get(&env, "HOME"), "/h", "the first one wins");
	is_str(env_get(&env, "EMPTY"), "", "set but empty");
	is_str(env_get(&env, "HOM"), NULL, "a prefix of a name is no name");
	is_str(env_get(&env, "BARE"), NULL, "an entry without '='");
	is_str(env_get(&env, "A"), "b=c", "the value goes on after '='");
	is_str(env_value(&env, "EMPTY"), NULL, "an empty value is unset");
	is_str(env_value(&env, "A"), "b=c", "a value");
	is_str(env_value(&env, "NONE"), NULL, "unset");
	is_str(env_get(&none, "HOME"), NULL, "no list");
	return done_testing();
}
