#include "creds/role_session.h"

#include "tap.h"

#define SIXTEEN "0123456789abcdef"
#define LONGEST SIXTEEN SIXTEEN SIXTEEN SIXTEEN

int
main(void)
{
	static const struct {
		const char *wanted;
		const char *name;
	} rows[] = {
		{ NULL, "teamcache-1767323045" },
		{ "me_+=,.@-0", "me_+=,.@-0" },
		{ "o'neil o'brien", "o-neil-o-brien" },
		{ "J\303\274rgen", "J--rgen" },
		{ "a", "a-" },
		{ "", "--" },
		{ LONGEST, LONGEST },
		{ LONGEST "x", LONGEST },
	};
	size_t i;

	for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		char out[ROLE_SESSION_ROOM];

		role_session_name(rows[i].wanted, 1767323045, out);
		is_str(out, rows[i].name, "session %s",
		    rows[i].wanted == NULL ? "(none)" : rows[i].wanted);
	}
	return done_testing();
}
