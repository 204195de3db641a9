#include "creds/token_file.h"

#include <string.h>

#include "base/date.h"
#include "base/limits.h"

enum file_found
token_file_read(struct token_file *file, const char *path, struct err *err)
{
	enum file_found found;

	token_file_clear(file);
	buf_init_secret(&file->text, LIMIT_TOKEN_FILE);
	found = file_read(path, &file->text, err);
	if (found != FILE_READ)
		return found;
	if (json_parse(&file->json, span_trim(buf_view(&file->text)), 0,
	    err) != 0) {
		err_context(err, "'%s' is not JSON", path);
		return FILE_ERROR;
	}
	if (json_type(&file->json, 0) != JSON_OBJECT) {
		err_set(err, ERR_CREDENTIALS, "'%s' is not a JSON object",
		    path);
		return FILE_ERROR;
	}
	return FILE_READ;
}

void
token_file_clear(struct token_file *file)
{
	json_clear(&file->json);
	buf_clear(&file->text);
}

bool
token_file_text(const struct token_file *file, const char *name,
    struct secret *out)
{
	struct err ignored = { 0 };
	struct buf text;
	bool found;

	buf_init_secret(&text, LIMIT_TOKEN_FILE);
	found = json_string(&file->json, json_member(&file->json, 0, name),
	    &text) && text.n > 0 && strlen(buf_string(&text)) == text.n &&
	    secret_set(out, buf_view(&text), &ignored) == 0;
	buf_clear(&text);
	return found;
}

bool
token_file_time(const struct token_file *file, const char *name,
    int64_t *seconds)
{
	char text[64];

	return json_string_copy(&file->json, json_member(&file->json, 0,
	    name), text, sizeof text) &&
	    date_parse_rfc3339(span_of(text), seconds);
}

/* The change of that name, or count. */
static size_t
find_change(const struct token_file_change *changes, size_t count,
    struct span name)
{
	size_t i;

	for (i = 0; i < count && !span_is(name, changes[i].name); i++)
		;
	return i;
}

static void
add_member(struct buf *out, struct span name, struct span value)
{
	buf_add_string(out, out->n > 1 ? ", \"" : "\"");
	buf_add_span(out, name);
	buf_add_string(out, "\": ");
	buf_add_span(out, value);
}

int
token_file_write(const struct token_file *file, const char *path,
    const struct token_file_change *changes, size_t count, struct err *err)
{
	const struct json *j = &file->json;
	struct buf text;
	json_value v;
	int result = -1;
	size_t i;

	buf_init_secret(&text, LIMIT_TOKEN_FILE);
	buf_add_char(&text, '{');
	for (v = json_first(j, 0); v != JSON_NONE; v = json_next(j, v)) {
		i = find_change(changes, count, json_name(j, v));
		add_member(&text, json_name(j, v), i < count ?
		    changes[i].value : json_raw(j, v));
	}
	for (i = 0; i < count; i++) {
		if (json_member(j, 0, changes[i].name) == JSON_NONE)
			add_member(&text, span_of(changes[i].name),
			    changes[i].value);
	}
	buf_add_string(&text, "}");
	if (buf_check(&text, "the token file", err) == 0)
		result = file_replace(path, buf_view(&text), false, err);
	buf_clear(&text);
	return result;
}
