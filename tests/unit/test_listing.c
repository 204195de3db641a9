#include "cmd/listing.h"

#include "base/limits.h"
#include "capture.h"
#include "tap.h"

static const char *const headings[] = { "NAME", "SIZE", "BY" };

static void
print(struct output *o, const void *what)
{
	struct err err = { 0 };

	is_int(listing_print(what, o, &err), 0, "print %s", err.message);
}

int
main(void)
{
	static const char *const rows[][3] = {
		{ "one", "1", "a\tb\nc" }, { "", NULL, "\x1b[1m" },
		{ "h\xc3\xa9", "12345", "\xe2\x80\xae" },
	};
	struct listing c;
	struct buf out;
	size_t i;

	buf_init(&out, LIMIT_KIB);
	listing_init(&c, "thing", headings, 3, 1 << 1);
	capture(print, &c, &out);
	is_span(buf_view(&out), "", "no row, no line");
	for (i = 0; i < 3; i++)
		listing_row(&c, rows[i]);
	capture(print, &c, &out);
	is_span(buf_view(&out),
	    "thing\tone\t1\ta?b?c\n"
	    "thing\t-\t-\t?[1m\n"
	    "thing\th\xc3\xa9\t12345\t???\n",
	    "a line a row, its kind first, no control bytes");
	for (i = 0; i < 1000; i++)
		listing_row(&c, rows[0]);
	is_uint(c.rows, 1003, "many rows");
	listing_clear(&c);
	listing_clear(&c);
	is_uint(c.rows, 0, "cleared");
	buf_clear(&out);
	return done_testing();
}
