#include "cmd/command.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "aws/profile.h"
#include "base/limits.h"
#include "base/nearest.h"
#include "cache/config_write.h"
#include "cache/memo.h"
#include "cache/place.h"
#include "cmd/completion.h"
#include "cmd/config_init.h"
#include "cmd/setup.h"
#include "codec/json.h"

static const enum option_id options[] = {
	OPTION_SHOW_ORIGIN, OPTION_TYPE,
};

static const int statuses[] = { 0, 1, 2, 3, 130, 143, -1 };

/* What one run is about. */
struct job {
	struct command_input *input;
	struct buf path;	/* of the settings file; empty: no place */
	struct setup setup;	/* where the action needs settings */
};

static const char *
operand(const struct job *j, size_t i)
{
	return option_operand(j->input->options, i);
}

static int
find_path(struct job *j, struct err *err)
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

static const char *
path_of(const struct job *j)
{
	return j->path.n == 0 ? NULL : buf_string(&j->path);
}

/* A text result, or a member of the object of --json. */
static bool
json(const struct job *j)
{
	return option_given(j->input->options, OPTION_JSON);
}

static void
begin(const struct job *j, struct json_writer *w, struct buf *out)
{
	buf_init(out, LIMIT_SETTINGS_FILE * 4);
	json_begin(w, out, false);
	json_open_object(w);
	json_member_string(w, "command", j->input->command->name);
	json_member_integer(w, "exit_status", 0);
	json_member_string(w, "path", path_of(j));
}

static int
end(const struct job *j, struct json_writer *w, struct buf *out,
    struct err *err)
{
	int result;

	json_close_object(w);
	buf_add_char(out, '\n');
	result = buf_check(out, "the result", err);
	if (result == 0)
		output_span(j->input->output, buf_view(out));
	buf_clear(out);
	return result;
}

static void
put_setting(const struct job *j, struct json_writer *w,
    const struct config_spec *spec)
{
	const struct config *c = j->setup.config;

	json_member_string(w, "name", spec->name);
	json_member_string(w, "value", config_text(c, spec->id));
	json_member_bool(w, "given", config_given(c, spec->id));
	json_member_string(w, "origin", config_origin(c, spec->id));
}

static int
unknown(const char *name, struct err *err)
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
get(struct job *j, struct err *err)
{
	const struct config_spec *spec = config_find(span_of(operand(j, 1)),
	    NULL);
	const struct config *c = j->setup.config;
	struct json_writer w;
	struct buf out;

	if (spec == NULL)
		return unknown(operand(j, 1), err);
	if (json(j)) {
		begin(j, &w, &out);
		put_setting(j, &w, spec);
		return end(j, &w, &out, err);
	}
	if (config_text(c, spec->id) == NULL)
		return err_set(err, ERR_NO_DATA, "%s is not set", spec->name);
	output_clean(j->input->output, span_of(config_text(c, spec->id)));
	if (option_given(j->input->options, OPTION_SHOW_ORIGIN)) {
		output_text(j->input->output, "  ; ");
		output_clean(j->input->output,
		    span_of(config_origin(c, spec->id)));
	}
	output_text(j->input->output, "\n");
	return 0;
}

/* In the file's own syntax, so that it can go into one. */
static void
list_line(const struct job *j, const struct config_spec *spec, int width)
{
	const struct config *c = j->setup.config;
	struct output *o = j->input->output;
	const char *text = config_text(c, spec->id);
	int n = (int)(strlen(spec->name) + 3 + strlen(text));

	output_format(o, "%s = ", spec->name);
	output_clean(o, span_of(text));
	if (option_given(j->input->options, OPTION_SHOW_ORIGIN)) {
		output_format(o, "%*s  ; ", width > n ? width - n : 0, "");
		output_clean(o, span_of(config_origin(c, spec->id)));
	}
	output_text(o, "\n");
}

static int
list(struct job *j, struct err *err)
{
	const struct config *c = j->setup.config;
	const struct config_spec *spec;
	struct json_writer w;
	struct buf out;
	int id, n, width = 0;

	if (json(j)) {
		begin(j, &w, &out);
		json_member_string(&w, "profile", config_profile(c));
		json_put_name(&w, "settings");
		json_open_array(&w);
		for (id = 0; id < CONFIG_COUNT; id++) {
			json_open_object(&w);
			put_setting(j, &w, config_spec((enum config_id)id));
			json_close_object(&w);
		}
		json_close_array(&w);
		return end(j, &w, &out, err);
	}
	for (id = 0; id < CONFIG_COUNT; id++) {
		spec = config_spec((enum config_id)id);
		if (config_text(c, spec->id) == NULL)
			continue;
		n = (int)(strlen(spec->name) + 3 +
		    strlen(config_text(c, spec->id)));
		if (n > width && n <= 40)
			width = n;
	}
	for (id = 0; id < CONFIG_COUNT; id++)
		if (config_text(c, (enum config_id)id) != NULL)
			list_line(j, config_spec((enum config_id)id), width);
	return 0;
}

static int
print_path(struct job *j, struct err *err)
{
	struct json_writer w;
	struct buf out;

	if (path_of(j) == NULL)
		return place_none(PLACE_CONFIG, err);
	if (json(j)) {
		begin(j, &w, &out);
		return end(j, &w, &out, err);
	}
	output_clean(j->input->output, span_of(path_of(j)));
	output_text(j->input->output, "\n");
	return 0;
}

/* --type NAME, --profile NAME, or the default section. */
static int
choose_place(const struct job *j, struct config_edit_place *place,
    struct err *err)
{
	const struct options *o = j->input->options;
	const char *type = option_text(o, OPTION_TYPE);
	const char *profile = option_text(o, OPTION_PROFILE);

	memset(place, 0, sizeof *place);
	place->section = CONFIG_SECTION_DEFAULT;
	if (type != NULL && profile != NULL)
		return err_set(err, ERR_USAGE, "a type has no profile: give "
		    "--type or --profile");
	if (option_count(o, OPTION_PROFILE) > 1)
		return err_set(err, ERR_USAGE, "%s works with one profile",
		    j->input->command->name);
	if (type != NULL) {
		place->section = CONFIG_SECTION_TYPE;
		place->name = span_of(type);
	} else if (profile != NULL && strcmp(profile, "default") != 0) {
		place->section = CONFIG_SECTION_PROFILE;
		place->name = span_of(profile);
	}
	return 0;
}

/* value: NULL for one that goes; an empty one takes back an outer section's. */
static int
check_change(const struct config_edit_place *place, const char *key,
    const char *value, struct err *err)
{
	const struct config_spec *spec = config_find(span_of(key), NULL);

	if (place->section != CONFIG_SECTION_TYPE && spec == NULL)
		return unknown(key, err);
	if (place->section != CONFIG_SECTION_TYPE)
		return value == NULL || value[0] == '\0' ? 0 :
		    config_check(spec, span_of(value), NULL, err);
	if (strcmp(key, "operation") == 0 || strcmp(key, "request") == 0)
		return 0;
	return err_set(err, ERR_USAGE, "a type has no '%s'; it has "
	    "'operation' and 'request'", key);
}

/* JSON may be given in several lines; in the file it is one, and only white
 * space of its own can be a line break. */
static struct span
one_line(const struct config_edit_place *place, const char *key, char *text)
{
	size_t i;

	if (place->section == CONFIG_SECTION_TYPE &&
	    strcmp(key, "request") == 0)
		for (i = 0; text[i] != '\0'; i++)
			if (text[i] == '\n' || text[i] == '\r')
				text[i] = ' ';
	return span_trim(span_of(text));
}

static int
write_changes(struct job *j, const struct config_edit_place *place,
    const struct config_change *changes, size_t count, struct err *err)
{
	struct memo memo = { .root = { .fd = -1 } };
	struct config_write write = {
		.path = path_of(j),
		.named = option_given(j->input->options, OPTION_CONFIG),
		.place = *place,
		.changes = changes,
		.count = count,
		.state = &memo.root,
		.clock = j->input->process->clock,
	};
	struct json_writer w;
	struct buf out;
	bool changed;
	int result;

	if (write.path == NULL)
		return place_none(PLACE_CONFIG, err);
	if (memo_open(&memo, j->input->process->env, err) != 0)
		return -1;
	result = config_write(&write, &changed, err);
	memo_close(&memo);
	if (result != 0 || !json(j))
		return result;
	begin(j, &w, &out);
	json_member_bool(&w, "changed", changed);
	return end(j, &w, &out, err);
}

static int
change(struct job *j, bool unset, struct err *err)
{
	const struct options *o = j->input->options;
	size_t each = unset ? 1 : 2, n = (option_operands(o) - 1) / each, i;
	struct config_change *changes = calloc(n, sizeof *changes);
	char **texts = calloc(n, sizeof *texts);
	struct config_edit_place place;
	int result = -1;

	if (changes == NULL || texts == NULL) {
		err_memory(err);
		goto out;
	}
	if (choose_place(j, &place, err) != 0)
		goto out;
	for (i = 0; i < n; i++) {
		changes[i].key = operand(j, 1 + i * each);
		changes[i].unset = unset;
		if (check_change(&place, changes[i].key, unset ? NULL :
		    operand(j, 2 + i * each), err) != 0)
			goto out;
		if (unset)
			continue;
		texts[i] = span_dup(span_of(operand(j, 2 + i * each)));
		if (texts[i] == NULL) {
			err_memory(err);
			goto out;
		}
		changes[i].value = one_line(&place, changes[i].key, texts[i]);
	}
	result = write_changes(j, &place, changes, n, err);
out:
	for (i = 0; texts != NULL && i < n; i++)
		free(texts[i]);
	free(texts);
	free(changes);
	return result;
}

static int
set(struct job *j, struct err *err)
{
	return change(j, false, err);
}

static int
unset(struct job *j, struct err *err)
{
	return change(j, true, err);
}

/* What is allowed and yet will not do what was meant. */
static int
look_over(const struct job *j, struct json_writer *w, size_t *count,
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
check(struct job *j, struct err *err)
{
	struct output *o = j->input->output;
	struct json_writer w;
	size_t profiles = 0, warnings = 0;
	struct buf out;

	while (config_profile_name(j->setup.config, profiles) != NULL)
		profiles++;
	if (json(j)) {
		begin(j, &w, &out);
		json_put_name(&w, "warnings");
		json_open_array(&w);
		if (look_over(j, &w, &warnings, err) != 0) {
			buf_clear(&out);
			return -1;
		}
		json_close_array(&w);
		return end(j, &w, &out, err);
	}
	if (look_over(j, NULL, &warnings, err) != 0)
		return -1;
	if (path_of(j) == NULL) {
		output_text(o, "no settings file\n");
		return 0;
	}
	output_clean(o, span_of(path_of(j)));
	output_format(o, ": good, %zu profile%s%s\n", profiles,
	    profiles == 1 ? "" : "s", warnings > 0 ? ", with warnings" : "");
	return 0;
}

static int
init(struct job *j, struct err *err)
{
	if (path_of(j) == NULL)
		return place_none(PLACE_CONFIG, err);
	return config_init(j->input, path_of(j), err);
}

/* The actions and their operands. One that is given settings needs good
 * ones. */
static const struct {
	const char *name;
	const char *operands;
	size_t min, max;	/* of operands behind the name */
	bool pairs;
	bool settings;
	int (*run)(struct job *j, struct err *err);
} actions[] = {
	{ "get", "NAME", 1, 1, false, true, get },
	{ "set", "NAME VALUE [NAME VALUE...]", 2, 64, true, false, set },
	{ "unset", "NAME...", 1, 64, false, false, unset },
	{ "list", "", 0, 0, false, true, list },
	{ "path", "", 0, 0, false, false, print_path },
	{ "check", "", 0, 0, false, true, check },
	{ "init", "", 0, 0, false, true, init },
};

#define ACTIONS (sizeof actions / sizeof actions[0])

const char *
completion_action(size_t i)
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
	return -1;
}

static int
run(struct command_input *input, int *status, struct err *err)
{
	struct job j = { .input = input };
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

const struct command command_config = {
	.name = "config",
	.operands = "ACTION [NAME [VALUE]...]",
	.summary = "read and change the settings",
	.description =
	"ACTION is get, set, unset, list, check, path or init.\n"
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
	"tries the bucket and writes the file.\n"
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
