#ifndef NET_TARGET_H
#define NET_TARGET_H

#include "base/err.h"
#include "codec/uri.h"

/* Where a request goes: its URL taken apart, and names for it. */
struct target {
	struct uri uri;		/* spans into the caller's URL */
	char host[256];
	char server[280];	/* "host:port", for messages */
};

/*
 * ERR_USAGE for a URL that uri_parse refuses, for a host name beyond 253
 * bytes (RFC 1035), and for https to an IP address, whose certificate BearSSL
 * cannot verify. Owns nothing.
 */
int target_set(struct target *t, const char *url, struct err *err);

#endif
