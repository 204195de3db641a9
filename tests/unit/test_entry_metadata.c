#include "tap.h"

#include "base/limits.h"
#include "entry_text.h"

#define COUNT(rows) (sizeof (rows) / sizeof (rows)[0])

static void
test_all_members(void)
{
	struct entry e;
	struct entry_metadata m = sample;

	is_int(parse(span_of(sample_text), ENTRY_WHOLE, &e), ENTRY_SOUND,
	    "the sample");
	is_int(e.metadata.schema_version, 1, "schema_version");
	is_int(e.metadata.timestamp, m.timestamp, "timestamp");
	is_str(e.metadata.account_id, m.account_id, "account_id");
	is_str(e.metadata.data_type, m.data_type, "data_type");
	is_str(e.metadata.period, m.period, "period");
	is_int(e.metadata.ttl, m.ttl, "ttl");
	is_int(e.metadata.expires_at, m.expires_at, "expires_at");
	is_str(e.metadata.data_through, m.data_through, "data_through");
	is_int(e.metadata.estimated, 1, "estimated");
	is_str(e.metadata.source, m.source, "source");
	is_str(e.metadata.request_sha256, "00ff", "request_sha256");
	is_str(e.metadata.app_version, m.app_version, "app_version");
	is_int(e.metadata.content_length, 39, "content_length");
}

static void
test_members(void)
{
	static const struct {
		const char *name, *value;
		enum entry_fault want;
	} rows[] = {
		{ "", NULL, ENTRY_SOUND },
		{ "timestamp", NULL, ENTRY_BROKEN },
		{ "timestamp", "null", ENTRY_BROKEN },
		{ "timestamp", "1754922600", ENTRY_BROKEN },
		{ "timestamp", "\"\"", ENTRY_BROKEN },
		{ "timestamp", "\"2025-08-11\"", ENTRY_BROKEN },
		{ "timestamp", "\"2025-08-11T14:30:00\"", ENTRY_BROKEN },
		{ "timestamp", "\"2025-02-30T14:30:00Z\"", ENTRY_BROKEN },
		{ "timestamp", "\"2025-08-11T14:30:00Z\\u0000\"",
		    ENTRY_BROKEN },
		{ "timestamp", "\"2025-08-11T14:30:00.123456Z\"",
		    ENTRY_SOUND },
		{ "timestamp", "\"2025-08-11T16:30:00+02:00\"", ENTRY_SOUND },
		{ "timestamp", "\"\\u00320\\u00325-08-11T14:30:00Z\"",
		    ENTRY_SOUND },
		{ "account_id", NULL, ENTRY_BROKEN },
		{ "account_id", "123456789012", ENTRY_BROKEN },
		{ "account_id", "\"1234567890123\"", ENTRY_BROKEN },
		{ "profile_name", NULL, ENTRY_SOUND },
		{ "profile_name", "null", ENTRY_SOUND },
		{ "profile_name", "7", ENTRY_BROKEN },
		{ "profile_name", "\"a\\u0000b\"", ENTRY_BROKEN },
		{ "data_type", NULL, ENTRY_BROKEN },
		{ "data_type", "[]", ENTRY_BROKEN },
		{ "data_type", "\"0123456789012345678901234567890123456789"
		    "0123456789012345678901234\"", ENTRY_BROKEN },
		{ "period", NULL, ENTRY_BROKEN },
		{ "period", "\"2025-08-\"", ENTRY_BROKEN },
		{ "ttl", NULL, ENTRY_BROKEN },
		{ "ttl", "\"3600\"", ENTRY_BROKEN },
		{ "ttl", "-1", ENTRY_BROKEN },
		{ "ttl", "1.5", ENTRY_BROKEN },
		{ "ttl", "1e3", ENTRY_BROKEN },
		{ "ttl", "99999999999999999999", ENTRY_BROKEN },
		{ "ttl", "0", ENTRY_SOUND },
		{ "expires_at", NULL, ENTRY_SOUND },
		{ "expires_at", "\"soon\"", ENTRY_BROKEN },
		{ "data_through", NULL, ENTRY_SOUND },
		{ "data_through", "\"2025-08-11T\"", ENTRY_BROKEN },
		{ "estimated", NULL, ENTRY_SOUND },
		{ "estimated", "null", ENTRY_SOUND },
		{ "refreshed_by", "null", ENTRY_SOUND },
		{ "source", NULL, ENTRY_SOUND },
		{ "request_sha256", NULL, ENTRY_SOUND },
		{ "app_version", NULL, ENTRY_SOUND },
		{ "app_version", "\"01234567890123456789012345678901\"",
		    ENTRY_BROKEN },
		{ "content_length", NULL, ENTRY_BROKEN },
		{ "content_length", "38", ENTRY_BROKEN },
		{ "content_length", "40", ENTRY_BROKEN },
		{ "content_length", "-39", ENTRY_BROKEN },
		{ "content_length", "39.0", ENTRY_BROKEN },
		{ "content_sha256", NULL, ENTRY_BROKEN },
		{ "content_sha256", "\"\"", ENTRY_BROKEN },
		{ "content_sha256", "39", ENTRY_BROKEN },
		{ "schema_version", NULL, ENTRY_NOT_OURS },
		{ "schema_version", "null", ENTRY_NOT_OURS },
		{ "schema_version", "\"1\"", ENTRY_NOT_OURS },
		{ "schema_version", "1.0", ENTRY_NOT_OURS },
		{ "schema_version", "-1", ENTRY_NOT_OURS },
		{ "schema_version", "0", ENTRY_UNKNOWN_SCHEMA },
		{ "schema_version", "2", ENTRY_UNKNOWN_SCHEMA },
		{ "schema_version", "2147483647", ENTRY_UNKNOWN_SCHEMA },
	};
	struct entry e;
	struct buf b;
	size_t i;

	buf_init(&b, LIMIT_MIB);
	for (i = 0; i < COUNT(rows); i++) {
		compose(&b, rows[i].name, rows[i].value, "");
		is_int(parse(buf_view(&b), ENTRY_WHOLE, &e), rows[i].want,
		    "%s: %s", rows[i].name,
		    rows[i].value == NULL ? "(missing)" : rows[i].value);
	}
	compose(&b, "estimated", NULL, "");
	parse(buf_view(&b), ENTRY_WHOLE, &e);
	is_int(e.metadata.estimated, -1, "estimated unsaid");
	compose(&b, "estimated", "false", "");
	parse(buf_view(&b), ENTRY_WHOLE, &e);
	is_int(e.metadata.estimated, 0, "estimated not");
	compose(&b, "profile_name", "null", "");
	parse(buf_view(&b), ENTRY_WHOLE, &e);
	is_str(e.metadata.profile_name, "", "no profile");
	compose(&b, "timestamp", "\"2025-08-11T16:30:00.9+02:00\"", "");
	parse(buf_view(&b), ENTRY_WHOLE, &e);
	is_int(e.metadata.timestamp, 1754922600, "a zone and a fraction");
	compose(&b, "profile_name", "\"\\ud83d\\udcb0\\u00fc\\/\\t\"", "");
	parse(buf_view(&b), ENTRY_WHOLE, &e);
	is_str(e.metadata.profile_name, "\xf0\x9f\x92\xb0\xc3\xbc/\t",
	    "escapes are undone");
	buf_clear(&b);
}

static void
test_extras(void)
{
	static const struct {
		const char *what, *extra;
		enum entry_fault want;
	} rows[] = {
		{ "an unknown member", "\"x\":1", ENTRY_SOUND },
		{ "of any type", "\"a\":{\"b\":[1,{\"c\":\"}\"}]},\"d\":null",
		    ENTRY_SOUND },
		{ "text that looks like ends", "\"x\":\"}},\\\"data\\\":1}\"",
		    ENTRY_SOUND },
		{ "a backslash before the quote", "\"x\":\"\\\\\"",
		    ENTRY_SOUND },
		{ "a name of ours, deeper", "\"x\":{\"ttl\":1}", ENTRY_SOUND },
		{ "a duplicate", "\"ttl\":3600", ENTRY_BROKEN },
		{ "an escaped duplicate", "\"\\u0074tl\":3600",
		    ENTRY_BROKEN },
		{ "a duplicate of the version", "\"schema_version\":1",
		    ENTRY_BROKEN },
		{ "of another version", "\"schema_version\":2",
		    ENTRY_BROKEN },
		{ "unknown duplicates", "\"x\":1,\"x\":2", ENTRY_BROKEN },
		{ "deep duplicates", "\"x\":{\"y\":1,\"y\":2}",
		    ENTRY_BROKEN },
		{ "no JSON", "\"x\" 1", ENTRY_BROKEN },
		{ "a leading zero", "\"x\":01", ENTRY_BROKEN },
		{ "two commas", "\"x\":1,", ENTRY_BROKEN },
		{ "no UTF-8", "\"x\":\"\xff\"", ENTRY_BROKEN },
		{ "a raw control", "\"x\":\"\n\"", ENTRY_BROKEN },
	};
	struct entry e;
	struct buf b;
	size_t i;

	buf_init(&b, LIMIT_MIB);
	for (i = 0; i < COUNT(rows); i++) {
		compose(&b, "", NULL, rows[i].extra);
		is_int(parse(buf_view(&b), ENTRY_WHOLE, &e), rows[i].want, "%s",
		    rows[i].what);
	}
	buf_clear(&b);
}

int
main(void)
{
	test_all_members();
	test_members();
	test_extras();
	return done_testing();
}
