#include "cache/local_facts.h"

#include "codec/json.h"

static const char *const origins[] = {
	[LOCAL_REMOTE] = "remote",
	[LOCAL_BOUGHT] = "bought",
	[LOCAL_PUSHED] = "pushed",
	[LOCAL_DERIVED] = "derived",
};

static bool
get_bool(const struct json *j, const char *name, bool *out)
{
	enum json_type type = json_type(j, json_member(j, 0, name));

	*out = type == JSON_TRUE;
	return type == JSON_TRUE || type == JSON_FALSE;
}

static bool
get_origin(const struct json *j, enum local_origin *out)
{
	json_value v = json_member(j, 0, "origin");
	size_t i;

	for (i = 0; i < sizeof origins / sizeof origins[0]; i++) {
		if (!json_string_is(j, v, origins[i]))
			continue;
		*out = (enum local_origin)i;
		return true;
	}
	return false;
}

static bool
get_integer(const struct json *j, const char *name, int64_t min,
    int64_t *out)
{
	return json_integer(j, json_member(j, 0, name), min, INT64_MAX, out);
}

int
local_facts_parse(struct span line, struct local_facts *facts, struct err *err)
{
	struct json j = { 0 };
	bool sound;

	if (json_parse(&j, line, JSON_UNIQUE_KEYS, err) != 0) {
		if (err->class == ERR_INTERNAL)
			return -1;
		/* Not an error here; no second struct err of 4 KiB, whose
		 * pages would be the dearest part of a local hit. */
		err_clear(err);
		return 0;
	}
	sound = json_string_copy(&j, json_member(&j, 0, "etag"), facts->etag,
	    sizeof facts->etag) &&
	    get_integer(&j, "last_modified", -1, &facts->last_modified) &&
	    get_integer(&j, "skew", INT64_MIN, &facts->skew) &&
	    get_integer(&j, "validated_at", INT64_MIN,
	    &facts->validated_at) &&
	    get_bool(&j, "final", &facts->final) &&
	    get_origin(&j, &facts->origin);
	json_clear(&j);
	return sound ? 1 : 0;
}

void
local_facts_put(const struct local_facts *facts, struct buf *out)
{
	struct json_writer w;

	json_begin(&w, out, false);
	json_open_object(&w);
	json_member_string(&w, "etag", facts->etag);
	json_member_integer(&w, "last_modified", facts->last_modified);
	json_member_integer(&w, "skew", facts->skew);
	json_member_integer(&w, "validated_at", facts->validated_at);
	json_member_bool(&w, "final", facts->final);
	json_member_string(&w, "origin", origins[facts->origin]);
	json_close_object(&w);
	buf_add_char(out, '\n');
}
