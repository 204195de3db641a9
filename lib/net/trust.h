#ifndef NET_TRUST_H
#define NET_TRUST_H

#include "base/err.h"
#include "base/span.h"
#include "sys/env.h"

/*
 * Which roots are believed. Parsing the whole system bundle costs BearSSL
 * 17 ms a connection, so: a bundle that the user names (AWS_CA_BUNDLE, the
 * profile's ca_bundle, SSL_CERT_FILE, in that order) is used alone; else, for
 * AWS hosts, the built-in Amazon roots, and the system bundle only when those
 * do not verify (or for other hosts); a machine without a bundle has the
 * built-in ones.
 */
struct trust;

/* ca_bundle: the profile's setting, may be NULL; copied. NULL: no memory. */
struct trust *trust_new(const struct env *env, const char *ca_bundle);
/* One more who uses it, at once or from another thread; returns t. */
struct trust *trust_hold(struct trust *t);
/* Gone with the last who uses it. NULL is fine. */
void trust_free(struct trust *t);

enum trust_step {
	TRUST_FIRST,		/* what to try first for this host */
	TRUST_FALLBACK		/* after a certificate was not verified */
};

/*
 * PEM text to verify host with; borrowed from t, the same pointer for the
 * same roots. Empty with err unset: no (other) roots for that step. -1 with
 * err ERR_USAGE when the named bundle cannot be read.
 */
int trust_roots(struct trust *t, const char *host, enum trust_step step,
    struct span *pem, struct err *err);

/* Where they came from, for doctor: "AWS_CA_BUNDLE '/x.pem'", "built-in". */
const char *trust_origin(const struct trust *t);

#endif
