#include "codec/ini.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/limits.h"

struct reader {
	struct ini *ini;
	const char *name;
	struct err *err;
	bool inline_comments;
	unsigned line;
	size_t section_room;
	size_t entry_room;
	struct span section;
	size_t indent;		/* of the key that may be continued */
	size_t key;		/* its entry */
	bool key_open;
};

static int
refuse(const struct reader *r, const char *why)
{
	return err_set(r->err, ERR_USAGE, "'%s' line %u: %s", r->name, r->line,
	    why);
}

static int
add_section(struct reader *r, struct span name)
{
	struct ini *ini = r->ini;
	struct ini_section *sections = array_grow(ini->sections, ini->section_count,
	    &r->section_room, sizeof *sections);
	struct ini_section section = { name, r->line };

	if (sections == NULL)
		return err_memory(r->err);
	ini->sections = sections;
	sections[ini->section_count++] = section;
	return 0;
}

static int
add_entry(struct reader *r, struct span key, struct span sub,
    struct span value)
{
	struct ini *ini = r->ini;
	struct ini_entry *entries = array_grow(ini->entries, ini->count,
	    &r->entry_room, sizeof *entries);
	struct ini_entry entry = { r->section, key, sub, value, r->line };

	if (entries == NULL)
		return err_memory(r->err);
	ini->entries = entries;
	entries[ini->count++] = entry;
	return 0;
}

static bool
blank(char c)
{
	return c == ' ' || c == '\t';
}

static bool
starts_comment(struct span s)
{
	return s.n > 0 && (s.p[0] == '#' || s.p[0] == ';');
}

/* s is what follows '=', or a continuation: a comment needs a blank before. */
static struct span
strip_comment(const struct reader *r, struct span s)
{
	size_t i;

	for (i = 1; r->inline_comments && i < s.n; i++)
		if ((s.p[i] == '#' || s.p[i] == ';') && blank(s.p[i - 1])) {
			s.n = i;
			break;
		}
	return span_trim(s);
}

/* Our own copy of the bytes, to write to. */
static char *
writable(const struct reader *r, const char *p)
{
	return r->ini->memory + (p - r->ini->memory);
}

static struct span
lower_key(const struct reader *r, struct span key)
{
	size_t i;

	key = span_trim(key);
	for (i = 0; i < key.n; i++)
		*writable(r, key.p + i) = span_lower(key.p[i]);
	return key;
}

/* "key = value", or "key: value". */
static int
split_line(const struct reader *r, struct span s, struct span *key,
    struct span *value)
{
	struct span before, after;
	bool equals = span_split(s, '=', key, value);

	if (span_split(s, ':', &before, &after) &&
	    (!equals || before.n < key->n)) {
		*key = before;
		*value = after;
	} else if (!equals) {
		return refuse(r, "neither '[section]' nor 'key = value'");
	}
	*key = lower_key(r, *key);
	if (key->n == 0)
		return refuse(r, "no key before '='");
	*value = strip_comment(r, *value);
	return 0;
}

static int
read_section(struct reader *r, struct span s)
{
	struct span name, rest;

	if (!span_split(span_make(s.p + 1, s.n - 1), ']', &name, &rest))
		return refuse(r, "']' is missing");
	name = span_trim(name);
	rest = span_trim(rest);
	if (name.n == 0)
		return refuse(r, "a section needs a name");
	if (rest.n > 0 && !starts_comment(rest))
		return refuse(r, "text behind ']'");
	r->section = name;
	r->key_open = false;
	return add_section(r, name);
}

static int
read_key(struct reader *r, struct span s, size_t indent)
{
	struct span key, value;

	if (r->ini->section_count == 0)
		return refuse(r, "a key before the first [section]");
	if (split_line(r, s, &key, &value) != 0)
		return -1;
	r->key_open = true;
	r->indent = indent;
	r->key = r->ini->count;
	return add_entry(r, key, span_make(NULL, 0), value);
}

static int
read_continuation(struct reader *r, struct span s)
{
	struct ini_entry *entry = &r->ini->entries[r->key];
	struct span sub, value;
	char *to;

	if (entry->value.n == 0) {
		if (split_line(r, s, &sub, &value) != 0)
			return -1;
		return add_entry(r, entry->key, sub, value);
	}
	/* Closed up in place: line end and indentation are at least two. */
	s = strip_comment(r, s);
	to = writable(r, entry->value.p + entry->value.n);
	*to = '\n';
	memmove(to + 1, s.p, s.n);
	entry->value.n += 1 + s.n;
	return 0;
}

static int
check_line(const struct reader *r, struct span s)
{
	size_t i;

	if (s.n > LIMIT_INI_LINE)
		return refuse(r, "the line is too long");
	for (i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if ((c < 0x20 && c != '\t') || c == 0x7f)
			return refuse(r, "a control byte");
	}
	return 0;
}

static int
read_line(struct reader *r, struct span s)
{
	size_t indent = 0;

	if (s.n > 0 && s.p[s.n - 1] == '\r')
		s.n--;
	if (check_line(r, s) != 0)
		return -1;
	while (indent < s.n && blank(s.p[indent]))
		indent++;
	s = span_trim(s);
	if (s.n == 0 || starts_comment(s))
		return 0;
	if (r->key_open && indent > r->indent)
		return read_continuation(r, s);
	if (s.p[0] == '[')
		return read_section(r, s);
	return read_key(r, s, indent);
}

int
ini_parse(struct ini *ini, struct span text, const char *name,
    unsigned flags, struct err *err)
{
	struct reader r = { .ini = ini, .name = name, .err = err };
	struct span rest, line;

	r.inline_comments = (flags & INI_INLINE_COMMENTS) != 0;
	memset(ini, 0, sizeof *ini);
	if ((ini->memory = span_dup(text)) == NULL)
		return err_memory(err);
	ini->size = text.n;
	rest = span_make(ini->memory, text.n);
	if (span_starts(rest, "\xef\xbb\xbf"))
		rest = span_make(rest.p + 3, rest.n - 3);
	while (rest.n > 0) {
		r.line++;
		(void)span_split(rest, '\n', &line, &rest);
		if (read_line(&r, line) != 0) {
			ini_clear(ini);
			return -1;
		}
	}
	return 0;
}

void
ini_clear(struct ini *ini)
{
	if (ini->memory != NULL)
		explicit_bzero(ini->memory, ini->size);
	free(ini->memory);
	free(ini->entries);
	free(ini->sections);
	memset(ini, 0, sizeof *ini);
}
