#include "cache/config_schema.h"

#include <string.h>

#include "base/limits.h"
#include "base/num.h"

/* The largest number that may stand there. */
#define SCHEMA_MAX 9999

/* Names that went, and the last schema that had them. */
static const struct {
	int last;
	const char *was, *is;
} renamed[] = {
	{ 0, "s3_bucket", "bucket" },
	{ 0, "s3_region", "region" },
	{ 0, "s3_prefix", "prefix" },
	{ 0, "cache_ttl", "ttl" },
};

#define RENAMED (sizeof renamed / sizeof renamed[0])

static bool
is_schema(const struct ini_entry *entry)
{
	return span_is(entry->section, "default") && entry->sub.n == 0 &&
	    span_is(entry->key, "schema");
}

/* What a former name became, and the last schema that had it; NULL: it is no
 * former one. A type's names are its own. */
static const char *
present_name(const struct ini_entry *entry, int *last)
{
	size_t i;

	if (span_starts(entry->section, "type") || entry->sub.n > 0)
		return NULL;
	for (i = 0; i < RENAMED; i++)
		if (span_is(entry->key, renamed[i].was)) {
			*last = renamed[i].last;
			return renamed[i].is;
		}
	return NULL;
}

static int
read_number(const struct ini_entry *entry, const char *path, int *schema,
    struct err *err)
{
	uint64_t number;

	if (!num_parse(entry->value, SCHEMA_MAX, &number))
		return err_set(err, ERR_USAGE, "'%s' line %u: schema cannot "
		    "be '%.*s': want a number", path, entry->line,
		    entry->value.n < LIMIT_QUOTE ? (int)entry->value.n :
		    LIMIT_QUOTE, entry->value.p);
	if (number > CONFIG_SCHEMA) {
		err_set(err, ERR_USAGE, "'%s' line %u: the settings are of "
		    "schema %d, and this teamcache knows none above %d", path,
		    entry->line, (int)number, CONFIG_SCHEMA);
		err_hint(err, "install a newer teamcache, or name another "
		    "file with --config");
		return -1;
	}
	*schema = (int)number;
	return 0;
}

static int
find_schema(const struct ini *ini, const char *path, int *schema,
    struct err *err)
{
	bool said = false;
	int last;
	size_t i;

	*schema = CONFIG_SCHEMA;
	for (i = 0; i < ini->count; i++) {
		const struct ini_entry *entry = &ini->entries[i];

		if (is_schema(entry)) {
			if (read_number(entry, path, schema, err) != 0)
				return -1;
			said = true;
		} else if (!said && present_name(entry, &last) != NULL &&
		    last < *schema) {
			*schema = last;
		}
	}
	return 0;
}

/* One line with another name, or another number. */
static void
put_line(const struct ini_entry *entry, struct span line, struct buf *out)
{
	int last;
	const char *name = present_name(entry, &last);
	size_t begin = 0, end;

	if (name == NULL && !is_schema(entry)) {
		buf_add_span(out, line);
		return;
	}
	while (name == NULL && line.p[begin] != '=' && line.p[begin] != ':')
		begin++;
	begin += name == NULL;
	while (line.p[begin] == ' ' || line.p[begin] == '\t')
		begin++;
	end = begin + (name != NULL ? entry->key.n : entry->value.n);
	buf_add(out, line.p, begin);
	if (name != NULL)
		buf_add_string(out, name);
	else
		buf_addf(out, "%d", CONFIG_SCHEMA);
	buf_add(out, line.p + end, line.n - end);
}

static void
put_present(const struct ini *ini, struct span text, struct buf *out)
{
	struct span line, rest = text;
	unsigned number = 1;
	size_t i = 0;

	for (; rest.n > 0; number++) {
		const char *lf = memchr(rest.p, '\n', rest.n);

		line = span_make(rest.p, lf == NULL ? rest.n :
		    (size_t)(lf - rest.p) + 1);
		rest = span_make(rest.p + line.n, rest.n - line.n);
		while (i < ini->count && ini->entries[i].line < number)
			i++;
		if (i < ini->count && ini->entries[i].line == number)
			put_line(&ini->entries[i], line, out);
		else
			buf_add_span(out, line);
	}
}

/* The ini is the text's; *present is filled when the text is of an older
 * schema. */
static int
read_text(struct ini *ini, struct span text, const char *path,
    struct buf *present, int *schema, struct err *err)
{
	if (ini_parse(ini, text, path, INI_INLINE_COMMENTS, err) != 0)
		return -1;
	if (find_schema(ini, path, schema, err) != 0)
		return -1;
	if (*schema == CONFIG_SCHEMA)
		return 0;
	put_present(ini, text, present);
	return buf_check(present, "the settings file", err);
}

int
config_schema_parse(struct ini *ini, struct span text, const char *path,
    int *schema, struct err *err)
{
	struct buf present;
	int result;

	buf_init(&present, LIMIT_SETTINGS_FILE);
	result = read_text(ini, text, path, &present, schema, err);
	if (result == 0 && *schema < CONFIG_SCHEMA) {
		ini_clear(ini);
		result = ini_parse(ini, buf_view(&present), path,
		    INI_INLINE_COMMENTS, err);
	}
	buf_clear(&present);
	return result;
}

int
config_schema_upgrade(struct buf *text, const char *path, int *schema,
    struct err *err)
{
	struct buf present;
	struct ini ini;
	int result;

	buf_init(&present, LIMIT_SETTINGS_FILE);
	result = read_text(&ini, buf_view(text), path, &present, schema, err);
	if (result == 0 && *schema < CONFIG_SCHEMA) {
		buf_clear(text);
		*text = present;
		buf_init(&present, LIMIT_SETTINGS_FILE);
	}
	ini_clear(&ini);
	buf_clear(&present);
	return result;
}
