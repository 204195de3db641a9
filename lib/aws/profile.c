#include "aws/profile.h"

#include <stdlib.h>
#include <string.h>

#include "aws/profile_file.h"
#include "aws/profile_rows.h"
#include "aws/section.h"
#include "base/limits.h"
#include "base/num.h"
#include "base/span.h"
#include "codec/ini.h"
#include "sys/file.h"

/*
 * Texts are offsets into arena while it grows and pointers into it once both
 * files are in (settle): what points into an arena that moves is lost.
 */
struct section {
	enum section_kind kind;
	size_t name_at;
	const char *name;	/* ignored ones: what the brackets hold */
	bool credentials;
	bool strong;		/* [profile default], not [default] */
	unsigned line;
};

/* A row while the arena grows. */
struct draft {
	size_t section;
	size_t key, sub, value;	/* in the arena */
	unsigned line;
};

struct profile_files {
	struct buf arena;	/* every text; secret */
	char *paths[2];		/* config, credentials */
	struct section *sections;
	size_t section_count;
	struct draft *drafts;	/* until they are settled */
	size_t draft_count;
	struct profile_row *rows;	/* sorted */
	size_t row_count;
	const char **names;	/* profiles, each once, in order */
	size_t name_count;
};

/* A copy of the bytes in the arena; a failure shows in its buf_check. */
static size_t
keep(struct buf *arena, struct span s)
{
	size_t at = arena->n;

	buf_add_span(arena, s);
	buf_add_char(arena, '\0');
	return at;
}

static void *
grown(void *old, size_t have, size_t more, size_t size, struct err *err)
{
	size_t count, bytes;
	void *p;

	if (!num_add_size(have, more, &count) ||
	    !num_multiply_size(count, size, &bytes) ||
	    (p = realloc(old, bytes > 0 ? bytes : 1)) == NULL) {
		err_memory(err);
		return NULL;
	}
	return p;
}

/* The section that an entry belongs to, searched from guess on: entries come
 * in order. section_count when there is none. */
static size_t
section_of(const struct ini *ini, const struct ini_entry *entry, size_t guess)
{
	size_t i, at;

	for (i = 0; i < ini->section_count; i++) {
		at = (guess + i) % ini->section_count;
		if (span_equal(ini->sections[at].name, entry->section))
			return at;
	}
	return ini->section_count;
}

static void
take_sections(struct profile_files *files, const struct ini *ini,
    bool credentials)
{
	size_t i;

	for (i = 0; i < ini->section_count; i++) {
		struct section *s = &files->sections[files->section_count++];
		struct span inside = ini->sections[i].name;

		s->name_at = files->arena.n;
		s->kind = section_read(inside, credentials, &files->arena);
		buf_add_char(&files->arena, '\0');
		s->credentials = credentials;
		s->strong = !span_is(inside, "default");
		s->line = ini->sections[i].line;
	}
}

static int
take_ini(struct profile_files *files, const struct ini *ini, bool credentials,
    struct err *err)
{
	size_t i, base = files->section_count, at = 0;
	void *p;

	if ((p = grown(files->sections, base, ini->section_count,
	    sizeof *files->sections, err)) == NULL)
		return -1;
	files->sections = p;
	if ((p = grown(files->drafts, files->draft_count, ini->count,
	    sizeof *files->drafts, err)) == NULL)
		return -1;
	files->drafts = p;
	take_sections(files, ini, credentials);
	for (i = 0; i < ini->count; i++) {
		const struct ini_entry *entry = &ini->entries[i];
		struct draft *draft = &files->drafts[files->draft_count];

		at = section_of(ini, entry, at);
		if (at == ini->section_count ||
		    files->sections[base + at].kind == SECTION_IGNORED)
			continue;
		draft->section = base + at;
		draft->key = keep(&files->arena, entry->key);
		draft->sub = keep(&files->arena, entry->sub);
		draft->value = keep(&files->arena, entry->value);
		draft->line = entry->line;
		files->draft_count++;
	}
	return buf_check(&files->arena, "the AWS profile files", err);
}

/* One of the two files; a missing one adds nothing. */
static int
take_file(struct profile_files *files, bool credentials, struct err *err)
{
	const char *path = files->paths[credentials];
	struct err cause = { 0 };
	struct ini ini = { 0 };
	struct buf text;
	int result = -1;

	buf_init_secret(&text, LIMIT_PROFILE_FILE);
	switch (file_read(path, &text, &cause)) {
	case FILE_ABSENT:
		result = 0;
		goto out;
	case FILE_READ:
		break;
	default:
		if (err_interrupted(&cause)) {
			*err = cause;
			goto out;
		}
		if (text.fault == BUF_NO_MEMORY)
			err_memory(err);
		else
			err_set(err, ERR_CREDENTIALS, "%s", cause.message);
		err_hint(err, "mend the file, or name another one in %s",
		    profile_file_variable(credentials));
		goto out;
	}
	if (ini_parse(&ini, buf_view(&text), path, 0, err) != 0)
		goto out;
	result = take_ini(files, &ini, credentials, err);
out:
	ini_clear(&ini);
	buf_clear(&text);
	return result;
}

/* [profile default] replaces the config file's [default]. */
static void
drop_weak_default(struct profile_files *files)
{
	bool strong = false;
	size_t i;

	for (i = 0; i < files->section_count; i++) {
		const struct section *s = &files->sections[i];

		strong = strong || (s->kind == SECTION_PROFILE && s->strong &&
		    strcmp(s->name, "default") == 0);
	}
	for (i = 0; strong && i < files->section_count; i++) {
		struct section *s = &files->sections[i];

		if (s->kind == SECTION_PROFILE && !s->credentials && !s->strong)
			s->kind = SECTION_IGNORED;
	}
}

/* Sorted by name, first appearance first. */
static int
compare_sections(const void *pa, const void *pb)
{
	const struct section *a = *(const struct section *const *)pa;
	const struct section *b = *(const struct section *const *)pb;
	int c = strcmp(a->name, b->name);

	if (c != 0)
		return c;
	return a < b ? -1 : a > b;
}

static int
compare_pointers(const void *pa, const void *pb)
{
	const struct section *a = *(const struct section *const *)pa;
	const struct section *b = *(const struct section *const *)pb;

	return a < b ? -1 : a > b;
}

/* Every profile once, in order of first appearance. */
static int
list_names(struct profile_files *files, struct err *err)
{
	const struct section **found;
	size_t i, n = 0, unique = 0;

	if ((found = calloc(files->section_count + 1, sizeof *found)) == NULL)
		return err_memory(err);
	for (i = 0; i < files->section_count; i++) {
		if (files->sections[i].kind == SECTION_PROFILE)
			found[n++] = &files->sections[i];
	}
	qsort(found, n, sizeof *found, compare_sections);
	for (i = 0; i < n; i++) {
		if (i == 0 || strcmp(found[i]->name,
		    found[i - 1]->name) != 0)
			found[unique++] = found[i];
	}
	qsort(found, unique, sizeof *found, compare_pointers);
	if ((files->names = grown(NULL, 0, unique, sizeof *files->names,
	    err)) == NULL) {
		free(found);
		return -1;
	}
	for (i = 0; i < unique; i++)
		files->names[i] = found[i]->name;
	files->name_count = unique;
	free(found);
	return 0;
}

/* The drafts as rows, those of ignored sections too: nobody asks for them. */
static int
make_rows(struct profile_files *files, struct err *err)
{
	const char *arena = files->arena.p;
	size_t i;

	if ((files->rows = grown(NULL, 0, files->draft_count,
	    sizeof *files->rows, err)) == NULL)
		return -1;
	for (i = 0; i < files->draft_count; i++) {
		const struct draft *draft = &files->drafts[i];
		const struct section *s = &files->sections[draft->section];

		files->rows[i] = (struct profile_row){
			.place = { s->kind, s->credentials, s->name,
			    arena + draft->key, arena + draft->sub },
			.value = arena + draft->value,
			.line = draft->line,
			.order = i,
		};
	}
	files->row_count = files->draft_count;
	profile_rows_sort(files->rows, files->row_count);
	free(files->drafts);
	files->drafts = NULL;
	return 0;
}

/* Both files are in the arena: make it fit to be looked up. */
static int
settle(struct profile_files *files, struct err *err)
{
	size_t i;

	for (i = 0; i < files->section_count; i++)
		files->sections[i].name = files->arena.p +
		    files->sections[i].name_at;
	drop_weak_default(files);
	return make_rows(files, err) != 0 ? -1 : list_names(files, err);
}

struct profile_files *
profile_load(const struct env *env, struct err *err)
{
	struct profile_files *files = calloc(1, sizeof *files);

	if (files == NULL) {
		err_memory(err);
		return NULL;
	}
	/* Names and nested keys are repeated for each of their values. */
	buf_init_secret(&files->arena, 4 * LIMIT_PROFILE_FILE);
	if ((files->paths[0] = profile_file_find(env, false, err)) == NULL ||
	    (files->paths[1] = profile_file_find(env, true, err)) == NULL ||
	    take_file(files, false, err) != 0 ||
	    take_file(files, true, err) != 0 || settle(files, err) != 0) {
		profile_free(files);
		return NULL;
	}
	return files;
}

void
profile_free(struct profile_files *files)
{
	if (files == NULL)
		return;
	buf_clear(&files->arena);
	free(files->paths[0]);
	free(files->paths[1]);
	free(files->sections);
	free(files->drafts);
	free(files->rows);
	free(files->names);
	free(files);
}

bool
profile_exists(const struct profile_files *files, const char *profile)
{
	size_t i;

	for (i = 0; i < files->name_count; i++) {
		if (strcmp(files->names[i], profile) == 0)
			return true;
	}
	return false;
}

static struct profile_value
look_up(const struct profile_files *files, const struct profile_place *place)
{
	const struct profile_row *row = profile_rows_find(files->rows,
	    files->row_count, place);

	if (row == NULL || row->value[0] == '\0')
		return (struct profile_value){ 0 };
	return (struct profile_value){ .text = row->value,
	    .file = files->paths[place->credentials], .line = row->line };
}

struct profile_value
profile_get_in(const struct profile_files *files, bool credentials,
    const char *profile, const char *key, const char *sub)
{
	struct profile_place place = { SECTION_PROFILE, credentials, profile,
	    key, sub == NULL ? "" : sub };

	return look_up(files, &place);
}

struct profile_value
profile_get(const struct profile_files *files, const char *profile,
    const char *key, const char *sub)
{
	struct profile_value value;

	value = profile_get_in(files, true, profile, key, sub);
	if (value.text == NULL)
		value = profile_get_in(files, false, profile, key, sub);
	return value;
}

struct profile_value
profile_section_get(const struct profile_files *files, const char *kind,
    const char *name, const char *key, const char *sub)
{
	struct profile_place place = { section_kind_of(span_of(kind)), false,
	    name, key, sub == NULL ? "" : sub };

	return look_up(files, &place);
}

const char *
profile_path(const struct profile_files *files, bool credentials)
{
	return files->paths[credentials];
}

const char *
profile_name(const struct profile_files *files, size_t i)
{
	return i < files->name_count ? files->names[i] : NULL;
}

const char *
profile_ignored(const struct profile_files *files, size_t i, unsigned *line)
{
	size_t at;

	for (at = 0; at < files->section_count; at++) {
		const struct section *s = &files->sections[at];

		if (s->kind == SECTION_IGNORED && i-- == 0) {
			*line = s->line;
			return s->name;
		}
	}
	return NULL;
}

const char *
profile_select(const struct env *env, const char *explicit_name, bool *named)
{
	const char *name = explicit_name;

	if (name == NULL || name[0] == '\0')
		name = env_value(env, "AWS_PROFILE");
	if (name == NULL)
		name = env_value(env, "AWS_DEFAULT_PROFILE");
	*named = name != NULL;
	return name != NULL ? name : "default";
}
