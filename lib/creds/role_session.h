#ifndef CREDS_ROLE_SESSION_H
#define CREDS_ROLE_SESSION_H

#include <stdint.h>

/* STS takes 2 to 64 bytes. */
#define ROLE_SESSION_ROOM 65

/*
 * The name of a role's session: the wanted one, with '-' for what STS does not
 * take ([\w+=,.@-]{2,64}), or "teamcache-<now>" for NULL.
 */
void role_session_name(const char *wanted, int64_t now,
    char out[ROLE_SESSION_ROOM]);

#endif
