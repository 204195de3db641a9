#ifndef CODEC_ESCAPE_H
#define CODEC_ESCAPE_H

#include "base/buf.h"
#include "base/span.h"

/*
 * Texts from outside, made fit for the place where they are put. Each appends
 * to out (check with buf_check). They are about what the place reads as its
 * own language; controls are replaced before (base/printable.h).
 */

/*
 * A cell of a CSV file (RFC 4180 2.5 to 2.7), in quotes where it must be. What
 * begins with = + - @ TAB or CR and is no number gets a ' before it, so that no
 * spreadsheet takes it for a formula.
 */
void escape_csv(struct span s, struct buf *out);

/*
 * Text in a table of GitHub's Markdown, or in any other paragraph: every mark
 * is taken literally, no HTML, no link. Line ends become blanks.
 */
void escape_markdown(struct span s, struct buf *out);

/* Text or a double-quoted attribute's value in HTML, and in SVG. */
void escape_html(struct span s, struct buf *out);

/* One word for a POSIX shell: in single quotes where it needs them. */
void escape_shell(struct span s, struct buf *out);

#endif
