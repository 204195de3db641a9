#include "cmd/output.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/printable.h"
#include "base/workflow.h"
#include "cmd/look.h"
#include "sys/file.h"

#define ROOM 65536
#define HALF (ROOM / 2)

/* From here on copying costs more than a call of its own. */
#define LARGE 4096

struct output {
	int fd;
	struct err err;		/* the first thing that went wrong */
	bool disarmed;
	size_t n;
	char bytes[ROOM];
};

struct output *
output_new(int fd)
{
	struct output *o = malloc(sizeof *o);

	if (o == NULL)
		return NULL;
	/* Not all of it: most runs never touch the whole buffer. */
	o->fd = fd;
	o->n = 0;
	o->disarmed = false;
	err_clear(&o->err);
	return o;
}

void
output_free(struct output *o)
{
	free(o);
}

static void
put(struct output *o, struct span s)
{
	if (o->err.class == ERR_NONE && s.n > 0)
		(void)file_write_fd(o->fd, s, "standard output", &o->err);
}

/* The bytes that may go: whole lines where it matters how one begins, unless
 * one is longer than half of all there is. */
static size_t
ready(const struct output *o)
{
	size_t n = o->n;

	while (o->disarmed && n > 0 && o->bytes[n - 1] != '\n')
		n--;
	return o->n - n > HALF ? o->n : n;
}

static void
flush_bytes(struct output *o, size_t n)
{
	if (o->disarmed)
		workflow_disarm(o->bytes, n);
	put(o, span_make(o->bytes, n));
	o->n -= n;
	memmove(o->bytes, o->bytes + n, o->n);
}

/* Afterwards there is room for half of what there is at least. */
static void
flush(struct output *o)
{
	flush_bytes(o, ready(o));
}

/* Through the buffer, whatever its length. */
static void
copy(struct output *o, struct span s)
{
	size_t n;

	while (s.n > 0) {
		n = s.n < HALF ? s.n : HALF;
		if (n > ROOM - o->n)
			flush(o);
		memcpy(o->bytes + o->n, s.p, n);
		o->n += n;
		s = span_make(s.p + n, s.n - n);
	}
}

void
output_span(struct output *o, struct span s)
{
	if (o->disarmed || s.n < LARGE) {
		copy(o, s);
	} else {
		flush(o);
		put(o, s);
	}
}

void
output_text(struct output *o, const char *s)
{
	output_span(o, span_of(s));
}

void
output_format(struct output *o, const char *format, ...)
{
	va_list ap, again;
	int n;

	va_start(ap, format);
	va_copy(again, ap);
	n = vsnprintf(o->bytes + o->n, ROOM - o->n, format, ap);
	if (n >= 0 && (size_t)n >= ROOM - o->n) {
		flush(o);
		n = vsnprintf(o->bytes + o->n, ROOM - o->n, format, again);
	}
	va_end(again);
	va_end(ap);
	if (n < 0 || (size_t)n >= ROOM - o->n)
		(void)err_set(&o->err, ERR_INTERNAL,
		    "cannot format a line of the result");
	else
		o->n += (size_t)n;
}

/* How much of s, at most half of all there is, ends with a whole character. */
static size_t
whole(struct span s)
{
	size_t n = s.n;

	if (n <= HALF)
		return n;
	n = HALF;
	while (n > HALF - 4 && ((unsigned char)s.p[n] & 0xc0) == 0x80)
		n--;
	return n;
}

void
output_clean(struct output *o, struct span s)
{
	size_t n;

	while (s.n > 0) {
		n = whole(s);
		if (n > ROOM - o->n)
			flush(o);
		memcpy(o->bytes + o->n, s.p, n);
		printable_clean(o->bytes + o->n, n, true);
		o->n += n;
		s = span_make(s.p + n, s.n - n);
	}
}

void
output_json(struct output *o, struct span s)
{
	const unsigned char *p = (const unsigned char *)s.p;
	size_t i, from = 0;

	if (!output_terminal(o)) {
		output_span(o, s);
		return;
	}
	for (i = 0; i < s.n; i++) {
		bool c1 = p[i] == 0xc2 && i + 1 < s.n && p[i + 1] >= 0x80 &&
		    p[i + 1] <= 0x9f;

		if (p[i] != 0x7f && !c1)
			continue;
		output_span(o, span_make(s.p + from, i - from));
		output_format(o, "\\u%04x", c1 ? p[++i] : 0x7fu);
		from = i + 1;
	}
	output_span(o, span_make(s.p + from, s.n - from));
}

void
output_json_line(struct output *o, struct span s)
{
	static const char end[] = "\n";
	const struct span pieces[] = {
		span_make(o->bytes, o->n), s, span_of(end),
	};

	if (s.n < LARGE || o->disarmed || output_terminal(o)) {
		output_json(o, s);
		output_text(o, end);
	} else if (o->err.class == ERR_NONE) {
		(void)file_write_pieces(o->fd, pieces, 3, "standard output",
		    &o->err);
		o->n = 0;
	}
}

void
output_disarm(struct output *o)
{
	o->disarmed = true;
}

void
output_check(struct output *o, const struct buf *text)
{
	if (o->err.class == ERR_NONE)
		(void)buf_check(text, "the result", &o->err);
}

bool
output_terminal(const struct output *o)
{
	return isatty(o->fd) == 1;
}

size_t
output_columns(const struct output *o)
{
	return look_columns(o->fd);
}

int
output_finish(struct output *o, struct err *err)
{
	flush_bytes(o, o->n);
	if (o->err.class == ERR_NONE)
		return 0;
	err_set(err, o->err.class, "%s", o->err.message);
	return -1;
}
