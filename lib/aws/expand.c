#include "aws/expand.h"

#include <string.h>

static const char letters[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_";

/* The variable that s begins with, and how long its mention is; NULL when
 * there is none or it is unset. */
static const char *
variable_at(const struct env *env, const char *s, size_t *length)
{
	size_t open = s[0] == '$' && s[1] == '{' ? 2 : 1;
	size_t n = s[0] == '$' ? strspn(s + open, letters) : 0;
	char name[256];

	if (n == 0 || n >= sizeof name || (open == 2 && s[open + n] != '}'))
		return NULL;
	memcpy(name, s + open, n);
	name[n] = '\0';
	*length = open == 2 ? n + 3 : n + 1;
	return env_get(env, name);
}

void
expand_path(const struct env *env, const char *path, struct buf *out)
{
	const char *home = env_value(env, "HOME"), *value, *s = path;
	size_t length;

	if (home != NULL && s[0] == '~' && (s[1] == '/' || s[1] == '\0')) {
		buf_add_string(out, home);
		s++;
	}
	while (*s != '\0') {
		if ((value = variable_at(env, s, &length)) != NULL) {
			buf_add_string(out, value);
			s += length;
		} else {
			buf_add_char(out, *s++);
		}
	}
}
