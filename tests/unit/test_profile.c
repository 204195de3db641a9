#include "aws/profile.h"

#include "aws/expand.h"
#include "aws/profile_suggest.h"
#include "aws_files.h"
#include "tap.h"

static struct aws_files shared;

static struct profile_files *
load(const char *config, const char *credentials, struct err *err)
{
	return aws_files_load(&shared, config, credentials, err);
}

static const struct {
	const char *name;
	const char *config;
	const char *credentials;
	const char *profile;
	const char *key;
	const char *sub;
	const char *value;	/* NULL: absent */
	unsigned line;
	bool from_credentials;
} values[] = {
	{ "nothing at all", NULL, NULL, "default", "region", NULL, NULL, 0,
	    false },
	{ "default", "[default]\nregion = eu-west-1\n", NULL, "default",
	    "region", NULL, "eu-west-1", 2, false },
	{ "a profile", "[profile p]\nregion=a\n[profile q]\nregion=b\n", NULL,
	    "q", "region", NULL, "b", 4, false },
	{ "default is not inherited", "[default]\nregion=a\n[profile p]\n",
	    NULL, "p", "region", NULL, NULL, 0, false },
	{ "the credentials file wins", "[profile p]\nregion=a\n",
	    "[p]\nregion=b\n", "p", "region", NULL, "b", 2, true },
	{ "key by key", "[profile p]\nregion=a\noutput=json\n",
	    "[p]\nregion=b\n", "p", "output", NULL, "json", 3, false },
	{ "an empty value wins nothing", "[profile p]\nregion=a\n",
	    "[p]\nregion =\n", "p", "region", NULL, "a", 2, false },
	{ "an empty value is none", "[profile p]\nregion=\n", NULL, "p",
	    "region", NULL, NULL, 0, false },
	{ "the later key wins", "[profile p]\nregion=a\nregion=b\n", NULL,
	    "p", "region", NULL, "b", 3, false },
	{ "a section again", "[profile p]\nregion=a\noutput=x\n[profile q]\n"
	    "[profile p]\nregion=b\n", NULL, "p", "region", NULL, "b", 6,
	    false },
	{ "and its first part", "[profile p]\nregion=a\noutput=x\n"
	    "[profile q]\n[profile p]\nregion=b\n", NULL, "p", "output", NULL,
	    "x", 3, false },
	{ "[profile default] beats [default]", "[profile default]\nregion=a\n"
	    "[default]\nregion=b\n", NULL, "default", "region", NULL, "a", 2,
	    false },
	{ "and drops its keys", "[profile default]\nregion=a\n"
	    "[default]\noutput=b\n", NULL, "default", "output", NULL, NULL, 0,
	    false },
	{ "but not the credentials file's", "[profile default]\nregion=a\n",
	    "[default]\noutput=c\n", "default", "output", NULL, "c", 2,
	    true },
	{ "a quoted name", "[profile \"my name\"]\nregion=a\n", NULL,
	    "my name", "region", NULL, "a", 2, false },
	{ "a padded one", "[ profile p ]\nregion=a\n", NULL, "p", "region",
	    NULL, "a", 2, false },
	{ "names have case", "[profile P]\nregion=a\n", NULL, "p", "region",
	    NULL, NULL, 0, false },
	{ "keys have none", "[profile p]\nREGION = a\n", NULL, "p", "region",
	    NULL, "a", 2, false },
	{ "[p] in config is no profile", "[p]\nregion=a\n", NULL, "p",
	    "region", NULL, NULL, 0, false },
	{ "[DEFAULT] is nothing", "[DEFAULT]\nregion=a\n", NULL, "default",
	    "region", NULL, NULL, 0, false },
	{ "[profile p] in credentials is literal", NULL,
	    "[profile p]\nregion=a\n", "p", "region", NULL, NULL, 0, true },
	{ "literal indeed", NULL, "[profile p]\nregion=a\n", "profile p",
	    "region", NULL, "a", 2, true },
	{ "a nested key", "[profile p]\ns3 =\n  addressing_style = path\n"
	    "region = a\n", NULL, "p", "s3", "addressing_style", "path", 3,
	    false },
	{ "behind one", "[profile p]\ns3 =\n  addressing_style = path\n"
	    "region = a\n", NULL, "p", "region", NULL, "a", 4, false },
	{ "the block itself", "[profile p]\ns3 =\n  a = b\n", NULL, "p",
	    "s3", NULL, NULL, 0, false },
	{ "values stand as they are", "[profile p]\n"
	    "x = \"q\" # no comment = %(y)s\n", NULL, "p", "x", NULL,
	    "\"q\" # no comment = %(y)s", 2, false },
	{ "CRLF, BOM, comments", "\xef\xbb\xbf[profile p]\r\n# c\r\n; c\r\n"
	    "region = a\r\n", NULL, "p", "region", NULL, "a", 4, false },
};

static void
test_values(void)
{
	size_t i;

	for (i = 0; i < sizeof values / sizeof values[0]; i++) {
		struct err err;
		struct profile_files *files;
		struct profile_value v;

		files = load(values[i].config, values[i].credentials, &err);
		if (!ok(files != NULL, "%s: loads: %s", values[i].name,
		    err.message))
			continue;
		v = profile_get(files, values[i].profile, values[i].key,
		    values[i].sub);
		is_str(v.text, values[i].value, "%s", values[i].name);
		if (v.text != NULL) {
			is_uint(v.line, values[i].line, "%s: line",
			    values[i].name);
			is_str(v.file, profile_path(files,
			    values[i].from_credentials), "%s: its file",
			    values[i].name);
		}
		profile_free(files);
	}
}

static void
test_one_file(void)
{
	struct err err;
	struct profile_files *files = load(
	    "[profile p]\naws_access_key_id=C\naws_session_token=T\n",
	    "[p]\naws_access_key_id=S\n", &err);

	is_str(profile_get_in(files, true, "p", "aws_access_key_id",
	    NULL).text, "S", "the credentials file's own key");
	is_str(profile_get_in(files, false, "p", "aws_access_key_id",
	    NULL).text, "C", "the config file's own key");
	is_str(profile_get_in(files, true, "p", "aws_session_token",
	    NULL).text, NULL, "nothing is merged");
	profile_free(files);
}

static void
test_sections(void)
{
	struct err err;
	unsigned line = 0;
	struct profile_files *files = load(
	    "[sso-session corp]\nsso_region = eu-west-1\n"
	    "[services local]\ns3 =\n  endpoint_url = http://l:1\n"
	    "[profile b]\n[other]\nx=1\n[default]\n[profile a]\n[profile b]\n",
	    "[c]\n[a]\n[sso-session corp]\nsso_region = wrong\n", &err);

	is_str(profile_section_get(files, "sso-session", "corp", "sso_region",
	    NULL).text, "eu-west-1", "a key of a session");
	is_str(profile_section_get(files, "services", "local", "s3",
	    "endpoint_url").text, "http://l:1", "a nested key of services");
	is_str(profile_section_get(files, "services", "corp", "sso_region",
	    NULL).text, NULL, "kinds are kept apart");
	is_str(profile_section_get(files, "nonsense", "corp", "sso_region",
	    NULL).text, NULL, "an unknown kind");
	is_str(profile_name(files, 0), "b", "names in order: first");
	is_str(profile_name(files, 1), "default", "second");
	is_str(profile_name(files, 2), "a", "third");
	is_str(profile_name(files, 3), "c", "then the credentials file's");
	is_str(profile_name(files, 4), "sso-session corp",
	    "a literal name there");
	is_str(profile_name(files, 5), NULL, "and no more, none twice");
	ok(profile_exists(files, "b"), "an empty profile exists");
	ok(!profile_exists(files, "other"), "an ignored section is none");
	is_str(profile_ignored(files, 0, &line), "other", "it is named");
	is_uint(line, 7, "with its line");
	is_str(profile_ignored(files, 1, &line), NULL, "it is the only one");
	profile_free(files);
}

static void
test_select(void)
{
	const char *both[] = { "AWS_DEFAULT_PROFILE=d", "AWS_PROFILE=p",
	    NULL };
	const char *old[] = { "AWS_DEFAULT_PROFILE=d", "AWS_PROFILE=", NULL };
	const char *none[] = { NULL };
	struct env env = { both };
	bool named = false;

	is_str(profile_select(&env, "x", &named), "x", "an option first");
	ok(named, "it is named");
	is_str(profile_select(&env, NULL, &named), "p", "then AWS_PROFILE");
	ok(named, "it is named too");
	env.variables = old;
	is_str(profile_select(&env, NULL, &named), "d",
	    "an empty one is unset; AWS_DEFAULT_PROFILE");
	env.variables = none;
	is_str(profile_select(&env, NULL, &named), "default", "else default");
	ok(!named, "which nobody named");
}

static const struct {
	const char *config;
	const char *says;
} broken[] = {
	{ "region = a\n[profile p]\n", "line 1" },
	{ "[profile p]\nregion = a\nsecretwithoutequals\n", "line 3" },
	{ "[profile p\nregion = a\n", "line 1" },
	{ "[profile p]\ns3 =\n  secretsecret\n", "line 3" },
	{ "[profile p]\nx = a\001b\n", "line 2" },
};

static void
test_errors(void)
{
	size_t i;
	struct err err;
	char path[4200];
	const char *variables[] = { path, NULL };
	struct env env = { variables };

	for (i = 0; i < sizeof broken / sizeof broken[0]; i++) {
		ok(load(broken[i].config, NULL, &err) == NULL, "refused: %s",
		    broken[i].config);
		is_int(err.class, ERR_USAGE, "a usage error");
		has_str(err.message, broken[i].says, "with its line");
		has_str(err.message, "/config", "with its file");
		ok(strstr(err.message, "secret") == NULL,
		    "and nothing of its content");
	}
	ok(load(NULL, "[p]\nsupersecret\n", &err) == NULL,
	    "the credentials file too");
	has_str(err.message, "/credentials", "by its name");
	ok(strstr(err.message, "supersecret") == NULL, "its content is not");
	snprintf(path, sizeof path, "AWS_CONFIG_FILE=%s", shared.directory);
	err_clear(&err);
	ok(profile_load(&env, &err) == NULL, "a directory is unreadable");
	is_int(err.class, ERR_CREDENTIALS, "which is about credentials");
	has_str(err.hint, "AWS_CONFIG_FILE", "the hint names the variable");
}

static void
test_places(void)
{
	char home[4200], named[64] = "AWS_CONFIG_FILE=$D/x${D}$", d[] = "D=~";
	const char *variables[] = { home, NULL, NULL, NULL };
	const char *none[] = { NULL };
	struct env env = { variables };
	struct profile_files *files;
	struct err err = { 0 };

	snprintf(home, sizeof home, "HOME=%s", shared.directory);
	files = profile_load(&env, &err);
	ok(span_ends(span_of(profile_path(files, false)), "/.aws/config"),
	    "config below HOME");
	ok(span_ends(span_of(profile_path(files, true)),
	    "/.aws/credentials"), "credentials below HOME");
	ok(!profile_exists(files, "default"), "both are missing: no profile");
	profile_free(files);
	env.variables = none;
	files = profile_load(&env, &err);
	is_str(profile_path(files, false), "~/.aws/config", "without HOME");
	profile_free(files);
	variables[1] = named;
	variables[2] = d;
	env.variables = variables;
	files = profile_load(&env, &err);
	is_str(profile_path(files, false), "~/x~$", "variables are expanded");
	profile_free(files);
	files = load(NULL, NULL, &err);
	ok(files != NULL, "named files may be missing");
	profile_free(files);
	profile_free(NULL);
}

static const struct {
	const char *path;
	const char *expanded;
} paths[] = {
	{ "~", "/home/me" }, { "~/x", "/home/me/x" }, { "~you/x", "~you/x" },
	{ "a~", "a~" }, { "$A/b", "va/b" }, { "${A}b", "vab" },
	{ "$AB", "$AB" }, { "${A", "${A" }, { "$", "$" }, { "${}", "${}" },
	{ "$$A", "$va" }, { "", "" }, { "$E/x", "/x" },
};

static void
test_expand(void)
{
	const char *variables[] = { "HOME=/home/me", "A=va", "E=", NULL };
	struct env env = { variables };
	struct buf out;
	size_t i;

	buf_init(&out, 100);
	for (i = 0; i < sizeof paths / sizeof paths[0]; i++) {
		buf_reset(&out);
		expand_path(&env, paths[i].path, &out);
		is_str(buf_string(&out), paths[i].expanded, "'%s' expanded",
		    paths[i].path);
	}
	buf_clear(&out);
}

static const struct {
	const char *wanted;
	const char *says;	/* NULL: nothing */
} suggestions[] = {
	{ "prdo", "did you mean 'prod'?" },
	{ "PROD", "did you mean 'prod'?" },
	{ "staging", "did you mean 'staging-eu'?" },
	{ "dev", "line 3 has [dev]; in that file it must be [profile dev]" },
	{ "my name", "[profile \"my name\"]" },
	{ "ops", "has [profile ops]; in that file it must be [ops]" },
	{ "completely-different", NULL },
};

static void
test_suggest(void)
{
	struct err err;
	struct profile_files *files = load("[profile prod]\n"
	    "[profile staging-eu]\n[dev]\nregion=a\n[profile my name]\n",
	    "[profile ops]\n", &err);
	struct buf out;
	size_t i;

	buf_init(&out, 4000);
	for (i = 0; i < sizeof suggestions / sizeof suggestions[0]; i++) {
		buf_reset(&out);
		profile_suggest(files, suggestions[i].wanted, &out);
		if (suggestions[i].says == NULL)
			is_str(buf_string(&out), "", "nothing near '%s'",
			    suggestions[i].wanted);
		else
			has_str(buf_string(&out), suggestions[i].says,
			    "for '%s'", suggestions[i].wanted);
	}
	buf_clear(&out);
	profile_free(files);
}

/* Thousands of profiles load and are found at once. */
static void
test_many(void)
{
	struct profile_files *files;
	struct err err;
	struct buf text;
	char name[16];
	int i, wrong = 0;

	buf_init(&text, 1 << 20);
	for (i = 0; i < 5000; i++)
		buf_addf(&text, "[profile p%d]\nregion = r%d\n", i, i);
	files = load(buf_string(&text), NULL, &err);
	for (i = 0; i < 5000; i++) {
		const char *region;

		snprintf(name, sizeof name, "p%d", i);
		region = profile_get(files, name, "region", NULL).text;
		wrong += region == NULL || strcmp(region + 1, name + 1) != 0;
	}
	is_int(wrong, 0, "5,000 profiles");
	profile_free(files);
	buf_clear(&text);
}

int
main(void)
{
	aws_files_begin(&shared);
	test_values();
	test_one_file();
	test_sections();
	test_select();
	test_errors();
	test_places();
	test_expand();
	test_suggest();
	test_many();
	aws_files_end(&shared);
	return done_testing();
}
