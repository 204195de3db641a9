#include "cmd/look.h"

#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/num.h"
#include "base/span.h"

#define COLUMNS_MAX 4096

static bool
locale_is_utf8(const struct env *env)
{
	static const char *const names[] = { "LC_ALL", "LC_CTYPE", "LANG" };
	struct span codeset, rest;
	const char *locale = NULL;
	size_t i;

	for (i = 0; i < sizeof names / sizeof names[0] && locale == NULL; i++)
		locale = env_value(env, names[i]);
	if (locale == NULL || (locale = strchr(locale, '.')) == NULL)
		return false;
	span_split(span_of(locale + 1), '@', &codeset, &rest);
	return span_is_nocase(codeset, "UTF-8") ||
	    span_is_nocase(codeset, "utf8");
}

static bool
is_dumb(const struct env *env)
{
	const char *term = env_value(env, "TERM");

	return term != NULL && strcmp(term, "dumb") == 0;
}

static bool
has_colour(const struct env *env, const char *color, bool terminal)
{
	if (color != NULL && strcmp(color, "auto") != 0)
		return strcmp(color, "always") == 0;
	return terminal && env_value(env, "TERM") != NULL && !is_dumb(env) &&
	    env_value(env, "NO_COLOR") == NULL;
}

struct look
look_choose(const struct env *env, const char *color, bool terminal,
    size_t columns)
{
	const char *asked = env_value(env, "COLUMNS");
	struct look look = {
		.utf8 = locale_is_utf8(env) && !is_dumb(env),
		.colour = has_colour(env, color, terminal),
		.width = columns,
	};
	uint64_t number;

	if (asked != NULL && num_parse(span_of(asked), COLUMNS_MAX, &number) &&
	    number > 0)
		look.width = (size_t)number;
	return look;
}

size_t
look_columns(int fd)
{
	struct winsize size = { 0 };

	return isatty(fd) == 1 && ioctl(fd, TIOCGWINSZ, &size) == 0 ?
	    size.ws_col : 0;
}

struct look
look_of(const struct env *env, const char *color, int fd)
{
	return look_choose(env, color, isatty(fd) == 1, look_columns(fd));
}
