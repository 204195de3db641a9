#include "tap.h"

#include <stdlib.h>

#include "base/limits.h"
#include "codec/hash.h"
#include "entry_sample.h"

#define COUNT(rows) (sizeof (rows) / sizeof (rows)[0])

/* Parse from memory of just that size, so that ASan sees what reads on. */
static enum entry_fault
parse(struct span text, enum entry_depth depth, struct entry *out)
{
	const char *reason = NULL;
	enum entry_fault fault;
	char *exact = malloc(text.n == 0 ? 1 : text.n);

	if (exact == NULL)
		abort();
	if (text.n > 0)
		memcpy(exact, text.p, text.n);
	fault = entry_parse(span_make(exact, text.n), depth, out, &reason);
	if (reason == NULL)
		abort();
	/* Views into what goes now are nobody's. */
	out->data = span_make(NULL, out->data.n);
	free(exact);
	return fault;
}

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

struct member {
	const char *name, *value;
};

/* An envelope around DATA with one member as given (value NULL: left out),
 * and with extra members in front. */
static void
compose(struct buf *b, const char *name, const char *value,
    const char *extra)
{
	static const struct member members[] = {
		{ "schema_version", "1" },
		{ "timestamp", "\"2025-08-11T14:30:00Z\"" },
		{ "account_id", "\"123456789012\"" },
		{ "profile_name", "\"prod\"" },
		{ "data_type", "\"mtd-costs\"" }, { "period", "\"2025-08\"" },
		{ "ttl", "3600" },
		{ "expires_at", "\"2025-08-11T15:30:00Z\"" },
		{ "data_through", "\"2025-08-11\"" }, { "estimated", "true" },
		{ "refreshed_by", "\"\"" }, { "source", "\"push\"" },
		{ "request_sha256", "\"\"" }, { "app_version", "\"0.1.0\"" },
		{ "content_length", "39" }, { "content_sha256", "" },
	};
	char hash[HASH_SHA256_HEX + 2];
	const char *comma = "";
	size_t i;

	hash_sha256_hex(span_of(DATA), hash + 1);
	hash[0] = hash[65] = '"';
	hash[66] = '\0';
	buf_reset(b);
	buf_addf(b, "{\"metadata\":{%s", extra);
	if (extra[0] != '\0')
		comma = ",";
	for (i = 0; i < COUNT(members); i++) {
		const char *v = members[i].value;

		if (strcmp(members[i].name, name) == 0) {
			if (value == NULL)
				continue;
			v = value;
		} else if (v[0] == '\0') {
			v = hash;
		}
		buf_addf(b, "%s\"%s\":%s", comma, members[i].name, v);
		comma = ",";
	}
	buf_add_string(b, "},\"data\":" DATA "}");
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

static void
test_frames(void)
{
	static const struct {
		const char *text;
		enum entry_fault want;
	} rows[] = {
		{ "", ENTRY_NOT_OURS }, { "  ", ENTRY_NOT_OURS },
		{ "{}", ENTRY_NOT_OURS }, { "[]", ENTRY_NOT_OURS },
		{ "bvx2", ENTRY_NOT_OURS }, { "null", ENTRY_NOT_OURS },
		{ "{\"data\":{},\"metadata\":{}}", ENTRY_NOT_OURS },
		{ "{\"Metadata\":{}}", ENTRY_NOT_OURS },
		{ "\xef\xbb\xbf{\"metadata\":{}}", ENTRY_NOT_OURS },
		{ "{\"metadata\":{},\"data\":{}}", ENTRY_NOT_OURS },
		{ "{\"metadata\":{\"v\":1},\"data\":{}}", ENTRY_NOT_OURS },
		{ "{\"metadata\":", ENTRY_BROKEN },
		{ "{\"metadata\":{", ENTRY_BROKEN },
		{ "{\"metadata\":{\"a\":\"\\", ENTRY_BROKEN },
		{ "{\"metadata\":{\"a\":\"}\"", ENTRY_BROKEN },
		{ "{\"metadata\":{\"schema_version\":2}}",
		    ENTRY_UNKNOWN_SCHEMA },
		{ "{\"metadata\":{\"schema_version\":2},\"any\":1}",
		    ENTRY_UNKNOWN_SCHEMA },
		{ "{\"metadata\":{\"schema_version\":1},\"data\":1}",
		    ENTRY_BROKEN },
	};
	struct entry e;
	size_t i;

	for (i = 0; i < COUNT(rows); i++) {
		is_int(parse(span_of(rows[i].text), ENTRY_WHOLE, &e), rows[i].want,
		    "'%s'", rows[i].text);
		is_int(parse(span_of(rows[i].text), ENTRY_FRAME, &e), rows[i].want,
		    "not verified either");
	}
	is_int(parse(span_make("{\"metadata\"\0:{}}", 16), ENTRY_WHOLE, &e),
	    ENTRY_NOT_OURS, "a NUL");
}

/* The sample, with white space of all four kinds where JSON allows it. */
static void
test_white_space(void)
{
	struct span rest = span_of(sample_text);
	const char *p;
	bool in_string = false;
	struct entry e;
	struct buf b;

	buf_init(&b, LIMIT_MIB);
	p = strstr(sample_text, DATA);
	for (; rest.n > 0; rest = span_make(rest.p + 1, rest.n - 1)) {
		bool data = rest.p >= p && rest.p < p + strlen(DATA);

		if (*rest.p == '"')
			in_string = !in_string;
		if (!data && !in_string && strchr("{}:,", *rest.p) != NULL) {
			buf_add_string(&b, " \t\r\n");
			buf_add_char(&b, *rest.p);
			buf_add_string(&b, " \t\r\n");
		} else {
			buf_add_char(&b, *rest.p);
		}
	}
	is_fault(&b, ENTRY_SOUND, &e, "white space everywhere");
	is_span(e.data, DATA, "the data without it");
	is_span(span_make(b.p + e.data_offset, e.data.n), DATA,
	    "and where it begins");
	buf_reset(&b);
	buf_addf(&b, "%s\v", sample_text);
	is_fault(&b, ENTRY_BROKEN, &e, "a vertical tab is none");
	buf_clear(&b);
}

static void
test_cap(void)
{
	struct entry e;
	struct buf b, extra;
	size_t own, k;

	buf_init(&b, LIMIT_MIB);
	buf_init(&extra, LIMIT_MIB);
	compose(&b, "", NULL, "\"x\":\"\"");
	own = b.n - strlen("{\"metadata\":,\"data\":" DATA "}");
	for (k = 0; k < 2; k++) {
		size_t i;

		buf_reset(&extra);
		buf_add_string(&extra, "\"x\":\"");
		for (i = own; i < LIMIT_METADATA + k; i++)
			buf_add_char(&extra, 'x');
		buf_add_string(&extra, "\"");
		compose(&b, "", NULL, buf_string(&extra));
		is_int(parse(buf_view(&b), ENTRY_WHOLE, &e),
		    k == 0 ? ENTRY_SOUND : ENTRY_BROKEN,
		    "metadata of %zu bytes", (size_t)LIMIT_METADATA + k);
	}
	buf_clear(&extra);
	buf_clear(&b);
}

static void
test_damage(void)
{
	const size_t n = sizeof sample_text - 1;
	size_t i, sound = 0, unverified = 0, data, flipped = 0;
	char copy[sizeof sample_text];
	struct entry e;

	for (i = 0; i < n; i++) {
		if (parse(span_make(sample_text, i), ENTRY_WHOLE, &e) == ENTRY_SOUND)
			sound++;
		if (parse(span_make(sample_text, i), ENTRY_FRAME, &e) ==
		    ENTRY_SOUND)
			unverified++;
	}
	is_uint(sound, 0, "cut at every byte, it is never sound");
	is_uint(unverified, 0, "nor when it is not verified");
	data = (size_t)(strstr(sample_text, DATA) - sample_text);
	for (i = 0; i < n; i++) {
		memcpy(copy, sample_text, sizeof copy);
		copy[i] ^= 1;
		if (parse(span_make(copy, n), ENTRY_WHOLE, &e) == ENTRY_SOUND &&
		    i >= data && i < data + strlen(DATA))
			flipped++;
	}
	is_uint(flipped, 0, "one bit of its data makes it unsound");
	for (i = 0; i < n; i++) {
		memcpy(copy, sample_text, sizeof copy);
		memmove(copy + i, copy + i + 1, n - i);
		parse(span_make(copy, n - 1), ENTRY_WHOLE, &e);
	}
	ok(true, "no byte's loss breaks the parser");
	for (i = 0; i < 256; i++) {
		memcpy(copy, sample_text, sizeof copy);
		copy[n - 1] = (char)i;
		if (parse(span_make(copy, n), ENTRY_WHOLE, &e) == ENTRY_SOUND &&
		    i != '}')
			sound++;
	}
	is_uint(sound, 0, "only a brace ends it");
}

static void
test_data(void)
{
	static const struct {
		const char *data;
		enum entry_fault want, unverified;
	} rows[] = {
		{ "{}", ENTRY_SOUND, ENTRY_SOUND },
		{ "null", ENTRY_SOUND, ENTRY_SOUND },
		{ "\"}\"", ENTRY_SOUND, ENTRY_SOUND },
		{ "{\"a\":1,\"a\":2}", ENTRY_SOUND, ENTRY_SOUND },
		{ "{ \"a\" : [ 1 ] }", ENTRY_SOUND, ENTRY_SOUND },
		{ "{}}", ENTRY_BROKEN, ENTRY_SOUND },
		{ "{\"a\" 1}", ENTRY_BROKEN, ENTRY_SOUND },
		{ "01", ENTRY_BROKEN, ENTRY_SOUND },
		{ "1,\"data\":2", ENTRY_BROKEN, ENTRY_SOUND },
		{ "\"\xff\"", ENTRY_BROKEN, ENTRY_SOUND },
		{ "", ENTRY_BROKEN, ENTRY_BROKEN },
	};
	struct entry e;
	struct buf b;
	size_t i;

	buf_init(&b, LIMIT_MIB);
	for (i = 0; i < COUNT(rows); i++) {
		buf_reset(&b);
		entry_build(&sample, span_of(rows[i].data), &b);
		is_int(parse(buf_view(&b), ENTRY_WHOLE, &e), rows[i].want,
		    "data '%s'", rows[i].data);
		is_int(parse(buf_view(&b), ENTRY_JSON, &e), rows[i].want,
		    "without its hash");
		is_int(parse(buf_view(&b), ENTRY_FRAME, &e), rows[i].unverified,
		    "looked at in passing");
	}
	buf_reset(&b);
	for (i = 0; i <= LIMIT_JSON_DEPTH; i++)
		buf_add_char(&b, '[');
	for (i = 0; i <= LIMIT_JSON_DEPTH; i++)
		buf_add_char(&b, ']');
	{
		struct buf deep = b;

		buf_init(&b, LIMIT_MIB);
		entry_build(&sample, buf_view(&deep), &b);
		is_int(parse(buf_view(&b), ENTRY_WHOLE, &e), ENTRY_BROKEN,
		    "data that is too deep");
		buf_clear(&deep);
	}
	compose(&b, "content_sha256", "\"e3b0c44298fc1c149afbf4c8996fb92427ae"
	    "41e4649b934ca495991b7852b855\"", "");
	is_int(parse(buf_view(&b), ENTRY_WHOLE, &e), ENTRY_BROKEN,
	    "another hash");
	is_int(parse(buf_view(&b), ENTRY_JSON, &e), ENTRY_SOUND,
	    "is not looked at where the bytes are proved");
	is_int(parse(buf_view(&b), ENTRY_FRAME, &e), ENTRY_SOUND,
	    "is not looked at in passing");
	buf_add_string(&b, "}");
	is_int(parse(buf_view(&b), ENTRY_FRAME, &e), ENTRY_BROKEN,
	    "a second brace makes it longer");
	buf_clear(&b);
}

static void
test_matches(void)
{
	const struct key key = { "123456789012", { 2025, 8 }, "mtd-costs" };
	struct entry_metadata m = sample;
	struct key other = key;

	ok(entry_matches(&m, &key), "its own key");
	memcpy(other.account, "123456789013", 13);
	ok(!entry_matches(&m, &other), "another account");
	other = key;
	other.month.month = 9;
	ok(!entry_matches(&m, &other), "another month");
	other.month.month = 8;
	other.month.year = 2024;
	ok(!entry_matches(&m, &other), "another year");
	other = key;
	memcpy(other.type, "mtd-cost", 9);
	ok(!entry_matches(&m, &other), "a shorter type");
	memcpy(m.period, "2025-8", 7);
	ok(!entry_matches(&m, &key), "a period in another form");
	m.period[0] = '\0';
	ok(!entry_matches(&m, &key), "no period");
}

/* Cut anywhere: the metadata is known as soon as it is whole, never less. */
static void
test_front(void)
{
	struct span text = span_of(sample_text);
	size_t whole = (size_t)(strstr(sample_text, "},\"data\"") -
	    sample_text) + 1;
	struct entry_metadata m;
	const char *reason;
	int wrong = 0;
	size_t n;

	for (n = 0; n <= text.n; n++) {
		enum entry_fault fault = entry_front(
		    span_make(text.p, n), &m, &reason);

		if ((fault == ENTRY_SOUND) != (n >= whole))
			wrong++;
		if (fault == ENTRY_SOUND && (strcmp(m.data_through,
		    "2025-08-11") != 0 || m.content_length != 39))
			wrong++;
	}
	is_int(wrong, 0, "%zu cuts", n);
	is_int(entry_front(span_of("plain"), &m, &reason), ENTRY_NOT_OURS,
	    "no envelope");
	is_int(entry_front(span_of("{\"metadata\":{\"schema_version\":2}"),
	    &m, &reason), ENTRY_UNKNOWN_SCHEMA, "another schema");
}

int
main(void)
{
	test_all_members();
	test_members();
	test_extras();
	test_frames();
	test_white_space();
	test_cap();
	test_damage();
	test_data();
	test_matches();
	test_front();
	return done_testing();
}
