#include "aws/profile_file.h"

#include <stddef.h>

#include "aws/expand.h"
#include "base/buf.h"
#include "base/limits.h"

static const struct {
	const char *variable;
	const char *fallback;
} places[] = {
	{ "AWS_CONFIG_FILE", "~/.aws/config" },
	{ "AWS_SHARED_CREDENTIALS_FILE", "~/.aws/credentials" },
};

const char *
profile_file_variable(bool credentials)
{
	return places[credentials].variable;
}

char *
profile_file_find(const struct env *env, bool credentials, struct err *err)
{
	const char *variable = places[credentials].variable;
	const char *named = env_value(env, variable);
	struct buf path;
	char *result = NULL;

	buf_init(&path, LIMIT_INI_LINE);
	expand_path(env, named != NULL ? named : places[credentials].fallback,
	    &path);
	if (buf_check(&path, variable, err) == 0 &&
	    (result = buf_take(&path)) == NULL)
		err_memory(err);
	buf_clear(&path);
	return result;
}
