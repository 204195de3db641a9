#include "cmd/completion.h"

#include <string.h>

#include "cache/config.h"
#include "cache/purchase.h"
#include "cmd/command.h"
#include "cmd/settings.h"
#include "cmd/topic.h"
#include "diag/policy_write.h"

static const int statuses[] = { 0, 1, 2, -1 };

static const struct {
	const char *shell;
	void (*print)(struct output *o);
} shells[] = {
	{ "bash", completion_bash },
	{ "zsh", completion_zsh },
	{ "fish", completion_fish },
};

bool
completion_kind(const char **at, struct span *kind, bool *repeats)
{
	struct span rest = span_of(*at);

	if (rest.n == 0)
		return false;
	(void)span_split(rest, ' ', kind, &rest);
	*at = rest.n == 0 ? NULL : rest.p;
	*repeats = span_ends(*kind, "...");
	if (*repeats)
		kind->n -= strlen("...");
	return true;
}

const char *
completion_word(struct span kind, size_t i)
{
	size_t commands = 0;

	if (span_is(kind, "types"))
		return purchase_built_in(i);
	if (span_is(kind, "shells"))
		return i < sizeof shells / sizeof shells[0] ?
		    shells[i].shell : NULL;
	if (span_is(kind, "actions"))
		return settings_action(i);
	if (span_is(kind, "settings"))
		return i < CONFIG_COUNT ?
		    config_spec((enum config_id)i)->name : NULL;
	if (span_is(kind, "policies"))
		return policy_write_kind(i);
	if (span_is(kind, "files"))
		return NULL;
	while (command_at(commands) != NULL)
		commands++;
	if (i < commands)
		return command_at(i)->name;
	if (span_is(kind, "topics") && topic_at(i - commands) != NULL)
		return topic_at(i - commands)->name;
	return NULL;
}

static int
run(struct command_input *input, int *status, struct err *err)
{
	const char *shell = option_operand(input->options, 0);
	size_t i;

	(void)status;
	if (option_given(input->options, OPTION_JSON))
		return err_set(err, ERR_USAGE,
		    "completion is for shells and has no --json form");
	if (shell == NULL) {
		(void)err_set(err, ERR_USAGE, "no shell was named");
		err_hint(err, "usage: teamcache completion bash|zsh|fish");
		return -1;
	}
	for (i = 0; i < sizeof shells / sizeof shells[0]; i++) {
		if (strcmp(shells[i].shell, shell) == 0) {
			shells[i].print(input->output);
			return 0;
		}
	}
	(void)err_set(err, ERR_USAGE, "no completion for the shell '%.200s'",
	    shell);
	err_hint(err, "there is one for bash, zsh and fish");
	return -1;
}

const struct command command_completion = {
	.name = "completion",
	.operands = "bash|zsh|fish",
	.summary = "print the completion script of a shell",
	.description =
	"Prints a script that completes commands, options, their values, data "
	"types, months and AWS profiles on the command line. `make install` "
	"puts the three scripts where the shells look for them.",
	.examples =
	". <(teamcache completion bash)\tin ~/.bashrc\n"
	"teamcache completion zsh >~/.zfunc/_teamcache\t"
	"in a directory of $fpath\n"
	"teamcache completion fish "
	">~/.config/fish/completions/teamcache.fish\tfor fish\n",
	.statuses = statuses,
	.completes = "shells",
	.run = run,
};
