#include "tap.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "cache/config.h"
#include "cache/variable.h"

#define COUNT(rows) (sizeof (rows) / sizeof (rows)[0])

static void
test_table(void)
{
	const char *name;
	size_t i, k;

	for (i = 0; (name = variable_at(i)) != NULL; i++) {
		ok(strncmp(name, VARIABLE_PREFIX, strlen(VARIABLE_PREFIX)) ==
		    0, "%s is ours", name);
		for (k = 0; k < i; k++)
			if (strcmp(variable_at(k), name) == 0)
				ok(false, "it stands there once");
	}
	ok(i > CONFIG_COUNT, "there are more than the settings'");
}

static void
test_unread(void)
{
	static const struct {
		const char *variables[4];
		size_t count;
		const char *text;
	} rows[] = {
		{ { NULL }, 0, "" },
		{ { "TEAMCACHE_BUCKET=x", "TEAMCACHE_TTL=nonsense",
		    "TEAMCACHE_DIR=/x" }, 0, "" },
		{ { "TEAMCACHE_MFA_CODE=1", "TEAMCACHE_STATE_DIR=x",
		    "TEAMCACHE_WEB_IDENTITY_TOKEN=x" }, 0, "" },
		{ { "PATH=TEAMCACHE_X=y", "TEAMCACHE=x", "TEAMCACHES_X=x" }, 0,
		    "" },
		{ { "TEAMCACHE_BUCKETT=secret" }, 1, "'TEAMCACHE_BUCKETT' "
		    "(did you mean 'TEAMCACHE_BUCKET'?)" },
		{ { "TEAMCACHE_BUCKETT=" }, 0, "" },
		{ { "TEAMCACHE_BUCKETT" }, 0, "" },
		{ { "TEAMCACHE_bucket=x" }, 1, "'TEAMCACHE_bucket' (did you "
		    "mean 'TEAMCACHE_BUCKET'?)" },
		{ { "TEAMCACHE_STATE_DRI=x", "A=b", "TEAMCACHE_QWXZJKV=y" },
		    2, "'TEAMCACHE_STATE_DRI' (did you mean "
		    "'TEAMCACHE_STATE_DIR'?), 'TEAMCACHE_QWXZJKV'" },
		{ { "TEAMCACHE_=x" }, 1, "'TEAMCACHE_'" },
		{ { "TEAMCACHE_TT\x1b[31m\n\xff=x" }, 1,
		    "'TEAMCACHE_TT?[31m?" "?'" },
	};
	struct buf b;
	size_t i;

	for (i = 0; i < COUNT(rows); i++) {
		struct env env = { rows[i].variables };

		buf_init(&b, LIMIT_KIB);
		is_int(variable_unread(&env, &b), rows[i].count, "row %zu", i);
		is_str(buf_string(&b), rows[i].text, "its text");
		buf_clear(&b);
	}
	buf_init(&b, LIMIT_KIB);
	is_int(variable_unread(&(struct env){ NULL }, &b), 0,
	    "no environment");
	buf_clear(&b);
}

/* Neither a thousand of them nor a long one makes a text that is lost. */
static void
test_many(void)
{
	static const char a[] = "TEAMCACHE_QWXZJKV=x";
	const char *variables[1001] = { NULL };
	struct env env = { variables };
	char *name = malloc(100000);
	struct buf b;
	size_t i;

	for (i = 0; i < 1000; i++)
		variables[i] = a;
	if (!ok(name != NULL, "memory"))
		return;
	memset(name, 'A', 100000);
	memcpy(name, "TEAMCACHE_", 10);
	memcpy(name + 100000 - 3, "=x", 3);
	variables[0] = name;
	buf_init(&b, 4 * LIMIT_KIB);
	is_int(variable_unread(&env, &b), 1000, "a thousand");
	ok(b.fault == BUF_SOUND, "all of it");
	has_str(buf_string(&b), "AAA...', 'TEAMCACHE_QWXZJKV', ",
	    "the long one is cut");
	has_str(buf_string(&b), ", and 992 more", "the others are counted");
	buf_clear(&b);
	buf_init(&b, 16);
	is_int(variable_unread(&env, &b), 1000, "no room for their names");
	ok(b.fault != BUF_SOUND, "which is told");
	buf_clear(&b);
	free(name);
}

int
main(void)
{
	test_table();
	test_unread();
	test_many();
	return done_testing();
}
