#include "tap.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cache/memo.h"
#include "sandbox.h"

#define COUNT(rows) (sizeof (rows) / sizeof (rows)[0])

static char *dir;

static int
open_at(struct memo *memo, const char *variable, struct err *err)
{
	const char *variables[] = { variable, NULL };
	struct env env = { variables };

	return memo_open(memo, &env, err);
}

static void
open_here(struct memo *memo)
{
	char variable[4096];
	struct err err = { 0 };

	snprintf(variable, sizeof variable, "TEAMCACHE_STATE_DIR=%s/state",
	    dir);
	is_int(open_at(memo, variable, &err), 0, "open");
	ok(memo->usable, "usable");
}

static void
test_places(void)
{
	static const char *const bad[] = { "TEAMCACHE_STATE_DIR=x",
		"XDG_STATE_HOME=./x", "HOME=x" };
	char variable[4096], value[32];
	struct memo memo;
	struct err err = { 0 };
	struct stat st;
	size_t i;

	for (i = 0; i < COUNT(bad); i++) {
		err_clear(&err);
		is_int(open_at(&memo, bad[i], &err), -1, "%s", bad[i]);
		is_int(err.class, ERR_USAGE, "is a usage error");
		memo_close(&memo);
	}
	err_clear(&err);
	is_int(open_at(&memo, "HOME=", &err), 0, "no HOME is no error");
	is_int(err.class, ERR_NONE, "none at all");
	memo_set(&memo, MEMO_ACCOUNT, "AKIA", "123456789012");
	ok(!memo_get(&memo, MEMO_ACCOUNT, "AKIA", value, sizeof value),
	    "and nothing is remembered");
	is_int(memo_fault(&memo, &err), -1, "which has its cause");
	has_str(err.hint, "TEAMCACHE_STATE_DIR", "and can be helped");
	memo_close(&memo);
	memo_close(&memo);
	err_clear(&err);
	is_int(open_at(&memo, "TEAMCACHE_STATE_DIR=/dev/null/x", &err), 0,
	    "a place that cannot be is no error");
	is_int(err.class, ERR_NONE, "none at all");
	ok(!memo.usable, "and not usable");
	is_int(memo_fault(&memo, &err), -1, "its fault");
	has_str(err.message, "/dev/null/x", "names it");
	is_int(memo_fault(&memo, &(struct err){ .class = ERR_DATA }), -1,
	    "after another one");
	memo_close(&memo);
	err_clear(&err);
	snprintf(variable, sizeof variable, "HOME=%s", dir);
	is_int(open_at(&memo, variable, &err), 0, "below HOME");
	is_str(memo.root.path, sandbox_path(dir,
	    ".local/state/teamcache"), "the default place");
	is_int(stat(memo.root.path, &st), 0, "it was made");
	is_int(st.st_mode & 07777, 0700, "for us alone");
	memo_close(&memo);
	ok(chmod(sandbox_path(dir, ".local/state/teamcache"), 0777) == 0 &&
	    open_at(&memo, variable, &err) == 0 && !memo.usable,
	    "a place that others may write is not used");
	memo_close(&memo);
}

/* What ended the first attempt may be over by the time somebody asks. */
static void
test_fault(void)
{
	char variable[4096];
	struct err err = { 0 };
	struct rlimit before, none;
	struct memo memo;

	snprintf(variable, sizeof variable, "TEAMCACHE_STATE_DIR=%s/none",
	    dir);
	ok(getrlimit(RLIMIT_NOFILE, &before) == 0, "a limit");
	none = before;
	none.rlim_cur = 0;
	ok(setrlimit(RLIMIT_NOFILE, &none) == 0, "no descriptor is left");
	is_int(open_at(&memo, variable, &err), 0, "that is no error");
	ok(setrlimit(RLIMIT_NOFILE, &before) == 0 && !memo.usable,
	    "and not usable, with descriptors again");
	is_int(memo_fault(&memo, &err), -1, "its fault");
	has_str(err.message, strerror(EMFILE), "is what it was");
	memo_close(&memo);
	err_clear(&err);
	is_int(open_at(&memo, variable, &err), 0, "opened again");
	is_int(memo_fault(&memo, &err), 0, "it has no fault");
	is_int(err.class, ERR_NONE, "none at all");
	memo_close(&memo);
}

static void
test_values(void)
{
	static const struct {
		const char *value;
		bool kept;
	} rows[] = {
		{ "123456789012", true }, { "eu-west-1", true },
		{ "a b", true }, { "", false }, { "a\nb", false },
		{ "a\x1b[1m", false }, { "\x7f", false },
		{ "exactly fifteen", true }, { "sixteen bytes ..", false },
	};
	char value[16];
	struct memo memo;
	size_t i;

	open_here(&memo);
	for (i = 0; i < COUNT(rows); i++) {
		char subject[32];

		snprintf(subject, sizeof subject, "https://x\nbucket%zu", i);
		memcpy(value, "untouched", 10);
		memo_set(&memo, MEMO_REGION, subject, rows[i].value);
		ok(memo_get(&memo, MEMO_REGION, subject, value,
		    sizeof value) == rows[i].kept, "'%s'", rows[i].value);
		is_str(value, rows[i].kept ? rows[i].value : "untouched",
		    "the value");
	}
	memo_set(&memo, MEMO_REGION, "s", "one");
	memo_set(&memo, MEMO_REGION, "s", "two");
	ok(memo_get(&memo, MEMO_REGION, "s", value, sizeof value),
	    "set again");
	is_str(value, "two", "the later one counts");
	memo_set(&memo, MEMO_REGION, "s", "bad\n");
	ok(memo_get(&memo, MEMO_REGION, "s", value, sizeof value) &&
	    strcmp(value, "two") == 0, "what is unfit changes nothing");
	ok(!memo_get(&memo, MEMO_CONDITIONAL_DELETE, "s", value,
	    sizeof value), "another kind");
	ok(!memo_get(&memo, MEMO_REGION, "S", value, sizeof value),
	    "another subject");
	memo_close(&memo);
	open_here(&memo);
	ok(memo_get(&memo, MEMO_REGION, "s", value, sizeof value),
	    "remembered by the next run");
	memo_close(&memo);
}

static void
test_files(void)
{
	/* sha256 of "AKIA" */
	static const char name[] = "state/account/"
	    "3bb3e13c3a23048eef2f80026a6c6fba51db9ab24ec55cd6373b8b6be27b7a18";
	char value[32], *large;
	struct memo memo;
	struct stat st;

	open_here(&memo);
	memo_set(&memo, MEMO_ACCOUNT, "AKIA", "123456789012");
	is_int(stat(sandbox_path(dir, name), &st), 0, "the file's name");
	is_int(st.st_mode & 07777, 0600, "is for us alone");
	is_int(st.st_size, 13, "and holds one line");
	sandbox_write(sandbox_path(dir, name), "123456789012");
	ok(!memo_get(&memo, MEMO_ACCOUNT, "AKIA", value, sizeof value),
	    "a cut line is unknown");
	sandbox_write(sandbox_path(dir, name), "");
	ok(!memo_get(&memo, MEMO_ACCOUNT, "AKIA", value, sizeof value),
	    "an empty file is unknown");
	sandbox_write(sandbox_path(dir, name), "1\n2\n");
	ok(!memo_get(&memo, MEMO_ACCOUNT, "AKIA", value, sizeof value),
	    "two lines are unknown");
	if ((large = calloc(1, 100001)) != NULL) {
		memset(large, '1', 100000);
		sandbox_write(sandbox_path(dir, name), large);
	}
	ok(!memo_get(&memo, MEMO_ACCOUNT, "AKIA", value, sizeof value),
	    "a large file is unknown");
	free(large);
	ok(unlink(sandbox_path(dir, name)) == 0 &&
	    symlink("/etc/hostname", sandbox_path(dir, name)) == 0, "a link");
	ok(!memo_get(&memo, MEMO_ACCOUNT, "AKIA", value, sizeof value),
	    "is not followed");
	memo_set(&memo, MEMO_ACCOUNT, "AKIA", "123456789012");
	ok(memo_get(&memo, MEMO_ACCOUNT, "AKIA", value, sizeof value),
	    "and is replaced");
	memo_close(&memo);
}

int
main(void)
{
	int descriptors = sandbox_descriptors();

	if ((dir = sandbox_new()) == NULL) {
		printf("Bail out! no directory\n");
		return 1;
	}
	test_places();
	test_fault();
	test_values();
	test_files();
	is_int(sandbox_descriptors(), descriptors, "no stray descriptor");
	sandbox_remove(dir);
	return done_testing();
}
