#include "local_store.h"

#include <fcntl.h>

static void
set_age(const char *path, int64_t modified)
{
	struct timespec times[2] = { { .tv_sec = modified },
		{ .tv_sec = modified } };

	ok(utimensat(AT_FDCWD, path, times, 0) == 0, "age %s", path);
}

static bool
there(const char *path)
{
	return access(path, F_OK) == 0;
}

static void
test_prune(void)
{
	int64_t now = clock_wall_seconds(clock_system());
	char old[4096], young[4096], stamp[4096], lock[4096];
	char temporary[4200];
	struct lock held = LOCK_INIT, turn = LOCK_INIT;
	struct local local;
	struct err err = { 0 };
	struct stat st;
	bool waited;

	path_of(&key, old, sizeof old);
	path_of(&other, young, sizeof young);
	snprintf(stamp, sizeof stamp, "%s/store/pruned", dir);
	snprintf(lock, sizeof lock,
	    "%s/store/%s/lock-v1/123456789012/2025-08/full-data.lock", dir,
	    tree);
	snprintf(temporary, sizeof temporary, "%.*s%s", (int)(strrchr(old,
	    '/') + 1 - old), old, FILE_TEMPORARY_PREFIX "00");
	is_int(open_store(&local, "", &err), 0, "open");
	store(&local, &key, "{}");
	store(&local, &other, "{}");
	is_int(local_lock(&local, &key, "full-data", clock_system(), 0, &held,
	    &waited, &err), LOCK_HELD, "a lock");
	lock_release(&held);
	put_file(temporary, "x", 1);
	set_age(old, now - 1000);
	set_age(lock, now - 100000);
	set_age(temporary, now - 100000);
	local_prune(&local, now, 0, 0);
	ok(there(stamp) && there(old) && there(temporary),
	    "what has no stamp is new, and gets one");
	set_age(stamp, now - 3601);
	is_int(lock_try(&turn, &local.top, "pruned", &err), LOCK_HELD,
	    "another's turn");
	local_prune(&local, now, 0, 0);
	ok(there(old) && there(temporary), "one of those who are due does it");
	lock_release(&turn);
	local_prune(&local, now, 1000, 1 << 20);
	ok(there(old) && there(young), "what is young stays");
	ok(!there(temporary), "what a kill left goes");
	local_prune(&local, now, 10, 1 << 20);
	ok(there(old), "not again within the hour");
	set_age(stamp, now - 3601);
	local_prune(&local, now, 999, 1 << 20);
	ok(!there(old) && there(young), "after it what is old goes");
	ok(there(lock), "locks stay");
	ok(stat(stamp, &st) == 0 && st.st_mtim.tv_sec >= now,
	    "the stamp is new");
	store(&local, &key, "{}");
	set_age(old, now - 5);
	set_age(stamp, now + 100000);
	ok(stat(young, &st) == 0, "one copy's size");
	local_prune(&local, now, 1000, st.st_size + 10);
	ok(!there(old) && there(young),
	    "over the size the oldest goes; a stamp from the future is none");
	set_age(stamp, 0);
	local_prune(&local, now, 1000, 0);
	ok(!there(young) && there(lock), "no room, no copies");
	local_close(&local);
	local_prune(&local, now, 0, 0);
	ok(true, "a closed store is left alone");
}

int
main(void)
{
	int descriptors = sandbox_descriptors();

	begin();
	test_prune();
	is_int(sandbox_descriptors(), descriptors, "no stray descriptor");
	sandbox_remove(dir);
	return done_testing();
}
