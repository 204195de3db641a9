#include "cmd/output.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/printable.h"
#include "cmd/look.h"
#include "sys/file.h"

#define ROOM 65536

/* From here on copying costs more than a call of its own. */
#define LARGE 4096

struct output {
	int fd;
	struct err err;		/* the first thing that went wrong */
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

static void
flush(struct output *o)
{
	put(o, span_make(o->bytes, o->n));
	o->n = 0;
}

void
output_span(struct output *o, struct span s)
{
	if (s.n > ROOM - o->n || s.n >= LARGE)
		flush(o);
	if (s.n >= LARGE) {
		put(o, s);
	} else if (s.n > 0) {
		memcpy(o->bytes + o->n, s.p, s.n);
		o->n += s.n;
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
		n = vsnprintf(o->bytes, ROOM, format, again);
	}
	va_end(again);
	va_end(ap);
	if (n < 0 || (size_t)n >= ROOM - o->n)
		(void)err_set(&o->err, ERR_INTERNAL,
		    "cannot format a line of the result");
	else
		o->n += (size_t)n;
}

/* How much of s, at most ROOM, ends with a whole character. */
static size_t
whole(struct span s)
{
	size_t n = s.n;

	if (n <= ROOM)
		return n;
	n = ROOM;
	while (n > ROOM - 4 && ((unsigned char)s.p[n] & 0xc0) == 0x80)
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

	if (s.n < LARGE || output_terminal(o)) {
		output_json(o, s);
		output_text(o, end);
	} else if (o->err.class == ERR_NONE) {
		(void)file_write_pieces(o->fd, pieces, 3, "standard output",
		    &o->err);
		o->n = 0;
	}
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
	flush(o);
	if (o->err.class == ERR_NONE)
		return 0;
	err_set(err, o->err.class, "%s", o->err.message);
	return -1;
}
