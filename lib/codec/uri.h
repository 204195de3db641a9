#ifndef CODEC_URI_H
#define CODEC_URI_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/span.h"

/*
 * RFC 3986 percent-encoding as SigV4 wants it: all but A-Z a-z 0-9 - . _ ~
 * becomes %XX, upper-case hex. keep_slash leaves '/' (paths).
 */
void uri_encode(struct span s, bool keep_slash, struct buf *out);

/* %XX decoding; with form also '+' as a space. False on a bad escape. */
bool uri_decode(struct span s, bool form, struct buf *out);

/* An absolute http or https URL, taken apart; spans into the caller's text. */
struct uri {
	bool https;
	struct span host;	/* without brackets for IPv6 */
	bool host_is_ip;	/* an IPv4 or IPv6 literal */
	bool host_is_loopback;	/* 127/8, ::1 (mapped too), localhost,
				   *.localhost */
	unsigned port;		/* 80 or 443 when not given */
	bool port_default;	/* the scheme's own */
	struct span path;	/* "" or "/..." without query */
	struct span query;	/* without '?' */
};

/*
 * Refuses user info, fragments, control bytes, blanks, bytes beyond ASCII,
 * other schemes, bad ports, and hosts that are empty, no name, or numbers
 * without being a plain IPv4 address ("127.1", "0x7f000001"): ERR_USAGE, the
 * text quoted without what could be a password or a signature. IPv6 zones are
 * not understood.
 */
int uri_parse(struct uri *u, struct span text, struct err *err);

/* host[:port] as the Host header has it: lower case, port only if not the
 * scheme's own, brackets around IPv6. */
void uri_authority(const struct uri *u, struct buf *out);

#endif
