#include "diag/exam.h"

#include <string.h>
#include <sys/statvfs.h>

#include "base/date.h"
#include "base/limits.h"
#include "cache/gate.h"
#include "cache/local.h"
#include "cache/place.h"

/* Less than this does not hold a month's figures. */
#define SPACE_MIN (16 * (uint64_t)LIMIT_MIB)

/* May we write there? Tried: a file system may be read-only, or full of
 * files, whatever the modes say. */
static void
try_root(enum place place, const struct env *env, struct buf *path,
    struct err *err)
{
	struct file_root root = { .fd = -1 };
	enum place_found found = place_find(place, env, path, err);

	if (found == PLACE_NONE)
		place_none(place, err);
	if (found != PLACE_FOUND || file_root_open(&root, buf_string(path),
	    err) != 0)
		return;
	if (file_root_try(&root, err) != 0)
		err_hint(err, "make it writable, or name another one in %s",
		    place == PLACE_DATA ? "TEAMCACHE_DIR" :
		    "TEAMCACHE_STATE_DIR");
	file_root_close(&root);
}

static bool
full(const struct buf *path, uint64_t *left)
{
	struct statvfs vfs;

	if (statvfs(buf_string(path), &vfs) != 0)
		return false;
	*left = (uint64_t)vfs.f_bavail * vfs.f_frsize;
	return *left < SPACE_MIN;
}

/* S3 is skipped after it failed several commands; not by these checks. */
static bool
tell_breaker(struct exam *e, struct check_result *r)
{
	struct gate_view view = { 0 };
	struct err ignored = { 0 };
	char until[DATE_ROOM];
	struct buf subject;

	if (!e->s->team_cache)
		return false;
	buf_init(&subject, 4 * LIMIT_KEY);
	if (session_bucket_subject(e->s, &subject, &ignored) == 0)
		gate_look(session_memo(e->s), buf_string(&subject),
		    e->s->set.clock, &view);
	buf_clear(&subject);
	if (!view.open)
		return false;
	date_format_rfc3339(view.next_probe, until);
	check_set(r, CHECK_WARN, "S3 failed %d commands in a row: it is left "
	    "alone until %s", view.failures, until);
	check_fix(r, "mend what the checks of S3 found; the next command after "
	    "that tries it again");
	return true;
}

/* A purchase takes seconds, a patient one minutes. */
#define LONG_HELD 900

struct held {
	struct check_result *r;
	bool stale;
};

static void
tell_lock(void *state, const char *path, const struct lock_holder *holder)
{
	struct held *h = state;

	if (holder == NULL) {
		check_detail(h->r, "'%s' is locked: a purchase is under way",
		    path);
	} else if (!holder->stopped && holder->seconds < LONG_HELD) {
		check_detail(h->r, "'%s' is locked by process %llu: a purchase "
		    "is under way", path, (unsigned long long)holder->pid);
	} else if (!h->stale) {
		h->stale = true;
		check_set(h->r, CHECK_WARN, "'%s' is locked by process %llu, "
		    "which %s: others wait for it before they buy", path,
		    (unsigned long long)holder->pid, holder->stopped ?
		    "is stopped" : "began more than 15 minutes ago");
		check_fix(h->r, "kill %s%llu (what a process held is free when "
		    "it ends)", holder->stopped ? "-CONT " : "",
		    (unsigned long long)holder->pid);
	}
}

/* Locks are no good when their holder has gone to sleep. */
static bool
tell_locks(struct exam *e, struct check_result *r)
{
	struct held h = { .r = r };
	struct local *local = session_local(e->s);
	struct err ignored = { 0 };

	if (local != NULL)
		(void)local_locks(local, tell_lock, &h, &ignored);
	return h.stale;
}

int
exam_store(void *state, const struct check_entry *entry,
    struct check_result *r, struct err *err)
{
	struct exam *e = state;
	struct buf data, kept;
	struct err cause = { 0 };
	uint64_t left = 0;

	(void)entry;
	(void)err;
	buf_init(&data, LIMIT_STATE_FILE);
	buf_init(&kept, LIMIT_STATE_FILE);
	try_root(PLACE_DATA, e->s->set.env, &data, &cause);
	if (cause.class == ERR_NONE)
		try_root(PLACE_STATE, e->s->set.env, &kept, &cause);
	if (cause.class != ERR_NONE) {
		check_set(r, CHECK_WARN, "%s", cause.message);
		if (cause.hint[0] != '\0')
			check_fix(r, "%s", cause.hint);
	} else if (full(&data, &left)) {
		check_set(r, CHECK_WARN, "only %llu KiB are left at '%s'",
		    (unsigned long long)(left / LIMIT_KIB),
		    buf_string(&data));
		check_fix(r, "make room there, or set TEAMCACHE_DIR");
	} else if (!tell_locks(e, r) && !tell_breaker(e, r)) {
		check_set(r, CHECK_PASS, "'%s' and '%s' can be written",
		    buf_string(&data), buf_string(&kept));
	}
	buf_clear(&data);
	buf_clear(&kept);
	return 0;
}
