#include "cache/config.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/limits.h"
#include "cache/config_catalog.h"
#include "cache/config_file.h"
#include "cache/config_schema.h"
#include "cache/job.h"
#include "cache/place.h"

/* Where a value comes from; the first level that has one wins. When no profile
 * is named, [default] takes the profile's level. */
enum level {
	LEVEL_OPTION, LEVEL_ENVIRONMENT, LEVEL_PROFILE, LEVEL_DEFAULT,
	LEVEL_NONE
};

/* What one level says; all borrowed. */
struct saying {
	bool there;		/* with an empty text too */
	struct span text;
	const char *name;	/* of the option or variable; NULL: a line */
	unsigned line;
};

struct value {
	char *text;		/* NULL: unset */
	int64_t number;
	bool given;
	const char *origin;	/* an option's name, static, or line */
	char *line;
};

struct config {
	char *profile;
	char *path;		/* NULL: no place for one */
	struct value values[CONFIG_COUNT];
	enum level bucket;	/* who names it */
	bool own_default;	/* [default] is LEVEL_PROFILE */
	int schema;		/* of the file */
	enum level off, on;	/* who says so of team_cache first */
	struct config_catalog catalog;
};

struct loader {
	struct config *config;
	const struct config_request *request;
	struct config_file file;
	/* the rows of LEVEL_PROFILE and LEVEL_DEFAULT */
	const struct config_row *rows[2][CONFIG_COUNT];
};

static int
find_path(struct config *config, const struct config_request *request,
    struct err *err)
{
	enum place_found found;
	struct buf path;

	if (request->file != NULL) {
		config->path = span_dup(span_of(request->file));
		return config->path == NULL ? err_memory(err) : 0;
	}
	buf_init(&path, LIMIT_STATE_FILE);
	found = place_find(PLACE_CONFIG, request->env, &path, err);
	if (found == PLACE_FOUND) {
		buf_add_string(&path, "/config");
		if ((config->path = buf_take(&path)) == NULL) {
			err_memory(err);
			found = PLACE_ERROR;
		}
	}
	buf_clear(&path);
	return found == PLACE_ERROR ? -1 : 0;
}

static bool
own_default(const struct config_request *request)
{
	return !request->profile_named || request->profile == NULL ||
	    strcmp(request->profile, "default") == 0;
}

/* The rows that concern this profile. */
static void
pick_rows(struct loader *l)
{
	bool own = own_default(l->request);
	const struct config_header *headers[2] = { NULL, NULL };
	size_t i, k;

	headers[own ? 0 : 1] = config_file_find(&l->file,
	    CONFIG_SECTION_DEFAULT, span_make(NULL, 0));
	if (!own)
		headers[0] = config_file_find(&l->file,
		    CONFIG_SECTION_PROFILE, span_of(l->request->profile));
	for (i = 0; i < l->file.row_count; i++)
		for (k = 0; k < 2; k++)
			if (l->file.rows[i].header == headers[k] &&
			    l->file.rows[i].id < CONFIG_COUNT)
				l->rows[k][l->file.rows[i].id] =
				    &l->file.rows[i];
}

static struct saying
listen(const struct loader *l, enum level level, enum config_id id)
{
	const struct config_request *request = l->request;
	struct saying s = { 0 };
	const struct config_row *row;
	const char *text = NULL;
	size_t i;

	switch (level) {
	case LEVEL_OPTION:
		for (i = 0; i < request->override_count; i++) {
			if (request->overrides[i].id != id)
				continue;
			text = request->overrides[i].value;
			s.name = request->overrides[i].option;
		}
		break;
	case LEVEL_ENVIRONMENT:
		s.name = config_spec(id)->variable;
		text = env_value(request->env, s.name);
		break;
	default:
		row = l->rows[level == LEVEL_PROFILE ? 0 : 1][id];
		if (row != NULL) {
			s.there = true;
			s.text = row->value;
			s.line = row->line;
		}
		return s;
	}
	s.there = text != NULL;
	s.text = span_of(text);
	return s;
}

/* The file's rows were checked when it was read; the rest is here. */
static int
check(enum config_id id, const struct saying *s, struct err *err)
{
	struct config_spec spec = *config_spec(id);

	if (s->name == NULL || !s->there ||
	    (s->text.n == 0 && id == CONFIG_PREFIX))
		return 0;
	/* The option or variable is what its user knows it by. */
	spec.name = s->name;
	return config_check(&spec, s->text, NULL, err);
}

static int
set_origin(const struct config *config, struct value *value,
    const struct saying *s, struct err *err)
{
	struct buf line;
	int result;

	value->origin = s->name;
	if (s->name != NULL)
		return 0;
	buf_init(&line, strlen(config->path) + 64);
	buf_addf(&line, "'%s' line %u", config->path, s->line);
	value->origin = value->line = buf_take(&line);
	result = value->line == NULL ? err_memory(err) : 0;
	buf_clear(&line);
	return result;
}

/* Take what was said; NULL, or nothing said, leaves the built-in value. */
static int
set_value(struct config *config, enum config_id id, const struct saying *s,
    struct err *err)
{
	const struct config_spec *spec = config_spec(id);
	struct value *value = &config->values[id];
	struct span text = span_of(spec->fallback);

	value->number = -1;
	value->origin = "built-in";
	value->given = s != NULL && s->text.n > 0;
	if (value->given)
		text = s->text;
	if (s != NULL && (value->given || spec->fallback == NULL) &&
	    set_origin(config, value, s, err) != 0)
		return -1;
	if (text.n == 0)
		return 0;
	if ((value->text = span_dup(text)) == NULL)
		return err_memory(err);
	return config_check(spec, text, &value->number, err);
}

/* Nobody said who we are: in CI it is the job. One whose URL cannot be a value
 * is nobody. */
static int
set_job(struct config *config, const struct env *env, struct err *err)
{
	struct saying job = { .there = true, .name = "CI" };
	struct err ignored = { 0 };
	struct buf url;
	bool known;
	int result;

	buf_init(&url, LIMIT_STATE_FILE);
	known = job_url(env, &url) && buf_check(&url, "it", &ignored) == 0 &&
	    config_check(config_spec(CONFIG_REFRESHED_BY), buf_view(&url),
	    NULL, &ignored) == 0;
	job.text = buf_view(&url);
	result = set_value(config, CONFIG_REFRESHED_BY, known ? &job : NULL,
	    err);
	buf_clear(&url);
	return result;
}

static int
resolve(struct loader *l, enum config_id id, struct err *err)
{
	struct saying says[LEVEL_NONE] = { 0 }, *first = NULL;
	int level;

	for (level = 0; level < LEVEL_NONE; level++) {
		says[level] = listen(l, (enum level)level, id);
		if (check(id, &says[level], err) != 0)
			return -1;
		if (!says[level].there || first != NULL)
			continue;
		first = &says[level];
		if (id == CONFIG_BUCKET && first->text.n > 0)
			l->config->bucket = (enum level)level;
	}
	/* Whoever says off is heard, wherever it stands. */
	for (level = LEVEL_NONE; id == CONFIG_TEAM_CACHE && level-- > 0;) {
		if (span_is(says[level].text, "on"))
			l->config->on = (enum level)level;
		if (span_is(says[level].text, "off"))
			l->config->off = (enum level)level;
	}
	if (id == CONFIG_TEAM_CACHE && l->config->off != LEVEL_NONE)
		first = &says[l->config->off];
	if (id == CONFIG_REFRESHED_BY && first == NULL)
		return set_job(l->config, l->request->env, err);
	return set_value(l->config, id, first, err);
}

static int
load(struct loader *l, struct err *err)
{
	struct config *config = l->config;
	const struct config_request *request = l->request;
	int id;

	config->profile = span_dup(span_of(request->profile == NULL ?
	    "default" : request->profile));
	if (config->profile == NULL)
		return err_memory(err);
	if (find_path(config, request, err) != 0)
		return -1;
	if (config->path != NULL && config_file_read(&l->file, config->path,
	    request->file != NULL, err) != 0)
		return -1;
	if (l->file.ini.memory != NULL)
		config->schema = l->file.schema;
	pick_rows(l);
	for (id = 0; id < CONFIG_COUNT; id++)
		if (resolve(l, (enum config_id)id, err) != 0)
			return -1;
	return config_catalog_read(&config->catalog, &l->file, config->path,
	    err);
}

struct config *
config_load(const struct config_request *request, struct err *err)
{
	struct loader l = { .request = request };
	struct config *config = calloc(1, sizeof *config);

	if (config == NULL) {
		err_memory(err);
		return NULL;
	}
	config->bucket = config->off = config->on = LEVEL_NONE;
	config->schema = CONFIG_SCHEMA;
	config->own_default = own_default(request);
	l.config = config;
	if (load(&l, err) != 0) {
		config_free(config);
		config = NULL;
	}
	config_file_clear(&l.file);
	return config;
}

void
config_free(struct config *config)
{
	size_t i;

	if (config == NULL)
		return;
	for (i = 0; i < CONFIG_COUNT; i++) {
		free(config->values[i].text);
		free(config->values[i].line);
	}
	config_catalog_clear(&config->catalog);
	free(config->profile);
	free(config->path);
	free(config);
}

const char *
config_profile(const struct config *config)
{
	return config->profile;
}

bool
config_given(const struct config *config, enum config_id id)
{
	return config->values[id].given;
}

const char *
config_text(const struct config *config, enum config_id id)
{
	return config->values[id].text;
}

int64_t
config_number(const struct config *config, enum config_id id)
{
	return config->values[id].number;
}

bool
config_on(const struct config *config, enum config_id id)
{
	return config->values[id].number == 1;
}

const char *
config_origin(const struct config *config, enum config_id id)
{
	return config->values[id].origin;
}

int
config_team_cache(const struct config *config, const char **why,
    struct err *err)
{
	static const char *const off[] = {
		[LEVEL_OPTION] = "an option says team_cache = off",
		[LEVEL_ENVIRONMENT] = "TEAMCACHE_TEAM_CACHE is off",
		[LEVEL_PROFILE] = "the profile says team_cache = off",
		[LEVEL_DEFAULT] = ("[default] says team_cache = off, the "
		    "global switch"),
	};
	static const char *const on[] = {
		[LEVEL_OPTION] = "an option names the bucket",
		[LEVEL_ENVIRONMENT] = "TEAMCACHE_BUCKET names the bucket",
		[LEVEL_PROFILE] = "the profile's own section names the bucket",
		[LEVEL_DEFAULT] = "the profile says team_cache = on",
	};

	if (config->off != LEVEL_NONE) {
		*why = off[config->off];
		if (config->bucket != LEVEL_OPTION)
			return 0;
		err_set(err, ERR_USAGE, "%s names a bucket, yet team_cache is "
		    "off for profile '%s' (%s)",
		    config->values[CONFIG_BUCKET].origin, config->profile,
		    config->values[CONFIG_TEAM_CACHE].origin);
		err_hint(err, "leave the option out, or set team_cache = on "
		    "there");
		return -1;
	}
	if (config->bucket == LEVEL_NONE) {
		*why = "no bucket is named";
		return 0;
	}
	/* [default]'s bucket serves those that opt in, not everybody. */
	if (config->bucket == LEVEL_DEFAULT && config->on > LEVEL_PROFILE) {
		*why = "the profile does not say team_cache = on";
		return 0;
	}
	*why = on[config->bucket];
	return 1;
}

int
config_old_schema(const struct config *config)
{
	return config->schema < CONFIG_SCHEMA ? config->schema : -1;
}

bool
config_files_bucket(const struct config *config, const char **profile)
{
	*profile = config->bucket == LEVEL_PROFILE && !config->own_default ?
	    config->profile : NULL;
	return config->bucket == LEVEL_PROFILE ||
	    config->bucket == LEVEL_DEFAULT;
}

const struct config_type *
config_type(const struct config *config, const char *name)
{
	return config_catalog_find(&config->catalog, name);
}

const struct config_type *
config_type_at(const struct config *config, size_t i)
{
	return config_catalog_at(&config->catalog, i);
}

const char *
config_profile_name(const struct config *config, size_t i)
{
	return i < config->catalog.profile_count ?
	    config->catalog.profiles[i] : NULL;
}

const char *
config_path(const struct config *config)
{
	return config->path;
}
