#ifndef CREDS_STATIC_KEYS_H
#define CREDS_STATIC_KEYS_H

#include <stdbool.h>

#include "aws/keys.h"
#include "base/err.h"

/* Keys that stand somewhere as text. NULL or "": absent. */
struct static_keys {
	const char *where;	/* for messages: "the environment" */
	const char *names[3];	/* what id, secret and token are called there */
	const char *id;		/* present */
	const char *secret;
	const char *token;
	const char *account;
};

/*
 * Check and copy. ERR_CREDENTIALS, naming the place and never a value: no
 * secret, blanks or control bytes (a line end pasted along), too long. An
 * account that is not twelve digits is left out.
 */
int static_keys_read(const struct static_keys *from, struct keys *keys,
    struct err *err);

/* A temporary key (ASIA...) that lacks its token? AWS refuses it. */
bool static_keys_lack_token(const struct static_keys *from);

#endif
