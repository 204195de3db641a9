#ifndef TESTS_TAP_H
#define TESTS_TAP_H

#include <inttypes.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/span.h"

/*
 * A test program prints TAP version 12 and ends with
 *
 *	return done_testing();
 *
 * which prints the plan and gives the exit status: 0 when every test passed
 * and at least one ran. Each check prints one line, takes a printf-like name
 * last, and returns whether it passed. Names may hold any byte. One program
 * is one .c file, so the counters are static to it; no other state.
 */
#define ok(condition, ...) \
	tap_ok((condition), __FILE__, __LINE__, __VA_ARGS__)
#define is_int(got, want, ...) \
	tap_int((intmax_t)(got), (intmax_t)(want), __FILE__, __LINE__, \
	    __VA_ARGS__)
#define is_uint(got, want, ...) \
	tap_uint((uintmax_t)(got), (uintmax_t)(want), __FILE__, __LINE__, \
	    __VA_ARGS__)
/* C strings; NULL equals NULL only. */
#define is_str(got, want, ...) \
	tap_str((got), (want), __FILE__, __LINE__, __VA_ARGS__)
/* A struct span against a C string. */
#define is_span(got, want, ...) \
	tap_bytes((got), span_of(want), __FILE__, __LINE__, __VA_ARGS__)
/* Two struct spans. */
#define is_bytes(got, want, ...) \
	tap_bytes((got), (want), __FILE__, __LINE__, __VA_ARGS__)
/* Does the C string got hold the C string part? */
#define has_str(got, part, ...) \
	tap_has((got), (part), __FILE__, __LINE__, __VA_ARGS__)
/* One test that cannot run here, and why. */
#define skip_test(...) tap_skip(__VA_ARGS__)

static struct {
	int run;
	int failed;
} tap;

/* Control bytes and '#' would be read as TAP. */
static inline void
tap_text(FILE *to, struct span s)
{
	size_t i;

	for (i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if (c < 0x20 || c >= 0x7f)
			fprintf(to, "\\x%02x", (unsigned)c);
		else if (c == '#' || c == '\\')
			fprintf(to, "\\%c", c);
		else
			fputc(c, to);
	}
}

__attribute__((format(printf, 1, 0)))
static inline void
tap_name(const char *format, va_list ap)
{
	char name[512];

	if (vsnprintf(name, sizeof name, format, ap) < 0)
		name[0] = '\0';
	tap_text(stdout, span_of(name));
	fputc('\n', stdout);
}

__attribute__((format(printf, 4, 0)))
static inline bool
tap_line(bool pass, const char *file, int line, const char *format,
    va_list ap)
{
	tap.run++;
	printf("%sok %d - ", pass ? "" : "not ", tap.run);
	tap_name(format, ap);
	if (!pass) {
		tap.failed++;
		printf("#   at %s:%d\n", file, line);
	}
	fflush(stdout);
	return pass;
}

__attribute__((format(printf, 4, 5)))
static inline bool
tap_ok(bool pass, const char *file, int line, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	tap_line(pass, file, line, format, ap);
	va_end(ap);
	return pass;
}

__attribute__((format(printf, 5, 6)))
static inline bool
tap_int(intmax_t got, intmax_t want, const char *file, int line,
    const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	tap_line(got == want, file, line, format, ap);
	va_end(ap);
	if (got != want)
		printf("#   got %" PRIdMAX ", want %" PRIdMAX "\n", got, want);
	return got == want;
}

__attribute__((format(printf, 5, 6)))
static inline bool
tap_uint(uintmax_t got, uintmax_t want, const char *file, int line,
    const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	tap_line(got == want, file, line, format, ap);
	va_end(ap);
	if (got != want)
		printf("#   got %" PRIuMAX ", want %" PRIuMAX "\n", got, want);
	return got == want;
}

static inline void
tap_show(const char *what, struct span s)
{
	printf("#   %s (%zu) '", what, s.n);
	tap_text(stdout, s);
	printf("'\n");
}

__attribute__((format(printf, 5, 6)))
static inline bool
tap_bytes(struct span got, struct span want, const char *file, int line,
    const char *format, ...)
{
	bool pass = got.n == want.n &&
	    (got.n == 0 || memcmp(got.p, want.p, got.n) == 0);
	va_list ap;

	va_start(ap, format);
	tap_line(pass, file, line, format, ap);
	va_end(ap);
	if (!pass) {
		tap_show("got ", got);
		tap_show("want", want);
	}
	return pass;
}

__attribute__((format(printf, 5, 6)))
static inline bool
tap_str(const char *got, const char *want, const char *file, int line,
    const char *format, ...)
{
	bool pass = got == NULL || want == NULL ? got == want :
	    strcmp(got, want) == 0;
	va_list ap;

	va_start(ap, format);
	tap_line(pass, file, line, format, ap);
	va_end(ap);
	if (!pass) {
		tap_show("got ", span_of(got == NULL ? "(NULL)" : got));
		tap_show("want", span_of(want == NULL ? "(NULL)" : want));
	}
	return pass;
}

__attribute__((format(printf, 5, 6)))
static inline bool
tap_has(const char *got, const char *part, const char *file, int line,
    const char *format, ...)
{
	bool pass = got != NULL && strstr(got, part) != NULL;
	va_list ap;

	va_start(ap, format);
	tap_line(pass, file, line, format, ap);
	va_end(ap);
	if (!pass) {
		tap_show("got ", span_of(got == NULL ? "(NULL)" : got));
		tap_show("lacks", span_of(part));
	}
	return pass;
}

__attribute__((format(printf, 1, 2)))
static inline void
tap_skip(const char *format, ...)
{
	va_list ap;

	tap.run++;
	printf("ok %d # SKIP ", tap.run);
	va_start(ap, format);
	tap_name(format, ap);
	va_end(ap);
}

/* A line for the reader of the log. */
__attribute__((format(printf, 1, 2)))
static inline void
note(const char *format, ...)
{
	va_list ap;

	printf("# ");
	va_start(ap, format);
	tap_name(format, ap);
	va_end(ap);
}

static inline int
done_testing(void)
{
	printf("1..%d\n", tap.run);
	if (tap.failed > 0)
		printf("# %d of %d failed\n", tap.failed, tap.run);
	if (fflush(stdout) != 0)
		return 1;
	return tap.failed > 0 || tap.run == 0 ? 1 : 0;
}

#endif
