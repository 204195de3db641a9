#ifndef BASE_SECRET_H
#define BASE_SECRET_H

#include "base/err.h"
#include "base/span.h"

/*
 * The one type in which secrets live (secret keys, session and bearer
 * tokens). It has no printf path; it is wiped when cleared. Zero-initialise.
 */
struct secret {
	char *bytes;		/* NUL-terminated; NULL when none */
	size_t length;
};

/* Replace the content by a copy; the old one is wiped. 0, or -1 (memory). */
int secret_set(struct secret *s, struct span value, struct err *err);

/* Wipe and free; harmless twice. */
void secret_clear(struct secret *s);

/* Is anything in it? */
bool secret_present(const struct secret *s);

/*
 * The bytes, for signing or for a header and nothing else: never for a
 * message, a log or a file other than the credential cache. Borrowed.
 */
struct span secret_reveal(const struct secret *s);

#endif
