#include "creds/static_keys.h"

#include <stdbool.h>
#include <string.h>

#include "aws/arn.h"
#include "base/limits.h"
#include "base/span.h"

static bool
present(const char *text)
{
	return text != NULL && text[0] != '\0';
}

/* All three go into header fields, or into a signature that nothing would
 * match. */
static int
check(const struct static_keys *from, int which, const char *text,
    size_t max, struct err *err)
{
	const unsigned char *p = (const unsigned char *)text;
	size_t n = strlen(text);

	if (n > max)
		return err_set(err, ERR_CREDENTIALS,
		    "%s in %s is longer than %zu bytes", from->names[which],
		    from->where, max);
	for (; *p != '\0'; p++) {
		if (*p > 0x20 && *p < 0x7f)
			continue;
		err_set(err, ERR_CREDENTIALS,
		    "%s in %s has a blank, a line end or another character "
		    "that no key has", from->names[which], from->where);
		err_hint(err, "set it again without blanks, quotes and "
		    "comments around it");
		return -1;
	}
	return 0;
}

bool
static_keys_lack_token(const struct static_keys *from)
{
	return strncmp(from->id, "ASIA", 4) == 0 && !present(from->token);
}

int
static_keys_read(const struct static_keys *from, struct keys *keys,
    struct err *err)
{
	if (!present(from->secret)) {
		err_set(err, ERR_CREDENTIALS,
		    "half a key pair: %s is set in %s, but %s is not",
		    from->names[0], from->where, from->names[1]);
		err_hint(err, "set both, or neither");
		return -1;
	}
	if (check(from, 0, from->id, sizeof keys->access_key_id - 1,
	    err) != 0 ||
	    check(from, 1, from->secret, LIMIT_TOKEN, err) != 0 ||
	    (present(from->token) &&
	    check(from, 2, from->token, LIMIT_TOKEN, err) != 0))
		return -1;
	memcpy(keys->access_key_id, from->id, strlen(from->id) + 1);
	if (secret_set(&keys->secret_key, span_of(from->secret), err) != 0)
		return -1;
	if (present(from->token) && secret_set(&keys->session_token,
	    span_of(from->token), err) != 0)
		return -1;
	if (present(from->account) &&
	    arn_account_valid(span_of(from->account)))
		memcpy(keys->account_id, from->account,
		    sizeof keys->account_id);
	return 0;
}
