#ifndef TESTS_ROLE_WORLD_H
#define TESTS_ROLE_WORLD_H

#include "chain_world.h"
#include "sts_answers.h"

/* Profiles with a role, and what STS says of it. */
#define COUNT(rows) (sizeof (rows) / sizeof (rows)[0])

#define ROLE "role_arn = arn:aws:iam::210987654321:role/r\n"
#define DENIED STS_ERROR("AccessDenied", "no identity-based policy allows")

static struct world w;

static inline enum provider_outcome
resolve(void)
{
	return world_resolve(&w, &provider_assume_role);
}

#endif
