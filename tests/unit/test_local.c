#include "local_store.h"

#define COUNT(rows) (sizeof (rows) / sizeof (rows)[0])

static void
test_open(void)
{
	static const struct {
		const char *variable;
		const char *message;
	} bad[] = {
		{ "TEAMCACHE_DIR=store", "TEAMCACHE_DIR='store'" },
		{ "XDG_CACHE_HOME=./x", "XDG_CACHE_HOME='./x'" },
		{ "HOME=x", "HOME='x'" },
	};
	char path[4096], home[4096];
	const char *variables[] = { NULL, NULL };
	struct env env = { variables };
	struct local local, again;
	struct err err = { 0 };
	struct stat st;
	size_t i;

	for (i = 0; i < COUNT(bad); i++) {
		err_clear(&err);
		variables[0] = bad[i].variable;
		is_int(local_open(&local, &env, "", "", "", &err), -1,
		    "%s is refused", bad[i].variable);
		is_int(err.class, ERR_USAGE, "as a usage error");
		has_str(err.message, bad[i].message, "that names it");
		ok(!local.usable, "the store is not usable");
		local_close(&local);
	}
	err_clear(&err);
	variables[0] = "HOME=";
	is_int(local_open(&local, &env, "", "", "", &err), -1, "no HOME");
	is_int(err.class, ERR_USAGE, "is for the caller to mend");
	has_str(err.hint, "TEAMCACHE_DIR", "with the way out");

	is_int(open_store(&local, "", &err), 0, "open %s", err.message);
	ok(local.usable, "it is usable");
	snprintf(path, sizeof path, "%s/store", dir);
	is_int(stat(path, &st), 0, "the folder was made");
	is_int(st.st_mode & 07777, 0700, "for us alone");
	snprintf(path, sizeof path, "%s/store/%s", dir, tree);
	is_int(stat(path, &st), -1, "no tree before something is written");
	is_int(local_make(&local, &err), 0, "made");
	is_int(local_make(&local, &err), 0, "once");
	is_int(stat(path, &st), 0, "the tree's name is the hash");
	is_int(st.st_mode & 07777, 0700, "for us alone");
	is_str(local.root.path, path, "and its path");
	is_int(open_store(&again, "a/", &err), 0, "another prefix");
	ok(strcmp(local.root.path, again.root.path) != 0, "another tree");
	is_int(access(again.root.path, F_OK), -1, "that is not there");
	local_close(&again);
	local_close(&local);
	local_close(&local);
	ok(!local.usable, "closed twice");

	snprintf(home, sizeof home, "HOME=%s", dir);
	variables[0] = home;
	is_int(local_open(&local, &env, NULL, NULL, NULL, &err), 0,
	    "HOME, no bucket");
	snprintf(path, sizeof path, "%s/.cache/teamcache", dir);
	is_str(local.top.path, path, "the default place");
	rmdir(path);
	snprintf(path, sizeof path, "%s/.cache", dir);
	is_int(rmdir(path), 0, "nothing else is there");
	local_close(&local);
}

static void
test_refused(void)
{
	char path[4096];
	struct local local;
	struct err err = { 0 };

	snprintf(path, sizeof path, "%s/store", dir);
	ok(chmod(path, 0770) == 0 && open_store(&local, "", &err) == -1,
	    "a folder that a group may write");
	is_int(err.class, ERR_INTERNAL, "is refused, and can be done without");
	has_str(err.hint, "chmod go-w", "with the remedy");
	ok(chmod(path, 0707) == 0 && open_store(&local, "", &err) == -1,
	    "one that everybody may write");
	ok(chmod(path, 0700) == 0, "mended");
	if (geteuid() != 0) {
		skip_test("another owner: only root can give it away");
		return;
	}
	ok(chown(path, 12345, 12345) == 0 &&
	    open_store(&local, "", &err) == -1, "a stranger's");
	has_str(err.message, "belongs to user 12345", "is refused");
	ok(chown(path, 0, 0) == 0, "given back");
}

static void
test_round(void)
{
	static const char data[] = "{\"a\":\"\xc3\xa4\\u0000\",\"b\":[1,2]}";
	char path[4096], text[4096];
	struct local_copy copy;
	struct local local;
	struct err err = { 0 };
	const char *reason = "unset";
	struct stat st;
	struct buf envelope;

	local_copy_init(&copy, LIMIT_MIB);
	is_int(open_store(&local, "", &err), 0, "open");
	is_int(local_read(&local, &key, &copy, &reason, &err), 0,
	    "nothing is there");
	is_str(reason, NULL, "without a reason");
	is_int(local_remove(&local, &key, &err), 0, "nothing to remove");
	store(&local, &key, data);
	path_of(&key, path, sizeof path);
	is_int(stat(path, &st), 0, "the file lies where it should");
	is_int(st.st_mode & 07777, 0600, "for us alone");
	get_file(path, text, sizeof text);
	ok(strncmp(text, "tcl1 ", 5) == 0 && text[13] == ' ',
	    "its first line");
	has_str(text, "\n{\"etag\":\"\\\"d41d8cd98f00b204e9800998ecf8427e\\\""
	    "\",\"last_modified\":1754922600,\"skew\":-3,\"validated_at\":"
	    "1754922700,\"final\":true,\"origin\":\"bought\"}\n{\"metadata\"",
	    "its facts, and the envelope");
	is_int(local_read(&local, &key, &copy, &reason, &err), 1, "read %s",
	    reason == NULL ? "" : reason);
	is_str(copy.facts.etag, facts.etag, "etag");
	is_int(copy.facts.last_modified, facts.last_modified, "last_modified");
	is_int(copy.facts.skew, facts.skew, "skew");
	is_int(copy.facts.validated_at, facts.validated_at, "validated_at");
	ok(copy.facts.final, "final");
	is_int(copy.facts.origin, LOCAL_BOUGHT, "origin");
	is_span(copy.entry.data, data, "data");
	is_str(copy.entry.metadata.period, "2025-08", "period");
	build(&key, data, &envelope);
	is_bytes(span_make(copy.bytes.p + copy.envelope_offset,
	    copy.bytes.n - copy.envelope_offset), buf_view(&envelope),
	    "the envelope, byte for byte");
	ok(copy.bytes.room == copy.bytes.n + 1, "no memory beyond the file");
	buf_clear(&envelope);
	store(&local, &key, "[]");
	is_int(local_read(&local, &key, &copy, &reason, &err), 1,
	    "replaced, read into the same copy");
	is_span(copy.entry.data, "[]", "data");
	is_int(local_read(&local, &other, &copy, &reason, &err), 0,
	    "another key");
	is_uint(copy.bytes.n, 0, "leaves nothing in the copy");
	local_copy_clear(&copy);
	local_copy_init(&copy, (size_t)st.st_size / 2);
	is_int(local_read(&local, &key, &copy, &reason, &err), 0, "a cap");
	has_str(reason, "larger", "is kept");
	is_int(local_remove(&local, &key, &err), 1, "removed");
	is_int(local_remove(&local, &key, &err), 0, "once");
	is_int(local_read(&local, &key, &copy, &reason, &err), 0, "is gone");
	is_int(err.class, ERR_NONE, "no error on the way");
	local_copy_clear(&copy);
	local_copy_clear(&copy);
	local_close(&local);
}

/* As store, of another moment and validated at another one. */
static void
store_at(struct local *local, int64_t timestamp, int64_t validated)
{
	struct local_facts how = facts;
	struct err err = { 0 };
	struct buf envelope;

	how.validated_at = validated;
	build_at(&key, "[2]", timestamp, &envelope);
	is_int(local_write(local, &key, &how, buf_view(&envelope), NULL, &err),
	    0, "written %s", err.message);
	buf_clear(&envelope);
}

/* Newer is what was made later, and stored since it was read. */
static void
test_newer(void)
{
	static const int64_t made = 1754922600;
	struct local_copy copy;
	struct local local;
	struct err err = { 0 };
	const char *reason;

	is_int(open_store(&local, "newer/", &err), 0, "open");
	local_copy_init(&copy, LIMIT_MIB);
	ok(!local_newer(&local, &key, INT64_MIN, &copy), "no copy is newer");
	store(&local, &key, "[1]");
	ok(!local_newer(&local, &key, made, &copy), "nor one as old");
	is_uint(copy.bytes.n, 0, "which is not read into the copy");
	is_int(local_read(&local, &key, &copy, &reason, &err), 1, "read");
	ok(!local_newer(&local, &key, INT64_MIN, &copy),
	    "what was read is known");
	store_at(&local, made, 1);
	ok(!local_newer(&local, &key, made, &copy), "stored anew, as old");
	is_span(copy.entry.data, "[1]", "the copy stays");
	store_at(&local, made + 1, 1);
	ok(local_newer(&local, &key, made, &copy), "a newer one");
	is_span(copy.entry.data, "[2]", "is the copy now");
	is_int(copy.facts.validated_at, 1, "with its facts");
	ok(!local_newer(&local, &key, made, &copy), "once");
	store_at(&local, made + 1, 2);
	ok(local_newer(&local, &key, made, &copy), "its facts are part of it");
	is_int(local_remove(&local, &key, &err), 1, "removed");
	ok(!local_newer(&local, &key, INT64_MIN, &copy), "gone is not newer");
	is_span(copy.entry.data, "[2]", "the copy stays");
	local_copy_clear(&copy);
	store_at(&local, made + 1, 2);
	ok(local_newer(&local, &key, made, &copy), "newer than none");
	local_copy_clear(&copy);
	local_close(&local);
}

struct seen {
	char text[512];
	int stop;
};

static int
see(void *state, const struct key *k, int64_t size, int64_t modified,
    struct err *err)
{
	struct seen *seen = state;
	size_t n = strlen(seen->text);
	char month[MONTH_ROOM];

	month_format(k->month, month);
	snprintf(seen->text + n, sizeof seen->text - n, "%s/%s/%s ",
	    k->account, month, k->type);
	if (size <= 0 || modified <= 0)
		return err_set(err, ERR_INTERNAL, "no size or time");
	return seen->stop ? err_set(err, ERR_DATA, "stop") : 0;
}

/* A store that nothing has been written to is an empty one, for everybody. */
static void
test_empty(void)
{
	char path[4096];
	struct local_copy copy;
	struct local local, other_one;
	struct seen seen = { "", 0 };
	struct err err = { 0 };
	const char *reason;

	local_copy_init(&copy, LIMIT_MIB);
	is_int(open_store(&local, "new/", &err), 0, "open");
	is_int(open_store(&other_one, "new/", &err), 0, "by another one");
	is_int(local_read(&local, &key, &copy, &reason, &err), 0, "no copy");
	is_int(local_remove(&local, &key, &err), 0, "nothing to remove");
	is_int(local_each(&local, NULL, NULL, see, &seen, &err), 0, "none");
	is_str(seen.text, "", "to be seen");
	is_int(access(local.root.path, F_OK), -1, "and still no tree");
	snprintf(path, sizeof path, "%s/cache-v1/%s/2025-08", local.root.path,
	    key.account);
	local_prepare(&local, &key);
	is_int(access(path, W_OK), 0, "prepared: the copy's folder");
	snprintf(path, sizeof path, "%s/pruned", local.top.path);
	is_int(access(path, F_OK), 0, "and the new store's stamp");
	local_prepare(&other_one, &key);
	store(&other_one, &key, "{}");
	is_int(local_read(&local, &key, &copy, &reason, &err), 1,
	    "what one writes the other reads");
	is_int(local_remove(&local, &key, &err), 1, "and removes");
	is_int(err.class, ERR_NONE, "no error on the way");
	local_copy_clear(&copy);
	local_close(&local);
	local_close(&other_one);
}

static void
test_not_writable(void)
{
	char path[4096];
	struct local local;
	struct lock lock = LOCK_INIT;
	struct err err = { 0 };
	bool waited;

	is_int(open_store(&local, "full/", &err), 0, "open");
	snprintf(path, sizeof path, "%s", local.root.path);
	ok(symlink("/", path) == 0, "a link in the tree's place");
	is_int(local_make(&local, &err), -1, "is no tree");
	has_str(err.message, "cannot make the directory", "which is told");
	has_str(err.message, "/store", "with the place");
	err_clear(&err);
	is_int(local_lock(&local, &key, "full-data", clock_system(), 0, &lock,
	    &waited, &err), LOCK_ERROR, "nor is a lock had there");
	local_prepare(&local, &key);
	ok(local.root.fd < 0, "or anything prepared");
	local_close(&local);
	err_clear(&err);
	is_int(open_store(&local, "full/", &err), -1, "nor is it opened");
	has_str(err.message, "cannot open the directory", "which is told");
	ok(unlink(path) == 0, "mended");
	local_close(&local);
}

static void
test_special(void)
{
	char path[4096], saved[4200];
	struct local_copy copy;
	struct local local;
	struct err err = { 0 };
	const char *reason;

	local_copy_init(&copy, LIMIT_MIB);
	is_int(open_store(&local, "", &err), 0, "open");
	store(&local, &key, "{}");
	path_of(&key, path, sizeof path);
	snprintf(saved, sizeof saved, "%s.saved", path);
	ok(rename(path, saved) == 0 && symlink(saved, path) == 0, "a link");
	is_int(local_read(&local, &key, &copy, &reason, &err), -1,
	    "is not followed");
	ok(err.message[0] != '\0', "and told: %s", err.message);
	err_clear(&err);
	ok(unlink(path) == 0 && mkfifo(path, 0600) == 0, "a fifo");
	is_int(local_read(&local, &key, &copy, &reason, &err), -1,
	    "does not hang");
	store(&local, &key, "{}");
	err_clear(&err);
	is_int(local_read(&local, &key, &copy, &reason, &err), 1,
	    "a write puts it right");
	unlink(saved);
	local_copy_clear(&copy);
	local_close(&local);
}

static void
test_lock(void)
{
	struct lock one = LOCK_INIT, two = LOCK_INIT;
	struct local local;
	struct err err = { 0 };
	bool waited;
	char path[4096];

	is_int(open_store(&local, "", &err), 0, "open");
	is_int(local_lock(&local, &key, "full-data", clock_system(), 30, &one,
	    &waited, &err), LOCK_HELD, "the purchase's lock %s", err.message);
	ok(!waited, "at once");
	is_int(local_lock(&local, &key, "full-data", clock_system(), 0, &two,
	    &waited, &err), LOCK_BUSY, "is ours alone");
	is_int(local_lock(&local, &key, "full-data", clock_system(), 30, &two,
	    &waited, &err), LOCK_BUSY, "a wait ends");
	ok(waited, "there was one");
	is_int(local_lock(&local, &key, "forecast", clock_system(), 0, &two,
	    &waited, &err), LOCK_HELD, "another purchase has another one");
	ok(!waited, "and no wait");
	lock_release(&one);
	lock_release(&two);
	snprintf(path, sizeof path,
	    "%s/store/%s/lock-v1/123456789012/2025-08/full-data.lock", dir,
	    tree);
	is_int(access(path, F_OK), 0, "the lock's file stays");
	local_close(&local);
}

static void
test_each(void)
{
	static const struct key third = { "999999999999", { 2025, 8 }, "x" };
	struct month july = { 2025, 7 }, june = { 2025, 6 };
	struct seen seen = { "", 0 };
	struct local local;
	struct err err = { 0 };
	char path[4096];

	is_int(open_store(&local, "", &err), 0, "open");
	store(&local, &other, "{}");
	store(&local, &third, "{}");
	path_of(&key, path, sizeof path);
	memcpy(path + strlen(path) - 4, "JSON", 4);
	put_file(path, "x", 1);
	is_int(local_each(&local, NULL, NULL, see, &seen, &err), 0, "all: %s",
	    err.message);
	is_str(seen.text, "123456789012/2025-07/mtd-costs "
	    "123456789012/2025-08/full-data 999999999999/2025-08/x ",
	    "in order, copies only");
	seen.text[0] = '\0';
	is_int(local_each(&local, key.account, NULL, see, &seen, &err), 0,
	    "an account's");
	is_str(seen.text, "123456789012/2025-07/mtd-costs "
	    "123456789012/2025-08/full-data ", "those");
	seen.text[0] = '\0';
	is_int(local_each(&local, key.account, &july, see, &seen, &err), 0,
	    "a month's");
	is_str(seen.text, "123456789012/2025-07/mtd-costs ", "those");
	seen.text[0] = '\0';
	is_int(local_each(&local, key.account, &june, see, &seen, &err), 0,
	    "an empty month's");
	is_str(seen.text, "", "none");
	seen.stop = 1;
	is_int(local_each(&local, NULL, NULL, see, &seen, &err), -1, "stop");
	is_str(seen.text, "123456789012/2025-07/mtd-costs ",
	    "after the first");
	is_int(err.class, ERR_DATA, "with its error");
	unlink(path);
	local_remove(&local, &third, &err);
	local_close(&local);
}

int
main(void)
{
	int descriptors = sandbox_descriptors();

	begin();
	test_open();
	test_refused();
	test_empty();
	test_not_writable();
	test_round();
	test_newer();
	test_special();
	test_lock();
	test_each();
	is_int(sandbox_descriptors(), descriptors, "no stray descriptor");
	sandbox_remove(dir);
	return done_testing();
}
