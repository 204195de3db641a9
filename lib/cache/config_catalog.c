#include "cache/config_catalog.h"

#include <stdlib.h>
#include <string.h>

struct config_catalog_type {
	char *name;
	char *operation;
	char *request;
	struct config_type view;
};

static int
compare_lines(const void *a, const void *b)
{
	const struct config_header *const *x = a, *const *y = b;

	return (*x)->line < (*y)->line ? -1 : (*x)->line > (*y)->line;
}

static int
read_type(struct config_catalog *catalog, const struct config_file *file,
    const struct config_header *header, const char *path, struct err *err)
{
	struct config_catalog_type *type =
	    &catalog->types[catalog->type_count++];
	size_t i;

	if ((type->name = span_dup(header->name)) == NULL)
		return err_memory(err);
	for (i = 0; i < file->row_count; i++) {
		const struct config_row *row = &file->rows[i];
		char **to = row->id == CONFIG_FILE_OPERATION ?
		    &type->operation : &type->request;

		if (row->header == header &&
		    (*to = span_dup(row->value)) == NULL)
			return err_memory(err);
	}
	if (type->operation == NULL || type->request == NULL)
		return err_set(err, ERR_USAGE, "'%s' line %u: [type %s] needs "
		    "'%s' too", path, header->line, type->name,
		    type->operation == NULL ? "operation" : "request");
	type->view.operation = type->operation;
	type->view.request = type->request;
	return 0;
}

int
config_catalog_read(struct config_catalog *catalog,
    const struct config_file *file, const char *path, struct err *err)
{
	const struct config_header **found = NULL;
	size_t i, n = 0, room = file->header_count;
	int result = -1;

	if (room == 0)
		return 0;
	found = calloc(room, sizeof(*found));
	catalog->profiles = calloc(room, sizeof *catalog->profiles);
	catalog->types = calloc(room, sizeof *catalog->types);
	if (found == NULL || catalog->profiles == NULL ||
	    catalog->types == NULL) {
		err_memory(err);
		goto out;
	}
	for (i = 0; i < room; i++)
		found[n++] = &file->headers[i];
	qsort(found, n, sizeof(*found), compare_lines);
	for (i = 0; i < n; i++) {
		if (found[i]->section == CONFIG_SECTION_TYPE &&
		    read_type(catalog, file, found[i], path, err) != 0)
			goto out;
		if (found[i]->section != CONFIG_SECTION_PROFILE)
			continue;
		catalog->profiles[catalog->profile_count] =
		    span_dup(found[i]->name);
		if (catalog->profiles[catalog->profile_count] == NULL) {
			err_memory(err);
			goto out;
		}
		catalog->profile_count++;
	}
	result = 0;
out:
	free(found);
	return result;
}

void
config_catalog_clear(struct config_catalog *catalog)
{
	size_t i;

	for (i = 0; i < catalog->profile_count; i++)
		free(catalog->profiles[i]);
	for (i = 0; i < catalog->type_count; i++) {
		free(catalog->types[i].name);
		free(catalog->types[i].operation);
		free(catalog->types[i].request);
	}
	free(catalog->profiles);
	free(catalog->types);
	memset(catalog, 0, sizeof *catalog);
}

const struct config_type *
config_catalog_find(const struct config_catalog *catalog, const char *name)
{
	size_t i;

	for (i = 0; i < catalog->type_count; i++)
		if (strcmp(catalog->types[i].name, name) == 0)
			return &catalog->types[i].view;
	return NULL;
}

const struct config_type *
config_catalog_at(const struct config_catalog *catalog, size_t i)
{
	return i < catalog->type_count ? &catalog->types[i].view : NULL;
}
