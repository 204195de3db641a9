#include "cache/local.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/limits.h"
#include "base/num.h"
#include "codec/hash.h"
#include "codec/hex.h"

#define STAMP "pruned"
#define PERIOD 3600

struct copy {
	char *path;		/* below the folder of all trees */
	int64_t size;
	int64_t modified;
};

struct inventory {
	struct copy *copies;
	size_t count;
	size_t room;
	int64_t bytes;		/* all of them together */
};

/* Only what this tool wrote as a copy: "TREE/cache-v1/...". */
static bool
is_copy(const char *path)
{
	unsigned char hash[HASH_SHA256];
	struct span tree, rest;
	struct key key;

	return span_split(span_of(path), '/', &tree, &rest) &&
	    hex_decode(tree, hash, sizeof hash) && key_from_local(rest, &key);
}

static int
take(void *state, const char *path, int64_t size, int64_t modified,
    struct err *err)
{
	struct inventory *all = state;
	struct copy copy = { NULL, size, modified };
	size_t room, bytes;
	struct copy *more;

	if (!is_copy(path))
		return 0;
	if (all->count == all->room) {
		room = all->room == 0 ? 64 : all->room * 2;
		if (!num_multiply_size(room, sizeof *more, &bytes) ||
		    (more = realloc(all->copies, bytes)) == NULL)
			return err_memory(err);
		all->copies = more;
		all->room = room;
	}
	if ((copy.path = span_dup(span_of(path))) == NULL)
		return err_memory(err);
	all->copies[all->count++] = copy;
	all->bytes = num_add_held(all->bytes, size);
	return 0;
}

static int
compare_age(const void *a, const void *b)
{
	const struct copy *x = a, *y = b;

	if (x->modified != y->modified)
		return x->modified < y->modified ? -1 : 1;
	return strcmp(x->path, y->path);
}

enum stamp { ABSENT, YOUNG, OLD };

static enum stamp
look_at_stamp(const struct local *local, int64_t now)
{
	struct stat st;
	int64_t age;

	if (fstatat(local->top.fd, STAMP, &st, AT_SYMLINK_NOFOLLOW) != 0)
		return ABSENT;
	age = num_subtract_held(now, st.st_mtim.tv_sec);
	/* A stamp far in the future was made by a wrong clock. */
	return age > -PERIOD && age < PERIOD ? YOUNG : OLD;
}

/* Locking makes one. */
static bool
stamp_taken(const struct local *local, struct lock *turn)
{
	struct err err = { 0 };

	return lock_try(turn, &local->top, STAMP, &err) == LOCK_HELD;
}

/*
 * Is it time? Of those who find so at the same moment, a batch's workers say,
 * one stamps and does it. Where there is no stamp the store is new.
 */
static bool
due(const struct local *local, int64_t now)
{
	enum stamp stamp = look_at_stamp(local, now);
	struct lock turn = LOCK_INIT;
	struct err err = { 0 };
	bool ours;

	if (stamp == YOUNG)
		return false;
	ours = stamp_taken(local, &turn) && stamp == OLD &&
	    look_at_stamp(local, now) == OLD &&
	    file_root_replace(&local->top, STAMP, NULL, 0, false, &err) == 0;
	lock_release(&turn);
	return ours;
}

void
local_prepare(struct local *local, const struct key *key)
{
	struct lock turn = LOCK_INIT;
	struct err err = { 0 };
	struct buf path;

	if (local_make(local, &err) != 0)
		return;
	buf_init(&path, LIMIT_KEY);
	key_local(key, &path);
	if (buf_check(&path, "a path", &err) == 0)
		file_root_make_way(&local->root, buf_string(&path));
	buf_clear(&path);
	if (look_at_stamp(local, 0) == ABSENT)
		(void)stamp_taken(local, &turn);
	lock_release(&turn);
}

void
local_prune(const struct local *local, int64_t now, int64_t max_age,
    int64_t max_bytes)
{
	struct inventory all = { 0 };
	struct err err = { 0 };
	size_t i;

	if (!local->usable || !due(local, now))
		return;
	/* What was found before a failure can go all the same. */
	(void)file_root_walk(&local->top, "", true, take, &all, &err);
	if (all.count > 0)
		qsort(all.copies, all.count, sizeof *all.copies, compare_age);
	for (i = 0; i < all.count; i++) {
		const struct copy *copy = &all.copies[i];
		struct err ignored = { 0 };

		if ((num_subtract_held(now, copy->modified) > max_age ||
		    all.bytes > max_bytes) &&
		    file_root_remove(&local->top, copy->path,
		    &ignored) == FILE_READ)
			all.bytes -= copy->size;
		free(copy->path);
	}
	free(all.copies);
}
