#include "tap.h"

#include "base/buf.h"
#include "base/limits.h"
#include "codec/ini.h"

#define COUNT(rows) (sizeof (rows) / sizeof (rows)[0])

/* facts/credentials.md section 3, case by case. */
static const struct {
	const char *name, *text;
	unsigned flags;
	const char *section, *key, *sub, *want;	/* want NULL: absent */
} values[] = {
	{ "plain", "[default]\nregion = eu-west-1\n", 0,
	    "default", "region", NULL, "eu-west-1" },
	{ "no blanks", "[default]\nregion=eu-west-1", 0,
	    "default", "region", NULL, "eu-west-1" },
	{ "key case", "[default]\nAWS_Access_Key_ID = A\n", 0,
	    "default", "aws_access_key_id", NULL, "A" },
	{ "key case when asked", "[a]\nregion = x\n", 0,
	    "a", "REGION", NULL, "x" },
	{ "section case", "[Default]\na = b\n", 0, "default", "a", NULL,
	    NULL },
	{ "full-line #", "[a]\n# k = 1\nk = 2\n", 0, "a", "k", NULL, "2" },
	{ "full-line ;", "[a]\n; k = 1\n", 0, "a", "k", NULL, NULL },
	{ "indented comment", "[a]\nk = 1\n  # more\nm = 2", 0, "a", "k",
	    NULL, "1" },
	{ "inline comment kept", "[a]\nk = 1 # c", 0, "a", "k", NULL,
	    "1 # c" },
	{ "inline # when asked", "[a]\nk = 1 # c", INI_INLINE_COMMENTS, "a",
	    "k", NULL, "1" },
	{ "inline ; when asked", "[a]\nk = 1\t; c", INI_INLINE_COMMENTS, "a",
	    "k", NULL, "1" },
	{ "no blank, no comment", "[a]\nk = ab#cd;ef", INI_INLINE_COMMENTS,
	    "a", "k", NULL, "ab#cd;ef" },
	{ "only a comment", "[a]\nprefix =      ; keys start here; empty\n",
	    INI_INLINE_COMMENTS, "a", "prefix", NULL, "" },
	{ "a value of ;", "[a]\nk =;x", INI_INLINE_COMMENTS, "a", "k", NULL,
	    ";x" },
	{ "colon", "[a]\nregion: eu-west-1\n", 0, "a", "region", NULL,
	    "eu-west-1" },
	{ "first = splits", "[a]\nk = b=c==\n", 0, "a", "k", NULL, "b=c==" },
	{ "colon behind =", "[a]\nu = http://x:1/?a=b\n", 0, "a", "u", NULL,
	    "http://x:1/?a=b" },
	{ "= behind colon", "[a]\nu: http://x/?a=b\n", 0, "a", "u", NULL,
	    "http://x/?a=b" },
	{ "duplicate section", "[a]\nk = 1\n[b]\nk = 2\n[a]\nm = 3\n", 0,
	    "a", "m", NULL, "3" },
	{ "merged", "[a]\nk = 1\n[b]\nk = 2\n[a]\nm = 3\n", 0, "a", "k",
	    NULL, "1" },
	{ "later key wins", "[a]\nk = 1\nK = 2\n", 0, "a", "k", NULL, "2" },
	{ "later section wins", "[a]\nk = 1\n[a]\nk = 2\n", 0, "a", "k",
	    NULL, "2" },
	{ "quotes in a name", "[profile \"my name\"]\nk = 1\n", 0,
	    "profile \"my name\"", "k", NULL, "1" },
	{ "tab in a name", "[profile\tc]\nk = 1\n", 0, "profile\tc", "k",
	    NULL, "1" },
	{ "padding in a name", "[ profile b ]\nk = 1\n", 0, "profile b", "k",
	    NULL, "1" },
	{ "comment behind a name", "[a] # [x]\nk = 1\n", 0, "a", "k", NULL,
	    "1" },
	{ "name behind a comment", "[a]; c\nk = 1\n", 0, "a", "k", NULL,
	    "1" },
	{ "nested", "[a]\ns3 =\n  addressing_style = path\n  x = y\n", 0,
	    "a", "s3", "addressing_style", "path" },
	{ "nested, second", "[a]\ns3 =\n  x = y\n  Endpoint_URL = h\n", 0,
	    "a", "s3", "endpoint_url", "h" },
	{ "nested under a plain key", "[a]\ns3 =\n  k = v\n", 0, "a", "s3",
	    NULL, "" },
	{ "nested is not plain", "[a]\ns3 =\n  k = v\n", 0, "a", "k", NULL,
	    NULL },
	{ "nested over a blank line", "[a]\ns3 =\n\n  k = v\n", 0, "a", "s3",
	    "k", "v" },
	{ "nested over a comment", "[a]\ns3 =\n# c\n  k = v\n", 0, "a", "s3",
	    "k", "v" },
	{ "nested with a comment", "[a]\ns3 = ; c\n  k = v ; d\n",
	    INI_INLINE_COMMENTS, "a", "s3", "k", "v" },
	{ "after nested", "[a]\ns3 =\n  k = v\nr = x\n", 0, "a", "r", NULL,
	    "x" },
	{ "nested by tab", "[a]\ns3=\n\tk=v\n", 0, "a", "s3", "k", "v" },
	{ "two services", "[services s]\ns3 =\n  endpoint_url = a\nce =\n"
	    "  endpoint_url = b\n", 0, "services s", "ce", "endpoint_url",
	    "b" },
	{ "continued", "[a]\nk = one\n  two\n\tthree  \nm = x\n", 0, "a",
	    "k", NULL, "one\ntwo\nthree" },
	{ "continued with =", "[a]\nk = one\n  two = 2\n", 0, "a", "k", NULL,
	    "one\ntwo = 2" },
	{ "continued with a bracket", "[a]\nk = one\n  [b]\n", 0, "a", "k",
	    NULL, "one\n[b]" },
	{ "continued with CRLF", "[a]\r\nk = one\r\n  two\r\nm = 3\r\n", 0,
	    "a", "k", NULL, "one\ntwo" },
	{ "after continued", "[a]\nk = one\n  two\nm = x\n", 0, "a", "m",
	    NULL, "x" },
	{ "continued comments", "[a]\nk = one ; c\n  two # d\n",
	    INI_INLINE_COMMENTS, "a", "k", NULL, "one\ntwo" },
	{ "whole section indented", "[a]\n  k = 1\n  m = 2\n", 0, "a", "m",
	    NULL, "2" },
	{ "indented section", "  [a]\n  k = 1\n", 0, "a", "k", NULL, "1" },
	{ "BOM", "\xef\xbb\xbf[a]\nk = 1\n", 0, "a", "k", NULL, "1" },
	{ "CRLF", "[a]\r\nk = 1\r\n", 0, "a", "k", NULL, "1" },
	{ "no line end", "[a]\nk = 1", 0, "a", "k", NULL, "1" },
	{ "CR at the end", "[a]\nk = 1\r", 0, "a", "k", NULL, "1" },
	{ "literals", "[a]\nk = 50% %(x)s ${y} \"q\"\n", 0, "a", "k", NULL,
	    "50% %(x)s ${y} \"q\"" },
	{ "secret", "[a]\nk = wJalr/+UtnFEMI==\n", 0, "a", "k", NULL,
	    "wJalr/+UtnFEMI==" },
	{ "UTF-8", "[caf\xc3\xa9]\nk = \xe2\x82\xac\n", 0, "caf\xc3\xa9",
	    "k", NULL, "\xe2\x82\xac" },
	{ "blank key inside", "[a]\nmy key = 1\n", 0, "a", "my key", NULL,
	    "1" },
	{ "empty value", "[a]\nk =\nm = 1\n", 0, "a", "k", NULL, "" },
	{ "DEFAULT is a name", "[DEFAULT]\nk = 1\n[a]\nm = 2\n", 0, "a", "k",
	    NULL, NULL },
	{ "another section's", "[a]\nk = 1\n[b]\n", 0, "b", "k", NULL,
	    NULL },
	{ "nothing", "", 0, "a", "k", NULL, NULL },
	{ "blank lines", "\n \n\t\n\r\n", 0, "a", "k", NULL, NULL },
};

/* What its readers look for: the last one of that name. */
static const struct ini_entry *
find(const struct ini *ini, const char *section, const char *key,
    const char *sub)
{
	size_t i;

	for (i = ini->count; i-- > 0;) {
		const struct ini_entry *e = &ini->entries[i];

		if (span_is_nocase(e->key, key) &&
		    span_is_nocase(e->sub, sub == NULL ? "" : sub) &&
		    span_is(e->section, section))
			return e;
	}
	return NULL;
}

static void
test_values(void)
{
	size_t i;

	for (i = 0; i < COUNT(values); i++) {
		const struct ini_entry *e;
		struct err err = { 0 };
		struct ini ini;

		if (!ok(ini_parse(&ini, span_of(values[i].text), "f",
		    values[i].flags, &err) == 0, "%s", values[i].name)) {
			note("%s", err.message);
			continue;
		}
		e = find(&ini, values[i].section, values[i].key,
		    values[i].sub);
		if (values[i].want == NULL)
			ok(e == NULL, "absent");
		else if (ok(e != NULL, "found"))
			is_span(e->value, values[i].want, "its value");
		ini_clear(&ini);
		ini_clear(&ini);
	}
}

static void
test_refused(void)
{
	static const struct {
		const char *name;
		struct span text;
		const char *message;
	} rows[] = {
		{ "key before any section", SPAN_LITERAL("\nk = 1\n"),
		    "'f' line 2: a key before the first [section]" },
		{ "line without =", SPAN_LITERAL("[a]\nregion\n"),
		    "'f' line 2: neither '[section]' nor 'key = value'" },
		{ "nested without =", SPAN_LITERAL("[a]\ns3 =\n  x\n"),
		    "'f' line 3: neither '[section]' nor 'key = value'" },
		{ "no key", SPAN_LITERAL("[a]\n= 1\n"),
		    "'f' line 2: no key before '='" },
		{ "no nested key", SPAN_LITERAL("[a]\ns3 =\n  = 1\n"),
		    "'f' line 3: no key before '='" },
		{ "open bracket", SPAN_LITERAL("[a\nk = 1\n"),
		    "'f' line 1: ']' is missing" },
		{ "no name", SPAN_LITERAL("[]\n"),
		    "'f' line 1: a section needs a name" },
		{ "blank name", SPAN_LITERAL("[ \t]\n"),
		    "'f' line 1: a section needs a name" },
		{ "text behind", SPAN_LITERAL("[a] k = 1\n"),
		    "'f' line 1: text behind ']'" },
		{ "NUL", SPAN_LITERAL("[a]\nk = 1\0\n"),
		    "'f' line 2: a control byte" },
		{ "escape", SPAN_LITERAL("[a]\nk = \x1b[31m\n"),
		    "'f' line 2: a control byte" },
		{ "CR in a line", SPAN_LITERAL("[a]\nk = 1\r2\n"),
		    "'f' line 2: a control byte" },
		{ "DEL", SPAN_LITERAL("# \x7f\n"),
		    "'f' line 1: a control byte" },
		{ "UTF-16", SPAN_LITERAL("\xff\xfe[\0a\0]\0"),
		    "'f' line 1: a control byte" },
	};
	size_t i;

	for (i = 0; i < COUNT(rows); i++) {
		struct err err = { 0 };
		struct ini ini;

		is_int(ini_parse(&ini, rows[i].text, "f", 0, &err), -1,
		    "refuse: %s", rows[i].name);
		is_int(err.class, ERR_USAGE, "as usage");
		is_str(err.message, rows[i].message, "its message");
		ok(ini.memory == NULL && ini.count == 0, "nothing is left");
	}
}

static void
test_order(void)
{
	static const char text[] = "# one\n[a]\nk = 1\n\n[b]\n[a]\ns3 =\n"
	    " x = y\n";
	struct err err = { 0 };
	struct ini ini;

	if (!ok(ini_parse(&ini, span_of(text), "f", 0, &err) == 0, "order"))
		return;
	is_uint(ini.section_count, 3, "sections with duplicates");
	is_span(ini.sections[1].name, "b", "in order");
	is_uint(ini.sections[2].line, 6, "with lines");
	is_uint(ini.sections[0].line, 2, "first line of a section");
	is_uint(ini.sections[1].line, 5, "of an empty one");
	is_uint(ini.count, 3, "entries");
	is_uint(ini.entries[0].line, 3, "line of a key");
	is_uint(ini.entries[2].line, 8, "line of a nested key");
	is_span(ini.entries[2].key, "s3", "its outer key");
	is_span(ini.entries[2].sub, "x", "its inner key");
	is_span(ini.entries[2].section, "a", "its section");
	ini_clear(&ini);
}

static void
test_large(void)
{
	struct err err = { 0 };
	struct ini ini;
	struct buf b;
	int i;

	buf_init(&b, LIMIT_PROFILE_FILE);
	for (i = 0; i < 3000; i++)
		buf_addf(&b, "[profile p%d]\nrole_arn = arn:%d\n"
		    "source_profile = s\nregion = r\n\n", i, i);
	is_int(ini_parse(&ini, buf_view(&b), "f", 0, &err), 0,
	    "thousands of profiles");
	is_uint(ini.count, 9000, "all their keys");
	is_span(find(&ini, "profile p2999", "role_arn", NULL)->value,
	    "arn:2999", "the last one");
	is_span(find(&ini, "profile p0", "role_arn", NULL)->value,
	    "arn:0", "the first one");
	ini_clear(&ini);
	buf_reset(&b);
	buf_add_string(&b, "[a]\nk = ");
	for (i = 0; i < (int)LIMIT_INI_LINE - 4; i++)
		buf_add_char(&b, 'x');
	is_int(ini_parse(&ini, buf_view(&b), "f", 0, &err), 0, "a long line");
	ini_clear(&ini);
	buf_add_char(&b, 'x');
	is_int(ini_parse(&ini, buf_view(&b), "f", 0, &err), -1,
	    "a byte too long");
	is_str(err.message, "'f' line 2: the line is too long", "and said");
	buf_clear(&b);
}

int
main(void)
{
	test_values();
	test_refused();
	test_order();
	test_large();
	return done_testing();
}
