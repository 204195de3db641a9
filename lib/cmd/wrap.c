#include "cmd/wrap.h"

#include <string.h>

#include "base/columns.h"
#include "base/span.h"

/* Where an item's text goes when half of the width is not enough. */
#define HANGING 10

static void
blanks(struct output *o, size_t n)
{
	while (n-- > 0)
		output_text(o, " ");
}

static void
new_line(struct output *o, size_t indent, size_t *column)
{
	output_text(o, "\n");
	blanks(o, indent);
	*column = indent;
}

void
wrap_fill(struct output *o, const char *text, const struct wrap *wrap)
{
	size_t column = wrap->column, n, width;
	bool first = true;

	if (column == 0) {
		blanks(o, wrap->indent);
		column = wrap->indent;
	}
	while (*text != '\0') {
		if (strncmp(text, "\n\n", 2) == 0) {
			output_text(o, "\n");
			new_line(o, wrap->indent, &column);
			first = true;
		}
		text += strspn(text, " \n");
		n = strcspn(text, " \n");
		if (n == 0)
			break;
		width = columns_of(span_make(text, n));
		if (column > wrap->indent &&
		    column + !first + width > wrap->width) {
			new_line(o, wrap->indent, &column);
		} else if (!first) {
			output_text(o, " ");
			column++;
		}
		output_span(o, span_make(text, n));
		column += width;
		text += n;
		first = false;
	}
	output_text(o, "\n");
}

size_t
wrap_width(size_t columns)
{
	if (columns == 0 || columns > WRAP_WIDTH)
		return WRAP_WIDTH;
	return columns < WRAP_NARROWEST ? WRAP_NARROWEST : columns;
}

void
wrap_text(struct output *o, const char *text, size_t indent, size_t column)
{
	const struct wrap wrap = { indent, column,
		wrap_width(output_columns(o)) };

	wrap_fill(o, text, &wrap);
}

void
wrap_item(struct output *o, const char *label, size_t column,
    const char *text)
{
	size_t n = strlen(label) + 2;

	if (column > wrap_width(output_columns(o)) / 2)
		column = HANGING;
	output_text(o, "  ");
	output_text(o, label);
	if (n + 2 > column) {
		output_text(o, "\n");
		blanks(o, column);
	} else {
		blanks(o, column - n);
	}
	wrap_text(o, text, column, column);
}
