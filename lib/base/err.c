#include "base/err.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/printable.h"

static const struct err_class_info classes[ERR_CLASS_COUNT] = {
	[ERR_NONE] = { 0, "none", "done: what was asked for" },
	[ERR_INTERNAL] = { 1, "internal",
	    "internal error (a bug, out of memory, disk full, stdout gone)" },
	[ERR_USAGE] = { 2, "usage",
	    "usage, or settings that cannot be used" },
	[ERR_NO_DATA] = { 3, "no-data",
	    "no data: a miss, and buying was not allowed, gave nothing, or "
	    "is under way elsewhere beyond --wait" },
	[ERR_CREDENTIALS] = { 4, "credentials",
	    "credentials: none found, expired, refused" },
	[ERR_DENIED] = { 5, "denied",
	    "permission denied by IAM, bucket, KMS or organisation policy" },
	[ERR_BUCKET] = { 6, "bucket",
	    "bucket: does not exist, wrong region, wrong owner" },
	[ERR_NETWORK] = { 7, "network",
	    "network, throttling or service outage that outlasted the "
	    "retries or the timeout" },
	[ERR_DATA] = { 8, "data",
	    "data: not JSON, wrong schema, corrupt, too large, or answers "
	    "another question than was asked" },
	[ERR_STALE] = { 9, "stale",
	    "only stale data could be had, and stale was not allowed; "
	    "nothing is printed" },
	[ERR_CHECKS] = { 10, "checks", "checks failed" },
	[ERR_DEGRADED] = { 11, "degraded", "degraded, under --strict" },
	[ERR_NOT_ENABLED] = { 12, "not-enabled",
	    "Cost Explorer is not enabled, or has no data for this account "
	    "or period" },
	[ERR_INTERRUPTED] = { 130, "interrupted", "interrupted" },
	[ERR_TERMINATED] = { 143, "terminated", "terminated" },
};

const struct err_class_info *
err_class_info(enum err_class class)
{
	if (class < 0 || class >= ERR_CLASS_COUNT)
		class = ERR_INTERNAL;
	return &classes[class];
}

int
err_status(enum err_class class)
{
	return err_class_info(class)->status;
}

bool
err_interrupted(const struct err *err)
{
	return err->class == ERR_INTERRUPTED || err->class == ERR_TERMINATED;
}

/*
 * The texts are only cut short: an error object is larger than a page, and
 * most of them are never used.
 */
void
err_clear(struct err *err)
{
	err->class = ERR_NONE;
	err->action = NULL;
	err->code[0] = '\0';
	err->request_id[0] = '\0';
	err->message[0] = '\0';
	err->hint[0] = '\0';
}

/* Texts come from outside too (a service's message, a file's name): no escape
 * sequence may reach a terminal or a log through them. */
static void
clean(char *s, bool keep_lines)
{
	printable_clean(s, strlen(s), keep_lines);
}

/* Cut at a UTF-8 boundary, so that the tail stays readable. */
static void
mark_cut(char *s, size_t room)
{
	size_t at = room - 4;

	while (at > 0 && ((unsigned char)s[at] & 0xc0) == 0x80)
		at--;
	memcpy(s + at, "...", 4);
}

__attribute__((format(printf, 4, 0)))
static void
put_text(char *to, size_t room, bool keep_lines, const char *format,
    va_list ap)
{
	int n = vsnprintf(to, room, format, ap);

	if (n < 0)
		to[0] = '\0';
	else if ((size_t)n >= room)
		mark_cut(to, room);
	clean(to, keep_lines);
}

int
err_set(struct err *err, enum err_class class, const char *format, ...)
{
	va_list ap;

	if (err->class != ERR_NONE)
		return -1;
	err->class = class;
	va_start(ap, format);
	put_text(err->message, sizeof err->message, false, format, ap);
	va_end(ap);
	return -1;
}

void
err_context(struct err *err, const char *format, ...)
{
	char context[sizeof err->message];
	char whole[sizeof err->message * 2];
	va_list ap;
	int n;

	if (err->class == ERR_NONE)
		return;
	va_start(ap, format);
	put_text(context, sizeof context, false, format, ap);
	va_end(ap);
	n = snprintf(whole, sizeof whole, "%s: %s", context, err->message);
	if (n < 0)
		return;
	if ((size_t)n >= sizeof err->message)
		mark_cut(whole, sizeof err->message);
	memcpy(err->message, whole, sizeof err->message);
	err->message[sizeof err->message - 1] = '\0';
}

void
err_hint(struct err *err, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	put_text(err->hint, sizeof err->hint, true, format, ap);
	va_end(ap);
}

void
err_code(struct err *err, const char *code)
{
	int n = snprintf(err->code, sizeof err->code, "%s", code);

	if (n < 0)
		err->code[0] = '\0';
	clean(err->code, false);
}

int
err_memory(struct err *err)
{
	return err_set(err, ERR_INTERNAL, "out of memory");
}

int
err_system(struct err *err, int errnum, const char *what,
    const char *subject)
{
	if (errnum == ENOMEM)
		return err_memory(err);
	return err_set(err, ERR_INTERNAL, "%s '%s': %s", what, subject,
	    strerror(errnum));
}
