#include "base/columns.h"

#include "tap.h"

static const struct {
	const char *text;
	size_t columns;
} widths[] = {
	{ "", 0 },
	{ "Amazon S3", 9 },
	{ "\xc3\xa9t\xc3\xa9", 3 },
	{ "e\xcc\x81t", 2 },			/* e, combining acute */
	{ "\xe6\x9d\xb1\xe4\xba\xac", 4 },	/* Tokyo */
	{ "\xed\x95\x9c", 2 },			/* Hangul */
	{ "\xef\xbc\xa1", 2 },			/* fullwidth A */
	{ "\xef\xbd\xb1", 1 },			/* halfwidth katakana */
	{ "\xf0\x9f\x9a\x80", 2 },		/* rocket */
	{ "a\xe2\x80\x8b" "b", 2 },		/* zero width space */
	{ "\xd7\xa9\xd6\xb8", 1 },		/* Hebrew with a point */
	{ "\xe2\x80\xa6\xe2\x94\x82", 2 },	/* ellipsis, a line */
	{ "\xf0\xa0\x80\x80", 2 },		/* the supplementary plane */
	{ "\xff\xc3", 2 },			/* no UTF-8 */
};

static const struct {
	const char *text;
	size_t width;
	const char *ellipsis;
	const char *want;
	size_t columns;
} cuts[] = {
	{ "Amazon S3", 9, "...", "Amazon S3", 9 },
	{ "Amazon S3", 8, "...", "Amazo...", 8 },
	{ "Amazon S3", 8, "\xe2\x80\xa6", "Amazon \xe2\x80\xa6", 8 },
	{ "Amazon S3", 3, "...", "...", 3 },
	{ "Amazon S3", 2, "...", "Am", 2 },
	{ "Amazon S3", 0, "...", "", 0 },
	{ "", 4, "...", "", 0 },
	{ "\xe6\x9d\xb1\xe4\xba\xac", 4, "\xe2\x80\xa6",
	    "\xe6\x9d\xb1\xe4\xba\xac", 4 },
	{ "\xe6\x9d\xb1\xe4\xba\xac", 3, "\xe2\x80\xa6",
	    "\xe6\x9d\xb1\xe2\x80\xa6", 3 },
	{ "\xe6\x9d\xb1\xe4\xba\xac", 2, "\xe2\x80\xa6", "\xe2\x80\xa6", 1 },
	/* what combines stays with its character */
	{ "e\xcc\x81t\xc3\xa9", 2, "\xe2\x80\xa6",
	    "e\xcc\x81\xe2\x80\xa6", 2 },
};

int
main(void)
{
	struct buf out;
	size_t i;

	for (i = 0; i < sizeof widths / sizeof widths[0]; i++)
		is_uint(columns_of(span_of(widths[i].text)),
		    widths[i].columns, "'%s'", widths[i].text);
	buf_init(&out, 256);
	for (i = 0; i < sizeof cuts / sizeof cuts[0]; i++) {
		buf_reset(&out);
		is_uint(columns_cut(span_of(cuts[i].text), cuts[i].width,
		    cuts[i].ellipsis, &out), cuts[i].columns,
		    "'%s' in %zu: columns", cuts[i].text, cuts[i].width);
		is_str(buf_string(&out), cuts[i].want, "'%s' in %zu",
		    cuts[i].text, cuts[i].width);
	}
	buf_clear(&out);
	return done_testing();
}
