#include "cache/config_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/limits.h"
#include "cache/config_schema.h"
#include "cache/key.h"
#include "cache/purchase.h"
#include "codec/json.h"
#include "sys/file.h"
#include "sys/interrupt.h"

/* Where it is, in front of the message. */
static int
context(const char *path, unsigned line, struct err *err)
{
	err_context(err, "'%s' line %u", path, line);
	return -1;
}

static int
shown(struct span s)
{
	return s.n < LIMIT_QUOTE ? (int)s.n : LIMIT_QUOTE;
}

/*
 * Whoever may write it decides where money is spent. Devices and pipes
 * (--config /dev/null) have no such owner; nobody has them at the default
 * place, where a pipe would be waited for by every command.
 */
static int
check_access(int fd, const char *path, bool named, struct err *err)
{
	struct stat st;

	if (fstat(fd, &st) != 0)
		return err_system(err, errno, "cannot look at", path);
	if (S_ISDIR(st.st_mode))
		return err_set(err, ERR_USAGE, "cannot read the settings "
		    "'%s': it is a directory", path);
	if (!S_ISREG(st.st_mode) && named)
		return 0;
	if (!S_ISREG(st.st_mode))
		return err_set(err, ERR_USAGE, "refusing the settings '%s': "
		    "not a regular file", path);
	if (st.st_size > (off_t)LIMIT_SETTINGS_FILE)
		return err_set(err, ERR_USAGE, "the settings '%s' are larger "
		    "than %zu bytes", path, LIMIT_SETTINGS_FILE);
	if ((st.st_mode & S_IWOTH) != 0) {
		err_set(err, ERR_USAGE, "refusing the settings '%s': everybody "
		    "may write to it (mode %04o)", path,
		    (unsigned)st.st_mode & 07777);
		err_hint(err, "chmod o-w '%s'", path);
		return -1;
	}
	if (!named && st.st_uid != geteuid() && st.st_uid != 0) {
		err_set(err, ERR_USAGE, "refusing the settings '%s': the file "
		    "belongs to user %lu and this is user %lu", path,
		    (unsigned long)st.st_uid, (unsigned long)geteuid());
		err_hint(err, "chown %lu '%s', or name it with --config",
		    (unsigned long)geteuid(), path);
		return -1;
	}
	return 0;
}

/*
 * Is there no file? A home that we may not look into (a container that runs
 * as another user) has no settings for us; a file that we see and may not
 * read has.
 */
static bool
absent(int errnum, const char *path)
{
	struct stat st;

	if (errnum == ENOENT || errnum == ENOTDIR)
		return true;
	return errnum == EACCES && stat(path, &st) != 0 && errno == EACCES;
}

int
config_file_text(const char *path, bool named, struct buf *out, struct err *err)
{
	int fd, result = -1, wait = named ? 0 : O_NONBLOCK;

	do {
		fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | wait);
	} while (fd < 0 && errno == EINTR && interrupt_count() == 0);
	if (fd < 0 && errno == EINTR)
		return err_set(err, interrupt_class(), "interrupted before "
		    "the settings '%s' could be read", path);
	if (fd < 0) {
		if (!named && absent(errno, path))
			return 0;
		return err_set(err, ERR_USAGE, "cannot read the settings "
		    "'%s': %s", path, strerror(errno));
	}
	if (check_access(fd, path, named, err) == 0 &&
	    file_read_fd(fd, out, path, err) == 0)
		result = 1;
	/* A pipe's size is not known before. */
	if (result < 0 && err->class == ERR_DATA)
		err->class = ERR_USAGE;
	/* It was only read: close has nothing to lose. */
	(void)close(fd);
	return result;
}

/* [WORD NAME]: what is behind the word; false when it is another one. */
static bool
take_word(struct span inside, const char *word, struct span *name)
{
	size_t n = strlen(word);

	if (!span_starts(inside, word) || inside.n == n ||
	    (inside.p[n] != ' ' && inside.p[n] != '\t'))
		return false;
	*name = span_trim(span_make(inside.p + n, inside.n - n));
	return true;
}

/* "MY NAME" and 'MY NAME' without the quotes; bare words as they are. */
static bool
unquote(struct span *name)
{
	char first = name->p[0];
	size_t i;

	if (first == '"' || first == '\'') {
		if (name->n < 3 || name->p[name->n - 1] != first)
			return false;
		*name = span_make(name->p + 1, name->n - 2);
		return memchr(name->p, first, name->n) == NULL;
	}
	for (i = 0; i < name->n; i++)
		if (name->p[i] == ' ' || name->p[i] == '\t')
			return false;
	return true;
}

static bool
built_in(struct span type)
{
	size_t i;

	for (i = 0; purchase_built_in(i) != NULL; i++)
		if (span_is(type, purchase_built_in(i)))
			return true;
	return false;
}

static int
read_header(struct span inside, struct config_header *header,
    struct err *err)
{
	struct span name = { 0 };

	if (span_is(inside, "default")) {
		header->section = CONFIG_SECTION_DEFAULT;
		return 0;
	}
	header->name = span_make(NULL, 0);
	if (take_word(inside, "profile", &name)) {
		header->section = CONFIG_SECTION_PROFILE;
		if (!unquote(&name))
			return err_set(err, ERR_USAGE, "in [%.*s], quote the "
			    "name: [profile \"MY NAME\"]", shown(inside),
			    inside.p);
		if (span_is(name, "default"))
			return err_set(err, ERR_USAGE, "write [default], not "
			    "[%.*s]", shown(inside), inside.p);
	} else if (take_word(inside, "type", &name)) {
		header->section = CONFIG_SECTION_TYPE;
		if (!key_type_valid(name))
			return err_set(err, ERR_USAGE, "'%.*s' cannot name a "
			    "type: want 1 to 64 of a-z, 0-9 and '-', not '-' "
			    "first", shown(name), name.p);
		if (built_in(name))
			return err_set(err, ERR_USAGE, "the type '%.*s' is "
			    "built in; give yours another name", shown(name),
			    name.p);
	} else {
		err_set(err, ERR_USAGE, "unknown section [%.*s]; sections "
		    "are [default], [profile NAME] and [type NAME]",
		    shown(inside), inside.p);
		if (span_is_nocase(inside, "default"))
			err_hint(err, "did you mean [default]?");
		else if (memchr(inside.p, ' ', inside.n) == NULL &&
		    !span_is(inside, "profile") && !span_is(inside, "type"))
			err_hint(err, "did you mean [profile %.*s]?",
			    shown(inside), inside.p);
		return -1;
	}
	header->name = name;
	return 0;
}

static int
compare_names(const void *a, const void *b)
{
	const struct config_header *x = a, *y = b;
	int c = (int)x->section - (int)y->section;

	return c != 0 ? c : span_compare(x->name, y->name);
}

static int
compare_headers(const void *a, const void *b)
{
	const struct config_header *x = a, *y = b;
	int c = compare_names(a, b);

	return c != 0 ? c : x->line < y->line ? -1 : x->line > y->line;
}

static int
unknown_key(struct span key, enum config_section section, struct err *err)
{
	const struct config_spec *nearest = NULL;

	if (section == CONFIG_SECTION_TYPE)
		return err_set(err, ERR_USAGE, "unknown key '%.*s'; a type "
		    "has 'operation' and 'request'", shown(key), key.p);
	(void)config_find(key, &nearest);
	err_set(err, ERR_USAGE, "unknown setting '%.*s'%s%s%s", shown(key),
	    key.p, nearest == NULL ? "" : "; did you mean '",
	    nearest == NULL ? "" : nearest->name,
	    nearest == NULL ? "" : "'?");
	return -1;
}

/* The operation goes into a header and, with the request, costs money: names
 * of reading operations only. */
static int
check_operation(struct span value, struct err *err)
{
	size_t i;

	for (i = 0; i < value.n; i++) {
		char c = value.p[i];

		if (!(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z'))
			break;
	}
	if (i == value.n && value.n < 64 &&
	    (span_starts(value, "Get") || span_starts(value, "List")))
		return 0;
	return err_set(err, ERR_USAGE, "operation cannot be '%.*s': want a "
	    "reading operation of Cost Explorer, like GetCostAndUsage",
	    shown(value), value.p);
}

static int
check_request(struct span value, struct err *err)
{
	struct err why = { 0 };
	struct json json = { 0 };
	int result = 0;

	if (json_parse(&json, value, JSON_UNIQUE_KEYS, &why) != 0)
		result = why.class == ERR_INTERNAL ? err_memory(err) :
		    err_set(err, ERR_USAGE, "request is not JSON: %s",
		    why.message);
	else if (json_type(&json, 0) != JSON_OBJECT)
		result = err_set(err, ERR_USAGE,
		    "request is not a JSON object");
	json_clear(&json);
	return result;
}

static int
read_row(const struct ini_entry *entry, struct config_row *row,
    struct err *err)
{
	enum config_section section = row->header->section;
	const struct config_spec *spec;

	row->value = entry->value;
	row->line = entry->line;
	if (entry->sub.n > 0)
		return err_set(err, ERR_USAGE, "an indented line goes on with "
		    "the value above, and '%.*s' has none", shown(entry->key),
		    entry->key.p);
	if (section == CONFIG_SECTION_TYPE) {
		row->id = CONFIG_FILE_OPERATION;
		if (span_is(entry->key, "operation"))
			return check_operation(entry->value, err);
		row->id = CONFIG_FILE_REQUEST;
		if (span_is(entry->key, "request"))
			return check_request(entry->value, err);
		return unknown_key(entry->key, section, err);
	}
	if (section == CONFIG_SECTION_DEFAULT &&
	    span_is(entry->key, "schema")) {
		row->id = CONFIG_FILE_SCHEMA;
		return 0;
	}
	if ((spec = config_find(entry->key, NULL)) == NULL)
		return unknown_key(entry->key, section, err);
	row->id = (int)spec->id;
	if (entry->value.n == 0)
		return 0;
	if (memchr(entry->value.p, '\n', entry->value.n) != NULL)
		return err_set(err, ERR_USAGE, "the indented line below goes "
		    "on with the value of %s; begin it in the first column",
		    spec->name);
	return config_check(spec, entry->value, NULL, err);
}

/* Sections that stand twice are one: sorted, of equals the first is kept. */
static int
read_headers(struct config_file *file, const char *path, struct err *err)
{
	size_t i, n = 0, count = file->ini.section_count;
	struct config_header *headers = calloc(count + 1, sizeof *headers);

	if ((file->headers = headers) == NULL)
		return err_memory(err);
	for (i = 0; i < count; i++) {
		headers[i].line = file->ini.sections[i].line;
		if (read_header(file->ini.sections[i].name, &headers[i],
		    err) != 0)
			return context(path, headers[i].line, err);
	}
	qsort(headers, count, sizeof *headers, compare_headers);
	for (i = 0; i < count; i++)
		if (n == 0 || compare_names(&headers[n - 1], &headers[i]) != 0)
			headers[n++] = headers[i];
	file->header_count = n;
	return 0;
}

struct config_header *
config_file_find(const struct config_file *file, enum config_section section,
    struct span name)
{
	struct config_header wanted = { section, name, 0, 0 };

	if (file->header_count == 0)
		return NULL;
	return bsearch(&wanted, file->headers, file->header_count,
	    sizeof *file->headers, compare_names);
}

/* The kept section of an entry, whose name was found good before. */
static struct config_header *
header_of(const struct config_file *file, struct span inside,
    struct err *err)
{
	struct config_header wanted = { 0 };

	if (read_header(inside, &wanted, err) != 0)
		return NULL;
	return config_file_find(file, wanted.section, wanted.name);
}

static int
check_once(const struct config_file *file, const struct config_row *row,
    struct config_header *header, struct span key, struct err *err)
{
	uint64_t bit = (uint64_t)1 << row->id;
	size_t i = 0;

	if ((header->keys & bit) == 0) {
		header->keys |= bit;
		return 0;
	}
	while (file->rows[i].header != header || file->rows[i].id != row->id)
		i++;
	return err_set(err, ERR_USAGE, "'%.*s' was set in line %u already",
	    shown(key), key.p, file->rows[i].line);
}

static int
read_rows(struct config_file *file, const char *path, struct err *err)
{
	const struct ini *ini = &file->ini;
	struct config_header *header = NULL;
	size_t i;

	file->rows = calloc(ini->count + 1, sizeof *file->rows);
	if (file->rows == NULL)
		return err_memory(err);
	for (i = 0; i < ini->count; i++) {
		const struct ini_entry *entry = &ini->entries[i];
		struct config_row *row = &file->rows[i];

		if (i == 0 || entry->section.p != ini->entries[i - 1].section.p)
			header = header_of(file, entry->section, err);
		if (header == NULL)
			return -1;
		row->header = header;
		if (read_row(entry, row, err) != 0 ||
		    check_once(file, row, header, entry->key, err) != 0)
			return context(path, entry->line, err);
		file->row_count++;
	}
	return 0;
}

int
config_file_parse(struct config_file *file, struct span text,
    const char *path, struct err *err)
{
	memset(file, 0, sizeof *file);
	if (config_schema_parse(&file->ini, text, path, &file->schema,
	    err) != 0 ||
	    read_headers(file, path, err) != 0)
		return -1;
	return read_rows(file, path, err);
}

int
config_file_read(struct config_file *file, const char *path, bool named,
    struct err *err)
{
	struct buf text;
	int result;

	memset(file, 0, sizeof *file);
	buf_init(&text, LIMIT_SETTINGS_FILE);
	result = config_file_text(path, named, &text, err);
	if (result > 0)
		result = config_file_parse(file, buf_view(&text), path, err);
	buf_clear(&text);
	return result;
}

void
config_file_clear(struct config_file *file)
{
	ini_clear(&file->ini);
	free(file->headers);
	free(file->rows);
	memset(file, 0, sizeof *file);
}
