#ifndef BASE_SPAN_H
#define BASE_SPAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A borrowed run of bytes; not terminated, may hold NUL. {NULL, 0} is empty. */
struct span {
	const char *p;
	size_t n;
};

/* A string literal as a span, in initialisers too. */
#define SPAN_LITERAL(s) { (s), sizeof(s) - 1 }

/* The bytes of a C string; NULL gives the empty span. */
struct span span_of(const char *s);

/* n bytes at p. */
struct span span_make(const char *p, size_t n);

/* Same bytes? */
bool span_equal(struct span a, struct span b);

/* Same bytes as the C string? */
bool span_is(struct span a, const char *s);

/* An ASCII capital as the small letter; any other byte as it is. */
char span_lower(char c);

/* As span_is, ASCII letters compared without case. */
bool span_is_nocase(struct span a, const char *s);

/* Does a begin (end) with the C string? */
bool span_starts(struct span a, const char *prefix);
bool span_ends(struct span a, const char *suffix);

/* Without spaces, tabs, CR and LF at both ends. */
struct span span_trim(struct span a);

/*
 * Split at the first c: *head gets what is before it, *rest what follows.
 * Returns false, with *head = a and *rest empty, when there is no c.
 */
bool span_split(struct span a, char c, struct span *head, struct span *rest);

/* Byte order, shorter first on a tie: <0, 0, >0. */
int span_compare(struct span a, struct span b);

/* All of a as a C string into to; false, and nothing is done, when it needs
 * more room. */
bool span_copy(struct span a, char *to, size_t room);

/* A heap copy with a NUL after it; NULL when out of memory. */
char *span_dup(struct span a);

/* Is it well-formed UTF-8 (RFC 3629: no surrogates, no overlong forms)? */
bool span_utf8(struct span a);

#endif
