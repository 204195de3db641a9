#ifndef BASE_NEAREST_H
#define BASE_NEAREST_H

#include <stddef.h>

/* The i-th valid word and its length; NULL at the end. */
typedef const char *nearest_word(const void *state, size_t i, size_t *n);

/*
 * Which valid word was meant by one that is not valid? The only one that
 * begins with it, else the one with the fewest mistypings (inserted, lost,
 * changed or swapped letters; capitals are no mistyping), when these are few
 * for its length. NULL when nothing is near; else the word, with its length in
 * *found.
 */
const char *nearest_of(const char *word, size_t length, nearest_word *words,
    const void *state, size_t *found);

#endif
