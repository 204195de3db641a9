#include "codec/escape.h"

#include "tap.h"

/* What somebody might call a team to see what happens. */
#define HOSTILE "=cmd|' /C calc'!A0,\"<script>alert(1)</script>&|`*_[x](y)"

struct row {
	const char *text;
	const char *want;
};

static const struct row csv[] = {
	{ "", "" }, { "Amazon S3", "Amazon S3" }, { "a,b", "\"a,b\"" },
	{ "say \"x\"", "\"say \"\"x\"\"\"" }, { "a\nb", "\"a\nb\"" },
	{ "a\rb", "\"a\rb\"" }, { " a", "\" a\"" }, { "a ", "\"a \"" },
	{ "-1.5", "-1.5" }, { "+1", "+1" }, { "-1.5e3", "-1.5e3" },
	{ "-1+1", "'-1+1" }, { "=1+1", "'=1+1" }, { "@SUM(A1)", "'@SUM(A1)" },
	{ "+cmd", "'+cmd" }, { "-", "'-" }, { "\tx", "'\tx" },
	{ "\rx", "\"'\rx\"" }, { "a=1", "a=1" }, { "=1,2", "\"'=1,2\"" },
	{ HOSTILE, "\"'=cmd|' /C calc'!A0,\"\"<script>alert(1)</script>&|`*_"
	    "[x](y)\"" },
};

static const struct row markdown[] = {
	{ "", "" }, { "Amazon S3", "Amazon S3" },
	{ "EC2 - Other", "EC2 - Other" }, { "a|b", "a\\|b" },
	{ "a\\|b", "a\\\\\\|b" }, { "**x**", "\\*\\*x\\*\\*" },
	{ "`x`", "\\`x\\`" }, { "[x](http://y)", "\\[x\\](http&#58;//y)" },
	{ "![x](y)", "\\!\\[x\\](y)" }, { "<img src=x>",
	    "&lt;img src=x&gt;" }, { "&lt;", "&amp;lt;" },
	{ "a\n| b", "a \\| b" }, { "# x", "\\# x" }, { "$x$", "\\$x\\$" },
	{ "@team", "\\@team" }, { "www.evil.example", "www&#46;evil.example" },
	{ "WWW.x", "WWW&#46;x" }, { "a:b", "a:b" }, { "~~x~~",
	    "\\~\\~x\\~\\~" },
	{ HOSTILE, "=cmd\\|' /C calc'\\!A0,\"&lt;script&gt;alert(1)"
	    "&lt;/script&gt;&amp;\\|\\`\\*\\_\\[x\\](y)" },
};

static const struct row html[] = {
	{ "", "" }, { "Amazon S3", "Amazon S3" }, { "a & b", "a &amp; b" },
	{ "</title><script>", "&lt;/title&gt;&lt;script&gt;" },
	{ "\" onload='x'", "&quot; onload=&#39;x&#39;" },
	{ "\xc3\xa9", "\xc3\xa9" },
	{ HOSTILE, "=cmd|&#39; /C calc&#39;!A0,&quot;&lt;script&gt;alert(1)"
	    "&lt;/script&gt;&amp;|`*_[x](y)" },
};

static void
check(const char *what, void (*escape)(struct span s, struct buf *out),
    const struct row *rows, size_t count)
{
	struct buf out;
	size_t i;

	buf_init(&out, 4096);
	for (i = 0; i < count; i++) {
		buf_reset(&out);
		escape(span_of(rows[i].text), &out);
		is_str(buf_string(&out), rows[i].want, "%s: '%s'", what,
		    rows[i].text);
	}
	buf_clear(&out);
}

int
main(void)
{
	check("CSV", escape_csv, csv, sizeof csv / sizeof csv[0]);
	check("Markdown", escape_markdown, markdown,
	    sizeof markdown / sizeof markdown[0]);
	check("HTML", escape_html, html, sizeof html / sizeof html[0]);
	return done_testing();
}
