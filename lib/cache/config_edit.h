#ifndef CACHE_CONFIG_EDIT_H
#define CACHE_CONFIG_EDIT_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/span.h"
#include "cache/config_file.h"

/*
 * Changes to the text of a settings file that leave alone what they are not
 * about: comments, order, blank lines, CRLF. Pure.
 */
struct config_edit_place {
	enum config_section section;
	struct span name;	/* of the profile or type; else empty */
};

/*
 * The text with key = value in that section, which is made at the end where
 * there is none; appended to out. An old value gives way, a comment behind it
 * stays. What comes out is parsed and must say just that, else ERR_USAGE;
 * whether a type has all that it needs is not looked at. path is for
 * messages.
 */
struct config_edit {
	struct span text;
	const char *path;
	struct config_edit_place place;
	const char *key;	/* a setting's name; "operation", "request" */
};
int config_edit_set(const struct config_edit *edit, struct span value,
    struct buf *out, struct err *err);

/*
 * The text without that key, its continuation lines and, of a type that has
 * none left, its header. *found tells whether there was one; if not, the text
 * is what it was.
 */
int config_edit_unset(const struct config_edit *edit, bool *found,
    struct buf *out, struct err *err);

#endif
