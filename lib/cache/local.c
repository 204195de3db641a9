#include "cache/local.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/num.h"
#include "cache/local_facts.h"
#include "cache/place.h"
#include "codec/gzip.h"
#include "codec/hash.h"

#define MAGIC "tcl1 "

/* The first line, and the facts, of which the ETag is the largest. */
#define FIRST_MAX 64
#define FACTS_MAX 2048

/* cache-v1/... and lock-v1/... below the tree. */
#define PATH_ROOM 256
#define LOCK_ROOT "lock-v1"

static const struct local closed = {
	.top = { .fd = -1 }, .root = { .fd = -1 }
};

void
local_copy_init(struct local_copy *copy, size_t max)
{
	memset(copy, 0, sizeof *copy);
	copy->max = max;
	buf_init(&copy->bytes, max);
}

void
local_copy_clear(struct local_copy *copy)
{
	size_t max = copy->max;

	buf_clear(&copy->bytes);
	local_copy_init(copy, max);
}

/* A name that is the same for the same bucket, and safe whatever it is. */
static int
tree_name(const char *endpoint, const char *bucket, const char *prefix,
    char name[HASH_SHA256_HEX], struct err *err)
{
	struct buf b;
	int result;

	buf_init(&b, LIMIT_SETTINGS_FILE);
	buf_addf(&b, "%s\n%s\n%s", endpoint == NULL ? "" : endpoint,
	    bucket == NULL ? "" : bucket, prefix == NULL ? "" : prefix);
	result = buf_check(&b, "the bucket's name", err);
	if (result == 0)
		hash_sha256_hex(buf_view(&b), name);
	buf_clear(&b);
	return result;
}

/* Below the root that was looked at nobody else can have put anything. */
static int
open_tree(struct local *local, const char *name, struct err *err)
{
	int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
	int fd = openat(local->top.fd, name, flags);
	struct buf path;

	if (fd < 0 && errno == ENOENT &&
	    (mkdirat(local->top.fd, name, 0700) == 0 || errno == EEXIST))
		fd = openat(local->top.fd, name, flags);
	if (fd < 0) {
		err_system(err, errno, "cannot make the directory", name);
		err_context(err, "in '%s'", local->top.path);
		return -1;
	}
	buf_init(&path, strlen(local->top.path) + HASH_SHA256_HEX);
	buf_addf(&path, "%s/%s", local->top.path, name);
	local->root.path = buf_take(&path);
	buf_clear(&path);
	if (local->root.path == NULL) {
		(void)close(fd);
		return err_memory(err);
	}
	local->root.fd = fd;
	return 0;
}

int
local_open(struct local *local, const struct env *env, const char *endpoint,
    const char *bucket, const char *prefix, struct err *err)
{
	char name[HASH_SHA256_HEX];
	enum place_found found;
	struct buf path;

	*local = closed;
	buf_init(&path, LIMIT_STATE_FILE);
	found = place_find(PLACE_DATA, env, &path, err);
	if (found == PLACE_NONE)
		place_none(PLACE_DATA, err);
	if (found == PLACE_FOUND && file_root_open(&local->top,
	    buf_string(&path), true, err) != 0) {
		/* The absolute path was no usage error; what lies there is
		 * something that can be done without. */
		err->class = ERR_INTERNAL;
	} else if (found == PLACE_FOUND &&
	    tree_name(endpoint, bucket, prefix, name, err) == 0 &&
	    open_tree(local, name, err) == 0) {
		local->usable = true;
	}
	buf_clear(&path);
	if (local->usable)
		return 0;
	local_close(local);
	return -1;
}

void
local_close(struct local *local)
{
	file_root_close(&local->root);
	file_root_close(&local->top);
	*local = closed;
}

static int
make_path(const struct key *key, struct buf *path, struct err *err)
{
	buf_init(path, PATH_ROOM);
	key_local(key, path);
	if (buf_check(path, "a path", err) == 0)
		return 0;
	buf_clear(path);
	return -1;
}

/*
 * The file into exactly as much memory: it was made whole by a rename, so one
 * read of its size is all. 1, 0 with reason, -1 err.
 */
static int
read_bytes(int fd, int64_t size, const char *path, struct local_copy *copy,
    const char **reason, struct err *err)
{
	ssize_t got = 1;
	char *to;

	if (size < 0 || (uint64_t)size > copy->max) {
		*reason = "it is larger than the cap";
		return 0;
	}
	buf_init(&copy->bytes, (size_t)size);
	if ((to = buf_reserve(&copy->bytes, (size_t)size)) == NULL)
		return err_memory(err);
	while (copy->bytes.n < (size_t)size && got > 0) {
		got = read(fd, to + copy->bytes.n,
		    (size_t)size - copy->bytes.n);
		if (got < 0 && errno == EINTR)
			got = 1;
		else if (got < 0)
			return err_system(err, errno, "cannot read", path);
		else
			copy->bytes.n += (size_t)got;
	}
	copy->bytes.p[copy->bytes.n] = '\0';
	return 1;
}

/* Take a line of at most max bytes from the front of rest. */
static bool
take_line(struct span *rest, size_t max, struct span *line)
{
	struct span front = span_make(rest->p,
	    rest->n < max ? rest->n : max), after;

	if (!span_split(front, '\n', line, &after))
		return false;
	*rest = span_make(rest->p + line->n + 1, rest->n - line->n - 1);
	return true;
}

/* Are the bytes behind the first line those that were written? */
static bool
check_frame(struct span *rest)
{
	struct span line, crc, length_text;
	uint64_t length;

	if (!take_line(rest, FIRST_MAX, &line) || !span_starts(line, MAGIC))
		return false;
	line = span_make(line.p + strlen(MAGIC), line.n - strlen(MAGIC));
	return span_split(line, ' ', &crc, &length_text) &&
	    num_parse(length_text, SIZE_MAX, &length) && length == rest->n &&
	    gzip_crc32_is(crc, *rest);
}

/* As local_read, of the bytes. */
static int
parse_copy(const struct key *key, struct local_copy *copy,
    const char **reason, struct err *err)
{
	struct span rest = buf_view(&copy->bytes), line;
	int result;

	*reason = "it is damaged";
	if (!check_frame(&rest))
		return 0;
	*reason = "its facts are not understood";
	if (!take_line(&rest, FACTS_MAX, &line))
		return 0;
	if ((result = local_facts_parse(line, &copy->facts, err)) <= 0)
		return result;
	copy->envelope_offset = copy->bytes.n - rest.n;
	switch (entry_parse(rest, ENTRY_FRAME, &copy->entry, reason)) {
	case ENTRY_SOUND:
		break;
	case ENTRY_NO_MEMORY:
		return err_memory(err);
	default:
		return 0;
	}
	*reason = "it names another account, type or period";
	if (!entry_matches(&copy->entry.metadata, key))
		return 0;
	*reason = NULL;
	return 1;
}

int
local_read(const struct local *local, const struct key *key,
    struct local_copy *copy, const char **reason, struct err *err)
{
	struct buf path;
	enum file_found found;
	int64_t size;
	int fd, result = -1;

	*reason = NULL;
	local_copy_clear(copy);
	if (make_path(key, &path, err) != 0)
		return -1;
	found = file_root_open_read(&local->root, buf_string(&path), &fd,
	    &size, err);
	if (found == FILE_READ) {
		result = read_bytes(fd, size, buf_string(&path), copy, reason,
		    err);
		/* It was only read: close has nothing to lose. */
		(void)close(fd);
		if (result == 1)
			result = parse_copy(key, copy, reason, err);
		if (result != 1)
			local_copy_clear(copy);
	} else if (found == FILE_ABSENT) {
		result = 0;
	}
	buf_clear(&path);
	return result;
}

int
local_write(const struct local *local, const struct key *key,
    const struct local_facts *facts, struct span envelope,
    const uint32_t *crc, struct err *err)
{
	struct buf first, line, path;
	struct span pieces[3];
	uint32_t sum;
	int result = -1;

	if (make_path(key, &path, err) != 0)
		return -1;
	buf_init(&first, FIRST_MAX);
	buf_init(&line, FACTS_MAX);
	local_facts_put(facts, &line);
	if (buf_check(&line, "the local facts", err) != 0)
		goto out;
	sum = gzip_crc32(0, line.p, line.n);
	sum = crc != NULL ? gzip_crc32_join(sum, *crc, envelope.n) :
	    gzip_crc32(sum, envelope.p, envelope.n);
	buf_addf(&first, MAGIC "%08lx %zu\n", (unsigned long)sum,
	    line.n + envelope.n);
	if (buf_check(&first, "the first line", err) != 0)
		goto out;
	pieces[0] = buf_view(&first);
	pieces[1] = buf_view(&line);
	pieces[2] = envelope;
	result = file_root_replace(&local->root, buf_string(&path), pieces, 3,
	    false, err);
out:
	buf_clear(&first);
	buf_clear(&line);
	buf_clear(&path);
	return result;
}

int
local_remove(const struct local *local, const struct key *key,
    struct err *err)
{
	enum file_found found;
	struct buf path;

	if (make_path(key, &path, err) != 0)
		return -1;
	found = file_root_remove(&local->root, buf_string(&path), err);
	buf_clear(&path);
	return found == FILE_READ ? 1 : found == FILE_ABSENT ? 0 : -1;
}

enum lock_result
local_lock(const struct local *local, const struct key *key,
    const char *purchase, const struct clock *clock, int64_t wait_ms,
    struct lock *lock, struct err *err)
{
	enum lock_result result = LOCK_ERROR;
	char month[MONTH_ROOM];
	struct buf path;

	month_format(key->month, month);
	buf_init(&path, PATH_ROOM);
	buf_addf(&path, LOCK_ROOT "/%s/%s/%s.lock", key->account, month,
	    purchase);
	if (buf_check(&path, "a path", err) == 0)
		result = lock_wait(lock, &local->root, buf_string(&path),
		    clock, wait_ms, err);
	buf_clear(&path);
	return result;
}

struct lock_survey {
	const struct local *local;
	local_held *held;
	void *state;
};

static int
visit_lock(void *state, const char *path, int64_t size, int64_t modified,
    struct err *err)
{
	const struct lock_survey *s = state;
	struct lock_holder holder;
	int fd;

	(void)size;
	(void)modified;
	if (file_root_open_write(&s->local->root, path, &fd, err) != 0)
		return -1;
	if (lock_file(fd, path, err) == LOCK_BUSY)
		s->held(s->state, path, lock_holder_find(fd, &holder) ?
		    &holder : NULL);
	(void)close(fd);
	return err->class == ERR_NONE ? 0 : -1;
}

int
local_locks(const struct local *local, local_held *held, void *state,
    struct err *err)
{
	struct lock_survey s = { local, held, state };

	return file_root_walk(&local->root, LOCK_ROOT, false, visit_lock, &s,
	    err);
}

struct visitor {
	local_visit *visit;
	void *state;
};

static int
visit_path(void *state, const char *path, int64_t size, int64_t modified,
    struct err *err)
{
	const struct visitor *visitor = state;
	struct key key;

	if (!key_from_local(span_of(path), &key))
		return 0;
	return visitor->visit(visitor->state, &key, size, modified, err);
}

int
local_each(const struct local *local, const char *account,
    const struct month *month, local_visit *visit, void *state,
    struct err *err)
{
	struct visitor visitor = { visit, state };
	struct buf below;
	int result;

	buf_init(&below, PATH_ROOM);
	if (account == NULL)
		buf_add_string(&below, KEY_ROOT);
	else
		key_folder("", account, month, &below);
	result = buf_check(&below, "a path", err);
	if (result == 0) {
		below.p[below.n - 1] = '\0';	/* no '/' at the end */
		result = file_root_walk(&local->root, below.p, false,
		    visit_path, &visitor, err);
	}
	buf_clear(&below);
	return result;
}
