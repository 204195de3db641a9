#include "creds/key_cache.h"

#include <sys/stat.h>
#include <unistd.h>

#include "chain_world.h"
#include "codec/hash.h"
#include "codec/hex.h"
#include "sys/lock.h"
#include "tap.h"

#define COUNT(rows) (sizeof (rows) / sizeof (rows)[0])
#define NOW INT64_C(1767323045)

static struct world w;

/* What the request would give. */
static struct {
	const char *id;
	const char *token;
	int64_t expires_at;
	enum err_class failure;
	int calls;
} source;

static int
fetch(void *state, struct keys *keys, struct err *err)
{
	(void)state;
	source.calls++;
	fake_keys(keys, source.id, "very/secret", source.token);
	keys->expires_at = source.expires_at;
	memcpy(keys->account_id, "123456789012", 13);
	if (source.failure != ERR_NONE)
		return err_set(err, source.failure, "no luck");
	return 0;
}

static struct key_cache_request request = {
	.kind = "assume-role", .subject = SPAN_LITERAL("who"), .fetch = fetch,
};

/* A clean state directory, and a request that gives id for an hour. */
static void
begin(const char *id)
{
	struct err err = { 0 };

	file_root_close(&w.state);
	sandbox_remove(strdup(sandbox_path(w.shared.directory, "state")));
	if (file_root_open(&w.state, sandbox_path(w.shared.directory,
	    "state"), &err) != 0)
		abort();
	world_set(&w, NULL, NULL, "p", NULL, 0);
	w.settings.state = &w.state;
	w.settings.disk_cache = true;
	memset(&source, 0, sizeof source);
	source.id = id;
	source.token = "a-token";
	source.expires_at = NOW + 3600;
	request.kind = "assume-role";
	request.subject = span_of("who");
	request.early = 0;
}

static int
get(void)
{
	keys_clear(&w.keys);
	err_clear(&w.err);
	w.input.reason[0] = '\0';
	w.input.now = (w.fake.wall_ms + w.fake.elapsed_ms) / 1000;
	return key_cache_fetch(&w.input, &request, &w.keys, &w.err);
}

/* The one entry's path; its content is replaced when text is not NULL. */
static const char *
entry(const char *text)
{
	static char path[4200];
	char name[HASH_SHA256_HEX];
	struct hash_sha256 sum;
	unsigned char digest[HASH_SHA256];

	hash_sha256_init(&sum);
	hash_sha256_add(&sum, request.kind, strlen(request.kind) + 1);
	hash_sha256_add(&sum, request.subject.p, request.subject.n);
	hash_sha256_sum(&sum, digest);
	hex_encode(digest, sizeof digest, name);
	snprintf(path, sizeof path, "%s/state/credentials/%s",
	    w.shared.directory, name);
	if (text != NULL && sandbox_write(path, text) != 0)
		abort();
	return path;
}

static void
test_hit(void)
{
	struct stat st;

	begin("ONE");
	is_int(get(), 0, "a miss: %s", w.err.message);
	is_str(w.keys.access_key_id, "ONE", "the request's keys");
	is_int(source.calls, 1, "asked");
	is_str(w.input.reason, "", "nothing to say");
	is_int(stat(entry(NULL), &st), 0, "a file");
	is_int(st.st_mode & 07777, 0600, "for nobody else");
	source.id = "TWO";
	is_int(get(), 0, "a hit");
	is_int(source.calls, 1, "not asked");
	is_str(w.keys.access_key_id, "ONE", "id");
	is_span(secret_reveal(&w.keys.secret_key), "very/secret", "secret");
	is_span(secret_reveal(&w.keys.session_token), "a-token", "token");
	is_int(w.keys.expires_at, NOW + 3600, "expiry");
	is_str(w.keys.account_id, "123456789012", "account");
	is_str(w.input.reason, "from the credential cache, until "
	    "2026-01-02T04:04:05Z", "it says so");
	w.input.rejected = "ONE";
	is_int(get(), 0, "these have been refused");
	is_str(w.keys.access_key_id, "TWO", "so there are others");
	is_int(get(), 0, "which another process may have fetched");
	is_int(source.calls, 2, "so that nobody asks");
}

static void
test_subjects(void)
{
	begin("ONE");
	is_int(get(), 0, "one subject");
	request.subject = span_of("whom");
	is_int(get(), 0, "another");
	request.kind = "sso";
	is_int(get(), 0, "another kind");
	request.kind = "ss";
	request.subject = span_of("owhom");
	is_int(get(), 0, "which runs over into the subject");
	is_int(source.calls, 4, "are each their own");
}

static void
test_off(void)
{
	begin("ONE");
	w.settings.disk_cache = false;
	is_int(get(), 0, "switched off");
	is_int(get(), 0, "again");
	is_int(source.calls, 2, "each asks");
	ok(access(entry(NULL), F_OK) != 0, "and leaves nothing");
	w.settings.disk_cache = true;
	w.settings.state = NULL;
	is_int(get(), 0, "no state directory");
	w.settings.state = &w.state;
	is_int(chmod(w.state.path, 0500), 0, "one that nobody may write");
	is_int(get(), 0, "no place to write");
	is_int(chmod(w.state.path, 0700), 0, "(back)");
	source.expires_at = 0;
	request.subject = span_of("forever");
	is_int(get(), 0, "keys that never expire");
	is_int(get(), 0, "again");
	is_int(source.calls, 6, "are not kept");
	w.settings.call = NULL;
	is_int(get(), 0, "without a clock");
	is_int(source.calls, 7, "neither");
}

static void
test_expiry(void)
{
	begin("ONE");
	is_int(get(), 0, "an hour");
	source.id = "TWO";
	source.expires_at = NOW + 7200;
	w.fake.elapsed_ms = 3299 * 1000;
	is_int(get(), 0, "301 seconds left");
	is_str(w.keys.access_key_id, "ONE", "will do");
	request.early = 60;
	w.fake.elapsed_ms = 3300 * 1000;
	is_int(get(), 0, "300 left, and few needed");
	is_str(w.keys.access_key_id, "ONE", "will do");
	request.early = 0;
	is_int(get(), 0, "300 left");
	is_str(w.keys.access_key_id, "TWO", "are renewed");
	is_int(w.keys.expires_at, NOW + 7200, "and last");
	source.expires_at = NOW + 3300;
	w.input.rejected = "TWO";
	is_int(get(), -1, "what comes expired is an error");
	has_str(w.err.message, "had expired at 2026-01-02T03:59:05Z",
	    "its message");
	has_str(w.err.hint, "clock", "its hint");
}

static void
test_failure(void)
{
	begin("ONE");
	source.failure = ERR_NETWORK;
	is_int(get(), -1, "nothing kept, nothing fetched");
	is_str(w.err.message, "no luck", "its message");
	is_int(w.err.class, ERR_NETWORK, "its class");
	is_str(w.keys.access_key_id, "", "no half of keys");
	source.failure = ERR_NONE;
	is_int(get(), 0, "an hour");
	source.failure = ERR_CREDENTIALS;
	source.id = "TWO";
	w.fake.elapsed_ms = 3400 * 1000;
	is_int(get(), 0, "no new ones in time");
	is_str(w.keys.access_key_id, "ONE", "the old ones do");
	has_str(w.input.reason, "new ones could not be fetched (no luck); "
	    "from the credential cache", "it says so");
	is_int(w.err.class, ERR_NONE, "and no error is left");
	source.failure = ERR_INTERRUPTED;
	is_int(get(), -1, "unless somebody wants to stop");
	is_int(w.err.class, ERR_INTERRUPTED, "its class");
	source.failure = ERR_CREDENTIALS;
	w.input.rejected = "ONE";
	is_int(get(), -1, "or a service has refused them");
	w.input.rejected = NULL;
	w.fake.elapsed_ms = 3600 * 1000;
	is_int(get(), -1, "or they have ended");
}

static void
test_corrupt(void)
{
#define GOOD(version, id, secret, until) "{\"version\":" version \
	",\"access_key_id\":" id ",\"secret_access_key\":" secret \
	",\"session_token\":\"t\",\"expires_at\":" until "}"
	static const char *const texts[] = {
		"", "{", "null", "[]", "{}", "\377\376", "{\"version\":1}",
		GOOD("2", "\"X\"", "\"s\"", "\"2026-01-02T04:04:05Z\""),
		GOOD("1", "1", "\"s\"", "\"2026-01-02T04:04:05Z\""),
		GOOD("1", "\"\"", "\"s\"", "\"2026-01-02T04:04:05Z\""),
		GOOD("1", "\"X Y\"", "\"s\"", "\"2026-01-02T04:04:05Z\""),
		GOOD("1", "\"X\"", "\"s\\n\"", "\"2026-01-02T04:04:05Z\""),
		GOOD("1", "\"X\"", "\"s\\u0000\"",
		    "\"2026-01-02T04:04:05Z\""),
		GOOD("1", "\"X\"", "null", "\"2026-01-02T04:04:05Z\""),
		GOOD("1", "\"X\"", "\"s\"", "\"tomorrow\""),
		GOOD("1", "\"X\"", "\"s\"", "1767326645"),
		GOOD("1", "\"X\"", "\"s\"", "\"2026-01-02T04:04:05Z\"") "x",
		"{\"version\":1," GOOD("1", "\"X\"", "\"s\"",
		    "\"2026-01-02T04:04:05Z\""),
	};
	size_t i;

	begin("ONE");
	is_int(get(), 0, "kept");
	entry(GOOD("1", "\"X\"", "\"s\"", "\"2026-01-02T04:04:05Z\""));
	is_int(get(), 0, "the form of the cases");
	is_str(w.keys.access_key_id, "X", "is right");
	for (i = 0; i < COUNT(texts); i++) {
		entry(texts[i]);
		is_int(get(), 0, "corrupt %zu", i);
		is_str(w.keys.access_key_id, "ONE", "is a miss");
	}
	is_int(unlink(entry(NULL)), 0, "(gone)");
	is_int(symlink("/etc/passwd", entry(NULL)), 0, "a link");
	is_int(get(), 0, "is a miss");
	is_str(w.keys.access_key_id, "ONE", "and replaced");
	is_int(unlink(entry(NULL)), 0, "(gone)");
	is_int(mkdir(entry(NULL), 0700), 0, "a directory");
	is_int(get(), 0, "is a miss for ever");
	is_str(w.keys.access_key_id, "ONE", "that does no harm");
}

/* Somebody else is at it, and does not come to an end. */
static void
test_lock(void)
{
	struct lock lock = LOCK_INIT;
	struct err err = { 0 };
	char path[256];

	begin("ONE");
	snprintf(path, sizeof path, "credentials/%s.lock",
	    strrchr(entry(NULL), '/') + 1);
	is_int(lock_try(&lock, &w.state, path, &err), LOCK_HELD, "taken");
	is_int(get(), 0, "everybody for himself");
	is_int(source.calls, 1, "after all");
	is_int(w.fake.elapsed_ms, 60000, "after a minute");
	is_int(get(), 0, "but what is kept is used");
	is_int(source.calls, 1, "at once");
	request.subject = span_of("who");
	w.input.rejected = "ONE";
	w.fake.context.deadline_ms = w.fake.elapsed_ms + 10000;
	is_int(get(), 0, "with little time");
	is_int(w.fake.elapsed_ms, 65000, "half of it is for the request");
	lock_release(&lock);
}

static void
test_sweep(void)
{
	char old[4200], young[4200], lock[4200];
	struct timespec times[2] = { { .tv_sec = NOW - 3 * 86400 },
	    { .tv_sec = NOW - 3 * 86400 } };

	begin("ONE");
	is_int(get(), 0, "kept");
	snprintf(old, sizeof old, "%s", sandbox_path(w.shared.directory,
	    "state/credentials/old"));
	snprintf(young, sizeof young, "%s", sandbox_path(w.shared.directory,
	    "state/credentials/young"));
	snprintf(lock, sizeof lock, "%s", sandbox_path(w.shared.directory,
	    "state/credentials/old.lock"));
	if (sandbox_write(old, "{}") != 0 || sandbox_write(young, "{}") != 0 ||
	    sandbox_write(lock, "") != 0 ||
	    utimensat(AT_FDCWD, old, times, 0) != 0 ||
	    utimensat(AT_FDCWD, lock, times, 0) != 0)
		abort();
	w.input.rejected = "ONE";
	is_int(get(), 0, "written again");
	ok(access(old, F_OK) != 0, "what is old goes");
	is_int(access(young, F_OK), 0, "what is not stays");
	is_int(access(lock, F_OK), 0, "locks too");
}

static void
test_add(void)
{
	struct buf subject;

	buf_init(&subject, 1024);
	key_cache_add(&subject, "a", "b\nc 1 d");
	key_cache_add(&subject, "e", NULL);
	key_cache_add(&subject, "f", "");
	is_span(buf_view(&subject), "a 7 b\nc 1 d\ne -\nf 0 \n",
	    "unambiguous");
	buf_clear(&subject);
}

static void
test_wanted(void)
{
	static const char *const in_ci[] = { "CI=true", NULL };
	static const char *const not[] = { "CI=", NULL };
	const struct env ci = { in_ci }, home = { not };

	ok(key_cache_wanted(NULL, &home), "by default");
	ok(key_cache_wanted("auto", &home), "auto");
	ok(!key_cache_wanted(NULL, &ci), "not in CI");
	ok(!key_cache_wanted("auto", &ci), "auto in CI");
	ok(key_cache_wanted("on", &ci), "on");
	ok(!key_cache_wanted("off", &home), "off");
}

int
main(void)
{
	int descriptors = sandbox_descriptors();

	world_begin(&w);
	test_hit();
	test_subjects();
	test_off();
	test_expiry();
	test_failure();
	test_corrupt();
	test_lock();
	test_sweep();
	test_add();
	test_wanted();
	world_end(&w);
	is_int(sandbox_descriptors(), descriptors, "no stray descriptor");
	return done_testing();
}
