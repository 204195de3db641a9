/*
 * A command line, a word a line: what was taken from it keeps its ranges.
 * Where no command is named, the length says which it is.
 */
#include "fuzz.h"

#include "cmd/command.h"
#include "cmd/option.h"

enum { WORDS_MAX = 64, COMMANDS = 11 };

static void
check_value(const struct options *o, enum option_id id)
{
	const struct option_spec *spec = option_spec(id);
	size_t i, n = option_count(o, id);
	int64_t number = option_number(o, id);
	struct month month;

	must((n > 0) == option_given(o, id));
	must(n <= 1 || spec->repeatable || spec->kind == OPTION_KIND_FLAG);
	for (i = 0; i < n && spec->kind != OPTION_KIND_FLAG; i++)
		must(option_text_at(o, id, i) != NULL);
	must(option_text_at(o, id, n) == NULL);
	if (n == 0)
		return;
	if (spec->kind == OPTION_KIND_DURATION ||
	    spec->kind == OPTION_KIND_NUMBER)
		must(number >= spec->min && number <= spec->max);
	if (spec->kind == OPTION_KIND_MONTH)
		must(option_month(o, id, &month) && month.month >= 1 &&
		    month.month <= 12);
}

static void
check_command(const struct command *command, int argc,
    const char *const *argv)
{
	struct err err = { 0 };
	struct options *o = option_parse(command, argc, argv, &err);
	size_t i;
	int id;

	if (o == NULL) {
		fuzz_refused(&err);
		must(err.class == ERR_USAGE);
		return;
	}
	for (id = 0; id < OPTION_COUNT; id++) {
		if (!option_allowed(command, (enum option_id)id))
			must(!option_given(o, (enum option_id)id));
		check_value(o, (enum option_id)id);
	}
	for (i = 0; i < option_operands(o); i++)
		must(option_operand(o, i) != NULL);
	must(option_operand(o, i) == NULL);
	option_free(o);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1), *at, *next;
	const char *argv[WORDS_MAX + 1] = { NULL };
	const struct command *command = NULL;
	struct err err = { 0 };
	int argc = 0, index;

	must(text != NULL);
	if (size > 0)
		memcpy(text, data, size);
	text[size] = '\0';
	for (at = text; at != NULL && argc < WORDS_MAX; at = next) {
		if ((next = strchr(at, '\n')) != NULL)
			*next++ = '\0';
		argv[argc++] = at;
	}
	argv[argc] = NULL;
	index = option_command_index(argc, argv, &err);
	must(index >= -1 && index <= argc);
	if (index < 0)
		fuzz_refused(&err);
	(void)option_literal(argc, argv, "--json");
	if (index >= 0 && index < argc)
		command = command_find(argv[index]);
	if (command != NULL)
		memmove(&argv[index], &argv[index + 1],
		    (size_t)(argc-- - index) * sizeof *argv);
	else
		command = command_at(size % COMMANDS);
	check_command(command, argc, argv);
	free(text);
	return 0;
}
