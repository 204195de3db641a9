#include "cmd/completion.h"

#include "base/span.h"
#include "cmd/command.h"

static const char helpers[] =
	"# fish completion for teamcache;"
	" made by 'teamcache completion fish'\n"
	"\n"
	"# The present month and the 13 before it.\n"
	"function __teamcache_months\n"
	"    set -l year (date -u +%Y)\n"
	"    set -l month (math (date -u +%m))\n"
	"    for i in (seq 14)\n"
	"        printf '%04d-%02d\\n' $year $month\n"
	"        set month (math $month - 1)\n"
	"        if test $month -eq 0\n"
	"            set month 12\n"
	"            set year (math $year - 1)\n"
	"        end\n"
	"    end\n"
	"end\n"
	"\n"
	"function __teamcache_profiles\n"
	"    set -l config ~/.aws/config\n"
	"    set -l credentials ~/.aws/credentials\n"
	"    set -q AWS_CONFIG_FILE; and set config $AWS_CONFIG_FILE\n"
	"    set -q AWS_SHARED_CREDENTIALS_FILE\n"
	"    and set credentials $AWS_SHARED_CREDENTIALS_FILE\n"
	"    begin\n"
	"        sed -n -e 's/^\\[default\\].*/default/p' \\\n"
	"            -e 's/^\\[profile[[:space:]]\\{1,\\}\"\\{0,1\\}"
	"\\([^]\"]*\\).*/\\1/p' $config\n"
	"        sed -n 's/^\\[\\([^]]*\\)\\].*/\\1/p' $credentials\n"
	"    end 2>/dev/null | sort -u\n"
	"end\n"
	"\n"
	"complete -c teamcache -f\n";

static void
put_quoted(struct output *o, const char *s)
{
	output_text(o, "'");
	for (; *s != '\0'; s++) {
		if (*s == '\'' || *s == '\\')
			output_text(o, "\\");
		output_span(o, span_make(s, 1));
	}
	output_text(o, "'");
}

static void
put_value(struct output *o, const struct option_spec *spec)
{
	const char *choices = spec->choices, *choice;
	size_t n;

	switch (spec->kind) {
	case OPTION_KIND_FLAG:
		break;
	case OPTION_KIND_MONTH:
		output_text(o, " -x -k -a '(__teamcache_months)'");
		break;
	case OPTION_KIND_PROFILE:
		output_text(o, " -x -a '(__teamcache_profiles)'");
		break;
	case OPTION_KIND_FILE:
		output_text(o, " -r -F");
		break;
	case OPTION_KIND_CHOICE:
		output_text(o, " -x -a '");
		while ((n = option_spec_choice(&choices, &choice)) > 0)
			output_format(o, "%.*s%s", (int)n, choice,
			    choice[n] == '|' ? " " : "");
		output_text(o, "'");
		break;
	default:
		output_text(o, " -x");
		break;
	}
}

/* command: NULL for the options of all. */
static void
put_option(struct output *o, const char *command, enum option_id id)
{
	const struct option_spec *spec = option_spec(id);

	output_text(o, "complete -c teamcache");
	if (command != NULL)
		output_format(o, " -n '__fish_seen_subcommand_from %s'",
		    command);
	if (spec->letter != 0)
		output_format(o, " -s %c", spec->letter);
	output_format(o, " -l %s", spec->name);
	put_value(o, spec);
	output_text(o, " -d ");
	put_quoted(o, option_spec_words(spec, command));
	output_text(o, "\n");
}

static void
put_operand(struct output *o, const char *command, struct span kind)
{
	const char *word;
	size_t i;

	output_format(o, "complete -c teamcache "
	    "-n '__fish_seen_subcommand_from %s'", command);
	if (span_is(kind, "files")) {
		output_text(o, " -F\n");
		return;
	}
	for (i = 0; (word = completion_word(kind, i)) != NULL; i++)
		output_format(o, "%s%s", i == 0 ? " -a '" : " ", word);
	output_text(o, "'\n");
}

static void
put_command(struct output *o, const struct command *command)
{
	const char *at = command->completes;
	struct span kind;
	bool repeats;
	size_t i;

	output_format(o, "\ncomplete -c teamcache -n __fish_use_subcommand "
	    "-a %s -d ", command->name);
	put_quoted(o, command->summary);
	output_text(o, "\n");
	for (i = 0; i < command->option_count; i++)
		put_option(o, command->name, command->options[i]);
	while (completion_kind(&at, &kind, &repeats))
		put_operand(o, command->name, kind);
}

void
completion_fish(struct output *o)
{
	size_t i;

	output_text(o, helpers);
	for (i = 0; option_spec_common((enum option_id)i); i++)
		put_option(o, NULL, (enum option_id)i);
	for (i = 0; command_at(i) != NULL; i++)
		put_command(o, command_at(i));
}
