#include "tap.h"

#include "base/limits.h"
#include "entry_sample.h"

#define COUNT(rows) (sizeof (rows) / sizeof (rows)[0])

static void
test_build(void)
{
	struct entry_metadata m = sample;
	struct buf one, two;

	buf_init(&one, LIMIT_MIB);
	buf_init(&two, LIMIT_MIB);
	entry_build(&m, span_of(DATA), &one);
	is_str(buf_string(&one), sample_text, "its bytes");
	m.schema_version = 7;
	m.content_length = 1;
	memcpy(m.content_sha256, "ab", 3);
	entry_build(&m, span_of(DATA), &two);
	is_bytes(buf_view(&two), buf_view(&one),
	    "what it computes is not taken from the caller");
	buf_reset(&two);
	m.estimated = 0;
	entry_build(&m, span_of(DATA), &two);
	has_str(buf_string(&two), "\"estimated\":false", "final");
	buf_reset(&two);
	m.estimated = -1;
	entry_build(&m, span_of(DATA), &two);
	has_str(buf_string(&two), "\"estimated\":null", "nobody knows");
	buf_clear(&two);
	buf_init(&two, 200);
	entry_build(&m, span_of(DATA), &two);
	is_int(two.fault, BUF_FULL, "a full buffer says so");
	buf_clear(&one);
	buf_clear(&two);
}

static void
test_round_trip(void)
{
	static const struct {
		const char *what, *profile;
	} rows[] = {
		{ "none", "" }, { "a plain one", "prod" },
		{ "blanks", "  a b  " }, { "a quote", "say \"hi\"" },
		{ "a backslash", "DOMAIN\\user" },
		{ "its escape", "a\\u0041\\n\\" },
		{ "controls", "a\x01\b\t\n\v\f\r\x1f\x7f" },
		{ "C1", "\xc2\x80\xc2\x9f" }, { "umlauts", "B\xc3\xbcro" },
		{ "an emoji", "\xf0\x9f\x92\xb0" },
		{ "JSON", "\"},\"data\":{}}" }, { "braces", "}}}{{{" },
		{ "an end in a backslash", "a\\" },
	};
	struct buf b;
	size_t i;

	buf_init(&b, LIMIT_MIB);
	for (i = 0; i < COUNT(rows); i++) {
		struct entry_metadata m = sample;
		struct entry e;

		snprintf(m.profile_name, sizeof m.profile_name, "%s",
		    rows[i].profile);
		snprintf(m.refreshed_by, sizeof m.refreshed_by, "%s",
		    rows[i].profile);
		buf_reset(&b);
		entry_build(&m, span_of(DATA), &b);
		is_fault(&b, ENTRY_SOUND, &e, rows[i].what);
		is_str(e.metadata.profile_name, rows[i].profile,
		    "its profile");
		is_str(e.metadata.refreshed_by, rows[i].profile,
		    "its author");
		is_span(e.data, DATA, "its data");
		is_span(span_make(b.p + e.data_offset, e.data.n), DATA,
		    "at its offset");
	}
	buf_clear(&b);
}

/* Names that no envelope of ours can be broken by, whatever the bytes. */
static void
test_unfit_profiles(void)
{
	struct entry_metadata m = sample;
	struct entry e;
	struct buf b;
	size_t i;

	buf_init(&b, LIMIT_MIB);
	memset(m.profile_name, '\xff', sizeof m.profile_name - 1);
	entry_build(&m, span_of(DATA), &b);
	is_fault(&b, ENTRY_SOUND, &e, "255 bytes that are no UTF-8");
	/* What snprintf cut in the middle of a character. */
	for (i = 1; i < 4; i++) {
		memset(m.profile_name, 'a', sizeof m.profile_name - 1);
		memcpy(m.profile_name + 255 - i, "\xf0\x9f\x92\xb0", i);
		m.profile_name[255] = '\0';
		buf_reset(&b);
		entry_build(&m, span_of(DATA), &b);
		is_fault(&b, ENTRY_SOUND, &e, "cut in a character");
		ok(memcmp(e.metadata.profile_name, m.profile_name, 255 - i)
		    == 0, "after %zu bytes of it; the rest is there", i);
	}
	memset(m.profile_name, 0, sizeof m.profile_name);
	for (i = 0; i < 127; i++)
		memcpy(m.profile_name + 2 * i, "\xc3\xbc", 2);
	buf_reset(&b);
	entry_build(&m, span_of(DATA), &b);
	is_fault(&b, ENTRY_SOUND, &e, "254 bytes of umlauts");
	is_str(e.metadata.profile_name, m.profile_name, "as they were");
	memset(m.refreshed_by, '\x01', sizeof m.refreshed_by - 1);
	buf_reset(&b);
	entry_build(&m, span_of(DATA), &b);
	is_fault(&b, ENTRY_SOUND, &e, "511 controls");
	is_str(e.metadata.refreshed_by, m.refreshed_by, "as they were");
	buf_clear(&b);
}

/* What surrounds data is no part of it: the parser cannot see it. */
static void
test_blanks_around_data(void)
{
	static const char *const rows[] = { DATA "\n", " " DATA,
		"\r\n\t" DATA "\r\n", "[1, 2]\n", "\"x\"\n", " null ", "0\n" };
	struct entry e;
	struct buf b;
	size_t i;

	buf_init(&b, LIMIT_MIB);
	for (i = 0; i < COUNT(rows); i++) {
		buf_reset(&b);
		entry_build(&sample, span_of(rows[i]), &b);
		is_fault(&b, ENTRY_SOUND, &e, rows[i]);
		is_bytes(e.data, span_trim(span_of(rows[i])), "without");
	}
	buf_clear(&b);
}

int
main(void)
{
	test_build();
	test_round_trip();
	test_unfit_profiles();
	test_blanks_around_data();
	return done_testing();
}
