#include "cmd/completion.h"

#include <string.h>

#include "base/span.h"
#include "cmd/command.h"

static const char helpers[] =
	"#compdef teamcache\n"
	"# zsh completion for teamcache;"
	" made by 'teamcache completion zsh'\n"
	"\n"
	"# The present month and the 13 before it.\n"
	"_teamcache_months() {\n"
	"\tlocal -a months\n"
	"\tlocal -i i year month\n"
	"\tyear=$(date -u +%Y) month=10#$(date -u +%m)\n"
	"\tfor ((i = 0; i < 14; i++)); do\n"
	"\t\tmonths+=(${(l:4::0:)year}-${(l:2::0:)month})\n"
	"\t\tif ((--month == 0)); then\n"
	"\t\t\tmonth=12 year=$((year - 1))\n"
	"\t\tfi\n"
	"\tdone\n"
	"\tcompadd -V months -a months\n"
	"}\n"
	"\n"
	"_teamcache_profiles() {\n"
	"\tlocal -a profiles\n"
	"\tprofiles=(${(f)\"$({\n"
	"\t\tsed -n -e 's/^\\[default\\].*/default/p' \\\n"
	"\t\t\t-e 's/^\\[profile[[:space:]]\\{1,\\}\"\\{0,1\\}"
	"\\([^]\"]*\\).*/\\1/p' \\\n"
	"\t\t\t${AWS_CONFIG_FILE:-$HOME/.aws/config}\n"
	"\t\tsed -n 's/^\\[\\([^]]*\\)\\].*/\\1/p' \\\n"
	"\t\t\t${AWS_SHARED_CREDENTIALS_FILE:-$HOME/.aws/credentials}\n"
	"\t} 2>/dev/null)\"})\n"
	"\tcompadd -a profiles\n"
	"}\n"
	"\n";

/* Text inside '...' of a specification: its own delimiters escaped. */
static void
put_text(struct output *o, const char *s)
{
	for (; *s != '\0'; s++) {
		if (*s == '\'')
			output_text(o, "'\\''");
		else if (strchr("[]:\\", *s) != NULL)
			output_format(o, "\\%c", *s);
		else
			output_span(o, span_make(s, 1));
	}
}

static void
put_action(struct output *o, const struct option_spec *spec)
{
	const char *choices = spec->choices, *choice;
	size_t n;

	output_format(o, ":%s:", spec->placeholder);
	switch (spec->kind) {
	case OPTION_KIND_MONTH:
		output_text(o, "_teamcache_months");
		break;
	case OPTION_KIND_PROFILE:
		output_text(o, "_teamcache_profiles");
		break;
	case OPTION_KIND_FILE:
		output_text(o, "_files");
		break;
	case OPTION_KIND_CHOICE:
		output_text(o, "(");
		while ((n = option_spec_choice(&choices, &choice)) > 0)
			output_format(o, "%.*s%s", (int)n, choice,
			    choice[n] == '|' ? " " : "");
		output_text(o, ")");
		break;
	default:
		output_text(o, " ");
		break;
	}
}

/* One spelling of an option as _arguments wants it. */
static void
put_spelling(struct output *o, const char *command,
    const struct option_spec *spec, bool letter)
{
	bool flag = spec->kind == OPTION_KIND_FLAG;

	output_text(o, "\t\t'");
	if (spec->repeatable)
		output_text(o, "*");
	else if (spec->letter != 0)
		output_format(o, "(-%c --%s)", spec->letter, spec->name);
	if (letter)
		output_format(o, "-%c%s", spec->letter, flag ? "" : "+");
	else
		output_format(o, "--%s%s", spec->name, flag ? "" : "=");
	output_text(o, "[");
	put_text(o, option_spec_words(spec, command));
	output_text(o, "]");
	if (!flag)
		put_action(o, spec);
	output_text(o, "'\n");
}

static void
put_option(struct output *o, const char *command, enum option_id id)
{
	const struct option_spec *spec = option_spec(id);

	if (spec->letter != 0)
		put_spelling(o, command, spec, true);
	put_spelling(o, command, spec, false);
}

static void
put_operand(struct output *o, struct span kind, bool repeats)
{
	const char *word;
	size_t i;

	output_format(o, "\t\t'%s:%.*s:", repeats ? "*" : "", (int)kind.n,
	    kind.p);
	if (span_is(kind, "files")) {
		output_text(o, "_files'\n");
		return;
	}
	for (i = 0; (word = completion_word(kind, i)) != NULL; i++)
		output_format(o, "%s%s", i == 0 ? "(" : " ", word);
	output_text(o, ")'\n");
}

static void
put_command(struct output *o, const struct command *command)
{
	const char *at = command->completes;
	struct span kind;
	bool repeats;
	size_t i;

	output_format(o, "\t%s)\n\t\targuments+=(\n", command->name);
	for (i = 0; i < command->option_count; i++)
		put_option(o, command->name, command->options[i]);
	while (completion_kind(&at, &kind, &repeats))
		put_operand(o, kind, repeats);
	output_text(o, "\t\t) ;;\n");
}

void
completion_zsh(struct output *o)
{
	const struct command *command;
	size_t i;

	output_text(o, helpers);
	output_text(o, "_teamcache() {\n"
	    "\tlocal curcontext=$curcontext state\n"
	    "\tlocal -a arguments commands line\n"
	    "\tlocal -A opt_args\n"
	    "\tcommands=(\n");
	for (i = 0; (command = command_at(i)) != NULL; i++) {
		output_format(o, "\t\t'%s:", command->name);
		put_text(o, command->summary);
		output_text(o, "'\n");
	}
	output_text(o, "\t)\n\targuments=(\n");
	for (i = 0; option_spec_common((enum option_id)i); i++)
		put_option(o, NULL, (enum option_id)i);
	output_text(o, "\t)\n"
	    "\t_arguments -C -s -S $arguments '1:command:->command' "
	    "'*::operand:->rest' && return\n"
	    "\tif [[ $state == command ]]; then\n"
	    "\t\t_describe command commands\n"
	    "\t\treturn\n"
	    "\tfi\n"
	    "\tcase $words[1] in\n");
	for (i = 0; (command = command_at(i)) != NULL; i++)
		put_command(o, command);
	output_text(o, "\tesac\n"
	    "\t_arguments -s -S $arguments\n"
	    "}\n"
	    "\n"
	    "if [[ $funcstack[1] == _teamcache ]]; then\n"
	    "\t_teamcache \"$@\"\n"
	    "else\n"
	    "\tcompdef _teamcache teamcache\n"
	    "fi\n");
}
