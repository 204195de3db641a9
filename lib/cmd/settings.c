#include "cmd/settings.h"

#include <stdio.h>
#include <string.h>

#include "aws/profile.h"
#include "base/columns.h"
#include "base/limits.h"
#include "base/nearest.h"
#include "cache/place.h"
#include "cmd/report.h"
#include "cmd/settings_change.h"
#include "cmd/settings_init.h"
#include "cmd/setup.h"
#include "codec/json.h"

static const enum option_id options[] = {
	OPTION_SHOW_ORIGIN, OPTION_TYPE,
};

static const int statuses[] = { 0, 1, 2, 3, 130, 143, -1 };

const char *
settings_operand(const struct settings_job *j, size_t i)
{
	return option_operand(j->input->options, i);
}

static int
find_path(struct settings_job *j, struct err *err)
{
	const char *file = option_text(j->input->options, OPTION_CONFIG);
	enum place_found found;

	if (file != NULL) {
		buf_add_string(&j->path, file);
	} else {
		found = place_find(PLACE_CONFIG, j->input->process->env,
		    &j->path, err);
		if (found == PLACE_ERROR)
			return -1;
		if (found == PLACE_FOUND)
			buf_add_string(&j->path, "/config");
	}
	return buf_check(&j->path, "the path of the settings file", err);
}

const char *
settings_path(const struct settings_job *j)
{
	return j->path.n == 0 ? NULL : buf_string(&j->path);
}

bool
settings_json(const struct settings_job *j)
{
	return option_given(j->input->options, OPTION_JSON);
}

void
settings_json_begin(const struct settings_job *j, struct json_writer *w,
    struct buf *out)
{
	buf_init(out, LIMIT_SETTINGS_FILE * 4);
	report_begin(w, out, j->input->command, 0);
	json_member_string(w, "path", settings_path(j));
}

static void
put_setting(const struct settings_job *j, struct json_writer *w,
    const struct config_spec *spec)
{
	const struct config *c = j->setup.config;

	json_member_string(w, "name", spec->name);
	json_member_string(w, "value", config_text(c, spec->id));
	json_member_bool(w, "given", config_given(c, spec->id));
	json_member_string(w, "origin", config_origin(c, spec->id));
}

int
settings_unknown(const char *name, struct err *err)
{
	const struct config_spec *nearest = NULL;

	(void)config_find(span_of(name), &nearest);
	err_set(err, ERR_USAGE, "there is no setting '%s'", name);
	if (nearest != NULL)
		err_hint(err, "did you mean '%s'?", nearest->name);
	else
		err_hint(err, "'teamcache help settings' lists them");
	return -1;
}

static int
get(struct settings_job *j, struct err *err)
{
	const struct config_spec *spec =
	    config_find(span_of(settings_operand(j, 1)), NULL);
	const struct config *c = j->setup.config;
	struct json_writer w;
	struct buf out;

	if (spec == NULL)
		return settings_unknown(settings_operand(j, 1), err);
	if (config_text(c, spec->id) == NULL)
		return err_set(err, ERR_NO_DATA, "%s is not set", spec->name);
	if (settings_json(j)) {
		settings_json_begin(j, &w, &out);
		put_setting(j, &w, spec);
		return report_end(&w, j->input->output, err);
	}
	output_clean(j->input->output, span_of(config_text(c, spec->id)));
	if (option_given(j->input->options, OPTION_SHOW_ORIGIN)) {
		output_text(j->input->output, "  ; ");
		output_clean(j->input->output,
		    span_of(config_origin(c, spec->id)));
	}
	output_text(j->input->output, "\n");
	return 0;
}

/* As many as "name = value" takes on a terminal. */
static int
list_columns(const struct config *c, const struct config_spec *spec)
{
	return (int)(strlen(spec->name) + 3 +
	    columns_of(span_of(config_text(c, spec->id))));
}

/* In the file's own syntax, so that it can go into one. */
static void
list_line(const struct settings_job *j, const struct config_spec *spec,
    int width)
{
	const struct config *c = j->setup.config;
	struct output *o = j->input->output;
	const char *text = config_text(c, spec->id);
	int n = list_columns(c, spec);

	output_format(o, "%s = ", spec->name);
	output_clean(o, span_of(text));
	if (option_given(j->input->options, OPTION_SHOW_ORIGIN)) {
		output_format(o, "%*s  ; ", width > n ? width - n : 0, "");
		output_clean(o, span_of(config_origin(c, spec->id)));
	}
	output_text(o, "\n");
}

static int
list(struct settings_job *j, struct err *err)
{
	const struct config *c = j->setup.config;
	const struct config_spec *spec;
	struct json_writer w;
	struct buf out;
	int id, n, width = 0;

	if (settings_json(j)) {
		settings_json_begin(j, &w, &out);
		json_member_string(&w, "profile", config_profile(c));
		json_put_name(&w, "settings");
		json_open_array(&w);
		for (id = 0; id < CONFIG_COUNT; id++) {
			json_open_object(&w);
			put_setting(j, &w, config_spec((enum config_id)id));
			json_close_object(&w);
		}
		json_close_array(&w);
		return report_end(&w, j->input->output, err);
	}
	for (id = 0; id < CONFIG_COUNT; id++) {
		spec = config_spec((enum config_id)id);
		if (config_text(c, spec->id) == NULL)
			continue;
		n = list_columns(c, spec);
		if (n > width && n <= 40)
			width = n;
	}
	for (id = 0; id < CONFIG_COUNT; id++)
		if (config_text(c, (enum config_id)id) != NULL)
			list_line(j, config_spec((enum config_id)id), width);
	return 0;
}

static int
print_path(struct settings_job *j, struct err *err)
{
	struct json_writer w;
	struct buf out;

	if (settings_path(j) == NULL)
		return place_none(PLACE_CONFIG, err);
	if (settings_json(j)) {
		settings_json_begin(j, &w, &out);
		return report_end(&w, j->input->output, err);
	}
	output_clean(j->input->output, span_of(settings_path(j)));
	output_text(j->input->output, "\n");
	return 0;
}

/* What is allowed and yet will not do what was meant. */
static int
look_over(const struct settings_job *j, struct json_writer *w, size_t *count,
    struct err *err)
{
	const struct env *env = j->input->process->env;
	struct profile_files *files = profile_load(env, err);
	const char *name;
	char text[512];
	size_t i;

	if (files == NULL)
		return -1;
	for (i = 0; (name = config_profile_name(j->setup.config, i)) != NULL;
	    i++) {
		if (profile_exists(files, name))
			continue;
		snprintf(text, sizeof text, "[profile %s] has no such profile "
		    "in the AWS files", name);
		(*count)++;
		if (w != NULL)
			json_put_string(w, text);
		else
			log_warn(j->input->log, "%s", text);
	}
	profile_free(files);
	return 0;
}

static int
check(struct settings_job *j, struct err *err)
{
	struct output *o = j->input->output;
	struct json_writer w;
	size_t profiles = 0, warnings = 0;
	struct buf out;

	while (config_profile_name(j->setup.config, profiles) != NULL)
		profiles++;
	if (settings_json(j)) {
		settings_json_begin(j, &w, &out);
		json_put_name(&w, "warnings");
		json_open_array(&w);
		if (look_over(j, &w, &warnings, err) != 0) {
			buf_clear(&out);
			return -1;
		}
		json_close_array(&w);
		return report_end(&w, j->input->output, err);
	}
	if (look_over(j, NULL, &warnings, err) != 0)
		return -1;
	if (settings_path(j) == NULL) {
		output_text(o, "no settings file\n");
		return 0;
	}
	output_clean(o, span_of(settings_path(j)));
	output_format(o, ": good, %zu profile%s%s\n", profiles,
	    profiles == 1 ? "" : "s", warnings > 0 ? ", with warnings" : "");
	return 0;
}

static int
init(struct settings_job *j, struct err *err)
{
	if (settings_path(j) == NULL)
		return place_none(PLACE_CONFIG, err);
	return settings_init(j->input, settings_path(j), err);
}

/* The actions and their operands. One that is given settings needs good
 * ones. */
static const struct {
	const char *name;
	const char *operands;
	size_t min, max;	/* of operands behind the name */
	bool pairs;
	bool settings;
	bool types;		/* --type is for it */
	int (*run)(struct settings_job *j, struct err *err);
} actions[] = {
	{ "get", "NAME", 1, 1, false, true, false, get },
	{ "set", "NAME VALUE [NAME VALUE...]", 2, 64, true, false, true,
	    settings_change_set },
	{ "unset", "NAME...", 1, 64, false, false, true,
	    settings_change_unset },
	{ "list", "", 0, 0, false, true, false, list },
	{ "path", "", 0, 0, false, false, false, print_path },
	{ "check", "", 0, 0, false, true, false, check },
	{ "init", "", 0, 0, false, true, false, init },
	{ "upgrade", "", 0, 0, false, false, false,
	    settings_change_upgrade },
};

#define ACTIONS (sizeof actions / sizeof actions[0])

const char *
settings_action(size_t i)
{
	return i < ACTIONS ? actions[i].name : NULL;
}

static const char *
action_word(const void *state, size_t i, size_t *n)
{
	(void)state;
	if (i >= ACTIONS)
		return NULL;
	*n = strlen(actions[i].name);
	return actions[i].name;
}

static int
find_action(const struct command_input *input, size_t *action,
    struct err *err)
{
	const char *name = option_operand(input->options, 0);
	const char *near;
	size_t i, n;

	if (name == NULL) {
		err_set(err, ERR_USAGE, "config what?");
		err_hint(err, "usage: teamcache config %s",
		    input->command->operands);
		return -1;
	}
	for (i = 0; i < ACTIONS; i++) {
		if (strcmp(actions[i].name, name) != 0)
			continue;
		*action = i;
		if (!actions[i].types &&
		    option_given(input->options, OPTION_TYPE))
			return err_set(err, ERR_USAGE, "--type goes with "
			    "'config set' and 'config unset', not with "
			    "'config %s'", name);
		n = option_operands(input->options) - 1;
		if (n >= actions[i].min && n <= actions[i].max &&
		    (!actions[i].pairs || n % 2 == 0))
			return 0;
		return err_set(err, ERR_USAGE, "usage: teamcache config %s%s%s",
		    name, actions[i].operands[0] == '\0' ? "" : " ",
		    actions[i].operands);
	}
	near = nearest_of(name, strlen(name), action_word, NULL, &n);
	err_set(err, ERR_USAGE, "config cannot '%s'", name);
	if (near != NULL)
		err_hint(err, "did you mean '%s'?", near);
	else
		err_hint(err, "'teamcache help config' tells what it can");
	return -1;
}

static int
run(struct command_input *input, int *status, struct err *err)
{
	struct settings_job j = { .input = input };
	int result = -1;
	size_t action;

	(void)status;
	buf_init(&j.path, LIMIT_STATE_FILE);
	if (find_action(input, &action, err) != 0 ||
	    find_path(&j, err) != 0 ||
	    (actions[action].settings &&
	    setup_load(&j.setup, input, NULL, err) != 0))
		goto out;
	result = actions[action].run(&j, err);
out:
	setup_close(&j.setup);
	buf_clear(&j.path);
	return result;
}

const struct command command_settings = {
	.name = "config",
	.operands = "ACTION [NAME [VALUE]...]",
	.summary = "read and change the settings",
	.description =
	"ACTION is get, set, unset, list, check, path, init or upgrade.\n"
	"\n"
	"get prints a setting as it counts for the selected profile: from an "
	"option, the environment, the profile's section, [default], or built "
	"in. list prints all that have a value, in the syntax of the settings "
	"file; --show-origin says where each comes from.\n"
	"\n"
	"set and unset change the settings file: the [default] section, with "
	"--profile NAME that profile's, with --type NAME the definition of a "
	"data set of one's own (its operation and request). Comments, order "
	"and everything else stay as they are; the file is replaced in one "
	"piece, and never by one that could not be used.\n"
	"\n"
	"check reads the whole file and says what is wrong with it. path "
	"prints where it is. init asks at the terminal for what a team needs, "
	"tries the bucket, offers to make it (verify-bucket --create) or to "
	"set up what is not fit (verify-bucket --fix), and writes the "
	"file.\n"
	"\n"
	"A file of an older schema is read as it was meant, with a warning. "
	"set, unset, init and upgrade write it in the present one; the former "
	"file stays beside it as FILE.schema-N.bak. One of a newer schema is "
	"refused.\n"
	"\n"
	"'teamcache help settings' explains every setting. get exits 3 when "
	"it has no value.",
	.examples =
	"teamcache config init\tthe first time\n"
	"teamcache config set bucket acme-team-cache region eu-west-1\t"
	"for all profiles that share\n"
	"teamcache config set --profile prod team_cache on\t"
	"one that does\n"
	"teamcache config list --show-origin\twhat counts, and why\n"
	"teamcache config get ttl --json\tfor a script\n",
	.options = options,
	.option_count = sizeof options / sizeof options[0],
	.statuses = statuses,
	.completes = "actions settings...",
	.run = run,
};
