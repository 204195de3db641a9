#include "cache/entry.h"

#include <stdio.h>
#include <string.h>

#include "base/date.h"
#include "base/limits.h"
#include "base/printable.h"
#include "codec/hash.h"
#include "codec/json.h"

/* Times beyond the year 9999 are nobody's. */
#define TIME_MAX INT64_C(253402300799)

static void
put_time(struct json_writer *w, const char *name, int64_t seconds)
{
	char text[DATE_ROOM];

	date_format_rfc3339(seconds, text);
	json_member_string(w, name, text);
}

/*
 * In JSON, a byte that is no UTF-8 becomes a character of three: a name full
 * of them would not fit into its array any more when it is read again.
 */
static void
put_text(struct json_writer *w, const char *name, const char *text)
{
	char clean[sizeof ((struct entry_metadata *)0)->refreshed_by];

	if (!span_utf8(span_of(text))) {
		snprintf(clean, sizeof clean, "%s", text);
		printable_clean(clean, strlen(clean), false);
		text = clean;
	}
	json_member_string(w, name, text);
}

void
entry_build(const struct entry_metadata *m, struct span data, struct buf *out)
{
	char hash[HASH_SHA256_HEX];
	struct json_writer w;

	data = span_trim(data);
	hash_sha256_hex(data, hash);
	json_begin(&w, out, false);
	json_open_object(&w);
	json_put_name(&w, "metadata");
	json_open_object(&w);
	json_member_integer(&w, "schema_version", KEY_SCHEMA_VERSION);
	put_time(&w, "timestamp", m->timestamp);
	json_member_string(&w, "account_id", m->account_id);
	put_text(&w, "profile_name", m->profile_name);
	json_member_string(&w, "data_type", m->data_type);
	json_member_string(&w, "period", m->period);
	json_member_integer(&w, "ttl", m->ttl);
	put_time(&w, "expires_at", m->expires_at);
	json_member_string(&w, "data_through", m->data_through);
	if (m->estimated < 0)
		json_member_null(&w, "estimated");
	else
		json_member_bool(&w, "estimated", m->estimated == 1);
	put_text(&w, "refreshed_by", m->refreshed_by);
	json_member_string(&w, "source", m->source);
	json_member_string(&w, "request_sha256", m->request_sha256);
	json_member_string(&w, "app_version", m->app_version);
	json_member_integer(&w, "content_length", (int64_t)data.n);
	json_member_string(&w, "content_sha256", hash);
	json_close_object(&w);
	json_member_raw(&w, "data", data);
	json_close_object(&w);
}

/* A cursor over the envelope's frame: tokens and the white space between. */
struct cursor {
	struct span text;
	size_t at;
};

static void
skip_blank(struct cursor *c)
{
	while (c->at < c->text.n && memchr(" \t\r\n", c->text.p[c->at], 4))
		c->at++;
}

static bool
expect(struct cursor *c, const char *token)
{
	size_t n = strlen(token);

	skip_blank(c);
	if (c->text.n - c->at < n ||
	    memcmp(c->text.p + c->at, token, n) != 0)
		return false;
	c->at += n;
	return true;
}

/*
 * The extent of a JSON object, by braces outside strings: enough to cut the
 * metadata off, which is then parsed as JSON. Bounded by LIMIT_METADATA.
 */
static bool
take_object(struct cursor *c, struct span *out)
{
	size_t start, depth = 0, end;
	bool in_string = false;

	skip_blank(c);
	start = c->at;
	if (start >= c->text.n || c->text.p[start] != '{')
		return false;
	end = c->text.n - start > LIMIT_METADATA ? start + LIMIT_METADATA :
	    c->text.n;
	for (; c->at < end; c->at++) {
		char ch = c->text.p[c->at];

		if (in_string) {
			if (ch == '\\')
				c->at++;
			else if (ch == '"')
				in_string = false;
		} else if (ch == '"') {
			in_string = true;
		} else if (ch == '{') {
			depth++;
		} else if (ch == '}' && --depth == 0) {
			c->at++;
			*out = span_make(c->text.p + start, c->at - start);
			return true;
		}
	}
	return false;
}

/* Members with their rules, as a table: what an envelope must say. */
enum field_kind { FIELD_TEXT, FIELD_TIME, FIELD_COUNT };

struct field {
	const char *name;
	enum field_kind kind;
	size_t offset;
	size_t room;
	bool required;
};

#define TEXT_FIELD(member, needed) { #member, FIELD_TEXT, \
	offsetof(struct entry_metadata, member), \
	sizeof ((struct entry_metadata *)0)->member, needed }
#define TIME_FIELD(member, needed) { #member, FIELD_TIME, \
	offsetof(struct entry_metadata, member), 0, needed }
#define COUNT_FIELD(member, needed) { #member, FIELD_COUNT, \
	offsetof(struct entry_metadata, member), 0, needed }

static const struct field fields[] = {
	TIME_FIELD(timestamp, true),
	TEXT_FIELD(account_id, true),
	TEXT_FIELD(profile_name, false),
	TEXT_FIELD(data_type, true),
	TEXT_FIELD(period, true),
	COUNT_FIELD(ttl, true),
	TIME_FIELD(expires_at, false),
	TEXT_FIELD(data_through, false),
	TEXT_FIELD(refreshed_by, false),
	TEXT_FIELD(source, false),
	TEXT_FIELD(request_sha256, false),
	TEXT_FIELD(app_version, false),
	COUNT_FIELD(content_length, true),
	TEXT_FIELD(content_sha256, true),
};

static bool
read_field(const struct json *j, json_value v, const struct field *field,
    char *base)
{
	char *at = base + field->offset;
	char text[DATE_ROOM * 2];
	int64_t number;

	switch (field->kind) {
	case FIELD_TEXT:
		return json_string_copy(j, v, at, field->room);
	case FIELD_TIME:
		if (!json_string_copy(j, v, text, sizeof text) ||
		    !date_parse_rfc3339(span_of(text), &number))
			return false;
		break;
	default:
		if (!json_integer(j, v, 0, TIME_MAX, &number))
			return false;
		break;
	}
	memcpy(at, &number, sizeof number);
	return true;
}

static bool
read_metadata(const struct json *j, struct entry_metadata *m)
{
	json_value v;
	size_t i;

	for (i = 0; i < sizeof fields / sizeof fields[0]; i++) {
		v = json_member(j, 0, fields[i].name);
		if (v == JSON_NONE || json_type(j, v) == JSON_NULL) {
			if (fields[i].required)
				return false;
			continue;
		}
		if (!read_field(j, v, &fields[i], (char *)m))
			return false;
	}
	v = json_member(j, 0, "estimated");
	m->estimated = json_type(j, v) == JSON_TRUE ? 1 :
	    json_type(j, v) == JSON_FALSE ? 0 : -1;
	return true;
}

static enum entry_fault
parse_metadata(struct span text, struct entry_metadata *m,
    const char **reason)
{
	struct err err = { 0 };
	struct json j = { 0 };
	enum entry_fault fault = ENTRY_BROKEN;
	json_value v;

	memset(m, 0, sizeof *m);
	*reason = "its metadata is no sound JSON";
	if (json_parse(&j, text, JSON_UNIQUE_KEYS, &err) != 0) {
		if (err.class == ERR_INTERNAL) {
			*reason = "out of memory";
			fault = ENTRY_NO_MEMORY;
		}
		goto out;
	}
	v = json_member(&j, 0, "schema_version");
	if (!json_integer(&j, v, 0, INT32_MAX, &m->schema_version)) {
		*reason = "its metadata has no schema_version";
		fault = ENTRY_NOT_OURS;
		goto out;
	}
	if (m->schema_version != KEY_SCHEMA_VERSION) {
		*reason = "its schema version is unknown to this version";
		fault = ENTRY_UNKNOWN_SCHEMA;
		goto out;
	}
	*reason = "a member of its metadata is missing or malformed";
	if (read_metadata(&j, m))
		fault = ENTRY_SOUND;
out:
	json_clear(&j);
	return fault;
}

/* Data ends where the envelope's last brace stands. */
static bool
take_data(struct cursor *c, struct entry *out)
{
	size_t end = c->text.n;

	while (end > c->at && memchr(" \t\r\n", c->text.p[end - 1], 4))
		end--;
	if (end <= c->at || c->text.p[end - 1] != '}')
		return false;
	end--;
	while (end > c->at && memchr(" \t\r\n", c->text.p[end - 1], 4))
		end--;
	out->data_offset = c->at;
	out->data = span_make(c->text.p + c->at, end - c->at);
	return out->data.n > 0;
}

static enum entry_fault
verify_data(const struct entry *entry, enum entry_depth depth,
    const char **reason)
{
	char hash[HASH_SHA256_HEX];
	struct err err = { 0 };

	if (depth == ENTRY_WHOLE) {
		hash_sha256_hex(entry->data, hash);
		*reason = "its data does not have the hash that its metadata "
		    "names";
		if (strcmp(hash, entry->metadata.content_sha256) != 0)
			return ENTRY_BROKEN;
	}
	*reason = "its data is no JSON";
	if (depth >= ENTRY_JSON && json_check(entry->data, &err) != 0)
		return ENTRY_BROKEN;
	return ENTRY_SOUND;
}

static enum entry_fault
take_front(struct cursor *c, struct entry_metadata *out, const char **reason)
{
	struct span metadata;

	*reason = "it is no envelope";
	if (!expect(c, "{") || !expect(c, "\"metadata\"") ||
	    !expect(c, ":"))
		return ENTRY_NOT_OURS;
	*reason = "its metadata is cut or too large";
	if (!take_object(c, &metadata))
		return ENTRY_BROKEN;
	return parse_metadata(metadata, out, reason);
}

enum entry_fault
entry_front(struct span text, struct entry_metadata *out,
    const char **reason)
{
	struct cursor c = { text, 0 };

	memset(out, 0, sizeof *out);
	return take_front(&c, out, reason);
}

/* What stands between metadata and data. */
static bool
take_data_name(struct cursor *c)
{
	if (!expect(c, ",") || !expect(c, "\"data\"") || !expect(c, ":"))
		return false;
	skip_blank(c);
	return true;
}

bool
entry_begin(struct span text, struct entry *out)
{
	struct cursor c = { text, 0 };
	const char *reason;

	memset(out, 0, sizeof *out);
	if (take_front(&c, &out->metadata, &reason) != ENTRY_SOUND ||
	    !take_data_name(&c) || c.at == text.n)
		return false;
	out->data_offset = c.at;
	out->data = span_make(NULL, (size_t)out->metadata.content_length);
	return (uint64_t)out->metadata.content_length <= LIMIT_OBJECT;
}

enum entry_fault
entry_parse(struct span text, enum entry_depth depth, struct entry *out,
    const char **reason)
{
	struct cursor c = { text, 0 };
	enum entry_fault fault;

	memset(out, 0, sizeof *out);
	if ((fault = take_front(&c, &out->metadata, reason)) != ENTRY_SOUND)
		return fault;
	*reason = "its data is cut or missing";
	if (!take_data_name(&c) || !take_data(&c, out))
		return ENTRY_BROKEN;
	if (out->data.n != (uint64_t)out->metadata.content_length) {
		*reason = "its data does not have the length that its "
		    "metadata names";
		return ENTRY_BROKEN;
	}
	return verify_data(out, depth, reason);
}

bool
entry_matches(const struct entry_metadata *m, const struct key *key)
{
	char period[MONTH_ROOM];

	month_format(key->month, period);
	return strcmp(m->account_id, key->account) == 0 &&
	    strcmp(m->data_type, key->type) == 0 &&
	    strcmp(m->period, period) == 0;
}
