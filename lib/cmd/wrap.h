#ifndef CMD_WRAP_H
#define CMD_WRAP_H

#include <stddef.h>

#include "cmd/output.h"

/* Texts for people, at most 79 columns wide. */

/*
 * Paragraphs ("\n\n" between them) filled into lines that begin with indent
 * blanks. column is where the first line stands already (0: at its start;
 * then the indent is written).
 */
void wrap_text(struct output *o, const char *text, size_t indent,
    size_t column);

/* "  LABEL  text": the text from column on, below the label where this is too
 * long. */
void wrap_item(struct output *o, const char *label, size_t column,
    const char *text);

#endif
