#include "aws/profile.h"

#include <stdlib.h>
#include <string.h>

#include "aws/expand.h"
#include "aws/section.h"
#include "base/limits.h"
#include "base/num.h"
#include "base/span.h"
#include "codec/ini.h"
#include "sys/file.h"

/*
 * Texts are offsets into arena while it grows and pointers into it once both
 * files are in (settle): an arena that may move holds no pointers.
 */
struct text {
	size_t at;
	const char *p;
};

struct section {
	enum section_kind kind;
	struct text name;	/* ignored ones: what the brackets hold */
	bool credentials;
	bool strong;		/* [profile default], not [default] */
	unsigned line;
};

struct row {
	size_t section;
	enum section_kind kind;	/* the section's, once settled */
	const char *name;
	bool credentials;
	struct text key;
	struct text sub;
	struct text value;
	unsigned line;
	size_t order;
};

struct profile_files {
	struct buf arena;	/* every text; secret */
	char *paths[2];		/* config, credentials */
	struct section *sections;
	size_t section_count;
	struct row *rows;	/* sorted by compare_rows */
	size_t row_count;
	const char **names;	/* profiles, each once, in order */
	size_t name_count;
};

/* A copy of the bytes in the arena; a failure shows in its buf_check. */
static struct text
keep(struct buf *arena, struct span s)
{
	struct text text = { arena->n, NULL };

	buf_add_span(arena, s);
	buf_add_char(arena, '\0');
	return text;
}

static void
point(const struct profile_files *files, struct text *text)
{
	text->p = files->arena.p + text->at;
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

		s->name.at = files->arena.n;
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
	if ((p = grown(files->rows, files->row_count, ini->count,
	    sizeof *files->rows, err)) == NULL)
		return -1;
	files->rows = p;
	take_sections(files, ini, credentials);
	for (i = 0; i < ini->count; i++) {
		const struct ini_entry *entry = &ini->entries[i];
		struct row *row = &files->rows[files->row_count];

		at = section_of(ini, entry, at);
		if (at == ini->section_count ||
		    files->sections[base + at].kind == SECTION_IGNORED)
			continue;
		row->section = base + at;
		row->key = keep(&files->arena, entry->key);
		row->sub = keep(&files->arena, entry->sub);
		row->value = keep(&files->arena, entry->value);
		row->line = entry->line;
		row->order = files->row_count++;
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
		if (text.fault == BUF_NO_MEMORY)
			err_memory(err);
		else
			err_set(err, ERR_CREDENTIALS, "%s", cause.message);
		err_hint(err, "mend the file, or name another one in %s",
		    credentials ? "AWS_SHARED_CREDENTIALS_FILE" :
		    "AWS_CONFIG_FILE");
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

/* Where a file is: a heap string. */
static char *
find_path(const struct env *env, const char *variable, const char *fallback,
    struct err *err)
{
	const char *named = env_value(env, variable);
	struct buf path;
	char *result = NULL;

	buf_init(&path, LIMIT_INI_LINE);
	expand_path(env, named != NULL ? named : fallback, &path);
	if (buf_check(&path, variable, err) == 0 &&
	    (result = buf_take(&path)) == NULL)
		err_memory(err);
	buf_clear(&path);
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
		    strcmp(s->name.p, "default") == 0);
	}
	for (i = 0; strong && i < files->section_count; i++) {
		struct section *s = &files->sections[i];

		if (s->kind == SECTION_PROFILE && !s->credentials && !s->strong)
			s->kind = SECTION_IGNORED;
	}
}

struct place {
	enum section_kind kind;
	bool credentials;
	const char *name;
	const char *key;
	const char *sub;
};

static int
compare_place(const struct row *row, const struct place *place)
{
	int c;

	if (row->kind != place->kind)
		return row->kind < place->kind ? -1 : 1;
	if (row->credentials != place->credentials)
		return row->credentials ? 1 : -1;
	if ((c = strcmp(row->name, place->name)) != 0 ||
	    (c = strcmp(row->key.p, place->key)) != 0)
		return c;
	return strcmp(row->sub.p, place->sub);
}

static int
compare_rows(const void *pa, const void *pb)
{
	const struct row *a = pa, *b = pb;
	struct place place = { b->kind, b->credentials, b->name, b->key.p,
	    b->sub.p };
	int c = compare_place(a, &place);

	if (c != 0)
		return c;
	return a->order < b->order ? -1 : a->order > b->order;
}

/* Sorted by name, first appearance first. */
static int
compare_sections(const void *pa, const void *pb)
{
	const struct section *a = *(const struct section *const *)pa;
	const struct section *b = *(const struct section *const *)pb;
	int c = strcmp(a->name.p, b->name.p);

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

	if ((found = grown(NULL, 0, files->section_count, sizeof(void *),
	    err)) == NULL)
		return -1;
	for (i = 0; i < files->section_count; i++) {
		if (files->sections[i].kind == SECTION_PROFILE)
			found[n++] = &files->sections[i];
	}
	qsort(found, n, sizeof *found, compare_sections);
	for (i = 0; i < n; i++) {
		if (i == 0 || strcmp(found[i]->name.p,
		    found[i - 1]->name.p) != 0)
			found[unique++] = found[i];
	}
	qsort(found, unique, sizeof *found, compare_pointers);
	if ((files->names = grown(NULL, 0, unique, sizeof *files->names,
	    err)) == NULL) {
		free(found);
		return -1;
	}
	for (i = 0; i < unique; i++)
		files->names[i] = found[i]->name.p;
	files->name_count = unique;
	free(found);
	return 0;
}

/* Both files are in the arena: make it fit to be looked up. */
static int
settle(struct profile_files *files, struct err *err)
{
	size_t i;

	for (i = 0; i < files->section_count; i++)
		point(files, &files->sections[i].name);
	drop_weak_default(files);
	for (i = 0; i < files->row_count; i++) {
		struct row *row = &files->rows[i];
		const struct section *s = &files->sections[row->section];

		point(files, &row->key);
		point(files, &row->sub);
		point(files, &row->value);
		row->kind = s->kind;
		row->name = s->name.p;
		row->credentials = s->credentials;
	}
	if (files->row_count > 0)
		qsort(files->rows, files->row_count, sizeof *files->rows,
		    compare_rows);
	return list_names(files, err);
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
	if ((files->paths[0] = find_path(env, "AWS_CONFIG_FILE",
	    "~/.aws/config", err)) == NULL ||
	    (files->paths[1] = find_path(env, "AWS_SHARED_CREDENTIALS_FILE",
	    "~/.aws/credentials", err)) == NULL ||
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

/* The last row of that place: the later key wins. */
static struct profile_value
look_up(const struct profile_files *files, const struct place *place)
{
	struct profile_value value = { 0 };
	size_t low = 0, high = files->row_count;
	const struct row *row;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (compare_place(&files->rows[middle], place) <= 0)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == 0)
		return value;
	row = &files->rows[low - 1];
	if (compare_place(row, place) != 0 || row->value.p[0] == '\0')
		return value;
	value.text = row->value.p;
	value.file = files->paths[row->credentials];
	value.line = row->line;
	value.from_credentials = row->credentials;
	return value;
}

struct profile_value
profile_get_in(const struct profile_files *files, bool credentials,
    const char *profile, const char *key, const char *sub)
{
	struct place place = { SECTION_PROFILE, credentials, profile, key,
	    sub == NULL ? "" : sub };

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
	struct place place = { section_kind_of(span_of(kind)), false, name,
	    key, sub == NULL ? "" : sub };

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
			return s->name.p;
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
