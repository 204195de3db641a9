#ifndef BASE_PRINTABLE_H
#define BASE_PRINTABLE_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Make n bytes at p fit to be shown to a person, in place: every byte of a
 * control character (C0, DEL, C1, also U+2028, U+2029 and the bidirectional
 * overrides, which rearrange a terminal's line) and of ill-formed UTF-8 becomes
 * '?'. keep_lines keeps LF.
 */
void printable_clean(char *p, size_t n, bool keep_lines);

#endif
