#include "creds/words.h"

#include <string.h>

#include "codec/escape.h"
#include "tap.h"

/* Words joined by '|', or the error. */
static const struct {
	const char *line;
	const char *words;	/* NULL: an error */
	const char *says;
} rows[] = {
	{ "a", "a", NULL },
	{ "  a\tb \n c\r\n", "a|b|c", NULL },
	{ "/opt/x --profile 'a b' \"c d\"", "/opt/x|--profile|a b|c d", NULL },
	{ "a'b c'd", "ab cd", NULL },
	{ "a \"\" ''", "a||", NULL },
	{ "a\\ b", "a b", NULL },
	{ "\\a \\' \\\"", "a|'|\"", NULL },
	{ "a '\\n \\'", "a|\\n \\", NULL },
	{ "a \"\\n \\\" \\\\ \\$ \\`\"", "a|\\n \" \\ $ `", NULL },
	{ "a \"it's\" 'say \"x\"'", "a|it's|say \"x\"", NULL },
	{ "a\\\nb", "ab", NULL },
	{ "a \\\n b", "a|b", NULL },
	{ "a \"b\\\nc\"", "a|bc", NULL },
	{ "a # no comment", "a|#|no|comment", NULL },
	{ "a $HOME *.x ~ | b > c; `d`", "a|$HOME|*.x|~|||b|>|c;|`d`", NULL },
	{ "C:\\\\x", "C:\\x", NULL },
	{ "\xc3\xa9 x", "\xc3\xa9|x", NULL },
	{ "", NULL, "the command names no program" },
	{ " \t\n", NULL, "the command names no program" },
	{ "\\\n", NULL, "the command names no program" },
	{ "'' a", NULL, "the command names no program" },
	{ "a 'b", NULL, "has a quotation that does not end" },
	{ "a \"b", NULL, "has a quotation that does not end" },
	{ "a \"b\\\"", NULL, "has a quotation that does not end" },
	{ "a \\", NULL, "ends in a backslash" },
	{ "a \"\\", NULL, "ends in a backslash" },
};

static void
test_split(void)
{
	char joined[256];
	size_t i, k;

	for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct err err = { 0 };
		struct words w = { 0 };
		int result = words_split(&w, rows[i].line, &err);

		if (rows[i].words == NULL) {
			is_int(result, -1, "refused: %s", rows[i].line);
			has_str(err.message, rows[i].says, "the reason");
			is_int(err.class, ERR_CREDENTIALS, "its class");
			ok(w.list == NULL, "nothing is left");
			continue;
		}
		is_int(result, 0, "split: %s", rows[i].line);
		joined[0] = '\0';
		for (k = 0; k < w.count; k++)
			snprintf(joined + strlen(joined),
			    sizeof joined - strlen(joined), "%s%s",
			    k > 0 ? "|" : "", w.list[k]);
		is_str(joined, rows[i].words, "its words");
		ok(w.list[w.count] == NULL, "NULL at the end");
		words_clear(&w);
		words_clear(&w);
	}
}

static void
test_shell(void)
{
	static const struct {
		const char *line;
		bool want;
	} cases[] = {
		{ "a -b c=d /e/f.g '|' \"&\" \\;", false },
		{ "a | b", true },
		{ "a $HOME", true },
		{ "a \"$HOME\"", true },
		{ "a \"\\$HOME\"", false },
		{ "a \"\\\\$HOME\"", true },
		{ "a '$HOME'", false },
		{ "a `b`", true },
		{ "a > b", true },
		{ "~/bin/a", true },
		{ "a && b", true },
		{ "a *.c", true },
		{ "a 'b", false },
	};
	size_t i;

	for (i = 0; i < sizeof cases / sizeof cases[0]; i++)
		is_int(words_want_shell(cases[i].line), cases[i].want,
		    "a shell for: %s", cases[i].line);
}

static void
test_quote(void)
{
	static const struct {
		const char *word, *quoted;
	} cases[] = {
		{ "prod", "prod" },
		{ "a b", "'a b'" },
		{ "a'b", "'a'\\''b'" },
		{ "", "''" },
		{ "-x", "'-x'" },
		{ "$x", "'$x'" },
		{ "me@corp/eu-1.x_y%+:", "me@corp/eu-1.x_y%+:" },
	};
	struct err err = { 0 };
	struct words w = { 0 };
	struct buf out;
	size_t i;

	buf_init(&out, 100);
	for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		buf_reset(&out);
		escape_shell(span_of(cases[i].word), &out);
		is_str(buf_string(&out), cases[i].quoted, "quoted");
		if (cases[i].word[0] == '\0')
			continue;
		is_int(words_split(&w, buf_string(&out), &err), 0, "back");
		is_str(w.list[0], cases[i].word, "the same word");
		words_clear(&w);
	}
	buf_clear(&out);
}

int
main(void)
{
	test_split();
	test_shell();
	test_quote();
	return done_testing();
}
