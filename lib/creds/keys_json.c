#include "creds/keys_json.h"

#include <string.h>

#include "base/date.h"
#include "base/limits.h"
#include "creds/static_keys.h"

/* A member's text into an empty out; an absent one leaves it empty. */
static int
read_text(const struct keys_json *from, const struct json *j, json_value at,
    const char *name, struct buf *out, struct err *err)
{
	json_value v;

	if (name == NULL)
		return 0;
	v = json_member(j, at, name);
	if (v == JSON_NONE || json_type(j, v) == JSON_NULL)
		return 0;
	if (json_string(j, v, out) && out->fault == BUF_SOUND &&
	    strlen(buf_string(out)) == out->n)
		return 0;
	if (out->fault == BUF_NO_MEMORY)
		return err_memory(err);
	return err_set(err, ERR_CREDENTIALS,
	    "%s in %s is not a text that could be one", name, from->where);
}

static int
read_expiration(const struct keys_json *from, const struct json *j,
    json_value at, struct keys *keys, struct err *err)
{
	struct buf text;
	int result;

	buf_init(&text, LIMIT_QUOTE);
	result = read_text(from, j, at, from->expiration, &text, err);
	if (result == 0 && text.n > 0 &&
	    !date_parse_rfc3339(buf_view(&text), &keys->expires_at))
		result = err_set(err, ERR_CREDENTIALS,
		    "%s in %s is '%s', which is no time", from->expiration,
		    from->where, buf_string(&text));
	buf_clear(&text);
	return result;
}

int
keys_json_read(const struct keys_json *from, const struct json *j,
    json_value at, struct keys *keys, struct err *err)
{
	const char *names[4] = { from->id, from->secret, from->token,
	    from->account };
	struct static_keys parts = { .where = from->where,
	    .names = { from->id, from->secret, from->token } };
	struct buf texts[4];
	int result = -1;
	size_t i;

	for (i = 0; i < 4; i++)
		buf_init_secret(&texts[i], LIMIT_TOKEN);
	/* Some tools write the account as a number; it is no loss. */
	if (from->account != NULL && json_type(j, json_member(j, at,
	    from->account)) != JSON_STRING)
		names[3] = NULL;
	for (i = 0; i < 4; i++) {
		if (read_text(from, j, at, names[i], &texts[i], err) != 0)
			goto out;
	}
	if (texts[0].n == 0) {
		err_set(err, ERR_CREDENTIALS, "%s has no %s", from->where,
		    from->id);
		goto out;
	}
	if (texts[1].n == 0) {
		err_set(err, ERR_CREDENTIALS, "%s has no %s", from->where,
		    from->secret);
		goto out;
	}
	parts.id = buf_string(&texts[0]);
	parts.secret = buf_string(&texts[1]);
	parts.token = buf_string(&texts[2]);
	parts.account = buf_string(&texts[3]);
	if (static_keys_read(&parts, keys, err) != 0 ||
	    read_expiration(from, j, at, keys, err) != 0)
		goto out;
	result = 0;
out:
	for (i = 0; i < 4; i++)
		buf_clear(&texts[i]);
	return result;
}
