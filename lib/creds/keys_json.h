#ifndef CREDS_KEYS_JSON_H
#define CREDS_KEYS_JSON_H

#include "aws/keys.h"
#include "base/err.h"
#include "codec/json.h"

/* An object of keys in somebody's answer or file, and what its members are
 * called there; NULL: there is no such member. */
struct keys_json {
	const char *where;	/* for messages: "the answer of ..." */
	const char *id;
	const char *secret;
	const char *token;
	const char *expiration;	/* RFC 3339 */
	const char *account;
};

/*
 * Check and copy into empty keys. Members that are null or "" count as
 * absent; id and secret must be there, an account that is none is left out.
 * ERR_CREDENTIALS, naming the place and the member and never a value. j's
 * text must be in memory that is wiped.
 */
int keys_json_read(const struct keys_json *from, const struct json *j,
    json_value at, struct keys *keys, struct err *err);

#endif
