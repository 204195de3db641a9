#ifndef CREDS_SIGN_IN_H
#define CREDS_SIGN_IN_H

#include <stdbool.h>

#include "base/err.h"
#include "creds/provider.h"
#include "creds/token_file.h"

/*
 * What a person has signed in for lies in a file, ends, and is renewed by
 * whoever finds it nearly over: this program, or another tool.
 */
struct sign_in {
	struct provider_input *input;
	const char *turn;	/* "sso-HASH": who renews the same thing */
	/* Read the file anew into state: 0, or -1 with err. */
	int (*load)(void *state, struct err *err);
	/* Is what was read good until its end? */
	bool (*lasts)(const void *state);
	/*
	 * In our turn: load, and replace what was loaded where that is still
	 * needed and may be tried. *asked: a request was made. 0: state holds
	 * something good; -1 with err.
	 */
	int (*renew)(void *state, bool may_try, bool *asked,
	    struct err *err);
	void *state;
};

/* token_file_read, where nobody has signed in is ERR_CREDENTIALS. 0 or -1. */
int sign_in_read(struct token_file *file, const char *path,
    struct err *err);

/*
 * Renew it, one process at a time and after a failure none for a minute.
 * Where that fails what is still valid does, with the failure in the trace.
 * 0: state holds something good. -1: nothing is, and failure says why renewing
 * failed (err_interrupted: nobody wants it any more).
 */
int sign_in_renew(const struct sign_in *s, struct err *failure);

#endif
