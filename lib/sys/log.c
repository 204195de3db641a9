#include "sys/log.h"

#include <errno.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/printable.h"
#include "base/workflow.h"
#include "sys/interrupt.h"

/* Instructions with a policy document in them are the longest. */
#define LOG_TEXT_MAX (256 * LIMIT_KIB)

/* A batch of thousands may fail a thousand ways; --json need not list all. */
#define LOG_WARNINGS_MAX 1000

struct log {
	int fd;
	enum log_level level;
	bool annotate;
	bool status;		/* log_status's line stands there */
	pthread_mutex_t mutex;
	char **warnings;
	size_t count;
};

struct log *
log_new(int fd, enum log_level level)
{
	struct log *log = calloc(1, sizeof *log);

	if (log == NULL)
		return NULL;
	if (pthread_mutex_init(&log->mutex, NULL) != 0) {
		free(log);
		return NULL;
	}
	log->fd = fd;
	log->level = level;
	return log;
}

void
log_free(struct log *log)
{
	size_t i;

	if (log == NULL)
		return;
	for (i = 0; i < log->count; i++)
		free(log->warnings[i]);
	free(log->warnings);
	pthread_mutex_destroy(&log->mutex);
	free(log);
}

enum log_level
log_level(const struct log *log)
{
	return log == NULL ? LOG_QUIET : log->level;
}

void
log_annotate(struct log *log)
{
	log->annotate = true;
}

/*
 * One write(2) a message, so that messages of several processes on one
 * terminal do not mix. A stderr that takes nothing is nobody's error.
 */
static void
put(const struct log *log, const char *p, size_t n)
{
	ssize_t done;

	while (n > 0) {
		done = write(log->fd, p, n);
		if (done < 0 && errno == EINTR && interrupt_count() == 0)
			continue;
		if (done <= 0)
			return;
		p += done;
		n -= (size_t)done;
	}
}

/* Back to the beginning of an empty line. */
static void
take_status(struct log *log)
{
	static const char clear[] = "\r\033[K";

	if (log->status)
		put(log, clear, sizeof clear - 1);
	log->status = false;
}

static void
put_buf(struct log *log, const struct buf *b)
{
	static const char lost[] =
	    "teamcache: a message was lost: out of memory\n";

	if (b->fault != BUF_SOUND) {
		put(log, lost, sizeof lost - 1);
		return;
	}
	take_status(log);
	if (log->annotate)
		workflow_disarm(b->p, b->n);
	put(log, b->p, b->n);
}

/* The same for the runner. */
static void
annotate(const struct log *log, const char *command, const char *text,
    const char *more)
{
	struct buf line, whole;

	if (!log->annotate)
		return;
	buf_init(&whole, LOG_TEXT_MAX);
	buf_init(&line, 3 * LOG_TEXT_MAX + LIMIT_KIB);
	buf_addf(&whole, "%s%s%s", text, more[0] == '\0' ? "" : "\n", more);
	printable_clean(whole.p, whole.n, true);
	workflow_command(command, buf_view(&whole), &line);
	if (whole.fault == BUF_SOUND && line.fault == BUF_SOUND)
		put(log, line.p, line.n);
	buf_clear(&whole);
	buf_clear(&line);
}

/* The text's lines, each after an indent. */
static void
add_lines(struct buf *out, const char *text, const char *indent)
{
	struct span rest = span_of(text), line;
	bool more = rest.n > 0;

	while (more) {
		more = span_split(rest, '\n', &line, &rest) && rest.n > 0;
		if (line.n > 0)
			buf_add_string(out, indent);
		buf_add_span(out, line);
		buf_add_char(out, '\n');
	}
}

__attribute__((format(printf, 2, 0)))
static void
say(struct log *log, const char *format, va_list ap)
{
	struct buf b;

	buf_init(&b, LOG_TEXT_MAX);
	buf_add_string(&b, "teamcache: ");
	buf_addv(&b, format, ap);
	printable_clean(b.p, b.n, false);
	buf_add_char(&b, '\n');
	pthread_mutex_lock(&log->mutex);
	put_buf(log, &b);
	pthread_mutex_unlock(&log->mutex);
	buf_clear(&b);
}

/* Keep a warning. False when it was said before. */
static bool
remember(struct log *log, const char *text)
{
	char **more, *copy;
	size_t i;

	for (i = 0; i < log->count; i++) {
		if (strcmp(log->warnings[i], text) == 0)
			return false;
	}
	if (log->count == LOG_WARNINGS_MAX)
		return true;
	/* Out of memory: it is still shown, only --json lacks it. */
	copy = span_dup(span_of(text));
	if (copy == NULL)
		return true;
	more = realloc(log->warnings, (log->count + 1) * sizeof *more);
	if (more == NULL) {
		free(copy);
		return true;
	}
	log->warnings = more;
	log->warnings[log->count++] = copy;
	return true;
}

void
log_warn(struct log *log, const char *format, ...)
{
	struct buf text, line;
	va_list ap;

	if (log == NULL)
		return;
	buf_init(&text, LOG_TEXT_MAX);
	buf_init(&line, LOG_TEXT_MAX);
	va_start(ap, format);
	buf_addv(&text, format, ap);
	va_end(ap);
	printable_clean(text.p, text.n, false);
	pthread_mutex_lock(&log->mutex);
	if (text.fault != BUF_SOUND) {
		put_buf(log, &text);
	} else if (remember(log, buf_string(&text)) &&
	    log->level >= LOG_NORMAL) {
		buf_addf(&line, "teamcache: warning: %s\n", buf_string(&text));
		put_buf(log, &line);
		annotate(log, "warning", buf_string(&text), "");
	}
	pthread_mutex_unlock(&log->mutex);
	buf_clear(&text);
	buf_clear(&line);
}

void
log_step(struct log *log, const char *format, ...)
{
	va_list ap;

	if (log == NULL || log->level < LOG_STEPS)
		return;
	va_start(ap, format);
	say(log, format, ap);
	va_end(ap);
}

void
log_trace(struct log *log, const char *format, ...)
{
	va_list ap;

	if (log == NULL || log->level < LOG_TRACE)
		return;
	va_start(ap, format);
	say(log, format, ap);
	va_end(ap);
}

void
log_error(struct log *log, const struct err *err)
{
	struct buf b;

	if (log == NULL || err->class == ERR_NONE)
		return;
	buf_init(&b, LOG_TEXT_MAX);
	buf_addf(&b, "teamcache: %s\n", err->message);
	add_lines(&b, err->hint, "  ");
	printable_clean(b.p, b.n, true);
	pthread_mutex_lock(&log->mutex);
	put_buf(log, &b);
	annotate(log, "error", err->message, err->hint);
	pthread_mutex_unlock(&log->mutex);
	buf_clear(&b);
}

void
log_note(struct log *log, const char *text)
{
	struct buf b;

	if (log == NULL || log->level < LOG_NORMAL)
		return;
	buf_init(&b, LOG_TEXT_MAX);
	add_lines(&b, text, "  ");
	printable_clean(b.p, b.n, true);
	pthread_mutex_lock(&log->mutex);
	put_buf(log, &b);
	pthread_mutex_unlock(&log->mutex);
	buf_clear(&b);
}

void
log_status(struct log *log, const char *text)
{
	if (log == NULL)
		return;
	pthread_mutex_lock(&log->mutex);
	take_status(log);
	put(log, text, strlen(text));
	log->status = text[0] != '\0';
	pthread_mutex_unlock(&log->mutex);
}

size_t
log_warnings(const struct log *log)
{
	return log == NULL ? 0 : log->count;
}

const char *
log_warning(const struct log *log, size_t i)
{
	return i < log_warnings(log) ? log->warnings[i] : NULL;
}
