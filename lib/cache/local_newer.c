#include "cache/local.h"

#include <string.h>
#include <unistd.h>

#include "base/limits.h"
#include "cache/local_head.h"

/* The first line has the CRC of all the others. */
static bool
is_other(const struct local *local, const struct key *key,
    const struct local_copy *copy)
{
	char front[LOCAL_FIRST], line[LOCAL_FIRST];
	struct err ignored = { 0 };
	struct buf path;
	int64_t size;
	ssize_t got = -1;
	int fd;

	buf_init(&path, LIMIT_KEY);
	key_local(key, &path);
	if (buf_check(&path, "a path", &ignored) == 0 &&
	    file_root_open_read(&local->root, buf_string(&path), &fd, &size,
	    &ignored) == FILE_READ) {
		got = pread(fd, front, sizeof front, 0);
		(void)close(fd);
	}
	buf_clear(&path);
	if (got < 0)
		return false;
	local_head_first(front, (size_t)got, line);
	return strcmp(line, copy->first_line) != 0;
}

bool
local_newer(const struct local *local, const struct key *key,
    int64_t timestamp, struct local_copy *copy)
{
	struct local_copy now;
	struct err ignored = { 0 };
	const char *reason;

	if (!is_other(local, key, copy))
		return false;
	local_copy_init(&now, copy->max);
	now.may_be_bulk = copy->may_be_bulk;
	if (local_read(local, key, &now, &reason, &ignored) != 1 ||
	    now.entry.metadata.timestamp <= timestamp) {
		local_copy_clear(&now);
		return false;
	}
	local_copy_clear(copy);
	*copy = now;
	return true;
}
