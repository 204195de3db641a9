#include "cache/job.h"

#include <stddef.h>
#include <stdio.h>

static const char *const urls[] = {
	"$GITHUB_SERVER_URL/$GITHUB_REPOSITORY/actions/runs/$GITHUB_RUN_ID",
	"$CI_JOB_URL",
	"$BUILDKITE_BUILD_URL#$BUILDKITE_JOB_ID",
	"$CIRCLE_BUILD_URL",
	("https://bitbucket.org/$BITBUCKET_REPO_FULL_NAME/pipelines/results/"
	    "$BITBUCKET_BUILD_NUMBER"),
	"$BUILD_URL",
};

static bool
in_name(char c)
{
	return (c >= 'A' && c <= 'Z') || c == '_';
}

/* All of its variables have a value? Where out is not NULL they go there. */
static bool
expand(const struct env *env, const char *url, struct buf *out)
{
	const char *p = url, *value;
	char name[40];
	int n;

	while (*p != '\0') {
		if (*p != '$') {
			if (out != NULL)
				buf_add_char(out, *p);
			p++;
			continue;
		}
		for (n = 0, p++; in_name(p[n]); n++)
			continue;
		snprintf(name, sizeof name, "%.*s", n, p);
		p += n;
		if ((value = env_value(env, name)) == NULL)
			return false;
		if (out != NULL)
			buf_add_string(out, value);
	}
	return true;
}

bool
job_url(const struct env *env, struct buf *out)
{
	size_t i;

	if (env_value(env, "CI") == NULL)
		return false;
	for (i = 0; i < sizeof urls / sizeof urls[0]; i++)
		if (expand(env, urls[i], NULL))
			return expand(env, urls[i], out);
	return false;
}
