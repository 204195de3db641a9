#include "cache/config_write.h"

#include <string.h>

#include "base/buf.h"
#include "base/limits.h"
#include "cache/config_catalog.h"
#include "cache/config_file.h"
#include "cache/config_schema.h"
#include "sys/lock.h"

#define LOCK_MS 5000

/* The usual place is ours to make. */
static int
make_directory(const struct config_write *write, struct err *err)
{
	const char *slash = strrchr(write->path, '/');
	struct file_root root = { .fd = -1 };
	struct buf directory;
	int result;

	if (write->named || slash == NULL || slash == write->path)
		return 0;
	buf_init(&directory, LIMIT_STATE_FILE);
	buf_add(&directory, write->path, (size_t)(slash - write->path));
	result = buf_check(&directory, "the path", err);
	if (result == 0)
		result = file_root_open(&root, buf_string(&directory), err);
	file_root_close(&root);
	buf_clear(&directory);
	return result;
}

/* One after the other on the text. */
static int
edit_all(const struct config_write *write, struct buf *text, struct err *err)
{
	struct buf next;
	int result = 0;
	bool found;
	size_t i;

	for (i = 0; i < write->count && result == 0; i++) {
		const struct config_change *change = &write->changes[i];
		struct config_edit edit = { .text = buf_view(text),
			.path = write->path, .place = write->place,
			.key = change->key };

		buf_init(&next, LIMIT_SETTINGS_FILE);
		result = change->unset ?
		    config_edit_unset(&edit, &found, &next, err) :
		    config_edit_set(&edit, change->value, &next, err);
		buf_clear(text);
		*text = next;
	}
	return result;
}

/* What the next command would say of it. */
static int
check(const struct config_write *write, const struct buf *text,
    struct err *err)
{
	struct config_catalog catalog = { 0 };
	struct config_file file = { 0 };
	int result = config_file_parse(&file, buf_view(text), write->path,
	    err);

	if (result == 0)
		result = config_catalog_read(&catalog, &file, write->path,
		    err);
	config_catalog_clear(&catalog);
	config_file_clear(&file);
	return result;
}

void
config_write_backup(const char *path, int schema, struct buf *out)
{
	buf_addf(out, "%s.schema-%d.bak", path, schema);
}

static int
keep_former(const struct config_write *write, const struct buf *before,
    int schema, struct err *err)
{
	struct buf path;
	int result;

	buf_init(&path, LIMIT_STATE_FILE);
	config_write_backup(write->path, schema, &path);
	result = buf_check(&path, "the path of the former settings", err);
	if (result == 0)
		result = file_replace(buf_string(&path), buf_view(before),
		    false, err);
	buf_clear(&path);
	return result;
}

static int
change_file(const struct config_write *write, struct config_written *done,
    struct err *err)
{
	struct buf before, text;
	int result;

	buf_init(&before, LIMIT_SETTINGS_FILE);
	buf_init(&text, LIMIT_SETTINGS_FILE);
	result = config_file_text(write->path, false, &before, err);
	if (result < 0)
		goto out;
	buf_add_span(&text, buf_view(&before));
	if ((result = buf_check(&text, "the settings", err)) != 0 ||
	    (result = config_schema_upgrade(&text, write->path, &done->schema,
	    err)) != 0 ||
	    (result = edit_all(write, &text, err)) != 0 ||
	    (result = check(write, &text, err)) != 0)
		goto out;
	done->changed = !span_equal(buf_view(&before), buf_view(&text));
	if (done->schema < CONFIG_SCHEMA)
		result = keep_former(write, &before, done->schema, err);
	if (result == 0 && done->changed)
		result = file_replace(write->path, buf_view(&text), false,
		    err);
out:
	buf_clear(&before);
	buf_clear(&text);
	return result;
}

int
config_write(const struct config_write *write,
    struct config_written *done, struct err *err)
{
	struct lock lock = LOCK_INIT;
	int result = make_directory(write, err);

	done->changed = false;
	done->schema = CONFIG_SCHEMA;
	if (result == 0 && write->state->fd != -1)
		switch (lock_wait(&lock, write->state, "locks/settings",
		    write->clock, LOCK_MS, err)) {
		case LOCK_HELD:
			break;
		case LOCK_BUSY:
			result = err_set(err, ERR_INTERNAL, "cannot change "
			    "the settings '%s': another teamcache has been "
			    "changing them for %d s", write->path,
			    LOCK_MS / 1000);
			break;
		case LOCK_ERROR:
			result = -1;
		}
	if (result == 0)
		result = change_file(write, done, err);
	lock_release(&lock);
	return result;
}
