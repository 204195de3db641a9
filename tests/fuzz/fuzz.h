#ifndef TESTS_FUZZ_H
#define TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/span.h"

/*
 * A target feeds bytes to one reader and asserts what must hold for all of
 * them. libFuzzer calls it (`make fuzz`), or corpus.c with the files of
 * tests/fuzz/corpus/NAME (`make check-fuzz`).
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What holds for every input; the process ends where it does not. */
#define must(condition) \
	((condition) ? (void)0 : fuzz_broken(#condition, __FILE__, __LINE__))

static inline _Noreturn void
fuzz_broken(const char *condition, const char *file, int line)
{
	fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, condition);
	abort();
}

static inline struct span
fuzz_span(const uint8_t *data, size_t size)
{
	return span_make((const char *)data, size);
}

/* Does part lie in whole? */
static inline int
fuzz_within(struct span part, struct span whole)
{
	return part.n == 0 || (part.p >= whole.p &&
	    part.p + part.n <= whole.p + whole.n);
}

/* A failure that says so, in a class, with nothing that a terminal obeys. */
static inline void
fuzz_refused(const struct err *err)
{
	const char *c;

	must(err->class > ERR_NONE && err->class < ERR_CLASS_COUNT);
	must(err->message[0] != '\0');
	for (c = err->message; *c != '\0'; c++)
		must((unsigned char)*c >= 0x20 && *c != 0x7f);
}

#endif
