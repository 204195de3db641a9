#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stdarg.h>
#include <stddef.h>

#include "base/err.h"
#include "base/span.h"

/*
 * A growing byte buffer that cannot be made without a maximum. Appending
 * never returns an error: the first failure (over the maximum, or out of
 * memory) empties the buffer, sticks, and is read once at the end with
 * buf_check, so that building a text is a list of appends and one check.
 * A NUL always follows the content (not counted in n) once p is not NULL.
 */
struct buf {
	char *p;
	size_t n;
	size_t room;		/* allocated */
	size_t max;		/* n never passes this */
	enum buf_fault { BUF_SOUND = 0, BUF_FULL, BUF_NO_MEMORY } fault;
	bool secret;		/* wipe memory before it is given back */
};

/* An empty buffer; allocates nothing. max is the caller's limit in bytes. */
void buf_init(struct buf *b, size_t max);

/* As buf_init, for content that must not stay in freed memory. */
void buf_init_secret(struct buf *b, size_t max);

/* Give the memory back; the buffer may be used again with the same max. */
void buf_clear(struct buf *b);

/* Forget the content and the fault, keep the memory. */
void buf_reset(struct buf *b);

/* The memory of one, not its content, becomes another's, whose own goes back;
 * each keeps its max, and from is empty afterwards. Neither is secret. */
void buf_lend(struct buf *to, struct buf *from);

/* Append bytes; p may not point into the buffer. */
void buf_add(struct buf *b, const void *p, size_t n);
void buf_add_span(struct buf *b, struct span s);
void buf_add_string(struct buf *b, const char *s);
void buf_add_char(struct buf *b, char c);

/* Append printf-like. */
void buf_addf(struct buf *b, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void buf_addv(struct buf *b, const char *format, va_list ap)
    __attribute__((format(printf, 2, 0)));

/*
 * Room for at least n more bytes at b->p + b->n, for a reader to fill; the
 * caller then adds what it wrote to b->n. NULL when it cannot be had (the
 * fault sticks). n counts against max.
 */
char *buf_reserve(struct buf *b, size_t n);

/* When a part of the text could not be made, the text is not whole: take over
 * the part's fault, if it has one. */
void buf_spoil(struct buf *b, const struct buf *part);

/* Empty a part for its next text; what the last one lacked, b lacks. */
void buf_renew(struct buf *part, struct buf *b);

/* Remove n bytes at the front (n <= b->n). */
void buf_drop(struct buf *b, size_t n);

/* The content, borrowed until the next change. */
struct span buf_view(const struct buf *b);

/* The content as a C string, never NULL; borrowed. */
const char *buf_string(const struct buf *b);

/*
 * The content as a heap string that the caller frees; the buffer is empty
 * afterwards. NULL after a fault, or when out of memory.
 */
char *buf_take(struct buf *b);

/*
 * 0 when everything was appended; else -1 with err set: ERR_DATA "WHAT is
 * larger than N bytes", or out of memory.
 */
int buf_check(const struct buf *b, const char *what, struct err *err);

#endif
