#include "cache/local.h"

#include <unistd.h>

/* lock-v1/... below the tree. */
#define PATH_ROOM 256
#define LOCK_ROOT "lock-v1"

enum lock_result
local_lock(struct local *local, const struct key *key,
    const char *purchase, const struct clock *clock, int64_t wait_ms,
    struct lock *lock, bool *waited, struct err *err)
{
	enum lock_result result = LOCK_ERROR;
	char month[MONTH_ROOM];
	struct buf path;

	month_format(key->month, month);
	buf_init(&path, PATH_ROOM);
	buf_addf(&path, LOCK_ROOT "/%s/%s/%s.lock", key->account, month,
	    purchase);
	if (buf_check(&path, "a path", err) == 0 &&
	    local_make(local, err) == 0)
		result = lock_try(lock, &local->root, buf_string(&path), err);
	*waited = result == LOCK_BUSY;
	if (*waited && wait_ms > 0)
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
