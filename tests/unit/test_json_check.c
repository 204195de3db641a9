#include "tap.h"

#include <stdlib.h>

#include "base/limits.h"
#include "codec/json.h"

#define COUNT(rows) (sizeof (rows) / sizeof (rows)[0])

/* RFC 8259, rule by rule. */
static const struct {
	const char *rule;
	struct span text;
} accepted[] = {
	{ "2: any value", SPAN_LITERAL("{}") },
	{ "2: any value", SPAN_LITERAL("[]") },
	{ "2: any value", SPAN_LITERAL("\"\"") },
	{ "2: any value", SPAN_LITERAL("0") },
	{ "2: blanks", SPAN_LITERAL(" \t\r\n[ \t\r\n] \t\r\n") },
	{ "2: blanks", SPAN_LITERAL("{ \"a\" : 1 , \"b\" : 2 }") },
	{ "3: true", SPAN_LITERAL("true") },
	{ "3: false", SPAN_LITERAL("[false]") },
	{ "3: null", SPAN_LITERAL("{\"a\":null}") },
	{ "4: members", SPAN_LITERAL("{\"a\":1,\"b\":{\"c\":[]}}") },
	{ "4: empty name", SPAN_LITERAL("{\"\":1}") },
	{ "4: duplicate names", SPAN_LITERAL("{\"a\":1,\"a\":2}") },
	{ "5: elements", SPAN_LITERAL("[1,\"a\",null,[],{},true]") },
	{ "6: zero", SPAN_LITERAL("-0") },
	{ "6: integer", SPAN_LITERAL("-1234567890") },
	{ "6: fraction", SPAN_LITERAL("[0.0,10.50,-0.1]") },
	{ "6: exponent", SPAN_LITERAL("[1e1,1E+2,0e-3,1.5e10,1E400]") },
	{ "6: long", SPAN_LITERAL("123456789012345678901234567890.5") },
	{ "7: escapes", SPAN_LITERAL("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"") },
	{ "7: \\u", SPAN_LITERAL("\"\\u0000\\u00e9\\uABCD\\uabcd\"") },
	{ "7: surrogates", SPAN_LITERAL("\"\\ud83d\\ude00\"") },
	{ "7: lone surrogate", SPAN_LITERAL("\"\\ud83d x \\ude00\"") },
	{ "7: all but controls", SPAN_LITERAL("\" !#[]^~\x7f\"") },
	{ "8: UTF-8", SPAN_LITERAL("\"\xc2\x80\xdf\xbf\xe0\xa0\x80\xef\xbf"
	    "\xbf\xf0\x90\x80\x80\xf4\x8f\xbf\xbf\"") },
	{ "8: UTF-8 in a name", SPAN_LITERAL("{\"\xc3\xa9\":1}") },
};

static const struct {
	const char *rule;
	struct span text;
	unsigned at;		/* the byte that the message names */
} refused[] = {
	{ "2: nothing", { NULL, 0 }, 1 },
	{ "2: blanks only", SPAN_LITERAL(" \n"), 3 },
	{ "2: two values", SPAN_LITERAL("1 2"), 3 },
	{ "2: two values", SPAN_LITERAL("{}{}"), 3 },
	{ "2: trailing comma", SPAN_LITERAL("1,"), 2 },
	{ "2: form feed", SPAN_LITERAL("\f1"), 1 },
	{ "2: no-break space", SPAN_LITERAL("\xc2\xa0" "1"), 1 },
	{ "2: NUL behind", SPAN_LITERAL("1\0"), 2 },
	{ "2: comment", SPAN_LITERAL("/**/1"), 1 },
	{ "2: only an end", SPAN_LITERAL("]"), 1 },
	{ "2: only an end", SPAN_LITERAL("}"), 1 },
	{ "2: comma", SPAN_LITERAL(","), 1 },
	{ "2: colon", SPAN_LITERAL(":"), 1 },
	{ "3: case", SPAN_LITERAL("True"), 1 },
	{ "3: case", SPAN_LITERAL("nULL"), 2 },
	{ "3: short", SPAN_LITERAL("tru"), 4 },
	{ "3: short", SPAN_LITERAL("[nul]"), 5 },
	{ "3: long", SPAN_LITERAL("truee"), 5 },
	{ "3: long", SPAN_LITERAL("[nullx]"), 6 },
	{ "3: other word", SPAN_LITERAL("NaN"), 1 },
	{ "3: other word", SPAN_LITERAL("Infinity"), 1 },
	{ "3: other word", SPAN_LITERAL("undefined"), 1 },
	{ "4: open", SPAN_LITERAL("{"), 2 },
	{ "4: open", SPAN_LITERAL("{\"a\":1"), 7 },
	{ "4: open", SPAN_LITERAL("{\"a\""), 5 },
	{ "4: open", SPAN_LITERAL("{\"a\":"), 6 },
	{ "4: open", SPAN_LITERAL("{\"a\":1,"), 8 },
	{ "4: no colon", SPAN_LITERAL("{\"a\" \"b\"}"), 6 },
	{ "4: no value", SPAN_LITERAL("{\"a\":}"), 6 },
	{ "4: no value", SPAN_LITERAL("{\"a\"}"), 5 },
	{ "4: no name", SPAN_LITERAL("{:1}"), 2 },
	{ "4: bare name", SPAN_LITERAL("{a:1}"), 2 },
	{ "4: number for a name", SPAN_LITERAL("{1:1}"), 2 },
	{ "4: quotes", SPAN_LITERAL("{'a':1}"), 2 },
	{ "4: trailing comma", SPAN_LITERAL("{\"a\":1,}"), 8 },
	{ "4: leading comma", SPAN_LITERAL("{,\"a\":1}"), 2 },
	{ "4: two commas", SPAN_LITERAL("{\"a\":1,,\"b\":2}"), 8 },
	{ "4: no comma", SPAN_LITERAL("{\"a\":1 \"b\":2}"), 8 },
	{ "4: two colons", SPAN_LITERAL("{\"a\"::1}"), 6 },
	{ "4: colons for commas", SPAN_LITERAL("{\"a\":1:\"b\"}"), 7 },
	{ "4: wrong end", SPAN_LITERAL("{\"a\":1]"), 7 },
	{ "4: wrong end", SPAN_LITERAL("{]"), 2 },
	{ "5: open", SPAN_LITERAL("["), 2 },
	{ "5: open", SPAN_LITERAL("[1"), 3 },
	{ "5: open", SPAN_LITERAL("[1,"), 4 },
	{ "5: no comma", SPAN_LITERAL("[1 2]"), 4 },
	{ "5: trailing comma", SPAN_LITERAL("[1,]"), 4 },
	{ "5: leading comma", SPAN_LITERAL("[,1]"), 2 },
	{ "5: two commas", SPAN_LITERAL("[1,,2]"), 4 },
	{ "5: colon", SPAN_LITERAL("[1:2]"), 3 },
	{ "5: colon", SPAN_LITERAL("[\"a\":2]"), 5 },
	{ "5: wrong end", SPAN_LITERAL("[1}"), 3 },
	{ "5: wrong end", SPAN_LITERAL("[}"), 2 },
	{ "5: one end too many", SPAN_LITERAL("[]]"), 3 },
	{ "6: leading zero", SPAN_LITERAL("01"), 2 },
	{ "6: leading zero", SPAN_LITERAL("-01"), 3 },
	{ "6: leading zero", SPAN_LITERAL("[00]"), 3 },
	{ "6: plus", SPAN_LITERAL("+1"), 1 },
	{ "6: minus alone", SPAN_LITERAL("-"), 2 },
	{ "6: minus alone", SPAN_LITERAL("[-]"), 3 },
	{ "6: two minuses", SPAN_LITERAL("--1"), 2 },
	{ "6: no integer", SPAN_LITERAL(".5"), 1 },
	{ "6: no integer", SPAN_LITERAL("-.5"), 2 },
	{ "6: no fraction", SPAN_LITERAL("1."), 3 },
	{ "6: no fraction", SPAN_LITERAL("[1.]"), 4 },
	{ "6: no fraction", SPAN_LITERAL("[1.e5]"), 4 },
	{ "6: two points", SPAN_LITERAL("1.2.3"), 4 },
	{ "6: no exponent", SPAN_LITERAL("1e"), 3 },
	{ "6: no exponent", SPAN_LITERAL("[1e+]"), 5 },
	{ "6: no exponent", SPAN_LITERAL("[1E-]"), 5 },
	{ "6: exponent's fraction", SPAN_LITERAL("1e1.5"), 4 },
	{ "6: hex", SPAN_LITERAL("0x1"), 2 },
	{ "6: separator", SPAN_LITERAL("1_000"), 2 },
	{ "6: letter behind", SPAN_LITERAL("1a"), 2 },
	{ "7: open", SPAN_LITERAL("\""), 2 },
	{ "7: open", SPAN_LITERAL("\"abcdefghijklmnopq"), 19 },
	{ "7: open", SPAN_LITERAL("[\"a]"), 5 },
	{ "7: open after escape", SPAN_LITERAL("\"\\\""), 4 },
	{ "7: escape alone", SPAN_LITERAL("\"\\"), 3 },
	{ "7: unknown escape", SPAN_LITERAL("\"\\x41\""), 3 },
	{ "7: unknown escape", SPAN_LITERAL("\"\\a\""), 3 },
	{ "7: unknown escape", SPAN_LITERAL("\"\\'\""), 3 },
	{ "7: unknown escape", SPAN_LITERAL("\"\\0\""), 3 },
	{ "7: unknown escape", SPAN_LITERAL("\"\\\0\""), 3 },
	{ "7: unknown escape", SPAN_LITERAL("\"\\U0041\""), 3 },
	{ "7: short \\u", SPAN_LITERAL("\"\\u\""), 4 },
	{ "7: short \\u", SPAN_LITERAL("\"\\u123\""), 7 },
	{ "7: short \\u", SPAN_LITERAL("\"\\u12"), 6 },
	{ "7: \\u not hex", SPAN_LITERAL("\"\\u12g4\""), 6 },
	{ "7: \\u not hex", SPAN_LITERAL("\"\\u+123\""), 4 },
	{ "7: NUL", SPAN_LITERAL("\"a\0b\""), 3 },
	{ "7: line end", SPAN_LITERAL("\"a\nb\""), 3 },
	{ "7: tab", SPAN_LITERAL("\"\t\""), 2 },
	{ "7: control", SPAN_LITERAL("\"abcdefgh\x1f" "abcdefgh\""), 10 },
	{ "7: single quotes", SPAN_LITERAL("'a'"), 1 },
	{ "8: BOM", SPAN_LITERAL("\xef\xbb\xbf{}"), 1 },
	{ "8: lone byte", SPAN_LITERAL("\"\x80\""), 2 },
	{ "8: overlong", SPAN_LITERAL("\"\xc0\x80\""), 2 },
	{ "8: overlong", SPAN_LITERAL("\"\xe0\x80\x80\""), 2 },
	{ "8: surrogate", SPAN_LITERAL("\"\xed\xa0\x80\""), 2 },
	{ "8: too large", SPAN_LITERAL("\"\xf4\x90\x80\x80\""), 2 },
	{ "8: cut", SPAN_LITERAL("\"\xe2\x82\""), 2 },
	{ "8: cut by the end", SPAN_LITERAL("\"\xe2\x82"), 2 },
	{ "8: Latin-1", SPAN_LITERAL("{\"caf\xe9\":1}"), 6 },
	{ "8: UTF-16", SPAN_LITERAL("\xff\xfe[\0]\0"), 1 },
	{ "9: markup", SPAN_LITERAL("<html>"), 1 },
};

static void
test_grammar(void)
{
	size_t i;

	for (i = 0; i < COUNT(accepted); i++) {
		struct err err = { 0 };
		struct json j;

		is_int(json_check(accepted[i].text, &err), 0, "accept %s",
		    accepted[i].rule);
		is_str(err.message, "", "nothing to say");
		if (ok(json_parse(&j, accepted[i].text, 0, &err) == 0,
		    "parse"))
			is_bytes(json_raw(&j, 0),
			    span_trim(accepted[i].text), "its root");
		json_clear(&j);
	}
	for (i = 0; i < COUNT(refused); i++) {
		struct err err = { 0 };
		struct json j;
		char want[32];

		snprintf(want, sizeof want, "byte %u: ", refused[i].at);
		is_int(json_check(refused[i].text, &err), -1, "refuse %s",
		    refused[i].rule);
		is_int(err.class, ERR_DATA, "as data");
		if (!has_str(err.message, want, "at its place"))
			note("%s", err.message);
		err_clear(&err);
		is_int(json_parse(&j, refused[i].text, 0, &err), -1,
		    "not parsed");
		ok(j.tokens == NULL && j.count == 0, "nothing is left");
	}
}

/* Hands a text over in pieces, each in memory of its own that is gone with the
 * next one: first bytes, then step bytes each time, and an empty one. */
struct pieces {
	struct span rest;
	size_t first, step;
	char *piece;
	bool empty, over;
	int asked_behind;	/* after it had said that it is over */
};

static bool
pull(void *state, struct span *piece)
{
	struct pieces *p = state;
	size_t n = p->first > 0 ? p->first : p->step;

	free(p->piece);
	p->piece = NULL;
	p->asked_behind += p->over;
	p->empty = !p->empty;
	if (p->empty) {
		*piece = span_make(NULL, 0);
		return true;
	}
	p->over = p->rest.n == 0;
	if (p->over)
		return false;
	n = n < p->rest.n ? n : p->rest.n;
	p->first = 0;
	if ((p->piece = malloc(n)) == NULL)
		abort();
	memcpy(p->piece, p->rest.p, n);
	*piece = span_make(p->piece, n);
	p->rest = span_make(p->rest.p + n, p->rest.n - n);
	return true;
}

/* In how many ways of cutting it is the verdict another one? */
static int
count_wrong(struct span text, bool sound)
{
	size_t first, step;
	int wrong = 0;

	for (step = 1; step <= 9; step += step < 4 ? 1 : 5)
		for (first = 0; first <= text.n; first++) {
			struct pieces p = { .rest = text, .first = first,
				.step = step };
			struct err err = { 0 };

			wrong += (json_check_pieces(pull, &p, &err) == 0) !=
			    sound || p.asked_behind > 0 ||
			    (err.class == ERR_DATA) == sound;
			free(p.piece);
		}
	return wrong;
}

static void
test_pieces(void)
{
	static const char *const runs[] = { "\xc3\xa9", "\xe2\x82\xac",
		"\xf0\x9f\x98\x80", "\xe2\x82", "\xf0\x9f\x98", "\xa9",
		"\xed\xa0\x80", "\xe0\x80\x80", "\xc0\x80", "\xff", "\xc3" };
	struct span whole;
	struct err err;
	char text[64];
	size_t i, j, k;
	int n;

	for (i = 0; i < COUNT(accepted); i++)
		is_int(count_wrong(accepted[i].text, true), 0,
		    "in pieces: accept %s", accepted[i].rule);
	for (i = 0; i < COUNT(refused); i++)
		is_int(count_wrong(refused[i].text, false), 0,
		    "in pieces: refuse %s", refused[i].rule);
	for (i = 0; i < COUNT(runs); i++)
		for (j = 0; j < COUNT(runs); j++)
			for (k = 0; k < 9; k += 4) {
				n = snprintf(text, sizeof text, "[\"%.*s%s%s\"]",
				    (int)k, "abcdefgh", runs[i], runs[j]);
				whole = span_make(text, (size_t)n);
				err_clear(&err);
				is_int(count_wrong(whole,
				    json_check(whole, &err) == 0), 0,
				    "in pieces: runs %zu and %zu", i, j);
			}
}

/* A text that ends anywhere is never taken for a whole one. */
static void
test_truncated(void)
{
	static const char text[] = "{\"a\":[1,-2.5e+3,true,null,\"x\\u00e9\\n"
	    "\xc3\xa9 long enough\"],\"b\":{\"c\":false}}";
	struct err err;
	size_t n;
	int wrong = 0;

	err_clear(&err);
	is_int(json_check(span_of(text), &err), 0, "the whole text");
	for (n = 0; n < strlen(text); n++) {
		char *copy = malloc(n + 1);

		if (copy == NULL)
			break;
		/* Of exactly this size, for a sanitizer to watch. */
		memcpy(copy, text, n);
		err_clear(&err);
		if (json_check(span_make(copy, n), &err) == 0)
			wrong++;
		free(copy);
	}
	is_int(wrong, 0, "cut after each of its bytes");
}

static void
test_depth(void)
{
	static const char *const pairs[] = { "[]", "{}" };
	char text[1024];
	size_t i, n, depth;

	for (i = 0; i < 2; i++)
		for (depth = LIMIT_JSON_DEPTH; depth <= LIMIT_JSON_DEPTH + 1;
		    depth++) {
			struct err err = { 0 };
			struct json j;
			size_t k;

			for (n = 0, k = 0; k < depth; k++) {
				text[n++] = pairs[i][0];
				if (i == 1 && k + 1 < depth) {
					memcpy(text + n, "\"\":", 3);
					n += 3;
				}
			}
			for (k = 0; k < depth; k++)
				text[n++] = pairs[i][1];
			is_int(json_parse(&j, span_make(text, n), 0, &err),
			    depth > LIMIT_JSON_DEPTH ? -1 : 0,
			    "%zu deep", depth);
			if (err.class != ERR_NONE)
				has_str(err.message, "nested more than", "%s",
				    err.message);
			json_clear(&j);
		}
}

static void
test_count(void)
{
	struct err err = { 0 };
	size_t count = 0;

	is_int(json_check_count(span_of("{\"a\":[1,\"b\",{}],\"c\":null}"),
	    &count, &err), 0, "count");
	is_uint(count, 8, "values and names");
}

/* Strings are read eight bytes at a time: each byte at each place of lengths
 * around it, with each number of bytes behind the string. */
static void
test_each_place(void)
{
	char text[64];
	int length, place, byte, behind, wrong = 0;

	for (length = 1; length <= 18; length++)
		for (place = 0; place < length; place++)
			for (byte = 0; byte < 256; byte++)
				for (behind = 0; behind < 10; behind += 3) {
					struct err err = { 0 };
					bool sound = byte >= 0x20 &&
					    byte < 0x80 && byte != '"' &&
					    byte != '\\';
					int n = snprintf(text, sizeof text,
					    "\"%0*d\"%*s", length, 0, behind,
					    "");

					text[1 + place] = (char)byte;
					wrong += (json_check(span_make(text,
					    (size_t)n), &err) == 0) != sound;
				}
	is_int(wrong, 0, "each byte at each place of a string");
}

int
main(void)
{
	test_grammar();
	test_pieces();
	test_each_place();
	test_truncated();
	test_depth();
	test_count();
	return done_testing();
}
