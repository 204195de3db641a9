#ifndef BASE_NUM_H
#define BASE_NUM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/span.h"

/*
 * Numbers from outside: decimal digits only (no sign, blank, base prefix or
 * empty text), each with the range that the caller allows. Return false, and
 * leave *out alone, for anything else.
 */
bool num_parse(struct span text, uint64_t max, uint64_t *out);

/* As num_parse, with an optional leading '-', for values in [min, max]. */
bool num_parse_signed(struct span text, int64_t min, int64_t max,
    int64_t *out);

/*
 * A duration, in seconds: digits and one of the units s m h d, as in "90s",
 * "15m", "6h", "30d"; "0" is allowed bare. max in seconds.
 */
bool num_parse_duration(struct span text, int64_t max, int64_t *seconds);

/*
 * A size, in bytes: digits and optionally one of KiB MiB GiB (or K M G, the
 * same).
 */
bool num_parse_size(struct span text, uint64_t max, uint64_t *bytes);

/* Checked arithmetic: false on overflow, *out untouched. */
bool num_add_size(size_t a, size_t b, size_t *out);
bool num_multiply_size(size_t a, size_t b, size_t *out);

/* a + b and a - b, held at the ends of the type instead of overflowing. */
int64_t num_add_held(int64_t a, int64_t b);
int64_t num_subtract_held(int64_t a, int64_t b);

#endif
