#include "cmd/look.h"

#include "tap.h"

#define UTF8 "LANG=en_GB.UTF-8"
#define XTERM "TERM=xterm"

static const struct {
	const char *what;
	const char *env[6];
	const char *color;
	bool terminal;
	size_t columns;
	struct look want;
} rows[] = {
	{ "nothing is known", { NULL }, NULL, false, 0, { false, false, 0 } },
	{ "a terminal", { UTF8, XTERM }, NULL, true, 80, { true, true, 80 } },
	{ "auto", { UTF8, XTERM }, "auto", true, 80, { true, true, 80 } },
	{ "a file", { UTF8, XTERM }, NULL, false, 0, { true, false, 0 } },
	{ "a dumb one", { UTF8, "TERM=dumb" }, NULL, true, 80,
	    { false, false, 80 } },
	{ "of no name", { UTF8 }, NULL, true, 80, { true, false, 80 } },
	{ "always comes before NO_COLOR", { "TERM=xterm", "NO_COLOR=1" },
	    "always", true, 80, { false, true, 80 } },
	{ "NO_COLOR", { UTF8, XTERM, "NO_COLOR=1" }, NULL, true, 80,
	    { true, false, 80 } },
	{ "an empty NO_COLOR", { UTF8, XTERM, "NO_COLOR=" }, NULL, true, 80,
	    { true, true, 80 } },
	{ "always", { "TERM=dumb", "NO_COLOR=1" }, "always", false, 0,
	    { false, true, 0 } },
	{ "never", { UTF8, XTERM }, "never", true, 80, { true, false, 80 } },
	{ "LC_ALL before LANG", { UTF8, "LC_ALL=C" }, NULL, false, 0,
	    { false, false, 0 } },
	{ "LC_CTYPE before LANG", { "LANG=C", "LC_CTYPE=C.utf8" }, NULL,
	    false, 0, { true, false, 0 } },
	{ "an empty LC_ALL", { "LC_ALL=", UTF8 }, NULL, false, 0,
	    { true, false, 0 } },
	{ "a modifier", { "LANG=ca_ES.utf-8@valencia" }, NULL, false, 0,
	    { true, false, 0 } },
	{ "another codeset", { "LANG=de_DE.ISO-8859-1" }, NULL, false, 0,
	    { false, false, 0 } },
	{ "UTF-8 is only its beginning", { "LANG=de_DE.UTF-80" }, NULL, false,
	    0, { false, false, 0 } },
	{ "COLUMNS", { "COLUMNS=120" }, NULL, true, 80,
	    { false, false, 120 } },
	{ "COLUMNS of a file", { "COLUMNS=40" }, NULL, false, 0,
	    { false, false, 40 } },
	{ "no number", { "COLUMNS=wide" }, NULL, true, 80,
	    { false, false, 80 } },
	{ "none", { "COLUMNS=0" }, NULL, true, 80, { false, false, 80 } },
	{ "too many", { "COLUMNS=4097" }, NULL, true, 80,
	    { false, false, 80 } },
};

int
main(void)
{
	size_t i;

	for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		const struct env env = { rows[i].env };
		struct look look = look_choose(&env, rows[i].color,
		    rows[i].terminal, rows[i].columns);

		is_int(look.utf8, rows[i].want.utf8, "%s: UTF-8",
		    rows[i].what);
		is_int(look.colour, rows[i].want.colour, "%s: colour",
		    rows[i].what);
		is_uint(look.width, rows[i].want.width, "%s: width",
		    rows[i].what);
	}
	is_uint(look_columns(-1), 0, "what is no terminal has no width");
	return done_testing();
}
