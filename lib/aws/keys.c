#include "aws/keys.h"

#include <string.h>

void
keys_clear(struct keys *k)
{
	secret_clear(&k->secret_key);
	secret_clear(&k->session_token);
	explicit_bzero(k, sizeof *k);
}

int
keys_copy(struct keys *to, const struct keys *from, struct err *err)
{
	struct keys copy = { .expires_at = from->expires_at };

	memcpy(copy.access_key_id, from->access_key_id,
	    sizeof copy.access_key_id);
	memcpy(copy.account_id, from->account_id, sizeof copy.account_id);
	if (secret_present(&from->secret_key) &&
	    secret_set(&copy.secret_key, secret_reveal(&from->secret_key),
	    err) != 0)
		goto out;
	if (secret_present(&from->session_token) &&
	    secret_set(&copy.session_token,
	    secret_reveal(&from->session_token), err) != 0)
		goto out;
	keys_clear(to);
	*to = copy;
	return 0;
out:
	keys_clear(&copy);
	return -1;
}
