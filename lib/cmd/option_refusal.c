#include "cmd/option_refusal.h"

#include <string.h>

#include "base/nearest.h"

/* The names that a command takes, for suggestions. */
static const char *
allowed_word(const void *state, size_t i, size_t *n)
{
	const struct command *command = state;
	const struct option_spec *spec;
	size_t id;

	for (id = 0; id < OPTION_COUNT; id++) {
		if (!option_allowed(command, (enum option_id)id) || i-- > 0)
			continue;
		spec = option_spec((enum option_id)id);
		*n = strlen(spec->name);
		return spec->name;
	}
	return NULL;
}

static const char *
common_word(const void *state, size_t i, size_t *n)
{
	(void)state;
	if (!option_spec_common((enum option_id)i))
		return NULL;
	*n = strlen(option_spec((enum option_id)i)->name);
	return option_spec((enum option_id)i)->name;
}

/* An option that exists, but not for this command. */
static int
misplaced(const struct command *command, const struct option_spec *spec,
    struct err *err)
{
	const struct command *other;
	size_t i;

	err_set(err, ERR_USAGE, "'%s' has no option '--%s'", command->name,
	    spec->name);
	for (i = 0; (other = command_at(i)) != NULL; i++) {
		if (option_allowed(other, spec->id)) {
			err_hint(err, "it is one of 'teamcache %s'",
			    other->name);
			break;
		}
	}
	return -1;
}

int
option_refusal_unknown(const struct command *command, const char *arg,
    const char *name, size_t n, struct err *err)
{
	const struct option_spec *spec = option_spec_named(name, n);
	size_t shown = strncmp(arg, "--", 2) == 0 ? n + 2 : strlen(arg);
	const char *near;
	size_t found;

	if (shown > 200)
		shown = 200;
	if (command == NULL && spec != NULL && !option_spec_common(spec->id)) {
		err_set(err, ERR_USAGE, "option '%.*s' stands before the "
		    "command", (int)shown, arg);
		err_hint(err, "only options that every command takes may; "
		    "put it after the command");
		return -1;
	}
	if (command != NULL && spec != NULL &&
	    !option_allowed(command, spec->id))
		return misplaced(command, spec, err);
	err_set(err, ERR_USAGE, "unknown option '%.*s'%s%s%s", (int)shown,
	    arg, command == NULL ? "" : " of '",
	    command == NULL ? "" : command->name,
	    command == NULL ? "" : "'");
	near = nearest_of(name, n, command == NULL ? common_word :
	    allowed_word, command, &found);
	if (near != NULL)
		err_hint(err, "did you mean '--%.*s'?", (int)found, near);
	else
		err_hint(err, "'teamcache %s%s-h' lists the options",
		    command == NULL ? "" : command->name,
		    command == NULL ? "" : " ");
	return -1;
}

int
option_refusal_missing(const struct option_spec *spec, const char *follows,
    struct err *err)
{
	err_set(err, ERR_USAGE, "option '--%s' needs a value: %s",
	    spec->name, spec->choices != NULL ? spec->choices :
	    spec->placeholder);
	if (follows != NULL)
		err_hint(err, "'%.100s' follows it, which is an option; write "
		    "'--%s=%.100s' if it is meant", follows, spec->name,
		    follows);
	return -1;
}
