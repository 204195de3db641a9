#include "tap.h"

#include <stdlib.h>

#include "base/limits.h"
#include "entry_text.h"

#define COUNT(rows) (sizeof (rows) / sizeof (rows)[0])

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
	test_frames();
	test_white_space();
	test_cap();
	test_damage();
	test_data();
	test_matches();
	test_front();
	return done_testing();
}
