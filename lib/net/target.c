#include "net/target.h"

#include <stdio.h>
#include <string.h>

#define NAME_MAX_BYTES 253

int
target_set(struct target *t, const char *url, struct err *err)
{
	bool brackets;

	t->host[0] = t->server[0] = '\0';
	if (uri_parse(&t->uri, span_of(url), err) != 0)
		return -1;
	if (t->uri.host.n > NAME_MAX_BYTES)
		return err_set(err, ERR_USAGE,
		    "the host name in '%s' is too long", url);
	memcpy(t->host, t->uri.host.p, t->uri.host.n);
	t->host[t->uri.host.n] = '\0';
	brackets = strchr(t->host, ':') != NULL;
	if (snprintf(t->server, sizeof t->server, "%s%s%s:%u",
	    brackets ? "[" : "", t->host, brackets ? "]" : "",
	    t->uri.port) < 0)
		return err_set(err, ERR_INTERNAL, "cannot format a name");
	if (t->uri.https && t->uri.host_is_ip) {
		err_set(err, ERR_USAGE, "cannot use https with the address "
		    "'%s': its certificate cannot be verified", t->server);
		err_hint(err, "use a host name, or http on a trusted network");
		return -1;
	}
	return 0;
}
