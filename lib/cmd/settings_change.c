#include "cmd/settings_change.h"

#include <stdlib.h>
#include <string.h>

#include "cmd/report.h"
#include "cmd/settings_write.h"

/* --type NAME, --profile NAME, or the default section. */
static int
choose_place(const struct settings_job *j, struct config_edit_place *place,
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
		return settings_unknown(key, err);
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
write_changes(struct settings_job *j, const struct config_edit_place *place,
    const struct config_change *changes, size_t count, struct err *err)
{
	struct config_write write = {
		.path = settings_path(j),
		.place = *place,
		.changes = changes,
		.count = count,
	};
	struct json_writer w;
	struct buf out;
	bool changed;

	if (settings_write(j->input, &write, &changed, err) != 0)
		return -1;
	if (!settings_json(j))
		return 0;
	settings_json_begin(j, &w, &out);
	json_member_bool(&w, "changed", changed);
	return report_end(&w, j->input->output, err);
}

static int
change(struct settings_job *j, bool unset, struct err *err)
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
		changes[i].key = settings_operand(j, 1 + i * each);
		changes[i].unset = unset;
		if (check_change(&place, changes[i].key, unset ? NULL :
		    settings_operand(j, 2 + i * each), err) != 0)
			goto out;
		if (unset)
			continue;
		texts[i] = span_dup(span_of(settings_operand(j, 2 + i * each)));
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

int
settings_change_set(struct settings_job *j, struct err *err)
{
	return change(j, false, err);
}

int
settings_change_unset(struct settings_job *j, struct err *err)
{
	return change(j, true, err);
}

int
settings_change_upgrade(struct settings_job *j, struct err *err)
{
	const struct config_edit_place nowhere = { CONFIG_SECTION_DEFAULT,
		span_make(NULL, 0) };

	return write_changes(j, &nowhere, NULL, 0, err);
}
