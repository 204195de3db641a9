#ifndef CMD_WRAP_H
#define CMD_WRAP_H

#include <stddef.h>

#include "cmd/output.h"

/* Texts for people, at most WRAP_WIDTH columns wide unless said otherwise. */
#define WRAP_WIDTH 79
#define WRAP_NARROWEST 20

struct wrap {
	size_t indent;	/* blanks before each line */
	size_t column;	/* where the first one stands already; 0: at its
			   start, then the blanks are written */
	size_t width;	/* columns of a line; a longer word stands out */
};

/* Paragraphs ("\n\n" between them) filled into such lines; the text has been
 * made printable. */
void wrap_fill(struct output *o, const char *text, const struct wrap *wrap);

/* The usual width, or so many columns where a terminal (0: it is none) has
 * less; not so few that no word fits. */
size_t wrap_width(size_t columns);

/* The same, as wide as the output is. */
void wrap_text(struct output *o, const char *text, size_t indent,
    size_t column);

/* "  LABEL  text": the text from column on, below the label where this is too
 * long; on a narrow terminal further to the left. */
void wrap_item(struct output *o, const char *label, size_t column,
    const char *text);

#endif
