#include "cmd/command.h"

#include <string.h>

static const struct command *const commands[] = {
	&command_fetch,
	&command_push,
	&command_invalidate,
	&command_verify_bucket,
	&command_doctor,
	&command_status,
	&command_settings,
	&command_policy,
	&command_completion,
	&command_help,
	&command_version,
};

const struct command *
command_at(size_t i)
{
	return i < sizeof commands / sizeof commands[0] ? commands[i] : NULL;
}

const struct command *
command_find(const char *name)
{
	size_t i;

	for (i = 0; command_at(i) != NULL; i++)
		if (strcmp(commands[i]->name, name) == 0)
			return commands[i];
	return NULL;
}
