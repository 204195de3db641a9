#include "cmd/option.h"

#include <stdlib.h>
#include <string.h>

#include "cmd/command.h"
#include "cmd/option_refusal.h"
#include "cmd/option_value.h"

struct given {
	size_t count;
	struct option_value value;	/* of the last one */
};

struct pair {
	enum option_id id;
	const char *text;
};

struct options {
	const struct command *command;
	struct given given[OPTION_COUNT];
	size_t pair_count;		/* options with a value, in order */
	size_t operand_count;
	struct pair *pairs;
	const char **operands;
};

/* Where parsing stands. */
struct cursor {
	int argc;
	const char *const *argv;
	int at;			/* the argument being looked at */
};

bool
option_allowed(const struct command *command, enum option_id id)
{
	size_t i;

	if (option_spec_common(id))
		return true;
	for (i = 0; i < command->option_count; i++)
		if (command->options[i] == id)
			return true;
	return false;
}

/* Is the argument an option of ours, spelled out? Then it is no value. */
static bool
is_option(const char *arg)
{
	return strncmp(arg, "--", 2) == 0 && arg[2] != '\0' &&
	    option_spec_named(arg + 2, strcspn(arg + 2, "=")) != NULL;
}

/* The value of an option: what is attached, else the next argument. */
static const char *
take_value(struct cursor *c, const struct option_spec *spec,
    const char *attached, struct err *err)
{
	const char *next;

	if (attached != NULL)
		return attached;
	if (c->at + 1 >= c->argc) {
		(void)option_refusal_missing(spec, NULL, err);
		return NULL;
	}
	next = c->argv[c->at + 1];
	if (is_option(next)) {
		(void)option_refusal_missing(spec, next, err);
		return NULL;
	}
	c->at++;
	return next;
}

static int
add_option(struct options *o, struct cursor *c,
    const struct option_spec *spec, const char *attached, struct err *err)
{
	struct given *given = &o->given[spec->id];
	const char *text;

	if (spec->kind == OPTION_KIND_FLAG) {
		given->count++;
		if (spec->id == OPTION_QUIET)
			o->given[OPTION_VERBOSE].count = 0;
		else if (spec->id == OPTION_VERBOSE)
			o->given[OPTION_QUIET].count = 0;
		return 0;
	}
	if ((text = take_value(c, spec, attached, err)) == NULL)
		return -1;
	if (given->count > 0 && !spec->repeatable) {
		err_set(err, ERR_USAGE, "option '--%s' is given twice",
		    spec->name);
		err_hint(err, "it takes one value");
		return -1;
	}
	if (option_value_read(spec, text, &given->value, err) != 0)
		return -1;
	given->count++;
	o->pairs[o->pair_count].id = spec->id;
	o->pairs[o->pair_count].text = text;
	o->pair_count++;
	return 0;
}

static int
parse_long(struct options *o, struct cursor *c, struct err *err)
{
	const char *arg = c->argv[c->at];
	const char *name = arg + 2;
	size_t n = strcspn(name, "=");
	const char *attached = name[n] == '=' ? name + n + 1 : NULL;
	const struct option_spec *spec = option_spec_named(name, n);

	if (spec == NULL || !option_allowed(o->command, spec->id))
		return option_refusal_unknown(o->command, arg, name, n, err);
	if (spec->kind == OPTION_KIND_FLAG && attached != NULL)
		return err_set(err, ERR_USAGE, "option '--%s' takes no value, "
		    "but '%.200s' was given", spec->name, attached);
	return add_option(o, c, spec, attached, err);
}

/* command NULL: one that every command takes. */
static const struct option_spec *
by_letter(const struct command *command, char letter)
{
	size_t i;

	for (i = 0; i < OPTION_COUNT; i++)
		if (option_spec((enum option_id)i)->letter == letter &&
		    (command == NULL ? option_spec_common((enum option_id)i) :
		    option_allowed(command, (enum option_id)i)))
			return option_spec((enum option_id)i);
	return NULL;
}

/* "-qv", "-o FILE", "-oFILE", "-qoFILE". */
static int
parse_letters(struct options *o, struct cursor *c, struct err *err)
{
	const char *arg = c->argv[c->at];
	const struct option_spec *spec;
	size_t i;

	for (i = 1; arg[i] != '\0'; i++) {
		spec = by_letter(o->command, arg[i]);
		if (spec == NULL)
			return option_refusal_unknown(o->command, arg, arg + 1,
			    strcspn(arg + 1, "="), err);
		if (spec->kind != OPTION_KIND_FLAG)
			return add_option(o, c, spec, arg[i + 1] != '\0' ?
			    arg + i + 1 : NULL, err);
		if (add_option(o, c, spec, NULL, err) != 0)
			return -1;
	}
	return 0;
}

/* How many operands a command's "TYPE [FILE|-]" allows. */
static size_t
operand_limit(const char *operands)
{
	size_t n = 1;

	if (operands == NULL)
		return 0;
	if (strstr(operands, "...") != NULL)
		return SIZE_MAX;
	for (; *operands != '\0'; operands++)
		if (*operands == ' ')
			n++;
	return n;
}

static int
add_operand(struct options *o, const char *arg, struct err *err)
{
	if (o->operand_count >= operand_limit(o->command->operands)) {
		err_set(err, ERR_USAGE, "unexpected operand '%.200s'", arg);
		err_hint(err, "usage: teamcache %s [OPTION...]%s%s",
		    o->command->name, o->command->operands == NULL ? "" : " ",
		    o->command->operands == NULL ? "" : o->command->operands);
		return -1;
	}
	o->operands[o->operand_count++] = arg;
	return 0;
}

static int
check_conflicts(const struct options *o, struct err *err)
{
	const struct option_spec_conflict *conflict;
	size_t i;

	for (i = 0; (conflict = option_spec_conflict(i)) != NULL; i++)
		if (option_given(o, conflict->first) &&
		    option_given(o, conflict->second))
			return err_set(err, ERR_USAGE, "'--%s' and '--%s' "
			    "cannot be used together: %s",
			    option_spec(conflict->first)->name,
			    option_spec(conflict->second)->name,
			    conflict->reason);
	return 0;
}

static int
parse(struct options *o, struct cursor *c, struct err *err)
{
	const char *arg;
	bool ended = false;
	int r;

	for (; c->at < c->argc; c->at++) {
		arg = c->argv[c->at];
		if (ended || arg[0] != '-' || arg[1] == '\0') {
			r = add_operand(o, arg, err);
		} else if (strcmp(arg, "--") == 0) {
			ended = true;
			r = 0;
		} else if (arg[1] == '-') {
			r = parse_long(o, c, err);
		} else {
			r = parse_letters(o, c, err);
		}
		if (r != 0)
			return -1;
	}
	return check_conflicts(o, err);
}

struct options *
option_parse(const struct command *command, int argc,
    const char *const *argv, struct err *err)
{
	struct cursor c = { argc, argv, 0 };
	struct options *o = calloc(1, sizeof *o);
	size_t n = argc > 0 ? (size_t)argc : 1;
	int r;

	if (o == NULL) {
		(void)err_memory(err);
		return NULL;
	}
	o->command = command;
	o->pairs = calloc(n, sizeof *o->pairs);
	o->operands = calloc(n, sizeof *o->operands);
	r = o->pairs == NULL || o->operands == NULL ? err_memory(err) :
	    parse(o, &c, err);
	if (r != 0) {
		option_free(o);
		return NULL;
	}
	return o;
}

void
option_free(struct options *options)
{
	if (options == NULL)
		return;
	free(options->pairs);
	free(options->operands);
	free(options);
}

/* Flags only: of the options that every command takes none with a letter has
 * a value. */
static int
letters_before_command(const char *arg, struct err *err)
{
	size_t i;

	for (i = 1; arg[i] != '\0'; i++)
		if (by_letter(NULL, arg[i]) == NULL)
			return option_refusal_unknown(NULL, arg, arg + 1,
			    strcspn(arg + 1, "="), err);
	return 0;
}

int
option_command_index(int argc, const char *const *argv, struct err *err)
{
	struct cursor c = { argc, argv, 0 };
	const struct option_spec *spec;
	const char *arg;
	size_t n;

	for (; c.at < argc; c.at++) {
		arg = argv[c.at];
		if (arg[0] != '-' || arg[1] == '\0')
			return c.at;
		if (strcmp(arg, "--") == 0)
			return argc;
		if (arg[1] != '-') {
			if (letters_before_command(arg, err) != 0)
				return -1;
			continue;
		}
		n = strcspn(arg + 2, "=");
		spec = option_spec_named(arg + 2, n);
		if (spec == NULL || !option_spec_common(spec->id))
			return option_refusal_unknown(NULL, arg, arg + 2, n,
			    err);
		if (spec->kind != OPTION_KIND_FLAG && take_value(&c, spec,
		    arg[n + 2] == '=' ? arg + n + 3 : NULL, err) == NULL)
			return -1;
	}
	return argc;
}

bool
option_literal(int argc, const char *const *argv, const char *word)
{
	int i;

	for (i = 0; i < argc && strcmp(argv[i], "--") != 0; i++)
		if (strcmp(argv[i], word) == 0)
			return true;
	return false;
}

bool
option_given(const struct options *o, enum option_id id)
{
	return o->given[id].count > 0;
}

size_t
option_count(const struct options *o, enum option_id id)
{
	return o->given[id].count;
}

const char *
option_text(const struct options *o, enum option_id id)
{
	return option_text_at(o, id, 0);
}

const char *
option_text_at(const struct options *o, enum option_id id, size_t i)
{
	size_t k;

	for (k = 0; k < o->pair_count; k++)
		if (o->pairs[k].id == id && i-- == 0)
			return o->pairs[k].text;
	return NULL;
}

int64_t
option_number(const struct options *o, enum option_id id)
{
	return option_given(o, id) ? o->given[id].value.number : -1;
}

bool
option_month(const struct options *o, enum option_id id, struct month *out)
{
	if (!option_given(o, id))
		return false;
	*out = o->given[id].value.month;
	return true;
}

size_t
option_operands(const struct options *o)
{
	return o->operand_count;
}

const char *
option_operand(const struct options *o, size_t i)
{
	return i < o->operand_count ? o->operands[i] : NULL;
}
