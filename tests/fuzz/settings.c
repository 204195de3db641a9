/*
 * A settings file that can be read can be edited: the key that was set reads
 * back, all others as before, and unsetting it takes only it away. The first
 * line of the input is the value.
 */
#include "fuzz.h"

#include <stdbool.h>

#include "base/limits.h"
#include "cache/config_edit.h"
#include "cache/config_file.h"

static const char *const keys[] = { "ttl", "bucket", "prefix", "team_cache",
	"refreshed_by" };

static bool
same_place(const struct config_row *row, const struct config_edit *edit)
{
	const struct config_header *header = row->header;

	return header->section == edit->place.section &&
	    span_equal(header->name, edit->place.name) &&
	    row->id == (int)config_find(span_of(edit->key), NULL)->id;
}

/* Each row of a is one of b, but for that which was edited. */
static void
check_others(const struct config_file *a, const struct config_file *b,
    const struct config_edit *edit)
{
	size_t i, k;

	for (i = 0; i < a->row_count; i++) {
		const struct config_row *row = &a->rows[i];

		for (k = 0; k < b->row_count; k++)
			if (b->rows[k].id == row->id &&
			    b->rows[k].header->section ==
			    row->header->section &&
			    span_equal(b->rows[k].header->name,
			    row->header->name))
				break;
		if (same_place(row, edit))
			continue;
		must(k < b->row_count);
		must(span_equal(b->rows[k].value, row->value));
	}
}

static void
check_edited(const struct config_file *before, const struct config_edit *edit,
    const struct buf *out, struct config_file *after)
{
	struct err err = { 0 };

	must(config_file_parse(after, buf_view(out), "f", &err) == 0);
	check_others(before, after, edit);
	check_others(after, before, edit);
}

static void
check_edit(const struct config_file *file, struct config_edit *edit,
    struct span value)
{
	struct config_file after = { 0 };
	struct err err = { 0 };
	struct buf out, back;
	bool found = false;

	buf_init(&out, LIMIT_SETTINGS_FILE);
	buf_init(&back, LIMIT_SETTINGS_FILE);
	if (config_edit_set(edit, value, &out, &err) == 0) {
		check_edited(file, edit, &out, &after);
		config_file_clear(&after);
		edit->text = buf_view(&out);
		must(config_edit_unset(edit, &found, &back, &err) == 0);
		must(found);
		check_edited(file, edit, &back, &after);
		config_file_clear(&after);
	} else {
		fuzz_refused(&err);
	}
	buf_clear(&out);
	buf_clear(&back);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span text = fuzz_span(data, size), value, rest;
	struct config_file file = { 0 };
	struct err err = { 0 };
	size_t i;

	if (size > LIMIT_SETTINGS_FILE / 2)
		return 0;
	(void)span_split(text, '\n', &value, &rest);
	if (config_file_parse(&file, rest, "f", &err) != 0) {
		fuzz_refused(&err);
		must(err.class == ERR_USAGE);
		config_file_clear(&file);
		return 0;
	}
	for (i = 0; i < sizeof keys / sizeof keys[0]; i++) {
		struct config_edit edit = { .text = rest, .path = "f",
			.key = keys[i] };

		check_edit(&file, &edit, value);
		edit.text = rest;
		edit.place.section = CONFIG_SECTION_PROFILE;
		edit.place.name = span_of("prod");
		check_edit(&file, &edit, value);
	}
	config_file_clear(&file);
	return 0;
}
