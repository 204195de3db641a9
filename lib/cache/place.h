#ifndef CACHE_PLACE_H
#define CACHE_PLACE_H

#include "base/buf.h"
#include "base/err.h"
#include "sys/env.h"

/*
 * Where our files lie (XDG base directory specification, design sections 2
 * and 7). An empty variable counts as unset, a relative path is ERR_USAGE
 * that names the variable. No file is touched.
 */
enum place {
	PLACE_CONFIG,	/* ${XDG_CONFIG_HOME:-~/.config}/teamcache */
	PLACE_DATA,	/* ${TEAMCACHE_DIR:-${XDG_CACHE_HOME:-~/.cache}/
			   teamcache} */
	PLACE_STATE	/* ${TEAMCACHE_STATE_DIR:-${XDG_STATE_HOME:-
			   ~/.local/state}/teamcache} */
};

enum place_found {
	PLACE_ERROR = -1,	/* err is set */
	PLACE_NONE = 0,		/* HOME is not set either */
	PLACE_FOUND = 1
};

/* The absolute path of the directory, appended to out. */
enum place_found place_find(enum place place, const struct env *env,
    struct buf *out, struct err *err);

/* Set err for PLACE_NONE: what to set. Returns -1. */
int place_none(enum place place, struct err *err);

#endif
