#ifndef CMD_TEXT_PAGE_H
#define CMD_TEXT_PAGE_H

#include <stddef.h>

#include "base/buf.h"
#include "cmd/look.h"
#include "cmd/sheet.h"

/* What the formats for a terminal have in common. */

/* Title in bold and subtitle, each within the width. */
void text_page_head(const struct sheet *s, const struct look *look,
    struct buf *out);

/* A paragraph in bold, within the width. */
void text_page_strong(const struct look *look, struct buf *text,
    struct buf *out);

/* Bold or dim text, where there is colour. */
void text_page_bold(const struct look *look, const char *text,
    struct buf *out);
void text_page_dim(const struct look *look, const char *text,
    struct buf *out);

/* The same text so many times: blanks, a rule. */
void text_page_repeat(const char *text, size_t count, struct buf *out);

/* Cut to the width and filled with blanks; or from the left. */
void text_page_left(const struct look *look, struct span text, size_t width,
    struct buf *out);
void text_page_right(struct span text, size_t width, struct buf *out);

/* A text without characters that the locale lacks: each becomes '?'. */
void text_page_ascii(const struct look *look, struct buf *text);

#endif
