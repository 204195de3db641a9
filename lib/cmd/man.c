#include "cmd/man.h"

#include <string.h>

#include "base/app.h"
#include "base/span.h"
#include "cache/config.h"
#include "cmd/command.h"
#include "cmd/help.h"
#include "cmd/topic.h"

/*
 * Text for roff: a dash is a minus (so that it can be copied), a backslash is
 * itself, a line does not begin with a request.
 */
static const char *
escape(char c)
{
	switch (c) {
	case '-':
		return "\\-";
	case '\\':
		return "\\e";
	case '"':
		return "\\(dq";
	case '~':
		return "\\(ti";
	case '\'':
		return "\\(aq";
	default:
		return NULL;
	}
}

static void
put_span(struct output *o, struct span s, bool line_start)
{
	const char *escaped;
	size_t i;

	if (line_start && s.n > 0 && (s.p[0] == '.' || s.p[0] == '\''))
		output_text(o, "\\&");
	for (i = 0; i < s.n; i++) {
		escaped = escape(s.p[i]);
		if (escaped != NULL)
			output_text(o, escaped);
		else
			output_span(o, span_make(&s.p[i], 1));
	}
}

/* How many columns put_span fills. */
static size_t
width(struct span s)
{
	const char *escaped;
	size_t i, n = 0;

	for (i = 0; i < s.n; i++) {
		escaped = escape(s.p[i]);
		n += escaped == NULL ? 1 : strlen(escaped);
	}
	return n;
}

static void
put(struct output *o, const char *s)
{
	put_span(o, span_of(s), false);
}

/* Does a sentence end with the word (n bytes at p)? */
static bool
ends_sentence(const char *p, size_t n)
{
	while (n > 0 && (p[n - 1] == ')' || p[n - 1] == '\''))
		n--;
	return n > 0 && strchr(".?!", p[n - 1]) != NULL;
}

/* Paragraphs: filled lines, a sentence on a line of its own. */
static void
put_text(struct output *o, const char *text)
{
	size_t column = 0, n, wide;

	for (;;) {
		if (strncmp(text, "\n\n", 2) == 0) {
			output_text(o, "\n.Pp\n");
			column = 0;
		}
		text += strspn(text, " \n");
		n = strcspn(text, " \n");
		if (n == 0)
			break;
		wide = width(span_make(text, n));
		if (column > 0 && column + wide > 78) {
			output_text(o, "\n");
			column = 0;
		} else if (column > 0) {
			output_text(o, " ");
		}
		put_span(o, span_make(text, n), column == 0);
		column += wide + 1;
		if (ends_sentence(text, n) && text[n] == ' ') {
			output_text(o, "\n");
			column = 0;
		}
		text += n;
	}
	if (column > 0)
		output_text(o, "\n");
}

static void
put_options(struct output *o, const char *command, const enum option_id *ids,
    size_t count)
{
	const struct option_spec *spec;
	char text[OPTION_SPEC_HELP_ROOM];
	const char *value;
	size_t i;

	output_text(o, ".Bl -tag -width Ds\n");
	for (i = 0; i < count; i++) {
		spec = option_spec(ids == NULL ? (enum option_id)i : ids[i]);
		value = option_spec_value(spec);
		output_text(o, ".It Fl ");
		if (spec->letter != 0)
			output_format(o, "%c , Fl ", spec->letter);
		output_text(o, "\\-");
		put(o, spec->name);
		if (value != NULL) {
			output_text(o, " Ar ");
			put(o, value);
		}
		output_text(o, "\n");
		option_spec_help(spec, command, text);
		put_text(o, text);
	}
	output_text(o, ".El\n");
}

static void
put_synopsis(struct output *o)
{
	const struct command *command;
	size_t i;

	output_text(o, ".Sh SYNOPSIS\n");
	for (i = 0; (command = command_at(i)) != NULL; i++) {
		output_text(o, ".Nm teamcache\n.Cm ");
		put(o, command->name);
		output_text(o, "\n.Op Ar option ...\n");
		if (command->operands == NULL)
			continue;
		output_text(o, ".Ar ");
		put(o, command->operands);
		output_text(o, "\n");
	}
}

static void
put_commands(struct output *o)
{
	const struct command *command;
	size_t i;

	output_text(o, ".Sh COMMANDS\n");
	for (i = 0; (command = command_at(i)) != NULL; i++) {
		output_text(o, ".Ss ");
		put(o, command->name);
		output_text(o, "\n");
		put_text(o, command->description);
		if (command->option_count == 0)
			continue;
		output_text(o, ".Pp\nIts options are:\n");
		put_options(o, command->name, command->options,
		    command->option_count);
	}
}

static void
put_settings(struct output *o)
{
	const struct config_spec *spec;
	size_t i;

	output_text(o, ".Sh SETTINGS\n");
	put_text(o, "The settings file has a section [default] for everybody "
	    "and sections [profile NAME] for one AWS profile each, with lines "
	    "'name = value'. An option comes before the environment, this "
	    "before the profile's section, this before [default].");
	output_text(o, ".Bl -tag -width Ds\n");
	for (i = 0; i < CONFIG_COUNT; i++) {
		spec = config_spec((enum config_id)i);
		output_format(o, ".It Ic %s", spec->name);
		output_text(o, spec->choices == NULL ? "\n" : " = Ar ");
		if (spec->choices != NULL) {
			put(o, spec->choices);
			output_text(o, "\n");
		}
		put_text(o, spec->help);
		if (spec->fallback != NULL) {
			output_text(o, "(built\\-in: ");
			put(o, spec->fallback);
			output_text(o, ")\n");
		}
	}
	output_text(o, ".El\n");
}

static void
put_environment(struct output *o)
{
	struct span rest, name;
	bool more;
	size_t i;

	output_text(o, ".Sh ENVIRONMENT\n");
	put_text(o, "Every setting is an environment variable too: TEAMCACHE_ "
	    "and its name in capitals. An empty variable counts as unset.");
	output_text(o, ".Bl -tag -width Ds\n");
	for (i = 0; topic_variable(i) != NULL; i++) {
		rest = span_of(topic_variable(i)->names);
		output_text(o, ".It Ev");
		for (more = true; more; ) {
			more = span_split(rest, ',', &name, &rest);
			name = span_trim(name);
			output_text(o, " ");
			put_span(o, name, false);
			output_text(o, more ? " ," : "");
		}
		output_text(o, "\n");
		put_text(o, topic_variable(i)->meaning);
	}
	output_text(o, ".El\n");
}

static void
put_members(struct output *o)
{
	const struct topic_member *member;
	const char *group = NULL;
	size_t i;

	output_text(o, ".Sh RESULTS OF --JSON\n");
	put_text(o, TOPIC_MEMBERS);
	for (i = 0; (member = topic_member(i)) != NULL; i++) {
		if (group == NULL || strcmp(group, member->group) != 0) {
			output_text(o, group == NULL ? ".Pp\nOf " :
			    ".El\n.Pp\nOf ");
			put(o, member->group);
			output_text(o, ":\n.Bl -tag -width Ds\n");
		}
		group = member->group;
		output_text(o, ".It Va ");
		put(o, member->path);
		output_text(o, "\n");
		if (member->meaning[0] != '\0')
			put_text(o, member->meaning);
	}
	output_text(o, ".El\n");
}

static void
put_statuses(struct output *o)
{
	struct topic_status status;
	size_t i;

	output_text(o, ".Sh EXIT STATUS\n.Bl -tag -width Ds\n");
	for (i = 0; topic_status(i, &status); i++) {
		output_format(o, ".It %d\n", status.status);
		put_text(o, status.meaning);
	}
	output_text(o, ".El\n");
}

static void
put_examples(struct output *o)
{
	const struct command *command;
	struct span line, meaning;
	const char *at;
	size_t i;

	output_text(o, ".Sh EXAMPLES\n.Bd -literal\n");
	for (i = 0; (command = command_at(i)) != NULL; i++) {
		at = command->examples;
		while (help_example(&at, &line, &meaning) != 0) {
			output_text(o, "# ");
			put_span(o, meaning, false);
			output_text(o, "\n");
			put_span(o, line, true);
			output_text(o, "\n");
		}
	}
	output_text(o, ".Ed\n");
}

void
man_print(struct output *o)
{
	size_t common = 0;

	while (option_spec_common((enum option_id)common))
		common++;
	output_text(o, ".Dd " APP_DATE "\n.Dt TEAMCACHE 1\n.Os\n"
	    ".Sh NAME\n.Nm teamcache\n.Nd share AWS cost data through S3\n");
	put_synopsis(o);
	output_text(o, ".Sh DESCRIPTION\n");
	put_text(o, HELP_PURPOSE);
	output_text(o, ".Pp\nThe result goes to standard output, all else to "
	    "standard error.\nOptions that every command takes:\n");
	put_options(o, NULL, NULL, common);
	output_text(o, ".Pp\n");
	put_text(o, "Durations are written 90s, 15m, 6h or 30d. These options "
	    "may also stand before the command. Of -q and -v the last one "
	    "counts.");
	put_commands(o);
	put_settings(o);
	put_environment(o);
	put_members(o);
	output_text(o, ".Sh FILES\n.Bl -tag -width Ds\n"
	    ".It Pa \\(ti/.config/teamcache/config\nsettings\n"
	    ".It Pa \\(ti/.cache/teamcache/\nthe local cache\n"
	    ".It Pa \\(ti/.local/state/teamcache/\n"
	    "what is remembered between runs\n"
	    ".It Pa \\(ti/.aws/config , Pa \\(ti/.aws/credentials\n"
	    "AWS profiles and credentials\n.El\n");
	put_statuses(o);
	put_examples(o);
}
