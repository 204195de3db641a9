#ifndef CODEC_HEX_H
#define CODEC_HEX_H

#include <stdbool.h>
#include <stddef.h>

#include "base/span.h"

/* 0..15 for a hex digit of either case, else -1. */
int hex_value(char c);

/* Lower-case hex of n bytes; out has room for 2n + 1. */
void hex_encode(const unsigned char *bytes, size_t n, char *out);

/* Exactly 2n hex digits of either case into n bytes; false otherwise. */
bool hex_decode(struct span text, unsigned char *bytes, size_t n);

#endif
