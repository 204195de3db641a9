#include "aws/region.h"

#include <stddef.h>

const char *
region_named(const struct env *env, const struct profile_files *files,
    const char *profile)
{
	const char *region = env_value(env, "AWS_REGION");

	if (region == NULL)
		region = env_value(env, "AWS_DEFAULT_REGION");
	if (region == NULL)
		region = profile_get(files, profile, "region", NULL).text;
	return region;
}
