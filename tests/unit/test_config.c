#include "config_home.h"

#define COUNT(rows) (sizeof (rows) / sizeof (rows)[0])

static void
test_built_in(void)
{
	static const struct {
		enum config_id id;
		const char *text;
		int64_t number;
	} rows[] = {
		{ CONFIG_TEAM_CACHE, NULL, -1 }, { CONFIG_BUCKET, NULL, -1 },
		{ CONFIG_PREFIX, NULL, -1 }, { CONFIG_TTL, "60m", 3600 },
		{ CONFIG_TTL_OVERRIDE, NULL, -1 },
		{ CONFIG_STALE_IF_ERROR, "24h", 86400 },
		{ CONFIG_FALLBACK, "local", -1 }, { CONFIG_API, "on", 1 },
		{ CONFIG_SSE, "bucket-default", -1 },
		{ CONFIG_LEASE, "45s", 45 }, { CONFIG_WAIT, NULL, -1 },
		{ CONFIG_MAX_OBJECT_SIZE, "256MiB", 268435456 },
		{ CONFIG_CREDENTIAL_CACHE, "auto", -1 },
		{ CONFIG_STORE_MAX_AGE, "90d", 7776000 },
		{ CONFIG_STORE_MAX_SIZE, "1GiB", 1073741824 },
		{ CONFIG_TIMEOUT, "120s", 120 },
	};
	struct err err = { 0 };
	struct config *c = load(NULL, NULL, NULL, NULL, &err);
	size_t i;

	if (!ok(c != NULL, "no file is an empty one"))
		return;
	for (i = 0; i < COUNT(rows); i++) {
		const char *name = config_spec(rows[i].id)->name;

		is_str(config_text(c, rows[i].id), rows[i].text, "%s", name);
		is_int(config_number(c, rows[i].id), rows[i].number,
		    "%s as a number", name);
		is_str(config_origin(c, rows[i].id), "built-in", "its origin");
		ok(!config_given(c, rows[i].id), "it is not given");
	}
	ok(config_on(c, CONFIG_API), "api is on");
	is_str(config_path(c), file, "the path of the file");
	is_str(config_profile(c), "default", "the profile");
	ok(config_profile_name(c, 0) == NULL, "no profiles");
	ok(config_type(c, "x") == NULL, "no types");
	config_free(c);
	config_free(NULL);
}

/* What each level says of ttl; the first that is there wins. */
static void
test_order(void)
{
	static const struct config_override option = { CONFIG_TTL, "21m",
		"--ttl" };
	static const char own[] = "[default]\nttl = 24m\n[profile p]\n"
	    "ttl = 23m ; mine\n";
	static const struct {
		const char *text, *profile, *variable;
		const struct config_override *option;
		const char *want, *origin;
	} rows[] = {
		{ own, "p", "TEAMCACHE_TTL=22m", &option, "21m", "--ttl" },
		{ own, "p", "TEAMCACHE_TTL=22m", NULL, "22m",
		    "TEAMCACHE_TTL" },
		{ own, "p", "TEAMCACHE_TTL=", NULL, "23m", "line 4" },
		{ own, "p", NULL, NULL, "23m", "line 4" },
		{ own, "q", NULL, NULL, "24m", "line 2" },
		{ own, NULL, NULL, NULL, "24m", "line 2" },
		{ own, "default", NULL, NULL, "24m", "line 2" },
		{ NULL, "p", "TEAMCACHE_TTL=22m", &option, "21m", "--ttl" },
		{ NULL, "p", NULL, NULL, "60m", "built-in" },
		{ "[default]\nttl =\n", NULL, NULL, NULL, "60m", "built-in" },
		{ "[default]\nttl = 24m\n[profile p]\nttl =\n", "p", NULL,
		    NULL, "60m", "built-in" },
		{ "[profile \"p\"]\nttl = 23m\n", "p", NULL, NULL, "23m",
		    "line 2" },
		{ "[profile 'my p']\nTTL: 23m\n", "my p", NULL, NULL, "23m",
		    "line 2" },
		{ "\xef\xbb\xbf[profile\tp]\r\n  ttl=23m\r\n", "p", NULL,
		    NULL, "23m", "line 2" },
		{ "[profile p]\nttl=23m\n[default]\n[profile p]\nlease=19s\n",
		    "p", NULL, NULL, "23m", "line 2" },
	};
	size_t i;

	for (i = 0; i < COUNT(rows); i++) {
		struct err err = { 0 };
		struct config *c = load(rows[i].text, rows[i].profile,
		    rows[i].variable, rows[i].option, &err);

		if (!ok(c != NULL, "row %zu loads: %s", i, err.message))
			continue;
		is_str(config_text(c, CONFIG_TTL), rows[i].want, "ttl %zu",
		    i);
		has_str(config_origin(c, CONFIG_TTL), rows[i].origin,
		    "origin %zu", i);
		ok(config_given(c, CONFIG_TTL) ==
		    (strcmp(rows[i].origin, "built-in") != 0), "given %zu", i);
		config_free(c);
	}
}

/* A prefix may be taken back; everything else needs a value. */
static void
test_empty(void)
{
	static const char text[] = "[default]\nprefix = a\nbucket = b-one\n"
	    "[profile p]\nprefix =   ; none\nteam_cache = on\n"
	    "[profile q]\nbucket =\nteam_cache = on\n";
	struct config_override option = { CONFIG_PREFIX, "", "--prefix" };
	struct err err = { 0 };
	const char *why;
	struct config *c = load(text, "p", NULL, NULL, &err);

	if (ok(c != NULL, "an empty value loads: %s", err.message)) {
		is_str(config_text(c, CONFIG_PREFIX), NULL,
		    "it takes back [default]'s");
		has_str(config_origin(c, CONFIG_PREFIX), "line 5",
		    "and is the origin");
	}
	config_free(c);
	c = load(text, "q", NULL, NULL, &err);
	if (ok(c != NULL, "an empty bucket loads")) {
		is_int(config_team_cache(c, &why, &err), 0, "it is none");
		is_str(why, "no bucket is named", "why");
	}
	config_free(c);
	c = load(text, NULL, NULL, &option, &err);
	if (ok(c != NULL, "--prefix ''"))
		is_str(config_text(c, CONFIG_PREFIX), NULL, "is no prefix");
	config_free(c);
	option = (struct config_override){ CONFIG_BUCKET, "", "--bucket" };
	ok(load(text, NULL, NULL, &option, &err) == NULL, "--bucket ''");
	has_str(err.message, "--bucket cannot be ''", "is refused");
}

/* The opt-in rule, design section 2. Text lines: d = [default], p = [profile
 * p]. */
static void
test_team_cache(void)
{
	static const struct config_override bucket = { CONFIG_BUCKET, "b-opt",
		"--bucket" };
	static const struct {
		const char *d, *p;
		const char *variable;
		bool option, named;
		int want;
		const char *why;	/* or the error's message */
	} rows[] = {
		/* nothing at all */
		{ "", "", NULL, false, true, 0, "no bucket is named" },
		{ "", "team_cache=on", NULL, false, true, 0,
		    "no bucket is named" },
		/* where the bucket comes from */
		{ "", "", NULL, true, true, 1, "an option" },
		{ "", "", NULL, true, false, 1, "an option" },
		{ "", "", "TEAMCACHE_BUCKET=b-env", false, true, 1,
		    "TEAMCACHE_BUCKET" },
		{ "", "bucket=b-own", NULL, false, true, 1, "own section" },
		{ "bucket=b-def", "bucket=b-own", NULL, false, true, 1,
		    "own section" },
		{ "bucket=b-def", "", NULL, false, false, 1, "own section" },
		/* [default]'s bucket serves those that opt in */
		{ "bucket=b-def", "", NULL, false, true, 0, "does not say" },
		{ "bucket=b-def", "team_cache=on", NULL, false, true, 1,
		    "the profile says" },
		{ "bucket=b-def", "", "TEAMCACHE_TEAM_CACHE=on", false, true,
		    1, "the profile says" },
		{ "bucket=b-def\nteam_cache=on", "", NULL, false, true, 0,
		    "does not say" },
		{ "bucket=b-def\nteam_cache=on", "", NULL, false, false, 1,
		    "own section" },
		{ "bucket=b-def\nteam_cache=on", "team_cache=on", NULL, false,
		    true, 1, "the profile says" },
		{ "bucket=b-def", "", NULL, true, true, 1, "an option" },
		/* off beats environment and [default] */
		{ "bucket=b-def", "team_cache=off", NULL, false, true, 0,
		    "the profile says team_cache = off" },
		{ "", "team_cache=off\nbucket=b-own", NULL, false, true, 0,
		    "the profile says team_cache = off" },
		{ "", "team_cache=off", "TEAMCACHE_BUCKET=b-env", false, true,
		    0, "the profile says team_cache = off" },
		{ "bucket=b-def", "team_cache=off", "TEAMCACHE_TEAM_CACHE=on",
		    false, true, 0, "the profile says team_cache = off" },
		{ "bucket=b-def", "team_cache=on", "TEAMCACHE_TEAM_CACHE=off",
		    false, true, 0, "TEAMCACHE_TEAM_CACHE is off" },
		/* the global switch */
		{ "team_cache=off", "team_cache=on\nbucket=b-own", NULL,
		    false, true, 0, "global switch" },
		{ "team_cache=off", "", "TEAMCACHE_BUCKET=b-env", false, true,
		    0, "global switch" },
		{ "team_cache=off\nbucket=b-def", "", NULL, false, false, 0,
		    "team_cache = off" },
		/* together with --bucket */
		{ "", "team_cache=off", NULL, true, true, -1,
		    "--bucket names a bucket" },
		{ "team_cache=off", "", NULL, true, true, -1,
		    "--bucket names a bucket" },
		{ "team_cache=off", "", NULL, true, false, -1,
		    "--bucket names a bucket" },
		{ "", "", "TEAMCACHE_TEAM_CACHE=off", true, true, -1,
		    "(TEAMCACHE_TEAM_CACHE)" },
	};
	char text[256];
	size_t i;

	for (i = 0; i < COUNT(rows); i++) {
		struct err err = { 0 };
		const char *why = NULL;
		struct config *c;

		snprintf(text, sizeof text, "[default]\n%s\n[profile p]\n%s\n",
		    rows[i].d, rows[i].p);
		c = load(text, rows[i].named ? "p" : NULL, rows[i].variable,
		    rows[i].option ? &bucket : NULL, &err);
		if (!ok(c != NULL, "row %zu loads: %s", i, err.message))
			continue;
		is_int(config_team_cache(c, &why, &err), rows[i].want,
		    "team cache, row %zu", i);
		has_str(rows[i].want < 0 ? err.message : why, rows[i].why,
		    "why, row %zu", i);
		is_int(err.class, rows[i].want < 0 ? ERR_USAGE : ERR_NONE,
		    "class, row %zu", i);
		config_free(c);
	}
}

/* Whose section names the bucket. */
static void
test_files_bucket(void)
{
	static const struct config_override bucket = { CONFIG_BUCKET, "b-opt",
		"--bucket" };
	static const char in_default[] = "[default]\nbucket = b-def\n";
	static const char in_both[] = "[default]\nbucket = b-def\n"
	    "[profile p]\nbucket = b-own\n";
	static const struct {
		const char *text, *profile, *variable;
		bool option, want;
		const char *section;
	} rows[] = {
		{ NULL, NULL, NULL, false, false, NULL },
		{ in_default, NULL, NULL, false, true, NULL },
		{ in_default, "p", NULL, false, true, NULL },
		{ in_both, "p", NULL, false, true, "p" },
		{ in_both, "default", NULL, false, true, NULL },
		{ in_both, "p", "TEAMCACHE_BUCKET=b-env", false, false, NULL },
		{ in_both, "p", NULL, true, false, NULL },
	};
	size_t i;

	for (i = 0; i < COUNT(rows); i++) {
		const char *section = "x";
		struct err err = { 0 };
		struct config *c = load(rows[i].text, rows[i].profile,
		    rows[i].variable, rows[i].option ? &bucket : NULL, &err);

		if (!ok(c != NULL, "row %zu loads: %s", i, err.message))
			continue;
		is_int(config_files_bucket(c, &section), rows[i].want,
		    "the file names it, row %zu", i);
		is_str(section, rows[i].section, "section, row %zu", i);
		config_free(c);
	}
}

static void
test_outside(void)
{
	static const struct config_override option = { CONFIG_TTL, "1s",
		"--ttl" }, good = { CONFIG_TTL, "20m", "--ttl" };
	struct err err = { 0 };

	ok(load(NULL, NULL, "TEAMCACHE_TTL=5m", NULL, &err) == NULL,
	    "a bad variable");
	is_int(err.class, ERR_USAGE, "is a usage error");
	has_str(err.message, "TEAMCACHE_TTL cannot be '5m'", "that names it");
	err_clear(&err);
	ok(load(NULL, NULL, "TEAMCACHE_TTL=5m", &good, &err) == NULL,
	    "behind an option too");
	err_clear(&err);
	ok(load(NULL, NULL, "TEAMCACHE_TEAM_CACHE=yes", NULL, &err) == NULL,
	    "TEAMCACHE_TEAM_CACHE is on or off");
	has_str(err.message, "TEAMCACHE_TEAM_CACHE cannot be 'yes'",
	    "it is named");
	err_clear(&err);
	ok(load(NULL, NULL, NULL, &option, &err) == NULL, "a bad option");
	has_str(err.message, "--ttl cannot be '1s'", "is named");
}

/* Whoever said it is named once, and the value with what is wrong. */
static void
test_unfit(void)
{
	static const struct config_override slash = { CONFIG_PREFIX, "/a",
		"--prefix" }, space = { CONFIG_BUCKET, "a b", "--bucket" };
	static const struct {
		const char *text;
		const char *variable;
		const struct config_override *option;
		const char *message;
	} rows[] = {
		{ NULL, NULL, &slash, "--prefix: '/a' begins with '/'" },
		{ NULL, "TEAMCACHE_PREFIX=a//b", NULL,
		    "TEAMCACHE_PREFIX: 'a//b' holds '//'" },
		{ "[default]\nprefix = /a\n", NULL, NULL,
		    "line 2: prefix: '/a' begins with '/'" },
		{ NULL, NULL, &space, "--bucket: 'a b' has a character that "
		    "no bucket's name has" },
		{ NULL, "TEAMCACHE_ENDPOINT_URL=foo", NULL,
		    "TEAMCACHE_ENDPOINT_URL: 'foo' is not a usable URL" },
	};
	size_t i;

	for (i = 0; i < COUNT(rows); i++) {
		struct err err = { 0 };
		const char *at;

		ok(load(rows[i].text, NULL, rows[i].variable, rows[i].option,
		    &err) == NULL, "row %zu is refused", i);
		has_str(err.message, rows[i].message, "its message");
		at = strstr(err.message, rows[i].message);
		ok(at != NULL && (rows[i].text != NULL || at == err.message),
		    "and nothing before it");
		if (i < 3)
			has_str(err.hint, "'finance/costs'", "its hint");
	}
}

static void
test_places(void)
{
	char xdg[4096], path[4200];
	struct err err = { 0 };
	struct config *c;

	write_file(file, "[default]\nttl = 20m\n", 0600);
	snprintf(xdg, sizeof xdg, "XDG_CONFIG_HOME=%s/.config", dir);
	c = load_at(xdg, NULL, NULL, &err);
	if (ok(c != NULL, "XDG_CONFIG_HOME without HOME"))
		is_str(config_text(c, CONFIG_TTL), "20m", "is read");
	config_free(c);
	c = load_at("XDG_CONFIG_HOME=", home, NULL, &err);
	if (ok(c != NULL, "an empty XDG_CONFIG_HOME"))
		is_str(config_path(c), file, "counts as unset");
	config_free(c);
	ok(load_at("XDG_CONFIG_HOME=.config", home, NULL, &err) == NULL,
	    "a relative XDG_CONFIG_HOME");
	is_int(err.class, ERR_USAGE, "is a usage error");
	has_str(err.message, "XDG_CONFIG_HOME='.config'", "that names it");
	ok(load_at("HOME=x", NULL, NULL, &err) == NULL, "a relative HOME too");
	c = load_at(NULL, NULL, NULL, &err);
	if (ok(c != NULL, "no HOME at all is no error: %s", err.message)) {
		is_str(config_path(c), NULL, "there is no path then");
		is_str(config_text(c, CONFIG_TTL), "60m", "nor a file");
	}
	config_free(c);
	c = load_at(NULL, NULL, file, &err);
	if (ok(c != NULL, "--config needs no HOME"))
		is_str(config_text(c, CONFIG_TTL), "20m", "and is read");
	config_free(c);
	c = load_at(NULL, NULL, "/dev/null", &err);
	ok(c != NULL, "--config /dev/null: %s", err.message);
	config_free(c);
	snprintf(path, sizeof path, "%s/none", dir);
	ok(load_at(NULL, NULL, path, &err) == NULL, "a missing --config");
	is_int(err.class, ERR_USAGE, "is a usage error");
	has_str(err.message, path, "that names the file");
	ok(load_at(NULL, NULL, dir, &err) == NULL, "a directory as --config");
	is_int(err.class, ERR_USAGE, "is a usage error");
	snprintf(path, sizeof path, "HOME=%s", file);
	c = load_at(path, NULL, NULL, &err);
	ok(c != NULL, "a HOME that is a file has no settings");
	config_free(c);
}

int
main(void)
{
	prepare();
	test_built_in();
	test_order();
	test_empty();
	test_team_cache();
	test_files_bucket();
	test_outside();
	test_unfit();
	test_places();
	clean();
	return done_testing();
}
