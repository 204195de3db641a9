#ifndef AWS_REGION_H
#define AWS_REGION_H

#include "aws/profile.h"
#include "sys/env.h"

/*
 * The region that somebody has named: AWS_REGION, AWS_DEFAULT_REGION, the
 * profile's. NULL: nobody has. Borrowed from env or files. It need not be a
 * sound one (endpoint_region_valid).
 */
const char *region_named(const struct env *env,
    const struct profile_files *files, const char *profile);

#endif
