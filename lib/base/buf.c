#include "base/buf.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void
buf_init(struct buf *b, size_t max)
{
	assert(max < SIZE_MAX / 2);
	memset(b, 0, sizeof *b);
	b->max = max;
}

void
buf_init_secret(struct buf *b, size_t max)
{
	buf_init(b, max);
	b->secret = true;
}

static void
release(struct buf *b)
{
	if (b->p != NULL && b->secret)
		explicit_bzero(b->p, b->room);
	free(b->p);
	b->p = NULL;
	b->n = b->room = 0;
}

void
buf_clear(struct buf *b)
{
	release(b);
	b->fault = BUF_SOUND;
}

void
buf_reset(struct buf *b)
{
	if (b->p != NULL) {
		if (b->secret)
			explicit_bzero(b->p, b->room);
		b->p[0] = '\0';
	}
	b->n = 0;
	b->fault = BUF_SOUND;
}

void
buf_lend(struct buf *to, struct buf *from)
{
	assert(!to->secret && !from->secret);
	release(to);
	/* Room beyond the maximum would be taken for what is allowed. */
	if (from->room <= to->max + 1) {
		to->p = from->p;
		to->room = from->room;
		from->p = NULL;
		buf_reset(to);
	}
	buf_clear(from);
}

static void
fail(struct buf *b, enum buf_fault fault)
{
	release(b);
	b->fault = fault;
}

void
buf_spoil(struct buf *b, const struct buf *part)
{
	if (part->fault != BUF_SOUND && b->fault == BUF_SOUND)
		fail(b, part->fault);
}

void
buf_renew(struct buf *part, struct buf *b)
{
	buf_spoil(b, part);
	buf_reset(part);
}

/* Doubling, but never past max + 1: a cap of 256 MiB must not take 512. */
static size_t
next_room(const struct buf *b, size_t need)
{
	size_t room = b->room < 64 ? 64 : b->room;

	while (room < need)
		room *= 2;
	return room > b->max + 1 ? b->max + 1 : room;
}

char *
buf_reserve(struct buf *b, size_t n)
{
	size_t need, room;
	char *p;

	if (b->fault != BUF_SOUND)
		return NULL;
	if (n > b->max - b->n) {
		fail(b, BUF_FULL);
		return NULL;
	}
	need = b->n + n + 1;
	if (need <= b->room)
		return b->p + b->n;
	room = next_room(b, need);
	if (b->secret) {
		/* realloc would leave the old block unwiped. */
		if ((p = malloc(room)) != NULL && b->p != NULL) {
			memcpy(p, b->p, b->n + 1);
			explicit_bzero(b->p, b->room);
			free(b->p);
		}
	} else {
		p = realloc(b->p, room);
	}
	if (p == NULL) {
		fail(b, BUF_NO_MEMORY);
		return NULL;
	}
	b->p = p;
	b->room = room;
	return b->p + b->n;
}

void
buf_add(struct buf *b, const void *p, size_t n)
{
	char *to = buf_reserve(b, n);

	if (to == NULL)
		return;
	if (n > 0)
		memcpy(to, p, n);
	b->n += n;
	b->p[b->n] = '\0';
}

void
buf_add_span(struct buf *b, struct span s)
{
	buf_add(b, s.p, s.n);
}

void
buf_add_string(struct buf *b, const char *s)
{
	buf_add(b, s, strlen(s));
}

void
buf_add_char(struct buf *b, char c)
{
	buf_add(b, &c, 1);
}

void
buf_addv(struct buf *b, const char *format, va_list ap)
{
	va_list again;
	char *to;
	int n;

	va_copy(again, ap);
	n = vsnprintf(NULL, 0, format, again);
	va_end(again);
	if (n < 0) {
		fail(b, BUF_NO_MEMORY);
		return;
	}
	if ((to = buf_reserve(b, (size_t)n)) == NULL)
		return;
	vsnprintf(to, (size_t)n + 1, format, ap);
	b->n += (size_t)n;
}

void
buf_addf(struct buf *b, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	buf_addv(b, format, ap);
	va_end(ap);
}

void
buf_drop(struct buf *b, size_t n)
{
	assert(n <= b->n);
	if (n == 0)
		return;
	memmove(b->p, b->p + n, b->n - n);
	b->n -= n;
	b->p[b->n] = '\0';
}

struct span
buf_view(const struct buf *b)
{
	return span_make(b->p, b->n);
}

const char *
buf_string(const struct buf *b)
{
	return b->p == NULL ? "" : b->p;
}

char *
buf_take(struct buf *b)
{
	char *p;

	if (b->fault != BUF_SOUND)
		return NULL;
	if (b->p == NULL)
		return calloc(1, 1);
	p = b->p;
	b->p = NULL;
	b->n = b->room = 0;
	return p;
}

int
buf_check(const struct buf *b, const char *what, struct err *err)
{
	switch (b->fault) {
	case BUF_SOUND:
		return 0;
	case BUF_FULL:
		return err_set(err, ERR_DATA, "%s is larger than %zu bytes",
		    what, b->max);
	default:
		return err_memory(err);
	}
}
