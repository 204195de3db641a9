#include "cache/config_edit.h"

#include <string.h>

/* The lines of one key, its continuations with it; or where one would go. */
struct stretch {
	bool found;
	size_t begin, end;	/* bytes of the text; end is behind the LF */
	struct span value;	/* as it was read */
};

static int
refuse(const struct config_edit *edit, struct err *err)
{
	return err_set(err, ERR_USAGE, "%s cannot have that value in a file: "
	    "it would read back as another one (a blank before '#' or ';' "
	    "begins a comment, and a value is one line)", edit->key);
}

static size_t
line_start(struct span text, unsigned line)
{
	const char *at = text.p, *end = text.p + text.n, *lf;

	while (line > 1 && (lf = memchr(at, '\n', (size_t)(end - at))) != NULL) {
		at = lf + 1;
		line--;
	}
	return line > 1 ? text.n : (size_t)(at - text.p);
}

static size_t
line_end(struct span text, size_t at)
{
	const char *lf = memchr(text.p + at, '\n', text.n - at);

	return lf == NULL ? text.n : (size_t)(lf - text.p) + 1;
}

/* The first line below another that holds a key or a header of its own. */
static unsigned
next_own_line(const struct ini *ini, unsigned line)
{
	unsigned next = 0;
	size_t i;

	for (i = 0; i < ini->count; i++)
		if (ini->entries[i].line > line &&
		    (next == 0 || ini->entries[i].line < next))
			next = ini->entries[i].line;
	for (i = 0; i < ini->section_count; i++)
		if (ini->sections[i].line > line &&
		    (next == 0 || ini->sections[i].line < next))
			next = ini->sections[i].line;
	return next;
}

/* Where a key's lines end: between two keys, what is neither empty nor a
 * comment goes on with the first. */
static size_t
stretch_end(const struct ini *ini, struct span text, unsigned line)
{
	unsigned next = next_own_line(ini, line);
	size_t limit = next == 0 ? text.n : line_start(text, next);
	size_t at = line_end(text, line_start(text, line)), end = at, to;

	for (; at < limit; at = to) {
		struct span s;

		to = line_end(text, at);
		s = span_trim(span_make(text.p + at, to - at));
		if (s.n > 0 && s.p[0] != '#' && s.p[0] != ';')
			end = to;
	}
	return end;
}

static int
key_id(const struct config_edit *edit)
{
	const struct config_spec *spec;

	if (edit->place.section == CONFIG_SECTION_TYPE)
		return strcmp(edit->key, "operation") == 0 ?
		    CONFIG_FILE_OPERATION : CONFIG_FILE_REQUEST;
	spec = config_find(span_of(edit->key), NULL);
	return spec == NULL ? -1 : (int)spec->id;
}

/* The key's lines; without it, the end of the section's last key, or of its
 * header. false when there is no such section. */
static bool
look(const struct config_edit *edit, const struct config_file *file,
    struct stretch *out)
{
	const struct config_header *header = config_file_find(file,
	    edit->place.section, edit->place.name);
	const struct config_row *row = NULL, *last = NULL;
	unsigned line;
	size_t i;

	memset(out, 0, sizeof *out);
	if (header == NULL)
		return false;
	for (i = 0; i < file->row_count; i++) {
		if (file->rows[i].header != header)
			continue;
		last = &file->rows[i];
		if (last->id == key_id(edit))
			row = last;
	}
	out->found = row != NULL;
	line = row != NULL ? row->line : last != NULL ? last->line :
	    header->line;
	out->begin = line_start(edit->text, line);
	if (row != NULL || last != NULL)
		out->end = stretch_end(&file->ini, edit->text, line);
	else
		out->end = line_end(edit->text, out->begin);
	if (row != NULL)
		out->value = row->value;
	else
		out->begin = out->end;
	return true;
}

static const char *
line_break(struct span text)
{
	const char *lf = text.n == 0 ? NULL : memchr(text.p, '\n', text.n);

	return lf != NULL && lf > text.p && lf[-1] == '\r' ? "\r\n" : "\n";
}

static void
put_line(const struct config_edit *edit, struct span value, struct buf *out)
{
	buf_add_string(out, edit->key);
	buf_add_string(out, " = ");
	buf_add_span(out, value);
	buf_add_string(out, line_break(edit->text));
}

static void
end_line(const struct config_edit *edit, struct buf *out)
{
	if (out->n > 0 && out->p[out->n - 1] != '\n')
		buf_add_string(out, line_break(edit->text));
}

static void
put_header(const struct config_edit *edit, struct buf *out)
{
	static const char *const words[] = {
		[CONFIG_SECTION_PROFILE] = "profile",
		[CONFIG_SECTION_TYPE] = "type",
	};
	const struct config_edit_place *place = &edit->place;
	const char *quote = "";

	if (place->section == CONFIG_SECTION_DEFAULT) {
		buf_addf(out, "[default]%s", line_break(edit->text));
		return;
	}
	if (memchr(place->name.p, ' ', place->name.n) != NULL ||
	    memchr(place->name.p, '\t', place->name.n) != NULL)
		quote = "\"";
	buf_addf(out, "[%s %s%.*s%s]%s", words[place->section], quote,
	    (int)place->name.n, place->name.p, quote,
	    line_break(edit->text));
}

/* Where the value begins in "key = value": behind the first '=' or ':'. */
static size_t
value_start(struct span line)
{
	size_t i = 0;

	while (i < line.n && line.p[i] != '=' && line.p[i] != ':')
		i++;
	if (i < line.n)
		i++;
	while (i < line.n && (line.p[i] == ' ' || line.p[i] == '\t') &&
	    !(i > 0 && line.p[i - 1] == ' '))
		i++;
	return i;
}

/* A comment behind the value stays in its column where there is room. */
static void
put_tail(struct span tail, size_t was, size_t is, struct buf *out)
{
	size_t blanks = 0, want;

	while (blanks < tail.n && tail.p[blanks] == ' ')
		blanks++;
	if (blanks == 0 || blanks == tail.n) {
		buf_add_span(out, tail);
		return;
	}
	want = was + blanks > is ? was + blanks - is : 1;
	while (want-- > 0)
		buf_add_char(out, ' ');
	buf_add(out, tail.p + blanks, tail.n - blanks);
}

static void
put_change(const struct config_edit *edit, const struct stretch *at,
    struct span value, struct buf *out)
{
	size_t first = line_end(edit->text, at->begin);
	struct span line = span_make(edit->text.p + at->begin,
	    first - at->begin);
	size_t start = value_start(line);

	/* What was several lines becomes one. */
	if (first < at->end) {
		buf_add(out, line.p, start);
		buf_add_span(out, value);
		buf_add_string(out, line_break(edit->text));
		return;
	}
	while (at->value.n > 0 && (line.p[start] == ' ' ||
	    line.p[start] == '\t'))
		start++;
	buf_add(out, line.p, start);
	buf_add_span(out, value);
	put_tail(span_make(line.p + start + at->value.n,
	    line.n - start - at->value.n), at->value.n, value.n, out);
}

/* Does the new text parse, and say the value (NULL: that there is none)? */
static int
verify(const struct config_edit *edit, const struct span *value,
    const struct buf *out, struct err *err)
{
	struct config_edit again = *edit;
	struct config_file file = { 0 };
	struct stretch at;
	int result;

	if (buf_check(out, "the settings file", err) != 0)
		return -1;
	again.text = buf_view(out);
	result = config_file_parse(&file, again.text, edit->path, err);
	if (result == 0) {
		bool there = look(&again, &file, &at) && at.found;

		if (there != (value != NULL) ||
		    (there && !span_equal(at.value, *value)))
			result = refuse(edit, err);
	}
	config_file_clear(&file);
	return result;
}

int
config_edit_set(const struct config_edit *edit, struct span value,
    struct buf *out, struct err *err)
{
	struct span text = edit->text;
	struct config_file file = { 0 };
	struct stretch at;
	int result = config_file_parse(&file, text, edit->path, err);

	if (result == 0 && (memchr(value.p, '\n', value.n) != NULL ||
	    !span_equal(span_trim(value), value)))
		result = refuse(edit, err);
	if (result != 0)
		goto out;
	if (!look(edit, &file, &at)) {
		buf_add_span(out, text);
		end_line(edit, out);
		if (out->n > 0)
			buf_add_string(out, line_break(text));
		put_header(edit, out);
		put_line(edit, value, out);
	} else {
		buf_add(out, text.p, at.begin);
		if (at.found) {
			put_change(edit, &at, value, out);
		} else {
			end_line(edit, out);
			put_line(edit, value, out);
		}
		buf_add(out, text.p + at.end, text.n - at.end);
	}
	result = verify(edit, &value, out, err);
out:
	config_file_clear(&file);
	return result;
}

/* A header that has nothing below it any more says nothing of a profile, but
 * of a type it says that a definition is missing. One that stands apart from
 * its key (the section stands twice) has others' lines in between. */
static void
drop_header(const struct config_edit *edit, const struct config_file *file,
    struct stretch *at)
{
	const struct config_header *header = config_file_find(file,
	    edit->place.section, edit->place.name);
	unsigned line = 0;
	size_t i, keys = 0;

	for (i = 0; i < file->row_count; i++) {
		if (file->rows[i].header != header)
			continue;
		line = file->rows[i].line;
		keys++;
	}
	if (edit->place.section == CONFIG_SECTION_TYPE && keys == 1 &&
	    next_own_line(&file->ini, header->line) == line)
		at->begin = line_start(edit->text, header->line);
}

int
config_edit_unset(const struct config_edit *edit, bool *found,
    struct buf *out, struct err *err)
{
	struct span text = edit->text;
	struct config_file file = { 0 };
	struct stretch at;
	int result = config_file_parse(&file, text, edit->path, err);

	if (result != 0)
		goto out;
	*found = look(edit, &file, &at) && at.found;
	if (*found) {
		drop_header(edit, &file, &at);
		buf_add(out, text.p, at.begin);
		buf_add(out, text.p + at.end, text.n - at.end);
	} else {
		buf_add_span(out, text);
	}
	result = verify(edit, NULL, out, err);
out:
	config_file_clear(&file);
	return result;
}
