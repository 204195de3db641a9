#include "cmd/text_page.h"

#include "base/columns.h"

#define BOLD "\033[1m"
#define DIM "\033[2m"

static void
styled(const struct look *look, const char *style, const char *text,
    struct buf *out)
{
	if (look->colour)
		buf_add_string(out, style);
	buf_add_string(out, text);
	if (look->colour)
		buf_add_string(out, "\033[0m");
}

void
text_page_bold(const struct look *look, const char *text, struct buf *out)
{
	styled(look, BOLD, text, out);
}

void
text_page_dim(const struct look *look, const char *text, struct buf *out)
{
	styled(look, DIM, text, out);
}

void
text_page_repeat(const char *text, size_t count, struct buf *out)
{
	while (count-- > 0 && out->fault == BUF_SOUND)
		buf_add_string(out, text);
}

void
text_page_left(const struct look *look, struct span text, size_t width,
    struct buf *out)
{
	size_t taken = columns_cut(text, width, look->utf8 ? "\u2026" : "...",
	    out);

	text_page_repeat(" ", width - taken, out);
}

void
text_page_right(struct span text, size_t width, struct buf *out)
{
	size_t taken = columns_of(text);

	text_page_repeat(" ", taken < width ? width - taken : 0, out);
	buf_add_span(out, text);
}

void
text_page_ascii(const struct look *look, struct buf *text)
{
	size_t i, n = 0;

	for (i = 0; i < text->n && !look->utf8; i++) {
		unsigned char c = (unsigned char)text->p[i];

		/* One mark a character, not a byte. */
		if (c < 0x80 || c >= 0xc0)
			text->p[n++] = c < 0x80 ? (char)c : '?';
	}
	if (text->n > 0 && !look->utf8) {
		text->n = n;
		text->p[n] = '\0';
	}
}

/* Lines of at most width columns, broken at blanks; what is longer stays. */
static void
fill(struct span text, size_t width, struct buf *out)
{
	size_t column = 0, n;
	struct span word;

	while (text.n > 0) {
		span_split(text, ' ', &word, &text);
		n = columns_of(word);
		if (column > 0 && width > 0 && column + 1 + n > width) {
			buf_add_char(out, '\n');
			column = 0;
		} else if (column > 0) {
			buf_add_char(out, ' ');
			column++;
		}
		buf_add_span(out, word);
		column += n;
	}
}

/* A paragraph in a style, within the width. */
static void
put(const struct look *look, const char *style, struct buf *text,
    struct buf *out)
{
	struct buf lines;

	buf_init(&lines, out->max);
	text_page_ascii(look, text);
	fill(buf_view(text), look->width, &lines);
	styled(look, style, buf_string(&lines), out);
	buf_add_char(out, '\n');
	buf_spoil(out, text);
	buf_spoil(out, &lines);
	buf_clear(&lines);
}

void
text_page_head(const struct sheet *s, const struct look *look,
    struct buf *out)
{
	struct buf text;

	buf_init(&text, out->max);
	sheet_title(s, &text);
	put(look, BOLD, &text, out);
	buf_reset(&text);
	sheet_subtitle(s, &text);
	put(look, DIM, &text, out);
	buf_clear(&text);
}

void
text_page_strong(const struct look *look, struct buf *text, struct buf *out)
{
	put(look, BOLD, text, out);
}
