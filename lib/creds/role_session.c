#include "creds/role_session.h"

#include <stdio.h>
#include <string.h>

void
role_session_name(const char *wanted, int64_t now,
    char out[ROLE_SESSION_ROOM])
{
	static const char fit[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "abcdefghijklmnopqrstuvwxyz0123456789_+=,.@-";
	size_t n = 0;

	if (wanted == NULL) {
		if (snprintf(out, ROLE_SESSION_ROOM, "teamcache-%lld",
		    (long long)now) < 0)
			out[0] = '\0';
		return;
	}
	for (; *wanted != '\0' && n < ROLE_SESSION_ROOM - 1; wanted++)
		out[n++] = strchr(fit, *wanted) != NULL ? *wanted : '-';
	while (n < 2)
		out[n++] = '-';
	out[n] = '\0';
}
