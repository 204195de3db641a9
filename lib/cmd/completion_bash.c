#include "cmd/completion.h"

#include "cmd/command.h"

static const char helpers[] =
	"# bash completion for teamcache;"
	" made by 'teamcache completion bash'\n"
	"# shellcheck shell=bash\n"
	"\n"
	"# The present month and the 13 before it.\n"
	"_teamcache_months()\n"
	"{\n"
	"\tlocal i month year\n"
	"\tyear=$(date -u +%Y) month=$(date -u +%m)\n"
	"\tmonth=${month#0}\n"
	"\tfor ((i = 0; i < 14; i++)); do\n"
	"\t\tprintf '%04d-%02d\\n' \"$year\" \"$month\"\n"
	"\t\tmonth=$((month - 1))\n"
	"\t\tif ((month == 0)); then\n"
	"\t\t\tmonth=12 year=$((year - 1))\n"
	"\t\tfi\n"
	"\tdone\n"
	"}\n"
	"\n"
	"_teamcache_profiles()\n"
	"{\n"
	"\t{\n"
	"\t\tsed -n -e 's/^\\[default\\].*/default/p' \\\n"
	"\t\t\t-e 's/^\\[profile[[:space:]]\\{1,\\}\"\\{0,1\\}"
	"\\([^]\"]*\\).*/\\1/p' \\\n"
	"\t\t\t\"${AWS_CONFIG_FILE:-$HOME/.aws/config}\"\n"
	"\t\tsed -n 's/^\\[\\([^]]*\\)\\].*/\\1/p' \\\n"
	"\t\t\t\"${AWS_SHARED_CREDENTIALS_FILE:-"
	"$HOME/.aws/credentials}\"\n"
	"\t} 2>/dev/null | sort -u\n"
	"}\n"
	"\n"
	"# Those of the lines in $2 that begin with $1, each after $3.\n"
	"_teamcache_reply()\n"
	"{\n"
	"\tlocal word\n"
	"\tCOMPREPLY=()\n"
	"\twhile IFS= read -r word; do\n"
	"\t\tif [[ -n $word && $word == \"$1\"* ]]; then\n"
	"\t\t\tCOMPREPLY+=(\"${3-}$word\")\n"
	"\t\tfi\n"
	"\tdone <<<\"$2\"\n"
	"}\n"
	"\n"
	"_teamcache_files()\n"
	"{\n"
	"\tlocal name\n"
	"\tCOMPREPLY=()\n"
	"\twhile IFS= read -r name; do\n"
	"\t\tCOMPREPLY+=(\"$name\")\n"
	"\tdone < <(compgen -f -- \"$1\")\n"
	"\tcompopt -o filenames 2>/dev/null\n"
	"}\n"
	"\n";

static const char driver[] =
	"_teamcache()\n"
	"{\n"
	"\tlocal cur=${COMP_WORDS[COMP_CWORD]} prev command='' option=''\n"
	"\tlocal -i i operands=0\n"
	"\tprev=${COMP_WORDS[COMP_CWORD-1]}\n"
	"\tCOMPREPLY=()\n"
	"\t# \"--format=json\" comes as three words, or, without = in\n"
	"\t# COMP_WORDBREAKS, as one.\n"
	"\tif [[ $cur == --*=* ]]; then\n"
	"\t\t_teamcache_value \"${cur%%=*}\" \"${cur#*=}\" "
	"\"${cur%%=*}=\"\n"
	"\t\treturn 0\n"
	"\telif [[ $cur == = ]]; then\n"
	"\t\toption=$prev cur=\n"
	"\telif [[ $prev == = ]] && ((COMP_CWORD > 2)); then\n"
	"\t\toption=${COMP_WORDS[COMP_CWORD-2]}\n"
	"\telif ((COMP_CWORD > 1)); then\n"
	"\t\toption=$prev\n"
	"\tfi\n"
	"\tif _teamcache_value \"$option\" \"$cur\" ''; then\n"
	"\t\treturn 0\n"
	"\tfi\n"
	"\tfor ((i = 1; i < COMP_CWORD; i++)); do\n"
	"\t\tcase ${COMP_WORDS[i]} in\n"
	"\t\t=|:) i+=1 ;;\n"
	"\t\t-*)\n"
	"\t\t\tif [[ ${COMP_WORDS[i+1]} != = ]] &&\n"
	"\t\t\t    _teamcache_value \"${COMP_WORDS[i]}\" '' ''; then\n"
	"\t\t\t\ti+=1\n"
	"\t\t\tfi\n"
	"\t\t\tCOMPREPLY=()\n"
	"\t\t\t;;\n"
	"\t\t*)\n"
	"\t\t\tif [[ -z $command ]]; then\n"
	"\t\t\t\tcommand=${COMP_WORDS[i]}\n"
	"\t\t\telse\n"
	"\t\t\t\toperands+=1\n"
	"\t\t\tfi\n"
	"\t\t\t;;\n"
	"\t\tesac\n"
	"\tdone\n"
	"\tif [[ $cur == -* ]]; then\n"
	"\t\t_teamcache_reply \"$cur\" "
	"\"$(_teamcache_options \"$command\")\"\n"
	"\telse\n"
	"\t\t_teamcache_operand \"$command\" \"$operands\" \"$cur\"\n"
	"\tfi\n"
	"\treturn 0\n"
	"}\n"
	"\n"
	"complete -F _teamcache teamcache\n";

/* "--output|-o" */
static void
put_pattern(struct output *o, const struct option_spec *spec)
{
	output_format(o, "\t--%s", spec->name);
	if (spec->letter != 0)
		output_format(o, "|-%c", spec->letter);
	output_text(o, ") ");
}

static void
put_choices(struct output *o, const char *choices)
{
	const char *choice;
	size_t n;
	bool first = true;

	output_text(o, "$'");
	while ((n = option_spec_choice(&choices, &choice)) > 0) {
		output_format(o, "%s%.*s", first ? "" : "\\n", (int)n,
		    choice);
		first = false;
	}
	output_text(o, "'");
}

static void
put_value(struct output *o, const struct option_spec *spec)
{
	put_pattern(o, spec);
	switch (spec->kind) {
	case OPTION_KIND_MONTH:
		output_text(o, "_teamcache_reply \"$2\" "
		    "\"$(_teamcache_months)\" \"$3\" ;;\n");
		break;
	case OPTION_KIND_PROFILE:
		output_text(o, "_teamcache_reply \"$2\" "
		    "\"$(_teamcache_profiles)\" \"$3\" ;;\n");
		break;
	case OPTION_KIND_FILE:
		output_text(o, "_teamcache_files \"$2\" ;;\n");
		break;
	case OPTION_KIND_CHOICE:
		output_text(o, "_teamcache_reply \"$2\" ");
		put_choices(o, spec->choices);
		output_text(o, " \"$3\" ;;\n");
		break;
	default:
		output_text(o, ";;\n");
		break;
	}
}

static void
put_values(struct output *o)
{
	size_t i;

	output_text(o, "# The value $2 of option $1, each after $3; fails when "
	    "it takes none.\n_teamcache_value()\n{\n\tcase $1 in\n");
	for (i = 0; i < OPTION_COUNT; i++)
		if (option_spec((enum option_id)i)->kind != OPTION_KIND_FLAG)
			put_value(o, option_spec((enum option_id)i));
	output_text(o, "\t*) return 1 ;;\n\tesac\n\treturn 0\n}\n\n");
}

static void
put_option(struct output *o, enum option_id id)
{
	const struct option_spec *spec = option_spec(id);

	output_format(o, " --%s", spec->name);
	if (spec->letter != 0)
		output_format(o, " -%c", spec->letter);
}

static void
put_options(struct output *o)
{
	const struct command *command;
	size_t i, k;

	output_text(o, "# The options that may follow command $1 (empty: none "
	    "yet), a line each.\n_teamcache_options()\n{\n"
	    "\tprintf '%s\\n'");
	for (i = 0; option_spec_common((enum option_id)i); i++)
		put_option(o, (enum option_id)i);
	output_text(o, "\n\tcase $1 in\n");
	for (i = 0; (command = command_at(i)) != NULL; i++) {
		if (command->option_count == 0)
			continue;
		output_format(o, "\t%s) printf '%%s\\n'", command->name);
		for (k = 0; k < command->option_count; k++)
			put_option(o, command->options[k]);
		output_text(o, " ;;\n");
	}
	output_text(o, "\tesac\n}\n\n");
}

static void
put_operand(struct output *o, const char *command, const char *position,
    struct span kind)
{
	const char *word;
	size_t i;

	output_format(o, "\t%s:%s) ", command, position);
	if (span_is(kind, "files")) {
		output_text(o, "_teamcache_files \"$3\" ;;\n");
		return;
	}
	output_text(o, "_teamcache_reply \"$3\" $'");
	for (i = 0; (word = completion_word(kind, i)) != NULL; i++)
		output_format(o, "%s%s", i == 0 ? "" : "\\n", word);
	output_text(o, "' ;;\n");
}

static void
put_operands(struct output *o)
{
	const struct command *command;
	struct span kind;
	const char *at;
	char position[2];
	bool repeats;
	size_t i;

	output_text(o, "# The operand $3 of command $1 after $2 others.\n"
	    "_teamcache_operand()\n{\n\tcase $1:$2 in\n");
	put_operand(o, "", "*", span_of("commands"));
	for (i = 0; (command = command_at(i)) != NULL; i++) {
		position[0] = '0';
		position[1] = '\0';
		at = command->completes;
		while (completion_kind(&at, &kind, &repeats)) {
			put_operand(o, command->name, repeats ? "*" : position,
			    kind);
			position[0]++;
		}
	}
	output_text(o, "\tesac\n}\n\n");
}

void
completion_bash(struct output *o)
{
	output_text(o, helpers);
	put_values(o);
	put_options(o);
	put_operands(o);
	output_text(o, driver);
}
