#include "sys/env.h"

#include <stddef.h>
#include <string.h>

const char *
env_get(const struct env *env, const char *name)
{
	size_t n = strlen(name);
	const char *const *v;

	if (env == NULL || env->variables == NULL)
		return NULL;
	for (v = env->variables; *v != NULL; v++) {
		/* Most differ here: a run asks for dozens of names. */
		if ((*v)[0] == name[0] && strncmp(*v, name, n) == 0 &&
		    (*v)[n] == '=')
			return *v + n + 1;
	}
	return NULL;
}

const char *
env_value(const struct env *env, const char *name)
{
	const char *value = env_get(env, name);

	return value != NULL && value[0] != '\0' ? value : NULL;
}
