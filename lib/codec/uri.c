#include "codec/uri.h"

#include <string.h>

#include <arpa/inet.h>

#include "base/limits.h"
#include "base/num.h"
#include "codec/hex.h"

static bool
alphanumeric(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
	    (c >= '0' && c <= '9');
}

static bool
unreserved(char c)
{
	return alphanumeric(c) || c == '-' || c == '.' || c == '_' || c == '~';
}

void
uri_encode(struct span s, bool keep_slash, struct buf *out)
{
	static const char digits[] = "0123456789ABCDEF";
	size_t i;

	for (i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];
		char escape[3] = { '%', digits[c >> 4], digits[c & 15] };

		if (unreserved(s.p[i]) || (keep_slash && c == '/'))
			buf_add_char(out, s.p[i]);
		else
			buf_add(out, escape, sizeof escape);
	}
}

bool
uri_decode(struct span s, bool form, struct buf *out)
{
	size_t i;

	for (i = 0; i < s.n; i++) {
		int high, low;

		if (s.p[i] != '%') {
			buf_add_char(out, form && s.p[i] == '+' ? ' ' :
			    s.p[i]);
			continue;
		}
		if (s.n - i < 3)
			return false;
		high = hex_value(s.p[i + 1]);
		low = hex_value(s.p[i + 2]);
		if (high < 0 || low < 0)
			return false;
		buf_add_char(out, (char)(high << 4 | low));
		i += 2;
	}
	return true;
}

/* The host's literal in network order; room for the longest IPv6 text. */
static bool
parse_address(int family, struct span host, unsigned char *address)
{
	char text[INET6_ADDRSTRLEN];

	return span_copy(host, text, sizeof text) &&
	    strlen(text) == host.n && inet_pton(family, text, address) == 1;
}

static bool
parse_ipv6(struct uri *u)
{
	static const unsigned char one[16] = { [15] = 1 };
	static const unsigned char mapped[12] = { [10] = 0xff, 0xff };
	unsigned char address[16];

	if (!parse_address(AF_INET6, u->host, address))
		return false;
	u->host_is_ip = true;
	u->host_is_loopback = memcmp(address, one, 16) == 0 ||
	    (memcmp(address, mapped, 12) == 0 && address[12] == 127);
	return true;
}

/* The last label, a final dot not counted. */
static struct span
last_label(struct span host)
{
	size_t start;

	if (host.n > 0 && host.p[host.n - 1] == '.')
		host.n--;
	for (start = host.n; start > 0 && host.p[start - 1] != '.'; start--)
		;
	return span_make(host.p + start, host.n - start);
}

/* Would some resolver read it as a part of an IPv4 address? */
static bool
numeric(struct span label)
{
	size_t i;

	if (label.n >= 2 && label.p[0] == '0' &&
	    (label.p[1] == 'x' || label.p[1] == 'X'))
		return true;
	for (i = 0; i < label.n; i++)
		if (label.p[i] < '0' || label.p[i] > '9')
			return false;
	return label.n > 0;
}

static bool
valid_name(struct span host)
{
	size_t i;

	if (host.n > 254 || last_label(host).n == 0 || host.p[0] == '.')
		return false;
	for (i = 0; i < host.n; i++) {
		if (host.p[i] == '.' && i > 0 && host.p[i - 1] == '.')
			return false;
		if (!alphanumeric(host.p[i]) && host.p[i] != '-' &&
		    host.p[i] != '.' && host.p[i] != '_')
			return false;
	}
	return true;
}

static bool
parse_name(struct uri *u)
{
	unsigned char address[4];

	if (!valid_name(u->host))
		return false;
	if (parse_address(AF_INET, u->host, address)) {
		u->host_is_ip = true;
		u->host_is_loopback = address[0] == 127;
		return true;
	}
	if (numeric(last_label(u->host)))
		return false;
	/* RFC 6761 6.3: the name and all below it. */
	u->host_is_loopback = span_is_nocase(last_label(u->host),
	    "localhost");
	return true;
}

/* What stands between "//" and the path: [v6] or name, then [:port]. */
static const char *
parse_authority(struct uri *u, struct span authority)
{
	struct span port;
	uint64_t value;
	bool given, known;

	if (memchr(authority.p, '@', authority.n) != NULL)
		return "user names and passwords do not belong into a URL";
	if (authority.p[0] == '[') {
		authority = span_make(authority.p + 1, authority.n - 1);
		if (!span_split(authority, ']', &u->host, &port))
			return "the bracket is not closed";
		given = port.n > 0;
		if (given && port.p[0] != ':')
			return "bad host";
		if (given)
			port = span_make(port.p + 1, port.n - 1);
		known = parse_ipv6(u);
	} else {
		given = span_split(authority, ':', &u->host, &port);
		known = parse_name(u);
	}
	if (!known)
		return u->host.n == 0 ? "no host" : "bad host";
	u->port = u->https ? 443 : 80;
	u->port_default = true;
	if (!given)
		return NULL;
	if (port.n > 5 || !num_parse(port, 65535, &value) || value == 0)
		return "bad port";
	u->port_default = value == u->port;
	u->port = (unsigned)value;
	return NULL;
}

static const char *
check_bytes(struct span text)
{
	size_t i;

	for (i = 0; i < text.n; i++) {
		unsigned char c = (unsigned char)text.p[i];

		if (c <= 0x20 || c == 0x7f)
			return "blanks and control bytes are not allowed";
		if (c > 0x7f)
			return "bytes beyond ASCII must be percent-encoded";
		if (c == '#')
			return "fragments are not allowed";
	}
	return NULL;
}

static const char *
parse(struct uri *u, struct span text)
{
	const char *problem = check_bytes(text);
	struct span authority, rest;
	size_t n;

	if (problem != NULL)
		return problem;
	if (text.n >= 8 && span_is_nocase(span_make(text.p, 8), "https://"))
		u->https = true;
	else if (text.n < 7 || !span_is_nocase(span_make(text.p, 7),
	    "http://"))
		return "it must begin with http:// or https://";
	n = u->https ? 8 : 7;
	rest = span_make(text.p + n, text.n - n);
	for (n = 0; n < rest.n && rest.p[n] != '/' && rest.p[n] != '?'; n++)
		;
	if (n == 0)
		return "no host";
	authority = span_make(rest.p, n);
	rest = span_make(rest.p + n, rest.n - n);
	(void)span_split(rest, '?', &u->path, &u->query);
	return parse_authority(u, authority);
}

/* For a message: neither a password nor a signed query may be shown. */
static struct span
showable(struct span text)
{
	struct span ignored, after;

	while (span_split(text, '@', &ignored, &after))
		text = after;
	(void)span_split(text, '?', &text, &ignored);
	if (text.n > LIMIT_QUOTE)
		text.n = LIMIT_QUOTE;
	return text.n == 0 ? span_of("") : text;
}

int
uri_parse(struct uri *u, struct span text, struct err *err)
{
	struct span shown = showable(text);
	const char *problem;

	memset(u, 0, sizeof *u);
	problem = parse(u, text);
	if (problem == NULL)
		return 0;
	memset(u, 0, sizeof *u);
	return err_set(err, ERR_USAGE, "'%.*s' is not a usable URL: %s",
	    (int)shown.n, shown.p, problem);
}

void
uri_authority(const struct uri *u, struct buf *out)
{
	bool ipv6 = u->host.n > 0 && memchr(u->host.p, ':', u->host.n) != NULL;
	size_t i;

	if (ipv6)
		buf_add_char(out, '[');
	for (i = 0; i < u->host.n; i++)
		buf_add_char(out, span_lower(u->host.p[i]));
	if (ipv6)
		buf_add_char(out, ']');
	if (!u->port_default)
		buf_addf(out, ":%u", u->port);
}
