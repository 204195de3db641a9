#ifndef CREDS_WORDS_H
#define CREDS_WORDS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

/*
 * A command line as words, quoted as in a POSIX shell (XCU 2.2) and without
 * any of its expansions: '...' as it stands; in "..." a backslash counts
 * before $ ` " \ and a line end; elsewhere it makes the next byte ordinary.
 * Blanks, tabs and line ends part words. Pure. Zero-initialise.
 */
struct words {
	char **list;		/* NULL-terminated, as exec wants it */
	size_t count;
	char *text;		/* private */
};

/* At least one word, not empty. ERR_CREDENTIALS, without any of the line, for
 * a quotation that does not end, a backslash at the end, or no word. */
int words_split(struct words *w, const char *line, struct err *err);
void words_clear(struct words *w);	/* harmless twice */

/* Does the line hold, unquoted, what means something to a shell only: pipes,
 * variables, redirections? For a hint. */
bool words_want_shell(const char *line);

#endif
