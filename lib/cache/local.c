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
#include "cache/local_head.h"
#include "cache/place.h"
#include "codec/gzip.h"
#include "codec/hash.h"

/* cache-v1/... below the tree. */
#define PATH_ROOM 256

static const struct local closed = {
	.top = { .fd = -1 }, .root = { .fd = -1 }
};

void
local_copy_init(struct local_copy *copy, size_t max)
{
	memset(copy, 0, sizeof *copy);
	copy->max = max;
	bulk_init(&copy->bulk);
	buf_init(&copy->bytes, max);
}

void
local_copy_clear(struct local_copy *copy)
{
	bool may_be_bulk = copy->may_be_bulk;

	buf_clear(&copy->bytes);
	bulk_clear(&copy->bulk);
	local_copy_init(copy, copy->max);
	copy->may_be_bulk = may_be_bulk;
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
open_tree(const struct local *local, const char *name)
{
	return openat(local->top.fd, name,
	    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

static int
no_tree(const struct local *local, const char *what, const char *name,
    struct err *err)
{
	err_system(err, errno, what, name);
	err_context(err, "in '%s'", local->top.path);
	return -1;
}

/* A tree that is not there yet is an empty one. */
static int
find_tree(struct local *local, const char *name, struct err *err)
{
	struct buf path;

	local->root.fd = open_tree(local, name);
	if (local->root.fd < 0 && errno != ENOENT)
		return no_tree(local, "cannot open the directory", name, err);
	buf_init(&path, strlen(local->top.path) + HASH_SHA256_HEX);
	buf_addf(&path, "%s/%s", local->top.path, name);
	local->root.path = buf_take(&path);
	buf_clear(&path);
	if (local->root.path != NULL)
		return 0;
	if (local->root.fd >= 0)
		(void)close(local->root.fd);
	return err_memory(err);
}

int
local_make(struct local *local, struct err *err)
{
	const char *name;

	if (local->root.fd >= 0)
		return 0;
	name = strrchr(local->root.path, '/') + 1;
	if (mkdirat(local->top.fd, name, 0700) == 0 || errno == EEXIST)
		local->root.fd = open_tree(local, name);
	return local->root.fd >= 0 ? 0 :
	    no_tree(local, "cannot make the directory", name, err);
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
	    buf_string(&path), err) != 0) {
		/* The absolute path was no usage error; what lies there is
		 * something that can be done without. */
		err->class = ERR_INTERNAL;
	} else if (found == PLACE_FOUND &&
	    tree_name(endpoint, bucket, prefix, name, err) == 0 &&
	    find_tree(local, name, err) == 0) {
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
	local_head_first(copy->bytes.p, copy->bytes.n, copy->first_line);
	return 1;
}

/* Are the bytes behind the first line those that were written? */
static bool
check_frame(struct span *rest)
{
	struct span crc;
	uint64_t length;

	return local_head_frame(rest, &crc, &length) && length == rest->n &&
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
	if (!local_head_facts(&rest, &line))
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

/*
 * A large one, looked at piece by piece: true when it is sound and held, with
 * the descriptor. Else it is read whole, which tells what is the matter.
 */
static bool
hold_bulk(int fd, size_t size, const struct key *key,
    struct local_copy *copy)
{
	char front[LOCAL_HEAD_MAX];
	ssize_t got = pread(fd, front, sizeof front, 0);
	struct span rest = span_make(front, got < 0 ? 0 : (size_t)got);
	struct span digits, line;
	struct err ignored;
	uint64_t length;
	size_t head;

	err_clear(&ignored);
	if (!local_head_frame(&rest, &digits, &length) ||
	    length != size - (size_t)(rest.p - front) ||
	    !local_head_facts(&rest, &line) ||
	    local_facts_parse(line, &copy->facts, &ignored) != 1 ||
	    copy->facts.origin == LOCAL_BOUGHT)
		return false;
	head = (size_t)(rest.p - front);
	if (!bulk_file_sound(fd, head, size - head, &copy->entry,
	    &copy->crc) || !local_head_is(digits, line, copy->crc,
	    size - head) || !entry_matches(&copy->entry.metadata, key))
		return false;
	local_head_first(front, head, copy->first_line);
	bulk_hold_file(&copy->bulk, fd, head, size - head);
	return true;
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
	if (found == FILE_READ && copy->may_be_bulk &&
	    size >= (int64_t)LIMIT_IN_MEMORY &&
	    (uint64_t)size <= copy->max &&
	    hold_bulk(fd, (size_t)size, key, copy)) {
		result = 1;
	} else if (found == FILE_READ) {
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
local_write(struct local *local, const struct key *key,
    const struct local_facts *facts, struct span envelope,
    const uint32_t *crc, struct err *err)
{
	struct buf head, path;
	struct span pieces[2];
	int result = -1;

	if (local_make(local, err) != 0 || make_path(key, &path, err) != 0)
		return -1;
	if (local_head_make(facts, crc != NULL ? *crc : gzip_crc32(0,
	    envelope.p, envelope.n), envelope.n, &head, err) == 0) {
		pieces[0] = buf_view(&head);
		pieces[1] = envelope;
		result = file_root_replace(&local->root, buf_string(&path),
		    pieces, 2, false, err);
	}
	buf_clear(&head);
	buf_clear(&path);
	return result;
}

struct filling {
	int fd;
	const char *path;
};

static int
fill(void *state, const char *p, size_t n, struct err *err)
{
	const struct filling *f = state;

	return file_write_fd(f->fd, span_make(p, n), f->path, err);
}

/* fd: the file that was made, whatever takes its place later; -1: cannot be
 * had, and is not missed. */
static int
write_draft(const struct local *local, const char *path, struct span head,
    const struct bulk *bulk, int *fd, struct err *err)
{
	struct file_draft draft;
	struct filling f = { .path = path };

	*fd = -1;
	if (file_draft_begin(&local->root, path, &draft, err) != 0)
		return -1;
	f.fd = draft.fd;
	if (fill(&f, head.p, head.n, err) == 0 &&
	    bulk_send(bulk, 0, bulk->length, fill, &f, err) == 0) {
		*fd = fcntl(draft.fd, F_DUPFD_CLOEXEC, 0);
		if (file_draft_commit(&draft, false, err) == 0)
			return 0;
		if (*fd >= 0)
			(void)close(*fd);
	}
	err_context(err, "in '%s'", local->root.path);
	file_draft_abandon(&draft);
	return -1;
}

int
local_write_bulk(struct local *local, const struct key *key,
    const struct local_facts *facts, struct bulk *bulk, uint32_t crc,
    struct err *err)
{
	struct buf head, path;
	int fd, result = -1;

	if (local_make(local, err) != 0 || make_path(key, &path, err) != 0)
		return -1;
	if (local_head_make(facts, crc, bulk->length, &head, err) == 0)
		result = write_draft(local, buf_string(&path),
		    buf_view(&head), bulk, &fd, err);
	if (result == 0 && fd >= 0)
		bulk_hold_file(bulk, fd, head.n, bulk->length);
	buf_clear(&head);
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
