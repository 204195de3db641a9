#ifndef SYS_ENV_H
#define SYS_ENV_H

/*
 * The environment as a value: a NULL-terminated "NAME=value" list, borrowed
 * for the life of the process (environ, or a test's table). First one wins.
 */
struct env {
	const char *const *variables;
};

/* The value, "" when set but empty, NULL when unset. Borrowed. */
const char *env_get(const struct env *env, const char *name);

/* As env_get, with an empty value counting as unset (the AWS rule). */
const char *env_value(const struct env *env, const char *name);

#endif
