#include "cache/place.h"

#include <stddef.h>

static const struct {
	const char *own;	/* names the directory itself; NULL: none */
	const char *xdg;	/* names the folder of all programs */
	const char *home;	/* that folder below HOME */
	const char *what;
} places[] = {
	[PLACE_CONFIG] = { NULL, "XDG_CONFIG_HOME", "/.config", "settings" },
	[PLACE_DATA] = { "TEAMCACHE_DIR", "XDG_CACHE_HOME", "/.cache",
	    "local cache" },
	[PLACE_STATE] = { "TEAMCACHE_STATE_DIR", "XDG_STATE_HOME",
	    "/.local/state", "state" },
};

/* 1: the variable's path was appended; 0: it is unset; -1 err. */
static int
add_variable(const struct env *env, const char *name, struct buf *out,
    struct err *err)
{
	const char *value = name == NULL ? NULL : env_value(env, name);

	if (value == NULL)
		return 0;
	if (value[0] != '/') {
		err_set(err, ERR_USAGE, "%s='%s' is not an absolute path",
		    name, value);
		err_hint(err, "set %s to a path that begins with '/'", name);
		return -1;
	}
	buf_add_string(out, value);
	return 1;
}

enum place_found
place_find(enum place place, const struct env *env, struct buf *out,
    struct err *err)
{
	int found = add_variable(env, places[place].own, out, err);

	if (found == 0) {
		found = add_variable(env, places[place].xdg, out, err);
		if (found == 0) {
			found = add_variable(env, "HOME", out, err);
			if (found > 0)
				buf_add_string(out, places[place].home);
		}
		if (found > 0)
			buf_add_string(out, "/teamcache");
	}
	if (found < 0)
		return PLACE_ERROR;
	if (buf_check(out, "a path", err) != 0)
		return PLACE_ERROR;
	return found > 0 ? PLACE_FOUND : PLACE_NONE;
}

int
place_none(enum place place, struct err *err)
{
	err_set(err, ERR_USAGE, "no place for the %s: HOME is not set",
	    places[place].what);
	err_hint(err, "set HOME or %s", places[place].own != NULL ?
	    places[place].own : places[place].xdg);
	return -1;
}
