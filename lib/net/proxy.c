#include "net/proxy.h"

#include <stddef.h>

/* The first variable that is set and not empty. */
static const char *
first_of(const struct env *env, const char *const *names)
{
	const char *value;

	for (; *names != NULL; names++) {
		if ((value = env_value(env, *names)) != NULL)
			return value;
	}
	return "";
}

const char *
proxy_url(const struct env *env, bool https)
{
	static const char *const for_http[] = {
		"http_proxy", "all_proxy", "ALL_PROXY", NULL
	};
	static const char *const for_https[] = {
		"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", NULL
	};

	return first_of(env, https ? for_https : for_http);
}

const char *
proxy_exceptions(const struct env *env)
{
	static const char *const names[] = { "no_proxy", "NO_PROXY", NULL };

	return first_of(env, names);
}
