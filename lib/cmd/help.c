#include "cmd/help.h"

#include <stdio.h>
#include <string.h>

#include "base/nearest.h"
#include "base/span.h"
#include "cmd/man.h"
#include "cmd/topic.h"
#include "cmd/wrap.h"

#define OPTION_COLUMN 30

/* Behind "usage: "; where it goes on. */
#define USAGE_COLUMN 7
#define HANGING 4

static const enum option_id options[] = { OPTION_MAN };
static const int statuses[] = { 0, 1, 2, -1 };

static void
print_option(struct output *o, const char *command, enum option_id id)
{
	const struct option_spec *spec = option_spec(id);
	const char *value = option_spec_value(spec);
	char label[80], letter[8] = "    ", text[OPTION_SPEC_HELP_ROOM];
	int n;

	if (spec->letter != 0) {
		n = snprintf(letter, sizeof letter, "-%c, ", spec->letter);
		if (n < 0)
			return;
	}
	n = snprintf(label, sizeof label, "%s--%s%s%s", letter, spec->name,
	    value == NULL ? "" : " ", value == NULL ? "" : value);
	option_spec_help(spec, command, text);
	if (n >= 0)
		wrap_item(o, label, OPTION_COLUMN, text);
}

static void
print_common_options(struct output *o)
{
	size_t i;

	output_text(o, "\nOptions of every command\n");
	for (i = 0; option_spec_common((enum option_id)i); i++)
		print_option(o, NULL, (enum option_id)i);
}

static void
print_usage(struct output *o, const struct command *command)
{
	char text[160];
	int n = snprintf(text, sizeof text, "teamcache %s [OPTION...]%s%s",
	    command->name, command->operands == NULL ? "" : " ",
	    command->operands == NULL ? "" : command->operands);

	output_text(o, "usage: ");
	if (n >= 0)
		wrap_text(o, text, HANGING, USAGE_COLUMN);
}

void
help_overview(struct output *o)
{
	const struct command *command;
	size_t i;

	output_text(o, "usage: ");
	wrap_text(o, "teamcache COMMAND [OPTION...] [OPERAND...]", HANGING,
	    USAGE_COLUMN);
	output_text(o, "\n");
	wrap_text(o, HELP_PURPOSE, 0, 0);
	output_text(o, "\nCommands\n");
	for (i = 0; (command = command_at(i)) != NULL; i++)
		wrap_item(o, command->name, 18, command->summary);
	print_common_options(o);
	output_text(o, "\n");
	wrap_text(o, "Durations are written 90s, 15m, 6h or 30d. These "
	    "options may also stand before the command. Of -q and -v the "
	    "last one counts.", 2, 0);
	output_text(o, "\n");
	wrap_text(o, "'teamcache help COMMAND' tells more, "
	    "'teamcache help TOPIC' about", 0, 0);
	for (i = 0; topic_at(i) != NULL; i++)
		wrap_item(o, topic_at(i)->name, 18, topic_at(i)->summary);
}

int
help_example(const char **at, struct span *line, struct span *meaning)
{
	struct span rest = span_of(*at), both;

	if (rest.n == 0)
		return 0;
	(void)span_split(rest, '\n', &both, &rest);
	(void)span_split(both, '\t', line, meaning);
	*at = rest.n == 0 ? "" : rest.p;
	return 1;
}

static void
print_whole(struct output *o, const struct command *command)
{
	const char *at = command->examples;
	struct span line, meaning;
	const int *status;
	char label[16];

	output_text(o, "\nExamples\n");
	while (help_example(&at, &line, &meaning) != 0)
		output_format(o, "  # %.*s\n  %.*s\n", (int)meaning.n,
		    meaning.p, (int)line.n, line.p);
	output_text(o, "\nExit statuses\n");
	for (status = command->statuses; *status >= 0; status++)
		if (snprintf(label, sizeof label, "%3d", *status) >= 0)
			wrap_item(o, label, 7, topic_status_meaning(*status));
}

void
help_command(struct output *o, const struct command *command, bool whole)
{
	char text[80];
	size_t i;

	print_usage(o, command);
	output_text(o, "\n");
	wrap_text(o, whole ? command->description : command->summary, 0, 0);
	if (command->option_count > 0)
		output_text(o, "\nOptions\n");
	for (i = 0; i < command->option_count; i++)
		print_option(o, command->name, command->options[i]);
	if (whole) {
		print_common_options(o);
		print_whole(o, command);
	} else {
		output_text(o, "\n");
		wrap_text(o, "'teamcache help' lists the options of every "
		    "command,", 0, 0);
		if (snprintf(text, sizeof text, "'teamcache %s --help' tells "
		    "all of this one.", command->name) >= 0)
			wrap_text(o, text, 0, 0);
	}
}

/* state is NULL for commands alone. */
static const char *
known_word(const void *state, size_t i, size_t *n)
{
	const struct topic *topic = NULL;
	const struct command *command = command_at(i);
	const char *name;
	size_t k;

	if (command == NULL && state != NULL) {
		for (k = 0; command_at(k) != NULL; k++)
			;
		topic = topic_at(i - k);
	}
	if (command == NULL && topic == NULL)
		return NULL;
	name = command != NULL ? command->name : topic->name;
	*n = strlen(name);
	return name;
}

int
help_unknown(const char *word, bool topics, struct err *err)
{
	const char *near;
	size_t n;

	err_set(err, ERR_USAGE, "unknown command%s '%.200s'",
	    topics ? " or topic" : "", word);
	near = nearest_of(word, strlen(word), known_word,
	    topics ? word : NULL, &n);
	if (near != NULL)
		err_hint(err, "did you mean '%.*s'?", (int)n, near);
	else
		err_hint(err, "'teamcache help' lists the commands%s",
		    topics ? " and topics" : "");
	return -1;
}

static int
run(struct command_input *input, int *status, struct err *err)
{
	const char *word = option_operand(input->options, 0);
	const struct command *command;
	size_t i;

	(void)status;
	if (option_given(input->options, OPTION_JSON))
		return err_set(err, ERR_USAGE,
		    "help is for people and has no --json form");
	if (option_given(input->options, OPTION_MAN)) {
		if (word != NULL)
			return err_set(err, ERR_USAGE,
			    "'--man' prints the one page of all commands and "
			    "takes no '%.200s'", word);
		man_print(input->output);
		return 0;
	}
	if (word == NULL) {
		help_overview(input->output);
		return 0;
	}
	if ((command = command_find(word)) != NULL) {
		help_command(input->output, command, true);
		return 0;
	}
	for (i = 0; topic_at(i) != NULL; i++) {
		if (strcmp(topic_at(i)->name, word) == 0) {
			topic_at(i)->print(input->output);
			return 0;
		}
	}
	return help_unknown(word, true, err);
}

const struct command command_help = {
	.name = "help",
	.operands = "[COMMAND|TOPIC]",
	.summary = "explain a command or a topic",
	.description =
	"Without operand, lists the commands and the options that all of them "
	"take. With the name of a command, tells all about it, as 'COMMAND "
	"--help' does. The topics are exit-statuses, settings, "
	"environment and json.",
	.examples =
	"teamcache help fetch\tall about fetch\n"
	"teamcache help exit-statuses\twhat a script may rely on\n"
	"teamcache help --man >teamcache.1\tthe manual page\n",
	.options = options,
	.option_count = sizeof options / sizeof options[0],
	.statuses = statuses,
	.completes = "topics",
	.run = run,
};
