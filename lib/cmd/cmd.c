#include "cmd/cmd.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/span.h"
#include "cmd/command.h"
#include "cmd/github.h"
#include "cmd/help.h"
#include "cmd/report.h"
#include "cmd/version.h"
#include "codec/json.h"
#include "sys/interrupt.h"
#include "sys/log.h"

/* The command line, taken apart. */
struct line {
	const struct command *command;
	int argc;		/* arguments without program and command */
	const char *const *argv;
	const char **joined;	/* when options stood before the command */
};

/* Without a command there may still be -h or -V, which are commands then. */
static int
without_command(struct line *line, struct err *err)
{
	if (option_literal(line->argc, line->argv, "-h") ||
	    option_literal(line->argc, line->argv, "--help")) {
		line->command = &command_help;
		return 0;
	}
	if (option_literal(line->argc, line->argv, "-V") ||
	    option_literal(line->argc, line->argv, "--version")) {
		line->command = &command_version;
		return 0;
	}
	(void)err_set(err, ERR_USAGE, "no command was given");
	err_hint(err, "usage: teamcache COMMAND [OPTION...] [OPERAND...]\n"
	    "'teamcache help' lists the commands");
	return -1;
}

static int
take_apart(struct line *line, struct err *err)
{
	int at = option_command_index(line->argc, line->argv, err);
	size_t n;

	if (at < 0)
		return -1;
	if (at == line->argc)
		return without_command(line, err);
	line->command = command_find(line->argv[at]);
	if (line->command == NULL)
		return help_unknown(line->argv[at], false, err);
	line->argc--;
	if (at == 0) {
		line->argv++;
		return 0;
	}
	n = (size_t)line->argc;
	line->joined = malloc(n * sizeof *line->joined);
	if (line->joined == NULL)
		return err_memory(err);
	memcpy(line->joined, line->argv, (size_t)at * sizeof *line->joined);
	memcpy(line->joined + at, line->argv + at + 1,
	    (n - (size_t)at) * sizeof *line->joined);
	line->argv = line->joined;
	return 0;
}

/* `COMMAND --help` and the like work whatever else stands there. */
static bool
asked_for_help(const struct line *line, struct output *o)
{
	const struct command *command = line->command;
	bool whole = option_literal(line->argc, line->argv, "--help");

	if (whole || option_literal(line->argc, line->argv, "-h")) {
		if (command == &command_help)
			help_overview(o);
		else
			help_command(o, command, whole);
		return true;
	}
	if (command != &command_version &&
	    (option_literal(line->argc, line->argv, "-V") ||
	    option_literal(line->argc, line->argv, "--version"))) {
		version_print(o, false);
		return true;
	}
	return false;
}

static enum log_level
level_of(const struct options *options)
{
	size_t v;

	if (options == NULL)
		return LOG_NORMAL;
	if (option_given(options, OPTION_QUIET))
		return LOG_QUIET;
	v = option_count(options, OPTION_VERBOSE);
	return v == 0 ? LOG_NORMAL : v == 1 ? LOG_STEPS : LOG_TRACE;
}

static int
run_command(struct command_input *input, int *status, struct err *err)
{
	if (option_given(input->options, OPTION_HELP)) {
		help_command(input->output, input->command, false);
		return 0;
	}
	if (option_given(input->options, OPTION_VERSION) &&
	    input->command != &command_version) {
		version_print(input->output, false);
		return 0;
	}
	if (interrupt_install() != 0)
		return err_system(err, errno, "cannot prepare for", "signals");
	return input->command->run(input, status, err);
}

/* The object of design section 11 for an error that left no result. */
static void
print_json_error(const struct command_input *input,
    const struct err *failure)
{
	struct err unprinted = { 0 };
	struct json_writer w;
	struct buf out;

	buf_init(&out, 64 * LIMIT_KIB);
	report_begin(&w, &out, input->command, err_status(failure->class));
	json_put_name(&w, "error");
	report_error(&w, failure);
	if (report_end(&w, input->output, &unprinted) != 0)
		log_error(input->log, &unprinted);
}

/*
 * Find the command and its options. *options stays NULL when help or version
 * was asked for, which is printed already.
 */
static int
prepare(struct line *line, struct output *o, struct options **options,
    struct err *err)
{
	if (take_apart(line, err) != 0)
		return -1;
	if (asked_for_help(line, o))
		return 0;
	*options = option_parse(line->command, line->argc, line->argv, err);
	return *options == NULL ? -1 : 0;
}

/* Where looking around helps, the last line says how. It does not for a
 * forecast that there is not: there AWS refused nothing, and sent no code. */
static void
point_to_doctor(const struct command *command, struct err *err)
{
	char hint[sizeof err->hint];

	if (command == NULL || command == &command_doctor ||
	    (err->class == ERR_NOT_ENABLED && err->code[0] == '\0'))
		return;
	switch (err->class) {
	case ERR_CREDENTIALS:
	case ERR_DENIED:
	case ERR_BUCKET:
	case ERR_NETWORK:
	case ERR_NOT_ENABLED:
		memcpy(hint, err->hint, sizeof hint);
		err_hint(err, "%s%srun 'teamcache doctor' to find out why",
		    hint, hint[0] != '\0' ? "\n" : "");
		break;
	default:
		break;
	}
}

/* Say how it went; the exit status. */
static int
conclude(struct command_input *input, bool json, int status,
    struct err *err)
{
	struct err lost = { 0 };

	if (err->class != ERR_NONE) {
		status = err_status(err->class);
		point_to_doctor(input->command, err);
		if (json)
			print_json_error(input, err);
	}
	log_error(input->log, err);
	if (output_finish(input->output, &lost) != 0) {
		log_error(input->log, &lost);
		if (status == 0)
			status = err_status(lost.class);
	}
	return status;
}

static void
say_memory(int fd)
{
	static const char text[] = "teamcache: out of memory\n";

	if (write(fd, text, sizeof text - 1) < 0)
		return;		/* there is nobody left to tell */
}

int
cmd_run(const struct cmd_process *process)
{
	struct line line = {
		.argc = process->argc > 0 ? process->argc - 1 : 0,
		.argv = process->argv + (process->argc > 0 ? 1 : 0),
	};
	bool json = option_literal(line.argc, line.argv, "--json");
	struct command_input input = { .process = process };
	struct options *options = NULL;
	struct err err;
	int status = err_status(ERR_INTERNAL), r;

	err_clear(&err);
	input.output = output_new(process->out);
	if (input.output == NULL) {
		say_memory(process->err);
		return status;
	}
	r = prepare(&line, input.output, &options, &err);
	input.command = line.command;
	input.options = options;
	input.log = log_new(process->err, level_of(options));
	if (input.log == NULL) {
		say_memory(process->err);
	} else {
		if (github_runs(process->env))
			log_annotate(input.log);
		status = 0;
		if (r == 0 && options != NULL)
			(void)run_command(&input, &status, &err);
		status = conclude(&input, json, status, &err);
	}
	log_free(input.log);
	option_free(options);
	free(line.joined);
	output_free(input.output);
	return status;
}
