#include "tap.h"

#include "base/limits.h"
#include "codec/xml.h"

#define COUNT(rows) (sizeof (rows) / sizeof (rows)[0])

static void
test_text(void)
{
	static const struct {
		const char *name, *text, *path, *want;
	} rows[] = {
		{ "S3 error", "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
		    "<Error><Code>NoSuchKey</Code><Message>no</Message>"
		    "</Error>", "Code", "NoSuchKey" },
		{ "namespace", "<ErrorResponse xmlns=\"https://sts/\">"
		    "<Error><Code>Expired</Code></Error></ErrorResponse>",
		    "Error/Code", "Expired" },
		{ "prefixes", "<s:E xmlns:s=\"u\"><s:C>x</s:C></s:E>", "C",
		    "x" },
		{ "unbound prefixes", "<s:E><s:C>x</s:C></s:E>", "C", "x" },
		{ "two prefixes", "<E><s:t:C>x</s:t:C></E>", "C", "x" },
		{ "no prefix", "<:E><:C>x</:C></:E>", "C", "x" },
		{ "underscore", "<s:_E><s:_C>x</s:_C></s:_E>", "_C", "x" },
		{ "past ASCII", "<E><\xc3\x89>x</\xc3\x89></E>", "\xc3\x89",
		    "x" },
		{ "attributes", "<E a=\"1\"><C b='2'>x</C></E>", "C", "x" },
		{ "order free", "<E><Z/><Code>x</Code></E>", "Code", "x" },
		{ "first of many", "<E><C>1</C><C>2</C></E>", "C", "1" },
		{ "absent", "<E><C>1</C></E>", "D", "" },
		{ "absent path", "<E><C>1</C></E>", "C/D", "" },
		{ "longer name", "<E><Code>1</Code></E>", "Cod", "" },
		{ "empty element", "<E><C/></E>", "C", "" },
		{ "untrimmed", "<E><C> x \n</C></E>", "C", " x \n" },
		{ "line ends", "<E><C>a\r\nb\rc</C></E>", "C", "a\nb\nc" },
		{ "entities", "<E><C>&lt;&amp;&gt;&quot;&apos;</C></E>", "C",
		    "<&>\"'" },
		{ "ETag", "<E><C>&quot;abc&quot;</C></E>", "C", "\"abc\"" },
		{ "references", "<E><C>&#13;&#x41;&#233;</C></E>", "C",
		    "\rA\xc3\xa9" },
		{ "CDATA", "<E><C>a<![CDATA[<b>&amp;]]>c</C></E>", "C",
		    "a<b>&amp;c" },
		{ "comment", "<E><C>a<!-- x -->b</C></E>", "C", "ab" },
		{ "instruction", "<E><C>a<?x y?>b</C></E>", "C", "ab" },
		{ "container's own text", "<E><C>a<D/>b</C></E>", "C", "" },
		{ "root", "<LocationConstraint>EU</LocationConstraint>", "",
		    "EU" },
		{ "empty root", "<LocationConstraint/>", "", "" },
		{ "BOM", "\xef\xbb\xbf<E><C>x</C></E>", "C", "x" },
		{ "UTF-8", "<E><C>\xe2\x82\xac</C></E>", "C",
		    "\xe2\x82\xac" },
		{ "Latin-1", "<?xml version='1.0' encoding='ISO-8859-1'?>"
		    "<E><C>\xe9</C></E>", "C", "\xc3\xa9" },
		{ "deep", "<A><B><C><D>x</D></C></B></A>", "B/C/D", "x" },
		{ "blank behind", "<E><C>x</C></E>\n\n", "C", "x" },
	};
	size_t i;

	for (i = 0; i < COUNT(rows); i++) {
		struct err err = { 0 };
		struct xml x;

		if (!ok(xml_parse(&x, span_of(rows[i].text), &err) == 0, "%s",
		    rows[i].name)) {
			note("%s", err.message);
			continue;
		}
		is_span(xml_text(x.root, rows[i].path), rows[i].want,
		    "its text");
		xml_clear(&x);
		xml_clear(&x);
	}
}

static void
test_refused(void)
{
	static const struct {
		const char *name;
		struct span text;
	} rows[] = {
		{ "nothing", { NULL, 0 } },
		{ "blanks", SPAN_LITERAL(" \n") },
		{ "text", SPAN_LITERAL("hello") },
		{ "JSON", SPAN_LITERAL("{\"a\":1}") },
		{ "open", SPAN_LITERAL("<E><C>x</C>") },
		{ "mismatched", SPAN_LITERAL("<E><C>x</E></C>") },
		{ "two roots", SPAN_LITERAL("<E/><E/>") },
		{ "text behind", SPAN_LITERAL("<E/>x") },
		{ "HTML", SPAN_LITERAL("<!DOCTYPE html><html><br></html>") },
		{ "doctype", SPAN_LITERAL("<!DOCTYPE E><E/>") },
		{ "external subset", SPAN_LITERAL("<!DOCTYPE E SYSTEM "
		    "\"file:///etc/passwd\"><E/>") },
		{ "entity", SPAN_LITERAL("<!DOCTYPE E [<!ENTITY a \"b\">]>"
		    "<E>&a;</E>") },
		{ "external entity", SPAN_LITERAL("<!DOCTYPE E [<!ENTITY a "
		    "SYSTEM \"file:///etc/passwd\">]><E>&a;</E>") },
		{ "bomb", SPAN_LITERAL("<!DOCTYPE E [<!ENTITY a \"aaaaaaaaaa"
		    "\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;\">"
		    "<!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;\">]>"
		    "<E>&c;&c;&c;&c;</E>") },
		{ "parameter entity", SPAN_LITERAL("<!DOCTYPE E [<!ENTITY % a "
		    "\"<!ENTITY b 'c'>\">%a;]><E>&b;</E>") },
		{ "prefix alone", SPAN_LITERAL("<E><p:/></E>") },
		{ "colon alone", SPAN_LITERAL("<:/>") },
		{ "digit behind a colon", SPAN_LITERAL("<:4/>") },
		{ "digit behind a prefix", SPAN_LITERAL("<E><p:4/></E>") },
		{ "hyphen behind a prefix", SPAN_LITERAL("<E><p:-a/></E>") },
		{ "dot behind two", SPAN_LITERAL("<E><p:q:.a/></E>") },
		{ "U+00B7 behind a prefix", SPAN_LITERAL("<E><p:\xc2\xb7/>"
		    "</E>") },
		{ "undeclared entity", SPAN_LITERAL("<E>&nbsp;</E>") },
		{ "NUL", SPAN_LITERAL("<E>\0</E>") },
		{ "NUL reference", SPAN_LITERAL("<E>&#0;</E>") },
		{ "control reference", SPAN_LITERAL("<E>&#1;</E>") },
		{ "control byte", SPAN_LITERAL("<E>\x01</E>") },
		{ "not UTF-8", SPAN_LITERAL("<E>\xff</E>") },
		{ "overlong", SPAN_LITERAL("<E>\xc0\x80</E>") },
		{ "bare &", SPAN_LITERAL("<E>a & b</E>") },
		{ "attribute twice", SPAN_LITERAL("<E a='1' a='2'/>") },
		{ "unknown encoding", SPAN_LITERAL("<?xml version='1.0' "
		    "encoding='x-y'?><E/>") },
	};
	size_t i;

	for (i = 0; i < COUNT(rows); i++) {
		struct err err = { 0 };
		struct xml x;

		is_int(xml_parse(&x, rows[i].text, &err), -1, "refuse: %s",
		    rows[i].name);
		is_int(err.class, ERR_DATA, "as data");
		has_str(err.message, "not XML: line ", "its message");
		ok(x.root == NULL && x.memory == NULL, "nothing is left");
	}
}

static void
test_list(void)
{
	static const char text[] = "<ListBucketResult>"
	    "<IsTruncated>true</IsTruncated>"
	    "<Contents><Key>a</Key></Contents>"
	    "<CommonPrefixes><Prefix>p/</Prefix></CommonPrefixes>"
	    "<Contents><Key>b</Key></Contents>"
	    "<Contents><Key>c</Key></Contents></ListBucketResult>";
	const struct xml_node *node;
	struct err err = { 0 };
	struct xml x;
	char keys[8] = "";
	size_t n = 0;

	if (!ok(xml_parse(&x, span_of(text), &err) == 0, "a list"))
		return;
	is_str(x.root->name, "ListBucketResult", "root");
	for (node = xml_child(x.root, "Contents"); node != NULL;
	    node = xml_again(node))
		keys[n++] = xml_text(node, "Key").p[0];
	is_str(keys, "abc", "again and again");
	ok(xml_child(NULL, "x") == NULL && xml_again(NULL) == NULL &&
	    xml_find(NULL, "x") == NULL, "NULL has nothing");
	is_uint(xml_text(NULL, "x").n, 0, "and no text");
	ok(xml_find(x.root, "CommonPrefixes/Prefix") != NULL, "find");
	ok(xml_find(x.root, "CommonPrefixes/Key") == NULL, "find nothing");
	xml_clear(&x);
}

static int
parse_nested(int depth, const char *inside)
{
	struct err err = { 0 };
	struct buf b;
	struct xml x;
	int i, status;

	buf_init(&b, LIMIT_LIST_BODY);
	for (i = 0; i < depth; i++)
		buf_add_string(&b, "<a>");
	buf_add_string(&b, inside);
	for (i = 0; i < depth; i++)
		buf_add_string(&b, "</a>");
	status = xml_parse(&x, buf_view(&b), &err);
	if (status == 0)
		xml_clear(&x);
	else
		note("%s", err.message);
	buf_clear(&b);
	return status;
}

static int
parse_many(unsigned count)
{
	struct err err = { 0 };
	struct buf b;
	struct xml x;
	unsigned i;
	int status;

	buf_init(&b, LIMIT_LIST_BODY);
	buf_add_string(&b, "<r>");
	for (i = 1; i < count; i++)
		buf_add_string(&b, "<e>t</e>");
	buf_add_string(&b, "</r>");
	status = xml_parse(&x, buf_view(&b), &err);
	if (status == 0)
		xml_clear(&x);
	else
		note("%s", err.message);
	buf_clear(&b);
	return status;
}

static void
test_caps(void)
{
	is_int(parse_nested(LIMIT_XML_DEPTH, "x"), 0, "deep enough");
	is_int(parse_nested(LIMIT_XML_DEPTH + 1, "x"), -1, "too deep");
	is_int(parse_nested(LIMIT_XML_DEPTH, "<a/>"), -1,
	    "too deep by an empty element");
	is_int(parse_many(LIMIT_XML_ELEMENTS), 0, "many enough");
	is_int(parse_many(LIMIT_XML_ELEMENTS + 1), -1, "too many");
}

static void
test_long_text(void)
{
	struct err err = { 0 };
	struct buf b;
	struct xml x;
	int i;

	buf_init(&b, 1000000);
	buf_add_string(&b, "<r><a>");
	for (i = 0; i < 50000; i++)
		buf_add_string(&b, "x&amp;");
	buf_add_string(&b, "</a><b>y</b></r>");
	if (ok(xml_parse(&x, buf_view(&b), &err) == 0, "a long text")) {
		is_uint(xml_text(x.root, "a").n, 100000, "whole");
		is_span(xml_text(x.root, "b"), "y", "and what follows");
		xml_clear(&x);
	}
	buf_clear(&b);
}

static void
test_escape(void)
{
	struct err err = { 0 };
	struct buf b;
	struct xml x;

	buf_init(&b, 200);
	xml_escape(span_of("a&b<c>d\"e'f\rg\n\xc3\xa9"), &b);
	is_str(buf_string(&b), "a&amp;b&lt;c&gt;d&quot;e&apos;f&#13;g\n"
	    "\xc3\xa9", "escape");
	buf_reset(&b);
	buf_add_string(&b, "<E>");
	xml_escape(span_of("<&>\"'\r\n]]>"), &b);
	buf_add_string(&b, "</E>");
	if (ok(xml_parse(&x, buf_view(&b), &err) == 0, "read again")) {
		is_span(x.root->text, "<&>\"'\r\n]]>", "as it was");
		xml_clear(&x);
	}
	buf_clear(&b);
}

int
main(void)
{
	test_text();
	test_refused();
	test_list();
	test_caps();
	test_long_text();
	test_escape();
	return done_testing();
}
