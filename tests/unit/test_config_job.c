#include "config_home.h"

#define COUNT(rows) (sizeof (rows) / sizeof (rows)[0])

/* Who refreshed an entry, where nobody says it: the CI job. */
static void
test_job(void)
{
	static const char long_url[] = "CI_JOB_URL=%0600d";
	char too_long[640];
	const struct {
		const char *variables[6], *text, *want, *origin;
	} rows[] = {
		{ { NULL }, NULL, NULL, "built-in" },
		{ { "CI=true" }, NULL, NULL, "built-in" },
		{ { "CI_JOB_URL=https://h/1" }, NULL, NULL, "built-in" },
		{ { "CI=", "CI_JOB_URL=https://h/1" }, NULL, NULL,
		    "built-in" },
		{ { "CI=true", "CI_JOB_URL=https://h/1" }, NULL, "https://h/1",
		    "CI" },
		{ { "CI=1", "GITHUB_SERVER_URL=https://g",
		    "GITHUB_REPOSITORY=o/r", "GITHUB_RUN_ID=7" }, NULL,
		    "https://g/o/r/actions/runs/7", "CI" },
		{ { "CI=1", "GITHUB_SERVER_URL=https://g",
		    "GITHUB_REPOSITORY=o/r", "GITHUB_RUN_ID=" }, NULL, NULL,
		    "built-in" },
		{ { "CI=true", "BUILDKITE_BUILD_URL=https://b/o/p/builds/3",
		    "BUILDKITE_JOB_ID=01-ab" }, NULL,
		    "https://b/o/p/builds/3#01-ab", "CI" },
		{ { "CI=true", "CIRCLE_BUILD_URL=https://c/9" }, NULL,
		    "https://c/9", "CI" },
		{ { "CI=true", "BITBUCKET_REPO_FULL_NAME=w/r",
		    "BITBUCKET_BUILD_NUMBER=4" }, NULL,
		    "https://bitbucket.org/w/r/pipelines/results/4", "CI" },
		{ { "CI=true", "BUILD_URL=https://j/job/x/1/" }, NULL,
		    "https://j/job/x/1/", "CI" },
		{ { "CI=true", "CI_JOB_URL=https://h/1",
		    "TEAMCACHE_REFRESHED_BY=me" }, NULL, "me",
		    "TEAMCACHE_REFRESHED_BY" },
		{ { "CI=true", "CI_JOB_URL=https://h/1" },
		    "[default]\nrefreshed_by = us\n", "us", "line 2" },
		{ { "CI=true", "CI_JOB_URL=https://h/1" },
		    "[default]\nrefreshed_by =\n", NULL, "line 2" },
		{ { "CI=true", "CI_JOB_URL=a\nb" }, NULL, NULL, "built-in" },
		{ { "CI=true", too_long }, NULL, NULL, "built-in" },
	};
	size_t i, k;

	snprintf(too_long, sizeof too_long, long_url, 0);
	for (i = 0; i < COUNT(rows); i++) {
		const char *variables[8] = { home };
		struct env env = { variables };
		struct config_request request = { .env = &env };
		struct err err = { 0 };
		struct config *c;

		for (k = 0; rows[i].variables[k] != NULL; k++)
			variables[k + 1] = rows[i].variables[k];
		unlink(file);
		if (rows[i].text != NULL)
			write_file(file, rows[i].text, 0600);
		c = config_load(&request, &err);
		if (!ok(c != NULL, "row %zu: %s", i, err.message))
			continue;
		is_str(config_text(c, CONFIG_REFRESHED_BY), rows[i].want,
		    "row %zu: who", i);
		has_str(config_origin(c, CONFIG_REFRESHED_BY), rows[i].origin,
		    "row %zu: from where", i);
		config_free(c);
	}
}

int
main(void)
{
	prepare();
	test_job();
	clean();
	return done_testing();
}
