#include "cmd/listing.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/columns.h"
#include "base/printable.h"

#define GAP "  "

void
listing_init(struct listing *c, const char *kind,
    const char *const *headings, size_t count, uint32_t right)
{
	assert(count <= LISTING_MAX);
	memset(c, 0, sizeof *c);
	c->kind = kind;
	c->headings = headings;
	c->count = count;
	c->right = right;
}

void
listing_clear(struct listing *c)
{
	size_t i;

	for (i = 0; i < c->rows * c->count; i++)
		free(c->cells[i]);
	free(c->cells);
	c->cells = NULL;
	c->rows = c->room = 0;
}

static bool
more_rows(struct listing *c)
{
	char **more = array_grow(c->cells, c->rows, &c->room,
	    c->count * sizeof *more);

	if (more != NULL)
		c->cells = more;
	return more != NULL;
}

void
listing_row(struct listing *c, const char *const *cells)
{
	char **row;
	size_t i;

	if (c->out_of_memory || !more_rows(c)) {
		c->out_of_memory = true;
		return;
	}
	row = c->cells + c->rows++ * c->count;
	for (i = 0; i < c->count; i++) {
		bool empty = cells[i] == NULL || cells[i][0] == '\0';

		row[i] = span_dup(span_of(empty ? "-" : cells[i]));
		if (row[i] == NULL)
			c->out_of_memory = true;
		else
			printable_clean(row[i], strlen(row[i]), false);
	}
}

static void
pad(struct output *o, size_t n)
{
	for (; n > 0; n--)
		output_text(o, " ");
}

static void
print_line(const struct listing *c, const char *const *cells,
    const size_t *widths, struct output *o)
{
	size_t i, space;

	for (i = 0; i < c->count; i++) {
		bool right = (c->right >> i & 1) != 0;

		space = widths[i] - columns_of(span_of(cells[i]));
		if (i > 0)
			output_text(o, GAP);
		if (right)
			pad(o, space);
		output_text(o, cells[i]);
		/* No blanks at a line's end. */
		if (!right && i + 1 < c->count)
			pad(o, space);
	}
	output_text(o, "\n");
}

static const char *const *
row_at(const struct listing *c, size_t i)
{
	return (const char *const *)(c->cells + i * c->count);
}

static void
print_aligned(const struct listing *c, struct output *o)
{
	size_t widths[LISTING_MAX], i, j, width;

	for (j = 0; j < c->count; j++) {
		widths[j] = columns_of(span_of(c->headings[j]));
		for (i = 0; i < c->rows; i++) {
			width = columns_of(span_of(row_at(c, i)[j]));
			if (width > widths[j])
				widths[j] = width;
		}
	}
	print_line(c, c->headings, widths, o);
	for (i = 0; i < c->rows; i++)
		print_line(c, row_at(c, i), widths, o);
}

static void
print_plain(const struct listing *c, struct output *o)
{
	size_t i, j;

	for (i = 0; i < c->rows; i++) {
		output_text(o, c->kind);
		for (j = 0; j < c->count; j++) {
			output_text(o, "\t");
			output_text(o, row_at(c, i)[j]);
		}
		output_text(o, "\n");
	}
}

int
listing_print(const struct listing *c, struct output *o, struct err *err)
{
	if (c->out_of_memory)
		return err_memory(err);
	if (c->rows == 0)
		return 0;
	if (output_terminal(o))
		print_aligned(c, o);
	else
		print_plain(c, o);
	return 0;
}
